"""Which published shifts it hits that somebody is away until a day, and who could take each of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.actor import Actor
from core.db import db
from people import queries as people
from people.access import guard
from people.models import Person
from roster.covers import bases
from roster.models import Duty
from roster.planning.explain.eligible import distance
from roster.planning.explain.substitutes import Move, takers
from roster.swaps import finding, queries as swaps, rights, weighing
from roster.swaps.models import Swap
from roster.swaps.queries import Line
from roster.swaps.weighing import Side

SHOWN = 6
"""Shifts that one page looks at: somebody away for a year has a hundred of them."""
CANDIDATES = 6
"""People named for one shift, best first."""
UNKNOWN = timedelta(days=2)
"""Where nobody knows how long it takes: three days, and then somebody asks again."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take the shift without breaking a rule. ``steps``: between the two units in their tree."""

    person: Person
    steps: int
    side: Side


@dataclass(frozen=True)
class Hit:
    """One shift. ``chosen``: code of who is asked first if nobody says otherwise; ``ask``: what is asked already."""

    duty: Duty
    candidates: Sequence[Candidate]
    chosen: str
    may: bool
    ask: Line | None


@dataclass(frozen=True)
class Hits:
    """By time; ``more``: so many beyond those that are looked at."""

    shifts: Sequence[Hit]
    more: int

    @property
    def to_ask(self) -> list[Hit]:
        return [each for each in self.shifts if each.may and each.ask is None and each.candidates]


def of(person: Person, to_on: date, *, actor: Actor, now: datetime) -> Hits:
    """From now to the end of ``to_on``."""
    rows = _rows(person.id, to_on, now)
    shown = rows[:SHOWN]
    asks = swaps.open_on([row.seat_id for row in shown], now=now)
    rosters = {row.campaign_id: bases.signed(row.campaign_id, now) for row in shown if row.seat_id not in asks}
    hits, taken = list[Hit](), set[str]()
    for row in shown:
        ask, may = asks.get(row.seat_id), _may(row, actor, now)
        found = _candidates(row, rosters[row.campaign_id], now) if may and ask is None else []
        chosen = next((each.person.code for each in found if each.person.code not in taken), "")
        taken.add(chosen)
        hits.append(Hit(row, found, chosen or _first(found), may, _line(ask, now)))
    return Hits(hits, len(rows) - len(shown))


def of_ended(person: Person, *, now: datetime) -> list[Line]:
    """Asks for their shifts ahead that are over, whatever came of them; of the last days."""
    return [each for each in swaps.asked_by(person.id, now=now) if not each.is_open and each.ends_at > now]


def unrecorded(person: Person, to_on: date, *, now: datetime) -> list[date]:
    """The days from today to ``to_on`` on which they are not recorded away."""
    stand, today = people.absences_of(person.id), clock.local_date(now)
    days = [today + timedelta(days=number) for number in range((to_on - today).days + 1)]
    return [day for day in days if not any(each.from_on <= day <= each.to_on for each in stand)]


def _rows(person_id: int, to_on: date, now: datetime) -> Sequence[Duty]:
    until = clock.at_local(to_on + timedelta(days=1))
    wanted = (
        select(Duty)
        .options(joinedload(Duty.shift), joinedload(Duty.unit))
        .where(Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now, Duty.starts_at < until)
    )
    return db.session.scalars(wanted.order_by(Duty.starts_at, Duty.seat_id)).all()


def _may(duty: Duty, actor: Actor, now: datetime) -> bool:
    if duty.shift.campaign.state == "closed":
        return False
    return bool(guard.allowed(actor, "duty.confirm", duty.unit_id, now=now)) or rights.may_decide(
        actor, duty.shift, now=now
    )


def _candidates(duty: Duty, roster: finding.Roster, now: datetime) -> list[Candidate]:
    taken, seated = roster
    problem = taken.problem
    able = takers(problem, seated, duty.shift_id, duty.person_id, nearest=finding.NEAREST)[:CANDIDATES]
    rows = people.people_by_ids(able)
    found = []
    for each in able:
        effect = weighing.effect(problem, seated, [Move(duty.shift_id, duty.person_id, each)])
        side = next(side for side in effect.sides if side.person_id == each)
        steps = distance(problem, problem.person[each].unit, problem.shift_of[duty.shift_id].unit)
        found.append(Candidate(rows[each], steps, side))
    return found


def _first(found: Sequence[Candidate]) -> str:
    return found[0].person.code if found else ""


def _line(ask: Swap | None, now: datetime) -> Line | None:
    return swaps.line(ask, now=now) if ask is not None else None
