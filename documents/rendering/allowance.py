"""How much one account may have drawn, counted in the database: typst serves one at a time, and others wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from core.errors import Throttled, Unavailable
from core.security import throttle
from core.security.throttle import AttemptLimit
from documents.paper import Paper, PaperTable

PER_MINUTE = AttemptLimit(30, timedelta(minutes=1))
"""Papers of a page or two. Setting one takes a quarter of a second (docs/benchmarks.md)."""
ROWS = 200
"""As many rows of tables weigh as much again as the paper around them."""
HEAVIEST = 15
"""Whatever a paper weighs: two of the largest are to be had in a minute."""


@contextmanager
def spent(paper: Paper, who: str, now: datetime) -> Iterator[None]:
    """It is drawn inside; what could not be drawn is given back. ``who``: account or key (``actor.ref``).

    Raises ``Throttled`` ``documents.often`` with the seconds to wait.
    """
    key, heavy = throttle.key_of("documents", who), weight(paper)
    try:
        throttle.take({key: PER_MINUTE}, now=now, weight=heavy)
    except Throttled as fault:
        raise Throttled("documents.often", **fault.params) from None
    try:
        yield
    except (Throttled, Unavailable):
        throttle.give_back(key, heavy)
        raise


def weight(paper: Paper) -> int:
    blocks = [*paper.blocks, *(block for each in paper.appendices for block in each.blocks)]
    rows = sum(len(each.rows) for each in blocks if isinstance(each, PaperTable))
    return min(1 + rows // ROWS, HEAVIEST)
