"""What such a list is made from: units, who serves them in the coming hours, who is rung when nobody answers.

Read in as many statements for a province as for one point, as plain facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import select

from core.db import batched, db
from core.fast_path import shared_cache
from people import queries as people
from people.models import ContactMethod, DutyKind, Person, PersonDuty, Unit
from roster.campaigns.models import Campaign
from roster.coverage import unsure
from roster.models import Duty
from roster.resolver.models import DeskPhone, StandingChain

HOURS = 72
IN_ORDER = ("operations", "emergency", "leadership", "support")
"""In this order they are rung; kinds of the enterprise follow."""
STAMP = "phones.stamp"


def watch() -> None:
    """What is kept of these lists depends on these tables too, beside those of ``shared_cache.GROUND``."""
    watched = (StandingChain, DeskPhone)
    shared_cache.watch(*(model.__tablename__ for model in watched), key=STAMP)


@dataclass(frozen=True)
class UnitLine:
    id: int
    parent_id: int | None
    code: str
    name: str
    phone: str


@dataclass(frozen=True)
class PhoneBookDuty:
    """One published duty of one person over [starts_at, ends_at) (aware UTC). ``unsure``: nobody can be sure of it."""

    unit_id: int
    duty: str
    starts_at: datetime
    ends_at: datetime
    person_id: int
    unsure: bool = False


@dataclass(frozen=True)
class PhoneBook:
    """``units``: what stands above the unit, the root first, then the unit itself (``top``) and all below it as a tree.

    ``people``: person id → (name, phone; empty for whoever may not see it). ``desks``: (unit id, duty) → number.
    ``chains``: unit id → whom its own standing chain names; ``leaders``: who leads it, for units without one.
    ``revision``: number of the newest one of the roster that serves the unit.
    """

    units: tuple[UnitLine, ...]
    top: int
    kinds: tuple[DutyKind, ...]
    turns: tuple[PhoneBookDuty, ...]
    people: dict[int, tuple[str, str]]
    desks: dict[tuple[int, str], str]
    chains: dict[int, tuple[int, ...]]
    leaders: dict[int, tuple[int, ...]]
    revision: int | None

    @cached_property
    def _by_id(self) -> dict[int, UnitLine]:
        return {each.id: each for each in self.units}

    def above(self, unit_id: int) -> list[UnitLine]:
        """The unit, its parent, and so on up."""
        found, here = list[UnitLine](), self._by_id.get(unit_id)
        while here is not None:
            found.append(here)
            here = self._by_id.get(here.parent_id) if here.parent_id is not None else None
        return found

    def narrowed(self, unit_id: int) -> PhoneBook:
        """The same of a unit within it and what is below that."""
        above = self.above(unit_id)[::-1]
        within, below = {unit_id}, list[UnitLine]()
        for each in self.units[self.top :]:
            if each.parent_id in within and each.id != unit_id:
                within.add(each.id)
                below.append(each)
        return replace(self, units=(*above, *below), top=len(above) - 1)

    def chain_of(self, unit_id: int) -> list[int]:
        """Person ids in the order in which they are rung when nobody on duty answers."""
        if self.chains.get(unit_id):
            return list(self.chains[unit_id])
        return list(dict.fromkeys(who for each in self.above(unit_id) for who in self.leaders.get(each.id, ())))


def read_book(unit_id: int, now: datetime, *, with_phones: bool, hours: int = HOURS) -> PhoneBook:
    """Return the book from ``now`` (aware) on for ``hours``. ``with_phones``: also the numbers of people; those of
    desks and offices are everybody's."""
    units, top = _units(unit_id)
    ids = [each.id for each in units]
    turns = _turns(ids, now, hours)
    chains, leaders = _chains(ids), _leaders(ids)
    named = {turn.person_id for turn in turns}
    named |= {who for some in (*chains.values(), *leaders.values()) for who in some}
    order = {code: place for place, code in enumerate(IN_ORDER)}
    kinds = sorted(people.duty_kinds(), key=lambda kind: order.get(kind.code, len(order)))
    return PhoneBook(
        units=units,
        top=top,
        kinds=tuple(kinds),
        turns=turns,
        people=_people(named, with_phones=with_phones),
        desks=_desks(ids),
        chains=chains,
        leaders=leaders,
        revision=_revision(ids[: top + 1], now),
    )


