"""The vocabulary of the roster engine: what goes in (Problem) and what comes out (Outcome).

All times are aware UTC, all intervals half-open `[start, end)`, all points and costs integers in hundredths
of a point. Lists are tuples so that a Problem cannot change under a solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal, TypeVar

from roster.planning.parameters import Parameters

Form = Literal["onsite", "standby", "command"]
Want = Literal["on", "off"]
Status = Literal["optimal", "feasible", "infeasible", "cancelled"]


@dataclass(frozen=True)
class Shift:
    """One duty to be staffed by `headcount` people. `night` = it overlaps 22:00–06:00 local.

    `local_date` is the local date it starts on, `template` its name in the demand ("Sáng", "24/24").
    `peak` is any of giao_thua, mung_1, mung_2_3. `points` is what one seat is worth.
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


@dataclass(frozen=True)
class Staff:
    """One person. `eligible_units` holds the unit codes of shifts that the person may serve.

    `history_points` is the load carried in; `last_giao_thua`, `last_mung_1`: worked it at the last Tết.
    `work_pattern` is carried along and not judged yet.
    """

    id: int
    code: str
    name: str
    duties: frozenset[str]
    eligible_units: frozenset[str]
    no_night: bool = False
    max_shifts: int | None = None
    history_points: int = 0
    last_giao_thua: bool = False
    last_mung_1: bool = False
    work_pattern: str = "shift"


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


@dataclass(frozen=True, order=True)
class Assignment:
    """A person on a shift."""

    shift_id: int
    staff_id: int


@dataclass(frozen=True)
class Violation:
    """One breach of one rule. Hard ones forbid publishing without a reason; `cost` counts towards the objective."""

    rule: str
    hard: bool
    staff_id: int | None
    shift_ids: tuple[int, ...]
    params: Mapping[str, int | str]
    cost: int


@dataclass(frozen=True)
class Shortage:
    """Seats of one shift that stay empty. `reasons`: rule code → people whom that rule keeps away."""

    shift_id: int
    missing: int
    reasons: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Progress:
    """News from a running solve. `assignments` is the best roster so far; seconds since the start."""

    seconds: float
    cost: int
    bound: int | None
    missing: int
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Outcome:
    """`optimal` only when bound equals objective; `infeasible` when some seat is proven unfillable.

    `feasible` and `cancelled` may hold shortages that nobody proved. `missing_bound` is a proven lower bound
    on the number of empty seats. `trace` holds (seconds, cost, bound). The best roster is always there. `engine`
    found it. `fault` is for the log: the end of what a stronger engine said when it died.
    """

    status: Status
    assignments: tuple[Assignment, ...]
    objective: int | None
    bound: int | None
    gap: float | None
    violations: tuple[Violation, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    trace: tuple[tuple[float, int, int | None], ...] = ()
    missing_bound: int = 0
    engine: str = "greedy"
    fault: str | None = None


Owned = TypeVar("Owned", Absence, Wish, Pin, Busy)


def _by_staff(rows: Iterable[Owned]) -> dict[int, tuple[Owned, ...]]:
    grouped: defaultdict[int, list[Owned]] = defaultdict(list)
    for row in rows:
        grouped[row.staff_id].append(row)
    return {staff_id: tuple(own) for staff_id, own in grouped.items()}


@dataclass(frozen=True)
class Problem:
    """Everything a solve may know. Ids in absences, wishes, pins and busy must exist; ValueError otherwise."""

    shifts: tuple[Shift, ...]
    staff: tuple[Staff, ...]
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    pins: tuple[Pin, ...] = ()
    busy: tuple[Busy, ...] = ()
    parameters: Parameters = field(default_factory=Parameters)

    def __post_init__(self) -> None:
        if len(self.shift_of) != len(self.shifts) or len(self.person) != len(self.staff):
            raise ValueError("ids of shifts and of staff must be unique")
        for shift in self.shifts:
            if shift.end <= shift.start or shift.headcount < 0 or shift.points < 0:
                raise ValueError(f"shift {shift.id}: empty interval or negative number")
        owned: tuple[Absence | Wish | Pin | Busy, ...] = (*self.absences, *self.wishes, *self.pins, *self.busy)
        if not all(row.staff_id in self.person for row in owned):
            raise ValueError("an absence, wish, pin or busy time names an unknown person")
        if not all(pin.shift_id in self.shift_of for pin in self.pins):
            raise ValueError("a pin names an unknown shift")

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
