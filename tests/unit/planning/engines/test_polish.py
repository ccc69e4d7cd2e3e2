"""The search over the whole of a divided component: it regains what fixed shared duties lost, and ends by itself."""

from __future__ import annotations

from time import monotonic

import pytest

from benchmarks.roster.tet import generate
from planning.claims import Claim, Claims
from planning.engines.decomposition import linking_duties
from planning.engines.decomposition.decomposition import Decomposition
from planning.engines.decomposition.subproblem import Divided, Subproblem
from planning.engines.local_search.engine import build
from planning.engines.mip import branch_and_bound, lns
from planning.engines.portfolio import registry, scheduler
from planning.engines.portfolio.registry import Emit
from planning.engines.portfolio.worker import Task
from planning.engines.work_budget import WorkBudget
from planning.outcome import Outcome
from planning.problem import Problem
from planning.score.check import check, cost_of
from planning.score.incremental import Tally
from planning.score.score import score_of
from planning.solve import SolveOptions, solve
from tests.unit.planning.in_process import Inside, work
from tests.unit.planning.tiny import away, person, proven_by_highs, shift

# Three units of two: what the head and the other have carried, and the hours at which their duties begin.
UNITS = ((500, 0, (19, 19, 19)), (500, 2000, (7, 19, 19)), (0, 2000, (19, 7, 7)))
AWAY = ((1, 2), (11, 2), (22, 0))  # (person, day)
ASKED = 60.0  # seconds, far more than anything here takes
HOUR = 3600.0
MOST_LOOKS = 2000  # at the clock, thirty times as many as are needed


def torn_province() -> Problem:
    """Who should lead on which day hangs on who of the units is away: neither duty nor unit alone can tell."""
    staff, shifts = [], [shift(1000 + d, d, 18, 12, unit="P", duty="leadership", points=1500) for d in range(3)]
    for u, (head, other, hours) in enumerate(UNITS):
        name, own = f"U{u}", frozenset({f"U{u}"})
        both = frozenset({"operations", "leadership"})
        staff.append(person(10 * u + 1, duties=both, unit=name, eligible_units=own | {"P"}, history_points=head))
        staff.append(person(10 * u + 2, unit=name, eligible_units=own, history_points=other))
        shifts += [shift(100 * u + d + 1, d, hour, unit=name) for d, hour in enumerate(hours)]
    return Problem(tuple(shifts), tuple(staff), absences=tuple(away(*each) for each in AWAY))


class Noting(Inside):
    """What it was put to is noted; the engines end by themselves."""

    put_to: list[tuple[str, int]]

    def run(self, problem: Problem, task: Task, emit: Emit, done: WorkBudget | None) -> None:
        self.put_to.append((self.engine, len(problem.shifts)))
        options = {"tires": True} if task.tires else {}
        registry.load(registry.ENGINES[self.engine].module)(
            problem, task.start, seconds=task.seconds, seed=task.seed, emit=emit, hear=lambda: None, **options
        )


