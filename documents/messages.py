"""Sentences for the error codes of documents."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "documents.unknown": _l("Không có văn bản này, hoặc đồng chí không được xem."),
    "documents.about_unknown": _l("Không biết văn bản này nói về việc gì."),
    "documents.kind_unknown": _l("Không có loại văn bản này cho việc đang mở."),
    "documents.choice_unknown": _l("“%(option)s”: chọn một trong các mục có sẵn."),
    "documents.language": _l("Loại văn bản này chỉ soạn được bằng: %(languages)s."),
    "documents.signatory": _l("Người ký này không còn hiệu lực hôm nay. Chọn người khác."),
    "documents.signatory_missing": _l(
        "Chưa chọn người ký. Khai báo người ký của đơn vị ở trang “Cơ quan và người ký”, rồi ban hành."
    ),
    "documents.more_than_yours": _l("Văn bản này có nội dung mà đồng chí không được xem ở đơn vị ấy."),
    "documents.once": _l("Mã chống gửi trùng dài từ 8 đến 80 ký tự."),
    "documents.reason": _l("Ghi lý do, không quá %(most)s ký tự."),
    "documents.changed": _l("Nội dung vừa thay đổi, khác bản đồng chí đã xem. Xem bản mới dưới đây rồi ban hành."),
    "documents.ended": _l("Văn bản đã được %(by)s thu hồi hoặc thay thế. Mở lại trang để xem."),
    "documents.first": _l("Ghi số từ %(least)s đến %(most)s: số đã cấp không cấp lại."),
    "documents.nothing": _l("Chưa có gì để lập văn bản này: %(why)s"),
    "documents.scan_many": _l("Mỗi văn bản nhận nhiều nhất %(most)s bản ký."),
    "documents.agency_day": _l("Ghi ngày bắt đầu áp dụng."),
    "documents.agency_text": _l("Cần điền, không quá %(most)s ký tự."),
    "documents.agency_long": _l("Không quá %(most)s ký tự."),
    "documents.agency_pattern": _l("Mẫu số phải có {number}; ngoài ra chỉ dùng {kind}, {symbol}, {year}."),
    "documents.agency_lines": _l("Ghi từ 1 đến %(most)s dòng, mỗi dòng không quá %(longest)s ký tự."),
    "documents.recipients": _l("Nơi nhận: nhiều nhất %(most)s dòng, mỗi dòng không quá %(longest)s ký tự."),
    "documents.batch_unknown": _l("Không có gói này, hoặc gói chưa lập xong."),
    "documents.batch_account": _l("Chỉ tài khoản đăng nhập mới đặt được gói nhiều văn bản."),
    "documents.batch_many": _l("Đồng chí đang chờ %(most)s gói. Đợi xong hoặc dừng bớt rồi đặt tiếp."),
    "documents.batch_old": _l("Quyền của đồng chí hoặc nội dung đã đổi từ khi đặt gói này. Đặt lại gói mới."),
    "documents.batch_large": _l("Gói lớn quá %(most)s MB. Lập theo từng đơn vị."),
    "documents.agency_days": _l("Ngày cuối phải từ ngày đầu trở đi."),
    "documents.busy": _l("Máy đang làm các văn bản khác. Đợi một phút rồi thử lại."),
    "documents.often": _l("Đồng chí vừa cho lập nhiều văn bản liên tiếp. Đợi %(retry_after)s giây rồi thử lại."),
    "documents.failed": _l(
        "Chưa làm được văn bản này. Thử lại; nếu vẫn không được, tải bản DOCX và báo quản trị xem nhật ký."
    ),
}
