"""Units × days in the browser's answers: when it opens, what it shows to whom, how it folds, filters and finds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from turbohtml import parse

from core import clock
from core.db import transaction
from people import queries as people
from people.models import Absence, Person, Unit, UnitHead
from roster.by_unit import rows, views
from roster.campaigns.models import Campaign
from roster.models import Duty, Shift
from roster.sources.models import Demand
from tests.support import factories
from tests.support.desk_pages import text_of
from tests.support.districts import NOW, Districts
from tests.support.enterprise import sign_in

EVE = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
def made(db: Any) -> Districts:
    return Districts()


def see(client: FlaskClient, made: Districts, query: str = "?view=units", *, part: str = "") -> str:
    headers = {"HX-Request": "true"} if part else {}
    with clock.travel(EVE):
        answer = client.get(f"/roster/campaigns/{made.campaign_id}{part}{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def lines(page: str, *, hidden: bool = False) -> dict[str, str]:
    """Key → accessible name of each row that is seen."""
    found = parse(page).select("[role=treegrid] tbody tr[data-key]")
    seen = [row for row in found if hidden or not row.matches("[hidden]")]
    return {str(row.attr("data-key")): str(row.attr("aria-label")) for row in seen}


def fall_ill(code: str, on: date) -> None:
    with transaction() as session:
        session.add(Absence(person_id=people.person_by_code(code).id, from_on=on, to_on=on, kind="sick"))


def test_a_campaign_of_many_opens_with_its_units_unless_another_view_is_asked_for(
    made: Districts, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "qt1")
    assert "treegrid" not in see(client, made, "")
    monkeypatch.setattr(views, "MANY", 10)
    assert "treegrid" in see(client, made, "")
    for other in ("?view=people", "?view=days", "?view=duties", "?unit=BDA", "?duty=operations", "?page=2"):
        page = see(client, made, other)
        assert "treegrid" not in page
        assert "Theo đơn vị" in page, "and the way there is beside the others"
    monkeypatch.setattr(views, "MANY", 100)
    assert "treegrid" not in see(client, made, "")


def test_a_row_says_in_words_all_that_its_cells_draw(made: Districts, client: FlaskClient) -> None:
    made.put("A", 2)
    fall_ill("C1", date(2020, 1, 23))
    sign_in(client, "qt1")
    found = lines(see(client, made))
    assert list(found) == ["BDA", "BDC"], "those who lack somebody before those who are not sure"
    assert found["BDA"] == (
        "Bưu điện huyện A, Bản 1, dự thảo khác 1 ca, thiếu 1, chưa xác nhận 2, 0 trên 5 lượt đã xác nhận; "
        "23/01 chưa xác nhận 2; 24/01 thiếu 1"
    )
    assert "23/01 không chắc 1" in found["BDC"]
    cells = parse(see(client, made)).select("tr[data-key=BDC] td[aria-label]")
    assert [cell.attr("aria-label") for cell in cells][0] == "không chắc 1, chưa xác nhận 2"


def test_the_cell_turns_as_soon_as_somebody_is_ill(made: Districts, client: FlaskClient) -> None:
    sign_in(client, "qt1")
    assert "không chắc" not in " ".join(lines(see(client, made)).values())
    fall_ill("A1", date(2020, 1, 23))
    assert "không chắc 1" in lines(see(client, made))["BDA"]
    assert "−" not in lines(see(client, made))["BDA"], "nobody is missing: somebody may not come"


def test_whoever_may_not_see_the_draft_sees_what_is_published(made: Districts, client: FlaskClient) -> None:
    made.put("A", 2)
    sign_in(client, "bi1")
    for query in ("?view=units", "?view=units&source=draft"):
        found = lines(see(client, made, query), hidden=True)
        assert "thiếu" not in found["BDA"] and "dự thảo" not in found["BDA"]
    beside = text_of(see(client, made, "?source=draft", part="/units/BDA"))
    assert "thiếu" not in beside and "dự thảo" not in beside and "Ban hành" not in beside
    assert "source=draft" not in see(client, made)


@pytest.mark.parametrize(("who", "offered"), [("qt1", "AC"), ("an1", "A"), ("bi1", "")])
def test_what_is_empty_is_offered_to_the_engine_by_whoever_may(
    made: Districts, client: FlaskClient, who: str, offered: str
) -> None:
    made.put("A", 2)
    made.put("C", 2)
    sign_in(client, who)
    shown = {letter: see(client, made, "", part=f"/units/BD{letter}") for letter in "AC"}
    assert "".join(letter for letter, page in shown.items() if "Để máy xếp riêng" in page) == offered
    if who == "qt1":
        made.put("C", 2, "C1")
        assert "Để máy xếp riêng" not in see(client, made, "", part="/units/BDC"), "nobody is missing"


def test_a_district_manager_edits_and_publishes_only_the_own_units_from_here(
    made: Districts, client: FlaskClient
) -> None:
    made.put("A", 2)
    with transaction() as session:
        session.execute(update(Duty).where(Duty.seat_id == made.seat("C", 2)).values(cancelled_at=NOW))
    sign_in(client, "an1")
    own, other = (see(client, made, "?source=published", part=f"/units/{code}") for code in ("BDA", "BDC"))
    assert "Ban hành riêng" in own and "Ban hành riêng" not in other
    assert "Xem ca" in other and "Chọn người" not in other
    assert "Chọn người" in see(client, made, "?source=draft", part="/units/BDA")


def test_the_part_beside_has_one_button_for_each_trouble(made: Districts, client: FlaskClient) -> None:
    made.put("A", 2)
    fall_ill("A1", date(2020, 1, 23))
    sign_in(client, "qt1")
    page = see(client, made, "?source=draft", part="/units/BDA")
    tree = parse(f"<!doctype html><title>x</title><main>{page}</main>")
    buttons = {str(each.text).strip(): str(each.attr("href")) for each in tree.select(".bu-todo a")}
    assert buttons == {
        "Chọn người": f"/roster/shifts/{made.shift('A', 2)}",
        "Người thay": f"/roster/shifts/{made.shift('A', 0)}/covers?for=A1",
        "Xem và nhắc": f"/roster/campaigns/{made.campaign_id}/confirmations",
    }
    said = text_of(page)
    assert "Trực A1: vắng ngày 23/01" in said and "6 người" in said
    assert f"/roster/campaigns/{made.campaign_id}?view=people&amp;unit=BDA&amp;source=draft" in page


def test_the_holder_of_a_list_is_rung_where_the_reader_may_see_the_number(made: Districts, client: FlaskClient) -> None:
    sign_in(client, "an1")
    assert 'href="tel:0900000101"' in see(client, made, "", part="/units/BDA")
    chi = see(client, made, "", part="/units/BDC")
    assert "Phạm Thị Chi" in chi and "tel:" not in chi
    with transaction() as session:
        session.get_one(Person, made.ids["AN1"]).active = True
        session.merge(UnitHead(unit_id=made.ids["BDT"], person_id=made.ids["QT1"]))
        people.unit_by_code("BDC").phone = "02693824111"
    assert 'href="tel:02693824111"' in see(client, made, "", part="/units/BDC"), "that of the office is everybody's"


def test_beside_a_row_that_is_not_there_stands_nothing(made: Districts, client: FlaskClient) -> None:
    sign_in(client, "qt1")
    for key in ("XX", "BDA-1"):
        assert client.get(f"/roster/campaigns/{made.campaign_id}/units/{key}").status_code == 404
    assert client.get("/roster/campaigns/999/units/BDA").status_code == 404


def test_without_a_script_rows_fold_and_are_chosen_by_links(made: Districts, client: FlaskClient) -> None:
    factories.make_demand(people.unit_by_code("BDA-1"), "operations", "Ngày", "07:30", 12)
    sign_in(client, "qt1")
    page = see(client, made)
    assert list(lines(page)) == ["BDA", "BDA-1", "BDA.", "BDC"], "the branch without a list stands open by itself"
    fold = parse(page).select_one("tr[data-key=BDA] a.bu-fold")
    assert fold is not None
    shut = client.get(str(fold.attr("href"))).text
    assert list(lines(shut)) == ["BDA", "BDC"]
    assert 'aria-expanded="false"' in shut and 'aria-expanded="true"' not in shut
    chosen = parse(page).select_one("tr[data-key='BDA.'] a.bu-name")
    assert chosen is not None and str(chosen.attr("href")).endswith("#beside")
    there = client.get(str(chosen.attr("href")).partition("#")[0]).text
    assert "Riêng Bưu điện huyện A" in text_of(there[there.index('id="beside"') :])


def test_the_four_counts_filter_and_stand_in_the_address(made: Districts, client: FlaskClient) -> None:
    made.put("A", 2)
    fall_ill("C1", date(2020, 1, 23))
    sign_in(client, "qt1")
    page = see(client, made)
    counts = {str(each.attr("id")): text_of(str(each.serialize())) for each in parse(page).select(".bu-fl")}
    assert counts == {
        "only-missing": "−1 thiếu 1 đv",
        "only-unsure": "?1 không chắc 1 đv",
        "only-waiting": "11 chưa xác nhận",
        "only-unlisted": "0 chưa có lịch",
    }
    assert list(lines(see(client, made, "?view=units&only=unsure"))) == ["BDC"]
    both = see(client, made, "?view=units&only=missing,unsure")
    assert list(lines(both)) == ["BDA", "BDC"]
    pressed = {
        str(each.attr("id")): str(each.attr("value")) for each in parse(both).select(".bu-fl[aria-pressed=true]")
    }
    assert pressed == {"only-missing": "unsure", "only-unsure": "missing"}, "pressed again it leaves the other"
    nobody = see(client, made, "?view=units&only=unlisted")
    assert lines(nobody) == {} and "Không đơn vị nào như vậy" in nobody


def test_find_opens_the_branch_and_is_blind_to_marks(made: Districts, client: FlaskClient) -> None:
    factories.make_demand(people.unit_by_code("BDA-1"), "operations", "Ngày", "07:30", 12)
    sign_in(client, "qt1")
    page = see(client, made, "?view=units&open=&find=diem phuc vu")
    assert "1 đơn vị khớp" in text_of(page) and "BDA-1" in lines(page)
    chosen = parse(page).select_one("tr[aria-selected=true]")
    assert chosen is not None and chosen.attr("data-key") == "BDA-1"
    assert "BDA-1" not in lines(see(client, made, "?view=units&open="))
    assert list(lines(see(client, made, "?view=units&find=HUYỆN C")))[-1] == "BDC"
    assert "Không có đơn vị nào khớp" in text_of(see(client, made, "?view=units&find=nowhere"))


def test_those_of_the_campaign_are_found_however_many_others_bear_such_a_name(
    made: Districts, client: FlaskClient
) -> None:
    kind = people.unit_by_code("BDA").kind
    with transaction() as session:
        session.add_all(
            Unit(code=f"A{n:03}", name=f"Bưu điện huyện {n}", kind=kind, search_key=f"buu dien huyen {n} a{n:03}")
            for n in range(201)
        )
    sign_in(client, "qt1")
    assert "2 đơn vị khớp" in text_of(see(client, made, "?view=units&find=huyện"))


def test_a_campaign_without_any_shift_is_shown(made: Districts, client: FlaskClient) -> None:
    with transaction() as session:
        session.execute(delete(Demand))
        session.execute(delete(Duty))
        session.execute(delete(Shift))
    sign_in(client, "qt1")
    assert "4 đơn vị không có nhu cầu trực" in text_of(see(client, made))


def test_a_unit_that_needs_nobody_is_found_and_said_to_need_nobody(made: Districts, client: FlaskClient) -> None:
    sign_in(client, "qt1")
    page = text_of(see(client, made, "?view=units&find=diem phuc vu a1"))
    assert "Không có nhu cầu trực trong đợt này: Điểm phục vụ A1." in page
    assert "2 đơn vị không có nhu cầu trực" in page


def test_folded_rows_stay_away_when_there_are_too_many(
    made: Districts, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_demand(people.unit_by_code("BDA-1"), "operations", "Ngày", "07:30", 12)
    sign_in(client, "qt1")
    assert "BDA-1" in lines(see(client, made, "?view=units&open="), hidden=True)
    monkeypatch.setattr(rows, "MOST", 2)
    monkeypatch.setitem(rows.shown.__kwdefaults__, "most", 2)
    assert "BDA-1" not in lines(see(client, made, "?view=units&open="), hidden=True)


def test_a_campaign_of_nobody_yet_offers_to_solve(made: Districts, client: FlaskClient) -> None:
    fresh = factories.make_campaign(people.unit_by_code("BDT"), first="2020-02-01", last="2020-02-02", now=NOW)
    sign_in(client, "qt1")
    page = client.get(f"/roster/campaigns/{fresh.id}?view=units").text
    assert "Tự xếp lịch" in page and "2 chưa có lịch" in re.sub(r"\s+", " ", text_of(page))
    assert all("Chưa xếp" in line and "thiếu" not in line for line in lines(page, hidden=True).values())
    assert "Xóa đợt trực" in page


def test_a_closed_campaign_is_only_looked_at(made: Districts, client: FlaskClient) -> None:
    with transaction() as session:
        session.execute(update(Campaign).values(state="closed"))
        session.execute(update(Duty).where(Duty.seat_id == made.seat("C", 2)).values(cancelled_at=NOW))
    sign_in(client, "qt1")
    beside = see(client, made, "?source=published", part="/units/BDC")
    assert "Xem ca" in beside and "Chọn người" not in beside
