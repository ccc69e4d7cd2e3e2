"""JSON API of how a person is called (additive to the contract): read the ladder, set order and delays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, api_call
from people import queries
from people.access import guard
from people.api_blueprint import bp
from people.models import Person
from people.notification_rules import ladders, order, rules as rungs, words as reach_words
from people.notification_rules.rules import LONGEST_DELAY, ChannelWish

Way = Annotated[str, Field(max_length=60, pattern=r"^(push|email|sms|voice|apprise)\.(contact|device)\.[0-9]{1,9}$")]


class RungOut(ApiModel, title="RungOut"):
    way: str
    channel: str
    address: str
    delay_seconds: int
    used: bool
    carried: bool
    verified: bool
    failing: bool


class ReachOut(ApiModel, title="ReachOut"):
    person: str
    reachable: bool
    rungs: list[RungOut]


class WishIn(ApiModel, title="WishIn"):
    way: Way
    delay_seconds: Annotated[int, Field(ge=0, le=LONGEST_DELAY)] = 0
    used: bool = True


class ReachIn(ApiModel, title="ReachIn"):
    rungs: Annotated[list[WishIn], Field(max_length=50)]


def _reach_out(person: Person) -> dict[str, Any]:
    return {
        "person": person.code,
        "reachable": ladders.is_reachable(person),
        "rungs": [
            {
                "way": rungs.way(each.rung),
                "channel": each.rung.channel,
                "address": reach_words.address(each.rung),
                "delay_seconds": int(each.rung.delay.total_seconds()),
                "used": each.used,
                "carried": each.carried,
                "verified": each.rung.verified,
                "failing": each.rung.failing,
            }
            for each in ladders.standings(person)
        ],
    }


@api_call(
    bp,
    "GET",
    "/people/<code>/reach",
    operation_id="get_reach",
    returns={200: ReachOut},
    action="reach.write",
    tags=["people"],
    summary="How a person is called",
)
def get_reach(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Every way in order. ``carried``: this installation has a gateway for it; ``failing``: the last message that way
    was refused. ``address`` of a device is its name."""
    person = queries.person_by_code(code)
    guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    return _reach_out(person)


@api_call(
    bp,
    "PUT",
    "/people/<code>/reach",
    operation_id="put_reach",
    body=ReachIn,
    returns={200: ReachOut},
    action="reach.write",
    tags=["people"],
    summary="Set in which order and after how long a person is called",
)
def put_reach(code: str, *, body: ReachIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """In the order given; ways left out follow as by default, an empty list is the default order. One way that works
    here must come within two minutes."""
    wishes = [ChannelWish(each.way, each.delay_seconds, used=each.used) for each in body.rungs]
    return _reach_out(order.save(code, wishes, now=now, actor=actor))
