"""How much one account may have drawn, counted in the database: typst serves one at a time, and others wait for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.errors import Throttled
from core.security import throttle
from core.security.throttle import Limit
from documents.paper import Paper, Table

PER_MINUTE = Limit(30, timedelta(minutes=1))
"""Papers of a page or two. Setting one takes a quarter of a second (docs/benchmarks.md)."""
ROWS = 200
"""As many rows of tables weigh as much again as the paper around them."""
HEAVIEST = 15
"""Whatever a paper weighs: two of the largest are always to be had."""


def take(paper: Paper, who: str, now: datetime) -> None:
    """Raises ``Throttled`` ``documents.often`` with the seconds to wait. ``who``: account or key (``actor.ref``)."""
    try:
        throttle.take({throttle.key_of("documents", who): PER_MINUTE}, now=now, weight=weight(paper))
    except Throttled as fault:
        raise Throttled("documents.often", **fault.params) from None


def weight(paper: Paper) -> int:
    blocks = [*paper.blocks, *(block for each in paper.appendices for block in each.blocks)]
    rows = sum(len(each.rows) for each in blocks if isinstance(each, Table))
    return min(1 + rows // ROWS, HEAVIEST)
