"""A week at a point of service before Tết: a tap each evening, parcels found, posters put up. No account is needed."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import func, select

from compliance.parcel_checks import queries as parcels
from compliance.parcel_checks.models import ParcelCheck, ParcelFinding
from compliance.posting import law, queries as posting, services as texts
from compliance.posting.parts import PARTS
from compliance.service_hours import services as hours
from compliance.service_hours.services import TypedHours
from compliance.today.models import PointDay, PointSend
from core.db import db as database
from core.models import AuditEntry
from incidents.legal.models import LegalStep
from incidents.public_reports import codes, counter_codes, sheets
from people import queries as people
from tests.support.enterprise import sign_in
from tests.support.service_point import DAY, ServicePoint, incidents
from tests.support.tet_night import ADMIN

pytestmark = pytest.mark.both_dbs("upserts that keep what was said later, sums over counters")


def days() -> list[PointDay]:
    database.session.rollback()
    return list(database.session.scalars(select(PointDay).order_by(PointDay.unit_id, PointDay.day)))


def test_a_normal_day_is_one_tap_and_is_sent_once(point: ServicePoint) -> None:
    page = point.text()
    for words in ("Hôm nay ở điểm", "Điểm phục vụ A1", "Bấm nút dưới là xác nhận", "Không từ chối gói nào"):
        assert words in page, words
    assert 'type="checkbox"' not in page  # statements: nothing is ticked beforehand
    sent = {"form_key": point.key(), "checked": "34", "do": "normal"}
    for _time in range(2):
        assert point.phone.post(point.path(), data=sent).status_code == 303
    [day] = days()
    assert (day.day, day.hours_kept, day.posting_kept, day.saved_by) == (DAY, True, True, "Mã QR")
    assert database.session.scalar(select(func.count(PointSend.id))) == 1
    page = point.text()
    assert "Đã gửi 16:58: 34 gói, kiện đã kiểm tra" in page and "Mở cửa đúng giờ, niêm yết còn đủ." in page


def test_the_count_is_never_guessed(point: ServicePoint) -> None:
    point.tap(34)
    point.at(1)
    assert 'value="34"' not in point.text()  # not from yesterday
    page = point.tap("", expect=422).get_data(as_text=True)
    assert "không có gói nào thì ghi 0" in page and len(days()) == 1
    point.tap("0")
    assert [row.checked for row in database.session.query(ParcelCheck).order_by(ParcelCheck.day)] == [34, 0]


def test_what_was_not_as_usual_is_written_and_is_not_called_normal(point: ServicePoint) -> None:
    page = point.tap(12, 422, hours_note="Mở muộn 30 phút vì mất điện").get_data(as_text=True)
    assert "bấm “Gửi với điều đã ghi”" in page and "Mở muộn 30 phút" in page and days() == []
    assert "Ghi điều khác thường" in point.tap(12, 422, do="differs").get_data(as_text=True)
    point.tap(12, do="differs", hours_note="Mở muộn 30 phút vì mất điện")
    [day] = days()
    assert not day.hours_kept and day.posting_kept and day.hours_note == "Mở muộn 30 phút vì mất điện"


def test_two_telephones_at_one_point_are_added_and_each_corrects_its_own(point: ServicePoint) -> None:
    point.tap(34, counter="may-1")
    point.tap(20, counter="may-2")
    point.tap(36, counter="may-1")
    [(_key, numbers)] = parcels.by_day([point.unit_id], DAY, DAY).items()
    assert numbers.checked == 56 and "56 gói, kiện" in point.text()


def test_what_waited_without_a_line_does_not_undo_what_was_said_later(point: ServicePoint) -> None:
    point.at(1)
    point.tap(40, day=DAY.isoformat(), counter="may-1", at="2020-01-20T17:30:00+07:00")
    point.tap(12, day=DAY.isoformat(), counter="may-1", at="2020-01-20T12:00:00+07:00", do="differs", hours_note="Trễ")
    [day] = days()
    assert day.hours_kept and day.hours_note == ""
    assert database.session.scalar(select(ParcelCheck.checked)) == 40
    assert database.session.scalar(select(func.count(PointSend.id))) == 2  # kept as it came, all the same


def test_missing_days_are_seen_and_filled_in_and_closed_ones_are_not_missing(point: ServicePoint) -> None:
    hours.save(point.night.ids["BDT"], [TypedHours(6, closed=True)], actor=ADMIN, now=point.now)  # Sundays
    point.tap(41)
    point.at(3)  # Thursday: Tuesday and Wednesday were missed, last Sunday was closed
    page = point.text()
    assert page.count("thiếu, bổ sung") == 2 + 2  # the campaign began on Thursday 16
    assert "nghỉ" in page
    missed = f"{point.path()}?day=2020-01-21"
    assert missed.replace("&", "&amp;") in page and "Bổ sung ngày 21/01/2020" in point.text(missed)
    point.tap(52, day="2020-01-21")
    assert point.text().count("thiếu, bổ sung") == 3
    logged = parcels.checks_logged([point.unit_id], date(2020, 1, 20), date(2020, 1, 26), point.now)
    assert (logged.expected, logged.told, logged.holds) == (3, 2, False)
    assert logged.missing == ((point.unit_id, date(2020, 1, 22)),) and logged.total.checked == 93
    assert "Chỉ ghi được hôm nay và 31 ngày trước" in point.tap(1, 422, day="2019-11-01").get_data(as_text=True)
    point.tap(1, 422, day="2020-01-24")  # tomorrow


def test_firecrackers_before_acceptance_are_a_refusal_and_no_incident(point: ServicePoint) -> None:
    page = point.text()
    assert "Cách hiểu của chúng tôi" in page and "Điều 29 khoản 4" in page
    answer = point.find("before", informed="Công an xã A", parcels="2")
    assert parcels.told_days([point.unit_id], DAY, DAY) == set()  # how many were looked into is still to be said
    assert ">nay</span>" in point.text()
    assert "Đã ghi: từ chối nhận" in point.text(answer.headers["Location"])
    point.tap(34)
    assert incidents() == []
    numbers = parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY]
    assert (numbers.checked, numbers.refused, numbers.referred, numbers.found_after) == (34, 2, 2, 0)
    assert parcels.by_category([point.unit_id], DAY, DAY) == {(1, "before"): 2}
    assert "2 từ chối, 2 đã báo cơ quan, 0 sau khi nhận" in point.text()


def test_after_acceptance_it_is_the_incident_of_article_14_with_what_is_known(point: ServicePoint) -> None:
    answer = point.find("after", stopped="Trần Thị Bình", item="EA123456789VN")
    [incident] = incidents()
    assert incident.category == "prohibited_item" and incident.unit.code == "BDA-1"
    assert "pháo" in incident.title and incident.phase == "before"
    [step] = database.session.scalars(select(LegalStep))
    assert step.step == "suspend" and step.values["by"] == "Trần Thị Bình"
    assert step.values["found_at"] == "Điểm phục vụ A1" and step.values["item"] == "EA123456789VN"
    page = point.text(answer.headers["Location"])
    assert incident.code in page and "không bóc mở" in page and "0269 3824 999" in page
    numbers = parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY]
    assert (numbers.refused, numbers.referred, numbers.found_after) == (0, 0, 1)
    # What is not known is not made up.
    point.find("after", goods="bình ga mini")
    assert len(incidents()) == 2 and database.session.scalar(select(func.count()).select_from(LegalStep)) == 1


def test_the_record_of_actions_does_not_say_where_the_sheet_was_opened(point: ServicePoint) -> None:
    """Nobody at a sheet is asked who they are; an address in a record that is never erased would tell it."""
    point.find("after", stopped="Trần Thị Bình", item="EA123456789VN")
    point.tap(34)
    entries = database.session.scalars(select(AuditEntry).where(AuditEntry.actor.like("%Mã QR%"))).all()
    assert "incident.legal" in {each.action for each in entries}
    assert {each.origin for each in entries} == {""}


def test_a_finding_is_written_once_and_names_nobody(point: ServicePoint) -> None:
    key = point.key()
    for _time in range(2):
        point.find("after", form_key=key)
    assert len(incidents()) == 1 and database.session.scalar(select(func.count(ParcelFinding.id))) == 1
    page = point.find("before", "pháo, người gửi: Nguyễn Văn Sáu", 422).get_data(as_text=True)
    assert "Không ghi tên người gửi" in page
    assert "Chọn trước khi nhận hay sau khi nhận" in point.find("", expect=422).get_data(as_text=True)


def test_the_counters_sheet_opens_the_page_and_a_replaced_one_no_longer_does(point: ServicePoint) -> None:
    outside = point.outside().replace("/diem/", "/bao/")
    assert f'href="{outside}"' in point.text() and "/diem/" not in point.text(outside)
    codes.rotate(point.unit_id, actor=ADMIN, now=point.now)
    assert point.phone.get(point.path()).status_code == 200  # the one outside is another
    counter_codes.rotate(point.unit_id, actor=ADMIN, now=point.now)
    [sheet] = sheets.sheets_for([people.unit_by_id(point.unit_id)])
    assert sheet.is_counter_due, "it has to be printed, whether or not one was before"
    assert point.phone.get(point.path()).status_code == 410
    answer = point.phone.post(point.path(), data={}, headers={"Accept": "application/json"})
    assert answer.status_code == 410 and "thay hoặc thu hồi" in answer.get_json()["problems"][0]


def test_a_poster_hangs_with_a_photo_until_the_text_changes(point: ServicePoint) -> None:
    assert "Danh mục cấm gửi" in point.text() and "doanh nghiệp chưa soạn" in point.text()
    top = point.night.ids["BDT"]
    conditions = {part: {"vi": f"Nội dung {part}", "en": ""} for part in PARTS["conditions"] if part != "other"}
    texts.save(top, "conditions", conditions, upon=0, actor=ADMIN, now=point.now)
    assert "đã có ảnh 0 trong 2 bản bắt buộc" in point.text()
    refused = point.post("prohibited", expect=422, name="Siu Thảo " * 12)
    assert "Người treo: 107 ký tự, nhiều nhất 100" in refused.text and "Siu Thảo " * 12 in refused.text
    point.post("prohibited", name="Siu Thảo")
    point.post("conditions")
    assert not posting.posting_complete([point.unit_id], point.now).holds  # nobody has looked at them
    assert "đã gửi ảnh, chờ duyệt" in point.text()
    assert point.accept_all() == 2
    found = posting.posting_complete([point.unit_id], point.now)
    assert found.holds and (found.points, found.missing) == (1, ())
    states = posting.states([point.unit_id], DAY)
    hanging = states[point.unit_id, "prohibited"].hanging
    assert hanging is not None and hanging.said_by == "Siu Thảo (mã QR)" and hanging.posted_on == DAY

    texts.save(top, "prohibited", {"examples": {"vi": "Pháo các loại", "en": ""}}, upon=0, actor=ADMIN, now=point.now)
    found = posting.posting_complete([point.unit_id], point.now)
    assert not found.holds and found.missing == (point.unit_id,)
    page = point.text()
    assert "bản cũ, cần thay" in page
    assert "Nghị định 174/2026" not in page  # in January 2020 it was not in force
    point.post("prohibited")
    point.accept_all()
    assert posting.posting_complete([point.unit_id], point.now).holds


def test_a_photo_that_is_none_is_refused_in_words(point: ServicePoint) -> None:

    page = point.post("prohibited", 422, photos=(io.BytesIO(b"khong phai anh"), "a.jpg")).get_data(as_text=True)
    assert "Chưa gửi được" in page
    heic = b"\x00\x00\x00\x18ftypheic" + b"0" * 64
    assert "HEIC" in point.post("prohibited", 422, photos=(io.BytesIO(heic), "a.heic")).get_data(as_text=True)
    assert posting.last([point.unit_id]) == {}


def test_in_english_the_page_says_the_same(point: ServicePoint) -> None:
    point.phone.post("/language", data={"language": "en"})
    page = point.text()
    assert "Today at this point" in page and "whose circulation is prohibited by Vietnamese law" in page


def test_a_day_far_back_is_told_by_a_phone_that_was_off(point: ServicePoint) -> None:
    point.at(20)
    point.tap(7, day=(DAY + timedelta(days=1)).isoformat())
    assert [row.day for row in days()] == [DAY + timedelta(days=1)]


def test_posters_and_the_file_of_a_point_are_documents(point: ServicePoint) -> None:
    sign_in(point.phone, "an1")
    hours.save(point.night.ids["BDT"], [TypedHours(0, "07:30", "17:00", "16:00")], actor=ADMIN, now=point.now)
    about = point.text("/documents/about/point:BDA-1")
    assert "Áp phích niêm yết" in about and "Hồ sơ tại điểm" in about
    for sheet, wide in (("a4", 595), ("a3", 842)):
        width, words = read_pdf(point.phone, f"compliance.poster/draft.pdf?o-what=prohibited&o-sheet={sheet}")
        assert round(width) == wide
        for each in law.PROHIBITED:
            assert each["vi"] in words  # to the letter
    _width, english = read_pdf(point.phone, "compliance.poster/draft.pdf?o-what=hours&language=en")
    assert "07:30 – 17:00" in english and "Monday" in english
    _width, file = read_pdf(point.phone, "compliance.point_file/draft.pdf")
    assert "0269 3824 999" in file and "Chưa ghi ngày nào." in file
    word = point.phone.get("/documents/about/point:BDA-1/compliance.poster/draft.docx?o-what=prohibited")
    assert word.status_code == 200 and word.data[:2] == b"PK"
    assert point.phone.get("/documents/about/point:BDA-1/compliance.poster/draft.pdf?o-what=prices").status_code == 422
    every = point.text("/documents/about/points:BDA")
    assert "Áp phích của mọi điểm" in every


def read_pdf(phone: Any, what: str) -> tuple[float, str]:
    """Width of the first page in points, and every word."""
    answer = phone.get(f"/documents/about/point:BDA-1/{what}")
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    document = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    return document[0].get_width(), " ".join(words.split())


def at_hour(point: ServicePoint, hour: int, minute: int) -> None:
    point.at((hour * 60 + minute - (16 * 60 + 58)) / (24 * 60))


def test_nobody_confirms_that_it_opened_in_time_before_it_opens(point: ServicePoint) -> None:
    """At 02:32 the doors are to open in five hours. What can be said is that today it will be otherwise."""
    hours.save(point.night.ids["BDT"], [TypedHours(0, "07:30", "17:00", "16:00")], actor=ADMIN, now=point.now)
    at_hour(point, 2, 32)
    page = point.text()
    assert "Mở cửa lúc 07:30: chưa xác nhận được" in page and "Hôm nay bình thường" not in page
    assert "Mở cửa đúng giờ</div>" not in page and 'name="checked"' not in page
    told = "Chưa đến giờ mở cửa 07:30"
    assert told in point.tap(0, 422).get_data(as_text=True)
    assert told in point.tap(0, 422, do="differs", posting_note="Rách").get_data(as_text=True) and days() == []
    point.tap("", do="differs", hours_note="Mở lúc 09:00 vì mất điện")
    [day] = days()
    assert not day.hours_kept and day.posting_kept
    assert database.session.scalar(select(func.count(ParcelCheck.id))) == 0, "nor was any parcel looked at"
    # A telephone without a network sends at noon what was said at night: it was as little known then.
    at_hour(point, 12, 0)
    early = {"at": "2020-01-20T02:32:00+07:00"}
    assert told in point.tap(3, 422, **early).get_data(as_text=True)
    at_hour(point, 7, 30)
    assert "Hôm nay bình thường" in point.text()
    point.tap(0)
    [day] = days()
    assert day.hours_kept


def test_a_point_that_is_closed_today_or_whose_hours_nobody_knows_waits_for_no_hour(point: ServicePoint) -> None:
    at_hour(point, 2, 32)
    point.tap(0)
    assert days()[0].hours_kept, "nobody has said when it opens"
    hours.save(point.night.ids["BDT"], [TypedHours(0, closed=True)], actor=ADMIN, now=point.now)
    at_hour(point, 2, 40)
    assert "Nghỉ theo lịch" in point.text()
    point.tap(0)
