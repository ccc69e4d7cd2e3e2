"""PURE when a gateway that keeps failing is left alone, and when one message may try it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

OPENS_AFTER = 3
"""Faults of the gateway in a row; a refusal of one address is no fault of the gateway."""
PAUSES = (5, 10, 15)
"""Seconds until the first, second, … probe; the last one for ever after. Short, because people wait behind it."""
PROBE_TAKES = timedelta(seconds=20)
"""While a probe is under way nobody else tries; a probe whose process died is followed by another after this."""


@dataclass(frozen=True)
class BreakerState:
    """``opened_at`` is None while closed. ``probe_at``: from when one message may try."""

    failures: int = 0
    opened_at: datetime | None = None
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None


CLOSED = BreakerState()


def admits(state: BreakerState, now: datetime) -> bool:
    """Whether a message may be tried at ``now``; while open only as the probe that is due."""
    return state.probe_at is None or now >= state.probe_at


def probing(state: BreakerState, now: datetime) -> BreakerState:
    """The state while the probe admitted at ``now`` is under way."""
    return replace(state, probe_at=now + PROBE_TAKES)


def after_fault(state: BreakerState, now: datetime) -> BreakerState:
    """One more fault in a row."""
    failures = state.failures + 1
    if failures < OPENS_AFTER:
        return BreakerState(failures)
    pause = PAUSES[min(failures - OPENS_AFTER, len(PAUSES) - 1)]
    return BreakerState(failures, state.opened_at or now, now + timedelta(seconds=pause))
