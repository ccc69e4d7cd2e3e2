"""PURE What of each duty of a person is overtime, and whether an answer given earlier still says anything of it."""

from __future__ import annotations

from collections.abc import Sequence

from roster.planning.problem import Problem, Shift, Staff
from roster.planning.time.overtime import overtime

AGREED, REFUSED, WAITING = "agreed", "refused", "waiting"
STATES = (WAITING, REFUSED, AGREED)


def added(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> dict[int, int]:
    """Shift id → minutes of overtime that it adds to those before it, by start; those that add none are left out.

    What a week has above the normal one falls to its last duties: whoever agreed to the first ones is not asked again
    because of a later one. Together they are all the overtime of these shifts.
    """
    found, before = {}, 0
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.id))
    for number, shift in enumerate(ordered, 1):
        whole = sum(overtime(problem, person, ordered[:number]).values())
        if whole > before:
            found[shift.id], before = whole - before, whole
    return found


def shown(text: str) -> tuple[int, int, int] | None:
    """What a form carries of the ask that somebody saw (``duty.sequence.minutes``): duty id, number of the revision
    that changed it last, minutes of overtime. None: no page of ours wrote it."""
    parts = text.split(".")
    if len(parts) != 3 or not all(each.isascii() and each.isdecimal() and len(each) < 10 for each in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def still_holds(state: str, answered: tuple[int, int], asked: tuple[int, int]) -> bool:
    """``answered`` and ``asked``: (number of the revision that changed the duty last, minutes of overtime).

    Who agreed to four hours has not agreed to eight; who did not agree to four does not agree to eight either.
    """
    return answered[0] == asked[0] and (state == REFUSED or asked[1] <= answered[1])
