"""Tết Canh Tý as the department was told of it: daily reports from the 23rd to the 29th, one nil, one by telephone,
an unannounced inspection, and the summary afterwards. Every figure is counted a second time by plain SQL."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from compliance.reports import late, queries, sending, services
from compliance.reports.models import Report, ReportAlarm, ReportSent
from compliance.reports.services import ReportRange
from core import clock
from core.db import db, transaction
from documents.issued import queries as issued
from documents.models import Document
from incidents.response import lifecycle
from notify.models import Message
from roster.campaigns.models import Campaign
from tests.support import papers, reporting
from tests.support.cast import ADMIN
from tests.support.enterprise import sign_in
from tests.support.in_parallel import in_parallel
from tests.support.office_things import pdf
from tests.support.reporting import FIRST, LAST, at, figures
from tests.support.tet_night import Night

SO = "Sở Thông tin và Truyền thông"


class Season:
    """An, who leads the district, in a browser; the clock goes where he is."""

    def __init__(self, night: Night, client: FlaskClient) -> None:
        self.night, self.client = night, client
        self.found = reporting.a_week(night)
        papers.settle(at(20, 8))
        with clock.travel(at(22, 9)):
            sign_in(client, "an1")

    def see(self, path: str, now: datetime) -> str:
        with clock.travel(now):
            answer = self.client.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
        return answer.get_data(as_text=True)

    def post(self, path: str, now: datetime, status: int = 303, **fields: Any) -> str:
        with clock.travel(now):
            answer = self.client.post(path, data=fields)
        assert answer.status_code == status, answer.get_data(as_text=True)[-2500:]
        return answer.headers.get("Location") or answer.get_data(as_text=True)

    def asked(self, form: str, first: int, last: int, **more: str) -> int:
        given = {
            "unit": "BDA",
            "form": form,
            "kind": "daily",
            "asked_by": SO,
            "number": "112/STTTT-BCVT",
            "asked_on": "22/01/2020",
            "starts_on": f"{first}/01/2020",
            "ends_on": f"{last}/01/2020",
            "opens": "15:00",
            "until": "16:00",
            "recipients": "Phòng BCVT; bcvt@stttt.example; 0269 382 1111\nVăn phòng Sở; vp@stttt.example",
        }
        where = self.post("/letter/reports/requests", at(22, 9), **given | more)
        return int(where.rpartition("/")[2])

    def drafted(self, kind: str, first: date, now: datetime, last: date | None = None, **more: str) -> Report:
        fields = {"kind": kind, "unit": "BDA", "starts_on": f"{first:%d/%m/%Y}", "ends_on": f"{last or first:%d/%m/%Y}"}
        where = self.post("/letter/reports/", now, **fields | more)
        return self.fresh(int(where.rpartition("/")[2]))

    def fresh(self, report_id: int) -> Report:
        db.session.expire_all()
        return queries.report_by_id(report_id)

    def do(self, row: Report, what: str, now: datetime, status: int = 303, **fields: Any) -> str:
        said = {"do": what, "version": self.fresh(row.id).version} | fields
        return self.post(f"/letter/reports/{row.id}", now, status, **said)

    def leaves(self, row: Report, now: datetime) -> Document:
        """Approved, issued, sent."""
        for what in ("approve", "issue", "send"):
            self.do(row, what, now)
        return queries.documents([row.id])[row.id]


@pytest.fixture
def season(night: Night, client: FlaskClient) -> Iterator[Season]:
    yield Season(night, client)


def lines(row: Report, code: str) -> str:
    return " ".join(next(each for each in row.sections if each["code"] == code)["lines"])


def check_every_figure(row: Report) -> None:
    assert len(figures(row)) > 16
    assert reporting.wrong_figures(row) == {}


@pytest.mark.both_dbs("requests, mails, receipts and what was told: row locks, counts by SQL of each")
def test_a_week_of_daily_reports_one_nil_and_one_told_on_the_telephone(season: Season) -> None:
    by_letter = season.asked("report", 23, 29)
    by_phone = season.asked(
        "phone", 27, 27, asked_by="Trưởng phòng BCVT", number="", recipients="Phòng BCVT; 02693821111"
    )
    lifecycle.resolve(season.found["truck"].id, actor=ADMIN, now=at(23, 14))
    reports = {}
    for day in range(FIRST.day, LAST.day + 1):
        now = at(day, 15, 20)
        row = season.drafted("daily", date(2020, 1, day), now)
        check_every_figure(row)
        document = season.leaves(row, now)
        reports[day] = season.fresh(row.id)
        assert (document.number, document.kind, document.code) == (day - 22, "compliance.daily", f"0{day - 22}/BC-BĐA")
    # The 26th was quiet, and that is said.
    assert "Trong ngày không có sự cố." in lines(reports[26], "incidents")
    assert figures(reports[26])["incidents.all"] == 0
    # Mùng 1: one KT1, one parcel with firecrackers; Party and State have a line of their own.
    assert "Trong ngày có 1 sự cố bưu gửi KT1" in lines(reports[25], "kt1")
    assert "cấp: 1 sự cố" in lines(reports[25], "kt1") and figures(reports[25])["prohibited.incidents"] == 1
    assert "Mùng 1 tháng Giêng năm Canh Tý" in lines(reports[25], "general")
    assert {day: row.phase for day, row in reports.items()}[25] == "during"
    # The truck of the 23rd was mended by the afternoon; the roster lacked an emergency shift on the 28th.
    assert figures(reports[23])["incidents.done"] == 1
    assert "Trực ứng cứu thông tin: không có ca" in lines(reports[28], "duty")
    # What was logged at 20:00 on the 24th, after that day's report, is told on the 25th and in no day's count twice.
    assert figures(reports[24])["incidents.all"] == 0 and figures(reports[25])["incidents.after_the_last"] == 1
    # What nothing is known of is said to be missing, not to be none.
    assert "Chưa có nguồn dữ liệu trong hệ thống về sản lượng, tồn đọng." in lines(reports[25], "network")
    # On the 27th the head of the office rang: who listened, and when.
    call, calls = f"/letter/reports/requests/{by_phone}", at(27, 15, 40)
    said = {"do": "told", "way": "phone", "day": "27/01/2020", "recipient": "Phòng BCVT", "at": "27/01/2020 15:35"}
    assert "Ghi tên người nghe" in season.post(call, calls, 422, **said)
    for _again in range(2):
        season.post(call, calls, **said, heard_by="Ông Lê Văn Tám", note="Đã đọc đủ tám mục.")
    page = season.see(f"/letter/reports/requests/{by_phone}", at(27, 16))
    assert "Ông Lê Văn Tám" in page and "15:35 27/01/2020" in page and page.count("Đã đọc đủ tám mục.") == 1
    db.session.expire_all()
    days = queries.dues([queries.request_by_id(by_letter)], FIRST, LAST, at(30, 8))
    assert [each.state for each in days] == ["done"] * 7
    told = queries.dues([queries.request_by_id(by_phone)], FIRST, LAST, at(30, 8))
    assert [(each.day.day, each.state) for each in told] == [(27, "done")]
    # Fourteen mails left, two a day, with the words and the number of the report.
    mails = db.session.scalars(select(Message).where(Message.topic.like("report/%")).order_by(Message.id)).all()
    assert len(mails) == 14 and {each.address for each in mails} == {"bcvt@stttt.example", "vp@stttt.example"}
    assert "01/BC-BĐA" in mails[0].subject and "Trong ngày không có sự cố." in mails[6].body
    # What is asked no more stays as it was until then.
    season.post(f"/letter/reports/requests/{by_letter}", at(30, 9), do="end", reason="Hết đợt trực")
    assert "Yêu cầu này đã được" in season.post(
        f"/letter/reports/requests/{by_letter}", at(30, 9), 409, do="end", reason="Hết đợt trực"
    )
    # A receipt is noted once.
    sent = db.session.scalars(select(ReportSent).where(ReportSent.report_id == reports[23].id)).first()
    for who in ("Chị Hoa văn thư", "Người khác"):
        heard = {"received_by": who, "received_at": "23/01/2020 16:10"}
        season.post(f"/letter/reports/sent/{sent.id}/receipt", at(23, 17), **heard)
    page = season.see(f"/letter/reports/{reports[23].id}", at(24, 8))
    assert "Chị Hoa văn thư" in page and "Người khác" not in page


def test_each_figure_opens_its_list_and_the_paper_says_the_same(season: Season) -> None:
    season.asked("report", 23, 29)
    row = season.drafted("daily", date(2020, 1, 25), at(25, 15))
    page = season.see(f"/letter/reports/{row.id}", at(25, 15))
    assert f'href="/letter/reports/{row.id}/figures/kt1.incidents"' in page
    found = season.see(f"/letter/reports/{row.id}/figures/kt1.incidents", at(25, 15))
    assert season.found["kt1"].code in found and season.found["firecrackers"].code not in found
    shifts = season.see(f"/letter/reports/{row.id}/figures/duty.leadership.shifts", at(25, 15))
    assert "/roster/shifts/" in shifts
    season.do(row, "save", at(25, 15, 5), **{"text-difficulties": "Đề nghị hỗ trợ một xe tải.\nĐường An Khê sạt lở."})
    document = season.leaves(row, at(25, 15, 30))
    whole = issued.readable(document.id, season.night.actor("AN1", "manager"), at(25, 16), files=True)
    words = zipfile.ZipFile(io.BytesIO(whole.docx)).read("word/document.xml").decode()
    for said in ("4. Dịch vụ KT1", "Đề nghị hỗ trợ một xe tải.", "Sự cố bưu gửi KT1", "01/BC-BĐA"):
        assert said in words
    assert whole.pdf.startswith(b"%PDF-")
    # Issued, it stays as it is; a further edition is another report with another number.
    assert "Báo cáo đã ban hành" in season.do(row, "reopen", at(25, 16), 409)
    again = season.drafted("daily", date(2020, 1, 25), at(25, 18), again="yes")
    assert (again.edition, again.id == row.id) == (2, False)
    assert season.leaves(again, at(25, 18)).code == "02/BC-BĐA"


def test_a_report_whose_figures_have_changed_is_not_approved_until_it_is_drawn_again(season: Season) -> None:
    row = season.drafted("daily", date(2020, 1, 26), at(26, 15))
    season.do(row, "save", at(26, 15, 1), **{"text-general": "Tình hình ổn định."})
    season.night.log("Cháy nhỏ ở kho", now=at(26, 15, 5))
    page = season.do(row, "approve", at(26, 15, 10), 409)
    assert "Số liệu đã đổi từ lúc lập" in page and "Tổng số sự cố" in page
    season.do(row, "redraw", at(26, 15, 11))
    row = season.fresh(row.id)
    check_every_figure(row)
    assert figures(row)["incidents.all"] == 1 and row.sections[0]["text"] == "Tình hình ổn định."
    season.do(row, "approve", at(26, 15, 12))
    assert season.fresh(row.id).state == "approved"


@pytest.mark.both_dbs("two at once: row locks and ON CONFLICT")
def test_two_people_who_draft_issue_and_send_at_once_make_one_of_each(season: Season, app: Flask) -> None:
    season.asked("report", 23, 29)
    now, an = at(25, 15), season.night.actor("AN1", "manager")

    def draft(_number: int) -> int:
        return services.draft(ReportRange("daily", "BDA", FIRST, FIRST), actor=an, now=now).id

    ids = in_parallel(app, 4, draft)
    assert len(set(ids)) == 1
    services.approve(ids[0], 1, actor=an, now=now)
    codes = in_parallel(app, 4, lambda _number: sending.issue(ids[0], actor=an, now=now).code)
    assert set(codes) == {"01/BC-BĐA"}
    in_parallel(app, 4, lambda _number: len(sending.send(ids[0], actor=an, now=now)))
    db.session.expire_all()
    assert db.session.scalar(select(func.count(ReportSent.id))) == 2
    assert db.session.scalar(select(func.count(Message.id)).where(Message.topic == f"report/{ids[0]}")) == 2


def test_a_late_report_is_told_once_to_whoever_leads(season: Season) -> None:
    season.asked("report", 24, 25)
    assert late.tell(at(24, 15, 59)) == 0
    assert late.tell(at(24, 16, 1)) == 1 and late.tell(at(24, 16, 2)) == 0
    written = db.session.scalars(select(Message).where(Message.topic.like("report-late/%"))).all()
    assert [each.address for each in written] == ["an1@buudien.example"]
    assert "hạn 16:00" in written[0].body and "Phòng BCVT, Văn phòng Sở" in written[0].body
    assert db.session.scalar(select(func.count()).select_from(ReportAlarm)) == 1
    assert "Quá hạn" in season.see("/letter/reports/", at(24, 17))
    # What is done late is done, and says that it was late.
    row = season.drafted("daily", date(2020, 1, 24), at(24, 17))
    season.leaves(row, at(24, 17, 5))
    assert "Đã báo cáo, muộn" in season.see("/letter/reports/", at(24, 17, 10))


@pytest.mark.both_dbs("row locks of inspections")
def test_an_unannounced_inspection_stands_in_the_report_until_what_it_wants_is_done(season: Season) -> None:
    where = season.post(
        "/letter/visits/",
        at(28, 9, 30),
        unit="BDA-1",
        body="Thanh tra Sở",
        announced="no",
        decision="05/QĐ-TTr",
        decided_on="28/01/2020",
        began_at="28/01/2020 09:00",
        subject="Niêm yết, kiểm tra gói kiện",
        members="Bà Nguyễn Thị Lan, trưởng đoàn\nÔng Rơ Châm Hưng",
    )
    season.post(where, at(28, 11), do="recommend", text="Niêm yết lại danh mục.", due_on="29/01/2020")
    daily = season.drafted("daily", date(2020, 1, 28), at(28, 15))
    check_every_figure(daily)
    assert "Có 1 đoàn kiểm tra (1 đột xuất)" in lines(daily, "posting")
    later = season.drafted("daily", date(2020, 1, 31), at(31, 15))
    check_every_figure(later)
    assert figures(later)["visits.overdue"] == 1
    page = season.see(where, at(31, 15))
    assert "Quá hạn" in page and "Bà Nguyễn Thị Lan, trưởng đoàn" in page
    number = page.split('name="id" value="')[1].split('"')[0]
    season.post(where, at(31, 16), do="follow", id=number, result="Đã dán lại, có ảnh.")
    assert figures(season.drafted("daily", date(2020, 1, 30), at(31, 16, 5)))["visits.overdue"] == 0
    assert "Đã thực hiện" in season.see(where, at(31, 17))


def test_the_summary_tells_each_phase_and_what_the_tet_before_was_like(season: Season) -> None:
    with transaction() as session:
        session.add(
            Campaign(
                name="Tết Kỷ Hợi",
                tet_year=2019,
                unit_id=season.night.ids["BDT"],
                starts_on=date(2019, 1, 28),
                ends_on=date(2019, 2, 10),
                state="published",
                revision=1,
                created_at=at(1, 8),
                created_by="kiểm thử",
            )
        )
    season.night.log("Mất điện Tết trước", now=datetime.fromisoformat("2019-02-05T03:00:00+00:00"))
    row = season.drafted("summary", date(2020, 1, 16), at(5, 15, month=2), date(2020, 2, 5))
    check_every_figure(row)
    found = {each["code"]: each for section in row.sections for each in section["figures"]}
    assert (found["incidents.all"]["value"], found["incidents.all"]["before"]) == (6, 1)
    phases = sum(found[f"incidents.{phase}"]["value"] for phase in ("before", "during", "after"))
    assert phases == 6 and row.phase is None
    assert "Cùng kỳ Tết trước (28/01/2019–10/02/2019): 1 sự cố." in lines(row, "incidents")
    season.asked("report", 16, 31, kind="summary", ends_on="05/02/2020")
    assert season.leaves(row, at(5, 16, month=2)).kind == "compliance.summary"


def test_an_ad_hoc_report_tells_what_is_recorded_and_nothing_else(season: Season) -> None:
    code = season.found["kt1"].code
    row = season.drafted("adhoc", date(2020, 1, 25), at(25, 4), incident=code)
    assert lines(row, "happened").startswith(f"Sự cố {code}") and row.phase == "during"
    assert "Xử lý xong: chưa ghi nhận." in lines(row, "done")
    assert "Chưa ghi nhận việc thông báo cơ quan ngoài doanh nghiệp." in lines(row, "told")
    # Of another district's incident An reports nothing.
    theirs = season.found["elsewhere"].code
    other = season.post("/letter/reports/", at(27, 9), 422, kind="adhoc", unit="BDA", incident=theirs)
    assert "mã một sự cố của đơn vị" in other


@pytest.mark.both_dbs("row locks of coordination; ON CONFLICT of its papers")
def test_what_police_ask_for_in_writing_is_answered_handed_over_and_counted(season: Season) -> None:
    where = season.post(
        "/letter/coordination/",
        at(25, 11),
        unit="BDA",
        name="Công an huyện",
        number="15/CAH",
        dated_on="25/01/2020",
        received_at="25/01/2020 10:45",
        scope="Bàn giao gói nghi pháo",
        due_at="25/01/2020 17:00",
        incident=season.found["firecrackers"].code,
    )
    for name in ("cong-van-15.pdf", "lan-nua.pdf"):  # the same paper: kept once
        season.post(where, at(25, 12), do="file", file=(io.BytesIO(pdf()), name))
    page = season.see(where, at(25, 12))
    assert "cong-van-15.pdf" in page and "lan-nua.pdf" not in page
    row = season.drafted("daily", date(2020, 1, 25), at(25, 15))
    check_every_figure(row)
    assert "chưa trả lời 1" in lines(row, "prohibited")
    assert "Việc này đã ghi" in season.post(where, at(25, 15), 409, do="close", version="1")
    season.post(where, at(25, 16), do="hand_over", version="1", text="Một gói, biên bản 01", to="Thượng úy Nay Kim")
    season.post(where, at(25, 17), do="close", version="2")
    page = season.see(where, at(25, 18))
    assert "Thượng úy Nay Kim" in page and "Đã đóng" in page
    season.do(row, "redraw", at(25, 18))
    check_every_figure(season.fresh(row.id))
    assert figures(season.fresh(row.id))["coordination.waiting"] == 0


def test_who_was_not_rung_before_tet_is_listed(season: Season) -> None:
    season.post(
        "/letter/authorities",
        at(20, 9),
        do="customer",
        unit="BDA",
        name="Huyện ủy",
        contact="Trực ban",
        phone="02693822222",
        place="Cổng số 1",
    )
    page = season.see("/letter/authorities", at(20, 9))
    assert "Chưa gọi được: " in page and "Huyện ủy" in page.split("Chưa gọi được: ")[1].split("<")[0]
    number = page.split('name="customer" value="')[1].split('"')[0]
    season.post("/letter/authorities", at(20, 10), customer=number, answered="no", remark="Đổ chuông, không ai nghe")
    assert "Không gọi được" in season.see("/letter/authorities", at(20, 10))
    row = season.drafted("daily", date(2020, 1, 24), at(24, 15))
    check_every_figure(row)
    assert figures(row)["kt1.untested"] == 1
    season.post("/letter/authorities", at(24, 15, 30), customer=number, answered="yes")
    page = season.see("/letter/authorities", at(24, 16))
    assert "Huyện ủy" not in page.partition("Chưa gọi được: ")[2].split(".")[0]
    assert "Đổ chuông, không ai nghe" in page  # the log keeps what was


def test_whoever_only_works_there_reads_no_report_but_writes_down_who_came(season: Season, new_client: Any) -> None:
    client = new_client()
    with clock.travel(at(28, 3)):
        sign_in(client, "bi1")
        assert client.get("/letter/visits/").status_code == 200
    with clock.travel(at(28, 3) - timedelta(days=12)):  # not on duty then
        assert client.get("/letter/reports/").status_code == 403
