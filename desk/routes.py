"""Every page of the desk, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from desk import outbox, views, views_calls, views_sending, views_tonight
from desk.audit import health, metrics, views as views_system
from desk.gateways import views as gateways
from desk.shared import views as views_shared

PAGES = (
    views,
    views_shared,
    health,
    outbox,
    metrics,
    views_system,
    views_sending,
    views_calls,
    gateways,
    views_tonight,
)
"""Modules with a ``bp``; those of one blueprint share it."""
