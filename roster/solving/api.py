"""JSON API of solves: ask for one, watch or stop it, and whether a certificate holds for the draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.actor import Actor
from core.api.call import ItemPage, ListQuery, api_call, paginate
from people.access.guard import ensure
from planning.part import Part
from roster.api_blueprint import bp, readable
from roster.solving import fairer, proof_validity, queries as solve_queries, run_facts, services as solving, verifying
from roster.solving.api_models import CancelIn, PartIn, QueuedOut, SolveIn, SolveLineOut, SolveRunOut, VerdictOut
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.words import violations as wording
from roster.words.names import maker_names, names_for

PROGRESS = ("seconds", "cost", "bound", "missing", "engine", "groups", "groups_proved")


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/solve",
    operation_id="solve",
    body=SolveIn,
    returns={202: QueuedOut},
    action="campaign.solve",
    tags=["campaigns"],
    idempotent=True,
    summary="Assign automatically",
)
def solve(campaign_id: int, *, body: SolveIn, actor: Actor, now: datetime) -> Any:
    """Queued to the worker; success writes the draft (unpinned seats only), of a ``part`` nothing outside it.

    ``mode`` ``replan`` changes the fewest seats that it can and leaves what has begun: see ``changes`` of the run.
    ``reproducible`` uses one thread: the same draft and seed give the same roster, as far as the certificate says.
    """
    asked = body.part
    run = solving.request_solve(
        campaign_id,
        SolveRequest(
            seconds=body.seconds,
            seed=body.seed,
            mode=body.mode,
            reproducible=body.reproducible,
            part=None if asked is None else _part(asked),
        ),
        actor=actor,
        now=now,
    )
    return {"id": run.id, "status": run.status}


@api_call(
    bp,
    "GET",
    "/solve-runs/<int:run_id>",
    operation_id="show_solve_run",
    returns={200: SolveRunOut},
    action="campaign.read",
    tags=["campaigns"],
    summary="How a solve is going, or what it found",
)
def show_solve_run(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    run = solve_queries.get_run(run_id)
    ensure(actor, "campaign.read", run.campaign.unit_id, now=now)
    return _run(run, now)


@api_call(
    bp,
    "DELETE",
    "/solve-runs/<int:run_id>",
    operation_id="cancel_solve_run",
    returns={204: None},
    action="campaign.solve",
    tags=["campaigns"],
    summary="Cancel a solve",
)
def cancel_solve_run(run_id: int, *, actor: Actor, now: datetime) -> None:
    """A finished run stays as it is."""
    solving.cancel_solve(run_id, actor=actor, now=now)


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/solve-runs",
    operation_id="list_solve_runs",
    query=ListQuery,
    returns={200: ItemPage[SolveLineOut]},
    action="campaign.read",
    tags=["campaigns"],
    summary="The solves of a campaign",
)
def list_solve_runs(campaign_id: int, *, query: ListQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """The oldest first."""
    readable(campaign_id, actor, now)
    statement = select(SolveRun).filter_by(campaign_id=campaign_id).options(*run_facts.LIGHT)
    rows, following = paginate(statement, [SolveRun.id], limit=query.limit, cursor=query.cursor)
    by = maker_names({row.requested_by for row in rows})
    stand = proof_validity.that_stand(campaign_id, rows, now=now)
    return {"items": [_line(row, by[row.requested_by], row.id in stand) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/solve-runs/<int:run_id>/verify",
    operation_id="verify_solve_run",
    returns={200: VerdictOut},
    action="campaign.solve",
    tags=["campaigns"],
    summary="Hold the draft against the certificate of a solve",
)
def verify_solve_run(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Hashes, cost and breaches of the present draft are computed again. 409 for a run without a certificate."""
    run = solve_queries.get_run(run_id)
    ensure(actor, "campaign.solve", run.campaign.unit_id, now=now)
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
    operation_id="stop_solve_run",
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
    operation_id="take_fairer",
    returns={200: QueuedOut},
    action="campaign.solve",
    tags=["campaigns"],
    summary="Take the fairer roster that a re-plan offers",
)
def take_fairer(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The draft becomes what ``changes.fairer`` says. 409 when the draft, people or rules have changed since."""
    run = fairer.take(run_id, actor=actor, now=now)
    return {"id": run.id, "status": run.status}


def _part(asked: PartIn) -> Part:
    people = None if asked.people is None else frozenset(asked.people)
    return Part(asked.unit, asked.duty, asked.first, asked.last, people)


def _run(row: SolveRun, now: datetime) -> dict[str, Any]:
    violations = [wording.restored(each) for each in row.violations]
    shortages = [wording.restored_shortage(each) for each in row.conflicts]
    names = names_for(*wording.mentioned(violations, shortages))
    held = proof_validity.proof_of_run(row, now=now)
    return {
        **_in_short(row),
        "campaign": row.campaign_id,
        "certificate": row.certificate or None,
        "changes": fairer.as_told(row),
        "started_at": row.started_at,
        "proved": held is not None and held.state == "proved",
        "stands": held is not None and held.stands,
        "recheck": row.recheck,
        "error": row.error,
        "progress": [dict(zip(PROGRESS, each, strict=False)) for each in run_facts.course_of(row)],
        "soft": [
            {"rule": each.code, "name": each.name, "count": each.count, "cost": each.cost}
            for each in run_facts.soft_rules(row, in_words=False)
        ],
        "unchecked": [
            {"person": each.code, "rules": list(each.rules)} for each in run_facts.unchecked_people(row, now=now)
        ],
        "violations": wording.listed(violations, names),
        "conflicts": [wording.shortage_facts(each, names) for each in shortages],
    }


def _line(row: SolveRun, by: str, stands: bool) -> dict[str, Any]:
    return {
        **_in_short(row),
        "requested_by": by,
        "proved": stands and run_facts.is_proved(row),
        "stands": stands,
    }


def _in_short(row: SolveRun) -> dict[str, Any]:
    """What a list says of a solve as well as its own page."""
    return {
        "id": row.id,
        "status": run_facts.status_of(row),
        "seconds": row.seconds,
        "seed": row.seed,
        "mode": row.mode,
        "keeps_all": row.keeps_all,
        "part": row.part,
        "reproducible": row.reproducible,
        "requested_at": row.requested_at,
        "finished_at": row.finished_at,
        "objective": row.objective,
        "bound": run_facts.bound_of(row),
        "gap": run_facts.gap_of(row),
        "engine": row.certificate.get("engine"),
    }
