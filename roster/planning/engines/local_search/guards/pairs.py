"""Two shifts that do not go together: overlap, too little rest, a forbidden sequence."""

from __future__ import annotations

from collections.abc import Iterator

from roster.planning.engines.local_search.indexed_problem import Frame
from roster.planning.rules.base import Rule
from roster.planning.rules.rest import rest_minutes
from roster.planning.time.minutes import DAY


def overlapping(frame: Frame, rule: Rule) -> Iterator[tuple[int, int]]:
    for one, slot in enumerate(frame.slots):
        for other in frame.near(one, slot.end):
            yield one, other


def too_close(frame: Frame, rule: Rule) -> Iterator[tuple[int, int]]:
    """Pairs that do not overlap but leave less rest than their forms ask."""
    forms = ("onsite", "standby")
    asked = {(a, b): rest_minutes(frame.problem, on_site="onsite" in (a, b)) for a in forms for b in forms}
    longest = max(asked.values())
    form = ["onsite" if onsite else "standby" for onsite in frame.onsite]
    for one, slot in enumerate(frame.slots):
        for other in frame.near(one, slot.end + longest):
            if 0 <= frame.slots[other].start - slot.end < asked[form[one], form[other]]:
                yield one, other


def standby_too_soon(frame: Frame, rule: Rule) -> Iterator[tuple[int, int]]:
    """Pairs of duties at home that follow each other too soon."""
    apart = rule.number(frame.problem, "minutes")
    for one, slot in enumerate(frame.slots):
        for other in frame.near(one, slot.end + apart) if not frame.onsite[one] else ():
            if not frame.onsite[other] and slot.end <= frame.slots[other].start < slot.end + apart:
                yield one, other


def forbidden_sequences(frame: Frame, rule: Rule) -> Iterator[tuple[int, int]]:
    pairs = set(rule.setting(frame.problem).pairs)
    for one, shift in enumerate(frame.shifts) if pairs else ():
        after_next = (frame.slots[one].day + 2) * DAY
        for other in frame.near(one, after_next):
            if frame.day[other] == frame.day[one] + 1 and (shift.template, frame.shifts[other].template) in pairs:
                yield one, other
