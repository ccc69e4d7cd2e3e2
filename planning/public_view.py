"""PURE The plan as everybody may know it: what colleagues are told of each other is worked out from this one, so that
no number of it can depend on somebody's leave, protection or hours of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from planning.problem import Absence, Problem, Staff, Wish

Owned = TypeVar("Owned", Absence, Wish)


def in_the_open(problem: Problem, but: int | None = None) -> Problem:
    """Return the plan without leave, ordinary work (there is none on leave), wishes, pairs, pins of the draft, and what
    anybody has of their own; ``but``: the staff id of whoever asks, who keeps theirs."""
    return replace(
        problem,
        staff=tuple(person if person.id == but else _like_everybody(person) for person in problem.staff),
        absences=_owned_by(but, problem.absences),
        wishes=_owned_by(but, problem.wishes),
        pins=(),
        work=(),
        pairs=(),
        baseline=(),
    )


def _owned_by(staff_id: int | None, rows: tuple[Owned, ...]) -> tuple[Owned, ...]:
    return tuple(each for each in rows if each.staff_id == staff_id)


def _like_everybody(person: Staff) -> Staff:
    return replace(
        person,
        no_night=False,
        no_overtime=False,
        max_shifts=None,
        min_shifts=None,
        share=100,
        overtime_month=None,
        overtime_year=None,
        limits={},
    )
