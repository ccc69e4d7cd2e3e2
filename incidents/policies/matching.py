"""PURE which of a unit's escalation policies holds for an incident. The most specific that fits, then the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from core.form_values import local_minute

Key = TypeVar("Key")


@dataclass(frozen=True)
class IncidentFacts:
    """Of the incident: ``minute`` is the local minute of the day at which it was written down."""

    severity: int
    category: str = "other"
    phase: str | None = None
    minute: int = 0


@dataclass(frozen=True)
class Conditions:
    """Empty = no condition. ``hours`` is [from, to) in local minutes of the day and may run over midnight."""

    severities: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    hours: tuple[int, int] | None = None

    @property
    def weight(self) -> int:
        """How specific they are: how many kinds of condition are set."""
        return sum((bool(self.severities), bool(self.categories), bool(self.phases), self.hours is not None))

    def fit(self, facts: IncidentFacts) -> bool:
        return (
            (not self.severities or facts.severity in self.severities)
            and (not self.categories or facts.category in self.categories)
            and (not self.phases or facts.phase in self.phases)
            and (self.hours is None or within(facts.minute, *self.hours))
        )


def within(minute: int, start: int, end: int) -> bool:
    """Whether a minute of the day lies in [start, end), which may run over midnight; equal ends: the whole day."""
    if start == end:
        return True
    return start <= minute < end if start < end else minute >= start or minute < end


def pick(offered: Iterable[tuple[Key, Conditions]], facts: IncidentFacts) -> Key | None:
    """Return the one of those that fit, in the order offered: the most specific, then the first; ``None`` when none
    fits."""
    fitting = [(conditions.weight, key) for key, conditions in offered if conditions.fit(facts)]
    most = max((weight for weight, _ in fitting), default=0)
    return next((key for weight, key in fitting if weight == most), None)


def parse_conditions(stored: Mapping[str, Any]) -> Conditions:
    """Return the conditions from what is stored: lists, and hours as ["22:00", "06:00"]."""
    hours = stored.get("hours")
    return Conditions(
        frozenset(stored.get("severities") or ()),
        frozenset(stored.get("categories") or ()),
        frozenset(stored.get("phases") or ()),
        (local_minute(hours[0]), local_minute(hours[1])) if hours else None,
    )
