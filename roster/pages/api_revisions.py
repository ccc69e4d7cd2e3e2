"""JSON API of revisions: two of them compared, the last one withdrawn, their number on paper; duty entered later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Day, Line, When, api_call
from core.api.types import MAX_NUMBER, Said
from people.access import guard
from roster.api_blueprint import bp, readable
from roster.pages.api_publish import RevisionOut, revision_facts
from roster.revisions import numbering, queries, supplementing, withdrawing
from roster.revisions.difference import ChangedPerson, ChangedShift, DiffShift, Who

TAGS = ["revisions"]


Side = Annotated[str, Field(pattern=r"^(draft|[0-9]{1,9})$")]


class DifferenceQuery(ApiModel):
    from_: Side = Field(alias="from")
    """Number of a revision (0: nothing was published yet), or ``draft``."""
    to: Side


class RevisionTurnOut(ApiModel, title="roster__revisions__api__TurnOut"):
    id: int
    duty: str
    unit: str
    shift: str
    starts_at: When
    ends_at: When


class MovedShiftOut(RevisionTurnOut, title="MovedShiftOut"):
    out: list[str]
    """Codes of those who leave it."""
    came: list[str]


class MovedPersonOut(ApiModel, title="MovedPersonOut"):
    person: str
    name: str
    lost: list[RevisionTurnOut]
    gained: list[RevisionTurnOut]


class DifferenceOut(ApiModel, title="DifferenceOut"):
    people: list[MovedPersonOut]
    shifts: list[MovedShiftOut]


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/difference",
    operation_id="show_difference",
    query=DifferenceQuery,
    returns={200: DifferenceOut},
    action="roster.read",
    tags=TAGS,
    summary="What two revisions, or a revision and the draft, differ in",
)
def show_difference(campaign_id: int, *, query: DifferenceQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """By person and by shift. The draft is for those who edit it."""
    campaign = readable(campaign_id, actor, now)
    old, new = queries.side_of(query.from_, field="from"), queries.side_of(query.to, field="to")
    if "draft" in (old, new):
        guard.ensure(actor, "campaign.write", campaign.unit_id, now=now)
    found = queries.compared(campaign, old, new, now=now).found
    return {"people": [_person(each) for each in found.people], "shifts": [_move(each) for each in found.moves]}


class WithdrawRevisionIn(ApiModel, title="roster__revisions__api__WithdrawIn"):
    reason: Said
    revision: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = None
    """The one that is meant; 409 when another has become the last one. null: the last one."""


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/withdraw",
    operation_id="withdraw",
    body=WithdrawRevisionIn,
    returns={200: RevisionOut},
    action="campaign.publish",
    tags=TAGS,
    idempotent=True,
    summary="Take back what was published last",
)
def withdraw(campaign_id: int, *, body: WithdrawRevisionIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """What has not begun goes back to the revision before, as a new one. 409 when that was done already."""
    return revision_facts(
        withdrawing.withdraw(campaign_id, reason=body.reason, revision=body.revision, actor=actor, now=now)
    )


class PaperIn(ApiModel, title="PaperIn"):
    document_number: Annotated[Line, Field(max_length=numbering.LONGEST_NUMBER)] | None = None
    signed_on: Day | None = None


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/revisions/<int:number>/paper",
    operation_id="enter_paper",
    body=PaperIn,
    returns={200: RevisionOut},
    action="campaign.publish",
    tags=TAGS,
    summary="Number and date of the signed paper of a revision",
)
def enter_paper(campaign_id: int, number: int, *, body: PaperIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Each once, together or one after the other. 409 when it is there already."""
    given, on = body.document_number or "", body.signed_on
    return revision_facts(
        numbering.enter(campaign_id, number, document_number=given, signed_on=on, actor=actor, now=now)
    )


class UnlistedIn(ApiModel, title="UnlistedIn"):
    """A shift that the roster does not have, as the demand of the unit has it on that day."""

    unit: Code
    duty: Code
    shift: Line
    on: Day


class AttestedIn(ApiModel, title="AttestedIn"):
    name: Annotated[Line, Field(max_length=supplementing.LONGEST_NAME)]
    position: Annotated[Line, Field(max_length=supplementing.LONGEST_NAME)]


class SupplementIn(ApiModel, title="SupplementIn"):
    served: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | UnlistedIn
    """An empty seat of a shift that is over, or such a shift."""
    person: Code
    attested_by: AttestedIn
    reason: Said


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/supplements",
    operation_id="supplement",
    body=SupplementIn,
    returns={201: RevisionOut},
    action="campaign.publish",
    tags=TAGS,
    idempotent=True,
    summary="Enter duty that was served and was not on the roster",
)
def supplement(campaign_id: int, *, body: SupplementIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """A revision of its own kind that tells nobody. 409 where somebody is recorded already, or it is not over."""
    given, by = body.served, body.attested_by
    served = supplementing.SupplementShift(**given.model_dump()) if isinstance(given, UnlistedIn) else given
    attested = supplementing.Attested(by.name, by.position, body.reason)
    return revision_facts(
        supplementing.supplement(campaign_id, served, person=body.person, attested=attested, actor=actor, now=now)
    )


def _person(row: ChangedPerson) -> dict[str, Any]:
    lost, gained = map(_turn, row.lost), map(_turn, row.gained)
    return {"person": row.who.code, "name": row.who.name, "lost": [*lost], "gained": [*gained]}


def _move(row: ChangedShift) -> dict[str, Any]:
    return {**_turn(row.turn), "out": _codes(row.out), "came": _codes(row.came)}


def _codes(group: Iterable[Who]) -> list[str]:
    return [each.code for each in group]


def _turn(row: DiffShift) -> dict[str, Any]:
    return {
        "id": row.shift,
        "duty": row.duty,
        "unit": row.unit,
        "shift": row.template,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }
