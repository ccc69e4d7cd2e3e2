"""What the engine is told: people, skills, ordinary work, free days, pairs, settings; quickly for a big enterprise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.clock import at_local, local
from planning.codec import from_json, to_json
from planning.problem import Pair, Problem, Wanted, Work
from planning.time.overtime import overtime_alone
from roster.rulebook import services as rule_settings
from roster.snapshot import snapshot
from roster.sources import pairs
from roster.sources.models import Demand
from tests.support.factories import (
    ADMIN,
    NOW,
    make_campaign,
    make_demand,
    make_person,
    make_round_the_clock,
    make_unit,
)

pytestmark = pytest.mark.both_dbs


def taken(campaign: Any) -> Problem:
    return snapshot.take(campaign.id, now=NOW).problem


def test_people_bring_what_the_rules_ask_about_them(db):
    top = make_unit()
    unit = make_unit("HUYEN", parent=top, kind="district")
    make_round_the_clock(top)
    make_person(
        "P1",
        unit,
        share=50,
        skills=["experienced", "lái xe"],
        no_overtime=True,
        min_shifts=2,
        max_shifts=5,
        overtime_month_minutes=90,
        overtime_year_minutes=None,
        limits={"hours.week:most": 2400},
    )
    [person] = taken(make_campaign(top)).staff
    assert (person.unit, person.eligible_units) == ("HUYEN", frozenset({"TINH", "HUYEN"}))
    assert (person.share, person.skills) == (50, frozenset({"experienced", "lái xe"}))
    assert (person.no_overtime, person.min_shifts, person.max_shifts) == (True, 2, 5)
    assert (person.overtime_month, person.overtime_year, person.limits) == (90, None, {"hours.week:most": 2400})


def test_shifts_bring_skills_and_the_wanted_number_with_optional_seats(db):
    unit = make_unit()
    make_person("P1", unit)
    make_demand(unit, headcount=2, phases=("during",))
    row = db.session.query(Demand).one()
    row.wanted, row.skills = 3, {"experienced": 1}
    db.session.commit()
    state = snapshot.take(make_campaign(unit).id, now=NOW)
    assert state.problem.shifts
    for shift in state.problem.shifts:
        assert (shift.headcount, shift.skills) == (2, {"experienced": 1})
        assert isinstance(shift.wanted, Wanted) and shift.wanted.number == 3
        assert len(state.seats[shift.id]) == 3


def test_a_wanted_number_that_is_no_more_than_needed_says_nothing(db):
    unit = make_unit()
    make_demand(unit, headcount=2, phases=("during",))
    db.session.query(Demand).one().wanted = 2
    db.session.commit()
    state = snapshot.take(make_campaign(unit).id, now=NOW)
    assert {(shift.wanted, len(state.seats[shift.id])) for shift in state.problem.shifts} == {(None, 2)}


def hours(work: Work) -> tuple[str, str, int]:
    return f"{local(work.start):%H:%M}", f"{local(work.end):%H:%M}", work.minutes


def test_ordinary_work_is_that_of_the_pattern_without_holidays_and_leave(db):
    unit = make_unit()
    make_demand(unit)
    make_demand(unit, "leadership", form="standby")
    office = make_person("P1", unit, work_pattern="office6")
    make_person("P2", unit, work_pattern="shift")
    make_person("P3", unit, work_pattern="office6", duties=("leadership",))  # never on site
    _away(db, office.id, date(2020, 1, 21))
    problem = taken(make_campaign(unit, first="2020-01-20", last="2020-01-30"))
    assert {row.staff_id for row in problem.work} == {office.id}
    dates = [row.local_date for row in problem.work]
    # The day before, Monday to Wednesday before the break (one of them on leave), and what the last night runs into;
    # of the two substitute days only the first is one for somebody who works on Saturdays.
    assert f"{dates[0]:%d/%m}" == "20/01"  # Sunday the 19th is free
    assert date(2020, 1, 21) not in dates and date(2020, 1, 25) not in dates and date(2020, 1, 28) not in dates
    assert date(2020, 1, 29) in dates and date(2020, 2, 1) in dates
    assert {hours(row) for row in problem.work} == {("07:30", "17:00", 480)}
    assert date(2020, 1, 29) not in problem.free_days["office6"] and date(2020, 1, 29) in problem.free_days["office5"]


def _away(db, person_id: int, on: date) -> None:
    from people.models import Absence

    db.session.add(Absence(person_id=person_id, from_on=on, to_on=on, kind="annual_leave", note=""))
    db.session.commit()


def test_pairs_settings_and_the_tree_come_along_and_survive_the_codec(db):
    top = make_unit()
    unit = make_unit("HUYEN", parent=top, kind="district")
    far = make_unit("XA")
    make_round_the_clock(top)
    one, two, stranger = make_person("P1", top), make_person("P2", unit), make_person("P3", far)
    pairs.save_pair("P2", "P1", "apart", actor=ADMIN, now=NOW)
    pairs.save_pair("P1", "P3", "together", actor=ADMIN, now=NOW)
    campaign = make_campaign(top)
    rule_settings.save(campaign.id, {"hours.day": {"on": False}}, actor=ADMIN, now=NOW)
    problem = taken(campaign)
    assert problem.pairs == (Pair(one.id, two.id, "apart"),)
    assert stranger.id not in problem.person
    assert problem.settings["hours.day"].on is False
    assert problem.parents == {"TINH": None, "HUYEN": "TINH", "XA": None}
    assert from_json(to_json(problem)) == problem


@contextmanager
def statements(db) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_the_number_of_questions_does_not_grow_with_the_enterprise(db):
    unit = make_unit()
    make_round_the_clock(unit)
    make_person("A0", unit, work_pattern="office6")
    campaign = make_campaign(unit)
    with statements(db) as few:
        taken(campaign)
    for number in range(40):
        make_person(f"B{number}", make_unit(f"U{number}", parent=unit, kind="district"), work_pattern="office5")
    db.session.expire_all()
    with statements(db) as many:
        problem = taken(campaign)
    assert len(problem.staff) == 41
    assert len(many) <= len(few) + 2


def test_times_are_those_of_the_rows(db):
    unit = make_unit()
    make_person("P1", unit)
    make_demand(unit, template="Đêm", start="22:00", hours=8)
    campaign = make_campaign(unit, first="2020-01-20", last="2020-01-20")
    [shift] = taken(campaign).shifts
    assert (shift.start, shift.end) == (
        at_local(date(2020, 1, 20)) + timedelta(hours=22),
        at_local(date(2020, 1, 21)) + timedelta(hours=6),
    )
    assert shift.night and shift.template == "Đêm" and shift.replaces_work


def test_a_plan_spans_the_campaign_where_its_shifts_do_not(db):
    unit = make_unit()
    make_demand(unit, phases=("during",))
    problem = taken(make_campaign(unit, first="2020-01-17", last="2020-02-08"))
    assert (problem.dates[0], problem.dates[-1]) == (date(2020, 1, 17), date(2020, 2, 8))


def test_leave_that_ends_the_day_before_the_plan_takes_that_days_work_away(db):
    unit = make_unit()
    make_demand(unit)
    person = make_person("P1", unit, work_pattern="office6")
    _away(db, person.id, date(2020, 1, 17))
    problem = taken(make_campaign(unit, first="2020-01-18", last="2020-01-20"))
    assert [row.staff_id for row in problem.absences] == [person.id]
    assert [row.local_date.day for row in problem.work] == [18, 20, 21, 22]


def test_a_pattern_without_any_hours_works_by_the_roster_alone(db):
    from people.models import WorkPattern

    db.session.add(WorkPattern(code="ca_kip", name_vi="Ca kíp", name_en="Crew", hours={}))
    db.session.commit()
    unit = make_unit()
    make_demand(unit, headcount=2, start="08:00", hours=12)
    make_person("P1", unit, work_pattern="ca_kip")
    make_person("P2", unit, work_pattern="shift")
    problem = taken(make_campaign(unit, first="2020-01-20", last="2020-01-20"))
    [shift] = problem.shifts
    assert [overtime_alone(problem, person, shift) for person in problem.staff] == [120, 120]
