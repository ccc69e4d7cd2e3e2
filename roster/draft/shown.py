"""What a filter by duty or unit leaves of a campaign: whatever stands on a page speaks of exactly that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from people import queries as people
from planning.coverage import DOUBTS, Gap, people_needed
from planning.outcome import Violation
from planning.problem import Assignment, Shift
from planning.score.unchecked import by_person
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class WholeCampaign:
    """What the whole campaign lacks, whatever a filter shows of it: empty seats and breaches of hard rules."""

    missing: int
    hard: int


@dataclass(frozen=True)
class View:
    """What a filter leaves: ``of_duty`` the shifts of the duty, ``shifts`` those of them of the unit and below.

    ``members`` are the unit's people, ``None`` without a filter by unit; ``people`` besides whoever serves one of its
    shifts.
    """

    duty: str | None
    units: frozenset[str] | None
    of_duty: Mapping[int, Shift]
    shifts: Mapping[int, Shift]
    members: frozenset[int] | None
    people: frozenset[int]

    def shows(self, violation: Violation) -> bool:
        """A breach of somebody who is shown, or of a shift that is."""
        on = violation.shift_ids
        if not on:
            return violation.staff_id is None or violation.staff_id in self.people
        return any(each in self.shifts for each in on) or (
            violation.staff_id in self.people and any(each in self.of_duty for each in on)
        )

    def shows_gap(self, gap: Gap) -> bool:
        return self.duty in (None, gap.duty) and (self.units is None or gap.unit in self.units)

    def concerned(self, assignments: Iterable[Assignment]) -> list[Assignment]:
        """Return those of shifts that are shown, and of people who are."""
        return [each for each in assignments if each.shift_id in self.shifts or each.staff_id in self.people]

    def unchecked(self, taken: Snapshot, assignments: Sequence[Assignment]) -> tuple[str, ...]:
        """Names of those shown whose overtime nobody could check; of a duty, of those who serve it."""
        serving = self.people if self.duty is None else self.people & _serving(assignments, self.of_duty)
        found = [taken.problem.person[each] for each in by_person(taken.problem, assignments) if each in serving]
        return tuple(sorted(person.name for person in found))


def units_of(unit_id: int | None) -> frozenset[str] | None:
    """Codes of the unit and all below it; None for no unit."""
    if unit_id is None:
        return None
    below = set(people.subtree_ids(unit_id))
    return frozenset(code for code, each in people.unit_ids().items() if each in below)


def view(taken: Snapshot, assignments: Iterable[Assignment], duty: str | None, units: frozenset[str] | None) -> View:
    """``units``: codes, None for all."""
    of_duty = {shift.id: shift for shift in taken.problem.shifts if duty in (None, shift.duty)}
    if units is None:
        return View(duty, None, of_duty, of_duty, None, frozenset(taken.problem.person))
    shifts = {shift.id: shift for shift in of_duty.values() if shift.unit in units}
    members = frozenset(person.id for person in taken.problem.staff if person.unit in units)
    return View(duty, units, of_duty, shifts, members, members | _serving(assignments, shifts))


def _serving(assignments: Iterable[Assignment], shifts: Mapping[int, Shift]) -> frozenset[int]:
    return frozenset(each.staff_id for each in assignments if each.shift_id in shifts)


def uncounted(blocking: Iterable[Gap], source: str, *, missing: int, unsure: int) -> list[Gap]:
    """Return those that numbers of empty and unsure seats do not tell of.

    Gaps are those of the draft: of what is published they say only what the demand leaves open.
    """
    if source != "draft":
        return [gap for gap in blocking if gap.kind == "open"]
    counted = {kind for kind in DOUBTS.values() if unsure} | ({"empty"} if missing else set())
    return [gap for gap in blocking if gap.kind not in counted]


def needs(taken: Snapshot, obligatory: Collection[str]) -> dict[int, int]:
    """Shift id → people needed; nobody where there is no seat, as on one that was cut up wholly: its pieces do.

    The same whoever sits there, so it is worked out once for a plan; not to be changed.
    """
    known, key = taken.problem.facts, ("needs", frozenset(obligatory))
    found: dict[int, int] | None = known.get(key)
    if found is None:
        seats = taken.seats
        found = known[key] = {
            shift.id: people_needed(shift.headcount, obligatory=shift.duty in obligatory) if seats[shift.id] else 0
            for shift in taken.problem.shifts
        }
    return found


def whole(needs: Mapping[int, int], held: Iterable[Assignment], found: Iterable[Violation]) -> WholeCampaign:
    """``needs``: of every shift of the campaign its id → people needed."""
    staffed = Counter(each.shift_id for each in held)
    missing = sum(max(0, needed - staffed[shift_id]) for shift_id, needed in needs.items())
    return WholeCampaign(missing, sum(each.hard for each in found))
