"""Sentences for the error codes of compliance: each room's own."""

from __future__ import annotations

from typing import Any

MESSAGES: dict[str, Any] = {}
