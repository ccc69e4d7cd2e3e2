"""Something of each kind that is told to authorities, in unit BDA: ids by name, for the route matrix."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from compliance.coordination import services as coordination
from compliance.coordination.services import CoordinationRequest as WrittenIn
from compliance.public_pages import notices
from compliance.reports import requesting, sending, services as reports
from compliance.reports.requesting import ReportRequestIn
from compliance.reports.services import ReportRange
from compliance.visits import services as visits
from compliance.visits.services import VisitIn
from core import clock
from tests.support.cast import ADMIN


def others(now: datetime) -> dict[str, Any]:
    day = clock.local_date(now)
    visit = VisitIn("BDA", "Thanh tra Sở", "", None, False, (), "Niêm yết", now)
    written = visits.write(None, 0, visit, actor=ADMIN, now=now)
    wanted = visits.recommend(written.id, "Niêm yết lại.", day, actor=ADMIN, now=now)
    asked = WrittenIn("BDA", None, "Công an", "15/CA", day, now, "Bàn giao", None)
    entry = coordination.receive(asked, actor=ADMIN, now=now)
    file = coordination.attach(
        f"coordination:{entry.id}", written.unit_id, "coordination.write", pdf(), name="a.pdf", actor=ADMIN, now=now
    )
    scan = coordination.attach(
        f"inspection:{written.id}", written.unit_id, "visit.write", pdf(), name="b.pdf", actor=ADMIN, now=now
    )
    request = requesting.add(
        ReportRequestIn(
            "BDA",
            "phone",
            "",
            "Sở",
            "",
            day,
            "",
            day,
            day + timedelta(days=3),
            "15:00",
            "16:00",
            [{"name": "Phòng BCVT", "mail": "", "phone": ""}],
        ),
        actor=ADMIN,
        now=now,
    )
    told = sending.told(
        request.id, day, sending.HeardAnswer("Phòng BCVT", "phone", heard_by="Ông Tám", at=now), actor=ADMIN, now=now
    )
    report = reports.draft(ReportRange("daily", "BDA", day, day), actor=ADMIN, now=now)
    notice = notices.write("BDA", notices.NoticeWords("Tạm dừng nhận hàng.", "", None), actor=ADMIN, now=now)
    return {
        "visit": written.id,
        "recommendation": wanted.id,
        "coordination": entry.id,
        "coordination_file": file.id,
        "visit_file": scan.id,
        "report_request": request.id,
        "report_sent": told.id,
        "report": report.id,
        "notice": notice.id,
    }


def pdf() -> bytes:
    """The parts that every PDF has."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
