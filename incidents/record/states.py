"""PURE what may follow what. ``open → acknowledged → resolved → closed``, and back by reopening."""

from __future__ import annotations

from typing import Literal

Status = Literal["open", "acknowledged", "resolved", "closed"]
Verb = Literal["acknowledge", "time_out", "resolve", "close", "reopen", "escalate", "end", "join", "split"]

TRANSITIONS: dict[tuple[str, Verb], Status] = {
    ("open", "acknowledge"): "acknowledged",
    ("acknowledged", "acknowledge"): "acknowledged",  # taken over by somebody else
    ("acknowledged", "time_out"): "open",
    ("open", "escalate"): "open",
    ("acknowledged", "escalate"): "open",
    ("open", "resolve"): "resolved",
    ("acknowledged", "resolve"): "resolved",
    ("resolved", "close"): "closed",
    ("resolved", "reopen"): "open",
    ("closed", "reopen"): "open",
    # The same as another one: that one is worked on. And not the same after all.
    ("open", "join"): "resolved",
    ("acknowledged", "join"): "resolved",
    ("resolved", "split"): "open",
    ("closed", "split"): "open",
    # The rehearsal that it belonged to is over.
    ("open", "end"): "closed",
    ("acknowledged", "end"): "closed",
    ("resolved", "end"): "closed",
}

UNFINISHED = ("open", "acknowledged")
"""Statuses whose escalation has a next moment."""


def after(status: str, verb: Verb) -> Status | None:
    """The status after ``verb``, or ``None`` when it is not allowed now."""
    return TRANSITIONS.get((status, verb))


BY_LAW = ("suspicious_item", "harmful_material")
"""Categories of Điều 7, khoản 1 and 2 of the Postal Law: level 1 or 2, and seen by those only who need it."""


def floor(severity: int, *, party_state: bool, category: str) -> int:
    """The severity raised to its floor: Party, State or KT1 affected, or Điều 7(1–2): at least 2 (1 is the worst)."""
    return min(severity, 2) if party_state or category == "kt1" or category in BY_LAW else severity


def restricted_by_law(category: str) -> bool:
    """Whether incidents of the category are restricted whatever the enterprise says."""
    return category in BY_LAW


def band(severity: int) -> str:
    """Which of the enterprise's default policies holds: ``urgent`` for level 1–2, else ``normal``."""
    return "urgent" if severity <= 2 else "normal"
