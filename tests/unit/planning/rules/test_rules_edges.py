"""Just beside each rule: what touches, what is one too many or too few, and who else is there."""

from __future__ import annotations

from typing import Any

import pytest

from planning.problem import Absence, NormalHours, Pair, Pin, Problem, Shift, Wanted, Wish
from planning.rules.limits.min_shifts import least_shifts
from planning.rules.limits.template import template_limits
from planning.rules.peaks import repeated
from planning.settings import Setting
from tests.unit.planning.rule_cases import ONE, TWO, WEEK, breaches, days, with_setting
from tests.unit.planning.tiny import at, away, busy, on, person, seats, shift, work


def broken(code: str, problem: Problem, *pairs: tuple[int, int], **values: int) -> list[Any]:
    return breaches(with_setting(problem, code, on=True, values=values), pairs, code)


@pytest.mark.parametrize(
    ("from_hour", "to_hour", "away_then"),
    [(0, 7, False), (0, 8, True), (14, 20, True), (15, 20, False), (9, 10, True), (-20, 0, False), (30, 40, False)],
)
def test_leave_that_touches_a_shift_is_no_breach(from_hour: float, to_hour: float, away_then: bool) -> None:
    problem = Problem((shift(1, 0, 7, 8),), ONE, (Absence(1, at(0, from_hour), at(0, to_hour)),))
    assert [v.shift_ids for v in broken("absence.away", problem, (1, 1))] == ([(1,)] if away_then else [])


@pytest.mark.parametrize(
    ("headcount", "wanted", "present", "said"),
    [
        (2, None, 2, None),
        (2, None, 0, (2, 2, 2)),
        (2, None, 1, (1, 1, 1)),
        (1, None, 2, (0, 1, 0)),
        (1, Wanted(1, under=1, over=1), 2, None),
        (2, Wanted(2, under=1, over=1), 1, (1, 1, 1)),
        (1, Wanted(1, under=1, over=1), 1, None),
    ],
)
def test_seats_are_short_or_overfull(
    headcount: int, wanted: Wanted | None, present: int, said: tuple[int, int, int] | None
) -> None:
    """``said``: people missing, by how much it is off, and the price in empty seats."""
    each = shift(1, 0, headcount=headcount, wanted=wanted)
    found = broken("coverage.headcount", Problem((each,), TWO), *((1, who) for who in range(1, present + 1)))
    seat = 100_000_00
    assert [(v.hard, v.params["missing"], v.amount, v.cost) for v in found] == (
        [(True, said[0], said[1], said[2] * seat)] if said else []
    )


@pytest.mark.parametrize(
    ("number", "present", "said"),
    [(2, 0, (2, 1000)), (2, 1, (1, 500)), (1, 1, None), (1, 2, (1, 300)), (0, 2, (2, 600))],
)
def test_what_is_wanted_has_a_price_for_each_too_few_and_too_many(
    number: int, present: int, said: tuple[int, int] | None
) -> None:
    each = shift(1, 0, headcount=0, wanted=Wanted(number, under=500, over=300))
    found = broken("coverage.wanted", Problem((each,), TWO), *((1, who) for who in range(1, present + 1)))
    assert [(v.amount, v.cost, v.hard) for v in found] == ([(*said, False)] if said else [])
    assert [v.params for v in found] == ([{"wanted": number, "present": present}] if said else [])


def test_skills_that_empty_seats_could_still_bring_are_not_missing() -> None:
    driver, nurse = person(1, skills=frozenset({"xe"})), person(2, skills=frozenset({"y tế"}))
    staff = (driver, nurse, person(3), person(4))
    problem = Problem((shift(1, 0, headcount=3, skills={"xe": 2, "y tế": 1}),), staff)
    assert broken("coverage.skills", problem, (1, 1)) == []
    full = broken("coverage.skills", problem, (1, 2), (1, 3), (1, 4))
    assert [(v.params["skill"], v.params["present"], v.amount) for v in full] == [("xe", 0, 2)]
    both = broken("coverage.skills", problem, (1, 3), (1, 4))
    assert [(v.params["skill"], v.amount) for v in both] == [("xe", 1)]
    over = Problem((shift(1, 0, headcount=1, skills={"xe": 1}),), staff)
    assert [v.amount for v in broken("coverage.skills", over, (1, 3), (1, 4))] == [1]
    assert broken("coverage.skills", Problem((shift(1, 0),), ONE), (1, 1)) == []


