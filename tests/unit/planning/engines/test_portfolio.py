"""The portfolio: engines by turns and side by side, their deaths, their orphans, their time."""

from __future__ import annotations

from dataclasses import replace
from queue import SimpleQueue
from time import monotonic

import pytest
from hypothesis import strategies as st

from planning.certificate_facts import contradictions, facts_of
from planning.claims import Claims
from planning.codec import to_json
from planning.engines.decomposition import linking_duties
from planning.engines.decomposition.decomposition import Decomposition
from planning.engines.decomposition.subproblem import WholeComponent
from planning.engines.local_search.engine import build
from planning.engines.portfolio import registry, scheduler
from planning.engines.portfolio.scheduler import EngineRun, Portfolio
from planning.engines.portfolio.worker import EngineWorker, Task, WorkerMessage
from planning.engines.work_budget import WorkBudget
from planning.outcome import Progress
from planning.problem import Assignment, Problem
from planning.score.check import check
from planning.score.incremental import Tally
from planning.score.score import forced_by_pins, score_of
from planning.solve import SolveOptions, solve
from tests.support.examples import for_any
from tests.unit.planning import any_problem
from tests.unit.planning.in_process import Inside, solved
from tests.unit.planning.tiny import on, person, proven_by_highs, shift


def units(count: int) -> Problem:
    """Units of three people who share nobody."""
    staff = [
        person(10 * u + k, unit=f"U{u}", eligible_units=frozenset({f"U{u}"}), history_points=700 * k)
        for u in range(count)
        for k in range(3)
    ]
    shifts = [shift(100 * u + d, d, unit=f"U{u}", points=1000 + 100 * d) for u in range(count) for d in range(1, 6)]
    return Problem(tuple(shifts), tuple(staff))


def test_units_are_proven_one_by_one_and_add_up() -> None:
    problem, heard = units(5), list[Progress]()
    outcome = solve(problem, SolveOptions(seconds=40), on_progress=heard.append)
    assert outcome.status == "optimal" and outcome.fault is None
    assert outcome.certificate is not None
    assert (outcome.certificate.groups, outcome.certificate.groups_proved) == (5, 5)
    assert outcome.objective == outcome.bound == proven_by_highs(problem, build(problem))[1]
    assert [news.cost for news in heard] == sorted((news.cost for news in heard), reverse=True)
    bounds = [news.bound or 0 for news in heard]
    assert bounds == sorted(bounds)


def test_relabelling_people_leaves_a_proven_cost_alone() -> None:
    problem = units(2)
    renamed = {p.id: 999 - p.id for p in problem.staff}
    staff = tuple(replace(p, id=renamed[p.id]) for p in reversed(problem.staff))
    one, other = solved(problem), solved(replace(problem, staff=staff))
    assert one.status == other.status == "optimal"
    assert one.objective == other.objective


def test_one_more_person_never_raises_the_proven_shortage() -> None:
    busy_day = tuple(shift(n, 1, headcount=2) for n in range(1, 4))
    problem = Problem(busy_day, (person(1), person(2)))
    more = replace(problem, staff=(*problem.staff, person(3)))
    fewer, missing = solved(more), solved(problem)
    assert (fewer.missing_bound, missing.missing_bound) == (3, 4)
    assert fewer.status == missing.status == "infeasible"
    assert sum(s.missing for s in fewer.shortages) == 3


def test_a_draft_that_is_better_is_where_the_search_begins() -> None:
    problem = units(3)
    best = tuple(proven_by_highs(problem, build(problem))[0])
    outcome = solve(problem, SolveOptions(seconds=0), start=best)
    greedy = score_of(check(problem, build(problem)))
    assert score_of(check(problem, outcome.assignments)) <= greedy
    assert outcome.objective == score_of(check(problem, best)).cost


def test_a_draft_that_no_longer_fits_does_no_harm() -> None:
    problem = units(2)
    wild = [Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff] + [Assignment(7777, 1)]
    outcome = solve(problem, SolveOptions(seconds=0), start=wild)
    assert [v for v in outcome.violations if v.hard] == []


@for_any(any_problem.problems(), examples=60)
def test_whatever_the_problem_what_comes_back_breaks_no_more_than_pins_do(problem: Problem) -> None:
    start = [Assignment(problem.shifts[0].id, p.id) for p in problem.staff]
    outcome = solve(problem, SolveOptions(seconds=0), start=start)
    assert score_of(check(problem, outcome.assignments), forced_by_pins(problem)).broken == 0
    assert outcome.violations == tuple(check(problem, outcome.assignments))


