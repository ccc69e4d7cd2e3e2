"""fairness.load: the load carried in plus the plan weighs more and more the higher it gets.

Over a grid b = step, 2·step, … the cost is the sum of max(0, load − b): convex, so moving a shift from a loaded
person to a lighter one always pays, and linear, so that a solver can prove it. People are weighed against those
who can take the same seats, so within a duty group the loads draw level. Each person with a cost yields one
entry; it is the price of the roster, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roster.planning.problem import Problem, Shift, Staff, Violation
from roster.planning.rules.base import Parameter, Rule


def load_cost(load: int, step: int) -> int:
    """Cost of one person's load (hundredths of a point): the sum of max(0, load − b), in closed form."""
    full = max(0, load) // step
    return full * load - step * full * (full + 1) // 2


def _of_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    plan = sum(shift.worth(person) for shift in shifts)
    load = person.history_points + plan
    if cost := load_cost(load, FAIRNESS.number(problem, "step")):
        params = {"load": load, "plan": plan, "history": person.history_points}
        yield FAIRNESS.breach(problem, person.id, (), params, amount=cost)


FAIRNESS = Rule(
    "fairness.load",
    hard=False,
    fixed=True,
    parameters=(Parameter("step", "points", 10_00, low=1_00, high=1000_00),),
    weight=1,
    of_person=_of_person,
)
