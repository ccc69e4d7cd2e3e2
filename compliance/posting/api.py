"""JSON API of posting (contract: ``/api/v1/postings``)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Any, Literal

from flask import request

from compliance.blueprint import api_bp as bp
from compliance.posting import queries, services
from compliance.posting.models import Posting
from compliance.posting.services import PostingReport
from compliance.service_hours import points
from core.actor import Actor
from core.api.call import ApiModel, Code, Day, ItemPage, Line, ListQuery, When, api_call, paginate
from core.clock import local_date
from core.errors import Invalid
from core.files import content as files
from core.files.codes import read_codes as codes_in
from people import queries as people
from people.access import guard
from people.models import Unit

TAGS = ["points"]
What = Literal["prohibited", "conditions", "prices", "quality", "complaints", "support", "hours"]


class PostingsQuery(ListQuery):
    unit: Code | None = None
    """With all below it."""


class PostedOut(ApiModel, title="PostedOut"):
    what: str
    state: str
    edition: str
    posted_on: date | None
    said_by: str
    said_at: When | None
    photo: bool


class PointPostingsOut(ApiModel, title="PointPostingsOut"):
    unit: str
    complete: bool
    """Both obligatory texts hang as they are now, each with a photo that was accepted."""
    items: list[PostedOut]


class PostingIn(ApiModel, title="PostingIn"):
    unit: Line
    what: What
    posted_on: Day | None = None
    """Without it: today."""


class PostingOut(ApiModel, title="PostingOut"):
    id: int
    unit: str
    what: str
    edition: str
    posted_on: date
    photo: bool
    accepted: bool
    """Whether the photo proves: somebody who answers for the point has accepted it."""
    said_by: str
    said_at: When


@api_call(
    bp,
    "GET",
    "/postings",
    operation_id="list_postings",
    query=PostingsQuery,
    returns={200: ItemPage[PointPostingsOut]},
    action="point.read",
    tags=TAGS,
    summary="What hangs at points of service, by code",
)
def list_postings(*, query: PostingsQuery, actor: Actor, now: datetime) -> Any:
    """`state`: no_text, missing, outdated, unproved (no photo), waiting (a photo to be accepted) or posted."""
    reach = guard.reach(actor, "point.read", now=now)
    if query.unit is not None:
        below = set(people.subtree_ids(people.unit_by_code(query.unit).id))
        reach = below if reach is None else reach & below
    rows, following = paginate(
        points.statement(reach, local_date(now)), [Unit.code], limit=query.limit, cursor=query.cursor
    )
    states = queries.states([unit.id for unit in rows], local_date(now))
    return {"items": [_point(unit, states) for unit in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/postings",
    operation_id="add_posting",
    body=PostingIn,
    returns={201: PostingOut, 200: PostingOut},
    action="point.tell",
    idempotent=True,
    refused=409,
    tags=TAGS,
    summary="Say that a text hangs at a point",
)
def add_posting(*, body: PostingIn, actor: Actor, now: datetime) -> Any:
    """As it is in force now. The photo that proves it: `PUT /postings/{id}/photo`."""
    unit = people.unit_by_code(body.unit)
    row, created = services.post(unit.id, PostingReport(_key(actor), body.what, body.posted_on), actor=actor, now=now)
    return _told(row), 201 if created else 200


@api_call(
    bp,
    "PUT",
    "/postings/<int:posting_id>/photo",
    operation_id="put_posting_photo",
    uploads=["image/jpeg", "image/png", "image/webp", "application/octet-stream"],
    returns={200: PostingOut},
    action="point.tell",
    refused=409,
    tags=TAGS,
    summary="The photo of a posting",
)
def put_posting_photo(posting_id: int, *, actor: Actor, now: datetime) -> Any:
    """Once: what was proved stays as it was."""
    services.ensure_place({"posting_id": posting_id}, "point.tell", actor, now)
    photo = files.read_file(request.get_data(), "niem-yet")
    if photo.thumbnail is None:
        raise Invalid("posting.photo", field="file")
    return _told(services.prove(posting_id, photo, codes_in(photo.content), actor=actor, now=now))


def _key(actor: Actor) -> str:
    sent = request.headers.get("Idempotency-Key")
    return hashlib.sha256(f"{actor.ref}\n{sent}".encode()).hexdigest()[:40] if sent else secrets.token_urlsafe(16)


def _point(unit: Unit, states: dict[tuple[int, str], queries.PostingState]) -> dict[str, Any]:
    here = {what: state for (unit_id, what), state in states.items() if unit_id == unit.id}
    return {
        "unit": unit.code,
        "complete": all(here[what].code == "posted" for what in ("prohibited", "conditions")),
        "items": [
            {
                "what": what,
                "state": state.code,
                "edition": state.edition.mark,
                "posted_on": state.hanging.posted_on if state.hanging else None,
                "said_by": state.hanging.said_by if state.hanging else "",
                "said_at": state.hanging.said_at if state.hanging else None,
                "photo": bool(state.hanging and state.hanging.has_photo),
            }
            for what, state in here.items()
        ],
    }


def _told(row: Posting) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("id", "what", "edition", "posted_on", "said_by", "said_at")},
        "unit": people.unit_by_id(row.unit_id).code,
        "photo": bool(row.photo_sha256),
        "accepted": row.accepted_at is not None,
    }
