"""Which sections each kind of report has, and who tells what in them, in order.

A teller that finds nothing to count says what is missing (``Part.missing``), so that nobody takes it for none.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.reports import told_adhoc, told_duty, told_general, told_incidents, told_others, told_points
from compliance.reports.parts import Teller


@dataclass(frozen=True)
class Section:
    """``title`` as on paper, with its number."""

    code: str
    title: str
    tellers: tuple[Teller, ...]


BODY = (
    Section("general", "1. Tình hình chung", (told_general.general,)),
    Section("duty", "2. Công tác trực", (told_duty.duty,)),
    Section(
        "network",
        "3. Mạng lưới, sản lượng, tồn đọng",
        (told_incidents.network, told_points.backlog),
    ),
    Section(
        "kt1",
        "4. Dịch vụ KT1, thông tin liên lạc phục vụ Đảng, Nhà nước",
        (told_incidents.kt1, told_incidents.party_and_state, told_others.customers),
    ),
    Section(
        "incidents",
        "5. Sự cố",
        (told_incidents.all_of_them, told_incidents.by_phase, told_incidents.after_the_last),
    ),
    Section(
        "prohibited",
        "6. Hàng cấm gửi, phối hợp với cơ quan chức năng",
        (
            told_points.checks,
            told_incidents.prohibited,
            told_others.requests,
        ),
    ),
    Section(
        "posting",
        "7. Niêm yết, kiểm tra",
        (told_points.posted, told_others.inspections),
    ),
    Section("difficulties", "8. Khó khăn, kiến nghị", (told_general.difficulties,)),
)
ADHOC = (
    Section("happened", "1. Sự việc", (told_adhoc.what_happened,)),
    Section("done", "2. Xử lý", (told_adhoc.what_was_done,)),
    Section("told", "3. Thông báo, phối hợp với cơ quan chức năng", (told_adhoc.who_was_told,)),
    Section("difficulties", "4. Khó khăn, kiến nghị", (told_general.difficulties,)),
)
OF_KIND = {"daily": BODY, "summary": BODY, "adhoc": ADHOC}
