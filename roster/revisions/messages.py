"""Sentences for the error codes of revisions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "difference.side": _l("Ghi số của một bản đã ban hành, hoặc “draft” cho dự thảo."),
    "paper.date": _l("Ghi ngày ký như 05/02/2027."),
    "paper.has_date": _l("Bản này đã ghi ngày ký %(date)s."),
    "paper.has_number": _l("Bản này đã ghi số %(number)s."),
    "paper.many": _l("Mỗi bản nhận nhiều nhất %(most)s tệp đã ký."),
    "paper.none": _l("Bản ghi bổ sung không có văn bản riêng (số, ngày ký, bản ký)."),
    "paper.nothing": _l("Ghi số văn bản hoặc ngày ký."),
    "paper.numbers": _l("Bản ký có thể có số điện thoại của mọi người: hỏi người ban hành."),
    "paper.number_long": _l("Số văn bản không quá %(limit)s chữ."),
    "paper.unknown": _l("Bản này không có tệp đã ký ấy."),
    "paper.to_come": _l("Ngày ký không thể sau hôm nay."),
    "supplement.attested_as": _l("Ghi chức vụ của người xác nhận."),
    "supplement.attested_by": _l("Ghi họ tên người xác nhận."),
    "supplement.day": _l("Ghi ngày trực như 05/02/2027."),
    "supplement.draft": _l(
        "Đợt trực %(name)s chưa ban hành: phân công trong dự thảo rồi ban hành, không cần ghi bổ sung."
    ),
    "supplement.filled": _l("Chỗ này đã ghi %(name)s. Ghi bổ sung không thay người đã ghi."),
    "supplement.full": _l("Mọi chỗ của ca này đã có người."),
    "supplement.long": _l("Không quá %(limit)s chữ."),
    "supplement.not_over": _l("Ca này chưa kết thúc: sửa dự thảo rồi ban hành, không ghi bổ sung."),
    "supplement.on": _l("Ngày trực phải từ %(first)s đến %(last)s, các ngày của đợt trực."),
    "supplement.on_it": _l("%(name)s đã có trong ca này."),
    "supplement.reason": _l("Ghi lý do ca này không có trong lịch."),
    "supplement.shift": _l("Nhu cầu trực của %(unit)s không có ca này vào ngày đó. Thêm nhu cầu trước."),
    "supplement.unit": _l("Đơn vị phải thuộc %(unit)s."),
    "supplement.what": _l("Chọn một chỗ trống, hoặc một ca theo nhu cầu và ngày trực."),
    "withdraw.all_begun": _l(
        "Mọi ca mà bản số %(revision)s đổi đều đã bắt đầu: không thu hồi được nữa, chỉ sửa bằng bản mới."
    ),
    "withdraw.already": _l("Bản số %(revision)s đã được %(by)s thu hồi."),
    "withdraw.parted": _l("Bản số %(revision)s đã chia một ca: đổi người của phần ấy thay vì thu hồi."),
    "withdraw.moved": _l("Bản số %(revision)s không còn là bản mới nhất: đã có bản số %(last)s. Xem lại rồi thu hồi."),
    "withdraw.reason": _l("Ghi lý do thu hồi: người trực sẽ đọc thấy."),
    "withdraw.reason_long": _l("Lý do không quá %(limit)s chữ."),
}
