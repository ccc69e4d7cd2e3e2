"""What would fill empty seats, and at what price: a person beyond a limit, a rule made soft, help, a day of leave.

Judged by the rules alone, in the roster as it is: a repair names the seats that it fills, so it promises no more than
it keeps. What protects people is never offered, nor any leave but that which the caller says may be asked to move.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import monotonic
from typing import Literal

from planning.explain.breach_numbers import away_days, number_of, within
from planning.explain.empty_seats import EmptyShift
from planning.explain.greedy_fill import Allowed, Option, Priced, fill
from planning.explain.helpers import Helpers
from planning.explain.what_if import Rows
from planning.problem import Assignment, Shift, Staff
from planning.rules import RULE_OF

Kind = Literal["person", "rule", "leave", "help", "qualify", "hire"]

LEAVE_DAY = 40_00  # asking somebody to move a day of leave
QUALIFY = 800_00  # putting somebody on the list of a duty
HIRE = 3000_00  # finding one more person
LOOKED_AT = 80  # shifts with empty seats; more would only repeat what these say
NEW_PERSON = -1

Missing = Mapping[int, int]
LeaveDays = Collection[tuple[int, date]]


@dataclass(frozen=True)
class Repair:
    """One thing to allow, the seats it fills, and its price in hundredths of a point.

    `seats`: who would sit where, the rest of the roster staying as it is, and `price` is theirs; `fills`: how many
    could be filled by moving others too, never fewer, at a price that nobody has worked out. Without seats it helps by
    moving others alone, and the price is that of the rule alone.

    person: `staff_id` goes beyond `rule`, whose number (where it has one) is `was` and would be `now`; rule: it becomes
    soft for the campaign; leave: `staff_id` moves the leave of `days`; help: `staff_id` serves `unit`, which is not
    theirs; qualify: `staff_id` joins the list of `duty`; hire: one more person for `duty` of `unit` (`NEW_PERSON`).
    """

    kind: Kind
    rule: str
    seats: tuple[Assignment, ...]
    price: int
    staff_id: int | None = None
    was: int | None = None
    now: int | None = None
    days: tuple[date, ...] = ()
    duty: str = ""
    unit: str = ""
    fills: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "fills", max(self.fills, len(self.seats)))

    @property
    def worth(self) -> tuple[float, int, str, int]:
        """Sorts by the price of a seat, of the seats that are priced; of equals the one that fills more comes first."""
        return self.price / max(1, len(self.seats) or self.fills), -self.fills, self.rule, self.staff_id or 0


def repairs(
    rows: Rows, gaps: Sequence[EmptyShift], *, movable: LeaveDays = (), until: float = math.inf
) -> list[Repair]:
    """Every repair found, the cheapest seat first. `movable`: (person, date) of leave that may be asked to move.

    At the moment `until` (of the monotonic clock) looking ends with what there is; what fills many seats, and people
    whose seat is cheap, are looked at first.
    """
    gaps = gaps[:LOOKED_AT]
    missing = {gap.shift.id: gap.missing for gap in gaps}
    found: list[Repair] = []
    for repair in _all(rows, gaps, missing, movable, until=until):
        found.append(repair)
        if monotonic() >= until:
            break
    return sorted(found, key=lambda repair: repair.worth)


def _all(
    rows: Rows, gaps: Sequence[EmptyShift], missing: Missing, movable: LeaveDays, *, until: float
) -> Iterator[Repair]:
    yield from _repairs_by_new_people(rows, gaps, missing)
    by_rule = _options(rows, gaps, until)
    for code, options in by_rule.items():
        yield from _for_everybody(rows, code, options, missing)
    for code, options in by_rule.items():
        yield from _one_by_one(rows, code, options, missing, movable=movable)


def _options(rows: Rows, gaps: Iterable[EmptyShift], until: float) -> dict[str, list[Option]]:
    """Rule → who would take which seat if that rule alone did not stand in the way."""
    found: defaultdict[str, list[Option]] = defaultdict(list)
    helpers = Helpers(rows)
    for gap in gaps:
        outside = helpers.effects_on(gap.shift) if monotonic() < until else {}
        for staff_id, change in {**gap.taking, **outside}.items():
            if len(change.codes) == 1:
                found[change.codes[0]].append(Option(gap.shift, staff_id, change))
    return found


def _for_everybody(rows: Rows, code: str, options: Sequence[Option], missing: Missing) -> Iterator[Repair]:
    """Yield what it brings to make a rule soft for the campaign, where that is more than an exception for one person.

    Nobody is in two places, the protected stay protected, a pin is the manager's word.
    """
    if not RULE_OF[code].fixed:
        seats, price = fill(rows, options, missing, _only(code), priced=_priced(rows, code))
        if len({seat.staff_id for seat in seats}) > 1:
            yield Repair("rule", code, seats, price)


def _one_by_one(
    rows: Rows, code: str, options: Sequence[Option], missing: Missing, *, movable: LeaveDays
) -> Iterator[Repair]:
    """Yield what it brings to relax a rule for one person."""
    if code == "absence.away":
        yield from _leave(rows, options, missing, movable)
    elif code == "eligibility.duty":
        yield from _qualify(rows, options, missing)
    elif not RULE_OF[code].fixed:
        priced = _priced(rows, code)
        for own in sorted(_grouped(options), key=lambda own: min(priced(option) for option in own)):
            yield from _person(rows, code, own, missing)


def _person(rows: Rows, code: str, own: Sequence[Option], missing: Missing) -> Iterator[Repair]:
    """One step beyond a limit for one person: as far as their cheapest seat asks, and what else that allows."""
    priced = _priced(rows, code)
    first = min(own, key=lambda option: (priced(option), option.shift.id))
    was, now = number_of(first.change)

    def allowed(option: Option) -> bool:
        return option.change.codes == (code,) and within(option.change, was, now)

    seats, price = fill(rows, own, missing, allowed, priced=priced)
    if seats:
        helps = code.startswith("eligibility.")
        unit = first.shift.unit if helps else ""
        yield Repair("help" if helps else "person", code, seats, price, first.staff_id, was, now, unit=unit)


def _leave(rows: Rows, options: Sequence[Option], missing: Missing, movable: LeaveDays) -> Iterator[Repair]:
    by_days: defaultdict[tuple[int, tuple[date, ...]], list[Option]] = defaultdict(list)
    for option in options:
        days = away_days(option.shift, option.change)
        if all((option.staff_id, day) in movable for day in days):
            by_days[option.staff_id, days].append(option)
    for (staff_id, days), own in by_days.items():
        seats, cost = fill(rows, own, missing, _only("absence.away"), priced=_cost)
        if seats:
            yield Repair("leave", "absence.away", seats, LEAVE_DAY * len(days) + cost, staff_id, days=days)


def _qualify(rows: Rows, options: Sequence[Option], missing: Missing) -> Iterator[Repair]:
    for duty in sorted({option.shift.duty for option in options}):
        for own in _grouped([option for option in options if option.shift.duty == duty]):
            seats, cost = fill(rows, own, missing, _only("eligibility.duty"), priced=_cost)
            if seats:
                yield Repair("qualify", "eligibility.duty", seats, QUALIFY + cost, own[0].staff_id, duty=duty)


def _repairs_by_new_people(rows: Rows, gaps: Sequence[EmptyShift], missing: Missing) -> Iterator[Repair]:
    """One more person for each kind of shift that lacks somebody."""
    kinds: defaultdict[tuple[str, str], list[Shift]] = defaultdict(list)
    for gap in gaps:
        kinds[gap.shift.duty, gap.shift.unit].append(gap.shift)
    for (duty, unit), shifts in kinds.items():
        person = Staff(NEW_PERSON, "", "", frozenset({duty}), frozenset({unit}), unit=unit)
        trial = rows.over(replace(rows.problem, staff=(*rows.problem.staff, person)))
        options = [Option(shift, NEW_PERSON, trial.seating(shift, trial.on(shift.id), NEW_PERSON)) for shift in shifts]
        seats, cost = fill(trial, options, missing, lambda option: not option.change.breaks, priced=_cost)
        if seats:
            yield Repair("hire", "coverage.headcount", seats, HIRE + cost, NEW_PERSON, duty=duty, unit=unit)


def _grouped(options: Iterable[Option]) -> list[list[Option]]:
    """By person and, for help, by unit."""
    groups: defaultdict[tuple[int, str], list[Option]] = defaultdict(list)
    for option in options:
        outside = any(code.startswith("eligibility.") for code in option.change.codes)
        groups[option.staff_id, option.shift.unit if outside else ""].append(option)
    return [groups[key] for key in sorted(groups)]


def _only(code: str) -> Allowed:
    return lambda option: option.change.codes == (code,)


def _cost(option: Option) -> int:
    return option.change.cost


def _priced(rows: Rows, code: str) -> Priced:
    """The weight that the rule has once soft, times its breach, and the change of cost."""
    weight = RULE_OF[code].weight_in(rows.problem)
    return lambda option: weight * option.change.grown.get(code, 0) + option.change.cost
