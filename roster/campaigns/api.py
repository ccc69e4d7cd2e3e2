"""JSON API of campaigns: plan, solve, edit and publish (contract: /api/v1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api.call import ListQuery, Page, api_call, paginate
from core.calendar import lunar
from people import queries as people
from people.access.guard import ensure
from roster.api_blueprint import bp
from roster.campaigns import queries, services as campaigns
from roster.campaigns.api_models import (
    CampaignIn,
    CampaignOut,
    CampaignQuery,
    EditedOut,
    OnlyUnits,
    PeopleIn,
    PublishIn,
    QueuedOut,
    RevisionOut,
    ShiftOut,
    ShiftQuery,
    SolveIn,
    SolveRunOut,
)
from roster.consents import queries as consent_queries
from roster.draft import services as drafts
from roster.fairness import closing
from roster.models import Campaign, Revision, Shift, SolveRun
from roster.publishing import amending, parts, services as publishing
from roster.solving import fairer, holding, report, services as solving
from roster.words import violations as wording
from roster.words.names import names_for

PROGRESS = ("seconds", "cost", "bound", "missing", "engine", "groups", "groups_proved")


@api_call(
    bp,
    "POST",
    "/campaigns",
    body=CampaignIn,
    returns={201: CampaignOut},
    action="campaign.write",
    tags=["campaigns"],
    idempotent=True,
    refused=409,
    summary="Create a campaign with its shifts",
)
def create_campaign(*, body: CampaignIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Shifts and seats come from the demand of the unit and of those below, by the phase of each date."""
    return _campaign(campaigns.create_campaign(**body.model_dump(), actor=actor, now=now))


@api_call(
    bp,
    "GET",
    "/campaigns",
    query=CampaignQuery,
    returns={200: Page[CampaignOut]},
    action="campaign.read",
    tags=["campaigns"],
    summary="List campaigns",
)
def list_campaigns(*, query: CampaignQuery) -> dict[str, Any]:
    unit_id = people.unit_by_code(query.unit).id if query.unit else None
    statement = queries.campaigns_statement(unit_id)
    items, following = paginate(statement, [Campaign.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_campaign(row) for row in items], "next": following}


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>",
    returns={200: CampaignOut},
    action="campaign.read",
    tags=["campaigns"],
    summary="One campaign",
)
def show_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return _campaign(_readable(campaign_id, actor, now))


@api_call(
    bp,
    "DELETE",
    "/campaigns/<int:campaign_id>",
    returns={204: None},
    action="campaign.write",
    tags=["campaigns"],
    summary="Delete a draft campaign",
)
def delete_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> None:
    """Only while nothing was ever published from it."""
    campaigns.delete_campaign(campaign_id, actor=actor, now=now)


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/solve",
    body=SolveIn,
    returns={202: QueuedOut},
    action="campaign.solve",
    tags=["campaigns"],
    idempotent=True,
    summary="Assign automatically",
)
def solve(campaign_id: int, *, body: SolveIn, actor: Actor, now: datetime) -> Any:
    """Queued to the worker; success writes the draft (unpinned seats only).

    ``mode`` ``replan`` changes the fewest seats that it can and leaves what has begun: see ``changes`` of the run.
    ``reproducible`` uses one thread: the same draft and seed give the same roster, as far as the certificate says.
    """
    run = solving.request_solve(
        campaign_id,
        seconds=body.seconds,
        seed=body.seed,
        mode=body.mode,
        reproducible=body.reproducible,
        actor=actor,
        now=now,
    )
    return {"id": run.id, "status": run.status}


