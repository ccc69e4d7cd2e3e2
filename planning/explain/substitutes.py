"""Somebody cannot come: who takes the shift, alone or by passing on a shift of their own to a third person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from planning.explain.eligible import distance, pool
from planning.explain.what_if import EditEffect, Rows, together
from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.restriction import around

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
    """Return those of the ``nearest`` people who may serve there who could take it alone.

    What is best comes first as in :func:`covers`, which judges everybody and passing on; in a province that takes
    seconds.
    """
    search = _Search(problem, tuple(assignments), problem.shift_of[shift_id], leaving, nearest=nearest)
    ways = sorted((cover for cover in search.direct() if not cover.breaks), key=lambda cover: cover.order)
    return [cover.moves[0].into for cover in ways]


def chains(
    problem: Problem, assignments: Iterable[Assignment], shift_id: int, leaving: int, *, nearest: int
) -> list[Cover]:
    """Two moves that break nothing, best first, among the ``nearest`` people who may serve there and, for each shift of
    theirs, the ``nearest`` who may serve that. Of what is published: pins keep nobody from passing a shift on."""
    search = _Search(problem, tuple(assignments), problem.shift_of[shift_id], leaving, nearest=nearest, heirs=True)
    return sorted(search.chains(), key=lambda cover: cover.order)[:CHAINS]


class _Search:
    def __init__(
        self,
        problem: Problem,
        seated: tuple[Assignment, ...],
        shift: Shift,
        leaving: int,
        *,
        nearest: int | None = None,
        heirs: bool = False,
    ) -> None:
        """``nearest``: so many people are judged, and nobody who could take over a shift of theirs; with ``heirs`` for
        each shift so many."""
        self.problem, self.shift, self.leaving = problem, shift, leaving
        self._pools: dict[tuple[str, str, str], list[int]] = {}
        self._steps: dict[tuple[str, str], int] = {}
        there = {each.staff_id for each in seated if each.shift_id == shift.id}
        able = [p.id for p in pool(problem, shift).able if p.id not in there]
        self.able = able if nearest is None else sorted(able, key=lambda p: (self._distance(p, shift), p))[:nearest]
        people = {leaving, *self.able}
        if (nearest is None or heirs) and len(people) < len(problem.staff):
            held = {a.shift_id for a in seated if a.staff_id in people - {leaving}}
            people |= {p for shift_id in held for p in self._nearest(problem.shift_of[shift_id], nearest)}
        self._within, self._heirs_near = people, heirs
        self.rows = Rows(*around(problem, people, [shift.id], seated))
        self.left = self.rows.dropping(leaving, shift.id)
        self.alone = {staff_id: self.rows.adding(staff_id, shift) for staff_id in self.able}
        self._heirs: dict[int, dict[int, list[int]]] = {}
        self._taking: dict[tuple[int, int], EditEffect] = {}
        self._places = {person.id: place for place, person in enumerate(problem.staff)}

    def direct(self) -> Iterator[Cover]:
        for staff_id, change in self.alone.items():
            yield self._cover([Move(self.shift.id, self.leaving, staff_id)], [change])

    def chains(self) -> Iterator[Cover]:
        """Who could take the seat but for one shift of theirs, and who could best take that one."""
        for staff_id, given_up, change in sorted(self._nearly(), key=self._nearness)[: TRIED * TRIED_EACH]:
            found = self._passed_on(staff_id, given_up, change)
            if found is not None:
                yield found

    def _passed_on(self, staff_id: int, given_up: Shift, change: EditEffect) -> Cover | None:
        """The best heir who breaks nothing; whoever is farther away is judged only where nobody nearer can."""
        first, far = Move(self.shift.id, self.leaving, staff_id), self._distance(staff_id, self.shift)
        heirs = self._who_takes(given_up)
        within = [each for each in heirs if each <= far]
        for steps in [within, *([each] for each in sorted(heirs) if each > far)]:
            found = [
                self._cover([first, Move(given_up.id, staff_id, heir)], [change, taking])
                for heir in sorted((p for each in steps for p in heirs[each]), key=self._places.__getitem__)
                if heir != staff_id and not (taking := self._takes(heir, given_up)).breaks
            ]
            kept = [cover for cover in found if not cover.breaks]
            if kept:
                return min(kept, key=lambda cover: cover.order)
        return None

    def _nearly(self) -> Iterator[tuple[int, Shift, EditEffect]]:
        for staff_id, change in self.alone.items():
            own = {shift.id: shift for shift in self.rows.own(staff_id)}
            named = {each for violation in change.breaks for each in violation.shift_ids} & own.keys()
            near = sorted((own[each] for each in named), key=lambda s: (abs(s.start - self.shift.start), s.id))
            for given_up in near[:TRIED_EACH]:
                without = self.rows.adding(staff_id, self.shift, without=[given_up])
                if self._heirs_near:
                    without = replace(without, breaks=tuple(v for v in without.breaks if v.rule != "pins.kept"))
                if not without.breaks:
                    yield staff_id, given_up, without

    def _nearness(self, found: tuple[int, Shift, EditEffect]) -> tuple[int, int, int]:
        staff_id, given_up, change = found
        return self._distance(staff_id, self.shift), change.cost, given_up.id

    def _who_takes(self, shift: Shift) -> dict[int, list[int]]:
        """Steps away → people who may serve this shift and are not on it; looked up for few shifts."""
        if shift.id not in self._heirs and len(self._heirs) < TRIED:
            on = {*self.rows.on(shift.id), self.leaving}
            found: defaultdict[int, list[int]] = defaultdict(list)
            for staff_id in self._could(shift):
                if staff_id not in on and staff_id in self._within:
                    found[self._distance(staff_id, shift)].append(staff_id)
            self._heirs[shift.id] = found
        return self._heirs.get(shift.id, {})

    def _takes(self, staff_id: int, shift: Shift) -> EditEffect:
        key = (staff_id, shift.id)
        if key not in self._taking:
            self._taking[key] = self.rows.adding(staff_id, shift)
        return self._taking[key]

    def _could(self, shift: Shift) -> list[int]:
        kind = (shift.duty, shift.unit, shift.form)
        if kind not in self._pools:
            self._pools[kind] = [person.id for person in pool(self.problem, shift).able]
        return self._pools[kind]

    def _nearest(self, shift: Shift, most: int | None) -> list[int]:
        able = self._could(shift)
        return able if most is None else sorted(able, key=lambda p: (self._distance(p, shift), p))[:most]

    def _distance(self, staff_id: int, shift: Shift) -> int:
        way = self.problem.person[staff_id].unit, shift.unit
        if way not in self._steps:
            self._steps[way] = distance(self.problem, *way)
        return self._steps[way]

    def _cover(self, moves: list[Move], changes: list[EditEffect]) -> Cover:
        shifts = [self.problem.shift_of[move.shift_id] for move in moves]
        passed = [self.rows.passing(s, move.out, move.into) for s, move in zip(shifts, moves, strict=True)]
        taken = together(*changes, *passed)
        whole = together(taken, self.left)
        far = max(self._distance(move.into, shift) for move, shift in zip(moves, shifts, strict=True))
        return Cover(tuple(moves), taken.breaks, whole.cost, whole.costs, taken.touches, far)
