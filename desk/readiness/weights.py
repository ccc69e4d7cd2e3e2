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

    def points(self, count: int, *, total: bool = False) -> int:
        """Return the points that ``count`` such troubles cost; 0 for none. ``total``: nothing is left of what it is
        about: it costs ``most``."""
        if count <= 0:
            return 0
        return self.most if total else min(self.most, self.least + (count - 1) // self.step)


WEIGHTS: dict[Code, Weight] = {
    #                     severity, least, step, most   counted are
    "engine": Weight("must", 60, 1, 60),  # whether it runs at all
    "paused": Weight("must", 60, 1, 60),  # whether sending is paused
    "channels": Weight("must", 6, 1, 60),  # channels that carry nothing; all of them when nothing is connected
    "gaps": Weight("must", 2, 3, 10),  # seats
    "unlisted": Weight("must", 2, 1, 6),  # units
    "unsure": Weight("unsure", 2, 3, 6),  # seats
    "unconfirmed": Weight("must", 1, 8, 4),  # seats
    "unreachable": Weight("must", 1, 2, 4),  # people
    "untold": Weight("must", 1, 10, 3),  # people
    "changed": Weight("should", 1, 5, 1),  # shifts
    "unproven": Weight("should", 1, 20, 2),  # people
    "requests": Weight("should", 1, 1, 1),  # days asked for off, without an answer
    "calendars": Weight("should", 1, 10, 1),  # people
    "phones": Weight("should", 1, 10, 1),  # units
    "copies": Weight("should", 1, 1, 1),  # whether they are old
}
WHOLE = 100
NOBODY_CALLED: frozenset[Code] = frozenset({"engine", "paused", "channels"})
"""Any of them means that nobody is called, so they share ``NOBODY_CALLED_MOST``: without calls a full roster is worth
less than half."""
NOBODY_CALLED_MOST = 60
ENTERPRISE: frozenset[Code] = frozenset({"engine", "paused", "channels", "copies"})
"""Of no unit: counted for those who answer for all units."""
