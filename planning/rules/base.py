"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.settings import Setting
from planning.time.overtime import overtime_alone

OfPerson = Callable[[Problem, Staff, Sequence[Shift]], Iterator[Violation]]
OfShift = Callable[[Problem, Shift, Sequence[int]], Iterator[Violation]]
Unit = Literal["minutes", "days", "shifts", "nights", "weekends", "points", "percent", "people", "years", "flag"]
_AS_DEFAULT = Setting()
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Norm:
    """What a law asks between two dates (both inclusive, None: open); `value` None where it sets no number.

    `basis` is the act and article as people cite them. A norm is a source for a warning, never a verdict.
    """

    basis: str
    since: date | None = None
    until: date | None = None
    value: int | None = None

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Parameter:
    """One number of a rule. `default` None: no limit unless a campaign, a person or a norm sets one."""

    name: str
    unit: Unit
    default: int | None = None
    low: int = 0
    high: int = 1_000_000
    norms: tuple[Norm, ...] = ()

    def value_on(self, on: date | None) -> int | None:
        """The norm in force on that date, else the default."""
        if on is not None:
            for norm in self.norms:
                if norm.value is not None and norm.holds(on):
                    return norm.value
        return self.default

    def changes(self, first: date, last: date) -> tuple[tuple[date, int | None], ...]:
        """(date from which, value) of each default between two dates, both inclusive; one where no norm changes it."""
        turns = {first, *(n.since for n in self.norms if n.since), *(n.until + _DAY for n in self.norms if n.until)}
        found = [(on, self.value_on(on)) for on in sorted(turns) if first <= on <= last]
        return tuple(each for n, each in enumerate(found) if n == 0 or each[1] != found[n - 1][1])


@dataclass(frozen=True)
class Rule:
    """A rule looks either at one person's shifts or at one shift's people; never at both at once.

    That keeps the answer to "what would this one cell break" a matter of one person and one shift. `hard`, `on`
    and `weight` (hundredths of a point per unit of breach) are defaults, `most_weight` is the most that a campaign may
    set (no soft rule may be worth an empty seat); `fixed`: a campaign cannot make it soft (or hard), `locked`: nor
    switch it off. Engines ask a rule for its settings, never `problem.settings`.
    """

    code: str
    hard: bool
    parameters: tuple[Parameter, ...] = ()
    weight: int = 0
    most_weight: int = 1_000_00
    on: bool = True
    fixed: bool = False
    locked: bool = False
    norms: tuple[Norm, ...] = ()
    of_person: OfPerson | None = None
    of_shift: OfShift | None = None

    def setting(self, problem: Problem) -> Setting:
        return problem.settings.get(self.code, _AS_DEFAULT)

    def is_on(self, problem: Problem) -> bool:
        chosen = self.setting(problem).on
        return self.on if chosen is None or self.locked else chosen

    def is_hard(self, problem: Problem) -> bool:
        chosen = self.setting(problem).hard
        return self.hard if chosen is None or self.fixed else chosen

    @property
    def is_weighed(self) -> bool:
        """Whether its breaches can have a price that a campaign may set."""
        return self.weight > 0 and not (self.hard and self.fixed)

    def weight_in(self, problem: Problem) -> int:
        """Hundredths of a point per unit of breach, while the rule is soft."""
        chosen = self.setting(problem).weight
        return self.weight if chosen is None or not self.is_weighed else chosen

    def value(self, problem: Problem, name: str, *, person: Staff | None = None, on: date | None = None) -> int | None:
        """A parameter: the person's own, else the campaign's, else the norm in force `on` that date, else default."""
        if person is not None and (own := person.limits.get(f"{self.code}:{name}")) is not None:
            return own
        chosen = self.setting(problem).values.get(name)
        return chosen if chosen is not None else self._parameter[name].value_on(on)

    def number(self, problem: Problem, name: str, *, person: Staff | None = None, on: date | None = None) -> int:
        """A parameter that always has a value."""
        return self.value(problem, name, person=person, on=on) or 0

    @cached_property
    def _parameter(self) -> Mapping[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters}

    def breach(
        self,
        problem: Problem,
        staff_id: int | None,
        shift_ids: tuple[int, ...],
        params: Mapping[str, int | str] | None = None,
        *,
        amount: int = 1,
    ) -> Violation:
        """A violation as this campaign takes it: hard and free of cost, or soft at the weight times `amount`."""
        hard = self.is_hard(problem)
        cost = 0 if hard else self.weight_in(problem) * amount
        return Violation(self.code, hard, staff_id, shift_ids, params or {}, cost, amount)

    def person_breaches(self, problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
        """Breaches of one person, whose shifts are given in order of start; nothing while the rule is off."""
        if self.of_person is not None and self.is_on(problem):
            yield from self.of_person(problem, person, shifts)

    def shift_breaches(self, problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
        """Breaches of one shift; nothing while the rule is off."""
        if self.of_shift is not None and self.is_on(problem):
            yield from self.of_shift(problem, shift, staff_ids)


def may_serve(person: Staff, shift: Shift) -> bool:
    """Whether the shift's duty and unit are among the person's; nothing else is asked."""
    return shift.duty in person.duties and shift.unit in person.eligible_units


def could_take(problem: Problem, person: Staff, shift: Shift) -> bool:
    """Whether nothing known beforehand keeps the person away: duty, unit, leave, protection, duties elsewhere."""
    if not may_serve(person, shift) or (person.no_night and shift.night and shift.form == "onsite"):
        return False
    if any(a.start < shift.end and shift.start < a.end for a in problem.absences_of.get(person.id, ())):
        return False
    if any(b.start < shift.end and shift.start < b.end for b in problem.busy_of.get(person.id, ())):
        return False
    return not (person.no_overtime and overtime_alone(problem, person, shift, protected=True))


def could_take_some(problem: Problem, person: Staff) -> bool:
    """Whether the person could take any shift of the plan."""
    known: dict[int, bool] = problem.facts.setdefault("base.could_take_some", {})
    if person.id not in known:
        known[person.id] = any(could_take(problem, person, shift) for shift in problem.shifts)
    return known[person.id]
