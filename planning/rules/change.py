"""change.least: a re-plan moves as few people as it can away from the roster that they know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift, Staff
from planning.rules.base import Rule


def known_shifts(problem: Problem) -> dict[int, frozenset[int]]:
    """Staff id → ids of the shifts in the baseline."""
    found: dict[int, frozenset[int]] | None = problem.memo.get("change.known")
    if found is None:
        held: dict[int, set[int]] = {}
        for each in problem.baseline:
            held.setdefault(each.staff_id, set()).add(each.shift_id)
        found = problem.memo["change.known"] = {staff_id: frozenset(ids) for staff_id, ids in held.items()}
    return found


def changed_seats(before: Iterable[Assignment], after: Iterable[Assignment]) -> int:
    """Seats on which somebody else sits, nobody any more, or somebody where nobody did."""
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for each in (was := set(before)) ^ set(after):
        counts[each.shift_id][each in was] += 1
    return sum(max(gained, lost) for gained, lost in counts.values())


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if not problem.baseline:
        return
    before, now = known_shifts(problem).get(person.id, frozenset()), {shift.id for shift in shifts}
    if changed := tuple(sorted(before ^ now)):
        params: dict[str, int | str] = {"gained": len(now - before), "lost": len(before - now)}
        yield LEAST_CHANGE.breach(problem, person.id, changed, params, amount=len(changed))


LEAST_CHANGE = Rule("change.least", hard=False, fixed=True, weight=20_00, of_person=_check_person)
