"""Kiểm lại: the present draft held against what a solve certified, and its bound worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from roster.models import SolveRun
from roster.planning.certificate import from_json
from roster.planning.certificate_facts import contradictions, facts_of
from roster.planning.engines.mip import duals
from roster.snapshot import snapshot
from roster.solving import holding, parts
from roster.solving.replan import as_part, as_replan
from roster.solving.run_facts import certificate_of

OF_THE_PROBLEM = ("problem", "cost", "soft_cost", "bound", "proved")


@dataclass(frozen=True)
class Verdict:
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


def verify(run: SolveRun, *, now: datetime) -> Verdict:
    """Compute the marks of the present draft again and hold them against the certificate. Conflict without one."""
    claimed = from_json(certificate_of(run))
    taken = snapshot.take(run.campaign_id, now=now)
    asked = as_part(taken, parts.of_run(run))
    is_known = run.mode == "whole" or claimed.baseline is not None
    problem = holding.question(run, taken) if is_known else as_replan(asked, now=now).problem
    facts = facts_of(problem, asked.assignments)
    wrong = contradictions(claimed, facts)
    if not is_known:
        wrong = tuple(name for name in wrong if name not in OF_THE_PROBLEM)
    elif "problem" not in wrong and not holding.knows(run, taken):  # somebody has unpinned a cell
        wrong = ("problem", *wrong)
    is_same = "problem" not in wrong if is_known else None
    bound = duals.proven(problem, claimed.prices) if is_same else None
    if bound is not None and bound > facts["cost"] and not facts["hard_breaches"] and "bound" not in wrong:
        wrong = (*wrong, "bound")
    return Verdict(
        same_roster=facts["roster"] == claimed.roster,
        same_problem=is_same,
        cost=facts["cost"],
        missing=facts["missing"],
        hard_breaches=facts["hard_breaches"],
        wrong=wrong,
        bound=bound,
    )
