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

from planning.engines.portfolio.prover import GRACE_SECONDS
from planning.explain.eligible import pool
from planning.explain.facts import FactKind, RosterFact, facts_of, only
from planning.problem import Assignment, Problem, Shift
from planning.restriction import restricted
from planning.score.check import check

Fewest = Callable[[Problem, float], tuple[int, bool]]
"""(problem, seconds) → (fewest empty seats, whether that is proven)."""

Part = tuple[RosterFact, ...]

STEP_SECONDS = 2.0  # for one proof; one that takes longer is left
WIDE = 60  # shifts; of more it takes long to say how many seats of all of them stay empty
LOOKING = 0.3  # of the time may go to looking for a conflict that is about the shift itself
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
    facts: tuple[RosterFact, ...]
    is_irreducible: bool
    people: int
    asked: Mapping[int, int]


class _Proofs:
    """Answers whether facts conflict, each question once, until time is up."""

    def __init__(self, fewest: Fewest, until: float) -> None:
        self.fewest, self.until = fewest, until
        self._known: dict[frozenset[RosterFact], bool | None] = {}
        self._problem: Problem | None = None

    @property
    def is_late(self) -> bool:
        return monotonic() >= self.until

    def about(self, problem: Problem) -> _Proofs:
        if problem is not self._problem:
            self._problem, self._known = problem, {}
        return self

    def conflicts(self, facts: Sequence[RosterFact]) -> bool | None:
        """None: not proven in time. Facts do not conflict where more of them do not."""
        key = frozenset(facts)
        if key not in self._known:
            is_kept = any(known is False and key < others for others, known in self._known.items())
            self._known[key] = False if is_kept else self._prove(facts)
        return self._known[key]

    def are_kept_by(self, assignments: Iterable[Assignment], facts: Sequence[RosterFact]) -> None:
        """If the roster keeps all these facts, they do not conflict, and no solver needs to be asked."""
        if self._problem is not None:
            asked = only(self._problem, facts)
            there = [a for a in assignments if a.shift_id in asked.shift_of and a.staff_id in asked.person]
            if not any(violation.hard for violation in check(asked, there)):
                self._known[frozenset(facts)] = False

    def _prove(self, facts: Sequence[RosterFact]) -> bool | None:
        left = min(STEP_SECONDS, self.until - monotonic())
        if left <= 0 or self._problem is None:
            return None
        missing, proven = self.fewest(only(self._problem, facts), left)
        return missing > 0 if proven or not missing else None


def conflict_of(
    problem: Problem, assignments: Iterable[Assignment], shift_id: int, *, fewest: Fewest, seconds: float
) -> Conflict | None:
    """A least set of facts that keeps a seat of the shift empty; None when none was proven in time.

    Other shifts are first asked for no more people than they have, so that the conflict is about this one. Where the
    roster is not tight enough for that, they are asked for in full, and the conflict may lie beside the shift.
    """
    began, assignments = monotonic(), tuple(assignments)
    proofs, shift = _Proofs(fewest, began + seconds - GRACE_SECONDS), problem.shift_of[shift_id]
    people, beside = len(pool(problem, shift).able), list[_Asked]()
    for near in _neighbourhoods(problem, shift):
        in_full = _Asked.from_shift(near, shift)
        # What conflicts in a part conflicts in the whole; where all seats can be filled, fewer can.
        is_known = any(set(each.facts) <= set(in_full.facts) for each in beside)
        is_asked = not is_known and len(near.shifts) <= WIDE
        if is_asked and proofs.about(in_full.problem).conflicts(in_full.facts) is False:
            continue
        for asked in (
            _Asked.from_shift(_as_staffed(near, assignments, shift), shift),
            *(() if is_known else (in_full,)),
        ):
            if proofs.about(asked.problem).conflicts(asked.facts):
                proofs.are_kept_by(assignments, asked.facts[:-1])
                if proofs.conflicts(asked.facts[:-1]) is False:
                    return _conflict(proofs, asked, shift_id, people)
                beside.append(asked)
        if proofs.is_late or (beside and monotonic() > began + seconds * LOOKING):
            break
    if not beside or proofs.is_late:
        return None
    return _conflict(proofs, beside[0], shift_id, people)


