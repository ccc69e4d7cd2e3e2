"""GET /api/v1/on-duty and the feeds: who is on duty, and where to subscribe to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema
from sqlalchemy import select

from core.actor import Actor
from core.api import call as api, callers
from core.api.call import ApiModel, Code, ItemPage, ListQuery, When, api_blueprint, api_call, paginate
from core.api.types import CODE_PATTERN, MAX_NUMBER
from core.db import db
from core.errors import NotFound, Unavailable
from core.form_values import whole_number
from duty.on_duty import who_serves
from people import queries as people, reference
from people.access import guard
from people.reference import KindFact, UnitFact
from roster.campaigns.models import Campaign
from roster.feeds import services as subscriptions
from roster.feeds.facts import Options, Subject
from roster.feeds.models import FeedSubscription

bp = api_blueprint("onduty_api")
AT_THE_DOOR = (f"{api.PREFIX}/on-duty",)
"""What monitors and wall boards ask every few seconds (``core.server.response_cache``)."""


class OnDutyQuery(ApiModel):
    at: When | None = None
    unit: Code | None = None
    duty: Code | None = None


class OnDutyPersonOut(ApiModel, title="OnDutyPersonOut"):
    code: str
    name: str
    phone: str
    position: str
    until: When | None
    at_risk: bool
    """Recorded absent for some minute of the shift: it is not covered. Why is not told."""
    away_until: When | None
    """Recorded absent at ``at`` (of ``next``: when the shift begins), and back then."""
    presence: Literal["here", "left", "missing", "expected", "ready", "not_ready"] | None
    """Whether they are there, where their kind of duty asks it; null: it does not, or they are only next."""


class DutyOut(ApiModel, title="DutyOut"):
    duty: str
    unit: str
    desk_phone: str
    rule: Literal["assigned", "substitute", "standing_chain", "catch_all"]
    people: list[OnDutyPersonOut]
    next: list[OnDutyPersonOut]


class OnDutyOut(ApiModel, title="OnDutyOut"):
    at: When
    unit: str
    duties: list[DutyOut]


@api_call(
    bp,
    "GET",
    "/on-duty",
    operation_id="on_duty",
    query=OnDutyQuery,
    returns={200: OnDutyOut},
    action="onduty.read",
    tags=["on-duty"],
    summary="Who is on duty, and by which rule",
)
def on_duty(*, query: OnDutyQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """``people`` is never empty; an enterprise without any active person answers 503 ``nobody_reachable``."""
    at = query.at or now
    if query.unit is None and reference.first_root() is None:
        raise Unavailable("nobody_reachable")  # an enterprise without units has nobody either
    unit = _unit(query.unit, actor)
    kinds = reference.duty_kinds() if query.duty is None else [_kind(query.duty)]
    with_phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    report = who_serves.at(unit, at, kinds=kinds)
    until, marks = who_serves.lasts_until(report), who_serves.there(report)
    if query.at is None and until is not None and not marks:
        callers.keep(actor, now, until)
    return who_serves.as_dict(report, with_phones=with_phones, marks=marks)


def _unit(code: str | None, actor: Actor) -> UnitFact:
    if code is not None:
        return reference.unit_by_code(code)
    if actor.unit_id is not None:
        return reference.unit_by_id(actor.unit_id)
    root = reference.first_root()
    if root is None:
        raise NotFound("unit.none")
    return root


def _kind(code: str) -> KindFact:
    kind = next((each for each in reference.duty_kinds() if each.code == code), None)
    if kind is None:
        raise NotFound("duty.unknown", field="duty", duty=code)
    return kind


def _as_code(value: Any) -> Any:
    """A campaign is known by its number, and clients send it as they got it."""
    return str(value) if type(value) is int and 0 < value <= MAX_NUMBER else value


Target = Annotated[
    Code,
    BeforeValidator(_as_code),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": CODE_PATTERN},
                {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER},
            ]
        }
    ),
]


class FeedIn(ApiModel, title="FeedIn"):
    scope: Literal["person", "unit", "campaign", "duty"]
    of: Target
    """Code of the person or unit, id of the campaign (as text or as the number that it is), or code of the duty kind
    (then with ``unit``)."""
    unit: Code | None = None
    show_phones: bool = False
    """Calendar services (Google, Apple) will then hold the numbers of those on duty."""
    busy: bool = False
    """Whether shifts count as busy time."""
    lang: Literal["vi", "en"] = "vi"


class FeedOptionsIn(ApiModel, title="FeedOptionsIn"):
    """What is not given stays."""

    show_phones: bool | None = None
    busy: bool | None = None
    lang: Literal["vi", "en"] | None = None


class FeedOut(ApiModel, title="FeedOut"):
    id: int
    url: str
    scope: str
    name: str
    show_phones: bool
    busy: bool
    lang: str
    created_at: When
    last_fetched_at: When | None
    last_fetched_by: str


@api_call(
    bp,
    "POST",
    "/feeds",
    operation_id="create_feed",
    body=FeedIn,
    returns={201: FeedOut},
    action="feed.create",
    tags=["feeds"],
    idempotent=True,
    summary="Subscribe to a person, a unit, a campaign, or a duty of a unit",
)
def create_feed(*, body: FeedIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Asking again for the same thing answers the same address. ``unit`` goes with scope ``duty`` only."""
    subject, options = _subject(body, actor), Options(body.lang, body.show_phones, body.busy)
    return _feed(subscriptions.subscribe(subject, options, now=now, actor=actor))


