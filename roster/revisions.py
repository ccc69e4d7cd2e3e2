"""Reading of what was signed: revisions, what changed between two of them, and who would be told of the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core.api_types import parse_moment
from core.db import db
from core.errors import NotFound
from people import queries as people
from people.rungs import Rung
from roster import notices, proving
from roster.models import Campaign, Revision


@dataclass(frozen=True)
class Move:
    """A shift whose people are not the same in two revisions."""

    shift_id: int
    duty: str
    unit_name: str
    template: str
    starts_at: datetime
    ends_at: datetime
    out: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """Somebody whom the next publishing concerns: shifts to come that they get or lose."""

    person: Row[Any]
    """``code``, ``full_name`` …, as ``people.brief`` tells."""
    gets: int
    loses: int
    channel: str
    """By what they will be told; empty: nothing that works here reaches them with something to read."""


def all_of(campaign_id: int) -> Sequence[Revision]:
    """The latest first."""
    wanted = select(Revision).filter_by(campaign_id=campaign_id).order_by(Revision.number.desc())
    return db.session.scalars(wanted).all()


def get(campaign_id: int, number: int) -> Revision:
    found = db.session.scalar(select(Revision).filter_by(campaign_id=campaign_id, number=number))
    if found is None:
        raise NotFound("revision.unknown", number=number)
    return found


def diff(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Move]:
    """Who moved between two contents, in order of time."""
    before = {row["shift"]: row for row in old}
    after = {row["shift"]: row for row in new}
    moves = []
    for shift_id in before.keys() | after.keys():
        was, now_on = _people(before.get(shift_id)), _people(after.get(shift_id))
        out = tuple(name for code, name in was.items() if code not in now_on)
        came = tuple(name for code, name in now_on.items() if code not in was)
        if out or came:
            moves.append(_move(after.get(shift_id) or before[shift_id], out, came))
    return sorted(moves, key=lambda move: (move.starts_at, move.duty, move.shift_id))


def told(campaign: Campaign, *, now: datetime) -> list[Told]:
    """Whom publishing the draft now would concern; duty that is over tells nobody."""
    was = proving.people_on(each for each in proving.of_published(campaign.id) if each.ends_at > now)
    becomes = proving.people_on(each for each in proving.of_draft(campaign.id) if each.ends_at > now)
    gets = Counter(who for shift, on in becomes.items() for who in on - was[shift])
    loses = Counter(who for shift, on in becomes.items() for who in was[shift] - on)
    rows = people.brief({*gets, *loses})
    ordered = sorted(rows.values(), key=lambda row: row.sort_key)
    ways = notices.ways_to(rows)
    return [Told(row, gets.get(row.id, 0), loses.get(row.id, 0), _channel(ways[row.id])) for row in ordered]


def _channel(rung: Rung | None) -> str:
    return rung.channel if rung is not None else ""


def _people(row: Mapping[str, Any] | None) -> dict[str, str]:
    return {each["code"]: each["name"] for each in row["people"]} if row else {}


def _move(row: Mapping[str, Any], out: tuple[str, ...], came: tuple[str, ...]) -> Move:
    return Move(
        row["shift"], row["duty"], row["unit_name"], row["name"], parse_moment(row["starts_at"]),
        parse_moment(row["ends_at"]), out, came,
    )  # fmt: skip
