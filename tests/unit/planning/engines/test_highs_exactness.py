"""Whatever the rules of a tiny problem, HiGHS alone proves what trying every roster finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from planning.engines.mip.formulations.table import FORMULATIONS
from planning.outcome import Violation
from planning.problem import Assignment, Pair, Pin, Problem, Shift, Wanted, Wish, Work
from planning.rules import RULE_OF, RULES
from planning.score.check import check
from planning.score.score import LEAST_PRICES
from planning.settings import Setting
from tests.support.examples import for_any
from tests.unit.planning.tiny import MONDAY, at, away, busy, person, proven_by_highs, shift

DUTIES, UNITS, NAMES, SKILLS = ("operations", "support"), ("U", "V"), ("Sáng", "Đêm"), ("cũ",)
MOST_PAIRS = 7
# Limits small enough to bind in a week of a few shifts, by parameter and by unit.
SMALL = {"minutes": (240, 600, 1440), "days": (1, 2, 3), "shifts": (1, 2), "nights": (1, 2), "weekends": (0, 1)}


def test_every_rule_has_its_formulation() -> None:
    assert list(FORMULATIONS.keys() ^ RULE_OF.keys()) == []


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Two to three people, a handful of shifts within a few days, and any rules in any setting."""
    some, few, flag = st.integers(0, 2), st.integers(0, 1), st.booleans()
    number = draw(st.integers(1, 3))
    shifts = tuple(_shift(draw, n) for n in range(1, draw(st.integers(1, MOST_PAIRS // number)) + 1))
    staff = tuple(_person(draw, n) for n in range(1, number + 1))
    who, day = st.sampled_from([p.id for p in staff]), st.integers(4, 8)
    pair_kinds: Any = st.sampled_from(["together", "apart"])
    wants: Any = st.sampled_from(["on", "off"])
    pairs = [(shift.id, p.id) for shift in shifts for p in staff]
    return Problem(
        shifts,
        staff,
        absences=tuple(away(draw(who), draw(day)) for _ in range(draw(few))),
        busy=tuple(busy(draw(who), draw(day), draw(st.integers(0, 23))) for _ in range(draw(few))),
        work=tuple(_work(draw(who), each) for each in draw(st.lists(day, unique=True, max_size=2))),
        wishes=tuple(
            Wish(draw(who), at(draw(day), 0).date(), draw(st.sampled_from([None, *NAMES])), draw(wants), draw(some) + 1)
            for _ in range(draw(some))
        ),
        pins=tuple(Pin(*draw(st.sampled_from(pairs))) for _ in range(draw(few))),
        pairs=tuple(Pair(1, 2, draw(pair_kinds)) for _ in range(draw(few) if number > 1 else 0)),
        baseline=tuple(Assignment(*draw(st.sampled_from(pairs))) for _ in range(draw(few))),
        settings=_settings(draw),
        free_days={"shift": frozenset({at(draw(day), 0).date()})} if draw(flag) else {},
    )


def _shift(draw: st.DrawFn, number: int) -> Shift:
    """From Friday of the first week on, so that a weekend and the end of a week lie within."""
    day, hour = draw(st.integers(4, 8)), draw(st.sampled_from([-1, 7, 15]))
    wanted = Wanted(draw(st.integers(0, 2)), draw(st.sampled_from([100, 700])), draw(st.sampled_from([0, 300])))
    return shift(
        number,
        day,
        hour,
        draw(st.sampled_from([8, 12])),
        local_date=MONDAY.date() + timedelta(days=day),
        form=draw(st.sampled_from(["onsite", "onsite", "onsite", "standby"])),
        duty=draw(st.sampled_from(DUTIES[:1] * 3 + DUTIES[1:])),
        unit=draw(st.sampled_from(UNITS[:1] * 3 + UNITS[1:])),
        headcount=draw(st.sampled_from([0, 1, 1, 2])),
        points=draw(st.integers(0, 20)) * 100,
        peak=frozenset(draw(st.sampled_from([[], [], ["giao_thua"], ["mung_1"]]))),
        template=draw(st.sampled_from(NAMES)),
        night=draw(st.booleans()),
        replaces_work=draw(st.booleans()),
        wanted=draw(st.sampled_from([None, None, wanted])),
        skills=draw(st.sampled_from([{}, {}, {SKILLS[0]: 1}])),
    )


def _person(draw: st.DrawFn, number: int) -> Any:
    rarely, flag = st.sampled_from([None, None, None, 1, 2]), st.sampled_from([False, False, False, True])
    limits = {"limits.template:Đêm": 1} if draw(flag) else {}
    return person(
        number,
        duties=frozenset(draw(st.sampled_from([DUTIES, DUTIES[:1]]))),
        eligible_units=frozenset(draw(st.sampled_from([UNITS, UNITS[:1]]))),
        unit=draw(st.sampled_from(UNITS)),
        no_night=draw(flag),
        no_overtime=draw(flag),
        max_shifts=draw(rarely),
        min_shifts=draw(rarely),
        history_points=draw(st.integers(0, 20)) * 100,
        last_giao_thua=draw(st.integers(0, 2)),
        last_mung_1=draw(st.integers(0, 2)),
        skills=frozenset(draw(st.sampled_from([(), SKILLS]))),
        share=draw(st.sampled_from([100, 60])),
        limits=limits,
        overtime_month=draw(st.sampled_from([None, 0, 2300])),
    )


def _settings(draw: st.DrawFn) -> dict[str, Setting]:
    """Up to eight rules otherwise than by default; seats stay what is filled first."""
    return {rule.code: _setting(draw, rule.code) for rule in draw(st.lists(st.sampled_from(RULES[1:]), max_size=8))}


def _setting(draw: st.DrawFn, code: str) -> Setting:
    rule, flag = RULE_OF[code], st.sampled_from([None, True, True, False])
    values = {}
    for parameter in rule.parameters:
        if (numbers := SMALL.get(parameter.unit)) and draw(st.booleans()):
            values[parameter.name] = draw(st.sampled_from(numbers))
    pairs = (("Đêm", "Sáng"),) if code == "sequence.templates" else ()
    # Dear loads would outweigh an empty seat, which the search never lets happen.
    weight = None if code == "fairness.load" else draw(st.sampled_from([None, 100, 4000]))
    return Setting(draw(flag), draw(flag), weight, values, pairs)


def _work(staff_id: int, day: int) -> Work:
    on: date = at(day, 0).date()
    return Work(staff_id, on, at(day, 0.5), at(day, 10), 480)  # 07:30–17:00 at UTC+7


def rosters(problem: Problem) -> Iterator[list[Assignment]]:
    pairs = [Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff]
    for chosen in product((False, True), repeat=len(pairs)):
        yield [pair for pair, is_in in zip(pairs, chosen, strict=True) if is_in]


def is_elastic(violation: Violation) -> bool:
    if violation.rule == "hours.total":
        return "least" in violation.params
    return violation.rule in LEAST_PRICES


def _named(violation: Violation) -> tuple[Hashable, ...]:
    """What makes two breaches the same: how great it is, not which shifts also count towards it."""
    where = violation.shift_ids if violation.staff_id is None else violation.staff_id
    return violation.rule, where, *sorted(violation.params.items())


def allowed(problem: Problem) -> Iterator[tuple[int, int, int]]:
    """(empty seats, price of what lacks, cost) of every roster that breaks nothing but what pins break."""
    pins = check(problem, {Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins})
    excused = Counter(_named(v) for v in pins if v.hard)
    for roster in rosters(problem):
        found = check(problem, roster)
        firm = [v for v in found if v.hard and not is_elastic(v) and not v.params.get("missing")]
        if Counter(map(_named, firm)) <= excused:
            yield empty_lacking_cost(found)


def empty_lacking_cost(found: Sequence[Violation]) -> tuple[int, int, int]:
    """(empty seats, price of what lacks, cost)."""
    empty = sum(int(v.params["missing"]) for v in found if v.rule == "coverage.headcount")
    lacking = sum(LEAST_PRICES[v.rule] * v.amount for v in found if v.hard and is_elastic(v))
    return empty, lacking, sum(v.cost for v in found)


@for_any(problems(), examples=250)
def test_highs_proves_what_trying_every_roster_finds(problem: Problem) -> None:
    roster, bound, missing = proven_by_highs(problem)
    empty, lacking, cost = empty_lacking_cost(check(problem, roster))
    best = min(allowed(problem))
    assert missing == empty == best[0]
    assert bool(lacking) == bool(best[1]), "a rule is broken only where it cannot be kept"
    assert bound <= cost
    if not best[1]:
        assert bound == cost == best[2]
