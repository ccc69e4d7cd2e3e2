"""PURE what may be done with a list in each state, and when those who owe are reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

State = Literal["waiting", "sent", "returned", "merged"]
Act = Literal["send", "return", "merge"]
BEFORE = timedelta(days=1)

_AFTER: dict[tuple[str, Act], State] = {
    ("waiting", "send"): "sent",
    ("sent", "send"): "sent",
    ("returned", "send"): "sent",
    ("sent", "return"): "returned",
    ("sent", "merge"): "merged",
}


def after(state: str, act: Act) -> State | None:
    """The state that it leads to; ``None``: not now."""
    return _AFTER.get((state, act))


def owes(state: str) -> bool:
    return state in ("waiting", "returned")


def reminds_at(opened_at: datetime, due_at: datetime) -> datetime:
    """A day before the deadline; halfway where there is less than two days' time."""
    return max(due_at - BEFORE, opened_at + (due_at - opened_at) / 2)
