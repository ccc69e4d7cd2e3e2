"""A least set of facts that together keep a seat empty: leave out any one of them and the seat can be filled.

It is looked for close to the seat first (the shift alone, then the days around it), because the sooner a conflict
shows, the fewer facts it has. Every step is a proof by re-solving; what nobody proved in time is not claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic

from roster.planning.explain.facts import Fact, FactKind, facts_of, only
from roster.planning.explain.part import restricted
from roster.planning.explain.pool import pool
from roster.planning.problem import Assignment, Problem, Shift

Fewest = Callable[[Problem, float], tuple[int, bool]]
"""(problem, seconds) → (fewest empty seats, whether that is proven)."""

STEP_SECONDS = 2.0  # for one proof; one that takes longer is left
LOOKING = 0.4  # of the time may go to looking for a conflict that is about the shift itself
WINDOWS = (0, 1, 3, 7, 15, 366)  # days around the shift, one after the other
TOLD: tuple[FactKind, ...] = ("cover", "rule", "own", "protected", "absence", "pin")


@dataclass(frozen=True)
class Conflict:
    """Why one shift has an empty seat. `people`: how many may serve there at all.

    `asked`: shift → how many people the proof asks for there, which may be fewer than the shift needs (one more than
    it has; of other shifts as many as they have).
    `is_irreducible`: re-solved with only these facts (a seat stays empty) and with each of them left out (none does).
    Otherwise time ran out: the facts conflict, but fewer of them may.
    """

    shift_id: int
    facts: tuple[Fact, ...]
    is_irreducible: bool
    people: int
    asked: Mapping[int, int]


class _Proofs:
    """Answers whether facts conflict, each question once, until time is up."""

    def __init__(self, fewest: Fewest, until: float) -> None:
        self.fewest, self.until = fewest, until
        self._known: dict[frozenset[Fact], bool | None] = {}
        self.problem: Problem | None = None

    @property
    def is_late(self) -> bool:
        return monotonic() >= self.until

    def about(self, problem: Problem) -> None:
        if problem is not self.problem:
            self.problem, self._known = problem, {}

    def conflicts(self, facts: Sequence[Fact]) -> bool | None:
        """None: not proven in time."""
        key = frozenset(facts)
        if key not in self._known:
            self._known[key] = self._prove(facts)
        return self._known[key]

    def _prove(self, facts: Sequence[Fact]) -> bool | None:
        left = min(STEP_SECONDS, self.until - monotonic())
        if left <= 0 or self.problem is None:
            return None
        missing, proven = self.fewest(only(self.problem, facts), left)
        return missing > 0 if proven or not missing else None


def conflict_of(
    problem: Problem, assignments: Iterable[Assignment], shift_id: int, *, fewest: Fewest, seconds: float
) -> Conflict | None:
    """A least set of facts that keeps a seat of the shift empty; None when none was proven in time.

    Other shifts are first asked for no more people than they have, so that the conflict is about this one. Where the
    roster is not tight enough for that, they are asked for in full, and the conflict may lie beside the shift.
    """
    began = monotonic()
    proofs, shift = _Proofs(fewest, began + seconds), problem.shift_of[shift_id]
    people, beside = len(pool(problem, shift).able), None
    for near in _neighbourhoods(problem, shift):
        for asked in (_as_staffed(near, assignments, shift), near):
            facts = _in_order_of_sacrifice(facts_of(asked), shift, asked)
            if _proven(proofs, asked, facts):
                if _proven(proofs, asked, facts[:-1]) is False:
                    return _conflict(proofs, asked, facts, shift_id, people)
                beside = beside or (asked, facts)
        if proofs.is_late or (beside and monotonic() > began + seconds * LOOKING):
            break
    if beside is None or proofs.is_late:
        return None
    return _conflict(proofs, *beside, shift_id, people)


def _proven(proofs: _Proofs, problem: Problem, facts: Sequence[Fact]) -> bool | None:
    proofs.about(problem)
    return proofs.conflicts(facts)


def _conflict(proofs: _Proofs, problem: Problem, facts: list[Fact], shift_id: int, people: int) -> Conflict:
    proofs.about(problem)
    least = _least(facts, proofs)
    told = tuple(sorted(least, key=_in_order_of_telling))
    asked = {s.id: s.headcount for s in problem.shifts if Fact("cover", shift_id=s.id) in least}
    return Conflict(shift_id, told, _is_irreducible(least, proofs), people, asked)


def _as_staffed(near: Problem, assignments: Iterable[Assignment], shift: Shift) -> Problem:
    """Every shift asked for as many people as it has; this one for one more."""
    present = Counter(each.shift_id for each in set(assignments))
    asked = {s.id: min(s.headcount, present[s.id] + (s.id == shift.id)) for s in near.shifts}
    return replace(near, shifts=tuple(replace(s, headcount=asked[s.id]) for s in near.shifts))


def _in_order_of_sacrifice(facts: Iterable[Fact], shift: Shift, near: Problem) -> list[Fact]:
    """Those that the answer can best do without come first: distant shifts; the shift itself comes last.

    Leave on days that no shift touches says nothing and is left out.
    """

    def key(fact: Fact) -> tuple[bool, int]:
        if fact.kind != "cover" or fact.shift_id is None:
            return False, 0
        return fact.shift_id == shift.id, -abs((near.shift_of[fact.shift_id].local_date - shift.local_date).days)

    return sorted((fact for fact in facts if _matters(fact, near)), key=key)


def _in_order_of_telling(fact: Fact) -> tuple[int, str, int, int, str]:
    return TOLD.index(fact.kind), fact.rule, fact.shift_id or 0, fact.staff_id or 0, str(fact.on or "")


def _neighbourhoods(problem: Problem, shift: Shift) -> Iterator[Problem]:
    """Parts of the Problem around the shift, each larger than the one before: its own kind first, then all."""
    last: frozenset[int] = frozenset()
    for same_kind in (True, False):
        for days in WINDOWS:
            near = _shifts_near(problem, shift, days, same_kind=same_kind)
            if near != last:
                last = near
                people = {p.id for each in _kinds(problem, near) for p in pool(problem, each).able}
                people |= {pin.staff_id for pin in problem.pins if pin.shift_id in near}
                yield restricted(problem, near, people)


def _shifts_near(problem: Problem, shift: Shift, days: int, *, same_kind: bool) -> frozenset[int]:
    """With no days: the shift and those by which its people could replace ordinary work around it."""
    able = pool(problem, shift).able
    kinds = {(duty, unit) for person in able for duty in person.duties for unit in person.eligible_units}
    span = timedelta(days=max(days, 1))
    close = [s for s in problem.shifts if abs(s.local_date - shift.local_date) <= span and (s.duty, s.unit) in kinds]
    if not days:
        work = {row.staff_id for row in problem.work}
        replacing = [s.id for s in close if s.replaces_work and any(person.id in work for person in able)]
        return frozenset({shift.id, *replacing})
    own = (shift.duty, shift.unit)
    return frozenset(s.id for s in close if not same_kind or (s.duty, s.unit) == own or s.replaces_work)


def _kinds(problem: Problem, shift_ids: frozenset[int]) -> list[Shift]:
    """One shift of each kind."""
    found = {(s.duty, s.unit, s.form): s for s in problem.shifts if s.id in shift_ids}
    return list(found.values())


def _matters(fact: Fact, near: Problem) -> bool:
    if fact.kind != "absence" or fact.on is None:
        return True
    dates = [each.local_date for each in near.shifts]
    return min(dates) <= fact.on <= max(dates) + timedelta(days=2)


def _least(facts: list[Fact], proofs: _Proofs) -> list[Fact]:
    """Drop facts, many at a time and then one by one, for as long as what is left still conflicts."""
    chunk = max(1, len(facts) // 2)
    while not proofs.is_late:
        start = 0
        while start < len(facts) and not proofs.is_late:
            fewer = facts[:start] + facts[start + chunk :]
            if proofs.conflicts(fewer):
                facts = fewer
            else:
                start += chunk
        if chunk == 1:
            break
        chunk //= 2
    return facts


def _is_irreducible(facts: Sequence[Fact], proofs: _Proofs) -> bool:
    """Re-solved with only these, and with each left out."""
    if not proofs.conflicts(facts):
        return False
    return all(proofs.conflicts([each for each in facts if each != fact]) is False for fact in facts)
