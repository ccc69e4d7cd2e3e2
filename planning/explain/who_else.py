"""One cell: who else could take it, at what price; and why this person has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from planning.explain.eligible import pool
from planning.explain.what_if import Rows
from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.restriction import around


@dataclass(frozen=True)
class Candidate:
    """One person for one cell: the hard breaches that seating them would add, and the change of cost.

    `costs` splits the change by rule (hundredths of a point, no zeros); `touches` are the new soft breaches.
    """

    staff_id: int
    breaks: tuple[Violation, ...]
    cost_change: int
    costs: Mapping[str, int]
    touches: tuple[Violation, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(violation.rule for violation in self.breaks))


@dataclass(frozen=True)
class Why:
    """Why somebody sits where they sit. Costs are compared with the seat being empty.

    `next_best` is the cheapest of those who would break nothing; `regret` what it would cost more than this person
    (negative: it would be cheaper; None: there is nobody). `kept_away`: rule → people cheaper than this person whom
    it keeps off the seat. `dearer` and `cheaper` count those who could take it.
    """

    own: Candidate
    pinned: bool
    next_best: Candidate | None
    regret: int | None
    kept_away: Mapping[str, tuple[int, ...]]
    dearer: int
    cheaper: int


def candidates_for(
    problem: Problem,
    assignments: Iterable[Assignment],
    shift_id: int,
    *,
    replacing: int | None = None,
    among: Collection[int] | None = None,
) -> list[Candidate]:
    """Everybody who may serve such a shift and is not on it, best first: who breaks least, costs least, then by id.

    `replacing`: that person's seat counts as empty, and the person is a candidate like any other. Who may never
    serve this duty or unit is left out (`pool` counts them). `among`: of these staff ids alone.
    """
    shift = problem.shift_of[shift_id]
    able = {person.id for person in pool(problem, shift).able if among is None or person.id in among}
    if replacing is not None:
        able.add(replacing)
    return ranked(Rows(*around(problem, able, [shift_id], assignments)), shift, able, replacing=replacing)


def ranked(rows: Rows, shift: Shift, able: Iterable[int], *, replacing: int | None = None) -> list[Candidate]:
    """:func:`candidates_for` among those who are able, on rows that are already there."""
    people = [staff_id for staff_id in rows.on(shift.id) if staff_id != replacing]
    found = [_candidate(rows, shift, people, staff_id) for staff_id in able if staff_id not in people]
    return sorted(found, key=lambda c: (len(c.breaks), c.cost_change, c.staff_id))


def _candidate(rows: Rows, shift: Shift, people: Sequence[int], staff_id: int) -> Candidate:
    change = rows.seating(shift, people, staff_id)
    return Candidate(staff_id, change.breaks, change.cost, change.costs, change.touches)


def choice(found: Sequence[Candidate], staff_id: int, *, pinned: bool) -> Why:
    """Why this one of the candidates, from what was found about all of them."""
    own = next(each for each in found if each.staff_id == staff_id)
    others = [each for each in found if each.staff_id != staff_id]
    free = [each for each in others if not each.breaks]
    kept: dict[str, list[int]] = {}
    for each in others:
        if each.breaks and each.cost_change < own.cost_change:
            for code in each.codes:
                kept.setdefault(code, []).append(each.staff_id)
    best = free[0] if free else None
    cheaper = sum(each.cost_change < own.cost_change for each in free)
    return Why(
        own,
        pinned,
        best,
        best.cost_change - own.cost_change if best else None,
        {code: tuple(ids) for code, ids in kept.items()},
        len(free) - cheaper,
        cheaper,
    )