def test_each_shift_is_judged_and_only_the_persons_own_pins() -> None:
    two = (shift(1, 0, 22), shift(2, 2, 22, form="standby"), shift(3, 4), shift(4, 6, 22))
    night = Problem(two, (person(1, no_night=True),))
    assert [v.shift_ids for v in broken("protected.no_night", night, *((n, 1) for n in range(1, 5)))] == [(1,), (4,)]
    pinned = Problem(days(0, 2, 4), TWO, pins=(Pin(1, 1), Pin(2, 1), Pin(3, 2)))
    found = broken("pins.kept", pinned, (2, 1), (1, 2))
    assert [(v.staff_id, v.shift_ids) for v in found] == [(1, (1,)), (2, (3,))]


def test_a_sequence_is_of_two_days_in_a_row_in_that_order() -> None:
    setting = {"sequence.templates": Setting(pairs=(("Đêm", "Ngày"),))}
    plan = (shift(1, 0, 22, template="Đêm"), shift(2, 1, 15), shift(3, 3), shift(4, 4, 22, template="Đêm"), shift(5, 6))
    problem = Problem(plan, ONE, settings=setting)
    assert [v.shift_ids for v in broken("sequence.templates", problem, *((n, 1) for n in range(1, 6)))] == [(1, 2)]


@pytest.mark.parametrize(
    ("starts", "gaps"),
    [((7, 19), [0]), ((7, 20), [60]), ((7, 30.5), [690]), ((7, 31), []), ((7, 18), []), ((7, 20, 22), [60, 180])],
)
def test_duties_at_home_are_spread(starts: tuple[float, ...], gaps: list[int]) -> None:
    hours = [12 if n == 0 else 1 for n in range(len(starts))]
    home = tuple(
        shift(n, 0, start, length, form="standby")
        for n, (start, length) in enumerate(zip(starts, hours, strict=True), 1)
    )
    found = broken("rest.standby", Problem(home, ONE), *((each.id, 1) for each in home))
    assert [v.params["gap_minutes"] for v in found if v.shift_ids[0] == 1] == gaps


def test_each_duty_at_home_is_held_to_those_after_it_by_whole_minutes() -> None:
    hours = ((0, 7), (3, 7), (3, 9 + 1 / 120))
    home = tuple(shift(n, day, hour, 1, form="standby") for n, (day, hour) in enumerate(hours, 1))
    (found,) = broken("rest.standby", Problem(home, ONE), (1, 1), (2, 1), (3, 1))
    assert (found.shift_ids, found.params) == ((2, 3), {"gap_minutes": 60})
    assert isinstance(found.params["gap_minutes"], int)


def test_on_site_duty_is_not_spread() -> None:
    mixed = (shift(1, 0, 7, 8, form="standby"), shift(2, 0, 16, 2), shift(3, 0, 18, 2, form="command"))
    found = broken("rest.standby", Problem(mixed, ONE), (1, 1), (2, 1), (3, 1))
    assert [(v.shift_ids, v.params) for v in found] == [((1, 3), {"gap_minutes": 180})]


def test_a_pair_stays_apart_on_each_shift_that_both_hold() -> None:
    shared = (shift(1, 0, headcount=2), shift(2, 2, headcount=2), shift(3, 4, headcount=2))
    problem = Problem(shared, (*TWO, person(3)), pairs=(Pair(1, 2, "apart"), Pair(2, 3, "together")))
    found = broken("pairs.apart", problem, (1, 1), (1, 3), (2, 1), (2, 2), (3, 2))
    assert [(v.staff_id, v.shift_ids, v.params) for v in found] == [(1, (2,), {"other": 2})]


@pytest.mark.parametrize("code", ["eligibility.duty", "eligibility.unit", "eligibility.place"])
def test_what_somebody_may_do_is_no_breach_beside_what_they_may_not(code: str) -> None:
    plan = (shift(1, 0), shift(2, 2, duty="support", unit="V"), shift(3, 4))
    who = person(1, duties=frozenset({"operations"}), eligible_units=frozenset({"U"}), unit="U")
    assert [v.shift_ids for v in broken(code, Problem(plan, (who,)), (1, 1), (2, 1), (3, 1))] == [(2,)]


def test_change_is_counted_by_shift_also_of_who_was_not_there() -> None:
    problem = Problem(days(0, 2, 4), TWO, baseline=tuple(seats((1, 1), (2, 1))))
    found = broken("change.least", problem, (3, 1), (1, 2))
    assert [(v.staff_id, v.shift_ids, v.params, v.amount) for v in found] == [
        (1, (1, 2, 3), {"gained": 1, "lost": 2}, 3),
        (2, (1,), {"gained": 1, "lost": 0}, 1),
    ]
    assert broken("change.least", Problem(days(0), ONE), (1, 1)) == [], "nothing was there before"


