"""How even the loads of those who share a duty are, and what moving a shift does to that. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from flask_babel import gettext as _

from core.i18n import points
from planning.fairness_ledger import Line, ledger, sharing
from planning.problem import Assignment, Shift
from planning.rules.fairness import FULL_CAPACITY
from roster.snapshot.snapshot import Snapshot


class FairnessPreview:
    """Loads of one roster; asked for many moves in a moment."""

    def __init__(self, taken: Snapshot, assignments: Iterable[Assignment] | None = None) -> None:
        self._problem = taken.problem
        self._assignments = tuple(taken.assignments if assignments is None else assignments)
        self._groups: dict[str, dict[int, int]] = {}

    @cached_property
    def _lines(self) -> Mapping[int, Line]:
        return {line.staff_id: line for line in ledger(self._problem, self._assignments)}

    def _sharing(self, duty: str) -> Mapping[int, int]:
        """Staff id → load, of those who share it."""
        if duty not in self._groups:
            lines = self._lines
            self._groups[duty] = {each.id: lines[each.id].relative for each in sharing(self._problem, duty)}
        return self._groups[duty]

    def spread(self, duty: str, changes: Mapping[int, int] | None = None) -> int:
        """The heaviest load less the lightest, in hundredths of a point; ``changes``: staff id → points more."""
        loads = self._sharing(duty)
        if changes:
            loads = {**loads, **{each: self._load(each, more) for each, more in changes.items() if each in loads}}
        return max(loads.values()) - min(loads.values()) if loads else 0

    def _load(self, staff_id: int, more: int) -> int:
        line = self._lines[staff_id]
        return line.history + round((line.plan + more) * FULL_CAPACITY / line.capacity)

    def moved(self, shift: Shift, out: int | None, into: int | None) -> tuple[int, int]:
        """The spread of the shift's duty before, and after somebody takes it from somebody."""
        return self.spread(shift.duty), self.spread(shift.duty, self.change(shift, out, into))

    def change(self, shift: Shift, out: int | None, into: int | None) -> dict[int, int]:
        """Points more or less of the two."""
        person = self._problem.person
        lost = {out: -shift.worth(person[out])} if out is not None else {}
        return lost | ({into: shift.worth(person[into])} if into is not None else {})


def told(before: int, after: int) -> str:
    """Return what a move does to the spread, as the end of a line."""
    if before == after:
        return _("công bằng như cũ")
    return _("lệch %(before)s → %(after)s điểm", before=points(before), after=points(after))
