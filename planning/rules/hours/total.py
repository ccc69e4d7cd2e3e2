"""hours.total: on-site minutes of the whole plan, at least and at most; mostly what a person has of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule, could_take_some


def total_bounds(problem: Problem, person: Staff) -> tuple[int | None, int | None]:
    """(least, most) minutes; a campaign's least asks nothing of people who could take no shift of the plan."""
    least = HOURS_TOTAL.value(problem, "least", person=person)
    if least is not None and "hours.total:least" not in person.limits and not could_take_some(problem, person):
        least = None
    return least, HOURS_TOTAL.value(problem, "most", person=person)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    least, most = total_bounds(problem, person)
    if least is None and most is None:
        return
    own = [shift for shift in shifts if shift.form == "onsite"]
    total, ids = sum(shift.minutes for shift in own), tuple(shift.id for shift in own)
    if least is not None and total < least:
        params = {"least": least, "minutes": total}
        yield HOURS_TOTAL.breach(problem, person.id, ids, params, amount=least - total)
    if most is not None and total > most:
        yield HOURS_TOTAL.breach(problem, person.id, ids, {"most": most, "minutes": total}, amount=total - most)


HOURS_TOTAL = Rule(
    "hours.total",
    hard=True,
    weight=5,
    most_weight=1_00,
    parameters=(Parameter("least", "minutes"), Parameter("most", "minutes")),
    of_person=_check_person,
)
