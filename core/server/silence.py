"""PURE: how long somebody who gives no sign of life is waited for.

On a machine with too much to do, a program may get so little of the CPU that a minute is short: it is silent and works.
One that hangs uses next to nothing, or all that it can get. So what counts in a silence is the CPU time of the
program, its threads and its children (docs/decisions/0073-starting-anywhere.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["", "waits", "hangs", "spins", "too long"]

FIRST_LOOK = 5.0
"""Seconds of silence after which CPU time is looked at for the first time: to look costs more than to listen."""
LEAST_WORK = 1.0
"""CPU seconds in one patience below which it does not work. A worker whose pulse hangs uses less with its threads."""
MOST_WORK = 30.0
"""CPU seconds after which work without a sign is going round in circles, however slow the machine."""
LONGEST = 600.0
"""Seconds of silence that nothing excuses."""


@dataclass
class Silence:
    """Since ``since``, a time of the steady clock. ``patience``: seconds without a sign that need no excuse."""

    since: float
    patience: float
    _first: float | None = None
    _used: float = 0.0
    _judged: float | None = None

    def wants_a_look(self, now: float) -> bool:
        """Whether ``judge`` is to be asked, with the CPU time used so far."""
        if self._first is None:
            return now - self.since >= min(FIRST_LOOK, self.patience)
        return now - (self.since if self._judged is None else self._judged) > self.patience

    def judge(self, now: float, used: float | None) -> Verdict:
        """``waits``: it has used some, and is waited for; the others are reasons to kill. Nothing: it is too early."""
        spent = used or 0.0
        if self._first is None:
            self._first = self._used = spent
            if now - self.since > self.patience:  # nobody looked in time: what it did before is not known
                self._judged = now
            return ""
        if spent < self._used:  # a child's time went with it, to whoever asked how it ended: what it did is not known
            self._first, self._used, self._judged = min(self._first, spent), spent, now
            return "too long" if now - self.since >= LONGEST else "waits"
        worked, all_in_all = spent - self._used, spent - self._first
        self._judged, self._used = now, spent
        if worked < LEAST_WORK:
            return "hangs"
        if all_in_all >= MOST_WORK:
            return "spins"
        return "too long" if now - self.since >= LONGEST else "waits"
