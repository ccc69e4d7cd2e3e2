"""GET /api/v1/on-duty and the feeds: who is on duty, and where to subscribe to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from core.actor import Actor
from core.api import ApiModel, Code, ListQuery, Page, When, api_blueprint, api_call, paginate
from core.db import db
from core.errors import Conflict, NotFound
from people import guard, queries as people
from people.models import DutyKind, Unit
from roster import onduty_report, subscriptions
from roster.models import Campaign, FeedSubscription

bp = api_blueprint("onduty_api")


class OnDutyQuery(ApiModel):
    at: When | None = None
    unit: Code | None = None
    duty: Code | None = None


class PersonOut(ApiModel):
    code: str
    name: str
    phone: str
    position: str
    until: When | None


class DutyOut(ApiModel):
    duty: str
    unit: str
    desk_phone: str
    rule: Literal["assigned", "substitute", "standing_chain", "catch_all"]
    people: list[PersonOut]
    next: list[PersonOut]


class OnDutyOut(ApiModel):
    at: When
    unit: str
    duties: list[DutyOut]


@api_call(bp, "GET", "/on-duty", query=OnDutyQuery, returns={200: OnDutyOut}, action="onduty.read",
          tags=["on-duty"], summary="Who is on duty, and by which rule")  # fmt: skip
def on_duty(*, query: OnDutyQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """``people`` is never empty; an enterprise without any active person answers 503 ``nobody_reachable``."""
    at = query.at or now
    unit = _unit(query.unit, actor)
    kinds = people.duty_kinds() if query.duty is None else [_kind(query.duty)]
    with_phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    return onduty_report.as_dict(onduty_report.at(unit, at, kinds=kinds), with_phones=with_phones)


def _unit(code: str | None, actor: Actor) -> Unit:
    if code is not None:
        return people.unit_by_code(code)
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id)
    root = next(iter(people.root_units()), None)
    if root is None:
        raise NotFound("unit.none")
    return root


def _kind(code: str) -> DutyKind:
    kind = db.session.get(DutyKind, code)
    if kind is None:
        raise NotFound("duty.unknown", field="duty", duty=code)
    return kind


class FeedIn(ApiModel):
    scope: Literal["person", "unit", "campaign", "duty"]
    of: Code
    """Code of the person or unit, id of the campaign, or code of the duty kind (then with ``unit``)."""
    unit: Code | None = None
    show_phones: bool = False


class FeedOut(ApiModel):
    id: int
    url: str
    scope: str
    name: str
    show_phones: bool
    created_at: When
    last_fetched_at: When | None
    last_fetched_by: str


@api_call(bp, "POST", "/feeds", body=FeedIn, returns={201: FeedOut}, action="feed.create", tags=["feeds"],
          idempotent=True, summary="Subscribe to a person, a unit, a campaign, or a duty of a unit")  # fmt: skip
def create_feed(*, body: FeedIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Asking again for the same thing answers the same address. ``unit`` goes with scope ``duty`` only."""
    target = _target(body, actor, now)
    feed = subscriptions.subscribe(body.scope, **target, show_phones=body.show_phones, now=now, actor=actor)
    return _feed(feed)


def _target(body: FeedIn, actor: Actor, now: datetime) -> dict[str, Any]:
    if body.scope == "person":
        person = people.person_by_code(body.of)
        guard.ensure(actor, "feed.create", person.unit_id, now=now, person_id=person.id)
        return {"person_id": person.id}
    if body.scope == "campaign":
        campaign = db.session.get(Campaign, int(body.of)) if body.of.isdecimal() and len(body.of) < 10 else None
        if campaign is None:
            raise NotFound("campaign.unknown", field="of", campaign=body.of)
        guard.ensure(actor, "feed.create", campaign.unit_id, now=now)
        return {"campaign_id": campaign.id}
    if body.scope == "unit":
        unit = people.unit_by_code(body.of)
        guard.ensure(actor, "feed.create", unit.id, now=now)
        return {"unit_id": unit.id}
    duty, unit = _kind(body.of), _unit(body.unit, actor)
    guard.ensure(actor, "feed.create", unit.id, now=now)
    return {"duty": duty.code, "unit_id": unit.id}


@api_call(bp, "GET", "/feeds", query=ListQuery, returns={200: Page[FeedOut]}, action="feed.create", tags=["feeds"],
          summary="The live feeds that this key made")  # fmt: skip
def list_feeds(*, query: ListQuery, actor: Actor) -> dict[str, Any]:
    statement = select(FeedSubscription).filter_by(owner=actor.ref, revoked_at=None)
    items, following = paginate(statement, [FeedSubscription.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_feed(each) for each in items], "next": following}


@api_call(bp, "GET", "/feeds/<int:feed_id>", returns={200: FeedOut}, action="feed.create", tags=["feeds"],
          summary="One feed, its address included")  # fmt: skip
def get_feed(feed_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return _feed(_own(feed_id, actor, now))


@api_call(bp, "DELETE", "/feeds/<int:feed_id>", returns={204: None}, action="feed.create", tags=["feeds"],
          summary="Revoke a feed: its address answers 410 from then on")  # fmt: skip
def revoke_feed(feed_id: int, *, actor: Actor, now: datetime) -> None:
    subscriptions.revoke(_own(feed_id, actor, now).id, now=now, actor=actor)


@api_call(bp, "POST", "/feeds/<int:feed_id>/rotate", returns={200: FeedOut}, action="feed.create", tags=["feeds"],
          summary="A new address for the same feed")  # fmt: skip
def rotate_feed(feed_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    feed = _own(feed_id, actor, now)
    if feed.revoked_at is not None:
        raise Conflict("feed.revoked", state={"revoked": True})
    return _feed(subscriptions.rotate(feed.id, now=now, actor=actor))


def _own(feed_id: int, actor: Actor, now: datetime) -> FeedSubscription:
    """A live feed of this owner; others' feeds are as good as absent, except to administrators."""
    feed = db.session.get(FeedSubscription, feed_id)
    if feed is None or (feed.owner != actor.ref and actor.role != "admin") or feed.revoked_at is not None:
        raise NotFound("feed.unknown")
    return feed


def _feed(feed: FeedSubscription) -> dict[str, Any]:
    return {
        "id": feed.id,
        "url": subscriptions.url_of(feed),
        "scope": feed.scope,
        "name": subscriptions.feed_name(feed),
        "show_phones": feed.show_phones,
        "created_at": feed.created_at,
        "last_fetched_at": feed.last_fetched_at,
        "last_fetched_by": feed.last_fetched_by,
    }
