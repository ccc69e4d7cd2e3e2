"""Sentences for the error codes of reports."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "reports.unknown": _l("Không có báo cáo này."),
    "reports.no_request": _l("Không có yêu cầu báo cáo này."),
    "reports.kind": _l("Chọn báo cáo ngày, đột xuất hoặc tổng hợp."),
    "reports.form": _l("Chọn báo cáo, điện thoại hoặc danh sách."),
    "reports.missing": _l("Cần điền."),
    "reports.long": _l("Không quá %(most)s ký tự."),
    "reports.day": _l("Ghi ngày, như 25/01/2020."),
    "reports.long_ago": _l("Ghi ngày từ năm 1900 đến năm 2199."),
    "reports.days": _l("Ngày cuối phải từ ngày đầu trở đi, không quá %(most)s ngày."),
    "reports.one_day": _l("Báo cáo ngày chỉ nói về một ngày."),
    "reports.future": _l("Chưa đến ngày này nên chưa có gì để báo cáo."),
    "reports.incident": _l("Báo cáo đột xuất cần mã một sự cố của đơn vị; các loại khác thì không."),
    "reports.hour": _l("Ghi giờ, như 15:00."),
    "reports.hours_in_order": _l("Giờ hạn phải sau giờ bắt đầu nhận."),
    "reports.recipients": _l("Ghi từ 1 đến %(most)s nơi nhận, mỗi nơi một tên khác nhau."),
    "reports.mail": _l("Địa chỉ thư của nơi nhận chưa đúng, như a@so.gov.vn."),
    "reports.phone": _l("Số điện thoại của nơi nhận chưa đúng."),
    "reports.reason": _l("Ghi lý do, không quá %(most)s ký tự."),
    "reports.request_ended": _l("Yêu cầu này đã được %(by)s kết thúc."),
    "reports.changed": _l("%(by)s vừa sửa báo cáo này. Mở lại trang rồi sửa tiếp."),
    "reports.approved": _l("%(by)s đã duyệt báo cáo này. Trả lại dự thảo rồi sửa."),
    "reports.not_approved": _l("Báo cáo chưa duyệt nên chưa ban hành được."),
    "reports.issued": _l("Báo cáo đã ban hành. Thu hồi văn bản trước, hoặc lập bản mới."),
    "reports.not_issued": _l("Báo cáo chưa ban hành nên chưa gửi được."),
    "reports.figures_changed": _l("Số liệu đã đổi từ lúc lập: %(what)s. Lấy lại số liệu, xem lại rồi duyệt."),
    "reports.nobody": _l("Không có nơi nhận nào có địa chỉ thư. Ghi thêm nơi nhận."),
    "reports.way": _l("Chọn điện thoại hoặc cách khác."),
    "reports.not_that_day": _l("Yêu cầu này không hỏi ngày ấy."),
    "reports.recipient": _l("Nơi nhận này không có trong yêu cầu."),
    "reports.heard_by": _l("Ghi tên người nghe hoặc người nhận."),
    "reports.at": _l("Ghi lúc đã báo, không sau lúc này."),
    "reports.not_sent": _l("Không có lần gửi này."),
    "reports.received_at": _l("Ghi lúc nơi nhận xác nhận: sau lúc gửi, không sau lúc này."),
}
