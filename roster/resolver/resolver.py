"""THE resolver: who is on duty, for pages, feeds, API, messages and escalation alike.

It reads published duties (or, in a rehearsal, that campaign's roster shifted to now), never answers "nobody",
and says by which rule it answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, case, select
from sqlalchemy.orm import selectinload

from core.db import db
from core.errors import Unavailable
from core.fast_path import shared_cache
from people import queries as people, reference
from people.models import Person, PersonDuty, User
from roster.models import DraftAssignment, Duty, Rehearsal, Seat, Shift
from roster.resolver import absent, numbers, published_duties
from roster.resolver.models import StandingChain
from roster.resolver.resolution import Chains, DutyPerson, DutySpan, OnDuty, resolve, shifted

CatchAllSource = Callable[[int], Sequence[int]]


@dataclass
class _ResolvedOnce:
    """What was found inside ``asking_once``; who stands behind a unit's roster does not hang on the moment."""

    answers: dict[tuple[int, str, datetime, int | None], OnDuty] = field(default_factory=dict)
    chains: dict[int, Chains] = field(default_factory=dict)


_asked: ContextVar[_ResolvedOnce | None] = ContextVar("asked", default=None)


class _Hooks:
    catch_all: CatchAllSource | None = None


def set_catch_all_source(source: CatchAllSource) -> None:
    """``source(unit_id)`` names the person ids of the last resort; the incidents package knows them (policies)."""
    _Hooks.catch_all = staticmethod(source)


@contextmanager
def asking_once() -> Iterator[None]:
    """Look each answer up once inside the block, for a page that asks the same of many incidents.

    Never around code that writes: an answer would outlive the change.
    """
    token = _asked.set(_asked.get() or _ResolvedOnce())
    try:
        with shared_cache.within_a_block():
            yield
    finally:
        _asked.reset(token)


def who_is_on(unit_id: int, duty: str, at: datetime, *, rehearsal: Rehearsal | None = None) -> OnDuty:
    """Who serves ``duty`` for ``unit_id`` at ``at`` (aware). Raises ``Unavailable`` only in an empty enterprise."""
    asked = _asked.get()
    if asked is None:
        return _look_up(unit_id, duty, at, rehearsal)
    key = unit_id, duty, at, rehearsal.id if rehearsal else None
    if key not in asked.answers:
        asked.answers[key] = _look_up(unit_id, duty, at, rehearsal)
    return asked.answers[key]


def ask_together(wanted: Collection[tuple[int, str]], at: datetime, *, with_chains: bool = False) -> datetime | None:
    """Inside ``asking_once``: look up who serves the (unit id, duty) pairs in a few statements for all.

    Where nobody is rostered the standing chains answer; those are looked up when they are asked for (``with_chains``:
    at once for all). Answers the first moment after ``at`` at which one of the shifts that were found begins or ends.
    """
    asked = _asked.get()
    if asked is None:
        return None
    above = reference.ancestors_of(frozenset(unit_id for unit_id, _duty in wanted))
    units = tuple(sorted({each for unit_ids in above.values() for each in unit_ids}))
    spans = published_duties.around(units, sorted({duty for _unit_id, duty in wanted}), at)
    near: defaultdict[tuple[int, str], list[DutySpan]] = defaultdict(list)
    for duty, found in spans.items():
        for span in found:
            near[span.unit_id, duty].append(span)
    theirs = {pair: [span for each in above[pair[0]] for span in near[each, pair[1]]] for pair in sorted(wanted)}
    found_together: dict[tuple[int, str], OnDuty] = {}
    for (unit_id, duty), known in theirs.items():
        answer = resolve(duty, above[unit_id], known, Chains(), at=at)
        if answer is not None:
            found_together[unit_id, duty] = answer
    vacant = [pair for pair in theirs if pair not in found_together] if with_chains else []
    chains = _chains({unit_id for unit_id, _duty in vacant})
    for unit_id, duty in vacant:
        answer = resolve(duty, above[unit_id], theirs[unit_id, duty], chains[unit_id], at=at)
        if answer is not None:
            found_together[unit_id, duty] = answer
    answers = absent.marked(_with_numbers(found_together), at)
    asked.answers.update({(*key, at, None): answer for key, answer in zip(found_together, answers, strict=True)})
    edges = [edge for found in spans.values() for span in found for edge in (span.starts_at, span.ends_at)]
    return min((edge for edge in edges if edge > at), default=None)


def _with_numbers(answers: Mapping[tuple[int, str], OnDuty]) -> list[OnDuty]:
    """Return the answers with the number for each (unit id, duty) that was asked about: it is that unit's, whichever
    unit's duty answers."""
    found = numbers.to_ring_each(answers)
    return [
        replace(answer, desk_phone=found[asked].phone, is_desk=found[asked].is_desk)
        for asked, answer in answers.items()
    ]


def _look_up(unit_id: int, duty: str, at: datetime, rehearsal: Rehearsal | None) -> OnDuty:
    units = reference.ancestors_of(frozenset([unit_id]))[unit_id]
    spans = _rehearsed(rehearsal, duty) if rehearsal else published_duties.around(units, [duty], at)[duty]
    answer = resolve(duty, units, spans, Chains(), at=at)
    if answer is None:
        answer = resolve(duty, units, spans, _chains({unit_id})[unit_id], at=at)
    if answer is None:
        raise Unavailable("nobody_reachable")
    answer = _with_numbers({(unit_id, duty): answer})[0]
    return answer if rehearsal else absent.marked([answer], at)[0]


def _chains(unit_ids: set[int]) -> dict[int, Chains]:
    asked = _asked.get()
    known = asked.chains if asked is not None else {}
    if unit_ids - known.keys():
        known |= chains_of(unit_ids - known.keys())
    return known


