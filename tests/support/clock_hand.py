"""A hand on the clock for stories that are told by the minute."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

from core import clock
from tests.support.tet_night import NIGHT


class ClockHand:
    """``at`` goes to that many ``UNIT``s after ``BEGIN`` (aware UTC); ``close`` gives the clock back."""

    BEGIN: ClassVar[datetime] = NIGHT
    UNIT: ClassVar[timedelta] = timedelta(minutes=1)
    now: datetime

    @cached_property
    def _travels(self) -> ExitStack:
        return ExitStack()

    def at(self, count: float) -> datetime:
        self.close()
        self.now = self.BEGIN + count * self.UNIT
        self._travels.enter_context(clock.travel(self.now))
        return self.now

    def close(self) -> None:
        self._travels.close()
