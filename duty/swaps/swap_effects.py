"""PURE what it means for two people that seats change hands: every rule over the whole plan of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from planning.explain.eligible import pool
from planning.explain.substitutes import Move
from planning.explain.what_if import EditEffect, Rows, compare, ordered, together
from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.restriction import around

MOST = 20
"""Ways that are offered."""
TRIED = 60
"""Exchanges that are judged, the nearest in time first."""


@dataclass(frozen=True)
class PlannedLoad:
    """What somebody carries in the plan: shifts, minutes, and hundredths of a point."""

    shifts: int
    minutes: int
    points: int


@dataclass(frozen=True)
class Side:
    """One person's plan before and after."""

    person_id: int
    before: PlannedLoad
    after: PlannedLoad


@dataclass(frozen=True)
class SwapEffect:
    """``breaks``: hard rules that it newly breaks; ``sides``: of each person, in the order of the moves."""

    breaks: tuple[Violation, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Exchange:
    """Somebody else's shift that could be served instead of one's own, and theirs in return."""

    person_id: int
    shift_id: int
    starts_at: datetime


def effect(problem: Problem, seated: Iterable[Assignment], moves: Sequence[Move]) -> SwapEffect:
    """``moves``: who takes whose seat on which shift, all at once. ValueError when somebody is not on the shift."""
    held = tuple(seated)
    for move in moves:
        if Assignment(move.shift_id, move.out) not in held:
            raise ValueError("the person is not on the shift")
    people = list(dict.fromkeys(each for move in moves for each in (move.out, move.into)))
    part, mine = around(problem, people, [move.shift_id for move in moves], held)
    return _effect(Rows(part, mine), moves, people)


def exchanges(
    problem: Problem, seated: Iterable[Assignment], shift_id: int, leaving: int, *, now: datetime
) -> list[Exchange]:
    """Shifts of others, not begun ``now``, that could be served instead of this one without breaking a rule, the
    nearest in time first. Judged are the ``TRIED`` nearest that both may serve."""
    held = tuple(seated)
    shift = problem.shift_of[shift_id]
    there = {each.staff_id for each in held if each.shift_id == shift_id}
    able = {person.id for person in pool(problem, shift).able} - there
    mine = {each.shift_id for each in held if each.staff_id == leaving}
    theirs = [each for each in held if each.staff_id in able and each.shift_id not in mine]
    near = sorted((abs(problem.shift_of[each.shift_id].start - shift.start), each) for each in theirs)
    rows = Rows(*around(problem, {leaving, *able}, [shift_id, *(each.shift_id for each in theirs)], held))
    kinds: dict[tuple[str, str, str], bool] = {}
    found, tried = list[Exchange](), 0
    for _apart, each in near:
        other = problem.shift_of[each.shift_id]
        if other.start <= now or not _may(problem, other, leaving, kinds):
            continue
        tried += 1
        moves = (Move(shift_id, leaving, each.staff_id), Move(other.id, each.staff_id, leaving))
        if not _effect(rows, moves, [leaving, each.staff_id]).breaks:
            found.append(Exchange(each.staff_id, other.id, other.start))
        if tried >= TRIED or len(found) >= MOST:
            break
    return found


def _may(problem: Problem, shift: Shift, person_id: int, known: dict[tuple[str, str, str], bool]) -> bool:
    kind = (shift.duty, shift.unit, shift.form)
    if kind not in known:
        known[kind] = any(person.id == person_id for person in pool(problem, shift).able)
    return known[kind]


def _effect(rows: Rows, moves: Sequence[Move], people: Sequence[int]) -> SwapEffect:
    shift_of = rows.problem.shift_of
    changes, sides = list[EditEffect](), list[Side]()
    for person_id in people:
        own = rows.own(person_id)
        gone = {move.shift_id for move in moves if move.out == person_id}
        came = [shift_of[move.shift_id] for move in moves if move.into == person_id]
        after = ordered([*(each for each in own if each.id not in gone), *came])
        was, now = rows.violations(person_id, own), rows.violations(person_id, after)
        changes.append(compare([v for v in was if v.rule != "pins.kept"], [v for v in now if v.rule != "pins.kept"]))
        sides.append(Side(person_id, _load(rows.problem, person_id, own), _load(rows.problem, person_id, after)))
    passed = [rows.passing(shift_of[move.shift_id], move.out, move.into) for move in moves]
    whole = together(*changes, *passed)
    return SwapEffect(whole.breaks, tuple(sides))


def _load(problem: Problem, person_id: int, shifts: Sequence[Shift]) -> PlannedLoad:
    person = problem.person[person_id]
    return PlannedLoad(len(shifts), sum(each.minutes for each in shifts), sum(each.worth(person) for each in shifts))
