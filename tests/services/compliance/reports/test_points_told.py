"""What points of service say, as reports and requirements tell it: each figure beside plain SQL over the tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import text

from compliance.computed import ComputedFinding, Scope
from compliance.parcel_checks import queries as parcels
from compliance.plans import queries as plans, services as planning
from compliance.plans.models import Backlog
from compliance.posting import services as posting
from compliance.posting.parts import PARTS
from compliance.reports import drawing, lists
from compliance.reports.told import points as told
from compliance.reports.told.parts import Figure, ReportScope
from compliance.sources import points as sources
from core.db import db, transaction
from people import queries as people
from people.models import Unit
from tests.support.cast import ADMIN
from tests.support.service_point import DAY, ServicePoint

pytestmark = pytest.mark.both_dbs("sums, days as keys, and units that close")
CONDITIONS = {part: {"vi": f"Nội dung {part}", "en": ""} for part in PARTS["conditions"] if part != "other"}


def one(sql: str, **values: object) -> int:
    days = {name: each.isoformat() if isinstance(each, date) and _sqlite() else each for name, each in values.items()}
    return int(db.session.execute(text(sql), days).scalar_one())


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def ground(point: ServicePoint, since: date, until: date) -> ReportScope:
    return drawing.ground("summary", people.unit_by_code("BDA"), since, until, now=point.now)


def figures(of: tuple[Figure, ...]) -> dict[str, Figure]:
    return {each.code: each for each in of}


def write_conditions(point: ServicePoint) -> None:
    posting.save(point.night.ids["BDT"], "conditions", CONDITIONS, upon=0, actor=ADMIN, now=point.now)


def judged(
    point: ServicePoint, code: str, unit: str = "BDA-1", until: date = date(2020, 2, 8)
) -> tuple[ComputedFinding, str]:
    source = next(each for each in sources.SOURCES if each.code == code)
    asked = Scope((point.night.ids[unit],), date(2020, 1, 16), until, point.now)
    found = source.judge(asked)[point.night.ids[unit]]
    return found, source.words(found.numbers)


def test_each_number_of_parcels_is_that_of_the_tables_and_opens_its_own_days(point: ServicePoint) -> None:
    point.tap(34, counter="may-1")
    point.tap(6, counter="may-2")
    point.find("before", informed="Công an xã A", parcels="2")
    point.at(2)  # Tuesday told nothing
    point.tap(11)
    point.at(3)
    part = told.checks(ground(point, DAY, DAY + timedelta(days=2)))
    found = figures(part.figures)
    span = {"since": DAY, "until": DAY + timedelta(days=2)}
    for what in ("checked", "refused", "referred"):
        sql = f"SELECT coalesce(sum({what}), 0) FROM parcel_checks WHERE day BETWEEN :since AND :until"  # noqa: S608
        assert found[f"parcels.{what}"].value == one(sql, **span)
    assert [found[f"parcels.{what}"].value for what in ("checked", "refused", "referred")] == [51, 2, 2]
    # The list behind "refused" is of the day on which something was, not of every day that was told.
    monday, wednesday = (f"check:{point.unit_id}@{DAY + timedelta(days=after)}" for after in (0, 2))
    assert found["parcels.checked"].refs == (monday, wednesday) and found["parcels.refused"].refs == (monday,)
    with point.app.test_request_context():
        [line] = lists.rows(found["parcels.refused"].refs, ADMIN, point.now)
    assert (line.text, line.about, line.url) == ("Điểm phục vụ A1", "20/01/2020", "/letter/points/BDA-1")
    # Three days of two counters are asked of the district and its point; two of them were told.
    assert found["parcels.silent"].value == len(found["parcels.silent"].refs) == 3 * 2 - 2
    assert "đã kiểm tra 51 gói, kiện trước khi chấp nhận, từ chối 2" in part.lines[0]
    assert f"Còn {3 * 2 - 2} ngày" in part.lines[0]


def test_a_point_that_closed_or_opened_owes_the_days_on_which_it_was_there(point: ServicePoint) -> None:
    point.at(5)
    with transaction() as session:
        session.query(Unit).filter_by(code="BDA-1").one().valid_to = DAY + timedelta(days=1)
        session.query(Unit).filter_by(code="BDA").one().valid_from = DAY + timedelta(days=3)
    logged = parcels.checks_logged(people.subtree_ids(point.night.ids["BDA"]), DAY, DAY + timedelta(days=4), point.now)
    closed = [(point.unit_id, DAY + timedelta(days=after)) for after in (0, 1)]
    opened = [(point.night.ids["BDA"], DAY + timedelta(days=after)) for after in (3, 4)]
    assert sorted(logged.missing) == sorted([*closed, *opened])


def test_what_hangs_is_counted_and_never_said_to_hang_when_it_does_not(point: ServicePoint) -> None:
    found, words = judged(point, "posting.complete")
    assert not found.holds and words.startswith("0 trong 2") and "1 nội dung bắt buộc chưa ai soạn" in words
    with point.app.test_request_context(), force_locale("en"):
        assert "1 obligatory texts nobody has written" in judged(point, "posting.complete")[1]
    write_conditions(point)
    point.post("prohibited")
    assert judged(point, "posting.complete")[1].startswith("0 trong 2")  # nobody has looked at the photo
    point.accept_all()
    found, words = judged(point, "posting.complete")
    assert not found.holds and words == "1 trong 2 nội dung bắt buộc đang treo đúng bản, có ảnh"
    with point.app.test_request_context(), force_locale("en"):
        assert judged(point, "posting.complete")[1] == "1 of 2 obligatory texts hang as in force, with a photo"
    point.post("conditions")
    point.accept_all()
    # What another unit has not finished writing is no fault of this one.
    assert judged(point, "posting.complete")[0] == ComputedFinding(True, {"posted": 2, "wanted": 2, "unwritten": 0})
    on = ground(point, DAY, DAY)
    counted = figures(told.posted(on).figures)
    sql = (
        "SELECT count(*) FROM units u WHERE u.code IN ('BDA', 'BDA-1') AND 2 = (SELECT count(DISTINCT p.what) FROM"
        " postings p WHERE p.unit_id = u.id AND p.what IN ('prohibited', 'conditions') AND p.photo IS NOT NULL)"
    )
    assert counted["posting.complete"].value == one(sql) == 1
    assert counted["posting.points"].value == 2 and counted["posting.missing"].refs == (f"point:{on.unit.id}",)
    # It is of now: there is nothing of last Tết to be set beside it.
    assert all(each.of_now for each in counted.values())


def test_figures_of_now_are_not_given_out_as_those_of_the_tet_before(point: ServicePoint) -> None:
    write_conditions(point)
    point.post("prohibited")
    values = drawing._values(ground(point, date(2019, 2, 1), date(2019, 2, 10)))
    assert "incidents.all" in values and not [code for code in values if code.startswith("posting.")]


def test_a_plan_is_that_of_the_season_however_long_it_is_over(point: ServicePoint) -> None:
    assert judged(point, "plan.submitted", "BDA")[1] == "chưa nộp phương án mạng lưới, lao động Tết 2020"
    planning.save(point.night.ids["BDA"], 2020, planning.PlanText(extra_shifts=2), actor=ADMIN, now=point.now)
    planning.submit(point.night.ids["BDA"], 2020, actor=ADMIN, now=point.now)
    assert judged(point, "plan.submitted", "BDA")[0].holds
    point.at(60)  # in March the enterprise plans the next Tết; this letter is about the last one
    assert plans.tet_year(point.now) == 2021
    found, words = judged(point, "plan.submitted", "BDA")
    assert found.holds and words == "đã nộp phương án mạng lưới, lao động Tết 2020"
    assert plans.year_of(date(2019, 12, 20), date(2020, 1, 10)) == 2020  # before Mùng 1 alone
    assert plans.year_of(date(2020, 1, 28), date(2020, 2, 8)) == 2020  # and after it


def test_the_backlog_is_of_the_last_day_that_was_told(point: ServicePoint) -> None:
    with transaction() as session:
        for unit, after, items in (("BDA", 0, 70), ("BDA-1", 0, 5), ("BDA-1", 1, 12), ("BDC", 1, 900)):
            day, saved = DAY + timedelta(days=after), {"saved_at": point.now, "saved_by": "kiểm thử"}
            session.add(Backlog(unit_id=point.night.ids[unit], day=day, items=items, **saved))
    point.at(3)
    part = told.backlog(ground(point, DAY, DAY + timedelta(days=2)))
    [figure] = part.figures
    sql = (
        "SELECT sum(b.items) FROM backlogs b JOIN units u ON u.id = b.unit_id"
        " WHERE u.code IN ('BDA', 'BDA-1') AND b.day = :day"
    )
    assert figure.value == one(sql, day=DAY + timedelta(days=1)) == 12
    assert figure.refs == (f"point:{point.unit_id}",) and "ngày 21/01/2020: 12 bưu gửi" in part.lines[0]
