"""PURE when what is left of a gateway's credit or of its day is little."""

from __future__ import annotations

import re

NEARLY = 0.9
"""Of a daily limit, from here on it is said."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_BY_DOTS = re.compile(r"-?\d{1,3}(?:\.\d{3}){2,}(?!\d)|-?\d{1,3}(?:\.\d{3})+(?=,\d)")
"""Thousands as Việt Nam writes them: two dots at least, or one before a decimal comma; 1.500 alone stays 1.5."""
_DECIMAL_COMMA = re.compile(r"^(-?\d+),(\d{1,2})(?!\d|,)")


def is_low(left: float | None, *, below: int, sent_today: int, limit: int) -> bool:
    """``left``: what the provider said, None when it said nothing; ``below`` and ``limit``: 0 when nobody set them."""
    out_of_credit = left is not None and below > 0 and left < below
    return out_of_credit or (limit > 0 and sent_today >= NEARLY * limit)


def number_in(said: str) -> float | None:
    """The number at the beginning of what a provider says, without separators of thousands; None: there is none."""
    tidy = "".join(said.split()).replace("_", "")
    by_dots = _BY_DOTS.match(tidy)
    if by_dots:
        tidy = by_dots[0].replace(".", "") + tidy[by_dots.end() :]
    found = _NUMBER.match(_DECIMAL_COMMA.sub(r"\1.\2", tidy).replace(",", ""))
    return float(found[0]) if found and len(found[0]) < 16 else None
