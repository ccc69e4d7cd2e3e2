"""Every page of the desk, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from desk import (
    gateways,
    health,
    metrics,
    outbox,
    views,
    views_calls,
    views_sending,
    views_shared,
    views_system,
    views_tonight,
)

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
