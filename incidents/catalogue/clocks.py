"""PURE by when an incident should be taken, told to the leadership, followed up and resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["acknowledge", "leadership", "update", "resolve"]
State = Literal["running", "sent", "overdue", "again", "again_overdue", "met", "missed", "ended"]
"""running and overdue: still to be done; sent: a message left, and nobody has shown that it was read; met and missed:
done in time or late; ended: over before it was needed. Of taking alone, again and again_overdue: somebody took it and
let it go, and it waits to be taken again."""
WAITING: frozenset[State] = frozenset({"running", "sent", "overdue", "again", "again_overdue"})
OVERDUE: frozenset[State] = frozenset({"overdue", "again_overdue"})
SHIFT = timedelta(hours=12)
"""How long a shift is taken to last where the roster does not say when it ends."""


@dataclass(frozen=True)
class Targets:
    """Of one level; ``None``: by the end of the shift."""

    acknowledge: timedelta
    leadership: timedelta | None
    update: timedelta | None
    resolve: timedelta


@dataclass(frozen=True)
class Moments:
    """What happened to one incident; ``since``: when its clocks began."""

    since: datetime
    acknowledged_at: datetime | None = None
    """When somebody first took it, even if somebody else has it now."""
    leadership_told_at: datetime | None = None
    """When somebody of the leadership opened it, answered, or was rung."""
    updated_at: datetime | None = None
    """The last sign of life since then, if any."""
    finished_at: datetime | None = None
    """Resolved or closed."""
    shift_ends_at: datetime | None = None
    leadership_sent_at: datetime | None = None
    """When the first message to them left, which tells nobody anything by itself."""
    let_go_at: datetime | None = None
    """Nobody has it any more since then; ``None``: somebody has it, nobody ever had, or it is over."""


@dataclass(frozen=True)
class Clock:
    kind: Kind
    due_at: datetime
    done_at: datetime | None
    state: State
    sent_at: datetime | None = None
    """Of what is still to be done: when a message left that nobody has answered."""

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def is_overdue(self) -> bool:
        return self.state in OVERDUE


def clocks(moments: Moments, targets: Targets, now: datetime) -> list[Clock]:
    """The four clocks of an incident, always in the same order."""
    since, finished = moments.since, moments.finished_at
    shift = moments.shift_ends_at or since + SHIFT
    by = _by(since, targets.leadership, shift)
    return [
        _taking(moments, targets, now),
        _sent(_clock("leadership", by, moments.leadership_told_at, finished, now=now), moments),
        _update(moments, targets, shift, now),
        _clock("resolve", since + targets.resolve, finished, None, now=now),
    ]


def _taking(moments: Moments, targets: Targets, now: datetime) -> Clock:
    """How soon it was first taken; once it was let go, how soon it must be taken again, from that moment on."""
    if moments.let_go_at is None or moments.finished_at is not None:
        due = moments.since + targets.acknowledge
        return _clock("acknowledge", due, moments.acknowledged_at, moments.finished_at, now=now)
    due = moments.let_go_at + targets.acknowledge
    return Clock("acknowledge", due, moments.acknowledged_at, "again" if now <= due else "again_overdue")


def _sent(clock: Clock, moments: Moments) -> Clock:
    """That a message left tells the leadership nothing yet: a state of its own until somebody shows that they know."""
    if not clock.waits or moments.leadership_sent_at is None:
        return clock
    state: State = "sent" if clock.state == "running" else clock.state
    return replace(clock, state=state, sent_at=moments.leadership_sent_at)


def _by(since: datetime, wait: timedelta | None, shift_ends_at: datetime) -> datetime:
    return max(since, shift_ends_at) if wait is None else since + wait


def _update(moments: Moments, targets: Targets, shift: datetime, now: datetime) -> Clock:
    """Each sign of life starts the wait anew; one within the shift is enough where the end of the shift is asked."""
    last = max(moments.updated_at, moments.since) if moments.updated_at else None
    if targets.update is None:
        return _clock("update", _by(moments.since, None, shift), last, moments.finished_at, now=now)
    return _clock("update", (last or moments.since) + targets.update, None, moments.finished_at, now=now)


def _clock(kind: Kind, due: datetime, done: datetime | None, finished: datetime | None, *, now: datetime) -> Clock:
    if done is not None:
        return Clock(kind, due, done, "met" if done <= due else "missed")
    if finished is not None:
        return Clock(kind, due, None, "ended" if finished <= due else "missed")
    return Clock(kind, due, None, "running" if now <= due else "overdue")
