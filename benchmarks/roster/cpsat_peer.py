"""OR-Tools' CP-SAT as an optional peer: the same Problem, the same costs, its own search, judged by the same checker.

It needs the `ortools` package of requirements-bench.txt. Eight workers, whatever the cores: its portfolio is made for
that many, and with two it proves little. It is given the greedy's roster to begin from. Only what made Tết rosters ask
is modelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from planning.engines.candidates.candidates import candidates
from planning.engines.local_search.engine import build
from planning.problem import Assignment, Problem, Shift, Staff
from planning.rules.fairness import terms
from planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from planning.rules.wishes import WISH_OFF, WISH_ON

REST, WEEK_DAYS, WEEK_MINUTES, RUN_DAYS, NIGHTS, NIGHT_RUN = 12 * 60, 7, 48 * 60, 5, 5, 2
WORKERS, LINEARIZATION = 8, 2
Model, Var = cp_model.CpModel, cp_model.IntVar


@dataclass
class Found:
    """A roster, and the proven bound of its cost (None: nothing proven)."""

    roster: tuple[Assignment, ...]
    bound: int | None
    is_optimal: bool


def solve_with_cpsat(problem: Problem, seconds: float, seed: int) -> Found:
    """The best roster after so many seconds; the greedy's where it found none better."""
    model, first = Model(), build(problem, seed=seed)
    can = candidates(problem)
    take = {(s.id, p): model.new_bool_var("") for s in problem.shifts for p in sorted(can[s.id])}
    for shift in problem.shifts:
        model.add(sum(take[shift.id, p] for p in can[shift.id]) == shift.headcount)
    costs: list[object] = []
    for person in problem.staff:
        own = [(s, take[s.id, person.id]) for s in problem.shifts if (s.id, person.id) in take]
        if own:
            _limits(model, problem, own)
            costs += _costs(model, problem, person, own)
    model.minimize(sum(costs))
    seated = {(each.shift_id, each.staff_id) for each in first}
    for pair, variable in take.items():
        model.add_hint(variable, pair in seated)
    return _run(model, take, first, seconds, seed)


def _run(
    model: Model, take: dict[tuple[int, int], Var], first: tuple[Assignment, ...], seconds: float, seed: int
) -> Found:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.linearization_level = LINEARIZATION
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(first, None, is_optimal=False)
    roster = tuple(sorted(Assignment(*pair) for pair, variable in take.items() if solver.value(variable)))
    return Found(roster, round(solver.best_objective_bound), is_optimal=status == cp_model.OPTIMAL)


def _limits(model: Model, problem: Problem, own: list[tuple[Shift, Var]]) -> None:
    for clique in _cliques(own):
        model.add_at_most_one(clique)
    days, nights = _by_day(own), _by_day((s, x) for s, x in own if s.night)
    minutes: defaultdict[int, list[object]] = defaultdict(list)
    for shift, variable in own:
        minutes[shift.local_date.toordinal()].append(shift.minutes * variable)
    for day in (date.toordinal() for date in problem.dates):
        model.add(sum(_among(minutes, day, WEEK_DAYS)) <= WEEK_MINUTES)
        model.add(sum(_among(days, day, RUN_DAYS + 1)) <= RUN_DAYS)
        model.add(sum(_among(nights, day, NIGHT_RUN + 1)) <= NIGHT_RUN)
    model.add(sum(x for s, x in own if s.night) <= NIGHTS)


def _cliques(own: list[tuple[Shift, Var]]) -> Iterator[list[Var]]:
    """At each start, the shifts begun and not yet rested from: one of them at most."""
    for start in sorted({shift.start for shift, _ in own}):
        yield [x for s, x in own if s.start <= start and (start - s.end).total_seconds() < REST * 60]


def _by_day(own: Iterable[tuple[Shift, Var]]) -> dict[int, list[object]]:
    """Rest keeps people to one shift a date, so a date's sum is 0 or 1."""
    found: defaultdict[int, list[object]] = defaultdict(list)
    for shift, variable in own:
        found[shift.local_date.toordinal()].append(variable)
    return found


def _among(by_day: dict[int, list[object]], first: int, days: int) -> list[object]:
    return [term for day in range(first, first + days) for term in by_day.get(day, ())]


def _costs(model: Model, problem: Problem, person: Staff, own: list[tuple[Shift, Var]]) -> Iterator[object]:
    carried, step = terms(problem, person)
    most = carried + sum(shift.points for shift, _ in own)
    load = carried + sum(shift.points * x for shift, x in own)
    for grid in range(step, _reachable(own, carried) + 1, step):
        above = model.new_int_var(0, most, "")
        model.add(above >= load - grid)
        yield above
    peaks = [x for s, x in own if s.peak]
    if len(peaks) > 1:
        second = model.new_int_var(0, len(peaks) - 1, "")
        model.add(second >= sum(peaks) - 1)
        yield SECOND_PEAK.weight_in(problem) * second
    yield from (
        REPEAT_PEAK.weight_in(problem) * x for s, x in own if person.last_giao_thua == 1 and "giao_thua" in s.peak
    )
    for wish in problem.wishes_of.get(person.id, ()):
        on_date = [x for s, x in own if s.local_date == wish.local_date]
        if wish.want == "off":
            yield from (int(wish.weight * WISH_OFF.weight_in(problem)) * x for x in on_date)
        elif on_date:
            yield int(wish.weight * WISH_ON.weight_in(problem)) * (1 - sum(on_date))


def _reachable(own: list[tuple[Shift, Var]], carried: int) -> int:
    """The highest load that limits allow, roughly: a week holds four 12-hour shifts, each date one."""
    by_day: defaultdict[int, int] = defaultdict(int)
    for shift, _ in own:
        day = shift.local_date.toordinal()
        by_day[day] = max(by_day[day], shift.points)
    return carried + sum(by_day.values())
