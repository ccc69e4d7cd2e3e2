"""PURE Evidence that is computed, and true of now: what can be computed, by code.

Whoever knows something (the roster, the posting, the checks of parcels) is a ``FindingSource``; a requirement names
one by its code (``compliance.sources.catalogue``). A code that is not listed there computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Numbers = Mapping[str, Any]
"""Plain values that JSON keeps; no name and no number of anybody: inspectors read them."""


@dataclass(frozen=True)
class Scope:
    """Of which units, for which season (local days, inclusive), as of which moment (aware)."""

    unit_ids: tuple[int, ...]
    since: date
    until: date
    now: datetime


@dataclass(frozen=True)
class ComputedFinding:
    """``holds``: whether it is true now. ``numbers``: what that rests on."""

    holds: bool
    numbers: Numbers


@dataclass(frozen=True)
class FindingSource:
    """``judge`` answers for each unit of whom it can say anything, in a bounded number of statements. ``words`` puts
    the numbers into a sentence of the reader's language."""

    code: str
    name: Any
    judge: Callable[[Scope], Mapping[int, ComputedFinding]]
    words: Callable[[Numbers], str]
