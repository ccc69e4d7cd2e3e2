"""Whatever the problem: no engine breaks a hard rule, and a proof by HiGHS is a proof."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

from hypothesis import given, settings, strategies as st

from roster.planning.check import check, cost_of
from roster.planning.codec import fingerprint, from_json, to_json
from roster.planning.engines.greedy import build as greedy
from roster.planning.problem import Assignment, Pin, Problem, Violation, Wish
from roster.planning.settings import Setting
from tests.unit.planning.tiny import away, busy, on, person, proven_by_highs, shift

DUTIES = ("operations", "support")


@st.composite
def problems(draw: st.DrawFn, most_staff: int = 5, most_shifts: int = 8) -> Problem:
    """Small, crowded weeks: short of people as often as not."""
    flags, days = st.booleans(), st.integers(0, 3)
    staff = tuple(
        person(n, no_night=draw(flags), max_shifts=draw(st.sampled_from([None, None, 0, 1, 2])),
               duties=frozenset(draw(st.lists(st.sampled_from(DUTIES), min_size=1))),
               history_points=draw(st.integers(0, 40)) * 100, last_giao_thua=draw(flags), last_mung_1=draw(flags))
        for n in range(1, draw(st.integers(1, most_staff)) + 1)
    )  # fmt: skip
    forms = st.sampled_from(["onsite", "onsite", "standby", "command"])
    peaks = st.sampled_from(["", "giao_thua", "mung_1"])
    shifts = tuple(
        shift(n, draw(days), draw(st.sampled_from([6, 7.5, 14, 22])), draw(st.sampled_from([8, 12, 24])),
              form=draw(forms), duty=draw(st.sampled_from(DUTIES)), headcount=draw(st.integers(0, 2)),
              points=draw(st.integers(0, 30)) * 100, peak=frozenset(filter(None, [draw(peaks)])))
        for n in range(1, draw(st.integers(1, most_shifts)) + 1)
    )  # fmt: skip
    who, some, weights = st.sampled_from([p.id for p in staff]), st.integers(0, 2), st.integers(1, 3)
    wants: Any = st.sampled_from(["on", "off"])
    return Problem(
        shifts, staff,
        absences=tuple(away(draw(who), draw(days)) for _ in range(draw(some))),
        busy=tuple(busy(draw(who), draw(days), draw(st.integers(0, 23))) for _ in range(draw(some))),
        wishes=tuple(
            Wish(draw(who), on(draw(days)), None, draw(wants), draw(weights)) for _ in range(draw(some))
        ),
        pins=tuple(Pin(draw(st.sampled_from([s.id for s in shifts])), draw(who)) for _ in range(draw(some))),
        settings={"rest.between_shifts": Setting(values={"standby_minutes": draw(st.sampled_from([0, 360, 720]))})},
    )  # fmt: skip


def breaches(violations: list[Violation]) -> list[Violation]:
    """Hard ones other than empty seats."""
    return [v for v in violations if v.hard and not v.params.get("missing")]


def breaches_by_pins(problem: Problem) -> list[Violation]:
    """What the pins alone already break."""
    return [v for v in check(problem, {Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins}) if v.hard]


def added_breaches(problem: Problem, roster: tuple[Assignment, ...]) -> list[Violation]:
    """Hard breaches other than empty seats that the pins alone do not already have."""
    given_ones = breaches_by_pins(problem)
    return [violation for violation in breaches(check(problem, roster)) if violation not in given_ones]


@given(problems())
@settings(max_examples=100)
def test_greedy_never_adds_a_breach_and_is_repeatable(problem: Problem) -> None:
    roster = greedy.build(problem, seed=1)
    assert added_breaches(problem, roster) == []
    assert roster == greedy.build(problem, seed=1)


@given(problems())
@settings(max_examples=60)
def test_highs_never_adds_a_breach_and_proves_its_roster(problem: Problem) -> None:
    roster, bound, missing = proven_by_highs(problem, greedy.build(problem))
    assert added_breaches(problem, tuple(roster)) == []
    violations = check(problem, roster)
    assert bound == cost_of(violations)
    assert missing == sum(int(v.params["missing"]) for v in violations if v.rule == "coverage.headcount")


@given(problems(most_staff=3, most_shifts=3))
@settings(max_examples=40)
def test_no_roster_at_all_is_cheaper_than_the_proven_one(problem: Problem) -> None:
    pairs = [Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff]
    rosters = chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))
    given_ones = breaches_by_pins(problem)
    checked = (check(problem, roster) for roster in rosters)
    lawful = (each for each in checked if all(breach in given_ones for breach in breaches(each)))
    assert proven_by_highs(problem)[1] == min(map(cost_of, lawful))


@given(problems())
@settings(max_examples=50)
def test_a_problem_survives_the_trip_to_another_process(problem: Problem) -> None:
    assert from_json(to_json(problem)) == problem
    assert fingerprint(from_json(to_json(problem))) == fingerprint(problem)
