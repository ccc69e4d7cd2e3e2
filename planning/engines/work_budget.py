"""Work that is counted and not measured: the same on a fast machine and on a slow one, on an idle one and a busy one.

It is told in seconds, so that it can be asked for as time is; they are rather more than real ones, so that the clock,
which stays a hard end, seldom comes first.
"""

from __future__ import annotations

from time import monotonic

# Seconds per number in the rows of a programme, for each time that the solver looks up: while it is at the root, where
# it looks up seldom, and later in the tree. Measured on months of 20 to 120 people, with as much again to spare.
AT_ROOT, IN_TREE = 6e-6, 1e-6
LARGE = 100_000  # numbers; beyond, each takes longer too


class WorkBudget:
    """What an engine may do and what it has done; `is_clocked`: the clock ended something before its work was done."""

    def __init__(self, budget: float, seconds: float) -> None:
        self.budget, self.until = budget, monotonic() + seconds
        self.spent = 0.0
        self.is_clocked = False

    def elapsed(self) -> float:
        """Return what stands in the place of a clock."""
        return self.spent

    @property
    def seconds_left(self) -> float:
        """Return the seconds of the real clock that are left."""
        return self.until - monotonic()


class Meter:
    """Counts one run of a solver on a programme of `size` numbers, which may take so many seconds of work."""

    def __init__(self, work: WorkBudget, size: int, seconds: float) -> None:
        self.work, self.size, self.most = work, size * max(1.0, size / LARGE), work.spent + seconds
        self.count(0)  # making the programme and simplifying it

    def count(self, nodes: int) -> bool:
        """The solver looks up, with so many nodes done; True when its work is done."""
        self.work.spent += self.size * (IN_TREE if nodes > 0 else AT_ROOT)
        return self.work.spent >= self.most
