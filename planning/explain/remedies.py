"""What could be allowed to fill empty seats: which rule opens how far, never beyond the law's own number."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from planning.explain.breach_numbers import reached
from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.rules import RULE_OF
from planning.rules.base import Parameter, Rule
from planning.rules.hours.continuous import HOURS_CONTINUOUS, lacks_ground
from planning.rules.hours.rolling import HOURS_ROLLING
from planning.rules.hours.year import HOURS_YEAR

Kind = Literal["ground", "free", "limit", "soft", "help", "less", "bare", "leave", "list"]

PLACES = frozenset({"eligibility.unit", "eligibility.place"})
LEAVE = "absence.away"
LIST = "eligibility.duty"
TOO_LONG: Mapping[str, Rule] = {rule.code: rule for rule in (HOURS_CONTINUOUS, HOURS_ROLLING)}
"""Rules that a stated ground excuses a long shift from."""
GRAIN = {"minutes": 60}  # limits are raised by whole hours
COUNTS_MORE = 2  # steps by which a limit that no law sets may be raised


@dataclass(frozen=True)
class Remedy:
    """One thing to allow, and what it fills by itself. `fills`: who would sit where, the rest staying as it is.

    free: nothing, somebody can; limit: `rule` from `was` to `now`, `law` being the law's own number; soft: `rule`
    becomes one to be weighed; help: people of other units; less: nobody comes, and the shifts of `dropped` need so many
    people fewer (shift → seats); bare: the same for shifts of an obligatory kind that would be left with nobody; leave:
    people asked to move `days`, which nobody can decide for them; list: people who would have to join the list of a
    duty; ground: the employer states a ground for the length on site of `shifts`, or splits them, where they are
    demanded. The last three are for people to do. `was`, `now` and `law` are in the parameter's own unit; `minutes`: of
    overtime that it costs; `days`: (person id, local date).
    """

    kind: Kind
    cause: str
    rule: str = ""
    fills: tuple[Assignment, ...] = ()
    was: int | None = None
    now: int | None = None
    law: int | None = None
    minutes: int = 0
    days: tuple[tuple[int, date], ...] = ()
    steps: int = 0
    people: tuple[int, ...] = field(default=())
    dropped: Mapping[int, int] = field(default_factory=dict)
    shifts: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.cause}~{self.kind}~{self.rule}"

    @property
    def can_be_applied(self) -> bool:
        return self.kind in ("free", "limit", "soft", "help", "less", "bare")

    @property
    def asks_less(self) -> bool:
        """It fills nothing: never proposed, only offered."""
        return self.kind in ("less", "bare")

    @property
    def count(self) -> int:
        """Empty seats that are gone with it."""
        return len(self.fills) + sum(self.dropped.values())


@dataclass(frozen=True)
class OpenedRule:
    """A rule that may be opened: how far (`cap` None: as far as one likes), from what, and what the law says."""

    kind: Kind
    rule: str
    was: int | None = None
    cap: int | None = None
    law: int | None = None

    def allows(self, breach: Violation) -> bool:
        if self.kind != "limit":
            return True
        number = reached(breach)
        return number is not None and self.was is not None and self.cap is not None and self.is_within(number)

    def is_within(self, number: int) -> bool:
        return number <= (self.cap or 0) if (self.cap or 0) >= (self.was or 0) else number >= (self.cap or 0)

    def step(self, numbers: Collection[int]) -> int | None:
        """The limit that all these numbers need, in whole steps."""
        if self.kind != "limit" or not numbers or self.was is None or self.cap is None:
            return None
        grain = GRAIN["minutes"] if _parameter(self.rule).unit == "minutes" else 1
        if self.cap >= self.was:
            return min(self.cap, math.ceil(max(numbers) / grain) * grain)
        return max(self.cap, math.floor(min(numbers) / grain) * grain)


def way_of(problem: Problem, code: str) -> OpenedRule | None:
    """How a rule that keeps people off seats may be opened for the campaign; None: not at all. Raises
    KeyError for a code that is no rule's."""
    rule = RULE_OF[code]
    if code in PLACES:
        return OpenedRule("help", code)
    if code == LEAVE:
        return OpenedRule("leave", code)
    if code == LIST:
        return OpenedRule("list", code)
    if rule.fixed or not rule.is_hard(problem):
        return None
    limit = _limit_of(problem, rule)
    if limit is not None:
        return limit
    return None if _is_law(rule) else OpenedRule("soft", code)


def is_too_long(problem: Problem, shift: Shift) -> bool:
    """Whether the shift alone keeps everybody away by its length on site, and no ground is stated for it."""
    binding = (rule for rule in TOO_LONG.values() if rule.is_on(problem) and rule.is_hard(problem))
    return any(lacks_ground(problem, shift, rule) for rule in binding)


def parameter_name(code: str) -> str:
    """The parameter that a `limit` changes."""
    return _parameter(code).name


def _limit_of(problem: Problem, rule: Rule) -> OpenedRule | None:
    if not rule.parameters or rule.parameters[0].name not in ("most", "minutes"):
        return None
    parameter = rule.parameters[0]
    was = rule.value(problem, parameter.name, on=problem.dates[0])
    if was is None:
        return None
    law, is_least = _law(problem, rule, parameter), parameter.name == "minutes"
    if law is None:
        cap = was + COUNTS_MORE * (GRAIN["minutes"] if parameter.unit == "minutes" else 1)
        return None if is_least else OpenedRule("limit", rule.code, was, min(cap, parameter.high))
    opens = law < was if is_least else law > was
    return OpenedRule("limit", rule.code, was, law, law) if opens else None


def _law(problem: Problem, rule: Rule, parameter: Parameter) -> int | None:
    """The strictest number of the law on the days of the plan; a rule that only names a law goes by its default."""
    if not _is_law(rule):
        return None
    norms, days = parameter.norms, (problem.dates[0], problem.dates[-1])
    if rule.code in ("hours.month", "hours.year") and HOURS_YEAR.value(problem, "special"):
        norms = rule.norms
    found = [norm.value for norm in norms for day in days if norm.value is not None and norm.holds(day)]
    strictest = max if parameter.name == "minutes" else min
    return strictest(found) if found else parameter.default


def _is_law(rule: Rule) -> bool:
    return bool(rule.norms) or any(parameter.norms for parameter in rule.parameters)


def _parameter(code: str) -> Parameter:
    return RULE_OF[code].parameters[0]
