"""PURE what each kind of trouble costs: one table. All of it at its worst costs exactly 100, so that the score is what
remains and no point is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["must", "unsure", "should"]
"""``must``: somebody will be missing or uncalled; ``unsure``: perhaps; ``should``: it makes mending harder later."""
Code = Literal[
    "engine",
    "paused",
    "channels",
    "gaps",
    "unlisted",
    "unsure",
    "unconfirmed",
    "unreachable",
    "untold",
    "changed",
    "unproven",
    "requests",
    "calendars",
    "phones",
    "copies",
]


@dataclass(frozen=True)
class Weight:
    """The first costs ``least`` points, each ``step`` more one point besides, all together never above ``most``."""

    severity: Severity
    least: int
    step: int
    most: int

    def points(self, count: int) -> int:
        """Of ``count`` such troubles; 0 of none."""
        return min(self.most, self.least + (count - 1) // self.step) if count > 0 else 0


WEIGHTS: dict[Code, Weight] = {
    #                     severity, least, step, most   counted are
    "engine": Weight("must", 12, 1, 12),  # whether it runs at all
    "paused": Weight("must", 8, 1, 8),  # whether sending is paused
    "channels": Weight("must", 4, 1, 8),  # channels that carry nothing
    "gaps": Weight("must", 3, 2, 16),  # seats
    "unlisted": Weight("must", 3, 1, 11),  # units
    "unsure": Weight("unsure", 3, 2, 12),  # seats
    "unconfirmed": Weight("must", 1, 6, 8),  # seats
    "unreachable": Weight("must", 2, 2, 8),  # people
    "untold": Weight("must", 1, 10, 5),  # people
    "changed": Weight("should", 1, 5, 3),  # shifts
    "unproven": Weight("should", 1, 20, 3),  # people
    "requests": Weight("should", 1, 1, 1),  # days asked for off, without an answer
    "calendars": Weight("should", 1, 10, 2),  # people
    "phones": Weight("should", 1, 10, 2),  # units
    "copies": Weight("should", 1, 1, 1),  # whether they are old
}
WHOLE = 100
ENTERPRISE: frozenset[Code] = frozenset({"engine", "paused", "channels", "copies"})
"""Of no unit: counted for those who answer for all units."""