def test_a_worker_serves_one_task_after_another_and_hears() -> None:
    inbox = SimpleQueue[WorkerMessage]()
    worker = EngineWorker(registry.ENGINES["highs"], inbox)
    problem = units(1)
    try:
        assert inbox.get(timeout=60).said == {"ready": True}
        for number in (1, 2):
            worker.give(Task(number, to_json(problem), build(problem), 20, 0))
            worker.tell(number, build(problem))
            said = [inbox.get(timeout=60).said or {} for _ in range(2)]
            while said[-1].get("done") != number:
                said.append(inbox.get(timeout=60).said or {"done": number})
            assert {line.get("task") for line in said[:-1]} == {number}
            assert said[-1]["memory"] > 10_000
            assert said[-2]["bound"] == proven_by_highs(problem, build(problem))[1]
    finally:
        worker.kill()
    assert worker.process.returncode is not None


class OnlyHighs(Inside):
    """HiGHS, whatever was asked for."""

    def run(self, problem: Problem, task: Task, emit: registry.Emit, done: WorkBudget | None) -> None:
        registry.load(registry.ENGINES["highs"].module)(
            problem, task.start, seconds=task.seconds, seed=task.seed, emit=emit, hear=lambda: None
        )


@for_any(any_problem.problems(), st.booleans(), examples=60)
def test_whatever_the_problem_rosters_are_lawful_and_bounds_true(problem: Problem, tear: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "EngineWorker", OnlyHighs)
        patch.setattr(scheduler, "engines_for", lambda problem: ("highs",))
        if tear:
            patch.setattr(linking_duties, "LARGE", 1)
        outcome = solve(problem, SolveOptions(seconds=30))
    _roster, least, _missing = proven_by_highs(problem, build(problem))
    score = score_of(outcome.violations, forced_by_pins(problem))
    assert outcome.certificate is not None and outcome.fault is None
    assert contradictions(outcome.certificate, facts_of(problem, outcome.assignments)) == ()
    assert score.broken == 0
    if not score.lacking:
        assert outcome.bound is not None and outcome.bound <= least <= score.cost
        assert tear or problem.baseline or outcome.bound == least == score.cost


def test_a_lawful_roster_never_gives_way_to_a_cheaper_one_that_breaks_a_rule() -> None:
    """Ten minutes too few are cheaper than a dear duty for somebody who has carried much, and yet forbidden."""
    tired = person(2, history_points=60_00, limits={"hours.total:least": 490})
    problem = Problem((shift(1, 0, 7, 8), shift(2, 0, 7, 8.25, points=9600)), (person(1), tired))
    lawful = (Assignment(1, 1), Assignment(2, 2))
    for start in (lawful, ()):
        outcome = solved(problem, start=start)
        assert outcome.assignments == lawful
        assert outcome.status == "optimal" and outcome.objective == score_of(check(problem, lawful)).cost


def test_an_engine_that_claims_too_much_is_found_out(search: Portfolio) -> None:
    subproblem = search.decomposition.subproblems[0]
    best, bound, _ = proven_by_highs(subproblem.problem, subproblem.roster)
    subproblem.offer(tuple(best))
    plain = subproblem.bound
    run = EngineRun(1, OnlyHighs(registry.ENGINES["highs"], search.inbox), subproblem, 9, until=monotonic() + 9)  # type: ignore[arg-type]
    search.runs = [run]
    search._hear(run, {"task": 1, "roster": None, "bound": bound + 1, "missing": 0})
    assert not subproblem.is_settled and subproblem.bound == plain
    assert ["engine.bound" in fault for fault in search.report.refused] == [True]
    search._hear(run, {"task": 1, "roster": None, "bound": bound, "missing": 0})
    assert not subproblem.is_settled, "it is not believed again"
    subproblem.prove(bound, 1, "other")
    (fault,) = subproblem.claims.take_faults()
    assert "other" in fault and not subproblem.missing, "nor is a seat that is filled said to be empty"
    subproblem.prove(bound, 0, "third")
    assert subproblem.is_proven and not subproblem.claims.take_faults()


