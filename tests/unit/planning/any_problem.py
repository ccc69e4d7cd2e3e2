"""Random small problems under random rules: crowded weeks, short of people as often as not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from planning.problem import Assignment, Pair, Pin, Problem, Shift, Staff, Wanted, Wish
from planning.rules import RULES
from planning.rules.base import Rule
from planning.score.score import LEAST_PRICES
from planning.settings import Setting
from tests.unit.planning.tiny import away, busy, on, person, shift, work

DUTIES, UNITS, NAMES = ("operations", "support"), ("U", "V"), ("Sáng", "Đêm")
FEW, SOME, FLAG, RARELY = st.integers(0, 1), st.integers(0, 2), st.booleans(), st.sampled_from([False] * 4 + [True])
YEARS_AGO = st.sampled_from([0] * 4 + [1, 2])
DAY = st.integers(3, 9)
"""Thursday to Wednesday: a weekend and the end of a week lie within."""
# Numbers small enough to bind in a crowded week, by unit of the parameter.
BINDING = {
    "minutes": (0, 240, 600, 960, 1440),
    "days": (1, 2, 3),
    "shifts": (0, 1, 2),
    "nights": (0, 1, 2),
    "weekends": (0, 1),
    "points": (1_00, 10_00),
    "years": (1, 2, 3),
    "flag": (0, 1),
}


@st.composite
def problems(draw: st.DrawFn, most_staff: int = 5, most_shifts: int = 9, *, pinned: bool = True) -> Problem:
    """Any settings at all; a person's own limits, ordinary work, pairs, soft cover, pins and a roster before."""
    staff = tuple(_person(draw, n) for n in range(1, draw(st.integers(1, most_staff)) + 1))
    shifts = tuple(_shift(draw, n) for n in range(1, draw(st.integers(1, most_shifts)) + 1))
    who, weights = st.sampled_from([p.id for p in staff]), st.integers(1, 3)
    seat = st.tuples(st.sampled_from([s.id for s in shifts]), who)
    wants: Any = st.sampled_from(["on", "off"])
    kinds: Any = st.sampled_from(["together", "apart"])
    return Problem(
        shifts,
        staff,
        absences=tuple(away(draw(who), draw(DAY)) for _ in range(draw(FEW))),
        busy=tuple(busy(draw(who), draw(DAY), draw(st.integers(0, 23))) for _ in range(draw(FEW))),
        work=tuple(work(draw(who), day) for day in draw(st.lists(st.integers(2, 10), unique=True, max_size=4))),
        wishes=tuple(
            Wish(draw(who), on(draw(DAY)), draw(st.sampled_from([None, *NAMES])), draw(wants), draw(weights))
            for _ in range(draw(SOME))
        ),
        pins=tuple(Pin(*draw(seat)) for _ in range(draw(SOME) if pinned else 0)),
        pairs=tuple(Pair(1, 2, draw(kinds)) for _ in range(draw(FEW) if len(staff) > 1 else 0)),
        baseline=tuple(Assignment(*draw(seat)) for _ in range(draw(FEW))),
        settings={rule.code: _setting(draw, rule) for rule in draw(st.lists(st.sampled_from(RULES), max_size=9))},
        free_days={"shift": frozenset({on(draw(DAY))})} if draw(FLAG) else {},
        span=(on(0), on(13)) if draw(FLAG) else None,
    )


def eased(problem: Problem) -> Problem:
    """The same with a choice: everybody may serve everywhere, and of nobody a least of something is asked."""
    staff = [
        replace(
            each,
            duties=frozenset(DUTIES),
            eligible_units=frozenset(UNITS),
            min_shifts=None,
            limits={key: most for key, most in each.limits.items() if key.split(":")[0] not in LEAST_PRICES},
        )
        for each in problem.staff
    ]
    shifts = (each if each.headcount else replace(each, skills={}) for each in problem.shifts)
    chosen = {code: each for code, each in problem.settings.items() if code not in LEAST_PRICES}
    return replace(problem, shifts=tuple(shifts), staff=tuple(staff), settings=chosen)


def _person(draw: st.DrawFn, number: int) -> Staff:
    own = st.sampled_from([None, None, None, 0, 1, 2])
    keys = [f"{rule.code}:{p.name}" for rule in RULES for p in rule.parameters] + [f"limits.template:{NAMES[1]}"]
    chosen = draw(st.lists(st.sampled_from(keys), max_size=1))
    return person(
        number,
        duties=frozenset(draw(st.sampled_from([DUTIES, DUTIES[:1], DUTIES[1:]]))),
        eligible_units=frozenset(draw(st.sampled_from([UNITS, UNITS[:1]]))),
        unit=draw(st.sampled_from(UNITS)),
        no_night=draw(RARELY),
        no_overtime=draw(RARELY),
        max_shifts=draw(own),
        min_shifts=draw(own),
        history_points=draw(st.integers(0, 40)) * 100,
        last_giao_thua=draw(YEARS_AGO),
        last_mung_1=draw(YEARS_AGO),
        share=draw(st.sampled_from([100, 100, 50])),
        skills=frozenset(["xe"] if draw(FLAG) else []),
        overtime_month=draw(st.sampled_from([None, 0, 2000, 2500])),
        limits={key: draw(st.sampled_from([0, 1, 2, 480, 1200])) for key in chosen},
        work_pattern=draw(st.sampled_from(["shift", "shift", "office5"])),
    )


def _shift(draw: st.DrawFn, number: int) -> Shift:
    forms = st.sampled_from(["onsite", "onsite", "onsite", "standby", "command"])
    wanted = Wanted(draw(st.integers(0, 3)), draw(st.sampled_from([100, 70_00])), draw(st.sampled_from([0, 300])))
    return shift(
        number,
        draw(DAY),
        draw(st.sampled_from([6, 7.5, 14, 22])),
        draw(st.sampled_from([8, 12, 24])),
        form=draw(forms),
        duty=draw(st.sampled_from(DUTIES)),
        unit=draw(st.sampled_from(["U", "U", "U", "V"])),
        headcount=draw(st.integers(0, 2)),
        points=draw(st.integers(0, 30)) * 100,
        peak=frozenset(draw(st.sampled_from([[], [], ["giao_thua"], ["mung_1"]]))),
        template=draw(st.sampled_from(NAMES)),
        replaces_work=draw(FLAG),
        wanted=draw(st.sampled_from([None, None, wanted])),
        skills=draw(st.sampled_from([{}, {}, {"xe": 1}])),
        points_by=draw(st.sampled_from([{}, {"office5": 500}])),
    )


def _setting(draw: st.DrawFn, rule: Rule) -> Setting:
    choice = st.sampled_from([None, True, True, False])
    values = {p.name: draw(st.sampled_from(BINDING[p.unit])) for p in rule.parameters if draw(FLAG)}
    pairs = draw(st.sampled_from([(), ((NAMES[1], NAMES[0]),)])) if rule.code == "sequence.templates" else ()
    return Setting(draw(choice), draw(choice), draw(st.sampled_from([None, 0, 700])), values, pairs)
