"""JSON API of campaigns and their shifts (contract: /api/v1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api.call import ItemPage, api_call, paginate
from core.calendar import lunar
from people import queries as people
from roster.api_blueprint import bp, readable
from roster.campaigns import copy_words, queries, rights, services as campaigns
from roster.campaigns.api_models import CampaignIn, CampaignMade, CampaignOut, CampaignQuery, ShiftPage, ShiftQuery
from roster.campaigns.models import Campaign
from roster.fairness import closing
from roster.models import Shift


@api_call(
    bp,
    "POST",
    "/campaigns",
    operation_id="create_campaign",
    body=CampaignIn,
    returns={201: CampaignMade},
    action="campaign.write",
    tags=["campaigns"],
    idempotent=True,
    refused=409,
    summary="Create a campaign with its shifts",
)
def create_campaign(*, body: CampaignIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Shifts and seats come from the demand of the unit and of those below, by the phase of each date; or, with
    ``copy_from``, from an earlier campaign, with its rules and without its people."""
    made = campaigns.create(campaigns.CampaignWanted(**body.model_dump()), actor=actor, now=now)
    left_out = [
        {"code": each.code, "what": [str(one) for one in each.what], "text": copy_words.said(each)}
        for each in made.left_out
    ]
    return {**_campaign(made.campaign), "left_out": left_out}


@api_call(
    bp,
    "GET",
    "/campaigns",
    operation_id="list_campaigns",
    query=CampaignQuery,
    returns={200: ItemPage[CampaignOut]},
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
    operation_id="show_campaign",
    returns={200: CampaignOut},
    action="campaign.read",
    tags=["campaigns"],
    summary="One campaign",
)
def show_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return _campaign(readable(campaign_id, actor, now))


@api_call(
    bp,
    "DELETE",
    "/campaigns/<int:campaign_id>",
    operation_id="delete_campaign",
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
    "GET",
    "/campaigns/<int:campaign_id>/shifts",
    operation_id="list_shifts",
    query=ShiftQuery,
    returns={200: ShiftPage},
    action="roster.read",
    tags=["campaigns"],
    summary="The shifts of a campaign and who is on them",
)
def list_shifts(campaign_id: int, *, query: ShiftQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """``state=draft`` is the working copy, for those alone who edit some of it; ``state=published`` what the latest
    revision says: nobody on any shift before there is one. Without it: the draft, or what is published for others."""
    campaign = readable(campaign_id, actor, now)
    state = rights.state_shown(actor, campaign, query.state, now=now)
    statement = queries.shifts_statement(campaign_id)
    rows, following = paginate(statement, [Shift.starts_at, Shift.id], limit=query.limit, cursor=query.cursor)
    seated_in = queries.seated_draft if state == "draft" else queries.seated_published
    on = seated_in([row.id for row in rows])
    line = _shift if state == "draft" else _published
    return {"items": [line(row, on) for row in rows], "next": following, "state": state}


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/close",
    operation_id="close_campaign",
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


def _published(row: Shift, on: Mapping[int, queries.CampaignSeat]) -> dict[str, Any]:
    """With the number of people that it was published with; seats that came to the draft since are none of it."""
    found, asked = _shift(row, on), row.published_for or 0
    taken = sum(each["person"] is not None for each in found["seats"])
    empty, seats = max(0, max(asked, row.wanted or 0) - taken), []
    for each in found["seats"]:
        if each["person"] is not None or empty > 0:
            seats.append(each)
            empty -= each["person"] is None
    return {**found, "required": asked, "seats": seats}


def _shift(row: Shift, on: Mapping[int, queries.CampaignSeat]) -> dict[str, Any]:
    seats = [on.get(seat.id, queries.CampaignSeat(seat.id, None, False)) for seat in row.seats]
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
