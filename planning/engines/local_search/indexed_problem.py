"""A Problem with numbers for names: what the search asks thousands of times, worked out once.

Shifts are numbered in order of start, people in the order of the problem, so a sorted tuple of shift numbers is a
person's row in order of time. Dates are bits: bit `day + BEFORE` of a mask is that day of the plan, 0 its first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from planning.engines.candidates.candidates import candidates
from planning.engines.candidates.components import components
from planning.problem import Problem
from planning.time.minutes import plan_days, slots, work_days

Shifts = tuple[int, ...]
"""Numbers of one person's shifts, sorted."""
BEFORE = 16
"""Days before the plan that have a bit of their own; ordinary work so far off touches no shift."""


class IndexedProblem:
    """Immutable. `sites[s]`: (day, minutes) of an on-site shift by date, () for other forms."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        times = slots(problem)
        self.shifts = tuple(sorted(problem.shifts, key=lambda shift: (shift.start, shift.id)))
        self.people = problem.staff
        self.number_of = {shift.id: number for number, shift in enumerate(self.shifts)}
        self.person_of = {person.id: number for number, person in enumerate(self.people)}
        first, last = plan_days(problem)
        self.first_day, self.days = first, last - first + 1
        self.slots = [times[shift.id] for shift in self.shifts]
        self.onsite = [shift.form == "onsite" for shift in self.shifts]
        self.day = [slot.day - first for slot in self.slots]
        self.sites = [
            tuple((day - first, minutes) for day, minutes in slot.days) if onsite else ()
            for slot, onsite in zip(self.slots, self.onsite, strict=True)
        ]
        self.day_bit = [bit(day) if onsite else 0 for day, onsite in zip(self.day, self.onsite, strict=True)]
        self.night_bit = [b if shift.night else 0 for b, shift in zip(self.day_bit, self.shifts, strict=True)]
        self.drop_bits = [sum(bit(day - first) for day in slot.drops) for slot in self.slots]
        self.points = self._points()
        can = candidates(problem)
        self.can = [tuple(self.person_of[p] for p in can[shift.id]) for shift in self.shifts]
        self.components = [sorted(self.number_of[s] for s in each.shift_ids) for each in components(problem, can)]
        self.pins: list[Shifts] = self._pins()
        self.served = self._served()
        self.work = [work_days(problem, person.id) for person in self.people]
        self.work_minutes = [
            {day - first: sum(span.minutes for span in spans) for day, spans in work.items()} for work in self.work
        ]
        self._kin = self._classes()

    def _served(self) -> list[list[int]]:
        """By person: the shifts they may take or are pinned to, in order."""
        served: list[set[int]] = [set(own) for own in self.pins]
        for number, people in enumerate(self.can):
            for person in people:
                served[person].add(number)
        return [sorted(own) for own in served]

    def near(self, shift: int, until: int) -> Iterator[int]:
        """Later shifts that start before the minute `until` and that somebody could do as well as this one."""
        for numbers in self._kin[shift]:
            at = bisect_right(numbers, shift)
            while at < len(numbers) and self.slots[numbers[at]].start < until:
                yield numbers[at]
                at += 1

    def _classes(self) -> list[list[list[int]]]:
        """By shift: the shifts of each duty and unit that share people with its own."""
        key = [(shift.duty, shift.unit) for shift in self.shifts]
        members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, own in enumerate(key):
            members[own].append(number)
        kin: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for keys in {frozenset(key[number] for number in numbers) for numbers in self.served}:
            for one in keys:
                kin[one] |= keys
        lists = {own: [members[other] for other in sorted(kin[own])] for own in members}
        return [lists[own] for own in key]

    def _points(self) -> list[Sequence[int]]:
        """By person: what each shift is worth to them; people of one work pattern share a list."""
        by_pattern: dict[str, Sequence[int]] = {}
        for person in self.people:
            if person.work_pattern not in by_pattern:
                by_pattern[person.work_pattern] = [shift.worth(person) for shift in self.shifts]
        return [by_pattern[person.work_pattern] for person in self.people]

    def _pins(self) -> list[Shifts]:
        found: defaultdict[int, set[int]] = defaultdict(set)
        for pin in self.problem.pins:
            found[self.person_of[pin.staff_id]].add(self.number_of[pin.shift_id])
        return [tuple(sorted(found.get(number, ()))) for number in range(len(self.people))]


def bit(day: int) -> int:
    """The bit of a day of the plan, 0 for days too far off to matter."""
    return 1 << (day + BEFORE) if day >= -BEFORE else 0


def runs(mask: int) -> list[tuple[int, int]]:
    """First and last bit of each run of set bits."""
    found, at = [], 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        at += skip
        length = (~mask & mask + 1).bit_length() - 1
        found.append((at, at + length - 1))
        mask >>= length
        at += length
    return found
