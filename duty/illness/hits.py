"""Which published shifts it hits that somebody is away until a day, and who could take each of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.actor import Actor
from core.db import db
from duty.swaps import finding, queries as swaps, recipients, rights, swap_deadlines, swap_effects
from duty.swaps.chaining import Chain
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import Swap
from duty.swaps.recipients import ChangeRecipient
from duty.swaps.swap_effects import Side
from people import queries as people
from people.absences import queries as absence_queries
from people.access import guard
from people.models import Person
from people.notification_rules import leaving
from people.notification_rules.leaving import LeavingCounts
from planning.explain.eligible import distance
from planning.explain.substitutes import Move, chains as passing_on, takers
from roster.covers import bases, notices as covers
from roster.dividing import parting
from roster.dividing.parting import SplitSpan, left_from
from roster.models import Duty

SHOWN = 6
"""Shifts that one page looks at: somebody away for a year has a hundred of them."""
CANDIDATES = 6
"""People named for one shift, best first."""
FEW = 3
"""With fewer people who could take a shift alone, it is looked who could by giving a shift of theirs to a third."""
CHAINS = 3
UNKNOWN = timedelta(days=2)
"""Where nobody knows how long it takes: three days, and then somebody asks again."""


@dataclass(frozen=True)
class IllnessCover:
    """Somebody who could take the shift without breaking a rule. ``steps``: between the two units in their tree;
    ``hears``: how they would be asked now."""

    person: Person
    steps: int
    side: Side
    hears: ChangeRecipient


@dataclass(frozen=True)
class Passing:
    """Two people who could, where one alone could not: what each carries before and after, and how each would be asked
    now."""

    chain: Chain
    steps: int
    taking: Side
    heir: Side
    hears: tuple[ChangeRecipient, ChangeRecipient]

    @property
    def key(self) -> str:
        """Return the key of this choice in forms."""
        return f"{self.chain.taker.code}>{self.chain.passed.seat_id}>{self.chain.heir.code}"


@dataclass(frozen=True)
class AffectedShift:
    """One shift. ``chosen``: code of who is asked first, or a chain's key, if nobody says otherwise; ``ask``: what is
    asked already."""

    duty: Duty
    candidates: Sequence[IllnessCover]
    chains: Sequence[Passing]
    chosen: str
    may: bool
    ask: SwapLine | None


@dataclass(frozen=True)
class Hits:
    """By time; ``more``: so many beyond those that are looked at; ``told``: who hears besides those who are asked, once
    a shift has changed hands."""

    shifts: Sequence[AffectedShift]
    more: int
    told: Sequence[ChangeRecipient]

    @property
    def by_machine(self) -> LeavingCounts:
        """Whom of those who could be asked words would leave to now; each once."""
        hears = [each.hears for hit in self.to_ask for each in hit.candidates]
        hears += [each for hit in self.to_ask for chain in hit.chains for each in chain.hears]
        return leaving.counted("leaves" if each.rung else each.way for each in recipients.once(hears))

    @property
    def to_ask(self) -> list[AffectedShift]:
        return [each for each in self.shifts if each.may and each.ask is None and (each.candidates or each.chains)]


def find_hits(
    person: Person, to_on: date, *, from_on: date | None = None, looks: bool = True, actor: Actor, now: datetime
) -> Hits:
    """Return what is hit from ``from_on`` (None: now) to the end of ``to_on``. Without ``looks`` only how far the asks
    are: to find who could take a shift judges many plans, and a page that stands open asks again and again."""
    rows = _rows(person.id, from_on, to_on, now)
    shown = rows[:SHOWN]
    asks = swaps.open_on([row.seat_id for row in shown], now=now)
    may = {row.seat_id: _may(row, actor, now) for row in shown}
    open_ones = [row for row in shown if looks and may[row.seat_id] and row.seat_id not in asks]
    rosters = {campaign_id: bases.signed(campaign_id, now) for campaign_id in {row.campaign_id for row in open_ones}}
    hits, taken = list[AffectedShift](), set[str]()
    for row in shown:
        found, chains = _ways(row, rosters[row.campaign_id], actor, now) if row in open_ones else ([], [])
        chosen = _first(found, chains, taken)
        taken.update(chosen.split(">"))
        hits.append(AffectedShift(row, found, chains, chosen, may[row.seat_id], _line(asks.get(row.seat_id), now)))
    units = dict.fromkeys(hit.duty.unit_id for hit in hits if hit.may)
    managers = [manager for unit_id in units for _user, manager in covers.managers(unit_id, actor)]
    told = recipients.once(recipients.hearers_of_revision([person, *managers])) if units else []
    return Hits(hits, len(rows) - len(shown), told)


def _ways(
    duty: Duty, roster: finding.Roster, actor: Actor, now: datetime
) -> tuple[Sequence[IllnessCover], Sequence[Passing]]:
    """Who could alone; and where they are few, which two together."""
    found = _candidates(duty, roster, now)
    passing = len(found) < FEW and duty.starts_at >= now + swap_deadlines.LEAST_AHEAD
    return found, _chains(duty, roster, actor, now) if passing else []


def list_ended(person: Person, *, now: datetime) -> list[SwapLine]:
    """Asks for their shifts ahead that are over, whatever came of them; of the last days."""
    return [each for each in swaps.asked_by(person.id, now=now) if not each.is_open and each.ends_at > now]


def unrecorded(person: Person, to_on: date, *, from_on: date | None = None, now: datetime) -> list[date]:
    """The days from ``from_on`` (None: today) to ``to_on`` on which they are not recorded away."""
    stand, first = absence_queries.list_for_person(person.id), max(from_on or date.min, clock.local_date(now))
    days = [first + timedelta(days=number) for number in range((to_on - first).days + 1)]
    return [day for day in days if not any(each.from_on <= day <= each.to_on for each in stand)]


def _rows(person_id: int, from_on: date | None, to_on: date, now: datetime) -> Sequence[Duty]:
    """A shift that runs into the first day is hit, too: they are away for some of it."""
    until = clock.at_local(to_on + timedelta(days=1))
    after = max(now, clock.at_local(from_on)) if from_on is not None else now
    wanted = (
        select(Duty)
        .options(joinedload(Duty.shift), joinedload(Duty.unit))
        .where(Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > after, Duty.starts_at < until)
    )
    return db.session.scalars(wanted.order_by(Duty.starts_at, Duty.seat_id)).all()


def _may(duty: Duty, actor: Actor, now: datetime) -> bool:
    if duty.shift.campaign.state == "closed":
        return False
    return bool(guard.allowed(actor, "duty.confirm", duty.unit_id, now=now)) or rights.may_decide(
        actor, duty.shift, now=now
    )


def _candidates(duty: Duty, roster: finding.Roster, now: datetime) -> list[IllnessCover]:
    """Return who could take the shift, or what is left of one that runs; at most ``CANDIDATES``."""
    taken, seated = roster
    problem, shift_id = taken.problem, duty.shift_id
    if duty.starts_at < now:
        left = left_from(SplitSpan(duty.starts_at, duty.ends_at), now)
        problem, seated = parting.parted(problem, seated, shift_id, duty.person_id, given=left)
        shift_id = parting.GIVEN
    able = takers(problem, seated, shift_id, duty.person_id, nearest=finding.NEAREST)[:CANDIDATES]
    rows, found = people.people_by_ids(able), list[IllnessCover]()
    asked = recipients.asked(list(rows.values()), _starts_at(duty, now), is_own=False, now=now)
    hears = {each.person.id: each for each in asked}
    for each in able:
        effect = swap_effects.effect(problem, seated, [Move(shift_id, duty.person_id, each)])
        side = next(side for side in effect.sides if side.person_id == each)
        steps = distance(problem, problem.person[each].unit, problem.shift_of[shift_id].unit)
        found.append(IllnessCover(rows[each], steps, side, hears[each]))
    return found


def _chains(duty: Duty, roster: finding.Roster, actor: Actor, now: datetime) -> list[Passing]:
    """Only over seats that the actor may ask for, that have not begun and are not asked for already."""
    taken, seated = roster
    problem = taken.problem
    ways = passing_on(problem, seated, duty.shift_id, duty.person_id, nearest=finding.NEAREST)
    pairs = [(way.moves[1].shift_id, way.moves[1].out) for way in ways]
    held = {(row.shift_id, row.person_id): row for row in _held(duty.campaign_id, pairs)}
    busy = swaps.open_on([row.seat_id for row in held.values()], now=now)
    rows = people.people_by_ids({each for way in ways for move in way.moves for each in (move.out, move.into)})
    found = []
    for way in ways:
        first, second = way.moves
        passed = held.get((second.shift_id, second.out))
        is_late = passed is None or passed.starts_at < now + swap_deadlines.LEAST_AHEAD
        if passed is None or is_late or passed.seat_id in busy or not _may(passed, actor, now):
            continue
        effect = swap_effects.effect(problem, seated, way.moves)
        if effect.breaks:
            continue
        side = {each.person_id: each for each in effect.sides}
        chain = Chain(duty, rows[first.into], passed, rows[second.into])
        [taker] = recipients.asked([chain.taker], duty.starts_at, is_own=False, now=now)
        [heir] = recipients.asked([chain.heir], passed.starts_at, is_own=False, now=now)
        found.append(Passing(chain, way.distance, side[first.into], side[second.into], (taker, heir)))
        if len(found) == CHAINS:
            break
    return found


def _held(campaign_id: int, pairs: Collection[tuple[int, int]]) -> Sequence[Duty]:
    """``pairs``: (shift id, person id)."""
    wanted = select(Duty).options(joinedload(Duty.shift), joinedload(Duty.unit))
    here = wanted.where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
    rows = db.session.scalars(here.where(Duty.shift_id.in_([shift_id for shift_id, _person in pairs])))
    return [row for row in rows if (row.shift_id, row.person_id) in pairs]


def _starts_at(duty: Duty, now: datetime) -> datetime:
    """Return the start of what would change hands: the shift, or what is left of one that runs."""
    return left_from(SplitSpan(duty.starts_at, duty.ends_at), now).start if duty.starts_at < now else duty.starts_at


def _first(found: Sequence[IllnessCover], chains: Sequence[Passing], taken: set[str]) -> str:
    """The best who is not asked for another of the shifts (``taken``: codes, and seats that are passed on)."""
    free = next((each.person.code for each in found if each.person.code not in taken), "")
    if found:
        return free or found[0].person.code
    keys = (each.key for each in chains)
    return next((key for key in keys if taken.isdisjoint(key.split(">"))), "none")


def _line(ask: Swap | None, now: datetime) -> SwapLine | None:
    return swaps.line(ask, now=now) if ask is not None else None
