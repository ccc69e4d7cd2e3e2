"""What all rooms call the same: steps and levels in words, and what a line of the timeline is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import gettext as _

from core.i18n import named
from people.models import DutyKind

LONGEST_LINE = 300
"""Characters of a line that somebody writes into an incident."""
Kinds = dict[str, DutyKind]
"""Duty kinds by code."""


class EntryStyle(NamedTuple):
    """How entries of one kind look in the timeline: what they say of their params, their icon and its tone."""

    say: Callable[[dict[str, Any], Kinds], str]
    icon: str
    tone: str = ""


def step_name(duty: str | None, kinds: Kinds, rule: str = "") -> str:
    """Return what a step is called: its duty kind, or that it names a person or (by ``rule``) the head of a unit."""
    if rule == "head" or (duty is not None and duty.startswith("head:")):
        return _("Trưởng đơn vị")
    if duty is None:
        return _("Người được nêu tên")
    return named(kinds[duty]) if duty in kinds else duty


def severity_word(level: int) -> str:
    words = {1: _("Đặc biệt nghiêm trọng"), 2: _("Nghiêm trọng"), 3: _("Trung bình"), 4: _("Nhẹ")}
    return words.get(level, str(level))
