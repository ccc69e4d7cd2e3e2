"""PURE What one person carries beside those who share a duty, and what speaks against each of the others.

Whoever is named is named by what everybody may read: the published roster and the ledger, judged as if nobody had
leave, protection, wishes or numbers of their own (``planning.public_view``). Whether any of the rest is kept away by
such a thing is said as a number, and only where the number points at nobody: in a commune of four, "one has a reason
of their own" is a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from planning.explain.who_else import Candidate, candidates_for
from planning.fairness_ledger import Line, ledger, sharing
from planning.problem import Assignment, Problem
from planning.public_view import in_the_open

OPEN_RULES = (
    "overlap.shifts",
    "rest.between_shifts",
    "sequence.templates",
    "hours.continuous",
    "hours.rolling",
    "hours.day",
    "hours.week",
    "rest.weekly",
    "nights.in_a_row",
    "nights.most",
    "weekends.most",
    "runs.max_days",
    "limits.per_day",
    "peaks.repeat",
    "peaks.second",
)
"""Rules whose breach in the open follows from the published roster and the ledger alone."""
FEWEST = 5
"""Of fewer people without a name it is not said how many could take the shift."""


@dataclass(frozen=True)
class PlanBeside:
    """One person's plan beside the plans of those who share ``duty``; points in hundredths, of this plan alone.

    ``load`` and ``mean_load`` count what is carried in from earlier Tết: one's own by one's share and presence, the
    others' as if they were full-time and present, because when they are not is their own matter.
    """

    duty: str
    shifts: int
    points: int
    people: int
    lowest: int
    highest: int
    mean: float
    load: int
    mean_load: float


@dataclass(frozen=True)
class Others:
    """Everybody else who may serve such a shift and is not on it.

    ``named``: rule of ``OPEN_RULES`` → staff ids, in that order; ``rest``: how many more there are; ``heavier``: how
    many of these would carry more than whoever has it; ``able``: how many of these could take it, None where that
    would say of somebody that they cannot.
    """

    named: Mapping[str, tuple[int, ...]]
    rest: int
    heavier: int
    able: int | None


def beside(problem: Problem, assignments: Iterable[Assignment], staff_id: int, duty: str) -> PlanBeside | None:
    """Nothing for somebody whom the problem does not know."""
    opened = in_the_open(problem, staff_id)
    lines = {line.staff_id: line for line in ledger(opened, assignments)}
    mine = lines.get(staff_id)
    if mine is None:
        return None
    group = [lines[each] for each in sorted({person.id for person in sharing(opened, duty)} | {staff_id})]
    plans = [line.plan for line in group]
    return PlanBeside(
        duty=duty,
        shifts=mine.shifts,
        points=mine.plan,
        people=len(group),
        lowest=min(plans),
        highest=max(plans),
        mean=fmean(plans),
        load=mine.relative,
        mean_load=fmean(line.relative for line in group),
    )


def others(problem: Problem, assignments: Sequence[Assignment], staff_id: int, shift_id: int) -> Others:
    opened = in_the_open(problem, staff_id)
    against: dict[str, list[int]] = {}
    rest: list[int] = []
    for each in candidates_for(opened, assignments, shift_id, replacing=staff_id):
        if each.staff_id != staff_id:
            code = _against(each)
            (rest if code is None else against.setdefault(code, [])).append(each.staff_id)
    return Others(
        {code: tuple(against[code]) for code in OPEN_RULES if code in against},
        len(rest),
        _heavier(
            opened, {line.staff_id: line for line in ledger(opened, assignments)}, rest, staff_id, shift_id=shift_id
        ),
        _able(problem, assignments, shift_id, staff_id, rest=rest),
    )


def _against(other: Candidate) -> str | None:
    broken = set(other.codes) or {each.rule for each in other.touches}
    return next((code for code in OPEN_RULES if code in broken), None)


def _heavier(opened: Problem, lines: Mapping[int, Line], rest: Iterable[int], mine: int, *, shift_id: int) -> int:
    shift, own = opened.shift_of[shift_id], lines[mine].relative
    return sum(lines[each].relative + shift.worth(opened.person[each]) > own for each in rest)


def _able(
    problem: Problem, assignments: Sequence[Assignment], shift_id: int, staff_id: int, *, rest: Sequence[int]
) -> int | None:
    if len(rest) < FEWEST:
        return None
    found = candidates_for(problem, assignments, shift_id, replacing=staff_id, among=rest)
    able = sum(not each.breaks for each in found if each.staff_id != staff_id)
    return able if 2 * able >= len(rest) else None
