"""Ways to choose what a step of the search may change, and how each learns from what its steps brought."""

from __future__ import annotations

STEP_SECONDS = 4.0  # of processor time is plenty for one step
QUICK, SLOW = 0.25, 0.75  # shares of it: a step that proves its best in less may grow, one that takes more shrinks
GROW, SHRINK = 1.2, 0.8


class Neighbourhood:
    """A way to choose what is free; `size` is how many people or days (or pairs of people), `often` for how likely."""

    def __init__(self, name: str, size: float, most: int, often: float = 1.0) -> None:
        self.name, self.size, self.most, self.often = name, min(size, most), most, often
        self.score = 1.0
        self.covered = 0.0  # shares of the component that it has freed since the last gain of any way

    def learn(self, *, gained: bool) -> None:
        self.covered += self.size / max(1, self.most)
        self.score = 0.9 * self.score + 0.1 * (2.0 if gained else 0.1)

    def fit(self, *, proven: bool, spent: float) -> None:
        """Follow with the size how long a step took."""
        if proven and spent < QUICK * STEP_SECONDS:
            self.size = min(self.most, self.size * GROW)
        elif not proven or spent > SLOW * STEP_SECONDS:
            self.size = max(2.0, self.size * SHRINK)


Ways = tuple[Neighbourhood, ...]
