"""Whom the demo's province speaks with: customers of KT1 and authorities, the police, inspectors, the department."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from compliance.coordination import queries as coordination_queries, services as coordination
from compliance.coordination.services import CoordinationRequest as Asked, CoordinationStep
from compliance.reports import requesting, sending, services as reports
from compliance.reports.models import ReportRequest
from compliance.reports.requesting import ReportRequestIn
from compliance.reports.services import ReportRange
from compliance.visits import services as visits
from compliance.visits.services import VisitIn
from core import clock
from desk.demo.letter.scene import Scene, at
from incidents.catalogue import directory

DEPARTMENT = "Phòng Bưu chính, viễn thông (minh họa)"
OFFICE = "Văn phòng Sở (minh họa)"
RECIPIENTS = (
    {"name": DEPARTMENT, "mail": "buuchinh@so.example", "phone": "02693811111"},
    {"name": OFFICE, "mail": "vanphong@so.example", "phone": ""},
)
CUSTOMERS = (
    ("Văn phòng Tỉnh ủy (minh họa)", "Trực ban, cổng số 1", "02693822222"),
    ("Văn phòng UBND tỉnh (minh họa)", "Trực cơ yếu", "02693822223"),
)
AUTHORITIES = (
    ("Công an phường Phố Núi (minh họa)", "police", "02693833333"),
    ("Công ty Điện lực (minh họa)", "power", "02693844444"),
)


def list_contacts(scene: Scene, now: datetime) -> None:
    """Who is rung at night: each once, and the last customer does not answer at first."""
    for name, contact, phone in CUSTOMERS:
        typed = {"unit": scene.top.code, "name": name, "contact": contact, "phone": phone, "place": ""}
        row = coordination.save_customer(None, typed, actor=scene.manager, now=now)
        answered = name != CUSTOMERS[-1][0]
        said = "" if answered else "Đổ chuông, không ai nghe"
        coordination.rang(row, answered=answered, remark=said, at=now, actor=scene.manager, now=now)
    for name, role, phone in AUTHORITIES:
        typed = {"unit": scene.top.code, "name": name, "role": role, "phone": phone, "phone_24h": phone}
        body = directory.save_authority(None, typed, actor=scene.manager, now=now)
        coordination.rang(body, answered=True, at=now, actor=scene.manager, now=now)


def ring_again(scene: Scene, now: datetime) -> None:
    """Ring again before the coming Tết: the customers of KT1 that are listed."""
    for row in coordination_queries.customers_on([scene.top.id], clock.local_date(now))[:1]:
        coordination.rang(row, answered=True, remark="Nghe ngay", at=now, actor=scene.manager, now=now)


def police_ask(scene: Scene, unit_code: str, incident: str, when: datetime) -> None:
    """A written request about a parcel; answered, handed over, closed."""
    asked = Asked(
        unit_code,
        None,
        AUTHORITIES[0][0],
        "15/CAP",
        when.date(),
        when,
        "Bàn giao một gói nghi pháo.",
        when + timedelta(hours=6),
        incident,
    )
    row = coordination.receive(asked, actor=scene.manager, now=when)
    handed = CoordinationStep("hand_over", None, "Một gói nghi pháo, biên bản số 01", to="Thượng úy Nay Kim (minh họa)")
    steps = (
        CoordinationStep("answer", None, "Sẽ bàn giao trong buổi chiều.", "03/BĐCN"),
        handed,
        CoordinationStep("close", None),
    )
    for hour, step in enumerate(steps, 1):
        coordination.step(row.id, row.version, step, actor=scene.manager, now=when + timedelta(hours=hour))


def visit(scene: Scene, unit_code: str, when: datetime) -> None:
    """Nobody had said that they would come; one thing is to be mended by the next day."""
    came = VisitIn(
        unit_code,
        "Thanh tra Sở (minh họa)",
        "05/QĐ-TTr",
        when.date(),
        False,
        ("Bà Nguyễn Thị Lan, trưởng đoàn (minh họa)",),
        "Niêm yết, kiểm tra gói, kiện",
        when,
    )
    now = when + timedelta(hours=2)
    row = visits.write(None, 0, came, actor=scene.manager, now=now)
    text = "Dán lại danh mục ở quầy 2 cho khách nhìn thấy."
    wanted = visits.recommend(row.id, text, when.date() + timedelta(days=1), actor=scene.manager, now=now)
    done = when + timedelta(days=1)
    visits.follow(row.id, wanted.id, "Đã dán lại, có ảnh.", actor=scene.manager, now=done)


def ask(scene: Scene, form: str, first: date, last: date, *, now: datetime) -> ReportRequest:
    """The department asks for a report in writing each day, or for a call."""
    wanted = ReportRequestIn(
        scene.top.code,
        form,
        "daily" if form == "report" else "",
        "Sở Thông tin và Truyền thông (minh họa)",
        "112/MH-BCVT" if form == "report" else "",
        now.date(),
        "Số sự cố, KT1, hàng cấm, trực lãnh đạo; không có cũng báo.",
        first,
        last,
        "15:00",
        "16:00",
        RECIPIENTS if form == "report" else RECIPIENTS[:1],
    )
    return requesting.add(wanted, actor=scene.manager, now=now)


def report(scene: Scene, day: date) -> None:
    """Drafted at 15:10, approved, issued and mailed; somebody says an hour later that it is there."""
    now = at(day, 15, 10)
    row = reports.draft(ReportRange("daily", scene.top.code, day, day), actor=scene.manager, now=now)
    reports.approve(row.id, row.version, actor=scene.manager, now=now)
    sending.issue(row.id, actor=scene.manager, now=now + timedelta(minutes=5))
    sent = sending.send(row.id, actor=scene.manager, now=now + timedelta(minutes=6))
    back = at(day, 16, 5)
    sending.receipt(sent[0].id, "Chị Hoa, văn thư (minh họa)", back, actor=scene.manager, now=back)


def call(scene: Scene, request: ReportRequest, when: datetime) -> None:
    sending.told(
        request.id,
        when.date(),
        sending.HeardAnswer(DEPARTMENT, "phone", heard_by="Ông Lê Văn Tám (minh họa)", at=when, note="Đọc đủ tám mục."),
        actor=scene.manager,
        now=when + timedelta(minutes=5),
    )
