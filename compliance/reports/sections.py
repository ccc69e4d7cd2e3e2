"""Which sections each kind of report has, and who tells what in them, in order.

A room that has data adds its teller here, in the place of the ``no_source`` that says there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.reports import told_adhoc, told_duty, told_general, told_incidents, told_others
from compliance.reports.parts import Teller, no_source


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
        (told_incidents.network, no_source("sản lượng, tồn đọng")),
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
            no_source("số gói, kiện đã kiểm tra nội dung trước khi chấp nhận"),
            told_incidents.prohibited,
            told_others.requests,
        ),
    ),
    Section(
        "posting",
        "7. Niêm yết, kiểm tra",
        (no_source("niêm yết tại điểm phục vụ"), told_others.inspections),
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
