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
