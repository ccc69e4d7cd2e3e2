"""JSON API of publishing: the whole draft or a part of it, and what was published."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Day, ItemPage, ListQuery, Text, When, api_call, paginate
from roster.api_blueprint import bp, readable
from roster.campaigns import queries
from roster.dividing import amendments
from roster.models import Revision
from roster.publishing import parts, services as publishing
from roster.publishing.terms import PublishTerms


class OnlyUnits(ApiModel, title="OnlyUnits"):
    """With everything below them."""

    units: Annotated[list[Code], Field(min_length=1, max_length=200)]


class OnlySeats(ApiModel, title="OnlySeats"):
    seats: Annotated[list[Annotated[int, Field(ge=1, le=2_147_483_647)]], Field(min_length=1, max_length=5000)]


class OnlyPeople(ApiModel, title="OnlyPeople"):
    """With everybody whose changes hang together with theirs: both sides of a swap, all of a chain of covers."""

    people: Annotated[list[Code], Field(min_length=1, max_length=2000)]


class PublishIn(ApiModel, title="PublishIn"):
    note: Text = ""
    accept_gaps: Text | None = None
    only: OnlyUnits | OnlySeats | OnlyPeople | None = None
    tell: bool = True
    """False: nobody is told now; it takes ``tell_reason``."""
    tell_reason: Text = ""


class RevisionOut(ApiModel, title="RevisionOut"):
    campaign: int
    revision: int
    published_at: When
    published_by: str
    note: str
    accept_gaps: str | None
    tell: bool
    tell_reason: str
    """Why nobody was told."""
    told_at: When | None
    """Of those who were not told when it was published: when they were."""
    hash: str
    proof: dict[str, Any]
    kind: Literal["published", "withdrawal", "supplement"]
    withdraws: int | None
    """Number of the revision that this one takes back."""
    attested_by: str
    attested_as: str
    """Name and position of whoever attests duty that was entered afterwards."""
    document_number: str
    signed_on: Day | None


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/publish",
    operation_id="publish",
    body=PublishIn,
    returns={200: RevisionOut},
    action="roster.amend",
    tags=["campaigns"],
    idempotent=True,
    summary="Publish the draft",
)
def publish(campaign_id: int, *, body: PublishIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """409 with ``gaps`` and ``violations`` while something stands against it, and for ``tell: false`` without a
    ``tell_reason``. Past duty notifies nobody.

    ``only``: these units, seats or people become a revision, the rest of the draft stays draft. A unit's manager may
    do that with shifts of the own units, leadership and operations on duty with seats of today and tomorrow in the
    units of their duty. 409 ``part.changed`` with ``seats`` when somebody else changed just these at the same time.
    """
    terms = PublishTerms(**body.model_dump(exclude={"only"}))
    if body.only is not None:
        named = {name: tuple(each) for name, each in body.only.model_dump().items()}
        return revision_facts(amendments.publish_only(campaign_id, parts.Only(**named), terms, actor=actor, now=now))
    return revision_facts(publishing.publish(campaign_id, terms, actor=actor, now=now))


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/revisions",
    operation_id="list_revisions",
    query=ListQuery,
    returns={200: ItemPage[RevisionOut]},
    action="roster.read",
    tags=["campaigns"],
    summary="What was published, and when",
)
def list_revisions(campaign_id: int, *, query: ListQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    readable(campaign_id, actor, now)
    statement = queries.revisions_statement(campaign_id)
    rows, following = paginate(statement, [Revision.number], limit=query.limit, cursor=query.cursor)
    return {"items": [revision_facts(row) for row in rows], "next": following}


def revision_facts(row: Revision) -> dict[str, Any]:
    return {
        "campaign": row.campaign_id,
        "revision": row.number,
        "published_at": row.published_at,
        "published_by": row.published_by,
        "note": row.note,
        "accept_gaps": row.accept_gaps,
        "tell": not row.tell_reason,
        "tell_reason": row.tell_reason,
        "told_at": row.told_at,
        "hash": row.content_hash,
        "proof": row.proof,
        "kind": row.kind,
        "withdraws": row.withdraws,
        "attested_by": row.attested_by,
        "attested_as": row.attested_as,
        "document_number": row.document_number,
        "signed_on": row.signed_on,
    }
