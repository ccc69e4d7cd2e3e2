"""Gateways of a test: what an administrator would have written on the page of settings, pointing at sinks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from notify.gateways import services as gateways
from notify.gateways.models import Gateway
from notify.gateways.providers import RECIPES
from notify.gateways.recipe import Recipe, from_json
from tests.support.http_sink import HttpSink
from tests.support.tet_night import ADMIN

HEARS = {
    "in_at": "/status",
    "in_text": "^received$",
    "in_call": "^missed_call$",
    "in_from": "/from",
    "in_words": "/text",
    "in_id": "/id",
}
"""``more`` of a gateway that reports what comes in."""


def set_up(
    channel: str, sink: HttpSink, *, now: datetime, name: str = "chính", position: int = 1, **more: Any
) -> Gateway:
    """A gateway of the plain JSON shape at ``sink``; ``more`` changes the recipe."""
    settings = RECIPES[f"json_{channel}"]["settings"]
    recipe: Recipe = from_json({**settings, "url": f"{sink.url}/{channel}", **more})
    return gateways.save(
        None,
        gateways.GatewayInput(
            channel,
            name,
            position=position,
            active=True,
            allow_private=True,
            recipe=recipe,
            secrets={"token": "khoa-cua-cong"},
        ),
        actor=ADMIN,
        now=now,
    )
