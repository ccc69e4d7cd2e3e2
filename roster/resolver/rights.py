"""Rights follow duty: what a shift lends to the person who serves it, while it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

from people.access.guard import Grant, Lapsed
from people.access.permissions import LENT_BY_DUTY, LENT_TO_LEADERSHIP
from roster.resolver import resolver

LENDING = ("leadership", "operations")
REMEMBERED = timedelta(hours=12)
"""For how long a refusal says that the shift is over; later it is like any other."""


def grants(person_id: int, now: datetime) -> list[Grant]:
    """Leadership and operations on duty: what that night needs and nothing that goes on working afterwards."""
    roles = resolver.on_duty_roles(person_id, now)
    return [Grant(_lent(duty), unit_id, f"duty.{duty}") for duty, unit_id in roles if duty in LENDING]


def lapsed(person_id: int, now: datetime) -> list[Lapsed]:
    """Return what shifts lent until a short while ago: over, or taken away."""
    ended = resolver.ended_roles(person_id, since=now - REMEMBERED, now=now)
    return [Lapsed(Grant(_lent(duty), unit_id, f"duty.{duty}"), at) for duty, unit_id, at in ended if duty in LENDING]


def _lent(duty: str) -> frozenset[str]:
    return LENT_BY_DUTY | LENT_TO_LEADERSHIP if duty == "leadership" else LENT_BY_DUTY
