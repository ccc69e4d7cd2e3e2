"""PURE What the code of a poster says, and whether a photo shows the poster that it is sent for.

The code is printed for everybody to scan: finding it says that the right sheet is in the picture, not that it hangs.
So it puts photos in order for whoever accepts them, and refuses none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

Read = Literal["current", "other", "none", "unread"]
"""The poster that it is sent for; another one of ours; no code of ours; it could not be looked at."""


def path(unit_code: str, what: str, mark: str) -> str:
    """The public page of the point; ``b``, which the page does not ask for: which edition is on paper."""
    return f"/p/{quote(unit_code, safe='')}?b={what}-{mark}"


def judge(codes: Sequence[str] | None, unit_code: str, what: str, mark: str) -> Read:
    if codes is None:
        return "unread"
    found = [read for read in map(_poster, codes) if read is not None]
    if (unit_code, f"{what}-{mark}") in found:
        return "current"
    return "other" if found else "none"


def _poster(code: str) -> tuple[str, str] | None:
    """(point, what and mark), wherever the page stood when it was printed."""
    try:
        parts = urlsplit(code)
    except ValueError:
        return None
    _before, is_ours, unit = parts.path.rpartition("/p/")
    said = parse_qs(parts.query).get("b")
    return (unquote(unit), said[0]) if is_ours and said else None
