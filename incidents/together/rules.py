"""PURE what many incidents have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Common:
    """``category``, ``reporter``: of all of them, empty when they differ; ``minutes``: from the first to the last."""

    category: str
    reporter: str
    first: datetime
    last: datetime

    @property
    def minutes(self) -> int:
        return -(-(self.last - self.first) // timedelta(minutes=1))


def in_common(several: Sequence[tuple[str, str, datetime]]) -> Common | None:
    """Return what all have in common, each given as (category, who reported it, when); ``None`` for none."""
    if not several:
        return None
    times = [at for _category, _reporter, at in several]
    return Common(_one({each[0] for each in several}), _one({each[1] for each in several}), min(times), max(times))


def _one(found: Collection[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