def test_a_lie_of_the_only_engine_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lying(OnlyHighs):
        def give(self, task: Task) -> None:
            heard = SimpleQueue[WorkerMessage]()
            own, self.inbox = self.inbox, heard
            super().give(task)
            self.inbox = own
            while not heard.empty():
                line = heard.get()
                assert line.said is not None
                if "bound" in line.said:
                    line.said["bound"] += 500
                own.put(line)

    monkeypatch.setattr(scheduler, "EngineWorker", Lying)
    monkeypatch.setattr(scheduler, "engines_for", lambda problem: ("highs",))
    outcome = solve(units(1), SolveOptions(seconds=20))
    assert outcome.certificate is not None and "engine.bound" in (outcome.fault or "")
    assert not outcome.certificate.proved and outcome.status == "feasible"
    assert outcome.certificate.stopped_by == "nothing"
    assert contradictions(outcome.certificate, facts_of(units(1), outcome.assignments)) == ()


def test_bounds_that_add_up_to_more_than_a_lawful_roster_costs_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "EngineWorker", OnlyHighs)
    monkeypatch.setattr(WholeComponent, "bound", property(lambda self: self.subproblem.bound + 1))
    outcome = solve(units(2), SolveOptions(seconds=20))
    assert outcome.bound is None and "bound.belied" in (outcome.fault or "")
    assert outcome.certificate is not None and not outcome.certificate.proved


class Ears:
    def hear(self, engine: str | None) -> None:
        pass

    def keep(self) -> None:
        pass


@pytest.fixture
def search() -> Portfolio:
    problem = units(3)
    decomposition = Decomposition(problem, Tally(problem, build(problem)), seed=0)
    return Portfolio(
        decomposition, until=monotonic() + 100, seed=0, workers=2, work=None, should_stop=lambda: False, audience=Ears()
    )


def test_small_pieces_come_first_and_time_is_shared(search: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "engines_for", lambda problem: ("highs", "lns"))
    small, middle, large = search.decomposition.subproblems
    for size, subproblem in enumerate((small, middle, large), start=1):
        subproblem.__dict__["size"] = size * 10
        subproblem.claims = Claims(subproblem.score)
    chosen = search._choose()
    assert chosen is not None
    assert chosen[:2] == (small, "highs") and 30 < chosen[2] < 34  # a sixth of 100 seconds, twice
    small.rounds = 1
    small.running.clear()
    assert (search._choose() or (None,))[0] is middle
    for subproblem in (middle, large):
        subproblem.prove(subproblem.score.cost, 0, "highs")
    small.running.add("lns")
    chosen = search._choose()
    assert chosen is not None and chosen[:2] == (small, "highs"), "a second engine joins the one open subproblem"


def test_an_engine_that_keeps_dying_is_left_out(search: Portfolio) -> None:
    subproblem = search.decomposition.subproblems[0]
    assert list(search._engines(subproblem))
    for name in registry.ENGINES:
        search.deaths[name] = scheduler.MOST_DEATHS
    assert list(search._engines(subproblem)) == []


def test_a_worker_that_died_at_rest_is_not_used_again(search: Portfolio) -> None:
    dead = EngineWorker(registry.ENGINES["highs"], search.inbox)
    search.resting.append(dead)
    dead.process.kill()
    dead.process.wait()
    fresh = search._worker("highs")
    fresh.kill()
    assert fresh is not dead and search.resting == []


def test_a_death_that_is_heard_of_at_rest_ends_the_rest(search: Portfolio) -> None:
    dead = EngineWorker(registry.Engine("nothing", "nothing"), search.inbox)
    search.resting.append(dead)
    until = monotonic() + 60
    while search.resting and monotonic() < until:
        search._attend()
    assert search.resting == [] and search.report.faults == []


class Mute(OnlyHighs):
    """A child that never says that it is ready."""

    def __init__(self, engine: registry.Engine, inbox: SimpleQueue[WorkerMessage]) -> None:
        super().__init__(engine, inbox)
        self.is_ready = self.killed = False

    def kill(self) -> None:
        self.killed = True


def test_a_child_that_never_gets_ready_is_no_word_about_its_piece(
    search: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "EngineWorker", Mute)
    monkeypatch.setattr(scheduler, "engines_for", lambda problem: ("highs",))
    monkeypatch.setattr(scheduler, "POLL_SECONDS", 0.001)
    search.workers = 1
    started: list[EngineRun] = []
    for deaths in range(1, scheduler.MOST_DEATHS + 1):
        search._employ()
        (run,) = search.runs
        started.append(run)
        search._attend()
        assert search.runs == [run], "it is given its time"
        run.born -= scheduler.START_SECONDS
        search._attend()
        assert search.runs == [] and search.deaths["highs"] == deaths
        assert not run.subproblem.spent and not run.subproblem.rounds, "the subproblem is as open as before"
    assert len({run.subproblem for run in started}) == 1 and all(run.worker.killed for run in started)  # type: ignore[attr-defined]
    search._employ()
    assert search.runs == [], "an engine that never starts is given up in the end"
    assert len(search.report.faults) == scheduler.MOST_DEATHS and "engine.mute" in search.report.faults[0]


