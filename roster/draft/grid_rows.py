"""The rows of the roster grid: each person's days with their shifts, absences and wishes. Its foot: of each date how
many seats are filled, unsure and empty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import db
from people.models import Person
from planning.coverage import Gap
from planning.fairness_ledger import Line
from planning.outcome import Violation
from planning.problem import Assignment, Shift
from roster.confirmations import queries as confirmations
from roster.draft.shown import View
from roster.draft.shown_days import GridDay
from roster.snapshot.sitting import places_by_name
from roster.snapshot.snapshot import Snapshot
from roster.words import labels


@dataclass(frozen=True)
class Chip:
    """A shift of somebody on a day."""

    shift: Shift
    letters: str
    pinned: bool
    bad: bool
    waits: str = ""
    """Put there from outside without their consent yet: asked, refused or expired."""
    unanswered: bool = False
    """Published, and they have not said yet that they will serve."""
    fresh: bool = False
    """Not theirs by what is published."""


@dataclass(frozen=True)
class GridCell:
    """A person's day. ``want`` is the wish for that date: on, off or None. ``gone``: shifts that are theirs by what is
    published, and not in the draft."""

    chips: tuple[Chip, ...]
    away: bool
    want: str | None
    gone: tuple[Shift, ...] = ()


@dataclass(frozen=True)
class GridRow:
    person: Person
    line: Line
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class GridRoster:
    """The roster that a grid shows: the draft, or what is published, over the people and shifts of ``taken``."""

    taken: Snapshot
    assignments: tuple[Assignment, ...]
    violations: tuple[Violation, ...] = ()
    """What the draft breaks; nothing is said of what is published."""
    waits: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By (shift id, person id): asked, refused or expired; they have not agreed to be there."""
    published: Set[tuple[int, int]] | None = None
    """(shift id, person id) of the last revision that the draft is held against; None: against nothing."""

    @cached_property
    def gone(self) -> tuple[Assignment, ...]:
        """What the last revision has and the draft has no more."""
        if not self.published:
            return ()
        known = self.taken.problem.person
        pairs = self.published - self.taken.pairs
        return tuple(Assignment(*each) for each in sorted(pairs) if each[1] in known)


def listed(roster: GridRoster, view: View) -> list[int]:
    """Ids of the people of all rows, by name."""
    person, duty = roster.taken.problem.person, view.duty
    asked = {each for each in view.people if (duty in person[each].duties if duty else person[each].duties)}
    if others := view.people - asked:  # who may not serve, and does or is in the draft
        serving = {each.staff_id for each in (*roster.assignments, *roster.gone) if each.shift_id in view.of_duty}
        sitting = {cell.person_id for cell in roster.taken.cells.values()} if duty is None else serving
        asked |= others & (serving | sitting)
    place = places_by_name()
    return sorted((each for each in asked if each in place), key=place.__getitem__)


def rows(
    roster: GridRoster,
    view: View,
    listed: Sequence[int],
    days: Sequence[GridDay],
    *,
    lines: Mapping[int, Line],
    now: datetime,
) -> Iterable[GridRow]:
    """The rows of the people ``listed``, by name; ``lines``: what each of them carries."""
    unanswered = confirmations.waiting_pairs(roster.taken.campaign_id, listed, now=now)
    on = _by_person_and_day(roster, view.of_duty, set(listed), unanswered)
    gone = _gone(roster, view.of_duty, set(listed))
    statement = select(Person).where(Person.id.in_(listed)).options(joinedload(Person.unit))
    found = {person.id: person for person in db.session.scalars(statement)}
    for person in (found[each] for each in listed if each in found):
        away_on, wants = away(roster.taken, person.id), _wants(roster.taken, person.id)
        cells = (
            GridCell(
                tuple(on[person.id, day.on]),
                day.on in away_on,
                wants.get(day.on),
                tuple(gone.get((person.id, day.on), ())),
            )
            for day in days
        )
        yield GridRow(person, lines[person.id], tuple(cells))


