"""The two sample enterprises over Tết Canh Tý: full rosters at once, and a proof for the small one."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from time import monotonic, sleep

import pytest

from planning import solve as planning_solve
from planning.engines.decomposition import subproblem
from planning.engines.portfolio import child_process, scheduler
from planning.engines.portfolio.first_incumbent import first_roster
from planning.outcome import Progress
from planning.problem import Assignment, Problem
from planning.score.check import check
from planning.solve import SolveOptions, solve
from tests.support.examples import seeds
from tests.unit.planning import sample
from tests.unit.planning.in_process import solved_by_count

load = cache(sample.load)
HOUR = 3600.0
"""Seconds: what ends by itself has them, however busy the machine."""


KNOWN: dict[tuple[int, int], tuple[tuple[Assignment, ...], str]] = {}


def first_roster_once(problem: Problem, *, seed: int) -> tuple[tuple[Assignment, ...], str]:
    """What the greedy made of a problem that is kept: a second's work for the large enterprise."""
    key = id(problem), seed
    if key not in KNOWN:
        KNOWN[key] = first_roster(problem, seed=seed)
    return KNOWN[key]


@pytest.fixture
def greedy_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning_solve, "first_roster", first_roster_once)


@pytest.mark.parametrize(("name", "seats"), [("gia-lai-2020", 267), ("small-2020", 69)])
@pytest.mark.parametrize("seed", seeds(3))
def test_greedy_fills_every_seat_and_breaks_nothing(name: str, seats: int, seed: int) -> None:
    roster, maker = first_roster_once(load(name), seed=seed)
    assert maker == "greedy"
    assert len(roster) == seats
    assert [v for v in check(load(name), roster) if v.hard] == []


def test_small_enterprise_is_proven_and_repeatable() -> None:
    heard: list[Progress] = []
    first = solve(load("small-2020"), SolveOptions(seconds=HOUR, seed=7, reproducible=True), on_progress=heard.append)
    assert first.status == "optimal"
    assert first.bound == first.objective == sum(v.cost for v in first.violations)
    assert first.gap == 0
    assert not first.shortages
    assert first.fault is None
    assert [p.cost for p in heard] == [cost for _, cost, _ in first.trace]
    assert first.certificate is not None
    assert first.certificate.proved and first.certificate.stopped_by == "proof"
    assert heard[0].missing == 0
    assert (
        first.assignments
        == solve(load("small-2020"), SolveOptions(seconds=HOUR, seed=7, reproducible=True)).assignments
    )


@pytest.mark.usefixtures("greedy_once")
def test_large_enterprise_gets_a_bound_long_before_its_proof_and_a_cancel_ends_the_search() -> None:
    heard: list[Progress] = []

    def is_bounded() -> bool:
        return any(news.bound is not None for news in heard)

    outcome = solve(
        load("gia-lai-2020"), SolveOptions(seconds=HOUR), on_progress=heard.append, should_cancel=is_bounded
    )
    assert outcome.status == "cancelled"
    assert outcome.trace[-1][0] < HOUR / 2
    assert len(heard) > 1
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.bound <= outcome.objective
    assert [v for v in outcome.violations if v.hard] == []


@pytest.mark.usefixtures("greedy_once")
def test_no_time_means_the_greedy_roster_and_no_claim() -> None:
    outcome = solve(load("small-2020"), SolveOptions(seconds=0))
    assert (outcome.status, outcome.bound, outcome.gap) == ("feasible", None, None)
    assert len(outcome.assignments) == 69


@pytest.mark.usefixtures("greedy_once")
def test_cancel_keeps_the_roster() -> None:
    outcome = solve(load("gia-lai-2020"), SolveOptions(seconds=HOUR), should_cancel=lambda: True)
    assert outcome.status == "cancelled"
    assert len(outcome.assignments) == 267


def test_an_engine_that_dies_costs_only_quality(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "MOST_DEATHS", 1)
    real = subproblem.to_json
    monkeypatch.setattr(subproblem, "to_json", lambda problem: real(problem)[:-1])
    outcome = solve(load("small-2020"), SolveOptions(seconds=HOUR))
    assert "JSONDecodeError" in (outcome.fault or "")
    assert (outcome.status, outcome.engine) == ("feasible", "greedy")
    assert len(outcome.assignments) == 69


def test_asking_for_a_roster_loads_no_solver() -> None:
    heavy = {"highspy", "numpy", "flask", "sqlalchemy"}
    code = f"import sys, planning.solve; print({heavy} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=child_process.ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "set()"


@cache
def without_leaders() -> tuple[Problem, list[int]]:
    """(the large enterprise with every leader away on one day, who they are)."""
    base = load("gia-lai-2020")
    leaders = [p.id for p in base.staff if "leadership" in p.duties]
    away = tuple(sample.away(staff_id, sample.MUNG_1, sample.MUNG_1) for staff_id in leaders)
    return Problem(base.shifts, base.staff, base.absences + away, base.wishes), leaders


@pytest.mark.usefixtures("greedy_once")
@pytest.mark.parametrize("is_searched", [False, True])
def test_everybody_away_on_one_day_is_proven_and_named(is_searched: bool) -> None:
    problem, leaders = without_leaders()
    outcome = solved_by_count(problem) if is_searched else solve(problem, SolveOptions(seconds=0))
    assert outcome.certificate is not None and outcome.certificate.stopped_by == ("work" if is_searched else "nothing")
    assert outcome.status == "infeasible"
    assert outcome.missing_bound == 2
    short = {problem.shift_of[s.shift_id]: s for s in outcome.shortages}
    assert [(s.duty, (s.local_date - sample.MUNG_1).days) for s in short] == [("leadership", -1), ("leadership", 0)]
    assert all(set(s.reasons["absence.away"]) == set(leaders) for s in short.values())


def test_a_killed_parent_takes_its_child_along() -> None:
    code = (
        "from tests.unit.planning import sample; from planning import solve\n"
        "solve.first_roster = lambda problem, *, seed: ((), 'nobody')\n"
        "heard = lambda news: print(news.bound, flush=True)\n"
        "solve.solve(sample.load('gia-lai-2020'), solve.SolveOptions(3600), on_progress=heard)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=child_process.ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    while parent.stdout.readline().strip() in {"None"}:
        pass
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    if not children.exists():
        parent.kill()
        pytest.skip("this system does not list the children of a process")
    engines = children.read_text().split()
    assert engines
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = monotonic() + 60
    while any(map(_is_alive, engines)) and monotonic() < until:
        sleep(0.1)
    assert [pid for pid in engines if _is_alive(pid)] == []


def _is_alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
