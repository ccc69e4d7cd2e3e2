"""What may not follow what from one day to the next."""

from __future__ import annotations

from collections.abc import Iterator

from planning.engines.local_search.indexed_problem import IndexedProblem
from planning.rules.base import Rule
from planning.time.minutes import DAY


def forbidden_sequences(indexed: IndexedProblem, rule: Rule) -> Iterator[tuple[int, int]]:
    pairs = set(rule.setting(indexed.problem).pairs)
    for one, shift in enumerate(indexed.shifts) if pairs else ():
        after_next = (indexed.slots[one].day + 2) * DAY
        for other in indexed.near(one, after_next):
            if indexed.day[other] == indexed.day[one] + 1 and (shift.template, indexed.shifts[other].template) in pairs:
                yield one, other