def _gone(
    roster: GridRoster, shifts: Mapping[int, Shift], people: Collection[int]
) -> Mapping[tuple[int, date], Sequence[Shift]]:
    """By person and day, what they have by the last revision and not in the draft, by start."""
    found: defaultdict[tuple[int, date], list[Shift]] = defaultdict(list)
    for each in roster.gone:
        if each.staff_id in people and each.shift_id in shifts:
            found[each.staff_id, shifts[each.shift_id].local_date].append(shifts[each.shift_id])
    return {key: sorted(each, key=lambda shift: shift.start) for key, each in found.items()}


def _by_person_and_day(
    roster: GridRoster, shifts: Mapping[int, Shift], people: Collection[int], unanswered: Collection[tuple[int, int]]
) -> defaultdict[tuple[int, date], list[Chip]]:
    bad = {(shift, each.staff_id) for each in roster.violations if each.hard for shift in each.shift_ids}
    on: defaultdict[tuple[int, date], list[Chip]] = defaultdict(list)
    held = sorted((each.shift_id, each.staff_id) for each in roster.assignments if each.staff_id in people)
    pinned = {
        (shift_id, roster.taken.cells[seat].person_id)
        for shift_id in {shift_id for shift_id, _person in held}
        for seat in roster.taken.seats.get(shift_id, ())
        if seat in roster.taken.cells and roster.taken.cells[seat].pinned
    }
    for shift_id, person_id in held:
        if shift_id in shifts:
            shift, key = shifts[shift_id], (shift_id, person_id)
            letters, waits = labels.short(shift.template), roster.waits.get(key, "")
            fresh = roster.published is not None and key not in roster.published
            chip = Chip(shift, letters, key in pinned, key in bad, waits, key in unanswered, fresh)
            on[person_id, shift.local_date].append(chip)
    return on


def away(taken: Snapshot, person_id: int) -> set[date]:
    """Days of which some minute falls in an absence of theirs."""
    found: set[date] = set()
    for each in taken.problem.absences_of.get(person_id, ()):
        first, last = clock.local_date(each.start), clock.local_date(each.end - timedelta(seconds=1))
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found


def _wants(taken: Snapshot, person_id: int) -> dict[date, str]:
    return {each.local_date: each.want for each in taken.problem.wishes_of.get(person_id, ())}


@dataclass(frozen=True)
class DayCover:
    """Of one date: seats asked for, filled, and ``unsure`` (in doubt); whether obligatory minutes are open."""

    seats: int
    filled: int
    left_open: bool
    unsure: int = 0

    @property
    def missing(self) -> int:
        return self.seats - self.filled - self.unsure


def cover_of(
    days: Sequence[date],
    shifts: Mapping[int, Shift],
    needs: Mapping[int, int],
    assignments: Sequence[Assignment],
    *,
    gaps: Iterable[Gap],
    doubts: Collection[tuple[int, int]],
) -> Iterable[DayCover]:
    """Yield how each of ``days`` is covered; ``needs``: shift id → people needed; ``doubts``: (shift, person) ids that
    are unsure."""
    seats: Counter[date] = Counter()
    filled: Counter[date] = Counter()
    doubtful: Counter[date] = Counter()
    on_these = [each for each in assignments if each.shift_id in shifts]
    staffed = Counter(each.shift_id for each in on_these)
    sure = Counter(each.shift_id for each in on_these if (each.shift_id, each.staff_id) not in doubts)
    for shift in shifts.values():
        on, needed = shift.local_date, needs[shift.id]
        here = min(sure[shift.id], needed)
        seats[on] += needed
        filled[on] += here
        doubtful[on] += min(staffed[shift.id], needed) - here
    open_days = _open_days(gaps)
    return (DayCover(seats[on], filled[on], on in open_days, doubtful[on]) for on in days)


def _open_days(gaps: Iterable[Gap]) -> set[date]:
    found: set[date] = set()
    for gap in gaps:
        if gap.kind == "open" and gap.blocks:
            first, last = clock.local_date(gap.starts_at), clock.local_date(gap.ends_at - timedelta(seconds=1))
            found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found