def standing_chain(unit_id: int) -> list[DutyPerson]:
    """The unit's own chain, or the default: active leadership people of the unit, then of its ancestors, by code."""
    return standing_chains([unit_id])[unit_id]


def standing_chains(unit_ids: Collection[int]) -> dict[int, list[DutyPerson]]:
    """The standing chain of each of these units, in as many questions as for one."""
    own = defaultdict[int, list[DutyPerson]](list)
    named = select(StandingChain.unit_id, Person).join(Person, StandingChain.person_id == Person.id)
    rows = named.where(StandingChain.unit_id.in_(unit_ids), Person.active).order_by(StandingChain.position)
    for unit_id, person in db.session.execute(rows.options(selectinload(Person.contacts))).tuples():
        own[unit_id].append(_as_duty_person(person))
    above = people.ancestors_of([each for each in unit_ids if each not in own])
    leaders = _leaders({each for chain in above.values() for each in chain})
    default = {unit_id: [who for each in chain for who in leaders[each]] for unit_id, chain in above.items()}
    return default | own


def chains_of(unit_ids: Collection[int]) -> dict[int, Chains]:
    """Who stands behind the roster of each of these units."""
    standing_of = standing_chains(unit_ids)
    return {each: Chains(standing_of[each], () if standing_of[each] else _catch_all(each)) for each in unit_ids}


def on_duty_roles(person_id: int, at: datetime) -> list[tuple[str, int]]:
    """The (duty, unit id) pairs that a person serves at ``at`` by a published roster; rights follow these."""
    rows = db.session.execute(
        select(Duty.duty, Duty.unit_id).where(
            Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.starts_at <= at, Duty.ends_at > at
        )
    )
    return [(row.duty, row.unit_id) for row in rows]


def ended_roles(person_id: int, *, since: datetime, now: datetime) -> list[tuple[str, int, datetime]]:
    """(duty, unit id, when) of what a person served and serves no more: over, or given to somebody else."""
    end = case((Duty.cancelled_at.is_not(None), Duty.cancelled_at), else_=Duty.ends_at)
    rows = db.session.execute(
        select(Duty.duty, Duty.unit_id, Duty.ends_at, Duty.cancelled_at)
        .where(Duty.person_id == person_id, Duty.starts_at < now, end > since, end <= now)
        .order_by(end.desc())
    )
    return [(row.duty, row.unit_id, row.cancelled_at or row.ends_at) for row in rows]


def _rehearsed(rehearsal: Rehearsal, duty: str) -> list[DutySpan]:
    """That campaign's duties moved to real time: roster time = real time + offset."""
    by = timedelta(seconds=-rehearsal.offset_seconds)
    if rehearsal.source == "draft":
        statement = (
            select(Shift, Person, Seat.id)
            .join(Seat, Seat.shift_id == Shift.id)
            .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
            .join(Person, Person.id == DraftAssignment.person_id)
        )
    else:
        statement = (
            select(Shift, Person, Duty.seat_id)
            .join(Duty, Duty.shift_id == Shift.id)
            .join(Person, Person.id == Duty.person_id)
            .where(Duty.cancelled_at.is_(None))
        )
    rows = db.session.execute(
        statement.options(selectinload(Person.contacts)).where(
            Shift.campaign_id == rehearsal.campaign_id, Shift.duty == duty, Person.active
        )
    )
    return [
        shifted(_span(shift.unit_id, shift.starts_at, shift.ends_at, seat_id, person=person), by)
        for shift, person, seat_id in rows
    ]


def _leaders(unit_ids: Collection[int]) -> defaultdict[int, list[DutyPerson]]:
    """The active leadership people of each unit, by code."""
    found = defaultdict[int, list[DutyPerson]](list)
    wanted = _loaded(select(Person)).join(PersonDuty, PersonDuty.person_id == Person.id)
    who = wanted.where(Person.unit_id.in_(unit_ids), Person.active, PersonDuty.duty == "leadership")
    for person in db.session.scalars(who.order_by(Person.code)):
        found[person.unit_id].append(_as_duty_person(person))
    return found


def _catch_all(unit_id: int) -> list[DutyPerson]:
    named = list(_Hooks.catch_all(unit_id)) if _Hooks.catch_all else []
    found = people.people_by_ids(named)
    chosen = [found[each] for each in named if each in found and found[each].active]
    return [_as_duty_person(person) for person in chosen or _admins() or _anybody()]


def _admins() -> Sequence[Person]:
    return db.session.scalars(
        _loaded(select(Person))
        .join(User, User.person_id == Person.id)
        .where(User.role == "admin", User.active, Person.active)
        .order_by(Person.code)
    ).all()


def _anybody() -> Sequence[Person]:
    # An enterprise without a leader or an administrator still has people: calling one beats calling nobody.
    return db.session.scalars(_loaded(select(Person)).where(Person.active).order_by(Person.code).limit(5)).all()


def _loaded(statement: Select[tuple[Person]]) -> Select[tuple[Person]]:
    return statement.options(selectinload(Person.contacts))


def _span(unit_id: int, starts_at: datetime, ends_at: datetime, seat_id: int, *, person: Person) -> DutySpan:
    return DutySpan(unit_id, starts_at, ends_at, _as_duty_person(person, starts_at, ends_at, seat_id))


def _as_duty_person(
    person: Person, starts_at: datetime | None = None, until: datetime | None = None, seat_id: int | None = None
) -> DutyPerson:
    return DutyPerson(
        person_id=person.id,
        code=person.code,
        name=person.full_name,
        position=person.position,
        phone=person.phone,
        email=person.email,
        starts_at=starts_at,
        until=until,
        seat_id=seat_id,
    )
