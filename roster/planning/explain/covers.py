"""Somebody cannot come: who takes the shift, alone or by passing on a shift of their own to a third person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from roster.planning.explain.part import part
from roster.planning.explain.pool import distance, pool
from roster.planning.explain.rows import Change, Rows, together
from roster.planning.problem import Assignment, Problem, Shift, Violation

TRIED = 12  # shifts that are looked at for passing on
TRIED_EACH = 3  # of one person
CHAINS = 8  # offered


@dataclass(frozen=True)
class Move:
    """On this shift `into` takes the seat of `out`."""

    shift_id: int
    out: int
    into: int


@dataclass(frozen=True)
class Cover:
    """One way to fill the seat: the moves, what they break, what they cost, how far the farthest unit is (steps)."""

    moves: tuple[Move, ...]
    breaks: tuple[Violation, ...]
    cost_change: int
    costs: Mapping[str, int]
    touches: tuple[Violation, ...]
    distance: int

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        return len(self.breaks), self.distance, len(self.moves), self.cost_change, self.moves[0].into


def covers(problem: Problem, assignments: Iterable[Assignment], shift_id: int, leaving: int) -> list[Cover]:
    """Every way found, best first: breaks nothing, then the nearest unit, then fewer moves, then the lower cost.

    One move by anybody who may serve there, whatever it breaks; two moves only where they break nothing. ValueError
    when the person is not on the shift.
    """
    seated = tuple(assignments)
    if Assignment(shift_id, leaving) not in seated:
        raise ValueError("the person is not on the shift")
    search = _Search(problem, seated, problem.shift_of[shift_id], leaving)
    direct = list(search.direct())
    chains = sorted(search.chains(), key=lambda cover: cover.order)[:CHAINS]
    return sorted([*direct, *chains], key=lambda cover: cover.order)


def takers(
    problem: Problem, assignments: Iterable[Assignment], shift_id: int, leaving: int, *, nearest: int
) -> list[int]:
    """Of the ``nearest`` people who may serve there those who could take it alone.

    What is best comes first as in :func:`covers`, which judges everybody and passing on; in a province that takes
    seconds.
    """
    search = _Search(problem, tuple(assignments), problem.shift_of[shift_id], leaving, nearest)
    ways = sorted((cover for cover in search.direct() if not cover.breaks), key=lambda cover: cover.order)
    return [cover.moves[0].into for cover in ways]


class _Search:
    def __init__(
        self,
        problem: Problem,
        seated: tuple[Assignment, ...],
        shift: Shift,
        leaving: int,
        nearest: int | None = None,
    ) -> None:
        """``nearest``: so many people are judged, and nobody who could take over a shift of theirs."""
        self.problem, self.shift, self.leaving = problem, shift, leaving
        there = {each.staff_id for each in seated if each.shift_id == shift.id}
        able = [p.id for p in pool(problem, shift).able if p.id not in there]
        self.able = able if nearest is None else sorted(able, key=lambda p: (self._distance(p, shift), p))[:nearest]
        self._pools: dict[tuple[str, str, str], list[int]] = {}
        people = {leaving, *self.able}
        if nearest is None:
            held = {a.shift_id for a in seated if a.staff_id in people - {leaving}}
            people |= {p for shift_id in held for p in self._could(problem.shift_of[shift_id])}
        self.rows = Rows(*part(problem, people, [shift.id], seated))
        self.left = self.rows.dropping(leaving, shift.id)
        self.alone = {staff_id: self.rows.adding(staff_id, shift) for staff_id in self.able}
        self._heirs: dict[int, list[tuple[int, Change]]] = {}

    def direct(self) -> Iterator[Cover]:
        for staff_id, change in self.alone.items():
            yield self._cover([Move(self.shift.id, self.leaving, staff_id)], [change])

    def chains(self) -> Iterator[Cover]:
        """Who could take the seat but for one shift of theirs, and who could best take that one."""
        for staff_id, given_up, change in sorted(self._nearly(), key=self._nearness)[: TRIED * TRIED_EACH]:
            first = Move(self.shift.id, self.leaving, staff_id)
            found = [
                self._cover([first, Move(given_up.id, staff_id, heir)], [change, taking])
                for heir, taking in self._who_takes(given_up)
                if heir != staff_id
            ]
            kept = [cover for cover in found if not cover.breaks]
            if kept:
                yield min(kept, key=lambda cover: cover.order)

    def _nearly(self) -> Iterator[tuple[int, Shift, Change]]:
        for staff_id, change in self.alone.items():
            own = {shift.id: shift for shift in self.rows.own(staff_id)}
            named = {each for violation in change.breaks for each in violation.shift_ids} & own.keys()
            near = sorted((own[each] for each in named), key=lambda s: (abs(s.start - self.shift.start), s.id))
            for given_up in near[:TRIED_EACH]:
                without = self.rows.adding(staff_id, self.shift, without=[given_up])
                if not without.breaks:
                    yield staff_id, given_up, without

    def _nearness(self, found: tuple[int, Shift, Change]) -> tuple[int, int, int]:
        staff_id, given_up, change = found
        return self._distance(staff_id, self.shift), change.cost, given_up.id

    def _who_takes(self, shift: Shift) -> list[tuple[int, Change]]:
        """People who could take this shift at once; looked up for few shifts, the nearest first."""
        if shift.id not in self._heirs and len(self._heirs) < TRIED:
            on = {*self.rows.on(shift.id), self.leaving}
            changes = [(p, self.rows.adding(p, shift)) for p in self._could(shift) if p not in on]
            self._heirs[shift.id] = [(p, change) for p, change in changes if not change.breaks]
        return self._heirs.get(shift.id, [])

    def _could(self, shift: Shift) -> list[int]:
        kind = (shift.duty, shift.unit, shift.form)
        if kind not in self._pools:
            self._pools[kind] = [person.id for person in pool(self.problem, shift).able]
        return self._pools[kind]

    def _distance(self, staff_id: int, shift: Shift) -> int:
        return distance(self.problem, self.problem.person[staff_id].unit, shift.unit)

    def _cover(self, moves: list[Move], changes: list[Change]) -> Cover:
        shifts = [self.problem.shift_of[move.shift_id] for move in moves]
        passed = [self.rows.passing(s, move.out, move.into) for s, move in zip(shifts, moves, strict=True)]
        taken = together(*changes, *passed)
        whole = together(taken, self.left)
        far = max(self._distance(move.into, shift) for move, shift in zip(moves, shifts, strict=True))
        return Cover(tuple(moves), taken.breaks, whole.cost, whole.costs, taken.touches, far)
