"""People's rows in a roster, and what changing one of them breaks and costs; asked for many rows in a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.rules import RULES
from planning.score.check import person_violations

_SHIFT_RULES = tuple(rule for rule in RULES if rule.of_shift is not None and rule.code != "coverage.headcount")


@dataclass(frozen=True)
class EditEffect:
    """What an edit adds: hard breaches, the change of cost by rule (no zeros), and new soft breaches.

    `grown`: hard rule → by how much its breaches grow, in its own unit.
    """

    breaks: tuple[Violation, ...]
    costs: Mapping[str, int]
    touches: tuple[Violation, ...]
    grown: Mapping[str, int]

    @property
    def cost(self) -> int:
        return sum(self.costs.values())

    @property
    def codes(self) -> tuple[str, ...]:
        """The hard rules that it breaks."""
        return tuple(dict.fromkeys(violation.rule for violation in self.breaks))


class Rows:
    """Assignments by person and by shift; rows are sorted and judged only when they are asked for."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment]) -> None:
        self.problem = problem
        self._ids: defaultdict[int, list[int]] = defaultdict(list)
        self._on: defaultdict[int, list[int]] = defaultdict(list)
        for each in assignments:
            self._ids[each.staff_id].append(each.shift_id)
            self._on[each.shift_id].append(each.staff_id)
        self._judged: dict[tuple[int, tuple[int, ...]], list[Violation]] = {}

    def copy(self) -> Rows:
        """Rows to try things on; what was judged is known to both."""
        made = self.over(self.problem)
        made._judged = self._judged
        return made

    def over(self, problem: Problem) -> Rows:
        """The same assignments in another Problem that has at least these shifts and people."""
        made = Rows(problem, ())
        made._ids = defaultdict(list, {staff_id: list(ids) for staff_id, ids in self._ids.items()})
        made._on = defaultdict(list, {shift_id: list(ids) for shift_id, ids in self._on.items()})
        return made

    def put(self, shift_id: int, staff_id: int) -> None:
        self._ids[staff_id].append(shift_id)
        self._on[shift_id].append(staff_id)

    def drop(self, shift_id: int, staff_id: int) -> None:
        self._ids[staff_id].remove(shift_id)
        self._on[shift_id].remove(staff_id)

    def own(self, staff_id: int) -> list[Shift]:
        """Their shifts in order of start."""
        return ordered(self.problem.shift_of[shift_id] for shift_id in self._ids.get(staff_id, ()))

    def on(self, shift_id: int) -> list[int]:
        return sorted(set(self._on.get(shift_id, ())))

    def empty_on(self, shift: Shift) -> int:
        """How many of its seats are empty; below 0 when more people sit there than it has."""
        return shift.headcount - len(self.on(shift.id))

    def violations(self, staff_id: int, shifts: Sequence[Shift]) -> list[Violation]:
        """Return what the person breaks with exactly these shifts; remembered, because every change has a before."""
        key = (staff_id, tuple(shift.id for shift in shifts))
        if key not in self._judged:
            self._judged[key] = person_violations(self.problem, staff_id, shifts)
        return self._judged[key]

    def adding(self, staff_id: int, shift: Shift, *, without: Sequence[Shift] = ()) -> EditEffect:
        """The person takes `shift`, letting go of `without`: against the row as it is, or as it is without `shift`.

        What the new shift breaks against what is left of the row counts even where a shift let go of broke as much.
        """
        own = [each for each in self.own(staff_id) if each.id != shift.id]
        left = [each for each in own if each not in without]
        now = self.violations(staff_id, own)
        after = self.violations(staff_id, ordered([*left, shift]))
        change = compare(now, after)
        if not without:
            return change
        more = [v for v in compare(self.violations(staff_id, left), after).breaks if v not in change.breaks]
        return EditEffect((*change.breaks, *more), change.costs, change.touches, change.grown)

    def dropping(self, staff_id: int, shift_id: int) -> EditEffect:
        """The person lets go of the shift; that a pin is given up is not held against anybody."""
        own = self.own(staff_id)
        left = [each for each in own if each.id != shift_id]
        return compare(self.violations(staff_id, own), _unpinned(self.violations(staff_id, left)))

    def seating(self, shift: Shift, people: Sequence[int], staff_id: int) -> EditEffect:
        """The person joins these people on the shift: their own row, and the shift's rules (skills, pairs, numbers)."""
        joined = compare(
            _violations_of_shift(self.problem, shift, people),
            _violations_of_shift(self.problem, shift, [*people, staff_id]),
        )
        return together(self.adding(staff_id, shift), joined)

    def passing(self, shift: Shift, out: int, into: int) -> EditEffect:
        """Return what the shift's own rules say when one person takes the place of another."""
        people = self.on(shift.id)
        after = [*(each for each in people if each != out), into]
        return compare(
            _violations_of_shift(self.problem, shift, people), _violations_of_shift(self.problem, shift, after)
        )


def ordered(shifts: Iterable[Shift]) -> list[Shift]:
    return sorted(shifts, key=lambda shift: (shift.start, shift.id))


def compare(before: Sequence[Violation], after: Sequence[Violation]) -> EditEffect:
    """A rule is broken by a change when its breaches grow in amount: lacking less than before is no breach."""
    was, now = _amounts(before), _amounts(after)
    grown = {code: amount - was.get(code, 0) for code, amount in now.items() if amount > was.get(code, 0)}
    breaks = tuple(v for v in after if v.hard and v.rule in grown and v not in before)
    touches = tuple(v for v in after if not v.hard and v.rule != "fairness.load" and v not in before)
    costs: defaultdict[str, int] = defaultdict(int)
    for sign, found in ((-1, before), (1, after)):
        for violation in found:
            costs[violation.rule] += sign * violation.cost
    return EditEffect(breaks, _without_zeros(costs), touches, grown)


def together(*changes: EditEffect) -> EditEffect:
    """Several changes as one."""
    return EditEffect(
        tuple(v for change in changes for v in change.breaks),
        _without_zeros(_summed(change.costs for change in changes)),
        tuple(v for change in changes for v in change.touches),
        _summed(change.grown for change in changes),
    )


def _summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        for code, number in part.items():
            total[code] += number
    return dict(total)


def _without_zeros(numbers: Mapping[str, int]) -> dict[str, int]:
    return {code: number for code, number in numbers.items() if number}


def _amounts(found: Iterable[Violation]) -> dict[str, int]:
    amounts: defaultdict[str, int] = defaultdict(int)
    for violation in found:
        if violation.hard:
            amounts[violation.rule] += violation.amount
    return dict(amounts)


def _unpinned(found: Iterable[Violation]) -> list[Violation]:
    return [violation for violation in found if violation.rule != "pins.kept"]


def _violations_of_shift(problem: Problem, shift: Shift, people: Sequence[int]) -> list[Violation]:
    return [v for rule in _SHIFT_RULES for v in rule.shift_breaches(problem, shift, people)]
