"""What a Problem asks, as named facts that can be taken out of it one by one: the words of a conflict.

Who may serve which duty of which unit, and that nobody is in two places at once, is no fact but the ground they stand
on. Rules that ask for a least amount never leave a seat empty: they and all that is soft are left out from the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from planning.problem import Absence, Problem, Shift, Staff, Wanted
from planning.rules import RULES
from planning.score.score import LEAST_PRICES
from planning.settings import Setting
from planning.time.points import LOCAL

FactKind = Literal["cover", "absence", "protected", "own", "rule", "pin"]

LEAST_ALONE = LEAST_PRICES.keys() - {"hours.total"}
"""Rules that ask for at least something and for nothing else: they keep nobody off a seat."""
# These have no number of the campaign's own unless it sets one: the facts are then the people's own limits.
OWN_ALONE = frozenset({"limits.max_shifts", "hours.total", "limits.template"})
_DAY = timedelta(days=1)
_PROTECTED = ("protected.no_night", "protected.no_overtime")
_LEAST = ("limits.min_shifts", "hours.total:least")
_FREE = Wanted(0, 0, 0)


@dataclass(frozen=True)
class RosterFact:
    """cover: the shift must be staffed; absence: the person is away on that date; protected: the person falls under
    `rule`; own: the person's own limits for `rule`; rule: `rule` holds for everybody; pin: the person keeps the shift.
    """

    kind: FactKind
    shift_id: int | None = None
    staff_id: int | None = None
    rule: str = ""
    on: date | None = None


def facts_of(problem: Problem) -> tuple[RosterFact, ...]:
    """Every fact of the Problem; those that people would change last come first."""
    return (
        *(RosterFact("cover", shift_id=s.id) for s in problem.shifts if s.headcount),
        *(RosterFact("pin", shift_id=pin.shift_id, staff_id=pin.staff_id) for pin in problem.pins),
        *dict.fromkeys(
            RosterFact("absence", staff_id=row.staff_id, on=on) for row in problem.absences for on in dates_of(row)
        ),
        *(fact for person in problem.staff for fact in _person_facts(person)),
        *(RosterFact("rule", rule=code) for code in _rules(problem)),
    )


def only(problem: Problem, facts: Collection[RosterFact]) -> Problem:
    """The Problem as it would be if nothing else were asked."""
    kept = frozenset(facts)
    pins = tuple(p for p in problem.pins if RosterFact("pin", shift_id=p.shift_id, staff_id=p.staff_id) in kept)
    pinned = {pin.shift_id for pin in pins}
    dropped = {code for code in _rules(problem) if RosterFact("rule", rule=code) not in kept}
    off = dropped | {rule.code for rule in RULES if not rule.is_hard(problem) or rule.code in LEAST_ALONE}
    replaces = RosterFact("rule", rule="work.ordinary") in kept
    return replace(
        problem,
        shifts=tuple(_asked(problem, kept, pinned, replaces)),
        staff=tuple(_as_kept(person, kept) for person in problem.staff),
        absences=tuple(a for row in problem.absences for a in on_days(row, _kept_days(row, kept))),
        pins=pins,
        wishes=(),
        baseline=(),
        settings={**problem.settings, **{code: replace(_setting(problem, code), on=False) for code in off}},
        span=(problem.dates[0], problem.dates[-1]) if problem.dates else None,
    )


def _asked(problem: Problem, kept: frozenset[RosterFact], pinned: set[int], replaces: bool) -> Iterator[Shift]:
    """Shifts to be staffed, and those that may be taken: a pin holds there, or they replace ordinary work."""
    for shift in problem.shifts:
        if RosterFact("cover", shift_id=shift.id) in kept:
            yield replace(shift, wanted=None, skills={})
        elif shift.id in pinned or (replaces and shift.replaces_work and problem.work):
            yield replace(shift, headcount=0, wanted=_FREE, skills={})


def _person_facts(person: Staff) -> Iterator[RosterFact]:
    for code, holds in zip(_PROTECTED, (person.no_night, person.no_overtime), strict=True):
        if holds:
            yield RosterFact("protected", staff_id=person.id, rule=code)
    for code in sorted({_code(key) for key in person.limits if key not in _LEAST}):
        yield RosterFact("own", staff_id=person.id, rule=code)
    if person.max_shifts is not None and "limits.max_shifts" not in {_code(key) for key in person.limits}:
        yield RosterFact("own", staff_id=person.id, rule="limits.max_shifts")


def _as_kept(person: Staff, kept: frozenset[RosterFact]) -> Staff:
    def holds(code: str) -> bool:
        return RosterFact("own", staff_id=person.id, rule=code) in kept

    night, overtime = (RosterFact("protected", staff_id=person.id, rule=code) in kept for code in _PROTECTED)
    return replace(
        person,
        no_night=person.no_night and night,
        no_overtime=person.no_overtime and overtime,
        max_shifts=person.max_shifts if holds("limits.max_shifts") else None,
        min_shifts=None,
        limits={key: value for key, value in person.limits.items() if holds(_code(key)) and key not in _LEAST},
    )


def _code(key: str) -> str:
    return key.split(":", 1)[0]


def _rules(problem: Problem) -> list[str]:
    """Hard rules that a campaign could drop and that can keep people off a seat."""
    return [
        rule.code
        for rule in RULES
        if rule.is_on(problem) and rule.is_hard(problem) and not (rule.fixed and rule.locked)
        if rule.code not in LEAST_ALONE and not rule.code.startswith("eligibility.") and not _is_own(problem, rule.code)
    ]


def _is_own(problem: Problem, code: str) -> bool:
    return code in OWN_ALONE and not _setting(problem, code).values


def _setting(problem: Problem, code: str) -> Setting:
    return problem.settings.get(code, Setting())


def dates_of(row: Absence) -> Iterator[date]:
    """The local dates that an absence touches."""
    day, end = row.start.astimezone(LOCAL).date(), row.end.astimezone(LOCAL)
    while datetime.combine(day, time(), LOCAL) < end:
        yield day
        day += _DAY


def on_days(row: Absence, days: Iterable[date]) -> Iterator[Absence]:
    """Yield what is left of an absence on these of its dates."""
    for on in days:
        midnight = datetime.combine(on, time(), LOCAL)
        yield Absence(row.staff_id, max(row.start, midnight), min(row.end, midnight + _DAY))


def _kept_days(row: Absence, kept: frozenset[RosterFact]) -> list[date]:
    return [on for on in dates_of(row) if RosterFact("absence", staff_id=row.staff_id, on=on) in kept]
