"""An ad-hoc report of one serious incident: what is recorded of it, and nothing that is not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from compliance.coordination import queries as coordination
from compliance.reports.told.parts import ReportPart, ReportScope, listed
from core import clock
from core.db import db
from core.errors import NotFound
from incidents.legal.models import LegalStep
from incidents.record import naming
from incidents.record.models import Incident

LEVELS = {1: "đặc biệt nghiêm trọng", 2: "nghiêm trọng", 3: "trung bình", 4: "nhẹ"}
STEPS = {
    "suspend": "đình chỉ",
    "seal": "niêm phong, bảo quản",
    "leadership": "báo lãnh đạo trực",
    "authority": "thông báo cơ quan có thẩm quyền",
    "record": "lập biên bản",
    "handover": "bàn giao theo yêu cầu bằng văn bản",
    "report": "báo cáo cơ quan quản lý",
}


def what_happened(ground: ReportScope) -> ReportPart:
    """Tell what happened without the title of a restricted one: what is said to whom decides whoever writes."""
    each = _incident_of(ground)
    kind = ground.categories[each.category].name_vi
    lines = [
        f"Sự cố {each.code}: {naming.outside(each)}.",
        f"Loại: {kind}; mức {each.severity}, {LEVELS[each.severity]}; tại {each.unit.name}.",
        f"Phát hiện lúc {_at(each.detected_at)}, ghi nhận lúc {_at(each.created_at)}.",
    ]
    if each.party_state:
        lines.append("Liên quan thông tin liên lạc phục vụ cơ quan Đảng, Nhà nước, chính quyền địa phương.")
    return ReportPart(tuple(lines), (listed("adhoc.incident", "Sự cố được báo cáo", "incident", [each.code]),))


def what_was_done(ground: ReportScope) -> ReportPart:
    each = _incident_of(ground)
    done = [
        ("Báo lãnh đạo trực", each.leadership_told_at),
        ("Tiếp nhận xử lý", each.acknowledged_at),
        ("Xử lý xong", each.resolved_at or each.closed_at),
    ]
    return ReportPart(tuple(f"{what}: {_at(at) if at else 'chưa ghi nhận'}." for what, at in done))


def who_was_told(ground: ReportScope) -> ReportPart:
    each = _incident_of(ground)
    steps = db.session.execute(select(LegalStep.step, LegalStep.recorded_at).filter_by(incident_id=each.id)).tuples()
    recorded = dict(steps.all())
    told = [
        f"{words.capitalize()}: ghi lúc {_at(recorded[code])}." for code, words in STEPS.items() if code in recorded
    ]
    asked = coordination.about_incident(each.id)
    if asked:
        told.append(f"Nhận {len(asked)} yêu cầu phối hợp bằng văn bản liên quan.")
    figure = listed("adhoc.requests", "Yêu cầu phối hợp liên quan", "coordination", [row.id for row in asked])
    return ReportPart(tuple(told) or ("Chưa ghi nhận việc thông báo cơ quan ngoài doanh nghiệp.",), (figure,))


def _incident_of(ground: ReportScope) -> Incident:
    if ground.about is None:
        raise NotFound("incident.unknown")
    return ground.about


def _at(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M ngày %d/%m/%Y}"
