"""The published roster as a paper: who serves when, held against the duties; numbers only where they belong."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.clock import local
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from people.models import ContactMethod, Person, Unit
from roster.draft import services as drafts
from roster.models import Duty
from roster.papers import by_days
from roster.resolver.models import DeskPhone
from roster.revisions import withdrawing
from tests.support import factories, told
from tests.support.cast import ADMIN
from tests.support.published import Published

NOW = factories.NOW + timedelta(days=1)
DESK = "02693000991"
KINDS = {"leadership": "Trực lãnh đạo", "operations": "Trực điều hành", "emergency": "Trực ứng cứu thông tin"}


@pytest.fixture
def about(roster: Published) -> str:
    with transaction() as session:
        session.add(DeskPhone(unit_id=roster.unit_id, duty="operations", phone=DESK))
        session.add(ContactMethod(person_id=roster.person["O1"], channel="phone", address="0912345678", position=9))
    return f"campaign:{roster.campaign_id}"


def notice(about: str, **asked: Any) -> Any:
    return told.content(about, "roster.notice", **{"now": NOW, **asked})


def serving() -> list[tuple[str, str, str]]:
    """(local date, kind, name) of each duty, from the database alone."""
    found = db.session.execute(
        select(Duty.starts_at, Duty.duty, Person.full_name)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.cancelled_at.is_(None))
    )
    return [(f"{local(at):%d/%m/%Y}", KINDS[duty], name) for at, duty, name in found]


def numbers() -> set[str]:
    """Every telephone number of a person, the last nine digits."""
    wanted = select(ContactMethod.address).where(ContactMethod.channel == "phone")
    return {"".join(filter(str.isdigit, each))[-9:] for each in db.session.scalars(wanted)}


@pytest.mark.parametrize("copy", ["authority", "wall", "internal"])
def test_by_days_it_names_each_duty_once_and_nobody_else(about: str, copy: str) -> None:
    table = told.tables(notice(about, copy=copy, layout="days"))[0]
    names = {name for _day, _kind, name in serving()}
    said = Counter[tuple[str, str, str]]()
    seen = set[tuple[str, str]]()
    for row in told.rows(table):
        day = row["Thứ, ngày dương lịch"].rsplit(" ", 1)[1]
        for kind in KINDS.values():
            cell = row[kind]
            if (day + kind, cell) in seen and "\n" in cell:
                continue  # a cell that reaches down over the day
            seen.add((day + kind, cell))
            said.update((day, kind, name) for name in names for _ in range(cell.count(name)))
    assert sorted(said.elements()) == sorted(serving())
    eve = next(row for row in told.rows(table) if "24/01/2020" in row["Thứ, ngày dương lịch"])
    assert (eve["Ngày âm lịch"], eve["Ghi chú"]) == ("30 tháng Chạp", "Giao thừa; Lễ, Tết")


def test_by_people_each_has_as_many_shifts_as_duties(about: str) -> None:
    table, key, *_rest = told.tables(notice(about, copy="internal", layout="people"))
    counted = Counter(name for _day, _kind, name in serving())
    rows = list(told.rows(table))
    assert {row["Họ và tên"]: int(row["Số ca"]) for row in rows} == counted
    codes = {code for row in rows for title, cell in row.items() if title[0] in "TC" for code in cell.split()}
    explained = {cell.text for row in key.rows for cell in row[::2]} - {""}
    assert codes - {"Nhân", "viên"} == explained and len(explained) == 6


def test_the_copy_for_the_wall_has_the_desk_and_nobodys_own_number(about: str) -> None:
    for layout in ("days", "people"):
        said = told.digits(told.words(notice(about, copy="wall", layout=layout)))
        assert DESK in said
        assert not [each for each in numbers() if each in said]


def test_the_copy_for_the_authority_has_everybodys_first_number_and_who_may_see_them_reads_it(about: str) -> None:
    for layout in ("days", "people"):
        content = notice(about, copy="authority", layout=layout)
        said = told.digits(told.words(content))
        wanted = select(ContactMethod.address).where(ContactMethod.channel == "phone", ContactMethod.position < 9)
        found = list(db.session.scalars(wanted.where(ContactMethod.person_id.in_(holders()))))
        assert len(found) == len(holders()) and all(each in said for each in found)
        assert "912345678" not in said, "a second address of O1"
        assert content.needs == ("person.contact",)
    looker = Actor("Dũng", "viewer", "session", user_id=9, unit_id=content.unit_id)
    with pytest.raises(Forbidden):
        notice(about, copy="authority", actor=looker)
    assert notice(about, copy="wall", actor=looker).needs == ()


def holders() -> list[int]:
    return list(db.session.scalars(select(Duty.person_id).where(Duty.cancelled_at.is_(None)).distinct()))


def test_a_notice_and_a_decision_say_from_when_to_when_and_which_revision(about: str) -> None:
    content = notice(about, form="notice")
    said = told.words(content.blocks)
    assert (content.kind, content.symbol, content.abstract) == (
        "Thông báo",
        "TB",
        "Lịch trực Tết Nguyên đán Canh Tý năm 2020",
    )
    assert "từ Thứ Năm, 23/01/2020 (29 tháng Chạp) đến hết Thứ Bảy, 25/01/2020 (Mùng 1 tháng Giêng)" in said
    assert "bản số 1, ban hành lúc 09:00 10/01/2020" in said
    assert f"{len(serving())} ca trực của {len(holders())} người" in said
    assert "0269 3000 991" in said and said.count("./.") == 1 and _last(content).endswith("./.")
    decision = notice(about, form="decision")
    articles = told.words(decision.blocks)
    assert (decision.kind, decision.symbol) == ("Quyết định", "QĐ")
    assert all(f"Điều {number}. " in articles for number in range(1, 5)) and "QUYẾT ĐỊNH:" in articles
    assert articles.count("./.") == 1 and _last(decision).endswith("./.")
    assert content.appendices[0].landscape and decision.appendices[0].landscape


def _last(content: Any) -> str:
    return "".join(run.text for run in content.blocks[-1].runs)


def test_what_is_not_published_is_not_told(about: str, roster: Published) -> None:
    shift = roster.shifts("operations")[3]
    drafts.set_people(shift, ["O4"], override_reason="Đổi ca", actor=ADMIN, now=NOW)
    assert factories.db.session.get_one(Person, roster.person["O4"]).full_name not in told.words(notice(about))
    unit = factories.make_unit("KHAC")
    factories.make_demand(unit)
    fresh = factories.make_campaign(unit, now=NOW)
    with pytest.raises(Conflict) as refused:
        notice(f"campaign:{fresh.id}")
    assert refused.value.code == "documents.nothing"
    for unknown in ("campaign:999", "campaign:x", "campaign:-1"):
        with pytest.raises(NotFound):
            notice(unknown)


def test_a_withdrawn_roster_is_told_no_more(about: str, roster: Published) -> None:
    withdrawing.withdraw(roster.campaign_id, reason="Nhầm", actor=ADMIN, now=NOW)
    for kind in ("roster.notice", "roster.extract_unit", "roster.extract_person", "roster.amendment"):
        with pytest.raises(Conflict) as refused:
            told.content(about, kind, now=NOW)
        assert "thu hồi" in refused.value.message() or kind != "roster.notice"


def test_a_unit_that_was_renamed_is_called_as_it_was_when_the_list_was_signed(about: str, roster: Published) -> None:
    with transaction() as session:
        session.get_one(Unit, roster.unit_id).name = "Bưu điện khu vực mới"
        session.get_one(Person, roster.person["O1"]).active = False
    content = told.content(about, "roster.extract_unit", now=NOW)
    assert content.abstract.startswith("Bưu điện khu vực mới\n")
    name = db.session.get_one(Person, roster.person["O1"]).full_name
    assert name in told.words(content), "what was signed names them still"


def test_of_a_unit_it_tells_what_is_below_it_alone(about: str, roster: Published) -> None:
    content = notice(about, unit="TINH")
    assert content.unit_id == roster.unit_id
    with pytest.raises(Invalid) as refused:
        notice(about, unit="KHONG-CO")
    assert refused.value.errors[0].field == "unit"


def test_by_days_of_a_province_is_refused_with_what_to_choose_instead(
    about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_days, "MOST", 17)
    with pytest.raises(Invalid) as refused:
        notice(about, layout="days")
    assert refused.value.errors[0].field == "layout" and "17" in refused.value.message()
    assert told.tables(notice(about, layout="people"))


def test_names_that_look_like_formulas_are_words(about: str, roster: Published) -> None:
    with transaction() as session:
        session.get_one(Person, roster.person["O4"]).full_name = '=HYPERLINK("x") #link("y") <&>'
    roster.reassign("operations", 2, "O4", at=NOW)
    assert '=HYPERLINK("x") #link("y") <&>' in told.words(notice(about, now=NOW + timedelta(hours=1)))


def test_the_day_on_which_it_is_made_does_not_change_what_it_tells(about: str) -> None:
    assert notice(about, now=datetime(2020, 3, 1, tzinfo=UTC)) == notice(about)