def solved(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> tuple[Outcome, list[tuple[str, int]]]:
    """What comes of a province that is taken apart, and which engine was put to how many shifts."""
    put_to: list[tuple[str, int]] = []
    monkeypatch.setattr(linking_duties, "LARGE", 3)
    monkeypatch.setattr(scheduler, "EngineWorker", type("Here", (Noting,), {"put_to": put_to}))
    monkeypatch.setattr(scheduler, "engines_for", lambda problem: ("highs",))
    return solve(problem, SolveOptions(seconds=ASKED)), put_to


def test_the_whole_is_better_for_being_searched_once_its_pieces_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = torn_province()
    with monkeypatch.context() as without:
        without.setattr(Decomposition, "polish", lambda self: None)
        before, _ = solved(problem, without)
    after, put_to = solved(problem, monkeypatch)
    assert before.objective is not None and after.objective is not None
    assert after.objective < before.objective, "what fixing the leaders first had lost"
    assert after.objective == proven_by_highs(problem, after.assignments)[1], "and all of it"
    assert put_to.count(("lns", len(problem.shifts))) == 1
    assert [v for v in after.violations if v.hard] == []
    assert after.certificate is not None and after.certificate.stopped_by != "clock", (
        "it ends when it finds nothing more"
    )
    assert before.certificate is not None
    assert before.certificate.groups_proved == before.certificate.groups == 4
    assert after.certificate.groups_proved < 4, "pieces that were changed are no longer said to be best"
    assert after.bound == before.bound, "it proves nothing of the whole"
    assert after.certificate.stopped_by == "nothing"


@pytest.fixture
def decomposition(monkeypatch: pytest.MonkeyPatch) -> Decomposition:
    """A province whose units have been freed and wait for their first turn."""
    monkeypatch.setattr(linking_duties, "LARGE", 3)
    problem = torn_province()
    made = Decomposition(problem, Tally(problem, build(problem)), seed=0)
    for subproblem in made.divided[0].firsts:
        subproblem.rounds = 1
    made.advance(lambda: False)
    return made


def units_of(decomposition: Decomposition) -> tuple[Divided, list[Subproblem]]:
    (divided,) = decomposition.divided
    assert divided.rests is not None
    return divided, divided.rests


def test_a_unit_that_stays_unproven_does_not_block_it(decomposition: Decomposition) -> None:
    divided, units = units_of(decomposition)
    for unit in units[1:]:
        unit.rounds = 1
    decomposition.polish()
    assert divided.polished is None, "each unit first has its turn"
    units[0].rounds = 1
    decomposition.polish()
    assert divided.polished in decomposition.subproblems and not units[0].is_settled


def test_what_is_proven_is_not_searched_again(decomposition: Decomposition) -> None:
    divided, units = units_of(decomposition)
    for unit in units:
        unit.rounds = 1
    for subproblem in divided.relaxed:
        subproblem.claims = Claims(subproblem.score, Claim(decomposition.tally.total.cost))
    decomposition.polish()
    assert divided.polished is None


def test_it_goes_on_from_what_units_find(decomposition: Decomposition) -> None:
    divided, units = units_of(decomposition)
    for unit in units:
        unit.rounds = 1
    decomposition.polish()
    whole, unit = divided.polished, units[0]
    assert whole is not None and decomposition.hear(unit) == [], "there is no news"
    emptied = decomposition.tally.assignments(unit.decides)
    decomposition.tally.put(unit.decides, ())
    whole.roster = decomposition.tally.assignments()
    whole.claims = Claims(whole.judge(whole.roster))
    assert decomposition.tally.accept(unit.decides, emptied)
    assert decomposition.hear(unit) == [whole] and whole.roster == decomposition.tally.assignments()


@pytest.fixture
def ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search has an hour; what tells is how often it looks at the clock, not what the clock says."""
    looks = iter(range(MOST_LOOKS))

    def looked_at() -> float:
        assert next(looks, None) is not None, "it goes on where there is nothing to be gained"
        return monotonic()

    for module in (lns, branch_and_bound):
        monkeypatch.setattr(module, "monotonic", looked_at)


@pytest.mark.usefixtures("ends_by_itself")
def test_it_tires_where_nothing_is_to_be_gained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lns.Search, "is_proven", lambda self, component: False)
    monkeypatch.setattr(lns, "IN_VAIN", 1)
    problem = torn_province()
    lns.improve(problem, build(problem), seconds=HOUR, seed=0, emit=lambda *news: None, tires=True)


def test_without_a_roster_of_the_programme_people_still_deal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lns, "complete", lambda *args: None)
    monkeypatch.setattr(lns, "BoundProof", lambda *args: None)
    costs: list[int] = []
    problem = generate(12, 6, 2)
    start = build(problem, tries=0)
    work("lns", problem, start, emit=lambda roster, *_: costs.append(cost_of(check(problem, roster))), steps=5)
    assert costs == sorted(costs, reverse=True) and costs[-1] < cost_of(check(problem, start))


@pytest.mark.usefixtures("ends_by_itself")
def test_with_nothing_to_go_on_from_it_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lns, "complete", lambda *args: None)
    monkeypatch.setattr(lns, "BoundProof", lambda *args: None)
    monkeypatch.setattr(lns.Deals, "pairs", 0)
    heard: list[object] = []
    problem = torn_province()
    lns.improve(problem, build(problem), seconds=HOUR, seed=0, emit=lambda *news: heard.append(news))
    assert heard == []


def test_a_roster_that_cannot_be_completed_leaves_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = torn_province()
    best = sorted(proven_by_highs(problem, build(problem))[0])
    search = lns.Search(problem, build(problem), seconds=20, seed=0, emit=lambda *news: None, hear=lambda: best)
    (component,) = search.components
    steps = lns.Steps(search, component, lns.random.Random(0), {}, state=lns.State(problem))
    before = steps.values
    monkeypatch.setattr(lns, "complete", lambda *args: None)
    assert steps.hear() and steps.values is before and not steps.is_stuck
    assert score_of(check(problem, best)).cost == search.score(component).cost
