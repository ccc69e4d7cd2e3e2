"""pairs.together: two people share every shift that has room for both and that both could take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Pair, PairKind, Problem, Shift
from planning.rules.base import Rule, could_take


def pairs(problem: Problem, kind: PairKind) -> tuple[Pair, ...]:
    """The pairs of one kind."""
    return tuple(pair for pair in problem.pairs if pair.kind == kind)


def touching(problem: Problem, kind: PairKind, staff_ids: Sequence[int]) -> list[Pair]:
    """The pairs of one kind that have somebody among these people, each once."""
    index: dict[int, list[int]] | None = problem.facts.get(f"pairs.{kind}")
    if index is None:
        index = problem.facts[f"pairs.{kind}"] = {}
        for number, pair in enumerate(problem.pairs):
            if pair.kind == kind:
                index.setdefault(pair.first, []).append(number)
                index.setdefault(pair.second, []).append(number)
    numbers = {number for each in staff_ids for number in index.get(each, ())} if index else ()
    return [problem.pairs[number] for number in sorted(numbers)]


def shares(problem: Problem, pair: Pair, shift: Shift) -> bool:
    """Whether the shift is one that the two must share or leave: room for both, and nothing keeps either away."""
    has_room = shift.headcount >= 2 or shift.wanted is not None
    return has_room and all(could_take(problem, problem.person[each], shift) for each in (pair.first, pair.second))


def _check_shift(problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
    for pair in touching(problem, "together", staff_ids):
        if (pair.first in staff_ids) != (pair.second in staff_ids) and shares(problem, pair, shift):
            present, absent = (pair.first, pair.second) if pair.first in staff_ids else (pair.second, pair.first)
            yield TOGETHER.breach(problem, present, (shift.id,), {"other": absent})


TOGETHER = Rule("pairs.together", hard=True, weight=30_00, of_shift=_check_shift)
