"""What rules about too many days one after the other share: which days count is theirs to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Staff
from planning.rules.base import Rule
from planning.time.minutes import day_of, runs


def too_many(
    rule: Rule,
    problem: Problem,
    person: Staff,
    days: Sequence[int],
    *,
    starting: Callable[[int, int], tuple[int, ...]],
) -> Iterator[Violation]:
    """Runs of ``days`` (ordinals) longer than the rule's ``most``; ``starting``: ids of the shifts that make a run."""
    limit = rule.value(problem, "most", person=person)
    if limit is None or len(days) <= limit:
        return
    for first, last in runs(days):
        if (excess := last - first + 1 - limit) > 0:
            params: dict[str, int | str] = {
                "from": day_of(first),
                "to": day_of(last),
                "count": last - first + 1,
                "limit": limit,
            }
            yield rule.breach(problem, person.id, starting(first, last), params, amount=excess)
