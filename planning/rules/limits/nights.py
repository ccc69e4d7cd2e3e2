"""nights.most: not too many nights on site in the whole plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.time.minutes import row


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    limit = NIGHTS.value(problem, "most", person=person)
    ids = tuple(shift.id for shift in row(problem, person, shifts).onsite if shift.night)
    if limit is not None and len(ids) > limit:
        params: dict[str, int | str] = {"count": len(ids), "limit": limit}
        yield NIGHTS.breach(problem, person.id, ids, params, amount=len(ids) - limit)


NIGHTS = Rule(
    "nights.most",
    hard=True,
    weight=30_00,
    on=False,
    parameters=(Parameter("most", "nights", 8, high=366),),
    of_person=_check_person,
)
