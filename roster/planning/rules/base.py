"""What a rule is, and the view of a roster that every rule reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from roster.planning.problem import Assignment, Problem, Shift, Staff, Violation

OfPerson = Callable[[Problem, Staff, Sequence[Shift]], Iterator[Violation]]
OfShift = Callable[[Problem, Shift, Sequence[int]], Iterator[Violation]]


class Roster:
    """Assignments by person (shifts in order of start) and by shift (staff ids). KeyError on unknown ids."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment]) -> None:
        self.shifts_of: defaultdict[int, list[Shift]] = defaultdict(list)
        self.staff_on: defaultdict[int, list[int]] = defaultdict(list)
        for assignment in sorted(assignments):
            self.shifts_of[problem.person[assignment.staff_id].id].append(problem.shift_of[assignment.shift_id])
            self.staff_on[assignment.shift_id].append(assignment.staff_id)
        for own in self.shifts_of.values():
            own.sort(key=lambda shift: (shift.start, shift.id))


@dataclass(frozen=True)
class Rule:
    """A rule looks either at one person's shifts or at one shift's people; never at both at once.

    That keeps the answer to "what would this one cell break" a matter of one person and one shift.
    """

    code: str
    hard: bool
    parameters: tuple[str, ...] = ()
    of_person: OfPerson | None = None
    of_shift: OfShift | None = None

    def check(self, problem: Problem, roster: Roster) -> list[Violation]:
        """All breaches of this rule in the whole roster."""
        found: list[Violation] = []
        if self.of_person is not None:
            for person in problem.staff:
                found.extend(self.of_person(problem, person, roster.shifts_of.get(person.id, ())))
        if self.of_shift is not None:
            for shift in problem.shifts:
                found.extend(self.of_shift(problem, shift, roster.staff_on.get(shift.id, ())))
        return found
