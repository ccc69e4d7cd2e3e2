"""peaks.second, peaks.repeat: the nights people remember go round.

A peak shift is one of Giao thừa, Mùng 1 or Mùng 2–3. Nobody does a second one while others have none, and
whoever stood at Giao thừa or on Mùng 1 does not do so again within so many Tết, the one planned included: 2 keeps
them from it at the next Tết, 3 makes it one Giao thừa in three years at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule

MOST_YEARS = 10
"""No campaign looks back further."""


def _second(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    peaks = [shift for shift in shifts if shift.peak]
    if len(peaks) > 1:
        ids = tuple(shift.id for shift in peaks)
        yield SECOND_PEAK.breach(problem, person.id, ids, {"count": len(peaks)}, amount=len(peaks) - 1)


def repeated(problem: Problem, person: Staff, shift: Shift) -> dict[str, int]:
    """The peaks that the person would stand again too soon on this shift → how many Tết ago they stood them."""
    stood = {"giao_thua": person.last_giao_thua, "mung_1": person.last_mung_1}
    return {peak: ago for peak, ago in stood.items() if peak in shift.peak and 0 < ago < _within(problem, peak)}


def _within(problem: Problem, peak: str) -> int:
    return REPEAT_PEAK.number(problem, peak)


def _repeat(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        for peak, ago in repeated(problem, person, shift).items():
            params: dict[str, int | str] = {"peak": peak}
            if ago > 1:
                params["ago"] = ago
            yield REPEAT_PEAK.breach(problem, person.id, (shift.id,), params)


SECOND_PEAK = Rule("peaks.second", hard=False, fixed=True, weight=1_000_00, of_person=_second)
REPEAT_PEAK = Rule(
    "peaks.repeat",
    hard=False,
    fixed=True,
    parameters=(
        Parameter("giao_thua", "years", 2, low=1, high=MOST_YEARS),
        Parameter("mung_1", "years", 2, low=1, high=MOST_YEARS),
    ),
    weight=25_00,
    of_person=_repeat,
)