@api_call(
    bp,
    "GET",
    "/solve-runs/<int:run_id>",
    returns={200: SolveRunOut},
    action="campaign.read",
    tags=["campaigns"],
    summary="How a solve is going, or what it found",
)
def show_solve_run(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    run = solving.get_run(run_id)
    ensure(actor, "campaign.read", run.campaign.unit_id, now=now)
    return _run(run, now)


@api_call(
    bp,
    "DELETE",
    "/solve-runs/<int:run_id>",
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
    "/campaigns/<int:campaign_id>/shifts",
    query=ShiftQuery,
    returns={200: Page[ShiftOut]},
    action="roster.read",
    tags=["campaigns"],
    summary="The shifts of a campaign and who is on them",
)
def list_shifts(campaign_id: int, *, query: ShiftQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """``state=draft`` is the working copy, ``state=published`` what the latest revision says."""
    _readable(campaign_id, actor, now)
    statement = queries.shifts_statement(campaign_id)
    rows, following = paginate(statement, [Shift.starts_at, Shift.id], limit=query.limit, cursor=query.cursor)
    seated_in = queries.seated_draft if query.state == "draft" else queries.seated_published
    on = seated_in([row.id for row in rows])
    return {"items": [_shift(row, on) for row in rows], "next": following}


@api_call(
    bp,
    "PUT",
    "/shifts/<int:shift_id>/people",
    body=PeopleIn,
    returns={200: EditedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Put people on a shift of the draft",
)
def put_people(shift_id: int, *, body: PeopleIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Resolver, feeds and documents change at the next publish. A hard violation without a reason: 409."""
    edited = drafts.set_people(
        shift_id,
        body.people,
        pin=body.pin,
        override_reason=body.override_reason,
        draft_version=body.draft_version,
        actor=actor,
        now=now,
    )
    return {
        "id": edited.shift_id,
        "campaign": edited.campaign_id,
        "draft_version": edited.draft_version,
        "people": edited.people,
        "pinned": edited.pinned,
        **edited.verdict,
        "waiting": consent_queries.waiting_codes(edited.campaign_id, edited.shift_id),
    }


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/publish",
    body=PublishIn,
    returns={200: RevisionOut},
    action="roster.amend",
    tags=["campaigns"],
    idempotent=True,
    summary="Publish the draft",
)
def publish(campaign_id: int, *, body: PublishIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 with ``gaps`` and ``violations`` while something stands against it. Past duty notifies nobody.

    ``only``: these units or seats become a revision, the rest of the draft stays draft. Leadership and operations on
    duty may do that with seats of today and tomorrow in the units of their duty.
    """
    if body.only is not None:
        if isinstance(body.only, OnlyUnits):
            only = parts.Only(units=tuple(body.only.units))
        else:
            only = parts.Only(seats=tuple(body.only.seats))
        return _revision(
            amending.publish_only(campaign_id, only, note=body.note, accept_gaps=body.accept_gaps, actor=actor, now=now)
        )
    return _revision(
        publishing.publish(campaign_id, note=body.note, accept_gaps=body.accept_gaps, actor=actor, now=now)
    )


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/close",
    returns={200: CampaignOut},
    action="campaign.publish",
    tags=["campaigns"],
    summary="End a campaign that is over",
)
def close_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What everybody carried goes into the ledger, from which the next Tết is shared out. 409 until the last shift is
    over, and for a campaign that was never published or is closed already."""
    closing.close(campaign_id, actor=actor, now=now)
    return _campaign(queries.get_campaign(campaign_id))


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/revisions",
    query=ListQuery,
    returns={200: Page[RevisionOut]},
    action="roster.read",
    tags=["campaigns"],
    summary="What was published, and when",
)
def list_revisions(campaign_id: int, *, query: ListQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    _readable(campaign_id, actor, now)
    statement = queries.revisions_statement(campaign_id)
    rows, following = paginate(statement, [Revision.number], limit=query.limit, cursor=query.cursor)
    return {"items": [_revision(row) for row in rows], "next": following}


def _readable(campaign_id: int, actor: Actor, now: datetime) -> Campaign:
    campaign = queries.get_campaign(campaign_id)
    ensure(actor, "campaign.read", campaign.unit_id, now=now)
    return campaign


def _campaign(row: Campaign) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "tet_year": row.tet_year,
        "unit": people.unit_by_id(row.unit_id).code,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "state": row.state,
        "revision": row.revision,
        "draft_version": row.draft_version,
        "created_at": row.created_at,
    }


def _shift(row: Shift, on: Mapping[int, queries.Seated]) -> dict[str, Any]:
    seats = [on.get(seat.id, queries.Seated(seat.id, None, False)) for seat in row.seats]
    return {
        "id": row.id,
        "duty": row.duty,
        "unit": row.unit.code,
        "shift": row.template,
        "form": row.form,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "phase": row.phase,
        "lunar": lunar.long_name(lunar.to_lunar(row.local_on)),
        "required": row.headcount,
        "wanted": row.wanted,
        "skills": row.skills,
        "points": row.points / 100,
        "legal_ground": row.legal_ground,
        "people": [seat.person for seat in seats if seat.person],
        "pinned": [seat.person for seat in seats if seat.person and seat.pinned],
        "seats": [{"id": seat.seat_id, "person": seat.person} for seat in seats],
    }


def _run(row: SolveRun, now: datetime) -> dict[str, Any]:
    violations = [wording.restored(each) for each in row.violations]
    shortages = [wording.restored_shortage(each) for each in row.conflicts]
    names = names_for(*wording.mentioned(violations, shortages))
    held = holding.of_run(row, now=now)
    return {
        "id": row.id,
        "campaign": row.campaign_id,
        "status": row.status,
        "seconds": row.seconds,
        "seed": row.seed,
        "mode": row.mode,
        "keeps_all": row.keeps_all,
        "reproducible": row.reproducible,
        "certificate": row.certificate or None,
        "changes": fairer.as_told(row),
        "requested_at": row.requested_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "objective": row.objective,
        "bound": row.bound,
        "gap": report.gap_of(row),
        "proved": held is not None and held.state == "proved",
        "stands": held is not None and held.stands,
        "engine": row.certificate.get("engine"),
        "error": row.error,
        "progress": [dict(zip(PROGRESS, each, strict=False)) for each in row.progress],
        "soft": [
            {"rule": each.code, "name": each.name, "count": each.count, "cost": each.cost}
            for each in report.soft_rules(row, in_words=False)
        ],
        "unchecked": [
            {"person": each.code, "rules": list(each.rules)} for each in report.unchecked_people(row, now=now)
        ],
        "violations": wording.listed(violations, names),
        "conflicts": [wording.shortage_facts(each, names) for each in shortages],
    }


def _revision(row: Revision) -> dict[str, Any]:
    return {
        "campaign": row.campaign_id,
        "revision": row.number,
        "published_at": row.published_at,
        "published_by": row.published_by,
        "note": row.note,
        "accept_gaps": row.accept_gaps,
        "hash": row.content_hash,
        "proof": row.proof,
    }
