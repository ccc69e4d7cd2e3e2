"""Names of what entries are about: those of one page are asked for together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.api.types import MAX_NUMBER
from core.db import batched, db
from core.i18n import named, span
from core.models import AuditEntry
from desk.audit_log import words
from documents.models import Document
from incidents.record.models import Intake
from notify.gateways.models import Gateway
from people import queries as people
from people.models import ApiKey, Person, Unit, User
from roster.campaigns.models import Campaign
from roster.crews.models import Crew
from roster.models import Seat, Shift

Names = dict[tuple[str, str], str]
_BY_ID: dict[str, tuple[Any, Any]] = {
    "api_key": (ApiKey.id, ApiKey.name),
    "campaign": (Campaign.id, Campaign.name),
    "crew": (Crew.id, Crew.name),
    "document": (Document.id, Document.code),
    "gateway": (Gateway.id, Gateway.name),
    "intake": (Intake.id, Intake.name),
    "person": (Person.id, Person.full_name),
    "unit": (Unit.id, Unit.name),
    "user": (User.id, User.name),
}
_POINTS_TO = {
    "approver": "person",
    "attested_by": "person",
    "comes": "person",
    "leaves": "person",
    "other": "person",
    "person": "person",
    "unit": "unit",
    "unit_id": "unit",
    "campaign": "campaign",
    "seat": "seat",
    "shift": "shift",
}
"""Facts that are ids of other things."""


@dataclass(frozen=True)
class Line:
    """One entry as people read it."""

    entry: AuditEntry
    who: str
    way: str
    said: str
    thing: str
    name: str
    facts: str


def lines(entries: Sequence[AuditEntry]) -> list[Line]:
    """Each in words; a dozen statements however many there are."""
    known = names(entries)
    actors = people.actor_names({each.actor for each in entries})
    return [
        Line(
            each,
            actors[each.actor],
            words.way(each.via),
            words.sentence(each.action),
            words.thing(each.thing),
            known.get((each.thing, each.thing_id), each.thing_id),
            words.facts(each.detail, known),
        )
        for each in entries
    ]


def names(entries: Sequence[AuditEntry]) -> Names:
    """(thing or fact, its id) → its name, of what is still there."""
    wanted: dict[str, set[int]] = {}
    for each in entries:
        _want(wanted, each.thing, each.thing_id)
        for key, value in each.detail.items():
            if key in _POINTS_TO and isinstance(value, int):
                _want(wanted, _POINTS_TO[key], value)
    found: Names = {}
    for thing, ids in wanted.items():
        for some in batched(sorted(ids)):
            seen = _LOOKS[thing](some) if thing in _LOOKS else _by_id(thing, some)
            found |= {(thing, str(number)): name for number, name in seen.items()}
    pointing = {(key, number): name for (thing, number), name in found.items() for key in _pointing_to(thing)}
    return pointing | found


def _pointing_to(thing: str) -> list[str]:
    return [key for key, points in _POINTS_TO.items() if points == thing]


def _want(wanted: dict[str, set[int]], thing: str, number: Any) -> None:
    written = str(number)
    if (thing in _BY_ID or thing in _LOOKS) and written.isdecimal() and int(written) <= MAX_NUMBER:
        wanted.setdefault(thing, set()).add(int(written))


def _by_id(thing: str, ids: Collection[int]) -> Mapping[int, str]:
    key, name = _BY_ID[thing]
    return dict(db.session.execute(select(key, name).where(key.in_(ids))).tuples().all())


def _shifts(ids: Collection[int]) -> Mapping[int, str]:
    return _seated(select(Shift.id, Shift), Shift.id, ids)


def _seats(ids: Collection[int]) -> Mapping[int, str]:
    return _seated(select(Seat.id, Shift).join(Shift, Shift.id == Seat.shift_id), Seat.id, ids)


def _seated(wanted: Select[tuple[int, Shift]], key: Any, ids: Collection[int]) -> Mapping[int, str]:
    kinds = {kind.code: named(kind) for kind in people.duty_kinds()}
    rows = db.session.execute(wanted.options(joinedload(Shift.unit)).where(key.in_(ids))).tuples()
    return {
        number: f"{kinds.get(shift.duty, shift.duty)} · {shift.unit.name} · {span(shift.starts_at, shift.ends_at)}"
        for number, shift in rows
    }


_LOOKS: dict[str, Callable[[Collection[int]], Mapping[int, str]]] = {"shift": _shifts, "seat": _seats}
