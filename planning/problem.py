"""The vocabulary of the roster engine: what goes in (Problem); what comes out is in `outcome`.

All times are aware UTC, all intervals half-open `[start, end)`, all points and costs integers in hundredths
of a point. Lists are tuples so that a Problem cannot change under a solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, TypeVar

from planning.settings import Setting

Form = Literal["onsite", "standby", "command"]
Want = Literal["on", "off"]
PairKind = Literal["together", "apart"]


@dataclass(frozen=True)
class Wanted:
    """Soft cover: how many people a shift would like, and what each one too few or too many costs.

    A shift that has it needs at least `headcount` people and bears any number; without it, exactly `headcount`.
    """

    number: int
    under: int
    over: int


@dataclass(frozen=True)
class Shift:
    """One duty to be staffed by `headcount` people. `night` = it overlaps 22:00–06:00 local.

    `local_date` is the local date it starts on, `template` its name in the demand ("Sáng", "24/24").
    `peak` is any of giao_thua, mung_1, mung_2_3. `points` is what one seat is worth, `points_by` for people of a
    work pattern for whom the days are of another class. `skills`: skill → how many on the shift must have it.
    `replaces_work`: ordinary hours of its start date, and of its end date when it ends after midnight, are dropped.
    `grounded`: the employer states a ground for its length on site.
    """

    id: int
    duty: str
    unit: str
    start: datetime
    end: datetime
    form: Form
    headcount: int
    points: int
    night: bool
    peak: frozenset[str]
    local_date: date
    template: str
    replaces_work: bool = False
    skills: Mapping[str, int] = field(default_factory=dict, hash=False)
    wanted: Wanted | None = None
    points_by: Mapping[str, int] = field(default_factory=dict, hash=False)
    grounded: bool = False

    def worth(self, person: Staff) -> int:
        """Points of one seat for this person: the class of a day follows the person's work pattern."""
        return self.points_by.get(person.work_pattern, self.points)

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True)
class Staff:
    """One person. `eligible_units` holds the unit codes of shifts that the person may serve; `unit` is their own.

    `history_points` is the load carried in; `last_giao_thua`, `last_mung_1`: how many Tết ago they last stood it
    (1: at the last one; 0: nobody knows that they did).
    `share` is the part-time share in percent. `overtime_month`, `overtime_year` are minutes already worked in the
    calendar month and year of the plan's first day; None: nobody knows. `limits` holds what the person has of
    their own for a rule's parameter, under "rule.code:parameter". `work_pattern` `shift`: works by the roster alone.
    """

    id: int
    code: str
    name: str
    duties: frozenset[str]
    eligible_units: frozenset[str]
    no_night: bool = False
    max_shifts: int | None = None
    history_points: int = 0
    last_giao_thua: int = 0
    last_mung_1: int = 0
    work_pattern: str = "shift"
    unit: str = ""
    share: int = 100
    skills: frozenset[str] = frozenset()
    no_overtime: bool = False
    min_shifts: int | None = None
    overtime_month: int | None = None
    overtime_year: int | None = None
    limits: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Absence:
    """A person is away: whole local days, given as an aware UTC interval."""

    staff_id: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Wish:
    """`template` None means any shift of that local date. `weight` is 1 (mild) to 3 (strong)."""

    staff_id: int
    local_date: date
    template: str | None
    want: Want
    weight: int = 1


@dataclass(frozen=True)
class Pin:
    """This person keeps this shift, even where that breaks a rule; the checker still says so."""

    shift_id: int
    staff_id: int


@dataclass(frozen=True)
class Busy:
    """A duty the person has elsewhere (another campaign); overlap and rest count it."""

    staff_id: int
    start: datetime
    end: datetime
    form: Form = "onsite"


@dataclass(frozen=True)
class Work:
    """Ordinary working hours of a person on one local date; `minutes` are those that count as worked."""

    staff_id: int
    local_date: date
    start: datetime
    end: datetime
    minutes: int


@dataclass(frozen=True)
class NormalHours:
    """Minutes of normal work of a day and of a week for people of a work pattern, from a date on: more is overtime."""

    pattern: str
    since: date
    day: int
    week: int


@dataclass(frozen=True)
class Pair:
    """Two people who share every shift that has room for both, or who never share one."""

    first: int
    second: int
    kind: PairKind


