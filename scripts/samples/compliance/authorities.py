"""What is told to authorities and the public: a request, a report of today, a written request, an inspection."""

from __future__ import annotations

from datetime import datetime, timedelta

from compliance.coordination import services as coordination
from compliance.coordination.services import CoordinationRequest as WrittenIn
from compliance.public_pages import notices
from compliance.reports import requesting, sending, services as reports
from compliance.reports.requesting import ReportRequestIn
from compliance.reports.services import ReportRange
from compliance.visits import services as visits
from compliance.visits.services import VisitIn
from core import clock
from core.actor import Actor

DEPARTMENT = "Phòng Bưu chính, Sở Khoa học và Công nghệ"


def prepare(unit: str, *, now: datetime, actor: Actor) -> dict[str, str]:
    """The ids that paths name."""
    today = clock.local_date(now)
    asked = ReportRequestIn(
        unit,
        "report",
        "daily",
        "Sở Khoa học và Công nghệ",
        "412/SKHCN-BCVT",
        today - timedelta(days=4),
        "Số sự cố, KT1, trực lãnh đạo.",
        today - timedelta(days=2),
        today + timedelta(days=4),
        "15:00",
        "16:00",
        [{"name": DEPARTMENT, "mail": "buuchinh@so.example", "phone": "02693811111"}],
    )
    request = requesting.add(asked, actor=actor, now=now)
    day = today - timedelta(days=2)
    sending.told(
        request.id,
        day,
        sending.HeardAnswer(
            DEPARTMENT, "phone", heard_by="Ông Lê Văn Tám", at=now - timedelta(days=1), note="Đọc đủ tám mục."
        ),
        actor=actor,
        now=now,
    )
    report = reports.draft(ReportRange("daily", unit, today, today), actor=actor, now=now)
    customer = {"unit": unit, "name": "Văn phòng Tỉnh ủy", "contact": "Trực ban", "phone": "02693822222"}
    kept = coordination.save_customer(None, customer | {"place": "Cổng số 1"}, actor=actor, now=now)
    coordination.rang(kept, answered=True, remark="Nghe ngay", at=now - timedelta(hours=3), actor=actor, now=now)
    written = WrittenIn(
        unit,
        None,
        "Công an phường",
        "15/CAP",
        today,
        now - timedelta(hours=2),
        "Bàn giao một gói nghi pháo.",
        now + timedelta(hours=6),
    )
    entry = coordination.receive(written, actor=actor, now=now)
    came = VisitIn(
        unit,
        "Thanh tra Sở Khoa học và Công nghệ",
        "05/QĐ-TTr",
        today,
        False,
        ("Bà Nguyễn Thị Lan, trưởng đoàn",),
        "Niêm yết, kiểm tra gói kiện",
        now - timedelta(hours=5),
    )
    visit = visits.write(None, 0, came, actor=actor, now=now)
    visits.recommend(visit.id, "Niêm yết lại danh mục ở quầy 2.", today + timedelta(days=3), actor=actor, now=now)
    notices.write(
        unit,
        notices.NoticeWords(
            "Bưu cục tạm dừng nhận hàng do mất điện.", "No parcels are accepted: power cut.", now + timedelta(hours=1)
        ),
        actor=actor,
        now=now,
    )
    return {
        "report_request": str(request.id),
        "authority_report": str(report.id),
        "coordination": str(entry.id),
        "visit": str(visit.id),
    }