@dataclass(frozen=True)
class _Asked:
    """A part of the problem and all its facts; the shift that is asked about comes last."""

    problem: Problem
    facts: list[RosterFact]

    @classmethod
    def from_shift(cls, near: Problem, shift: Shift) -> _Asked:
        return cls(near, _in_order_of_sacrifice(facts_of(near), shift, near))


def _conflict(proofs: _Proofs, asked: _Asked, shift_id: int, people: int) -> Conflict:
    problem = asked.problem
    least = _least(asked.facts, problem, proofs.about(problem))
    told = tuple(sorted(least, key=_in_order_of_telling))
    counts = {s.id: s.headcount for s in problem.shifts if RosterFact("cover", shift_id=s.id) in least}
    return Conflict(shift_id, told, _is_irreducible(least, proofs), people, counts)


def _as_staffed(near: Problem, assignments: Iterable[Assignment], shift: Shift) -> Problem:
    """Every shift asked for as many people as it has; this one for one more."""
    present = Counter(each.shift_id for each in set(assignments))
    asked = {s.id: min(s.headcount, present[s.id] + (s.id == shift.id)) for s in near.shifts}
    return replace(near, shifts=tuple(replace(s, headcount=asked[s.id]) for s in near.shifts))


def _in_order_of_sacrifice(facts: Iterable[RosterFact], shift: Shift, near: Problem) -> list[RosterFact]:
    """Those that the answer can best do without come first: distant shifts; the shift itself comes last.

    Leave on days that no shift touches says nothing and is left out.
    """

    def key(fact: RosterFact) -> tuple[bool, int]:
        if fact.kind != "cover" or fact.shift_id is None:
            return False, 0
        return fact.shift_id == shift.id, -abs((near.shift_of[fact.shift_id].local_date - shift.local_date).days)

    return sorted((fact for fact in facts if _matters(fact, near)), key=key)


def _in_order_of_telling(fact: RosterFact) -> tuple[int, str, int, int, str]:
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


def _matters(fact: RosterFact, near: Problem) -> bool:
    if fact.kind != "absence" or fact.on is None:
        return True
    dates = [each.local_date for each in near.shifts]
    return min(dates) <= fact.on <= max(dates) + timedelta(days=2)


def _least(facts: list[RosterFact], problem: Problem, proofs: _Proofs) -> list[RosterFact]:
    """Whole kinds of facts are left out first, which makes all later proofs smaller; then single facts."""
    kinds = _kinds_of(facts, problem)
    covers = [part for part in kinds if part[0].kind == "cover"]
    each: list[Part] = [(fact,) for fact in facts]
    for parts in ([part for part in reversed(kinds) if part not in covers], covers, each):
        facts = _without_needless(facts, parts, proofs)
    return facts


def _without_needless(facts: list[RosterFact], parts: list[Part], proofs: _Proofs) -> list[RosterFact]:
    """The facts that conflict without those parts that do not matter: halves are tried, then smaller shares, each."""
    parts = [part for part in parts if part[0] in facts]
    chunk = max(1, len(parts) // 2)
    while parts and not proofs.is_late:
        start, before = 0, len(parts)
        while start < len(parts) and not proofs.is_late:
            out = {fact for part in parts[start : start + chunk] for fact in part}
            fewer = [fact for fact in facts if fact not in out]
            if proofs.conflicts(fewer):
                facts, parts = fewer, parts[:start] + parts[start + chunk :]
            else:
                start += chunk
        if chunk == 1:
            break
        chunk = chunk // 2 if len(parts) < before else 1
    return facts


def _kinds_of(facts: Sequence[RosterFact], problem: Problem) -> list[Part]:
    """Each rule, people's own facts of one kind, shifts of one kind; not the last fact, which is the shift itself."""
    found: dict[tuple[str, ...], list[RosterFact]] = {}
    for fact in facts[:-1]:
        shift = None if fact.kind != "cover" or fact.shift_id is None else problem.shift_of[fact.shift_id]
        key = (fact.kind, fact.rule, *((shift.duty, shift.unit, shift.template) if shift else ()))
        found.setdefault(key, []).append(fact)
    return [tuple(part) for part in found.values()]


def _is_irreducible(facts: Sequence[RosterFact], proofs: _Proofs) -> bool:
    """Re-solved with only these, and with each left out."""
    if not proofs.conflicts(facts):
        return False
    return all(proofs.conflicts([each for each in facts if each != fact]) is False for fact in facts)
