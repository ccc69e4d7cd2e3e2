"""Which sections each kind of report has, and who tells what in them, in order.

A room that has data adds its teller here, in the place of the ``no_source`` that says there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.reports.told import adhoc, duty, general, incidents, others
from compliance.reports.told.parts import Teller, no_source


@dataclass(frozen=True)
class Section:
    """``title`` as on paper, with its number."""

    code: str
    title: str
    tellers: tuple[Teller, ...]


BODY = (
    Section("general", "1. Tình hình chung", (general.general,)),
    Section("duty", "2. Công tác trực", (duty.duty,)),
    Section(
        "network",
        "3. Mạng lưới, sản lượng, tồn đọng",
        (incidents.network, no_source("sản lượng, tồn đọng")),
    ),
    Section(
        "kt1",
        "4. Dịch vụ KT1, thông tin liên lạc phục vụ Đảng, Nhà nước",
        (incidents.kt1, incidents.party_and_state, others.customers),
    ),
    Section(
        "incidents",
        "5. Sự cố",
        (incidents.all_of_them, incidents.by_phase, incidents.after_the_last),
    ),
    Section(
        "prohibited",
        "6. Hàng cấm gửi, phối hợp với cơ quan chức năng",
        (
            no_source("số gói, kiện đã kiểm tra nội dung trước khi chấp nhận"),
            incidents.prohibited,
            others.requests,
        ),
    ),
    Section(
        "posting",
        "7. Niêm yết, kiểm tra",
        (no_source("niêm yết tại điểm phục vụ"), others.inspections),
    ),
    Section("difficulties", "8. Khó khăn, kiến nghị", (general.difficulties,)),
)
ADHOC = (
    Section("happened", "1. Sự việc", (adhoc.what_happened,)),
    Section("done", "2. Xử lý", (adhoc.what_was_done,)),
    Section("told", "3. Thông báo, phối hợp với cơ quan chức năng", (adhoc.who_was_told,)),
    Section("difficulties", "4. Khó khăn, kiến nghị", (general.difficulties,)),
)
OF_KIND = {"daily": BODY, "summary": BODY, "adhoc": ADHOC}
