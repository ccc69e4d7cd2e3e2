"""coverage.skills: a shift has as many people of each skill as it asks for.

A seat that is empty could still bring the skill, so it is not missed twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift
from planning.rules.base import Rule


def _check_shift(problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
    if not shift.skills:
        return
    people = set(staff_ids)
    empty = max(0, shift.headcount - len(people))
    for skill, required in sorted(shift.skills.items()):
        present = sum(skill in problem.person[staff_id].skills for staff_id in people)
        if (lacking := required - present - empty) > 0:
            params: dict[str, int | str] = {"skill": skill, "required": required, "present": present}
            yield SKILLS.breach(problem, None, (shift.id,), params, amount=lacking)


SKILLS = Rule("coverage.skills", hard=True, weight=50_00, of_shift=_check_shift)
