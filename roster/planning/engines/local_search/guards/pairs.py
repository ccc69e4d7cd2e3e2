"""Two shifts that do not go together: overlap, too little rest, a forbidden sequence."""

from __future__ import annotations

from collections.abc import Iterator

from roster.planning.engines.local_search.indexed_problem import IndexedProblem
from roster.planning.rules.base import Rule
from roster.planning.rules.rest import rest_minutes
from roster.planning.time.minutes import DAY


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


def forbidden_sequences(indexed: IndexedProblem, rule: Rule) -> Iterator[tuple[int, int]]:
    pairs = set(rule.setting(indexed.problem).pairs)
    for one, shift in enumerate(indexed.shifts) if pairs else ():
        after_next = (indexed.slots[one].day + 2) * DAY
        for other in indexed.near(one, after_next):
            if indexed.day[other] == indexed.day[one] + 1 and (shift.template, indexed.shifts[other].template) in pairs:
                yield one, other
