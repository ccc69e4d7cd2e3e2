"""The rules that column generation says, on the temptations retold with soft cover: wishes tempt instead of loads.

Where a case cannot be retold for one shift a day, `suits` must say no, so that nobody relies on that engine for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from benchmarks.roster.column_generation.adapter import HARD, IDLE, SAID, suits
from benchmarks.roster.column_generation.engine import improve
from planning.engines.candidates.forbidden import BARS
from planning.problem import Assignment, Problem, Shift, Wanted, Wish
from planning.rules import RULE_OF
from planning.score.check import check, cost_of
from planning.settings import Setting
from tests.unit.planning.tempting import TEMPTATIONS, TWO, WEEK, Temptation, with_setting
from tests.unit.planning.tiny import on, person, seats, shift

SEAT = 1_000_00
"""Price of one too few or too many: more than any wish."""


def retold(case: Temptation) -> Temptation:
    """Soft cover and no points; whoever carried a load wishes to be off all the time."""
    problem = case.problem
    shifts = tuple(_soft(each) for each in problem.shifts)
    loaded = [p.id for p in problem.staff if p.history_points]
    wishes = tuple(Wish(number, day, None, "off", 2) for number in loaded for day in problem.dates)
    staff = tuple(replace(p, history_points=0) for p in problem.staff)
    told = replace(problem, shifts=shifts, staff=staff, wishes=(*problem.wishes, *wishes))
    off = [code for code in RULE_OF if code not in HARD | SAID and not (code in IDLE and IDLE[code](told))]
    return replace(case, problem=replace(told, settings={**dict.fromkeys(off, Setting(on=False)), **told.settings}))


def _soft(each: Shift) -> Shift:
    wanted = each.wanted or Wanted(each.headcount, under=SEAT, over=SEAT)
    return replace(each, headcount=0, points=0, points_by={}, wanted=wanted)


RUN_OF_TWO = Temptation(
    "runs.min_days: retold",
    "runs.min_days",
    Problem(
        (shift(1, 3), shift(2, 4)),
        (person(1), person(2)),
        settings={"runs.min_days": Setting(on=True)},
        wishes=(Wish(1, on(4), None, "off", 2), Wish(2, on(3), None, "off", 2)),
        span=WEEK,
    ),
    ((1, 1), (2, 2)),
    None,
)
SHORT_REST = Temptation(
    "rest.between_shifts: late, then early",
    "rest.between_shifts",
    Problem((shift(1, 0, 14, template="Chiều"), shift(2, 1, 6, template="Sáng")), TWO),
    ((1, 1), (2, 1)),
    None,
)
BY_LOADS = {"runs.min_days"}
RETOLD = [retold(case) for case in TEMPTATIONS if case.code in (HARD | SAID) - BY_LOADS]
RETOLD += [retold(RUN_OF_TWO), retold(SHORT_REST)]
CASES = [case for case in RETOLD if suits(case.problem) and cost_of(check(case.problem, seats(*case.bad))) < SEAT]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
# Seats that must be filled, and two shifts a day: neither is a matter of paths.
NOT_TOLD = {"coverage.headcount", "limits.per_day"}
BY_BAR = ("eligibility.", "absence.", "protected.", "overlap.")


def by_paths(problem: Problem) -> tuple[Sequence[Assignment], int]:
    heard: list[tuple[Sequence[Assignment], int, int]] = []
    improve(problem, (), seconds=20, seed=0, emit=lambda *news: heard.append(news))
    best = min(heard, key=lambda news: cost_of(check(problem, news[0])) if news[0] else 1 << 60)
    return best[0], max(bound for _, bound, _ in heard)


def breaches(problem: Problem, roster: Iterable[Assignment], code: str) -> int:
    return sum(v.amount for v in check(problem, roster) if v.rule == code)


def test_every_rule_that_paths_say_is_told() -> None:
    assert {case.code for case in CASES} == (HARD | SAID) - NOT_TOLD


@each_case
def test_the_engine_resists(case: Temptation) -> None:
    bad = seats(*case.bad)
    roster, bound = by_paths(replace(case.problem))
    assert any(v.rule == case.code for v in check(case.problem, bad))
    assert [v for v in check(case.problem, roster) if v.hard] == []
    assert breaches(case.problem, roster, case.code) < breaches(case.problem, bad, case.code)
    assert cost_of(check(case.problem, roster)) == bound


@pytest.mark.parametrize("case", [c for c in CASES if not RULE_OF[c.code].locked], ids=lambda case: case.name)
def test_a_rule_that_is_off_binds_nobody(case: Temptation) -> None:
    off = with_setting(case.problem, case.code, on=False)
    roster, _ = by_paths(off)
    assert breaches(with_setting(case.problem, case.code, on=True), roster, case.code) > 0


@pytest.mark.parametrize("case", [c for c in CASES if c.code.startswith(BY_BAR)], ids=lambda case: case.name)
def test_without_its_bar_the_engine_falls_for_it(case: Temptation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(BARS, case.code)
    assert breaches(case.problem, by_paths(replace(case.problem))[0], case.code) > 0
