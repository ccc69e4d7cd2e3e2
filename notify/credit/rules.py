"""PURE when what is left of a gateway's credit or of its day is little."""

from __future__ import annotations

import re

NEARLY = 0.9
"""Of a daily limit, from here on it is said."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def is_low(left: float | None, *, below: int, sent_today: int, limit: int) -> bool:
    """``left``: what the provider said, None when it said nothing; ``below`` and ``limit``: 0 when nobody set them."""
    out_of_credit = left is not None and below > 0 and left < below
    return out_of_credit or (limit > 0 and sent_today >= NEARLY * limit)


def number_in(said: str) -> float | None:
    """The number at the beginning of what a provider says, without separators of thousands; None: there is none."""
    found = _NUMBER.match(said.replace(",", "").replace(" ", "").replace("_", ""))
    return float(found[0]) if found and len(found[0]) < 16 else None
