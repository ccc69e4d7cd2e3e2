"""PURE what cannot be meant: days that are asked for against what stands already."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

Span = tuple[date, date, str]
"""The first and the last day of an absence, and its kind."""


def check_absence(from_on: date, to_on: date, kind: str, *, stand: Iterable[Span], today: date) -> str | None:
    """The code of what is wrong, or None: the same days for the same reason again, or days that are over, of which
    nobody can be asked any more (illness is noted afterwards too)."""
    if (from_on, to_on, kind) in set(stand):
        return "request.absent_already"
    if to_on < today and kind != "sick":
        return "request.past"
    return None


def check_wish(
    on: date,
    want: str,
    *,
    wishes: Collection[tuple[date, str]],
    away: Iterable[Span],
    serves: Collection[date],
    today: date,
) -> str | None:
    """The code of what is wrong, or None. ``wishes``: day and want of those that stand; ``serves``: local days on which
    a published shift of theirs begins."""
    if on < today:
        return "request.past"
    if (on, want) in wishes:
        return "request.wished_already"
    if want == "on" and any(first <= on <= last for first, last, _kind in away):
        return "request.wish_while_away"
    if on in serves:
        return "request.wish_published" if want == "off" else "request.serves_already"
    return None
