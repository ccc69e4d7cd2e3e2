"""The rosters that reasons and covers start from: the draft, and what is published as seen from today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from core.db import db
from planning.explain.substitutes import Cover, covers
from planning.problem import Assignment, Problem
from roster.dividing import parting
from roster.dividing.parting import SplitSpan, left_from
from roster.models import Duty, Shift
from roster.publishing import parts
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot


def draft(campaign_id: int, now: datetime) -> tuple[Snapshot, tuple[Assignment, ...]]:
    taken = snapshot.take(campaign_id, now=now)
    return taken, taken.assignments


def signed(campaign_id: int, now: datetime, also: Collection[int] = ()) -> tuple[Snapshot, tuple[Assignment, ...]]:
    """Return what is known today, and the published roster in it. Pins are of the draft, but to lack one costs nothing.

    ``also``: ids of people from outside who are to be judged.
    """
    who = db.session.scalars(select(Duty.person_id).filter_by(campaign_id=campaign_id, cancelled_at=None))
    taken = snapshot.take(campaign_id, now=now, also={*who, *also})
    return taken, snapshot.published(taken)


@dataclass(frozen=True)
class Basis:
    """A roster that a cover starts from. ``edits``: it is the draft, and is edited."""

    taken: Snapshot
    seated: tuple[Assignment, ...]
    edits: bool


class Rosters:
    """The draft and the published roster of one campaign, each read once when it is asked for."""

    def __init__(self, campaign_id: int, now: datetime) -> None:
        self._campaign_id, self._now = campaign_id, now

    @cached_property
    def _draft(self) -> tuple[Snapshot, tuple[Assignment, ...]]:
        return draft(self._campaign_id, self._now)

    @cached_property
    def _signed(self) -> tuple[Snapshot, tuple[Assignment, ...]]:
        return signed(self._campaign_id, self._now)

    def holding(self, held: Assignment, *, edits: bool) -> Basis | None:
        """The draft for those who edit it; for others, and where the draft has somebody else there, what is published.

        None: the person is on the shift in neither.
        """
        if edits and held in self._draft[1]:
            return Basis(*self._draft, True)
        return Basis(*self._signed, False) if held in self._signed[1] else None


def ways(
    problem: Problem, seated: Sequence[Assignment], shift: Shift, leaving: int, *, now: datetime
) -> tuple[Problem, list[Cover]]:
    """Every way to cover it, best first, with the plan that they are judged by; of what runs for what is left of it."""
    if not shift.starts_at < now < shift.ends_at:
        return problem, covers(problem, seated, shift.id, leaving)
    left = left_from(SplitSpan(shift.starts_at, shift.ends_at), now)
    problem, pieces = parting.parted(problem, seated, shift.id, leaving, given=left)
    found = covers(problem, pieces, parting.GIVEN, leaving)
    named = [replace(each, moves=(replace(each.moves[0], shift_id=shift.id), *each.moves[1:])) for each in found]
    return problem, named


def within_reach(found: Iterable[Cover], campaign_id: int, *, edits: bool, now: datetime) -> list[Cover]:
    """Editors may move any shift; a cover that holds at once touches shifts of the day alone."""
    if edits:
        return list(found)
    near = {each.id for each in parts.rows_of_the_day(campaign_id, now)}
    return [each for each in found if all(move.shift_id in near for move in each.moves)]
