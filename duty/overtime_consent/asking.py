"""PURE Whether an answer given earlier still says anything of the overtime of a duty."""

from __future__ import annotations

AGREED, REFUSED, WAITING = "agreed", "refused", "waiting"
STATES = (WAITING, REFUSED, AGREED)


def shown(text: str) -> tuple[int, int, int] | None:
    """Return what a form carries of the ask that somebody saw (``duty.sequence.minutes``): duty id, number of the
    revision that changed it last, minutes of overtime. None: no page of ours wrote it."""
    parts = text.split(".")
    if len(parts) != 3 or not all(each.isascii() and each.isdecimal() and len(each) < 10 for each in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def still_holds(state: str, answered: tuple[int, int], asked: tuple[int, int]) -> bool:
    """``answered`` and ``asked``: (number of the revision that changed the duty last, minutes of overtime).

    Who agreed to four hours has not agreed to eight; who did not agree to four does not agree to eight either.
    """
    return answered[0] == asked[0] and (state == REFUSED or asked[1] <= answered[1])