def test_a_child_that_got_ready_while_nobody_listened_is_not_mute(search: Portfolio) -> None:
    worker = Mute(registry.ENGINES["highs"], search.inbox)
    run = EngineRun(1, worker, search.decomposition.subproblems[0], 9)  # type: ignore[arg-type]
    run.born -= 2 * scheduler.START_SECONDS
    search.runs = [run]
    search.inbox.put(WorkerMessage(worker, {"ready": True}))  # type: ignore[arg-type]
    search._attend()
    assert search.runs == [run] and run.until and not worker.killed


def test_an_engine_that_starts_late_still_finds_its_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    late: list[Mute] = []

    class Late(Mute):
        def __init__(self, engine: registry.Engine, inbox: SimpleQueue[WorkerMessage]) -> None:
            super().__init__(engine, inbox)
            late.append(self)
            if len(late) > 1:
                inbox.put(WorkerMessage(self, {"ready": True}))  # type: ignore[arg-type]

    monkeypatch.setattr(scheduler, "EngineWorker", Late)
    monkeypatch.setattr(scheduler, "START_SECONDS", 0.05)
    monkeypatch.setattr(scheduler, "engines_for", lambda problem: ("highs",))
    outcome = solve(units(1), SolveOptions(seconds=20, workers=1))
    assert late[0].killed and "engine.mute" in (outcome.fault or "")
    assert outcome.status == "optimal"


def test_a_cancel_does_not_wait_for_a_child_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "EngineWorker", Mute)
    asked: list[int] = []
    waits: list[float | None] = []

    class Inbox(SimpleQueue[WorkerMessage]):
        def get(self, block: bool = True, timeout: float | None = None) -> WorkerMessage:
            waits.append(timeout if block else 0.0)
            return super().get(block, timeout)

    def should_cancel() -> bool:
        asked.append(1)
        return len(asked) > 3

    monkeypatch.setattr(scheduler, "SimpleQueue", Inbox)
    assert solve(units(1), SolveOptions(seconds=60), should_cancel=should_cancel).status == "cancelled"
    assert len(asked) < 10, "and no more is asked then"
    assert waits and all(each is not None and each <= scheduler.POLL_SECONDS for each in waits), "it looks often"


def test_news_of_one_engine_reaches_the_others_on_the_piece(search: Portfolio) -> None:
    told: list[tuple[str, int]] = []

    class Silent:
        def __init__(self, engine: str) -> None:
            self.engine = engine

        def tell(self, number: int, roster: tuple[Assignment, ...]) -> None:
            told.append((self.engine, number))

        def kill(self) -> None:
            told.append((self.engine, 0))

    subproblem = search.decomposition.subproblems[0]
    best, bound, _ = proven_by_highs(subproblem.problem, subproblem.roster)
    subproblem.roster, subproblem.claims = (), Claims(subproblem.judge(()))
    search.decomposition.tally.put(subproblem.decides, ())
    runs = [EngineRun(n, Silent(name), subproblem, 9, until=monotonic() + 9) for n, name in ((1, "highs"), (2, "lns"))]  # type: ignore[arg-type]
    search.runs = list(runs)
    pairs = [(each.shift_id, each.staff_id) for each in best]
    search._hear(runs[0], {"task": 1, "roster": pairs, "bound": 0, "missing": 0})
    assert told == [("lns", 2)]
    assert search.decomposition.tally.assignments(subproblem.decides) == tuple(sorted(best))
    search._hear(runs[0], {"task": 1, "roster": None, "bound": bound, "missing": 0})
    assert told == [("lns", 2), ("lns", 0)], "what is proven needs no second engine"
    assert search.runs == runs[:1]
    assert runs[0].until < monotonic(), "nor does the first one search on in vain"


def test_the_span_of_the_plan_is_kept_in_its_pieces() -> None:
    problem = replace(units(2), span=(on(0), on(20)))
    decomposition = Decomposition(problem, Tally(problem, ()), seed=0)
    assert {subproblem.problem.dates for subproblem in decomposition.subproblems} == {problem.dates}


def test_unknown_engines_die_with_a_word() -> None:
    inbox = SimpleQueue[WorkerMessage]()
    worker = EngineWorker(registry.Engine("nothing", "nothing"), inbox)
    line = inbox.get(timeout=60)
    worker.kill()
    assert line.said is None and "ModuleNotFoundError" in line.words
