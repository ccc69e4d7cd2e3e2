"""More than twelve hours on site: the import warns, the seat stays empty and says why, a stated ground fills it."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import Date, select, update

from core.calendar import dates
from core.errors import Conflict
from people.models import Unit
from planning.problem import NormalHours
from planning.solve import SolveOptions, solve
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Revision, Shift
from roster.publishing import export, services as publishing, sheet
from roster.publishing.terms import PublishTerms
from roster.rulebook import services as rule_settings
from roster.rulebook.models import CampaignRule
from roster.snapshot import snapshot
from roster.sources import long_duty
from roster.sources.models import Demand
from roster.words import sentences, violations
from roster.words.names import names_for, names_of
from tests.services.roster.importing.test_import import PEOPLE, UNITS, run
from tests.support import factories
from tests.support.factories import ADMIN, NOW

GROUND = "Thỏa ước lao động tập thể 2019, Điều 12"
HEAD = "duty,unit_code,phase,shift,start,hours,headcount,form,replaces_work,legal_ground\n"
ROW = "operations,T,during,Trực,12:00,24,1,onsite,yes,"


@pytest.mark.both_dbs
def test_the_import_names_the_column_until_the_ground_is_there(db):
    report = run(units=UNITS, people=PEOPLE, demand=HEAD + ROW + "\n")
    assert report.errors == []
    assert [(fault.column, fault.code) for fault in report.warnings] == [("legal_ground", "import.long_duty")]
    assert "legal_ground" in report.warnings[0].message()
    assert run(demand=HEAD + ROW + f'"{GROUND}"\n').warnings == []
    assert db.session.scalars(select(Demand.legal_ground)).all() == [GROUND]
    older = (HEAD + ROW).replace(",legal_ground", "").removesuffix(",") + "\n"
    assert run(demand=older).warnings == [], "a file without the column leaves the ground as it is"
    assert db.session.scalars(select(Demand.legal_ground)).all() == [GROUND]


def warned() -> list[str]:
    """What an import of the long duty without a ground says of it."""
    return [fault.message() for fault in run(units=UNITS, people=PEOPLE, demand=HEAD + ROW + "\n").warnings]


@pytest.mark.both_dbs
def test_the_import_asks_the_rules_in_force_and_says_which(db):
    (said,) = warned()
    assert "24 giờ, quá mức 12 giờ" in said and "mặc định: Bộ luật Lao động 10/2012/QH13, Điều 106" in said
    unit = db.session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    campaign = factories.make_campaign(unit)
    rules = {code: {"parameters": {"most": 16 * 60}} for code in ("hours.continuous", "hours.rolling")}
    rule_settings.save(campaign.id, rules, actor=ADMIN, now=NOW)
    (said,) = warned()
    assert "quá mức 16 giờ theo quy tắc" in said and f"của đợt {campaign.name}" in said
    rule_settings.save(campaign.id, {"hours.continuous": {"on": False}}, actor=ADMIN, now=NOW)
    (said,) = warned()
    assert "Trực tại chỗ trong 24 giờ bất kỳ" in said, "the other rule still says so"
    rule_settings.save(campaign.id, {"hours.rolling": {"hard": False}}, actor=ADMIN, now=NOW)
    assert warned() == [], "a soft rule keeps nobody away"
    with factories.transaction() as session:
        session.execute(update(Campaign).values(state="closed"))
    (said,) = warned()
    assert "12 giờ" in said and "mặc định" in said, "what is over binds nobody"


@pytest.mark.parametrize("rule", long_duty.RULES, ids=lambda rule: rule.code)
def test_one_day_of_a_campaign_speaks_for_all(rule):
    """Else the limit must be asked for the day of the duty."""
    (most,) = rule.parameters
    assert [value for _on, value in most.changes(dates.FIRST, dates.LAST)] == [720]
    assert not [name for name, column in CampaignRule.__table__.columns.items() if isinstance(column.type, Date)]


def test_a_limit_of_twenty_four_hours_warns_of_nothing(db):
    run(units=UNITS, people=PEOPLE, demand=HEAD + ROW + "\n")
    campaign = factories.make_campaign(db.session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one())
    row = db.session.scalars(select(Demand)).one()
    assert [limit.minutes for limit in long_duty.over([row], NOW).values()] == [720]
    rules = {code: {"parameters": {"most": 24 * 60}} for code in ("hours.continuous", "hours.rolling")}
    rule_settings.save(campaign.id, rules, actor=ADMIN, now=NOW)
    assert warned() == [] and long_duty.over([row], NOW) == {}


@pytest.mark.parametrize("row", ["operations,T,during,Trực,12:00,12,1,onsite,yes,", ROW.replace("onsite", "standby")])
def test_twelve_hours_and_standby_need_no_ground(db, row):
    assert run(units=UNITS, people=PEOPLE, demand=HEAD + row + "\n").warnings == []


def noon_to_noon(ground: str = ""):
    """One duty on site from noon to noon over three days of Tết, and people enough to take turns."""
    unit = factories.make_unit("BC", name="Bưu cục")
    for number in range(1, 5):
        factories.make_person(f"O{number}", unit)
    factories.make_demand(unit, "operations", "Trực", "12:00", 24)
    with factories.transaction() as session:
        session.execute(update(Demand).values(legal_ground=ground))
    return factories.make_campaign(unit)


def test_without_a_ground_the_seats_stay_empty_and_say_which_column(db):
    campaign = noon_to_noon()
    problem = snapshot.take(campaign.id, now=NOW).problem
    outcome = solve(problem, SolveOptions(seconds=0))
    assert outcome.assignments == ()
    reasons = outcome.shortages[0].reasons
    assert len(reasons["hours.continuous"]) == len(reasons["hours.rolling"]) == 4
    names = names_of(problem)
    assert "legal_ground" in violations.shortage(outcome.shortages[0], names)
    stored = names_for([outcome.shortages[0].shift_id], ())
    assert "legal_ground" in violations.shortage(outcome.shortages[0], stored), "of what a run keeps as well"
    with pytest.raises(Conflict) as refused:
        drafts.set_people(problem.shifts[0].id, ["O1"], actor=ADMIN, now=NOW)
    said = [each["text"] for each in refused.value.state["violations"]]
    assert any("24 giờ" in text and "12 giờ" in text and "legal_ground" in text for text in said)
    assert all("tạo lại đợt trực" in text for text in said if "legal_ground" in text), "a draft keeps its demand"


def told(shift_id: int, code: str) -> list[str]:
    """The sentences about duty at a stretch, were this person put on the shift."""
    with pytest.raises(Conflict) as refused:
        drafts.set_people(shift_id, [code], actor=ADMIN, now=NOW)
    return [each["text"] for each in refused.value.state["violations"] if each["rule"] == "hours.continuous"]


def test_a_lone_shift_over_somebodys_own_limit_has_no_neighbours_and_lacks_no_ground(db):
    unit = factories.make_unit("BC", name="Bưu cục")
    factories.make_person("O1", unit, limits={"hours.continuous:most": 8 * 60})
    factories.make_demand(unit)
    (shift, *_others) = snapshot.take(factories.make_campaign(unit).id, now=NOW).problem.shifts
    (said,) = told(shift.id, "O1")
    assert "liền 12 giờ, mức cho phép 8 giờ" in said and said.endswith("Xếp người khác vào ca này.")
    assert "liền kề" not in said and "legal_ground" not in said


def test_of_long_shifts_that_touch_the_ground_is_asked_for_each_and_time_between_for_both(db):
    campaign = noon_to_noon()
    first, second, *_others = sorted(snapshot.take(campaign.id, now=NOW).problem.shifts, key=lambda each: each.start)
    (lone,) = told(first.id, "O1")
    assert "legal_ground" in lone and "Giãn các ca ra" not in lone
    drafts.set_people(first.id, ["O1"], override_reason="Không có ai khác", actor=ADMIN, now=NOW)
    said = told(second.id, "O1")
    (both,) = [text for text in said if "liền 48 giờ" in text]
    assert "tính cả ca liền kề" in both and "Giãn các ca ra" in both and "legal_ground" not in both


def test_a_stated_ground_fills_them_and_is_printed_as_the_employers_words(db):
    campaign = noon_to_noon(GROUND)
    problem = snapshot.take(campaign.id, now=NOW).problem
    assert all(shift.grounded for shift in problem.shifts)
    outcome = solve(problem, SolveOptions(seconds=0))
    assert len(outcome.assignments) == 3 and not [v for v in outcome.violations if v.hard]
    codes = {person.id: person.code for person in problem.staff}
    for each in outcome.assignments:
        drafts.set_people(each.shift_id, [codes[each.staff_id]], actor=ADMIN, now=NOW)
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Chỉ có một loại trực"), actor=ADMIN, now=NOW)
    revision = db.session.scalars(select(Revision)).one()
    assert {row["legal_ground"] for row in revision.content} == {GROUND}
    days = sheet.sheet_of_revision(revision, (), phones=False)
    assert [(ground.template, ground.text) for ground in sheet.grounds_of(days)] == [("Trực", GROUND)]
    rows = list(csv.reader(io.StringIO(export.render(campaign.id, "csv").decode("utf-8-sig"))))
    assert [row[-1] for row in rows] == ["Căn cứ do đơn vị nêu cho ca dài", GROUND, GROUND, GROUND]
    book = load_workbook(io.BytesIO(export.render(campaign.id, "xlsx"))).active
    assert [row[-1] for row in book.iter_rows(min_row=2, values_only=True)] == [row[-1] for row in rows]


def test_a_later_ground_changes_no_shift_that_is_there(db):
    campaign = noon_to_noon()
    with factories.transaction() as session:
        session.execute(update(Demand).values(legal_ground=GROUND))
    assert set(db.session.scalars(select(Shift.legal_ground).where(Shift.campaign_id == campaign.id))) == {""}


def test_in_a_post_office_of_four_the_director_stands_by_every_night(db):
    unit = factories.make_unit("BC", name="Bưu cục")
    factories.make_person("GD", unit, duties=("leadership",))
    for number in range(1, 4):
        factories.make_person(f"O{number}", unit)
    factories.make_demand(unit, "leadership", "24/24", "07:30", 24, form="command")
    campaign = factories.make_campaign(unit, first="2020-01-17", last="2020-02-08")
    outcome = solve(snapshot.take(campaign.id, now=NOW).problem, SolveOptions(seconds=0))
    assert len(outcome.assignments) == 23 and not [v for v in outcome.violations if v.hard]
    named = [v for v in outcome.violations if v.rule == "rest.standby"]
    assert len(named) == 22, "each night that follows another is named: a call-out is work"
    assert "giờ làm việc" in sentences.sentence(named[0], names_for({1}, set()))


def test_normal_hours_that_an_enterprise_sets_reach_the_engine(db):
    from people.models import WorkPattern

    unit = factories.make_unit("BC", name="Bưu cục")
    factories.make_person("O1", unit)
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    campaign = factories.make_campaign(unit)
    with factories.transaction() as session:
        row = session.get_one(WorkPattern, "shift")
        row.normal_hours = [{"since": "2020-01-01", "day": 480, "week": 2400}]
    problem = snapshot.take(campaign.id, now=NOW).problem
    assert problem.normal_hours == (NormalHours("shift", date(2020, 1, 1), 480, 2400),)
