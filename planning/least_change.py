"""The least change: provably the fewest changed seats, the fairest of those; a fairer roster is offered beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from planning.certificate_facts import facts_of_roster, gap_between
from planning.claims import Claim, Claims, refuse
from planning.engines.portfolio.prover import Prover
from planning.explain.empty_seats import shortages
from planning.incumbent import OnProgress
from planning.outcome import Fairer, Outcome, ReplanChanges
from planning.problem import Assignment, Problem
from planning.rules.change import LEAST_CHANGE, changed_seats
from planning.score.check import check, cost_of
from planning.score.score import Score, forced_by_pins, score_of
from planning.solve import LEAST_SECONDS, ShouldCancel, SolveOptions, solve

EXACT_SHARE = 0.6  # of the time may go to the fewest changes; what they leave goes to a fairer roster
LOOK_SECONDS = 0.1  # between two looks whether somebody cancelled
NAME = "nearest"


@dataclass(frozen=True)
class _Near:
    assignments: tuple[Assignment, ...]
    at_least: int
    is_proved: bool
    is_fairest: bool


def solve_least(
    problem: Problem,
    options: SolveOptions,
    *,
    start: Sequence[Assignment] = (),
    offers: bool = True,
    on_progress: OnProgress = lambda progress: None,
    should_cancel: ShouldCancel = lambda: False,
) -> Outcome:
    """As :func:`solve`, of a problem with a baseline: its roster is the one with the fewest changes.

    First come rosters that break nothing and fill most seats, then those that change fewest seats, then the fairest.
    `Outcome.changes` says what is proven of that, and offers what the search for a fairer roster found besides; without
    `offers` there is no such search, and no bound of the cost, once the least change is proven. The prices that are
    kept prove the bound of the cost, in which changes count at their price, and say nothing of how many seats must
    change.
    """
    began, seconds = monotonic(), options.seconds
    faults: list[str] = []
    near = (
        _nearest(problem, seconds * EXACT_SHARE, options.seed, should_cancel, faults=faults)
        if seconds >= LEAST_SECONDS
        else None
    )
    left = seconds if near is None else max(LEAST_SECONDS, seconds - (monotonic() - began))
    outcome = solve(
        problem,
        replace(options, seconds=0 if near and near.is_fairest and not offers else left),
        start=near.assignments if near else start,
        on_progress=on_progress,
        should_cancel=should_cancel,
    )
    offered = outcome.assignments
    near = _nearer(problem, near, offered, faults)
    changed = changed_seats(problem.baseline, near.assignments)
    fairer = fairer_than(problem, near.assignments, offered)
    changes = ReplanChanges(changed, near.at_least, near.is_proved, near.is_fairest, fairer)
    found = _outcome_with(problem, near.assignments, outcome, faults)
    if (proof := found.certificate) is not None:  # of the whole time, not of what was left for the second search
        used = round(monotonic() - began, 2)
        proof = replace(proof, seconds_asked=seconds, seconds_used=used, refused=(*proof.refused, *faults))
    fault = "\n".join(filter(None, (found.fault, *faults))) or None
    return replace(found, certificate=proof, changes=changes, fault=fault)


def _nearer(problem: Problem, near: _Near | None, offered: tuple[Assignment, ...], faults: list[str]) -> _Near:
    """The nearest roster known, and what of the proofs it does not belie."""
    if near is None:
        return _Near(offered, 0, is_proved=False, is_fairest=False)
    account = Claims(_changes(problem, near.assignments))
    score = account.score
    account.claim(NAME, Claim(near.at_least, score.missing if near.is_proved else 0, score.lacking))
    mine, other = _worth(problem, near.assignments), _worth(problem, offered)
    if other[:2] < mine[:2]:
        account.know(_changes(problem, offered))
        near = _Near(offered, 0, is_proved=False, is_fairest=False)
    elif other < mine:  # as few changes, at a lower cost
        if near.is_fairest:
            account.refuse(f"{NAME} proved fairest what costs {mine[2]}; a roster with as few changes costs {other[2]}")
        near = replace(near, assignments=offered, is_fairest=False)
    faults += account.take_faults()
    is_proved = near.is_proved and account.is_settled
    at_least = min(near.at_least, account.bound)
    return replace(near, at_least=at_least, is_proved=is_proved, is_fairest=near.is_fairest and is_proved)


def _changes(problem: Problem, roster: Iterable[Assignment]) -> Score:
    """A score whose cost counts changed seats."""
    seats = tuple(roster)
    score = score_of(check(problem, seats), forced_by_pins(problem))
    return score._replace(cost=changed_seats(problem.baseline, seats))


def _nearest(
    problem: Problem, seconds: float, seed: int, should_cancel: ShouldCancel, *, faults: list[str]
) -> _Near | None:
    with Prover() as prover, ThreadPoolExecutor(1, thread_name_prefix="nearest") as pool:
        asked = pool.submit(prover.nearest, problem, seconds, seed)
        while not _settled(asked):
            if should_cancel():
                prover.stop()
                break
        if should_cancel():
            return None
        found = asked.result()
        faults += prover.faults
        return _read_found(problem, found, faults)


def _settled(asked: Future[Any]) -> bool:
    try:
        asked.exception(timeout=LOOK_SECONDS)
    except TimeoutError:
        return asked.done()
    return True


def _read_found(problem: Problem, found: dict[str, Any] | None, faults: list[str]) -> _Near | None:
    """Return what the solver found; its proofs only where it counts as the checker does."""
    if found is None:
        return None
    roster = tuple(Assignment(row["shift_id"], row["staff_id"]) for row in found["assignments"])
    score, changed, _cost = _worth(problem, roster)
    if (score.missing, changed) != (found["missing"], found["changed"]):
        words = f"{NAME} counts {found['changed']} changed and {found['missing']} empty seats; there are {changed} and "
        faults.append(f"{words}{score.missing}")
        refuse(faults[-1])
        return _Near(roster, 0, is_proved=False, is_fairest=False)
    return _Near(roster, found["at_least"], found["is_proved"], found["is_fairest"])


def _worth(problem: Problem, roster: Iterable[Assignment]) -> tuple[Score, int, int]:
    """Return what no change is worth, then the changed seats, then the cost of all but changes."""
    seats = tuple(roster)
    found = check(problem, seats)
    own_cost = sum(each.cost for each in found if each.rule != LEAST_CHANGE.code)
    return score_of(found)._replace(cost=0), changed_seats(problem.baseline, seats), own_cost


def fairer_than(problem: Problem, near: Iterable[Assignment], offered: tuple[Assignment, ...]) -> Fairer | None:
    """Return what was found besides the nearest roster, where it breaks and lacks as much and is worth its further
    changes.

    What it saves is measured as the bound is, changes at their price: so nothing is offered that saves more than is
    said to be left.
    """
    kept = tuple(near)
    (score, changed, _cost), (least, fewest, _dearer) = _worth(problem, offered), _worth(problem, kept)
    saves = cost_of(check(problem, kept)) - cost_of(check(problem, offered))
    if score != least or changed <= fewest or saves <= 0:
        return None
    return Fairer(offered, changed, saves)


def _outcome_with(problem: Problem, roster: tuple[Assignment, ...], outcome: Outcome, faults: list[str]) -> Outcome:
    """The outcome of the search with this roster for its own: bounds hold of whatever is chosen, or they are none."""
    if set(roster) == set(outcome.assignments):
        return outcome
    violations = tuple(check(problem, roster))
    score, bound, proof = score_of(violations), outcome.bound, outcome.certificate
    least = outcome.missing_bound
    if Claim(bound or 0, least).is_belied_by(score_of(violations, forced_by_pins(problem))):
        faults.append("bound.belied: the nearest roster costs less than was proven of every roster")
        refuse(faults[-1])
        bound, least = None, 0
    gap = gap_between(score.cost, bound)
    if proof is not None:
        proof = replace(
            proof,
            engine=NAME,
            bound=bound,
            gap=gap,
            missing_bound=least,
            proved=False,
            **facts_of_roster(roster, violations),
        )
    status = proof.status if proof is not None and outcome.status != "cancelled" else outcome.status
    return replace(
        outcome,
        status=status,
        assignments=roster,
        objective=score.cost,
        bound=bound,
        missing_bound=least,
        gap=gap,
        violations=violations,
        shortages=shortages(problem, roster),
        engine=NAME,
        certificate=proof,
    )
