"""The meeting before Tết: who carried what through the years, whose turn Giao thừa is, and what is put right."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import Conflict, Forbidden
from core.models import AuditEntry
from people import queries as people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from roster.fairness import correcting, ledgers, years
from roster.fairness.models import LedgerEntry
from roster.fairness.years import Year
from roster.snapshot import snapshot
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

EVENING = factories.NOW + timedelta(hours=2)
NONE = Year(0, 0, 0, 0)


@pytest.fixture(autouse=True)
def _evening(roster: Published) -> Iterator[None]:
    """O1 stood Giao thừa of 2017, O2 that of 2019, O3 none but carried more than O4, of whom nothing is known."""
    told = (("O1", 2017, 3000, 1), ("O2", 2018, 1000, 0), ("O2", 2019, 3500, 1), ("O3", 2019, 2000, 0))
    db.session.add_all(
        LedgerEntry(person_id=roster.person[code], tet_year=year, points=points, giao_thua=stood)
        for code, year, points, stood in told
    )
    db.session.commit()
    with clock.travel(EVENING):
        yield


def text(response: Any) -> str:
    return " ".join(html.unescape(response.text).split())


def sign_in(client: Any, login: str, role: str, person: str | None = None, unit: str | None = "TINH") -> None:
    account = accounts.create_user(
        NewAccount(login, "Lan", role, unit_code=unit, person_code=person), now=EVENING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, login)


def years_of(code: str) -> dict[int, Year]:
    person_id = people.person_by_code(code).id
    return years.years_of_people([person_id]).get(person_id, {})


def turns(duty: str = "operations") -> list[str]:
    sheet = years.sheet(ledgers.group(people.unit_by_code("TINH"), duty))
    return [people.person_by_id(each.person_id).code for each in sheet.turns]


def fix(code: str, year: int, change: Year, reason: str = "đổi ca với chị Lan") -> LedgerEntry:
    return correcting.correct(code, year, change, reason, actor=factories.ADMIN, now=EVENING)


def test_who_never_stood_giao_thua_comes_first_and_the_lighter_before_the_heavier(roster: Published) -> None:
    assert turns() == ["O4", "O3", "O1", "O2"]


def test_the_page_shows_each_year_of_each_person_and_a_dot_for_it(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    page = client.get("/roster/ledger?duty=operations")
    said = text(page)
    assert page.text.count("<circle ") == 4 and 'class="band"' in page.text
    assert "trực Giao thừa gần nhất: Tết 2017" in said and "chưa trực Giao thừa Tết nào trong sổ" in said
    names = [people.person_by_code(code).full_name for code in turns()]
    listed = said[said.index("Đến lượt ai trực Giao thừa") :]
    assert [listed.index(name) for name in names] == sorted(listed.index(name) for name in names)
    assert "/roster/ledger" in client.get("/roster/").text
    assert client.get("/roster/ledger?unit=KHONG-CO").status_code == 404
    client.post("/language", data={"language": "en"})
    assert "Whose turn Giao thừa is" in text(client.get("/roster/ledger?duty=operations"))


def test_a_correction_is_a_further_entry_with_its_reason_and_moves_the_turn(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    form = {"person": "O2", "tet_year": "2019", "points": "−35", "giao_thua": "-1", "reason": "chị Hoa trực thay"}
    assert client.post("/roster/ledger/corrections", data=form).status_code == 303
    assert years_of("O2")[2019] == NONE and len(db.session.scalars(select(LedgerEntry)).all()) == 5
    assert turns() == ["O4", "O2", "O3", "O1"]
    said = text(client.get("/roster/ledger"))
    assert "“chị Hoa trực thay” · Lan ghi lúc" in said and "−35,0 điểm" in said
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "ledger.correct")).one()
    assert (entry.detail["person"], entry.detail["year"], entry.detail["points"]) == ("O2", 2019, -3500)


def test_a_form_that_is_sent_twice_corrects_once(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    once = re.search(r'name="once" value="([^"]+)"', client.get("/roster/ledger").text)
    assert once is not None
    form = {"person": "O2", "tet_year": "2019", "points": "5", "reason": "chị Hoa trực thay", "once": once[1]}
    before = years_of("O2")[2019].points
    for _time in range(2):
        assert client.post("/roster/ledger/corrections", data=form).status_code == 303
    assert years_of("O2")[2019].points == before + 500
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "ledger.correct")).all()) == 1
    assert client.post("/roster/ledger/corrections", data=form | {"once": ""}).status_code == 303
    assert years_of("O2")[2019].points == before + 1000, "another form is another correction"


def test_planning_reads_the_corrected_ledger(roster: Published) -> None:
    def staff(code: str) -> Any:
        return snapshot.take(roster.campaign_id, now=EVENING).problem.person[roster.person[code]]

    assert staff("O2").history_points == 4500 and staff("O2").last_giao_thua
    fix("O2", 2019, Year(-3500, -1, 0, 0))
    assert staff("O2").history_points == 1000 and not staff("O2").last_giao_thua


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": " "}, "Ghi lý do điều chỉnh"),
        ({"points": "0"}, "Ghi ít nhất một số khác 0"),
        ({"points": "mười"}, "Ghi một số"),
        ({"points": "nan"}, "Ghi một số"),
        ({"nights": "1,5"}, "Ghi một số"),
        ({"points": "5000"}, "quá lớn"),
        ({"tet_year": "1975"}, "Năm Tết từ 2000"),
        ({"tet_year": "2050"}, "Năm Tết từ 2000"),
        ({"points": "-31"}, "còn dưới 0"),
        ({"person": "KHONG-CO"}, "KHONG-CO"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(
    roster: Published, client: Any, change: dict[str, str], code: str
) -> None:
    sign_in(client, "bdt", "manager")
    form = {"person": "O1", "tet_year": "2017", "points": "-3,5", "reason": "ghi nhầm"} | change
    refused = client.post("/roster/ledger/corrections", data=form)
    assert refused.status_code in (404, 409, 422) and code in refused.text
    assert f'value="{form["tet_year"]}"' in refused.text
    assert years_of("O1")[2017].points == 3000


def test_nobody_corrects_their_own_nor_those_of_another_unit(roster: Published, client: Any) -> None:
    factories.make_unit("KHAC", name="Bưu điện khác")
    sign_in(client, "o1", "manager", "O1")
    own = client.post(
        "/roster/ledger/corrections", data={"person": "O1", "tet_year": "2017", "points": "-5", "reason": "nhầm"}
    )
    assert own.status_code == 409 and "Không tự điều chỉnh sổ của mình" in own.text
    client.post("/logout")
    sign_in(client, "khac", "manager", unit="KHAC")
    other = {"person": "O1", "tet_year": "2017", "points": "-5", "reason": "nhầm"}
    assert client.post("/roster/ledger/corrections", data=other).status_code == 403
    assert "Ghi điều chỉnh" not in client.get("/roster/ledger?unit=TINH").text
    staff = keys.create_api_key(keys.NewApiKey("của O3", "staff", None, "O3"), now=EVENING, actor=factories.ADMIN)[1]
    refused = client.post(
        "/api/v1/ledger/corrections",
        json={"person": "O1", "tet_year": 2017, "points": 1, "reason": "x"},
        headers={"Authorization": f"Bearer {staff}"},
    )
    assert refused.status_code == 403 and years_of("O1")[2017].points == 3000


def test_files_are_whole_for_who_plans_and_ones_own_for_others(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    listed = list(csv.DictReader(io.StringIO(client.get("/roster/ledger.csv").data.decode("utf-8-sig"))))
    assert [(row["person_code"], row["tet_year"], row["points"]) for row in listed if row["person_code"] == "O2"] == [
        ("O2", "2018", "10.0"),
        ("O2", "2019", "35.0"),
    ]
    book = load_workbook(io.BytesIO(client.get("/roster/ledger.xlsx").data)).active
    assert book is not None and book.max_row == len(listed) + 1
    client.post("/logout")
    sign_in(client, "o3", "staff", "O3")
    own = list(csv.DictReader(io.StringIO(client.get("/roster/ledger.csv").data.decode("utf-8-sig"))))
    assert {row["person_code"] for row in own} == {"O3"}
    assert client.get("/roster/ledger.pdf").status_code == 404
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "ledger.download")).all()) == 3


def test_by_the_api_the_same_and_a_repeated_call_corrects_once(roster: Published, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("máy", "admin"), now=EVENING, actor=factories.ADMIN)[1]
    head = {"Authorization": f"Bearer {key}", "Idempotency-Key": "mot-lan"}
    body = {"person": "O1", "tet_year": 2017, "points": -10.5, "nights": 1, "reason": "thiếu một đêm"}
    for _again in range(2):
        made = client.post("/api/v1/ledger/corrections", json=body, headers=head)
        assert made.status_code == 201, made.json
    found = client.get("/api/v1/ledger?unit=TINH&duty=operations", headers=head).json
    assert [each["person"] for each in found["turns"]][:2] == ["O4", "O3"]
    [mine] = [each for each in found["items"] if each["person_code"] == "O1"]
    assert (mine["points"], mine["nights"]) == (19.5, 1)
    assert [each["reason"] for each in found["corrections"]] == ["thiếu một đêm"]
    of_2017 = client.get("/api/v1/ledger?unit=TINH&year=2017", headers=head).json
    assert {each["tet_year"] for each in of_2017["items"]} == {2017}
    assert [each["last"] for each in of_2017["turns"] if each["person"] == "O2"] == [None], "2019 is not known yet"
    wrong = client.post(
        "/api/v1/ledger/corrections", json=body | {"points": -500}, headers={"Authorization": f"Bearer {key}"}
    )
    assert (wrong.status_code, wrong.json["code"]) == (409, "ledger.below_zero")


@pytest.mark.both_dbs("two corrections of one person wait for each other")
def test_two_corrections_at_once_never_leave_less_than_nothing(roster: Published, app: Flask) -> None:
    refused: list[str] = []

    def take(_number: int) -> None:
        try:
            fix("O1", 2017, Year(-2000, 0, 0, 0))
        except Conflict as fault:
            refused.append(fault.code)

    in_parallel(app, 2, take)
    db.session.expire_all()
    assert refused == ["ledger.below_zero"] and years_of("O1")[2017].points == 1000


def test_services_refuse_whoever_asks_them_directly(roster: Published) -> None:
    staff = replace(factories.ADMIN, role="staff", person_id=roster.person["O3"], unit_id=roster.unit_id)
    with pytest.raises(Forbidden):
        correcting.correct("O1", 2017, Year(100, 0, 0, 0), "x", actor=staff, now=EVENING)
    own = replace(factories.ADMIN, person_id=roster.person["O1"])
    with pytest.raises(Conflict):
        correcting.correct("O1", 2017, Year(100, 0, 0, 0), "x", actor=own, now=EVENING)
