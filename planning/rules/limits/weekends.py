"""weekends.most: not too many weekends (Saturday, Sunday) with on-site duty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.time.minutes import row

_SATURDAY = 6  # of an ordinal modulo seven; Sunday is 0


def weekend(ordinal: int) -> int | None:
    """The ordinal of the Saturday of the weekend that this date belongs to, None on a weekday."""
    rest = ordinal % 7
    return ordinal if rest == _SATURDAY else ordinal - 1 if rest == 0 else None


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own, limit = row(problem, person, shifts), WEEKENDS.value(problem, "most", person=person)
    if limit is None:
        return
    worked = {saturday for day in own.days if (saturday := weekend(day))}
    if len(worked) > limit:
        pairs = zip(own.onsite, own.slots, strict=True)
        ids = tuple(shift.id for shift, slot in pairs if weekend(slot.day))
        params: dict[str, int | str] = {"count": len(worked), "limit": limit}
        yield WEEKENDS.breach(problem, person.id, ids, params, amount=len(worked) - limit)


WEEKENDS = Rule(
    "weekends.most",
    hard=True,
    weight=30_00,
    on=False,
    parameters=(Parameter("most", "weekends", 2, high=53),),
    of_person=_check_person,
)
