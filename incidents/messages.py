"""Sentences for the error codes of incidents."""

from __future__ import annotations

from typing import Any

MESSAGES: dict[str, Any] = {}
