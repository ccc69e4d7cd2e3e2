"""Incidents that are over: a few from their report to their end by the services, the rest copied from them in bulk.

What is copied are all rows of an incident that was logged, called about, taken, resolved and closed, moved in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, inspect, select

from core import clock
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from core.models import Setting
from incidents.creation.drafting import IncidentReport
from incidents.creation.services import log_all
from incidents.escalation import engine
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from incidents.response import lifecycle
from notify.models import Message
from roster.sources.models import Demand

KINDS = (
    ("power", "Mất điện tại bưu cục", 2),
    ("vehicle", "Xe đường thư hỏng", 2),
    ("overload", "Ùn ứ hàng", 3),
    ("connectivity", "Mất đường truyền", 3),
    ("item_late", "Bưu gửi chậm", 4),
    ("complaint", "Khách phàn nàn", 4),
)
Row = dict[str, Any]


def write(count: int, *, since: datetime, until: datetime, actor: Actor) -> None:
    """``count`` closed incidents, evenly between the two moments: one by the services for each unit with demand."""
    with clock.travel(since):
        first = _lived_through(since, actor)
    _copy(first, count - len(first), since=since, until=until)


def _lived_through(at: datetime, actor: Actor) -> list[int]:
    units = db.session.scalars(select(Demand.unit_id).distinct().order_by(Demand.unit_id)).all()
    reports = []
    for number, unit_id in enumerate(units):
        category, title, severity = KINDS[number % len(KINDS)]
        reports.append(
            IncidentReport(
                title=f"{title} ({number})", category=category, severity=severity, unit_id=unit_id, actor=SYSTEM
            )
        )
    with transaction() as session:
        made = [incident.id for incident, *_rest in log_all(session, reports, now=at)]
    while engine.escalate_due(at):
        pass
    for incident_id in made:
        called = db.session.scalars(select(Page.person_id).filter_by(incident_id=incident_id).order_by(Page.id)).first()
        lifecycle.acknowledge(incident_id, person_id=called, actor=actor, now=at + timedelta(minutes=4))
        lifecycle.resolve(incident_id, note="Đã xử lý", actor=actor, now=at + timedelta(minutes=50))
        lifecycle.close(incident_id, actor=actor, now=at + timedelta(minutes=55))
    return made


def _copy(first: Sequence[int], count: int, *, since: datetime, until: datetime) -> None:
    """``count`` more, each like one of ``first`` but later; numbers go on where they stood."""
    step = (until - since) / count
    copies = [(first[number % len(first)], step * (number + 1)) for number in range(count)]
    year = clock.local_date(since).year
    with transaction() as session:
        last = session.get_one(Setting, f"incident.number.{year}")
        given = int(last.value)
        last.value = given + count
        ids = _write(
            Incident,
            copies,
            lambda place, _old: {"code": f"SC-{year}-{given + place + 1:04d}"},
        )
        letters = _letters(copies, ids)
        for model in (TimelineEntry, Escalation, Page):
            _write_below(model, copies, ids, letters)


def _letters(copies: Sequence[tuple[int, timedelta]], ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """(place of the copy, message of the original) → its copy."""
    found = _by_incident(select(Page.incident_id, Message).join(Message, Message.id == Page.message_id), Message)
    rows, keys = list[Row](), list[tuple[int, int]]()
    for place, (original, later) in enumerate(copies):
        for old in found.get(original, ()):
            new = _moved(old, later) | {
                "topic": f"incident/{ids[place]}",
                "idempotency_key": f"{old['idempotency_key']}/{ids[place]}",
                "message_id": f"{ids[place]}.{old['message_id']}",
            }
            rows.append(new)
            keys.append((place, old["id"]))
    return dict(zip(keys, _inserted(Message, rows), strict=True))


def _write_below(
    model: type[Any],
    copies: Sequence[tuple[int, timedelta]],
    ids: Sequence[int],
    letters: Mapping[tuple[int, int], int],
) -> None:
    found = _by_incident(select(model.incident_id, model).order_by(*inspect(model).primary_key), model)
    rows = list[Row]()
    for place, (original, later) in enumerate(copies):
        for old in found.get(original, ()):
            new = _moved(old, later) | {"incident_id": ids[place]}
            if model is Page:
                new |= {
                    "message_id": letters.get((place, old["message_id"])),
                    "link_digest": f"{old['link_digest']}/{ids[place]}",
                }
            rows.append(new)
    _inserted(model, rows)


def _write(model: type[Any], copies: Sequence[tuple[int, timedelta]], differs: Callable[[int, Row], Row]) -> list[int]:
    originals = {row["id"]: row for row in _rows(select(model).where(model.id.in_({old for old, _ in copies})), model)}
    made = [_moved(originals[old], later) | differs(place, originals[old]) for place, (old, later) in enumerate(copies)]
    return _inserted(model, made)


def _inserted(model: type[Any], rows: Sequence[Row]) -> list[int]:
    """New ids in the order of ``rows``; of a table whose key is given, nothing."""
    if "id" not in rows[0]:
        db.session.execute(insert(model), rows)
        return []
    fresh = [{name: value for name, value in row.items() if name != "id"} for row in rows]
    wanted = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(wanted, fresh))


def _by_incident(wanted: Any, model: type[Any]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for incident_id, row in db.session.execute(wanted):
        found.setdefault(incident_id, []).append(_columns(row, model))
    return found


def _rows(wanted: Any, model: type[Any]) -> list[Row]:
    return [_columns(row, model) for row in db.session.scalars(wanted)]


def _columns(row: Any, model: type[Any]) -> Row:
    table: Table = model.__table__
    return {column.key: getattr(row, column.key) for column in table.columns}


def _moved(row: Row, later: timedelta) -> Row:
    return {name: value + later if isinstance(value, datetime) else value for name, value in row.items()}
