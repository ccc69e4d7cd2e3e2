"""peaks.second, peaks.repeat: the nights people remember go round.

A peak shift is one of Giao thừa, Mùng 1 or Mùng 2–3. Nobody does a second one while others have none, and
whoever stood at Giao thừa or on Mùng 1 of the last Tết does not do so again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roster.planning.outcome import Violation
from roster.planning.problem import Problem, Shift, Staff
from roster.planning.rules.base import Rule


def _second(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    peaks = [shift for shift in shifts if shift.peak]
    if len(peaks) > 1:
        ids = tuple(shift.id for shift in peaks)
        yield SECOND_PEAK.breach(problem, person.id, ids, {"count": len(peaks)}, amount=len(peaks) - 1)


def repeated(person: Staff, shift: Shift) -> list[str]:
    """The peaks of the last Tết that the person would stand again on this shift."""
    worked = {"giao_thua": person.last_giao_thua, "mung_1": person.last_mung_1}
    return [peak for peak, last_time in worked.items() if last_time and peak in shift.peak]


def _repeat(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        for peak in repeated(person, shift):
            yield REPEAT_PEAK.breach(problem, person.id, (shift.id,), {"peak": peak})


SECOND_PEAK = Rule("peaks.second", hard=False, fixed=True, weight=1_000_00, of_person=_second)
REPEAT_PEAK = Rule("peaks.repeat", hard=False, fixed=True, weight=25_00, of_person=_repeat)