@pytest.mark.parametrize("nights", [False, True])
def test_each_run_is_judged_for_itself(nights: bool) -> None:
    code = "nights.in_a_row" if nights else "runs.max_days"
    plan: tuple[Shift, ...] = days(0, 1, 3, 4, 5, **({"hour": 22, "hours": 2} if nights else {"hours": 4}))
    found = broken(code, Problem(plan, ONE, span=WEEK), *((n, 1) for n in range(1, 6)), most=2)
    assert [(v.shift_ids, v.params["from"], v.params["to"], v.amount) for v in found] == [
        ((3, 4, 5), on(3).isoformat(), on(5).isoformat(), 1)
    ]
    assert broken(code, Problem(plan, ONE), *((n, 1) for n in range(1, 6)), most=3) == []
    two_runs = broken(code, Problem(plan, ONE), *((n, 1) for n in range(1, 6)), most=1)
    assert [(v.shift_ids, v.amount) for v in two_runs] == [((1, 2), 1), ((3, 4, 5), 2)]


def test_who_asks_for_shifts_of_a_name_or_a_number_of_their_own() -> None:
    assert template_limits(person(1, limits={"limits.template:Đêm": 2, "hours.total:most": 9})) == {"Đêm": 2}
    plan, gone = days(0), away(3, 0)
    own, asked, absent = person(1, min_shifts=3), person(2), person(3)
    limited = person(4, limits={"limits.min_shifts:least": 5}, duties=frozenset())
    problem = Problem(plan, (own, asked, absent, limited), (gone,))
    chosen = with_setting(problem, "limits.min_shifts", values={"least": 2})
    assert [least_shifts(chosen, who) for who in problem.staff] == [3, 2, None, 5]
    assert [least_shifts(problem, who) for who in problem.staff] == [3, None, None, 5]


def test_peaks_of_last_tet_are_those_of_the_shift() -> None:
    both, none = frozenset({"giao_thua", "mung_1"}), frozenset({"mung_2_3"})
    who = person(1, last_giao_thua=True, last_mung_1=True)
    plan = Problem((shift(1, 0, peak=both),), (who,))
    assert [repeated(plan, who, shift(1, 0, peak=each)) for each in (both, none, frozenset())] == [
        {"giao_thua": 1, "mung_1": 1},
        {},
        {},
    ]
    assert repeated(plan, person(1), shift(1, 0, peak=both)) == {}


@pytest.mark.parametrize(
    ("years", "ago", "found"), [(1, 1, {}), (2, 1, 1), (2, 2, {}), (3, 2, 2), (3, 3, {}), (10, 9, 9)]
)
def test_a_peak_counts_as_repeated_within_the_years_that_a_campaign_sets(years: int, ago: int, found: Any) -> None:
    peak = shift(1, 0, peak=frozenset({"giao_thua", "mung_1"}))
    for stood, other in (("giao_thua", "mung_1"), ("mung_1", "giao_thua")):
        who = person(1, **{f"last_{stood}": ago, f"last_{other}": 0})
        chosen = with_setting(Problem((peak,), (who,)), "peaks.repeat", values={stood: years, other: 10})
        assert repeated(chosen, who, peak) == ({stood: found} if found else {})


def test_a_wish_is_heard_on_its_date_for_its_name_by_whoever_may_serve() -> None:
    plan = (shift(1, 0), shift(2, 0, 22, template="Đêm"), shift(3, 2), shift(4, 0, unit="V"))
    wishes = (Wish(1, on(0), "Ngày", "on", 2), Wish(1, on(2), None, "off", 3), Wish(1, on(0), "Đêm", "off", 4))
    problem = Problem(plan, ONE, wishes=wishes)
    off = broken("wishes.off", problem, (1, 1), (2, 1), (3, 1))
    assert [(v.shift_ids, v.params["weight"], v.amount) for v in off] == [((3,), 3, 3), ((2,), 4, 4)]
    assert broken("wishes.on", problem, (1, 1)) == []
    unheard = broken("wishes.on", problem, (2, 1), (3, 1))
    assert [(v.shift_ids, v.params, v.amount) for v in unheard] == [((1,), {"date": on(0).isoformat(), "weight": 2}, 2)]


def test_ordinary_work_that_overlaps_is_said_otherwise_than_rest_that_is_short() -> None:
    plan = (shift(1, 0, 15, 2), shift(2, 1, 3.5, 2), shift(3, 3, 6))
    problem = Problem(plan, ONE, work=(work(1, 0), work(1, 2)))
    found = broken("work.ordinary", problem, (1, 1), (2, 1), (3, 1))
    assert [(v.shift_ids, v.params) for v in found] == [
        ((1,), {"date": on(0).isoformat(), "overlap": 1}),
        ((2,), {"date": on(0).isoformat(), "gap_minutes": 690, "required_minutes": 720}),
    ]


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("limits.max_shifts", {"max_shifts": 3}),
        ("limits.min_shifts", {"min_shifts": 3}),
        ("limits.template", {"limits": {"limits.template:Ngày": 3}}),
        ("limits.per_day", {"limits": {"limits.per_day:most": 3}}),
        ("hours.total", {"limits": {"hours.total:least": 720, "hours.total:most": 720}}),
    ],
)
def test_as_many_as_the_limit_is_within_it(code: str, who: dict[str, Any]) -> None:
    plan = tuple(shift(n, 0, 6 * n, 4) for n in (1, 2, 3))
    assert broken(code, Problem(plan, (person(1, **who),)), (1, 1), (2, 1), (3, 1)) == []


