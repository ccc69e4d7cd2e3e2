"""fairness.load: the load carried in plus the plan weighs more and more the higher it gets.

Load is relative: whoever works part-time or is away for part of the plan reaches the same price with less of it.

Over a grid b = step, 2·step, … the cost is the sum of max(0, load − b): convex, so moving a shift from a loaded
person to a lighter one always pays, and linear, so that a solver can prove it. People are weighed against those
who can take the same seats, so within a duty group the loads draw level. Each person with a cost yields one
entry; it is the price of the roster, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.time.points import LOCAL

FULL_CAPACITY, LEAST_CAPACITY = 100_00, 10_00
_DAY = timedelta(days=1)


def load_cost(load: int, step: int) -> int:
    """Cost of one person's load (hundredths of a point): the sum of max(0, load − b), in closed form."""
    full = max(0, load) // step
    return full * load - step * full * (full + 1) // 2


def capacity(problem: Problem, person: Staff) -> int:
    """Return what the person can carry against somebody who is there full-time all the plan long, in hundredths of a
    percent.

    Part-time share times presence (dates of the plan without leave), at least a tenth.
    """
    known: dict[int, int] = problem.facts.setdefault("fairness.capacity", {})
    if person.id not in known:
        days = len(problem.dates) or 1
        known[person.id] = max(LEAST_CAPACITY, person.share * 100 * present_days(problem, person) // days)
    return known[person.id]


def present_days(problem: Problem, person: Staff) -> int:
    """Dates of the plan without leave."""
    return (len(problem.dates) or 1) - len(_away(problem, person))


def _away(problem: Problem, person: Staff) -> set[date]:
    leave = problem.absences_of.get(person.id, ())
    if not leave:
        return set()
    spans = [(day, datetime.combine(day, time(), LOCAL)) for day in problem.dates]
    return {day for day, start in spans for a in leave if a.start < start + _DAY and start < a.end}


def terms(problem: Problem, person: Staff) -> tuple[int, int]:
    """(load carried in, step) of this person, in hundredths of a point: both shrink with the capacity."""
    known: dict[int, tuple[int, int]] = problem.facts.setdefault("fairness.terms", {})
    if person.id not in known:
        share, step = capacity(problem, person), FAIRNESS.number(problem, "step")
        known[person.id] = _rounded(person.history_points, share), max(100, _rounded(step, share))
    return known[person.id]


def _rounded(points: int, share: int) -> int:
    return (points * share + FULL_CAPACITY * 50) // (FULL_CAPACITY * 100) * 100


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    carried, step = terms(problem, person)
    plan = sum(shift.worth(person) for shift in shifts)
    if cost := load_cost(carried + plan, step):
        params: dict[str, int | str] = {"load": carried + plan, "plan": plan, "history": carried}
        if (share := capacity(problem, person)) != FULL_CAPACITY:
            params["capacity"] = share
        yield FAIRNESS.breach(problem, person.id, (), params, amount=cost)


FAIRNESS = Rule(
    "fairness.load",
    hard=False,
    fixed=True,
    parameters=(Parameter("step", "points", 10_00, low=5_00, high=1000_00),),
    weight=1,
    most_weight=10,
    of_person=_check_person,
)
