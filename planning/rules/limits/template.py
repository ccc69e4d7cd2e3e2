"""limits.template: nobody does more shifts of one name ("Đêm") than their own limit for that name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule

_PREFIX = "limits.template:"


def template_limits(person: Staff) -> dict[str, int]:
    """Name of a shift → how many of them the person may do at most."""
    return {key[len(_PREFIX) :]: most for key, most in person.limits.items() if key.startswith(_PREFIX)}


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if not person.limits:
        return
    counts = Counter(shift.template for shift in shifts)
    for template, limit in sorted(template_limits(person).items()):
        if counts[template] > limit:
            ids = tuple(shift.id for shift in shifts if shift.template == template)
            params: dict[str, int | str] = {"template": template, "count": counts[template], "limit": limit}
            yield TEMPLATE_LIMIT.breach(problem, person.id, ids, params, amount=counts[template] - limit)


TEMPLATE_LIMIT = Rule("limits.template", hard=True, weight=50_00, of_person=_check_person)