@pytest.mark.parametrize(
    ("code", "own", "amount"),
    [
        ("limits.max_shifts", {"limits.max_shifts:most": 2}, 1),
        ("limits.per_day", {"limits.per_day:most": 1}, 2),
        ("nights.in_a_row", {"nights.in_a_row:most": 1}, 1),
        ("nights.most", {"nights.most:most": 1}, 1),
        ("runs.max_days", {"runs.max_days:most": 1}, 1),
        ("runs.min_off", {"runs.min_off:least": 9}, 8),
        ("weekends.most", {"weekends.most:most": 0}, 1),
        ("hours.total", {"hours.total:most": 700}, 20),
        ("hours.total", {"hours.total:least": 800}, 80),
    ],
)
def test_a_persons_own_number_comes_before_the_campaigns(code: str, own: dict[str, int], amount: int) -> None:
    plan = (
        shift(1, 0, 22, 4),
        shift(2, 1, 22, 4) if code.startswith(("nights", "runs.max")) else shift(2, 0, 4, 4),
        shift(3, 5 if code == "weekends.most" else 2 if code == "runs.min_off" else 0, 12, 4),
    )
    roster = [(1, 1), (2, 1), (3, 1)]
    found = broken(code, Problem(plan, (person(1, limits=own), person(2))), *roster)
    assert [(v.staff_id, v.amount) for v in found] == [(1, amount)]


def test_only_the_nights_of_a_run_are_named() -> None:
    plan = (*days(0, 1, 2, 3, hour=22, hours=6), shift(5, 1, 12, 4))
    (found,) = broken("nights.in_a_row", Problem(plan, ONE), *((n, 1) for n in range(1, 6)))
    assert found.shift_ids == (1, 2, 3, 4)


def test_overtime_of_the_protected_names_the_shifts_of_its_day_or_of_the_whole_week() -> None:
    hours = (NormalHours("shift", on(0), 480, 1200),)
    plan = (*days(0, 1, 4, 7), shift(5, 2, 7, 8, form="standby"), shift(6, 3), shift(7, 4, 20, 2))
    problem = Problem(plan, (person(1, no_overtime=True), person(2)), normal_hours=hours)
    week = broken("protected.no_overtime", problem, (1, 1), (2, 1), (3, 1), (4, 1), (5, 1))
    thursday = on(3).isoformat()
    assert [(v.shift_ids, v.params, v.amount) for v in week] == [((1, 2, 3), {"minutes": 240, "date": thursday}, 240)]
    with_thursday = broken("protected.no_overtime", problem, (1, 1), (2, 1), (6, 1))
    assert [(v.shift_ids, v.amount) for v in with_thursday] == [((6,), 240)]
    long_friday = broken("protected.no_overtime", problem, (3, 1), (7, 1))
    assert [(v.shift_ids, v.params["date"], v.amount) for v in long_friday] == [((3, 7), on(4).isoformat(), 120)]
    assert broken("protected.no_overtime", problem, (1, 2), (2, 2), (3, 2)) == []


def test_one_peak_is_none_too_many() -> None:
    plan = (shift(1, 0, peak=frozenset({"mung_2_3"})), shift(2, 2))
    assert broken("peaks.second", Problem(plan, ONE), (1, 1), (2, 1)) == []


def test_rest_is_judged_for_each_pair_up_to_the_longest_and_beside_duties_elsewhere() -> None:
    plan = (shift(1, 0, 0, 1), shift(2, 0, 6, 1), shift(3, 0, 13, 1), shift(4, 1, 20, 1))
    found = broken("rest.between_shifts", Problem(plan, ONE), *((n, 1) for n in range(1, 5)))
    assert [(v.shift_ids, v.params["gap_minutes"]) for v in found] == [((1, 2), 300), ((2, 3), 360)]
    near = Problem((plan[0], plan[3]), ONE, busy=(busy(1, 0, 3, 1), busy(1, 0, 5, 1)))
    beside = broken("rest.between_shifts", near, (1, 1), (4, 1))
    assert [(v.staff_id, v.shift_ids, v.params["gap_minutes"]) for v in beside] == [(1, (1,), 120), (1, (1,), 240)]
