"""What was done with others: written requests of authorities, KT1 customers out of hours, inspections."""

from __future__ import annotations

from compliance.coordination import queries as coordination
from compliance.reports.told.parts import ReportPart, ReportScope, listed
from compliance.visits import queries as visits
from core import clock


def requests(ground: ReportScope) -> ReportPart:
    found = coordination.received(ground.units, ground.starts_at, ground.ends_at)
    waiting = [each for each in found if each.state == "open"]
    told = (
        listed("coordination.received", "Yêu cầu bằng văn bản đã nhận", "coordination", [each.id for each in found]),
        listed("coordination.waiting", "Yêu cầu chưa trả lời", "coordination", [each.id for each in waiting]),
    )
    if not found:
        return ReportPart(("Không nhận yêu cầu phối hợp bằng văn bản của cơ quan nhà nước.",), told)
    said = f"đã trả lời hoặc bàn giao {len(found) - len(waiting)}, chưa trả lời {len(waiting)}"
    return ReportPart((f"Nhận {len(found)} yêu cầu phối hợp bằng văn bản của cơ quan nhà nước; {said}.",), told)


def customers(ground: ReportScope) -> ReportPart:
    """Whether those who take KT1 out of hours were rung and answered, since 30 days before the report begins."""
    found = coordination.customers_on(ground.units, ground.until)
    if not found:
        return ReportPart((), missing=("danh bạ đầu mối nhận KT1 ngoài giờ",))
    silent = coordination.untested_customers(found, ground.starts_at - coordination.FRESH, ground.ends_at)
    told = (
        listed("kt1.customers", "Đầu mối nhận KT1 ngoài giờ", "customer", [each.id for each in found]),
        listed("kt1.untested", "Đầu mối KT1 chưa gọi kiểm tra được", "customer", [each.id for each in silent]),
    )
    return ReportPart((f"Đầu mối nhận KT1 ngoài giờ: {len(found)}, chưa gọi kiểm tra được {len(silent)}.",), told)


def inspections(ground: ReportScope) -> ReportPart:
    found = visits.begun(ground.units, ground.starts_at, ground.ends_at)
    unannounced = [each for each in found if not each.announced]
    due = visits.overdue(ground.units, min(ground.until, clock.local_date(ground.now)))
    told = (
        listed("visits.all", "Đoàn kiểm tra", "inspection", [each.id for each in found]),
        listed("visits.unannounced", "Trong đó kiểm tra đột xuất", "inspection", [each.id for each in unannounced]),
        listed("visits.overdue", "Kiến nghị quá hạn chưa xong", "recommendation", [each.id for each in due]),
    )
    said = f"Có {len(found)} đoàn kiểm tra ({len(unannounced)} đột xuất)" if found else "Không có đoàn kiểm tra"
    late = f"; {len(due)} kiến nghị quá hạn chưa thực hiện xong" if due else ""
    return ReportPart((f"{said}{late}.",), told)
