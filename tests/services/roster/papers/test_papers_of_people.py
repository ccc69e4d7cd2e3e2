"""Papers of units and people: extracts, amendments, phone tree, overtime, hours, checks; who reads which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.clock import local
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from documents import kinds
from duty.duty_checks import services as checks
from duty.duty_checks.services import CheckWanted
from duty.overtime_consent import queries as overtime
from duty.timekeeping import queries as hours
from people import queries as people
from people.links import answering
from people.models import ContactMethod, Person
from roster.campaigns.models import Campaign
from roster.models import Duty
from tests.support import factories, told
from tests.support.cast import ADMIN, NIGHT
from tests.support.published import Published
from tests.support.tet_night import Night

NOW = factories.NOW + timedelta(days=1)
AFTER = datetime(2020, 2, 3, 2, tzinfo=UTC)


@pytest.fixture
def about(roster: Published) -> str:
    return f"campaign:{roster.campaign_id}"


def staff(roster: Published, code: str) -> Actor:
    return Actor("Ai đó", "staff", "session", user_id=5, person_id=roster.person[code], unit_id=roster.unit_id)


def elsewhere() -> Actor:
    """Who manages a unit that has nothing to do with it."""
    unit = people.find_unit("KHAC") or factories.make_unit("KHAC")
    return Actor("Chi", "manager", "session", user_id=6, unit_id=unit.id)


def name(roster: Published, code: str) -> str:
    return db.session.get_one(Person, roster.person[code]).full_name


def test_everybody_takes_their_own_extract_and_managers_those_of_their_people(about: str, roster: Published) -> None:
    mine = told.content(about, "roster.extract_person", now=NOW, actor=staff(roster, "O2"))
    wanted = select(Duty.starts_at).where(Duty.person_id == roster.person["O2"], Duty.cancelled_at.is_(None))
    said = [row["Thứ, ngày dương lịch"].rsplit(" ", 1)[1] for row in told.rows(told.tables(mine)[0])]
    assert said == sorted(f"{local(at):%d/%m/%Y}" for at in db.session.scalars(wanted)) and said
    assert mine.abstract.startswith(name(roster, "O2"))
    with pytest.raises(Invalid) as refused:
        told.content(about, "roster.extract_person", now=NOW, actor=staff(roster, "O2"), person="O1")
    assert refused.value.errors[0].field == "person"
    manager = factories.manager_of(roster.unit_id)
    assert told.content(about, "roster.extract_person", now=NOW, actor=manager, person="O1").unit_id == roster.unit_id
    with pytest.raises(Conflict):
        told.content(about, "roster.extract_person", now=NOW, actor=elsewhere())
    with pytest.raises(Conflict):  # O4 serves no shift: there is nothing to choose but oneself, and that is nothing
        told.content(about, "roster.extract_person", now=NOW, actor=staff(roster, "O4"))


def test_an_extract_is_written_in_english_too(about: str) -> None:
    content = told.content(about, "roster.extract_person", now=NOW, language="en", person="O1")
    first = next(told.rows(told.tables(content)[0]))
    assert any(cell.startswith("Thursday 23/01/2020") for cell in first.values())
    assert any("Operations" in cell for cell in first.values())
    assert "Extract" in content.kind
    with pytest.raises(Invalid):
        told.content(about, "roster.notice", now=NOW, language="en")


def test_an_amendment_tells_the_shifts_that_changed_hands_and_no_others(about: str, roster: Published) -> None:
    with pytest.raises(Conflict) as refused:
        told.content(about, "roster.amendment", now=NOW)
    assert refused.value.code == "documents.nothing"
    roster.reassign("operations", 3, "O4", at=NOW)
    roster.reassign("leadership", 0, "L3", at=NOW + timedelta(hours=1))
    last = told.content(about, "roster.amendment", now=NOW + timedelta(hours=2))
    (row,) = told.rows(told.tables(last)[0])
    assert name(roster, "L1") in row["Thôi trực"] and name(roster, "L3") in row["Trực thay"]
    assert row["Thứ, ngày"].startswith("Thứ Năm 23/01/2020") and "Trực lãnh đạo" in row["Loại trực, đơn vị"]
    both = told.content(about, "roster.amendment", now=NOW + timedelta(hours=2), **{"from": "1"})
    assert len(list(told.rows(told.tables(both)[0]))) == 2


def test_the_phone_tree_is_for_those_who_may_see_numbers(about: str, roster: Published) -> None:
    at = datetime(2020, 1, 22, 23, tzinfo=UTC)
    content = told.content(about, "roster.phone_tree", now=at)
    said = told.digits(told.words(content))
    coming = select(Duty.person_id).where(Duty.starts_at < at + timedelta(hours=72), Duty.ends_at > at)
    phones = select(ContactMethod.address).where(
        ContactMethod.channel == "phone", ContactMethod.person_id.in_(coming.where(Duty.cancelled_at.is_(None)))
    )
    found = list(db.session.scalars(phones))
    assert found and all(each in said for each in found)
    looker = Actor("Dũng", "viewer", "session", user_id=9, unit_id=roster.unit_id)
    with pytest.raises(Forbidden):
        told.content(about, "roster.phone_tree", now=at, actor=looker)
    assert told.content(about, "roster.phone_tree", now=at, language="en").kind == "Phone tree"


def test_overtime_is_signed_for_by_whoever_has_some_and_asked_by_who_answers_for_them(
    about: str, roster: Published
) -> None:
    content = told.content(about, "roster.overtime_consent", now=NOW)
    lines = overtime.asks(roster.campaign_id, now=NOW)
    rows = list(told.rows(told.tables(content)[0]))
    assert len(rows) == len(lines) > 0
    assert not content.signed and "Điều 106 Bộ luật Lao động 2012" in told.words(content)
    one = told.content(about, "roster.overtime_consent", now=NOW, person="O1")
    assert {row["Họ và tên; công việc đang làm"].split("\n")[0] for row in told.rows(told.tables(one)[0])} == {
        name(roster, "O1")
    }
    for actor in (staff(roster, "O1"), elsewhere()):
        with pytest.raises(Forbidden):
            told.content(about, "roster.overtime_consent", now=NOW, actor=actor)
    with pytest.raises(Conflict):
        told.content(about, "roster.overtime_consent", now=AFTER)


def test_hours_of_a_month_are_those_of_its_page(about: str, roster: Published) -> None:
    with pytest.raises(Conflict):
        told.content(about, "roster.duty_hours", now=NOW)
    content = told.content(about, "roster.duty_hours", now=AFTER, actor=factories.manager_of(roster.unit_id))
    *rows, _total = told.rows(told.tables(content)[0])
    campaign = db.session.get_one(Campaign, roster.campaign_id)
    asked = [db.session.get_one(Person, roster.person[row["Mã"]]) for row in rows]
    served = hours.hours_for_people(campaign, asked, now=AFTER)
    for row, person in zip(rows, asked, strict=True):
        sums = served[person.id].sums
        assert float(row["Giờ tại chỗ"].replace(",", ".")) == sums.on_site / 60
        assert float(row["Giờ quy đổi"].replace(",", ".")) == round(sums.worth / 6000, 2)
    assert {row["Mã"] for row in rows} == {"O1", "O2", "O3"}, "who serves at home has no hours on site"
    assert content.needs == ("hours.read",) and told.tables(content)[0].columns[-1].title == "Ký nhận"
    for actor in (staff(roster, "O1"), elsewhere()):
        with pytest.raises(Forbidden):
            told.content(about, "roster.duty_hours", now=AFTER, actor=actor)
    assert "Duty hours" in told.content(about, "roster.duty_hours", now=AFTER, language="en").kind


def test_the_result_of_a_check_is_told_when_it_is_over_to_those_who_see_it(night: Night) -> None:
    with clock.travel(NIGHT):
        check = checks.start(
            CheckWanted([night.ids["BDA"]], note="Đêm Mùng 1", minutes=5, second_yes=True),
            actor=night.actor("AN1", "manager"),
            now=NIGHT,
        )
        checks.answer(check.id, person="BI1", note="gọi máy bàn", actor=night.actor("AN1", "manager"), now=NIGHT)
        given = answering.as_slip(replace(night.actor("AN1", "staff"), via="link"), ("Hồ Sếp", "user:9"))
        checks.answer(check.id, actor=given, now=NIGHT)
    about, after = f"duty-check:{check.id}", NIGHT + timedelta(minutes=10)
    with pytest.raises(Conflict) as refused:
        told.content(about, "roster.duty_check", now=NIGHT)
    assert refused.value.code == "documents.nothing"
    manager = night.actor("AN1", "manager")
    content = told.content(about, "roster.duty_check", now=after, actor=manager)
    found = {row["Họ và tên"]: row["Trả lời lúc"] for row in told.rows(told.tables(content)[0])}
    assert found["Trần Thị Bình"] == "02:10" and found["Rơ Châm Em"] == "chưa", "nobody could ask her"
    ways = [row["Cách trả lời, ghi chú"] for row in told.rows(told.tables(content)[0])]
    assert "địa chỉ do Hồ Sếp thêm" in ways, "it was no slip that anybody printed"
    assert (content.kind, content.unit_id) == ("Thông báo", night.ids["BDT"])
    record = told.content(about, "roster.duty_check_record", now=after, actor=manager)
    assert record.kind == "Biên bản" and not record.signed and "Nguyễn Văn An" in told.words(record)
    for actor in (night.actor("CH1", "manager", "BDC"), night.actor("EM1", "staff")):
        with pytest.raises(Forbidden):
            told.content(about, "roster.duty_check", now=after, actor=actor)
        assert kinds.visible([about], actor, after) == set()
    assert kinds.visible([about, "duty-check:99", "campaign:1"], manager, after) == {about, "campaign:1"}
    with pytest.raises(NotFound):
        told.content("duty-check:99", "roster.duty_check", now=after)


def test_what_is_offered_depends_on_what_is_published_and_on_rights(about: str, roster: Published) -> None:
    def offered(actor: Actor, now: datetime = NOW) -> set[str]:
        _name, unit_id = kinds.sort_of(about).owner(about, actor, now)
        return {kind.code for kind in kinds.offered(about, unit_id, actor, now)}

    own = {"roster.notice", "roster.extract_unit", "roster.extract_person", "roster.phone_tree"}
    assert offered(staff(roster, "O1")) == own
    assert offered(factories.manager_of(roster.unit_id)) == own | {"roster.overtime_consent", "roster.duty_hours"}
    assert offered(elsewhere()) == own
    roster.reassign("operations", 3, "O4", at=NOW)
    assert "roster.amendment" in offered(ADMIN)


def test_every_unit_and_person_that_is_offered_can_be_made(about: str, roster: Published) -> None:
    for code in ("roster.extract_unit", "roster.extract_person"):
        (option,) = kinds.one(about, code).options(about, ADMIN, NOW)
        assert option.each and option.choices
        for choice in option.choices:
            try:
                told.content(about, code, now=NOW, **{option.code: choice.code})
            except DomainError as fault:
                pytest.fail(f"{choice.code}: {fault.message()}")