@dataclass(frozen=True, order=True)
class Assignment:
    """A person on a shift."""

    shift_id: int
    staff_id: int


Owned = TypeVar("Owned", Absence, Wish, Pin, Busy, Work)


def _by_staff(rows: Iterable[Owned]) -> dict[int, tuple[Owned, ...]]:
    grouped: defaultdict[int, list[Owned]] = defaultdict(list)
    for row in rows:
        grouped[row.staff_id].append(row)
    return {staff_id: tuple(own) for staff_id, own in grouped.items()}


@dataclass(frozen=True)
class Problem:
    """Everything a solve may know. Ids in every list must exist; ValueError otherwise.

    `settings` holds a campaign's choices by rule code. `free_days`: work pattern → dates that are weekly rest,
    substitute or holiday for its people. `parents`: unit code → code of the unit above. `baseline` is the roster
    that a re-plan should stay close to. `normal_hours`: what an enterprise chose for its work patterns; of others the
    law's hold. `span`: first and last local date of the plan, where its shifts do not
    reach them (one unit's share of a larger plan is judged over the dates of the whole). `closed`: people who keep
    what they are pinned to and take nothing else.
    """

    shifts: tuple[Shift, ...]
    staff: tuple[Staff, ...]
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    pins: tuple[Pin, ...] = ()
    busy: tuple[Busy, ...] = ()
    work: tuple[Work, ...] = ()
    pairs: tuple[Pair, ...] = ()
    baseline: tuple[Assignment, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    free_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    parents: Mapping[str, str | None] = field(default_factory=dict)
    span: tuple[date, date] | None = None
    normal_hours: tuple[NormalHours, ...] = ()
    closed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if len(self.shift_of) != len(self.shifts) or len(self.person) != len(self.staff):
            raise ValueError("ids of shifts and of staff must be unique")
        for shift in self.shifts:
            if shift.end <= shift.start or shift.headcount < 0 or shift.points < 0:
                raise ValueError(f"shift {shift.id}: empty interval or negative number")
        named = {row.staff_id for rows in (self.absences, self.wishes, self.pins, self.busy, self.work) for row in rows}
        named |= {staff_id for pair in self.pairs for staff_id in (pair.first, pair.second)}
        named |= {assignment.staff_id for assignment in self.baseline}
        if not named <= self.person.keys():
            raise ValueError("an absence, wish, pin, busy time, pair or baseline names an unknown person")
        if not {pin.shift_id for pin in self.pins} | {row.shift_id for row in self.baseline} <= self.shift_of.keys():
            raise ValueError("a pin or the baseline names an unknown shift")

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Every local date from the first shift's to the last one's, or of the whole span."""
        starts = {shift.local_date for shift in self.shifts}.union(self.span or ())
        if not starts:
            return ()
        first = min(starts)
        return tuple(first + timedelta(days=n) for n in range((max(starts) - first).days + 1))

    @cached_property
    def shift_of(self) -> dict[int, Shift]:
        return {shift.id: shift for shift in self.shifts}

    @cached_property
    def person(self) -> dict[int, Staff]:
        return {person.id: person for person in self.staff}

    @cached_property
    def absences_of(self) -> dict[int, tuple[Absence, ...]]:
        return _by_staff(self.absences)

    @cached_property
    def wishes_of(self) -> dict[int, tuple[Wish, ...]]:
        return _by_staff(self.wishes)

    @cached_property
    def pins_of(self) -> dict[int, tuple[Pin, ...]]:
        return _by_staff(self.pins)

    @cached_property
    def busy_of(self) -> dict[int, tuple[Busy, ...]]:
        return _by_staff(self.busy)

    @cached_property
    def work_of(self) -> dict[int, tuple[Work, ...]]:
        return _by_staff(self.work)

    @cached_property
    def memo(self) -> dict[object, Any]:
        """The place where rules and engines keep what they derive from this Problem, under keys of their own."""
        return {}

    @cached_property
    def facts(self) -> dict[object, Any]:
        """The same for what follows from anything but the pins: a Problem that differs by these alone shares it."""
        return {}

    def pinned(self, pins: Iterable[Pin]) -> Problem:
        """The same plan with other pins."""
        made = replace(self, pins=tuple(pins))
        made.__dict__["facts"] = self.facts
        return made
