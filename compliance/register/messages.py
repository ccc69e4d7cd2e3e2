"""Sentences for what the register refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "register.abstract": _l("Ghi trích yếu của văn bản."),
    "register.accept_first": _l("Chỉ chấp nhận khi đơn vị báo đã làm hoặc không áp dụng."),
    "register.acknowledged": _l("Văn bản này đã có người báo nhận: %(who)s."),
    "register.dated_on": _l("Ghi ngày ban hành theo ngày/tháng/năm, ví dụ 17/01/2020."),
    "register.due_on": _l("Ghi hạn theo ngày/tháng/năm, ví dụ 20/01/2027, hoặc để trống."),
    "register.evidence_missing": _l("Chưa có bằng chứng: thêm ảnh, tệp hoặc đường dẫn rồi báo đã làm."),
    "register.evidence_unknown": _l("Không có bằng chứng này, hoặc nội dung đã được rút."),
    "register.issuer": _l("Ghi cơ quan ban hành."),
    "register.kind_unknown": _l("Loại đơn vị “%(kind)s” không có trong danh mục."),
    "register.known": _l("Đã có văn bản số %(number)s ngày ấy: mở văn bản đó và sửa, bổ sung toàn văn nếu thiếu."),
    "register.letter_unknown": _l("Không có văn bản này."),
    "register.no_season": _l("Ghi thời gian áp dụng (từ ngày, đến ngày) rồi mới giao yêu cầu cho đơn vị."),
    "register.no_requirements": _l("Chưa tách yêu cầu nào từ văn bản này."),
    "register.not_asked": _l("Yêu cầu này không giao cho đơn vị này."),
    "register.not_spread": _l("Yêu cầu của văn bản này chưa được giao cho đơn vị."),
    "register.not_true": _l("Chưa báo đã làm được, vì lúc này chưa đúng: %(what)s"),
    "register.note_quote": _l("Đoạn trích “%(quote)s” không có trong nguyên văn."),
    "register.number": _l("Ghi số, ký hiệu văn bản, ví dụ 77/STTTT-BCVT."),
    "register.phase": _l("Chọn giai đoạn: trước, trong, sau Tết hoặc cả đợt."),
    "register.reason": _l("Ghi lý do không áp dụng."),
    "register.received_on": _l("Ghi ngày nhận theo ngày/tháng/năm, không sau hôm nay."),
    "register.relation": _l("Chọn văn bản khác và quan hệ: căn cứ, tiếp theo hoặc thay thế."),
    "register.remark": _l("Ghi ý kiến."),
    "register.requirement_text": _l("Ghi yêu cầu."),
    "register.requirement_unknown": _l("Không có yêu cầu này."),
    "register.season": _l("Thời gian áp dụng: ghi cả hai ngày, ngày đầu không sau ngày cuối."),
    "register.some_units": _l("Chọn ít nhất một đơn vị, hoặc giao cho tất cả."),
    "register.started": _l("Đơn vị đã báo hoặc gửi bằng chứng cho yêu cầu này: không xóa được nữa."),
    "register.excerpt": _l("Đoạn trích không có trong nguyên văn. Chép đúng từng chữ, hoặc để trống."),
    "register.state": _l("Chọn: chưa, đang, đã hoặc không áp dụng."),
    "register.text_kept": _l("Nguyên văn đã giao cho đơn vị thì giữ nguyên; ghi chú của người biên tập vẫn sửa được."),
    "register.url": _l("Ghi địa chỉ đầy đủ, bắt đầu bằng https:// hoặc http://."),
    "register.wants": _l("Bằng chứng có thể là ảnh, tệp hoặc đường dẫn."),
    "register.withdraw_why": _l("Ghi lý do rút."),
}
