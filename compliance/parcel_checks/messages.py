"""Sentences for the error codes of parcel checks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "parcels.number": _l("Ghi số từ 0 đến %(most)s."),
    "parcels.more_refused": _l("Số gói từ chối không thể nhiều hơn số gói đã kiểm tra."),
    "parcels.fewer_refused": _l("Số gói từ chối ít hơn số gói trong các phát hiện kèm theo."),
    "parcels.day": _l("Chỉ ghi được hôm nay và %(days)s ngày trước."),
    "parcels.too_many": _l(
        "Một điện thoại ghi nhiều nhất %(most)s gói mỗi ngày. Nhiều hơn thì nhờ người phụ trách ghi ở trang của điểm."
    ),
    "parcels.counter": _l("Tên quầy hoặc ca không quá %(most)s ký tự và khác “%(office)s”."),
    "parcels.no_day": _l("Không có ngày như vậy."),
    "parcels.why": _l("Ghi lý do sửa, không quá %(most)s ký tự."),
    "parcels.changed": _l("Số vừa được ghi lại thành số khác. Xem số mới rồi sửa."),
    "parcels.key": _l("Trang này đã cũ. Mở lại rồi gửi."),
    "parcels.moment": _l("Chọn trước khi nhận hay sau khi nhận."),
    "parcels.category": _l("Chọn khoản 1, 2, 3 hoặc 4 của Điều 12, hoặc “chưa rõ”."),
    "parcels.parcels": _l("Ghi số gói từ 1 đến %(most)s."),
    "parcels.goods": _l("Ghi loại hàng đã thấy, như “pháo”."),
    "parcels.long": _l("Không quá %(most)s ký tự."),
    "parcels.name": _l("Không ghi tên người gửi, người nhận hay nội dung thư: bỏ “%(words)s”."),
}
