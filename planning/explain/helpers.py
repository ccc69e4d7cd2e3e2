"""Whom to ask first for an empty seat among those who are not on its list: the nearest who could really come.

Near is by the tree of units: under the same unit first, then under the same one above that. Among those as near come
people with the skills that the shift still lacks, then those with most hours of overtime left. Somebody who could not
come anyhow (leave, another shift, a limit) takes nobody's place on the short list.
"""

from __future__ import annotations

from collections.abc import Iterable

from planning.explain.eligible import Pool, distance, pool
from planning.explain.what_if import EditEffect, Rows
from planning.problem import Shift
from planning.rules.hours.month import month_limit, worked_before
from planning.time.overtime import overtime

SHORT_LIST = 12  # people of other units, and of other lists, for one seat
LOOKED_AT = 48  # people judged for it


class Helpers:
    """Asks for many seats of one roster, and works out distances and hours once."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.problem = rows, rows.problem
        self._steps: dict[tuple[str, str], int] = {}
        self._left: dict[int, int] = {}
        self._pools: dict[tuple[str, str, str], Pool] = {}

    def effects_on(self, shift: Shift) -> dict[int, EditEffect]:
        """Person → what taking a seat would break and cost; of each rule that shuts people out at most `SHORT_LIST`."""
        found, kind = dict[int, EditEffect](), (shift.duty, shift.unit, shift.form)
        if kind not in self._pools:
            self._pools[kind] = pool(self.problem, shift)
        for ids in self._pools[kind].strangers.values():
            found |= self._short_list(shift, ids)
        return found

    def steps(self, staff_id: int, unit: str) -> int:
        """Return the steps from the person's unit to this one in the tree: 2 between two units under the same one."""
        key = (self.problem.person[staff_id].unit, unit)
        if key not in self._steps:
            self._steps[key] = distance(self.problem, *key)
        return self._steps[key]

    def _short_list(self, shift: Shift, ids: Iterable[int]) -> dict[int, EditEffect]:
        people = self.rows.on(shift.id)
        lacking = self._lacking(shift, people)

        def order(staff_id: int) -> tuple[int, int, int, int]:
            skilled = len(lacking & self.problem.person[staff_id].skills)
            return self.steps(staff_id, shift.unit), -skilled, -self._minutes_left(staff_id, shift), staff_id

        near = sorted((each for each in ids if each not in people), key=order)[:LOOKED_AT]
        judged = [(each, self.rows.seating(shift, people, each)) for each in near]
        return dict(sorted(judged, key=lambda each: len(each[1].codes) > 1)[:SHORT_LIST])

    def _lacking(self, shift: Shift, people: Iterable[int]) -> frozenset[str]:
        there = [self.problem.person[each].skills for each in people]
        return frozenset(skill for skill, number in shift.skills.items() if sum(skill in own for own in there) < number)

    def _minutes_left(self, staff_id: int, shift: Shift) -> int:
        """Overtime that the month still allows; who has a limit of its own counts by that."""
        if staff_id not in self._left:
            person, on = self.problem.person[staff_id], shift.local_date
            limit = month_limit(self.problem, person, on) or 0
            planned = sum(overtime(self.problem, person, self.rows.own(staff_id)).values())
            self._left[staff_id] = limit - (worked_before(self.problem, person, on) or 0) - planned
        return self._left[staff_id]
