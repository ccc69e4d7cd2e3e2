"""Why a roster has empty seats: which, how many there must be, which rules keep whom away, what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from planning.claims import refuse
from planning.engines.candidates.candidates import candidates, surely_missing
from planning.engines.candidates.components import components
from planning.explain.binding_limits import by_moving_others
from planning.explain.causes import EmptySeatCase
from planning.explain.deadline import InTime, Proofs
from planning.explain.empty_seats import EmptyShift, gaps
from planning.explain.relaxed_problem import relaxed
from planning.explain.repairs import LeaveDays, Repair, repairs
from planning.explain.what_if import Rows
from planning.outcome import Shortage
from planning.problem import Assignment, Problem
from planning.restriction import connected, restricted
from planning.score.check import check
from planning.score.score import forced_by_pins, score_of

RESOLVED = 6  # repairs that are solved again, the best ones
RELAXATION_SHARE = 0.6  # of the time may go to what the duals tell
REPAIRS_SHARE = 0.6  # of the time may go to looking for repairs, meanwhile
MOST_PROVED = 2000  # shifts that hang together; of more nothing is proven within the seconds that people wait
PROOF_SHARE = 0.6  # of what is left, to proving how many seats must stay empty


@dataclass(frozen=True)
class BindingRule:
    """A rule that keeps people off empty seats: whom, on how many shifts, and on how many it alone keeps somebody.

    `tight`: people for whom the proof of the shortage rests on it.
    """

    rule: str
    people: tuple[int, ...]
    shifts: int
    alone: int
    tight: tuple[int, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """`missing` seats are empty; `at_least` must be (`is_exact`: as many would do, and more are not needed).

    `bindings`: rules on which a proof rests come first, then those that alone keep somebody off the most shifts;
    `repairs`: the cheapest seat first. `free`: shift → people who could take a seat of it at once (a draft that was
    edited, or absences that were withdrawn).
    """

    shortages: tuple[Shortage, ...]
    missing: int
    at_least: int
    is_exact: bool
    bindings: tuple[BindingRule, ...]
    repairs: tuple[Repair, ...]
    free: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    case: EmptySeatCase | None = field(default=None, compare=False)
    """The same seats by cause, with what would fill them together."""
    thought_at: datetime | None = field(default=None, compare=False)


def explain(
    problem: Problem,
    assignments: Iterable[Assignment],
    *,
    proofs: Proofs | None = None,
    known_missing: int = 0,
    movable: LeaveDays = (),
    obligatory: Collection[str] | None = None,
    seconds: float = 5.0,
) -> Explanation:
    """All about the empty seats of a roster. `known_missing` was proven before; `proofs` may add to it; `obligatory`:
    as for :class:`EmptySeatCase`.

    What `proofs` is asked first is answered while repairs are looked for here.
    """
    began, seats = monotonic(), tuple(assignments)
    rows = Rows(problem, seats)
    missing = {shift.id: empty for shift in problem.shifts if (empty := rows.empty_on(shift)) > 0}
    if not missing:
        return Explanation((), 0, 0, True, (), ())
    least = max(known_missing, surely_missing(problem, missing))
    near = _where_short(problem, missing) if proofs is not None else None
    asked = None if proofs is None or near is None else InTime(proofs, began + seconds)
    with ThreadPoolExecutor(1) as aside:
        relaxation = aside.submit(asked.binding_rules, near, seconds * RELAXATION_SHARE) if asked and near else None
        found = gaps(rows)
        offered = repairs(rows, found, movable=movable, until=began + seconds * REPAIRS_SHARE)
        proven, tight = relaxation.result() if relaxation else (0, {})
    least = max(least, proven)
    if asked is not None and near is not None:
        least = _and_more(near, offered, tight, found, least=least, asked=asked)
    least = _believed(problem, seats, sum(missing.values()), least)
    told = tuple(gap.shortage() for gap in found)
    free = {gap.shift.id: gap.free for gap in found if gap.free}
    total = sum(missing.values())
    case = EmptySeatCase(rows, found, movable, obligatory=obligatory)
    return Explanation(told, total, least, least == total, _bindings(found, tight), tuple(offered), free, case)


def _and_more(
    near: Problem,
    offered: list[Repair],
    tight: Mapping[str, Sequence[int]],
    found: Sequence[EmptyShift],
    *,
    least: int,
    asked: InTime,
) -> int:
    """The fewest empty seats, better proven where time allows, and what that makes of the repairs offered."""
    is_exact = least == sum(gap.missing for gap in found)
    if not is_exact and (number := asked.fewest_missing(near, asked.left * PROOF_SHARE)) is not None:
        least, is_exact = max(least, number), True
    if least:
        _solve_again(near, offered, least, asked, is_exact=is_exact)
        if is_exact:
            offered += by_moving_others(near, tight, offered, [gap.shift for gap in found], least=least, asked=asked)
        offered.sort(key=lambda repair: repair.worth)
    return least


def _believed(problem: Problem, roster: Sequence[Assignment], empty: int, least: int) -> int:
    """No more seats need stay empty than do in a roster that breaks nothing."""
    if least <= empty or score_of(check(problem, roster), forced_by_pins(problem)).broken:
        return least
    refuse(f"{least} seats were proven to stay empty where {empty} do")
    return surely_missing(problem)


def _where_short(problem: Problem, short: Collection[int]) -> Problem | None:
    """The components of shifts that lack people; the others have everybody, and share nobody with these.

    None where they are so many that nothing could be proven of them while somebody waits.
    """
    near = problem if len(problem.shifts) <= MOST_PROVED else connected(problem, short)
    if len(near.shifts) > MOST_PROVED:
        return None
    short_components = [g for g in components(near, candidates(near)) if not g.shift_ids.isdisjoint(short)]
    shifts = {s for component in short_components for s in component.shift_ids}
    return restricted(near, shifts, {p for component in short_components for p in component.staff_ids})


def _bindings(found: Sequence[EmptyShift], tight: Mapping[str, Sequence[int]]) -> tuple[BindingRule, ...]:
    people: defaultdict[str, set[int]] = defaultdict(set)
    shifts: defaultdict[str, set[int]] = defaultdict(set)
    alone: defaultdict[str, set[int]] = defaultdict(set)
    for gap in found:
        for staff_id, change in gap.taking.items():
            for code in change.codes:
                people[code].add(staff_id)
                shifts[code].add(gap.shift.id)
            if len(change.codes) == 1:
                alone[change.codes[0]].add(gap.shift.id)
    listed = [
        BindingRule(code, tuple(sorted(people[code])), len(shifts[code]), len(alone[code]), tuple(tight.get(code, ())))
        for code in sorted({*people, *(code for code in tight if tight[code])})
    ]
    return tuple(sorted(listed, key=lambda b: (-bool(b.tight), -b.alone, -b.shifts, -len(b.people), b.rule)))


def _solve_again(problem: Problem, offered: list[Repair], least: int, asked: InTime, *, is_exact: bool) -> None:
    """The best repairs may fill more seats than the roster at hand shows: people can trade places.

    Where nobody knows the fewest empty seats of the problem itself, one person more or less is as hard to tell; what
    happens without the rule may still be plain.
    """
    best = [at for at, repair in enumerate(offered) if is_exact or repair.kind == "rule"][:RESOLVED]
    for at in best:
        repair = offered[at]
        is_outside = repair.kind != "hire" and repair.staff_id is not None and repair.staff_id not in problem.person
        allowed = None if is_outside else relaxed(problem, repair)
        if allowed is not None and (more := asked.fills(allowed, least, repair.fills)) is not None:
            offered[at] = replace(repair, fills=max(repair.fills, more))
