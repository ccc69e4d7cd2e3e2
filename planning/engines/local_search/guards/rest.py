"""Overlap, rest between duties, weekly rest, and the distance that on-site duty keeps from ordinary work."""

from __future__ import annotations

from collections.abc import Iterator

from planning.engines.candidates.forbidden import clashes
from planning.engines.local_search.guards.base import Limited, RowGuard
from planning.engines.local_search.indexed_problem import IndexedProblem, bit
from planning.engines.local_search.row import SearchRow
from planning.rules.base import Rule
from planning.rules.rest.between_shifts import rest_minutes
from planning.time.minutes import DAY


def overlapping(indexed: IndexedProblem, rule: Rule) -> Iterator[tuple[int, int]]:
    for one, slot in enumerate(indexed.slots):
        for other in indexed.near(one, slot.end):
            yield one, other


def too_close(indexed: IndexedProblem, rule: Rule) -> Iterator[tuple[int, int]]:
    """Pairs that do not overlap but leave less rest than their forms ask."""
    forms = ("onsite", "standby")
    asked = {(a, b): rest_minutes(indexed.problem, on_site="onsite" in (a, b)) for a in forms for b in forms}
    longest = max(asked.values())
    form = ["onsite" if onsite else "standby" for onsite in indexed.onsite]
    for one, slot in enumerate(indexed.slots):
        for other in indexed.near(one, slot.end + longest):
            if 0 <= indexed.slots[other].start - slot.end < asked[form[one], form[other]]:
                yield one, other


def standby_too_soon(indexed: IndexedProblem, rule: Rule) -> Iterator[tuple[int, int]]:
    """Pairs of duties at home that follow each other too soon."""
    apart = rule.number(indexed.problem, "minutes")
    for one, slot in enumerate(indexed.slots):
        for other in indexed.near(one, slot.end + apart) if not indexed.onsite[one] else ():
            if not indexed.onsite[other] and slot.end <= indexed.slots[other].start < slot.end + apart:
                yield one, other


class WeeklyRest(Limited):
    """A week with a whole day free of duty and work is seen on the masks; only the others are measured."""

    parameter = "minutes"

    def prepare(self) -> None:
        super().prepare()
        indexed = self.indexed
        first, last = indexed.first_day, indexed.first_day + indexed.days - 1
        self.mondays = [day - first for day in range(first - (first - 1) % 7, last + 1, 7)]
        self.weeks = [sum(bit(monday + n) for n in range(7)) for monday in self.mondays]
        self.touched = [sum(bit(day) for day, _ in site) for site in indexed.sites]
        self.worked = [sum(bit(day) for day in work if 0 <= day < indexed.days) for work in indexed.work_minutes]

    def amount(self, row: SearchRow) -> int:
        if not row.days:
            return 0
        required, duty = self.limit(row), 0
        for s in row.shifts:
            duty |= self.touched[s]
        busy = duty | self.worked[row.person] & ~row.dropped
        short = 0
        for monday, week in zip(self.mondays, self.weeks, strict=True):
            has_free_day = required <= DAY and busy & week != week
            if duty & week and not has_free_day:
                short += self._longest(row, monday) < required
        return short

    def _longest(self, row: SearchRow, monday: int) -> int:
        indexed = self.indexed
        since = (indexed.first_day + monday) * DAY
        until = since + 7 * DAY
        spans = [(indexed.slots[s].start, indexed.slots[s].end) for s in row.shifts if indexed.onsite[s]]
        for day in range(max(monday, 0), min(monday + 7, indexed.days)):
            if not row.dropped & bit(day):
                work = indexed.work[row.person].get(indexed.first_day + day, ())
                spans += [(span.start, span.end) for span in work]
        longest, free_since = 0, since
        for start, end in sorted(spans):
            longest = max(longest, min(start, until) - free_since)
            free_since = max(free_since, end)
        return max(longest, until - free_since)


class OrdinaryWork(RowGuard):
    """Each on-site shift has the mask of dates whose work it comes too close to; shifts that replace work lift it."""

    def prepare(self) -> None:
        self._known: list[dict[int, int]] = [{} for _ in self.indexed.people]

    def concerns(self, person: int) -> bool:
        return bool(self.indexed.work[person])

    def amount(self, row: SearchRow) -> int:
        known = self._known[row.person]
        kept = ~row.dropped
        return sum(1 for s in row.shifts if (known[s] if s in known else self._clashes(row.person, s)) & kept)

    def _clashes(self, person: int, s: int) -> int:
        indexed = self.indexed
        days = clashes(indexed.problem, indexed.people[person], indexed.slots[s]) if indexed.onsite[s] else frozenset()
        self._known[person][s] = found = sum(bit(day - indexed.first_day) for day in days)
        return found
