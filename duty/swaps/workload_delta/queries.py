"""The windows of those whose seats change hands, from what is published: a few people's shifts, no roster is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from core.calendar.dates import VN
from core.db import batched, db
from duty.swaps.lines.line import SwapLine
from duty.swaps.workload_delta.window import WorkedTurn, WorkloadWindow, share, window
from people.models import Person
from roster.dividing.parting import SplitSpan
from roster.models import Duty, Shift

AROUND = timedelta(days=14)
"""Shifts of other campaigns so near count for the week, rest and nights."""


@dataclass(frozen=True)
class WorkloadDelta:
    """One person's part in it."""

    person: Person
    window: WorkloadWindow


@dataclass(frozen=True)
class Handed:
    """A shift, or the ``span`` of it, goes from one person to another; to whom may not be known yet."""

    shift: Shift
    leaves: Person
    comes: Person | None
    span: SplitSpan | None = None


class ShiftBook:
    """The published shifts of some people around others, read once."""

    def __init__(self, people: Collection[Person], shifts: Sequence[Shift]) -> None:
        """``shifts``: that change hands, all of one campaign."""
        self._turns = _turns({each.id for each in people}, shifts)

    def deltas_for(self, handed: Sequence[Handed], people: Sequence[Person]) -> list[WorkloadDelta]:
        """Return them in the order of ``people``; of each only what is handed from or to them."""
        found = []
        for person in people:
            gone = [_turn(each, person) for each in handed if each.leaves.id == person.id]
            came = [_turn(each, person) for each in handed if each.comes is not None and each.comes.id == person.id]
            found.append(WorkloadDelta(person, window(self._turns.get(person.id, ()), gone, came, VN)))
        return found


def deltas_of_line(line: SwapLine, taker: Person) -> list[WorkloadDelta]:
    """Return what an ask would change if ``taker`` answered it with yes, for whoever gives and whoever takes.

    For a chain these are the two who are asked: whoever held the seat at first does not serve at all.
    """
    swap, span = line.swap, SplitSpan(line.starts_at, line.ends_at)
    handed = [Handed(line.shift, swap.person, taker, span)]
    if line.in_return is not None:
        handed.append(Handed(line.in_return, taker, swap.person))
    shown = [swap.person, taker]
    if line.chained is not None:
        other = line.chained
        handed.append(Handed(other.shift, other.swap.person, other.taker.person))
        shown = [taker, other.taker.person]
    return ShiftBook(shown, [each.shift for each in handed]).deltas_for(handed, shown)


def _turn(handed: Handed, person: Person) -> WorkedTurn:
    shift = handed.shift
    whole = WorkedTurn(shift.starts_at, shift.ends_at, shift.points_by.get(person.work_pattern, shift.points))
    return share(whole, handed.span.start, handed.span.end) if handed.span is not None else whole


def _turns(people: Collection[int], shifts: Sequence[Shift]) -> dict[int, list[WorkedTurn]]:
    """Return person id → their shifts: all that they hold in the campaign of ``shifts``, and those of other campaigns
    that are near (``AROUND``), worth no points here."""
    campaign_id = shifts[0].campaign_id
    first, last = min(each.starts_at for each in shifts), max(each.ends_at for each in shifts)
    near = (Duty.starts_at > first - AROUND) & (Duty.starts_at < last + AROUND)
    wanted = (
        select(Duty.person_id, Duty.starts_at, Duty.ends_at, Duty.campaign_id, Shift.points, Shift.points_by)
        .add_columns(Person.work_pattern)
        .join(Shift, Shift.id == Duty.shift_id)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.cancelled_at.is_(None), or_(Duty.campaign_id == campaign_id, near))
    )
    found = defaultdict[int, list[WorkedTurn]](list)
    for some in batched(sorted(people)):
        for row in db.session.execute(wanted.where(Duty.person_id.in_(some))):
            own = row.points_by.get(row.work_pattern, row.points) if row.campaign_id == campaign_id else 0
            found[row.person_id].append(WorkedTurn(row.starts_at, row.ends_at, own))
    return found
