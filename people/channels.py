"""PURE The channels by which people are called, and which of them lead to what kind of address."""

from __future__ import annotations

CHANNELS = ("push", "email", "sms", "voice", "apprise")
"""Also the default order: what costs nothing and rings at once comes first."""
OF_PHONE = ("sms", "voice")
OF_ENDPOINT = ("push", "apprise")
"""A device or service of a person, which is no mail and no number."""
