"""Jumps of the wall clock, told by the steady one."""

from __future__ import annotations

from datetime import datetime

from core import clock

LEAST = 2.0
"""Seconds; less is a clock that is being corrected."""


class Jumps:
    def __init__(self) -> None:
        self._before: tuple[datetime, float] | None = None

    def since_last_look(self) -> float:
        """Seconds by which the wall clock jumped, ahead or back; 0 when it did not, or at the first look."""
        wall, steady = clock.wall(), clock.monotonic()
        before, self._before = self._before, (wall, steady)
        if before is None:
            return 0.0
        jump = (wall - before[0]).total_seconds() - (steady - before[1])
        return jump if abs(jump) > LEAST else 0.0
