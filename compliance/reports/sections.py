"""Which sections each kind of report has, and who tells what in them, in order.

A teller that finds nothing to count says what is missing (``ReportPart.missing``), so that nobody takes it for none.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.reports.told import adhoc, duty, general, incidents, others, points
from compliance.reports.told.parts import Teller


@dataclass(frozen=True)
class ReportSection:
    """``title`` as on paper, with its number."""

    code: str
    title: str
    tellers: tuple[Teller, ...]


BODY = (
    ReportSection("general", "1. Tình hình chung", (general.general,)),
    ReportSection("duty", "2. Công tác trực", (duty.duty,)),
    ReportSection(
        "network",
        "3. Mạng lưới, sản lượng, tồn đọng",
        (incidents.network, points.backlog),
    ),
    ReportSection(
        "kt1",
        "4. Dịch vụ KT1, thông tin liên lạc phục vụ Đảng, Nhà nước",
        (incidents.kt1, incidents.party_and_state, others.customers),
    ),
    ReportSection(
        "incidents",
        "5. Sự cố",
        (incidents.all_of_them, incidents.by_phase, incidents.after_the_last),
    ),
    ReportSection(
        "prohibited",
        "6. Hàng cấm gửi, phối hợp với cơ quan chức năng",
        (
            points.checks,
            incidents.prohibited,
            others.requests,
        ),
    ),
    ReportSection(
        "posting",
        "7. Niêm yết, kiểm tra",
        (points.posted, others.inspections),
    ),
    ReportSection("difficulties", "8. Khó khăn, kiến nghị", (general.difficulties,)),
)
ADHOC = (
    ReportSection("happened", "1. Sự việc", (adhoc.what_happened,)),
    ReportSection("done", "2. Xử lý", (adhoc.what_was_done,)),
    ReportSection("told", "3. Thông báo, phối hợp với cơ quan chức năng", (adhoc.who_was_told,)),
    ReportSection("difficulties", "4. Khó khăn, kiến nghị", (general.difficulties,)),
)
OF_KIND = {"daily": BODY, "summary": BODY, "adhoc": ADHOC}
