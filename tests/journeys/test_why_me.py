"""Somebody on the night asks why it is them, from the page of their link and from Ca của tôi.

Three days of Tết Canh Tý. O1, O2 and O3 take turns at operations, O4 has no shift; O3 stood at Giao thừa of 2018.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from core.i18n import points
from people import queries as people
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.links import services as links
from people.models import Absence
from roster.fairness.models import LedgerEntry
from roster.models import Duty, Shift
from roster.why_me import queries
from tests.support import enterprise, factories
from tests.support.own_links import own_path
from tests.support.published import Published

EVENING = factories.NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _evening(roster: Published) -> Iterator[None]:
    with clock.travel(EVENING):
        yield


def link_of(code: str, known: bool = True) -> str:
    path = own_path(code, now=EVENING)
    if known:
        links.is_me(links.visit(path.rpartition("/")[2], ""), "Chrome", now=EVENING)
    return path


def first_shift(roster: Published, code: str) -> int:
    mine = select(Duty.shift_id).where(Duty.person_id == roster.person[code]).order_by(Duty.starts_at)
    return db.session.scalars(mine).first() or 0


def text(response: Any) -> str:
    return " ".join(html.unescape(response.text).split())


def test_by_the_link_it_says_what_i_carry_beside_my_group_and_leads_there(roster: Published, client: Any) -> None:
    path = link_of("O1", known=False)
    assert f"{path}/why" in client.get(path).text
    page = text(client.get(f"{path}/why"))
    assert "Đồng chí trực 2 ca" in page and "Cả nhóm" in page and "4 người" in page
    assert client.get(f"{path}/why").headers["Cache-Control"] == "no-store"


def test_the_group_is_those_who_may_take_the_duty_and_numbers_are_those_of_the_roster(roster: Published) -> None:
    [plan] = queries.filter_for_person(people.person_by_code("O1"), now=EVENING).plans
    duties = db.session.scalars(select(Duty).where(Duty.duty == "operations")).all()
    mine = sum(each.shift.points for each in duties if each.person_id == roster.person["O1"])
    whole = sum(each.shift.points for each in duties)
    shown = points(mine), points(round(whole / 4))
    assert f"Đồng chí trực 2 ca, {shown[0]} điểm" in plan.load[0]
    assert f"4 người, trung bình {shown[1]} điểm, từ 0" in plan.load[1]


def test_the_last_giao_thua_is_read_from_the_ledger_of_all_years(roster: Published) -> None:
    o1, o3 = people.person_by_code("O1"), people.person_by_code("O3")
    assert "Sổ chưa có Tết nào" in queries.filter_for_person(o1, now=EVENING).plans[0].load[-1]
    db.session.add_all(
        [
            LedgerEntry(person_id=o3.id, tet_year=2016, points=3000, giao_thua=1),
            LedgerEntry(person_id=o3.id, tet_year=2018, points=3000, giao_thua=1),
            # Somebody else had swapped with them: the correction takes it away again.
            LedgerEntry(person_id=o3.id, tet_year=2019, points=3000, giao_thua=1),
            LedgerEntry(person_id=o3.id, tet_year=2019, points=-3000, giao_thua=-1, source="correction/1"),
        ]
    )
    db.session.commit()
    assert queries.filter_for_person(o3, now=EVENING).plans[0].load[-1].endswith("là Tết 2018.")
    assert (
        "Sổ không ghi đồng chí trực Giao thừa Tết nào từ 2016."
        in queries.filter_for_person(o1, now=EVENING).plans[0].load[-1]
    )


def test_who_else_could_have_and_why_not_names_nobody_for_a_private_reason(roster: Published, client: Any) -> None:
    shift, o4 = first_shift(roster, "O1"), people.person_by_code("O4")
    path = link_of("O1")
    assert client.post(path, data={"do": "me"}).status_code == 303
    before = text(client.get(f"{path}/why?shift={shift}"))
    assert "2 người còn lại: trực được, hoặc không vì lý do riêng" in before and o4.full_name not in before
    day = clock.local_date(db.session.get_one(Shift, shift).starts_at)
    db.session.add(
        Absence(
            person_id=o4.id, from_on=day, to_on=day + timedelta(days=5), kind="sick", note="mổ", recorded_at=EVENING
        )
    )
    db.session.commit()
    after = text(client.get(f"{path}/why?shift={shift}"))
    assert after == before, "whoever looks before and after somebody falls ill learns nothing"
    # Who serves right before or after is on the roster for all to read, and so is named.
    assert people.person_by_code("O2").full_name in after


def test_of_a_shift_of_somebody_else_nothing_is_said(roster: Published, client: Any) -> None:
    found = queries.filter_for_person(people.person_by_code("O1"), first_shift(roster, "O2"), now=EVENING)
    assert found.shift_id is None and not found.others


def test_a_wrong_link_and_a_browser_that_nobody_vouched_for_see_nothing(
    roster: Published, client: Any, new_client: Any
) -> None:
    assert client.get("/p/me/khong-co/why").status_code == 404
    path = link_of("O1", known=False)
    client.post(path, data={"do": "me"})
    other = new_client().get(f"{path}/why")
    assert other.status_code == 303 and other.headers["Location"].endswith(path)
    links.end_all(people.person_by_code("O1"), actor=factories.ADMIN, now=EVENING)
    assert client.get(f"{path}/why").status_code == 410


def test_signed_in_it_is_the_same_page_in_both_languages(roster: Published, client: Any) -> None:
    account = accounts.create_user(
        NewAccount("o1", "O1", "staff", unit_code="TINH", person_code="O1"), now=EVENING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "o1")
    assert "/me/why" in client.get("/me/").text
    assert "Đồng chí trực 2 ca" in text(client.get("/me/why"))
    own = text(client.get(f"/roster/shifts/{first_shift(roster, 'O1')}/why?person=O1"))
    assert "Đồng chí trực 2 ca" in own, "from the shift itself too"
    client.post("/language", data={"language": "en"})
    assert "You serve 2 shifts" in text(client.get("/me/why"))


def test_an_account_of_nobody_is_sent_to_its_own_page(roster: Published, client: Any) -> None:
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=EVENING, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    assert client.get("/me/why").headers["Location"] == "/me/"
    other = text(client.get(f"/roster/shifts/{first_shift(roster, 'O1')}/why?person=O1"))
    assert f"{people.person_by_code('O1').full_name} trực 2 ca" in other and "Đồng chí trực" not in other


def test_whose_shifts_are_over_has_nothing_to_ask(roster: Published) -> None:
    later = EVENING + timedelta(days=60)
    assert queries.filter_for_person(people.person_by_code("O1"), now=later).plans == []
    assert not queries.has_any(people.person_by_code("O1"), later)
