"""Names of what entries are about: those of one page are asked for together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.api.types import MAX_NUMBER
from core.db import batched, db
from core.i18n import named, span
from core.models import AuditEntry
from desk.audit_log import values, words
from desk.audit_log.words import AuditFact
from documents.models import Document
from incidents.catalogue.models import IncidentCategory
from incidents.intake.models import Intake
from notify.gateways.models import Gateway
from people import queries as people
from people.models import ApiKey, Person, Unit, User
from roster.campaigns.models import Campaign
from roster.crews.models import Crew
from roster.models import Seat, Shift
from roster.words.names import machine_word

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


@dataclass(frozen=True)
class AuditEntryLine:
    """One entry as people read it."""

    entry: AuditEntry
    who: str
    """As files and calls have it."""
    way: str
    said: str
    thing: str
    name: str
    facts: str
    """As files have them: codes as they are kept."""
    shown: tuple[AuditFact, ...]
    """As the page has them."""

    @property
    def machine(self) -> str:
        """Return what the page says of a command or the worker; "" of everybody else."""
        return machine_word(self.entry.actor)


def lines(entries: Sequence[AuditEntry]) -> list[AuditEntryLine]:
    """Each in words; a dozen statements however many there are."""
    known = names(entries)
    actors = people.actor_names({each.actor for each in entries})
    return [
        AuditEntryLine(
            each,
            actors[each.actor],
            words.way(each.via),
            words.sentence(each.action),
            words.thing(each.thing),
            known.get((each.thing, each.thing_id)) or values.moment(each.thing_id) or each.thing_id,
            words.facts(each.action, each.detail, known),
            words.shown(each.action, each.detail, known),
        )
        for each in entries
    ]


def names(entries: Sequence[AuditEntry]) -> Names:
    """(thing, its id), (thing + " code", its code), ("actor", reference) → its name, of what is still there."""
    wanted = _Wanted()
    for each in entries:
        wanted.thing(each.thing, each.thing_id)
        wanted.facts(each.action, each.detail)
    found: Names = {}
    for thing, ids in wanted.ids.items():
        for some in batched(sorted(ids)):
            seen = _LOOKS[thing](some) if thing in _LOOKS else _by_id(thing, some)
            found |= {(thing, str(number)): name for number, name in seen.items()}
    for thing, codes in wanted.codes.items():
        for written in batched(sorted(codes)):
            found |= {(f"{thing} code", code): name for code, name in _CODES[thing](written).items()}
    return found | {("actor", ref): name for ref, name in people.actor_names(wanted.actors).items()}


@dataclass
class _Wanted:
    """What the facts of some entries name."""

    ids: dict[str, set[int]] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    actors: set[str] = field(default_factory=set)

    def thing(self, thing: str, number: Any) -> None:
        written = str(number)
        if (thing in _BY_ID or thing in _LOOKS) and written.isdecimal() and int(written) <= MAX_NUMBER:
            self.ids.setdefault(thing, set()).add(int(written))

    def facts(self, action: str, detail: Mapping[str, Any]) -> None:
        for key, kept in detail.items():
            if values.is_actor(action, key) and isinstance(kept, str) and values.ACTOR.fullmatch(kept):
                self.actors.add(kept)
            for each in kept[: values.SHOWN] if isinstance(kept, list) else [kept]:
                self._fact(action, key, each, is_one=not isinstance(kept, list))

    def _fact(self, action: str, key: str, kept: Any, *, is_one: bool) -> None:
        if isinstance(kept, dict):
            self.facts(action, kept)
        elif key == "changes" and isinstance(kept, list):
            self._code("duty", str(kept[0]))
        elif isinstance(kept, str) and ":" in kept and key == "about":
            self.thing(*kept.split(":", 1))
        elif isinstance(kept, str) and key == "why" and kept.startswith("duty."):
            self._code("duty", kept.removeprefix("duty."))
        elif thing := values.POINTS_TO.get(key) or ("" if is_one else values.LISTS.get(key, "")):
            if isinstance(kept, str):
                self._code(thing, kept)
            else:
                self.thing(thing, kept)

    def _code(self, thing: str, code: str) -> None:
        if thing in _CODES:
            self.codes.setdefault(thing, set()).add(code)


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


def _coded(key: Any, name: Any) -> Callable[[Collection[str]], Mapping[str, str]]:
    return lambda codes: dict(db.session.execute(select(key, name).where(key.in_(codes))).tuples().all())


def _duties(codes: Collection[str]) -> Mapping[str, str]:
    return {kind.code: named(kind) for kind in people.duty_kinds() if kind.code in codes}


def _categories(codes: Collection[str]) -> Mapping[str, str]:
    rows = db.session.scalars(select(IncidentCategory).where(IncidentCategory.code.in_(codes)))
    return {row.code: named(row) for row in rows}


_CODES: dict[str, Callable[[Collection[str]], Mapping[str, str]]] = {
    "category": _categories,
    "duty": _duties,
    "person": _coded(Person.code, Person.full_name),
    "unit": _coded(Unit.code, Unit.name),
}
"""Things that facts name by code."""
