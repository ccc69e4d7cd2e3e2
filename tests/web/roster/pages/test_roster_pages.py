"""The manager's path by page, without JavaScript: create, solve, edit, publish, print, take away; and who may not."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.models import AuditEntry
from people.models import Absence
from people.queries import person_by_code, unit_by_code
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import DraftAssignment, Seat, Shift
from roster.publishing import services as publishing
from roster.resolver.models import DeskPhone
from roster.solving import jobs
from roster.solving.services import SolveRequest
from roster.sources.models import HolidaySet
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.stores import SqliteStore, prepare

FIRST, LAST = "2020-01-23", "2020-01-25"


def make_unit() -> Any:
    """The district BDA with six more people, and somebody needed day and night."""
    enterprise.make()
    found = unit_by_code("BDA")
    for number in range(6):
        factories.make_person(f"P{number}", found, duties=("leadership", "operations", "emergency"))
    factories.make_round_the_clock(found)
    return found


def make_solved_campaign() -> int:
    made = factories.make_campaign(make_unit(), first=FIRST, last=LAST)
    jobs.solve_now(made.id, SolveRequest(seconds=2), actor=ROOT, now=NOW)
    return made.id


@pytest.fixture
def unit(app: Flask) -> Any:
    return make_unit()


@pytest.fixture(scope="module")
def solved(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    """The database in which the campaign of that unit has been solved (once: it takes seconds), and its id."""
    return prepare(*_sqlite, "solved", make_solved_campaign)


@pytest.fixture
def campaign(app: Flask, solved: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = solved
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    with clock.travel(NOW):
        answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[-800:]}"
    return answer.text


def send(client: FlaskClient, path: str, **data: Any) -> Any:
    with clock.travel(NOW):
        return client.post(path, data=data)


def main(text: str) -> str:
    """Without the frame, which names whoever is signed in."""
    return text[text.index("<main") : text.index("</main>")]


def first_shift(campaign_id: int, duty: str = "operations") -> Shift:
    found = db_scalar(select(Shift).filter_by(campaign_id=campaign_id, duty=duty).order_by(Shift.starts_at))
    assert isinstance(found, Shift)
    return found


def db_scalar(statement: Any) -> Any:
    return db.session.scalar(statement)


def seated(shift_id: int) -> list[int]:
    wanted = select(DraftAssignment.person_id).join(Seat).where(Seat.shift_id == shift_id)
    db.session.rollback()
    return list(db.session.scalars(wanted))


def test_an_empty_list_teaches_and_creating_keeps_what_was_typed(client: FlaskClient, unit: Any) -> None:
    sign_in(client, "an1")
    assert "Chưa có đợt trực nào" in page(client, "/roster/")
    suggested = page(client, "/roster/campaigns/new?tet_year=2031")
    assert 'value="15/01/2031"' in suggested and "Dự kiến" in suggested and "Tân Hợi" in suggested
    refused = send(
        client, "/roster/campaigns/new", name="Tết nhà mình", tet_year="2020", unit="BDA", starts_on=LAST, ends_on=FIRST
    )
    assert refused.status_code == 422
    assert "Tết nhà mình" in refused.text and "Ngày kết thúc phải từ ngày bắt đầu trở đi." in refused.text
    made = send(
        client, "/roster/campaigns/new", name="Tết nhà mình", tet_year="2020", unit="BDA", starts_on=FIRST, ends_on=LAST
    )
    assert made.status_code == 303
    assert "Tự xếp lịch" in page(client, made.headers["Location"])
    assert "0/18" in page(client, "/roster/")


def test_solve_then_grid_then_publish_then_print_and_take_away(client: FlaskClient, unit: Any, db: Any) -> None:
    campaign = factories.make_campaign(unit, first=FIRST, last=LAST)
    sign_in(client, "an1")
    asked = send(client, f"/roster/campaigns/{campaign.id}/solve", seconds="1")
    run_page = asked.headers["Location"]
    assert "Đang chờ máy xếp lịch" in page(client, run_page)
    assert page(client, f"{run_page}/live") and "data-poll" in page(client, run_page)
    jobs.run_queued_solves(NOW)
    done = page(client, f"{run_page}/live", 286)
    assert "chứng minh" in done and "<svg" in done
    grid = page(client, f"/roster/campaigns/{campaign.id}")
    assert grid.count('class="chip') >= 18 and "Mùng 1 tháng Giêng năm Canh Tý" in grid and ">M1<" in grid
    assert "Ban hành bản 1" in grid
    review = page(client, f"/roster/campaigns/{campaign.id}/publish")
    assert "phút nào cũng có người trực" in review and "Báo tin cho ai" in review
    signed = send(client, f"/roster/campaigns/{campaign.id}/publish", note="Bản đầu", version="1")
    assert signed.status_code == 303 and signed.headers["Location"].endswith("/revisions/1")
    shown = page(client, signed.headers["Location"])
    assert "Bản đầu" in shown and "Thứ Bảy" in shown and "0900" not in shown
    printed = page(client, f"/roster/campaigns/{campaign.id}/print")
    assert "Độc lập - Tự do - Hạnh phúc" in printed and "STT" in printed and "DỰ THẢO" not in printed
    for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("ics", b"BEGIN:VCALENDAR")):
        with clock.travel(NOW):
            assert client.get(f"/roster/campaigns/{campaign.id}/export/{form}").data.startswith(start)
    taken = db.session.scalars(select(AuditEntry).filter_by(action="campaign.export")).all()
    assert len(taken) == 3 and all(entry.actor.startswith("user:") for entry in taken)


def test_a_change_is_saved_pinned_and_can_be_undone(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    shift = first_shift(campaign.id)
    before = seated(shift.id)
    editor = page(client, f"/roster/shifts/{shift.id}")
    choice = re.search(r'name="put" value="([^"]+)"', editor)
    assert choice is not None
    version = campaigns.get_campaign(campaign.id).draft_version
    put = choice[1].replace("&gt;", ">")
    saved = send(client, f"/roster/shifts/{shift.id}", put=put, pin="1", version=str(version))
    assert saved.status_code == 303
    after = seated(shift.id)
    assert len(after) == len(before) == 1 and after != before
    shown = page(client, f"/roster/campaigns/{campaign.id}")
    assert "Hoàn tác: " in shown and "Làm lại: " not in shown and " pin" in shown
    undone = send(client, f"/roster/campaigns/{campaign.id}/undo?view=duties")
    assert undone.headers["Location"].endswith(f"/roster/campaigns/{campaign.id}?view=duties")
    assert seated(shift.id) == before
    told = page(client, undone.headers["Location"])
    assert "Đã hoàn tác: " in told and "Làm lại: " in told
    assert "Hoàn tác: máy xếp" not in told, "somebody else asked for the solve"
    again = send(client, f"/roster/campaigns/{campaign.id}/redo")
    assert seated(shift.id) == after and "Đã làm lại: " in page(client, again.headers["Location"])
    refused = send(client, f"/roster/campaigns/{campaign.id}/redo")
    assert "Không có thay đổi nào của đồng chí vừa hoàn tác" in page(client, refused.headers["Location"])


def test_a_broken_rule_asks_for_a_reason_and_keeps_the_choice(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    shift = first_shift(campaign.id)
    version = str(campaigns.get_campaign(campaign.id).draft_version)
    refused = send(client, f"/roster/shifts/{shift.id}", exactly="CH1 ", version=version, reason="  ")
    assert refused.status_code == 409
    assert "không thuộc danh sách Trực điều hành" in refused.text and 'name="exactly" value="CH1 "' in refused.text
    accepted = send(client, f"/roster/shifts/{shift.id}", exactly="CH1 ", version=version, reason="Tăng cường", pin="1")
    assert accepted.status_code == 303
    assert "lý do: Tăng cường" in page(client, f"/roster/shifts/{shift.id}")


def test_two_managers_do_not_overwrite_each_other(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    shift = first_shift(campaign.id)
    seen = campaigns.get_campaign(campaign.id).draft_version
    drafts.set_people(shift.id, [], pin=False, actor=ROOT, now=NOW)
    late = send(client, f"/roster/shifts/{shift.id}", exactly="P1 ", version=str(seen))
    assert late.status_code == 409 and "Dự thảo vừa được người khác sửa" in late.text
    blind = send(client, f"/roster/campaigns/{campaign.id}/publish", version=str(seen))
    assert blind.status_code == 409 and "Dự thảo vừa được người khác sửa" in blind.text


def test_a_gap_blocks_until_a_reason_is_given_and_what_was_typed_stays(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    drafts.set_people(first_shift(campaign.id).id, [], pin=False, actor=ROOT, now=NOW)
    assert "thiếu 1" in page(client, f"/roster/campaigns/{campaign.id}")
    refused = send(client, f"/roster/campaigns/{campaign.id}/publish", note="Kịp trước Tết")
    assert refused.status_code == 409 and "Kịp trước Tết" in refused.text and "Chưa có người trực" in refused.text
    signed = send(client, f"/roster/campaigns/{campaign.id}/publish", accept_gaps="Bưu điện tỉnh trực thay")
    assert signed.status_code == 303
    assert "Bưu điện tỉnh trực thay" in page(client, signed.headers["Location"])


def test_a_second_revision_says_who_moved(client: FlaskClient, campaign: Campaign) -> None:
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    shift = first_shift(campaign.id)
    drafts.set_people(shift.id, ["CH1"], override_reason="Tăng cường", actor=ROOT, now=NOW)
    sign_in(client, "an1")
    grid = page(client, f"/roster/campaigns/{campaign.id}?view=people")
    assert "So với bản 1" in grid
    table = grid[grid.index('<div id="grid-table">') : grid.index('id="agenda"')]
    assert (table.count(' fresh"'), table.count('<s class="gone"')) == (1, 1), "the draft against what holds, in place"
    assert "mới, chưa ban hành" in table and "bản đã ban hành: Trực" in table
    assert "thêm 1 ca" in page(client, f"/roster/campaigns/{campaign.id}/publish")
    send(client, f"/roster/campaigns/{campaign.id}/publish")
    old = client.get(f"/roster/campaigns/{campaign.id}/revisions/2/diff")
    assert old.headers["Location"].endswith("/difference?to=2&from=1")
    moved = page(client, old.headers["Location"])
    assert (
        ' fresh"'
        not in page(client, f"/roster/campaigns/{campaign.id}?view=people&mode=read").split('class="legend')[0]
    )
    assert '<ins lang="vi">Phạm Thị Chi</ins>' in moved and moved.count('<del lang="vi">') == 1
    assert "đang có hiệu lực" in page(client, f"/roster/campaigns/{campaign.id}/revisions")


@pytest.mark.parametrize("login", ["bi1", "ch1", "du1"])
def test_others_look_and_change_nothing(client: FlaskClient, campaign: Campaign, login: str) -> None:
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    sign_in(client, login)
    shown = page(client, f"/roster/campaigns/{campaign.id}")
    assert "Ban hành bản" not in shown and "data-cell-url" not in shown and "Xếp phần chưa ghim" not in shown
    shift = first_shift(campaign.id)
    drafts.set_people(shift.id, ["CH1"], override_reason="Tăng cường", actor=ROOT, now=NOW)
    before = seated(shift.id)
    assert "Phạm Thị Chi" not in main(page(client, f"/roster/shifts/{shift.id}")), "the draft is the managers'"
    assert 'name="put"' not in page(client, f"/roster/shifts/{shift.id}")
    for path in ("solve", "publish", "delete"):
        assert send(client, f"/roster/campaigns/{campaign.id}/{path}").status_code == 403
    assert send(client, f"/roster/shifts/{shift.id}", exactly="").status_code in (403, 200)
    assert send(client, f"/roster/shifts/{shift.id}/pin", person="P1", pinned="1").status_code in (403, 200)
    assert seated(shift.id) == before
    page(client, f"/roster/campaigns/{campaign.id}/publish", 403)


@pytest.mark.parametrize("login", ["bi1", "ch1", "du1", "an1"])
def test_the_draft_of_a_published_roster_is_for_those_who_edit_it(
    client: FlaskClient, campaign: Campaign, login: str
) -> None:
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    drafts.set_people(first_shift(campaign.id).id, ["CH1"], override_reason="Tăng cường", actor=ROOT, now=NOW)
    sign_in(client, login)
    for path in ("?view=duties", "/print?"):
        shown = main(page(client, f"/roster/campaigns/{campaign.id}{path}&source=draft"))
        assert ("Phạm Thị Chi" in shown) is (login == "an1"), path
    ledger = page(client, f"/roster/campaigns/{campaign.id}/fairness.csv?source=draft")
    assert ("Phạm Thị Chi,BDC,100,100.0,0.0,24.0" in ledger) is (login == "an1")


def test_phones_on_the_printed_list_are_for_colleagues(client: FlaskClient, campaign: Campaign) -> None:
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    sign_in(client, "du1")
    for query in ("", "?phones=1", "?source=draft&phones=1"):
        assert "0900" not in page(client, f"/roster/campaigns/{campaign.id}/print{query}")
    page(client, f"/roster/campaigns/{campaign.id}/export/csv", 403)


def test_the_page_of_the_revision_in_force_says_what_is_true_now(client: FlaskClient, campaign: Campaign) -> None:
    """Full when it was signed; somebody is recorded absent since: the page says so, and until when."""
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    who = first_shift(campaign.id).seats[0].draft.person
    with transaction() as session:
        away = date.fromisoformat(FIRST)
        session.add(Absence(person_id=who.id, from_on=away, to_on=away, kind="sick", note="Sốt", recorded_at=NOW))
    sign_in(client, "bi1")
    text = html.unescape(main(page(client, f"/roster/campaigns/{campaign.id}/revisions/1")))
    now, signed = text.split("Bằng chứng lúc ban hành")
    assert "không chắc" in now and f"{who.full_name} (đến 00:00 24/01/2020)" in now and "Sốt" not in text
    assert "có ca từ 07:30 23/01/2020 đến 07:30 26/01/2020" in now
    assert "không chắc" not in signed


@pytest.mark.parametrize("path", ["print", "revisions/1"])
def test_phones_are_shown_when_asked_for_and_that_is_written_down(
    client: FlaskClient, campaign: Campaign, db: Any, path: str
) -> None:
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    where = f"/roster/campaigns/{campaign.id}/{path}"
    sign_in(client, "an1")
    assert "0900" not in (plain := page(client, where)) and "phones=1" in plain
    assert "0900" not in page(client, f"/roster/campaigns/{campaign.id}/print?source=draft")
    assert "0900" in page(client, f"{where}?phones=1")
    (taken,) = db.session.scalars(select(AuditEntry).filter_by(action="campaign.export"))
    assert taken.detail["form"] == "phones" and taken.actor.startswith("user:")


def test_filters_and_views(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    whole = page(client, f"/roster/campaigns/{campaign.id}")
    narrow = page(client, f"/roster/campaigns/{campaign.id}?duty=leadership&unit=BDA&mode=read")
    assert 0 < narrow.count('class="chip') < whole.count('class="chip') and "data-cell-url" not in narrow
    unfiltered = re.search(r'href="([^"]*)">\s*Bỏ lọc', narrow)
    assert unfiltered and "mode=read" in unfiltered[1] and not re.search("duty=|unit=", unfiltered[1])
    month = page(client, f"/roster/campaigns/{campaign.id}?view=month&duty=leadership&mode=read")
    to_days = re.findall(r'href="([^"]*view=days[^"]*)#d2020', month)
    assert to_days and all("mode=read" in each and "duty=leadership" in each for each in to_days)
    assert "Thứ Năm" in page(client, f"/roster/campaigns/{campaign.id}?view=duties")
    assert 'id="d2020-01-25"' in page(client, f"/roster/campaigns/{campaign.id}?view=days")
    cell = page(client, f"/roster/campaigns/{campaign.id}/cell?person=P1&on=2020-01-24")
    assert "Ksor Phước" in cell and "Trực điều hành" in cell
    page(client, f"/roster/campaigns/{campaign.id}/cell?person=P1&on=hôm-nay", 404)
    page(client, "/roster/campaigns/999", 404)


def shifts_of(campaign: Campaign) -> list[Shift]:
    return list(db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id)))


def day_of_month(text: str, on: str) -> str:
    """The cell of a day in the month, in words."""
    cells = re.findall(r"<td.*?</td>", main(text), re.DOTALL)
    (found,) = [each for each in cells if f"on={on}" in each]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)))


def test_a_month_says_who_serves_and_what_is_wrong_and_is_narrowed_in_the_address(
    client: FlaskClient, campaign: Campaign
) -> None:
    sign_in(client, "an1")
    base = f"/roster/campaigns/{campaign.id}?view=month"
    of_day = [each for each in shifts_of(campaign) if clock.local_date(each.starts_at) == date(2020, 1, 24)]
    shift = next(each for each in of_day if each.duty == "operations")
    somebody = shift.seats[0].draft.person
    whole = page(client, base)
    assert whole.count("<th scope") == 7 and f'href="/roster/shifts/{shift.id}"' in whole
    assert f"/roster/campaigns/{campaign.id}?view=days" in html.unescape(whole) and "#d2020-01-24" in whole
    assert f'title="{somebody.full_name}' in html.unescape(whole)
    drafts.set_people(shift.id, [], actor=ROOT, now=NOW)
    for narrowed in ("", "&duty=operations"):
        assert "−1" in day_of_month(page(client, base + narrowed), "2020-01-24")
    assert "−1" not in day_of_month(page(client, f"{base}&duty=leadership"), "2020-01-24")
    assert f'href="/roster/shifts/{shift.id}"' not in page(client, f"{base}&unit=BDC")


def test_a_month_of_one_person_is_found_by_name_and_shows_when_they_are_away(
    client: FlaskClient, campaign: Campaign
) -> None:
    sign_in(client, "an1")
    base = f"/roster/campaigns/{campaign.id}?view=month"
    with transaction() as session:
        away, who = date(2020, 1, 25), person_by_code("P1")
        session.add(Absence(person_id=who.id, from_on=away, to_on=away, kind="sick", note="", recorded_at=NOW))
    with clock.travel(NOW):
        found = client.get(f"{base}&find=ksor phuoc&duty=operations")
    assert found.status_code == 302
    assert "whose=P1" in found.headers["Location"] and "duty=operations" in found.headers["Location"]
    # Another filter is sent with the name that stands in the field: it means this one, not whoever is called so first.
    with clock.travel(NOW):
        again = client.get(f"{base}&whose=P1&find=Ksor Phước&duty=support").headers["Location"]
    assert "whose=P1" in again and "duty=support" in again and "find" not in again
    assert "Chỉ ca của" not in page(client, f"{base}&whose=P1&find=")
    of_one = page(client, f"{base}&whose=P1")
    assert "Chỉ ca của Ksor Phước." in of_one and "vắng mặt" in day_of_month(of_one, "2020-01-25")
    held = {s.id for s in shifts_of(campaign) if any(e.draft and e.draft.person.code == "P1" for e in s.seats)}
    assert {int(each) for each in re.findall(r"/roster/shifts/(\d+)", main(of_one))} == held
    assert "Chỉ ca của" not in page(client, f"{base}&whose=KHONG-CO")
    assert "Không thấy người hay đơn vị nào" in page(client, f"{base}&find=khong ai ca")


def test_a_projected_break_is_said_wherever_it_is_used(client: FlaskClient, campaign: Campaign, db: Any) -> None:
    from core.db import transaction

    with transaction() as session:
        session.scalars(select(HolidaySet).filter_by(year=2020)).one().status = "projected"
    sign_in(client, "an1")
    for path in ("", "/publish", "/print"):
        assert "dự kiến" in page(client, f"/roster/campaigns/{campaign.id}{path}")


def test_holidays_demand_and_desk_phones_are_edited(client: FlaskClient, unit: Any, db: Any) -> None:
    sign_in(client, "qt1")
    saved = send(
        client, "/roster/holidays/2020", starts_on="2020-01-23", ends_on="2020-01-29", status="official", source="TB 5"
    )
    assert saved.status_code == 303
    wrong = send(client, "/roster/holidays/2020", starts_on="2020-01-29", ends_on="2020-01-23", status="official")
    assert wrong.status_code == 422 and 'value="29/01/2020"' in wrong.text
    send(client, "/roster/holidays/2020/days", on="2020-01-30", day_class="substitute", name="Bù", status="official")
    long = send(client, "/roster/holidays/2020/days", on="2020-01-30", day_class="substitute", source="x" * 1000)
    assert 'href="#day_source"' in long.text, "not to the source of the break"
    shown = page(client, "/roster/holidays/?year=2020")
    assert "30/01/2020" in shown and "TB 5" in shown
    send(client, "/roster/holidays/2020/days/2020-01-30/delete")
    assert "30/01/2020" not in page(client, "/roster/holidays/?year=2020")

    added = {
        "unit": "BDA",
        "duty": "support",
        "phase": "during",
        "template": "Sáng",
        "start": "06:00",
        "minutes": "480",
        "headcount": "2",
        "form": "onsite",
    }
    assert send(client, "/roster/demand/", **added).status_code == 303
    assert "Hỗ trợ khách hàng" in page(client, "/roster/demand/")
    assert send(client, "/roster/demand/", **{**added, "minutes": "0"}).status_code == 422

    send(client, "/roster/duty-kinds/BDA/phones", operations="0269 382 0000")
    send(client, "/roster/duty-kinds/BDA/chain", people="BI1, AN1")
    assert db_scalar(select(DeskPhone.phone).filter_by(duty="operations")) == "02693820000"
    chain = page(client, "/roster/duty-kinds/?unit=BDA")
    assert chain.index("Trần Thị Bình") < chain.index("Nguyễn Văn An") and "BI1 AN1" in chain
    assert send(client, "/roster/duty-kinds/BDA/chain", people="KHONGCO").status_code == 422


def test_a_campaign_feed_is_made_once_and_shown(client: FlaskClient, campaign: Campaign) -> None:
    publishing.publish(campaign.id, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    answer = send(client, f"/roster/campaigns/{campaign.id}/subscribe")
    assert answer.status_code == 303
    assert "/feeds/" in page(client, answer.headers["Location"])


def test_a_draft_can_be_deleted_and_a_published_one_cannot(client: FlaskClient, unit: Any, db: Any) -> None:
    first, second = (factories.make_campaign(unit, first=FIRST, last=LAST).id for _ in range(2))
    jobs.solve_now(second, SolveRequest(seconds=1), actor=ROOT, now=NOW)
    publishing.publish(second, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    assert send(client, f"/roster/campaigns/{first}/delete").status_code == 303
    assert send(client, f"/roster/campaigns/{second}/delete").status_code == 409
    assert db.session.scalars(select(Campaign.id)).all() == [second]


def test_the_days_are_those_of_the_campaign(campaign: Campaign) -> None:
    from roster.draft import grid

    loaded = grid.load(campaign.id, now=NOW)
    assert [day.on for day in loaded.days] == [date(2020, 1, 23), date(2020, 1, 24), date(2020, 1, 25)]
    assert [day.phase for day in loaded.days] == ["during"] * 3
    assert loaded.missing == 0 and all(cover.seats == 6 for cover in loaded.cover)
