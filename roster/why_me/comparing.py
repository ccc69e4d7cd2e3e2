"""PURE What one person carries beside those who share a duty, and what speaks against each of the others.

What others are kept away by that is not for colleagues (leave, health, limits and wishes of their own) is counted and
never named: nobody may learn from their own page what is another's private matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from roster.planning.explain.who_else import Candidate, candidates_for
from roster.planning.fairness_ledger import Line, ledger, sharing
from roster.planning.problem import Assignment, Problem

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
"""Rules whose breach follows from the published roster and the ledger, which everybody may read; but for people with a
number of their own, which is nobody's business."""
COUNTED_RULES = ("hours.month", "hours.year")
"""Those that also follow from overtime outside the roster: said, and nobody named."""
PRIVATE, HEAVIER, ABLE = "private", "heavier", "able"


@dataclass(frozen=True)
class Beside:
    """One person's plan beside the plans of those who share ``duty``; points in hundredths, of this plan alone.

    ``load`` and ``mean_load`` count what is carried in from earlier Tết, as of somebody full-time and present.
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
    """``why``: a rule named above, ``HEAVIER`` (would carry more than whoever has it), ``PRIVATE`` or ``ABLE``."""

    why: str
    staff_ids: tuple[int, ...]


def beside(problem: Problem, assignments: Iterable[Assignment], staff_id: int, duty: str) -> Beside | None:
    """Nothing for somebody whom the problem does not know."""
    lines = {line.staff_id: line for line in ledger(problem, assignments)}
    mine = lines.get(staff_id)
    if mine is None:
        return None
    group = _group(problem, lines, mine, duty)
    plans = [line.plan for line in group]
    return Beside(
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


def others(problem: Problem, assignments: Sequence[Assignment], staff_id: int, shift_id: int) -> list[Others]:
    """Everybody else who may serve such a shift and is not on it, by what speaks against them, in the order of
    ``OPEN_RULES``; those who are merely able come last."""
    lines = {line.staff_id: line for line in ledger(problem, assignments)}
    groups: dict[str, list[int]] = {}
    for each in candidates_for(problem, assignments, shift_id, replacing=staff_id):
        if each.staff_id != staff_id:
            groups.setdefault(_against(problem, each, shift_id, lines, staff_id), []).append(each.staff_id)
    return [
        Others(why, tuple(groups[why]))
        for why in (*OPEN_RULES, *COUNTED_RULES, HEAVIER, PRIVATE, ABLE)
        if why in groups
    ]


def _group(problem: Problem, lines: Mapping[int, Line], mine: Line, duty: str) -> list[Line]:
    ids = {person.id for person in sharing(problem, duty)} | {mine.staff_id}
    return [lines[each] for each in sorted(ids)]


def _against(problem: Problem, other: Candidate, shift_id: int, lines: Mapping[int, Line], mine: int) -> str:
    person = problem.person[other.staff_id]
    own = {key.partition(":")[0] for key in person.limits}
    broken = (set(other.codes) or {each.rule for each in other.touches}) - own
    found = next((code for code in (*OPEN_RULES, *COUNTED_RULES) if code in broken), None)
    if found is not None or other.breaks:
        return found or PRIVATE
    worth = problem.shift_of[shift_id].worth(person)
    return HEAVIER if lines[other.staff_id].relative + worth > lines[mine].relative else ABLE
