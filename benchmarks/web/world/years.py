"""The same province in its fifth year: what has passed is copied, each copy further back.

The kept world is one SQLite file, so it is copied by its own statements: half a million rows in seconds. Nothing that
is still to come, waits or is due is copied, so that what a page shows of today is the same in both worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.storage import sqlite

CAMPAIGNS, INCIDENTS = 15, 98_000
"""How many more than in the first year: three campaigns a year, and what a province writes down in that time."""
ROOM = 1_000_000
"""Between the ids of one copy and of the next. Addresses know no id below zero, so what is older has the higher one:
who asks for the newest by id alone is answered otherwise than in a province that has grown."""
ROSTERS = {
    "campaigns": {"id"},
    "revisions": {"id", "campaign_id"},
    "shifts": {"id", "campaign_id"},
    "seats": {"id", "shift_id"},
    "draft_assignments": {"seat_id"},
    "duties": {"id", "seat_id", "shift_id", "campaign_id"},
    "confirmations": {"duty_id"},
}
"""Tables of a roster, and those of their columns that name a row which is copied too."""
RECORDS = {
    "incidents": {"id"},
    "timeline_entries": {"id", "incident_id"},
    "escalations": {"incident_id"},
    "pages": {"id", "incident_id"},
}
"""The same of incidents. What was sent is not copied: the outbox forgets it."""
MADE_UP = {
    ("campaigns", "name"): "name || ' −' || {n}",
    ("campaigns", "tet_year"): "tet_year - ({n} + 2) / 3",
    ("incidents", "code"): "substr(code, 1, 8) || ({n} * 100000 + substr(code, 9))",
    ("pages", "message_id"): "NULL",
    ("pages", "link_digest"): "link_digest || '.' || {n}",
}
"""What must differ from copy to copy, in SQL; ``{n}``: the number of the copy."""


@dataclass(frozen=True)
class Copy:
    """Which copy it is, and how many days it is moved back."""

    number: int
    days: int


def add(file: Path) -> None:
    """Add the years to the world in ``file``. Nobody may have it open."""
    connection = sqlite.module("auto").connect(file)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    with connection:
        for name, _sql in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        _add_campaigns(connection)
        _add_incidents(connection)
        for _name, sql in triggers:
            connection.execute(sql)
    connection.execute("ANALYZE")
    connection.close()


def _add_campaigns(connection: Any) -> None:
    (campaign,) = connection.execute("SELECT id FROM campaigns ORDER BY revision DESC, id").fetchone()
    for number in range(1, CAMPAIGNS + 1):
        _copy(connection, ROSTERS, _roster_rows(campaign), Copy(number, days=120 * number))


def _add_incidents(connection: Any) -> None:
    over = "SELECT id FROM incidents WHERE status = 'closed' AND rehearsal_id IS NULL ORDER BY id"
    closed = [row[0] for row in connection.execute(over)]
    times = -(-INCIDENTS // len(closed))
    for number in range(1, times + 1):
        some = closed[: INCIDENTS - (number - 1) * len(closed)]
        _copy(connection, RECORDS, _incident_rows(some), Copy(number, days=5 * 365 * number // times))


def _roster_rows(campaign: int) -> Callable[[str], str]:
    shifts = f"SELECT id FROM shifts WHERE campaign_id = {campaign}"  # noqa: S608
    seats = f"SELECT id FROM seats WHERE shift_id IN ({shifts})"  # noqa: S608
    where = {
        "campaigns": f"id = {campaign}",
        "seats": f"shift_id IN ({shifts})",
        "draft_assignments": f"seat_id IN ({seats})",
        "confirmations": f"duty_id IN (SELECT id FROM duties WHERE campaign_id = {campaign})",  # noqa: S608
    }
    return lambda table: where.get(table, f"campaign_id = {campaign}")


def _incident_rows(ids: list[int]) -> Callable[[str], str]:
    named = ", ".join(map(str, ids))
    return lambda table: f"{'id' if table == 'incidents' else 'incident_id'} IN ({named})"


def _copy(connection: Any, tables: dict[str, set[str]], rows: Callable[[str], str], copy: Copy) -> None:
    """One copy of those rows of ``tables``."""
    for table, ids in tables.items():
        columns = [(name, kind) for _cid, name, kind, *_rest in connection.execute(f"PRAGMA table_info({table})")]
        values = [_value((table, name), kind, copy, is_id=name in ids) for name, kind in columns]
        names = ", ".join(f'"{name}"' for name, _kind in columns)
        wanted = f"SELECT {', '.join(values)} FROM {table} WHERE {rows(table)}"  # noqa: S608
        connection.execute(f"INSERT INTO {table} ({names}) {wanted}")


def _value(column: tuple[str, str], kind: str, copy: Copy, *, is_id: bool) -> str:
    name = column[1]
    if column in MADE_UP:
        return MADE_UP[column].format(n=copy.number)
    if is_id:
        return f'"{name}" + {copy.number * ROOM}'
    if kind in ("DATE", "DATETIME"):
        written = "%Y-%m-%d" if kind == "DATE" else "%Y-%m-%d %H:%M:%f000"
        return f"strftime('{written}', \"{name}\", '-{copy.days} days')"
    return f'"{name}"'
