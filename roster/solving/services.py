"""Ask for a solve, and stop one. A worker takes it from there (``roster.solving.leases``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from planning.part import Part
from roster.campaigns.queries import locked_campaign, require
from roster.solving import parts
from roster.solving.models import SolveRun
from roster.solving.queries import LIVE, Mode, get_run


@dataclass(frozen=True)
class SolveRequest:
    """How a campaign is to be solved.

    ``whole`` looks for the best roster, ``replan`` for the least change to the draft that meets what has happened
    since; ``keeps_all``: it moves nobody and only fills what is empty; ``part``: nothing else is touched.
    ``reproducible``: the same draft and seed give the same roster, as far as time allows (see the certificate).
    """

    seconds: int = 30
    seed: int = 1
    mode: Mode = "whole"
    reproducible: bool = False
    keeps_all: bool = False
    part: Part | None = None


USUAL = SolveRequest()


def request_solve(campaign_id: int, asked: SolveRequest = USUAL, *, actor: Actor, now: datetime) -> SolveRun:
    """Queue a solve for the worker. Conflict while another one of the campaign waits or runs."""
    with transaction() as session:
        campaign = locked_campaign(campaign_id)
        part = parts.checked(campaign, asked.part) if asked.part is not None else None
        parts.ensure(actor, campaign, part, now=now)
        require(campaign, "solve")
        told: dict[str, Any] = {"seconds": asked.seconds, "seed": asked.seed, "mode": asked.mode}
        told |= {"keeps_all": asked.keeps_all, "part": parts.as_json(part)}
        refuse_while_live(campaign_id)
        run = SolveRun(
            campaign_id=campaign_id,
            requested_by=actor.ref,
            requested_at=now,
            status="queued",
            draft_version=campaign.draft_version,
            reproducible=asked.reproducible,
            **told,
        )
        session.add(run)
        session.flush()
        audit.record(actor, "campaign.solve", "campaign", campaign_id, now=now, run=run.id, **told)
    return run


def refuse_while_live(campaign_id: int) -> None:
    """Conflict while a solve of the campaign waits or runs."""
    mine = select(SolveRun).where(SolveRun.campaign_id == campaign_id, SolveRun.status.in_(LIVE))
    live = db.session.scalar(mine.limit(1))
    if live is not None:
        raise Conflict("solve.already_running", state={"id": live.id, "status": live.status})


def cancel_solve(run_id: int, *, keep: bool = False, actor: Actor, now: datetime) -> SolveRun:
    """Stop a run: at once when it waits, else at the worker's next look.

    Nothing is then written to the draft; with ``keep`` the best roster is, as if time had run out. A stop without it
    cannot be taken back.
    """
    with transaction():
        run = get_run(run_id)
        parts.ensure(actor, run.campaign, parts.part_of_run(run), now=now)
        locked_campaign(run.campaign_id)  # what ends it holds this too
        run = get_run(run_id)
        if run.status == "queued":
            run.status, run.finished_at = "cancelled", now
        if run.status == "running":
            run.keep_best = keep and (run.keep_best or not run.cancel_requested)
            run.cancel_requested = True
        audit.record(actor, "solve.cancel", "solve_run", run_id, now=now, status=run.status, keep=run.keep_best)
    return run


def cancel_live(campaign_id: int, *, now: datetime) -> None:
    """Withdraw what still waits for a campaign. In the caller's transaction."""
    with transaction() as session:
        session.execute(
            update(SolveRun)
            .where(SolveRun.campaign_id == campaign_id, SolveRun.status == "queued")
            .values(status="cancelled", finished_at=now)
        )
