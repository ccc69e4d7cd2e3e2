"""Kiểm lại: the present draft held against what a solve certified, and its bound worked out again.

What solves proved before every claim passed one account (``planning.claims``) is verified once more, each run once: a
proof of then may rest on an engine that took its own start for the best. Prices that prove the bound again settle it;
where there are none that do, the question is put to the engines of today. Until then nothing of it is said, and what
does not hold is said on the page of the run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Literal

from sqlalchemy import select

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from core.errors import DomainError
from planning.certificate import from_json
from planning.certificate_facts import contradictions, facts_of
from planning.engines.mip import duals
from planning.problem import Assignment, Problem
from planning.solve import SolveOptions, solve
from roster.snapshot import snapshot
from roster.solving import parts, proof_validity
from roster.solving.models import SolveRun
from roster.solving.replan import as_part, as_replan
from roster.solving.run_facts import certificate_of

log = logging.getLogger(__name__)
MOST_SECONDS = 60
LOOK_EVERY = 1.0
Word = Literal["confirmed", "unconfirmed", "refuted", "gone"]
OF_THE_PROBLEM = ("problem", "cost", "soft_cost", "bound", "proved")


@dataclass(frozen=True)
class CertificateCheck:
    """The present draft held against a certificate. ``wrong``: entries that it contradicts.

    ``same_problem`` is ``None`` where it cannot be told: a re-plan certified before certificates kept the draft that
    it stayed close to. ``bound``: what the kept prices prove without any solver, of the same problem alone.
    """

    same_roster: bool
    same_problem: bool | None
    cost: int
    missing: int
    hard_breaches: int
    wrong: tuple[str, ...]
    bound: int | None = None

    @property
    def holds(self) -> bool:
        return not self.wrong


def verify(run: SolveRun, *, now: datetime) -> CertificateCheck:
    """Compute the marks of the present draft again and hold them against the certificate. Conflict without one."""
    claimed = from_json(certificate_of(run))
    taken = snapshot.take(run.campaign_id, now=now)
    asked = as_part(taken, parts.part_of_run(run))
    is_known = run.mode == "whole" or claimed.baseline is not None
    problem = proof_validity.question(run, taken) if is_known else as_replan(asked, now=now).problem
    facts = facts_of(problem, asked.assignments)
    wrong = contradictions(claimed, facts)
    if not is_known:
        wrong = tuple(name for name in wrong if name not in OF_THE_PROBLEM)
    elif "problem" not in wrong and not proof_validity.knows(run, taken):  # somebody has unpinned a cell
        wrong = ("problem", *wrong)
    is_same = "problem" not in wrong if is_known else None
    bound = duals.proven(problem, claimed.prices) if is_same else None
    if bound is not None and bound > facts["cost"] and not facts["hard_breaches"] and "bound" not in wrong:
        wrong = (*wrong, "bound")
    return CertificateCheck(
        same_roster=facts["roster"] == claimed.roster,
        same_problem=is_same,
        cost=facts["cost"],
        missing=facts["missing"],
        hard_breaches=facts["hard_breaches"],
        wrong=wrong,
        bound=bound,
    )


def recheck_all(now: datetime, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Verify what waits for it while nobody waits for a roster; answers how many were."""
    done, look = 0, _Look(should_stop)
    while recheck_next(now, should_stop=look):
        done += 1
    return done


class _Look:
    """Whether to give way: to whoever ends the worker, or, asked now and then, to who waits for a roster."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self.should_stop, self.looked_at, self.gives_way = should_stop, 0.0, False

    def __call__(self) -> bool:
        if not self.gives_way and monotonic() >= self.looked_at + LOOK_EVERY:
            self.looked_at = monotonic()
            waiting = select(SolveRun.id).filter_by(status="queued").limit(1)
            self.gives_way = db.session.scalar(waiting) is not None
            db.session.rollback()
        return self.gives_way or self.should_stop()


def recheck_next(now: datetime, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Verify one run that waits for it, the newest first; False when none does, or it is to stop."""
    run_id = db.session.scalar(select(SolveRun.id).filter_by(recheck="pending").order_by(SolveRun.id.desc()).limit(1))
    if run_id is None or should_stop():
        return False
    # Should the question kill the worker, it is not asked for ever.
    _write(run_id, "unconfirmed", None, now=now, was="pending")
    run = db.session.get(SolveRun, run_id)
    if run is None:
        return True
    word, bound = _judge(run, now=now, should_stop=should_stop)
    if should_stop():
        _write(run_id, "pending", None, now=now, was="unconfirmed")
        return False
    _write(run_id, word, bound, now=now, was="unconfirmed")
    return True


def _judge(run: SolveRun, *, now: datetime, should_stop: Callable[[], bool]) -> tuple[Word, int | None]:
    """Return what the bound is worth today, and what is proven instead."""
    try:
        taken = snapshot.take(run.campaign_id, now=now)
        asked = as_part(taken, parts.part_of_run(run))
        if run.certificate.get("roster") != asked.fingerprint or not proof_validity.knows(run, taken):
            return "gone", None
        verdict, problem = verify(run, now=now), proof_validity.question(run, taken)
    except DomainError as error:
        log.warning("solve run %s could not be verified again: %s", run.id, error)
        return "gone", None
    bound, seconds = run.bound or 0, min(MOST_SECONDS, run.seconds)
    db.session.rollback()  # thinking holds no transaction open
    if not verdict.holds:
        return "refuted", verdict.bound if "bound" not in verdict.wrong else None
    if verdict.bound is not None and verdict.bound >= bound:
        return "confirmed", verdict.bound
    return _asked_again(problem, asked.assignments, bound, seconds, should_stop=should_stop, known=verdict.bound)


def _asked_again(
    problem: Problem,
    start: tuple[Assignment, ...],
    bound: int,
    seconds: int,
    *,
    should_stop: Callable[[], bool],
    known: int | None,
) -> tuple[Word, int | None]:
    outcome = solve(problem, SolveOptions(seconds=seconds), start=start, should_cancel=should_stop)
    proof, cost = outcome.certificate, outcome.objective
    found = max((each for each in (known, outcome.bound) if each is not None), default=None)
    is_lawful = proof is not None and not proof.hard_breaches
    if is_lawful and cost is not None and cost < bound:
        return "refuted", found
    return ("confirmed" if found is not None and found >= bound else "unconfirmed"), found


def _write(run_id: int, word: str, bound: int | None, *, now: datetime, was: str) -> None:
    with transaction() as session:
        run = session.get(SolveRun, run_id)
        if run is None or run.recheck != was:
            return
        run.recheck, run.recheck_bound, run.rechecked_at = word, bound, now
        if word in ("confirmed", "refuted", "gone"):
            audit.record(SYSTEM, "solve.recheck", "solve_run", run_id, now=now, found=word, bound=bound)
