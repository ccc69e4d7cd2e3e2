"""JSON API of solves beside asking for one: which there were, and whether a certificate holds for the draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from core.actor import Actor
from core.api.call import ApiModel, ListQuery, Page, When, api_call, paginate
from people.access.guard import ensure
from roster.api_blueprint import bp
from roster.campaigns import queries as campaigns
from roster.campaigns.api_models import QueuedOut
from roster.models import SolveRun
from roster.solving import fairer, holding, report, services as solving, verifying


class SolveLineOut(ApiModel):
    """A solve in short; costs in hundredths of a point."""

    id: int
    status: Literal["queued", "running", "optimal", "feasible", "infeasible", "failed", "cancelled"]
    seconds: int
    seed: int
    mode: Literal["whole", "replan"]
    keeps_all: bool
    """A re-plan that only filled what was empty: bound and proof speak of rosters that move nobody."""
    reproducible: bool
    requested_at: When
    requested_by: str
    finished_at: When | None
    objective: int | None
    bound: int | None
    gap: float | None
    proved: bool
    """Now: only while draft, people, absences and rules are those that it was proven of."""
    stands: bool
    engine: str | None


class CancelIn(ApiModel):
    keep: bool = False
    """Write the best roster so far into the draft, as if time had run out."""


class VerdictOut(ApiModel):
    """``wrong``: entries of the certificate that the present draft contradicts; ``holds`` when there are none.

    ``same_problem`` is null for a re-plan whose certificate did not keep the draft that it began with.
    """

    holds: bool
    wrong: list[str]
    same_roster: bool
    same_problem: bool | None
    cost: int
    missing: int
    hard_breaches: int
    bound: int | None
    """What every lawful roster costs at least, worked out again from the kept prices without any solver."""


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/solve-runs",
    query=ListQuery,
    returns={200: Page[SolveLineOut]},
    action="campaign.read",
    tags=["campaigns"],
    summary="The solves of a campaign",
)
def list_solve_runs(campaign_id: int, *, query: ListQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """The oldest first."""
    ensure(actor, "campaign.read", campaigns.get_campaign(campaign_id).unit_id, now=now)
    statement = select(SolveRun).filter_by(campaign_id=campaign_id).options(*report.LIGHT)
    rows, following = paginate(statement, [SolveRun.id], limit=query.limit, cursor=query.cursor)
    by = report.asked_by({row.requested_by for row in rows})
    stand = holding.that_stand(campaign_id, rows, now=now)
    return {"items": [_line(row, by[row.requested_by], row.id in stand) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/solve-runs/<int:run_id>/verify",
    returns={200: VerdictOut},
    action="campaign.read",
    tags=["campaigns"],
    summary="Hold the draft against the certificate of a solve",
)
def verify_solve_run(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Hashes, cost and breaches of the present draft are computed again. 409 for a run without a certificate."""
    run = solving.get_run(run_id)
    ensure(actor, "campaign.read", run.campaign.unit_id, now=now)
    found = verifying.verify(run, now=now)
    return {
        "holds": found.holds,
        "wrong": list(found.wrong),
        "same_roster": found.same_roster,
        "same_problem": found.same_problem,
        "cost": found.cost,
        "missing": found.missing,
        "hard_breaches": found.hard_breaches,
        "bound": found.bound,
    }


@api_call(
    bp,
    "POST",
    "/solve-runs/<int:run_id>/cancel",
    body=CancelIn,
    returns={202: QueuedOut},
    action="campaign.solve",
    tags=["campaigns"],
    summary="Stop a solve, with or without its roster",
)
def stop_solve_run(run_id: int, *, body: CancelIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Heard within seconds: watch the run. Without ``keep`` it is as DELETE; a finished run stays as it is."""
    run = solving.cancel_solve(run_id, keep=body.keep, actor=actor, now=now)
    return {"id": run.id, "status": run.status}


@api_call(
    bp,
    "POST",
    "/solve-runs/<int:run_id>/fairer",
    returns={200: QueuedOut},
    action="campaign.solve",
    tags=["campaigns"],
    summary="Take the fairer roster that a re-plan offers",
)
def take_fairer(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The draft becomes what ``changes.fairer`` says. 409 when the draft, people or rules have changed since."""
    run = fairer.take(run_id, actor=actor, now=now)
    return {"id": run.id, "status": run.status}


def _line(row: SolveRun, by: str, stands: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "seconds": row.seconds,
        "seed": row.seed,
        "mode": row.mode,
        "keeps_all": row.keeps_all,
        "reproducible": row.reproducible,
        "requested_at": row.requested_at,
        "requested_by": by,
        "finished_at": row.finished_at,
        "objective": row.objective,
        "bound": row.bound,
        "gap": report.gap_of(row),
        "proved": stands and report.is_proved(row),
        "stands": stands,
        "engine": row.certificate.get("engine"),
    }
