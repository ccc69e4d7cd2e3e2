"""Timefold as an optional peer: the same Problem, the same costs, its own search, judged by the same checker.

It needs a Java runtime (17 or newer) and the `timefold` package of requirements-bench.txt, a beta that its makers have
stopped developing for Python; a Java Timefold tuned by hand would do better. Only what made Tết rosters ask is
modelled.
"""

# No `from __future__ import annotations` here: Timefold reads the annotations of its domain classes.

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

from planning.engines.candidates.candidates import candidates
from planning.problem import Assignment, Problem, Shift, Staff
from planning.rules.fairness import terms
from planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK as SECOND_PEAK_RULE
from planning.rules.wishes import WISH_OFF, WISH_ON

REST, WEEK_DAYS, WEEK_MINUTES, RUN_DAYS, NIGHTS, NIGHT_RUN = 12 * 60, 7, 48 * 60, 5, 5, 2
SECOND_PEAK = SECOND_PEAK_RULE.weight


@dataclass
class Person:
    """`carried`, `step`: of the price of load; `prices`: shift → what taking it costs by itself; `closed`: shifts that
    the person cannot take.
    """

    id: Annotated[int, PlanningId]
    carried: int
    step: int
    prices: dict[int, int]
    closed: list[int]


@planning_entity
@dataclass
class Seat:
    """One place of a shift; times in minutes from the first shift's start."""

    id: Annotated[int, PlanningId]
    shift: int
    start: int
    end: int
    day: int
    points: int
    night: int
    peak: int
    person: Annotated[Person | None, PlanningVariable] = field(default=None)


@planning_solution
@dataclass
class Roster:
    people: Annotated[list[Person], ProblemFactCollectionProperty, ValueRangeProvider]
    seats: Annotated[list[Seat], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore, PlanningScore] = field(default=None)


def breaches(seats: list) -> int:
    """Minutes, days and nights beyond what the rules on windows allow to one person."""
    found = 0
    nights = 0
    for one in seats:
        nights += one.night
        minutes = 0
        ahead = 0
        nights_ahead = 0
        for other in seats:
            if one.day <= other.day and other.day < one.day + WEEK_DAYS:
                minutes += other.end - other.start
            if one.day <= other.day and other.day <= one.day + RUN_DAYS:
                ahead += 1
            if one.day <= other.day and other.day <= one.day + NIGHT_RUN:
                nights_ahead += other.night
        if minutes > WEEK_MINUTES:
            found += 1
        if ahead > RUN_DAYS:
            found += 1
        if nights_ahead > NIGHT_RUN:
            found += 1
    if nights > NIGHTS:
        found += nights - NIGHTS
    return found


def fairness(carried: int, step: int, seats: list) -> int:
    load = carried
    for seat in seats:
        load += seat.points
    full = load // step
    return full * load - step * full * (full + 1) // 2


def peaks_beyond_one(seats: list) -> int:
    found = 0
    for seat in seats:
        found += seat.peak
    return (found - 1) * SECOND_PEAK if found > 1 else 0


@constraint_provider
def constraints(factory: ConstraintFactory) -> list:
    return [
        factory.for_each(Seat)
        .filter(lambda seat: seat.shift in seat.person.closed)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("may not take it"),
        factory.for_each_unique_pair(Seat, Joiners.equal(lambda seat: seat.person))
        .filter(lambda one, other: one.start < other.end + REST and other.start < one.end + REST)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("rest"),
        factory.for_each(Seat)
        .group_by(lambda seat: seat.person, ConstraintCollectors.to_list())
        .penalize(HardSoftScore.ONE_HARD, lambda person, seats: breaches(seats))
        .as_constraint("windows"),
        factory.for_each(Seat)
        .group_by(lambda seat: seat.person, ConstraintCollectors.to_list())
        .penalize(HardSoftScore.ONE_SOFT, lambda person, seats: fairness(person.carried, person.step, seats))
        .as_constraint("fairness"),
        factory.for_each(Seat)
        .group_by(lambda seat: seat.person, ConstraintCollectors.to_list())
        .penalize(HardSoftScore.ONE_SOFT, lambda person, seats: peaks_beyond_one(seats))
        .as_constraint("second peak"),
        factory.for_each(Seat)
        .impact(HardSoftScore.ONE_SOFT, lambda seat: -seat.person.prices[seat.shift])
        .as_constraint("wishes and repeated peaks"),
    ]


def solve_with_timefold(problem: Problem, seconds: int) -> tuple[Assignment, ...]:
    """The roster of Timefold's default search after so many seconds (its start is not counted)."""
    config = SolverConfig(
        solution_class=Roster,
        entity_class_list=[Seat],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(seconds=seconds)),
    )
    solved = SolverFactory.create(config).build_solver().solve(_roster(problem))
    return tuple(sorted(Assignment(seat.shift, seat.person.id) for seat in solved.seats if seat.person is not None))


def _roster(problem: Problem) -> Roster:
    can = candidates(problem)
    zero = min(shift.start for shift in problem.shifts)
    people = [
        Person(p.id, *terms(problem, p), _prices(problem, p), [s.id for s in problem.shifts if p.id not in can[s.id]])
        for p in problem.staff
    ]
    seats = [_seat(shift, zero) for shift in problem.shifts for _ in range(shift.headcount)]
    for number, seat in enumerate(seats):
        seat.id = number
    return Roster(people, seats)


def _seat(shift: Shift, zero: datetime) -> Seat:
    start = int((shift.start - zero).total_seconds()) // 60
    return Seat(
        0,
        shift.id,
        start,
        start + shift.minutes,
        shift.local_date.toordinal(),
        shift.points,
        int(shift.night),
        int(bool(shift.peak)),
    )


def _prices(problem: Problem, person: Staff) -> dict[int, int]:
    """A wish "on" is granted once: every shift of that date earns it, and rest keeps people to one a day."""
    prices = {}
    for shift in problem.shifts:
        price = REPEAT_PEAK.weight_in(problem) * (person.last_giao_thua == 1 and "giao_thua" in shift.peak)
        for wish in problem.wishes_of.get(person.id, ()):
            if wish.local_date == shift.local_date:
                rule, sign = (WISH_OFF, 1) if wish.want == "off" else (WISH_ON, -1)
                price += sign * wish.weight * rule.weight_in(problem)
        prices[shift.id] = int(price)
    return prices