def _units(unit_id: int) -> tuple[tuple[UnitLine, ...], int]:
    above = people.ancestor_ids(unit_id)[1:][::-1]
    below = set(people.subtree_ids(unit_id))
    rows = {each.id: each for each in people.units([*above, *below])}
    in_tree: defaultdict[int | None, list[Unit]] = defaultdict(list)
    for each in sorted(rows.values(), key=lambda row: row.code):
        in_tree[each.parent_id].append(each)
    found = [rows[each] for each in above]
    waiting = [rows[unit_id]]
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting.extend(reversed([each for each in in_tree[here.id] if each.id in below]))
    return tuple(UnitLine(each.id, each.parent_id, each.code, each.name, each.phone) for each in found), len(above)


def _turns(unit_ids: Collection[int], now: datetime, hours: int) -> tuple[PhoneBookDuty, ...]:
    until = now + timedelta(hours=hours)
    doubted = {each.seat_id for each in unsure.coming(unit_ids, now=now, days=-(-hours // 24))}
    wanted = (
        select(Duty.unit_id, Duty.duty, Duty.starts_at, Duty.ends_at, Duty.person_id, Duty.seat_id)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.cancelled_at.is_(None), Duty.ends_at > now, Duty.starts_at < until, Person.active)
    )
    rows = [
        row for some in batched(sorted(unit_ids)) for row in db.session.execute(wanted.where(Duty.unit_id.in_(some)))
    ]
    turns = (
        PhoneBookDuty(unit, duty, begins, ends, who, seat in doubted) for unit, duty, begins, ends, who, seat in rows
    )
    return tuple(sorted(turns, key=lambda each: (each.starts_at, each.unit_id, each.duty, each.person_id)))


def _chains(unit_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    wanted = (
        select(StandingChain.unit_id, StandingChain.person_id)
        .join(Person, Person.id == StandingChain.person_id)
        .where(Person.active)
        .order_by(StandingChain.position)
    )
    return _by_unit(
        row
        for some in batched(sorted(unit_ids))
        for row in db.session.execute(wanted.where(StandingChain.unit_id.in_(some))).tuples()
    )


def _leaders(unit_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    wanted = (
        select(Person.unit_id, Person.id)
        .join(PersonDuty, PersonDuty.person_id == Person.id)
        .where(Person.active, PersonDuty.duty == "leadership")
        .order_by(Person.code)
    )
    return _by_unit(
        row
        for some in batched(sorted(unit_ids))
        for row in db.session.execute(wanted.where(Person.unit_id.in_(some))).tuples()
    )


def _by_unit(rows: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for unit_id, person_id in rows:
        found[unit_id].append(person_id)
    return {unit_id: tuple(some) for unit_id, some in found.items()}


def _people(person_ids: Collection[int], *, with_phones: bool) -> dict[int, tuple[str, str]]:
    first: dict[int, str] = {}
    names: dict[int, str] = {}
    for some in batched(sorted(person_ids)):
        names |= dict(db.session.execute(select(Person.id, Person.full_name).where(Person.id.in_(some))).tuples().all())
        if with_phones:
            rows = select(ContactMethod.person_id, ContactMethod.address).where(
                ContactMethod.person_id.in_(some), ContactMethod.channel == "phone"
            )
            for person_id, phone in db.session.execute(
                rows.order_by(ContactMethod.position, ContactMethod.id)
            ).tuples():
                first.setdefault(person_id, phone)
    return {person_id: (name, first.get(person_id, "")) for person_id, name in names.items()}


def _desks(unit_ids: Collection[int]) -> dict[tuple[int, str], str]:
    wanted = select(DeskPhone.unit_id, DeskPhone.duty, DeskPhone.phone)
    rows = (
        row
        for some in batched(sorted(unit_ids))
        for row in db.session.execute(wanted.where(DeskPhone.unit_id.in_(some)))
    )
    return {(unit_id, duty): phone for unit_id, duty, phone in rows if phone}


def _revision(unit_ids: Collection[int], now: datetime) -> int | None:
    """Return the revision of the roster by which the unit, or what stands above it, is served now or next.

    None: nobody serves there now or later.
    """
    return db.session.scalar(
        select(Campaign.revision)
        .join(Duty, Duty.campaign_id == Campaign.id)
        .where(Duty.unit_id.in_(unit_ids), Duty.cancelled_at.is_(None), Duty.ends_at > now)
        .order_by(Duty.starts_at, Campaign.id.desc())
        .limit(1)
    )