def _subject(body: FeedIn, actor: Actor) -> Subject:
    """What the feed is about, by ids. Raises ``NotFound`` for codes that name nothing."""
    of = body.of
    if body.scope == "person":
        return Subject("person", person_id=people.person_by_code(of).id)
    if body.scope == "unit":
        return Subject("unit", unit_id=people.unit_by_code(of).id)
    if body.scope == "duty":
        return Subject("duty", duty=_kind(of).code, unit_id=_unit(body.unit, actor).id)
    campaign_id = whole_number(of)
    campaign = db.session.get(Campaign, campaign_id) if campaign_id is not None else None
    if campaign is None:
        raise NotFound("campaign.unknown", field="of", id=of)
    return Subject("campaign", campaign_id=campaign.id)


@api_call(
    bp,
    "GET",
    "/feeds",
    operation_id="list_feeds",
    query=ListQuery,
    returns={200: ItemPage[FeedOut]},
    action="feed.create",
    tags=["feeds"],
    summary="The live feeds that this key made",
)
def list_feeds(*, query: ListQuery, actor: Actor) -> dict[str, Any]:
    statement = select(FeedSubscription).filter_by(owner=actor.ref, revoked_at=None)
    items, following = paginate(statement, [FeedSubscription.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_feed(each) for each in items], "next": following}


@api_call(
    bp,
    "GET",
    "/feeds/<int:feed_id>",
    operation_id="get_feed",
    returns={200: FeedOut},
    action="feed.create",
    tags=["feeds"],
    summary="One feed, its address included",
)
def get_feed(feed_id: int, *, actor: Actor) -> dict[str, Any]:
    return _feed(subscriptions.owned(feed_id, actor=actor))


@api_call(
    bp,
    "PUT",
    "/feeds/<int:feed_id>",
    operation_id="change_feed",
    body=FeedOptionsIn,
    returns={200: FeedOut},
    action="feed.create",
    tags=["feeds"],
    summary="Language, busy or free, phones of a feed; the address stays",
)
def change_feed(feed_id: int, *, body: FeedOptionsIn, actor: Actor, now: datetime) -> dict[str, Any]:
    was = subscriptions.options_of(subscriptions.owned(feed_id, actor=actor))
    options = Options(
        was.lang if body.lang is None else body.lang,
        was.phones if body.show_phones is None else body.show_phones,
        was.busy if body.busy is None else body.busy,
    )
    return _feed(subscriptions.change(feed_id, options, now=now, actor=actor))


@api_call(
    bp,
    "DELETE",
    "/feeds/<int:feed_id>",
    operation_id="revoke_feed",
    returns={204: None},
    action="feed.create",
    tags=["feeds"],
    summary="Revoke a feed: its address answers an empty calendar for 30 days, then 410",
)
def revoke_feed(feed_id: int, *, actor: Actor, now: datetime) -> None:
    subscriptions.revoke(feed_id, now=now, actor=actor)


@api_call(
    bp,
    "POST",
    "/feeds/<int:feed_id>/rotate",
    operation_id="rotate_feed",
    returns={200: FeedOut},
    action="feed.create",
    tags=["feeds"],
    summary="A new address for the same feed",
)
def rotate_feed(feed_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return _feed(subscriptions.rotate(feed_id, now=now, actor=actor))


def _feed(feed: FeedSubscription) -> dict[str, Any]:
    return {
        "id": feed.id,
        "url": subscriptions.url_of(feed),
        "scope": feed.scope,
        "name": subscriptions.feed_name(feed),
        "show_phones": feed.show_phones,
        "busy": feed.busy,
        "lang": feed.lang,
        "created_at": feed.created_at,
        "last_fetched_at": feed.last_fetched_at,
        "last_fetched_by": feed.last_fetched_by,
    }
