"""Sentences for the error codes of opening hours."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "hours.time": _l("Ghi giờ như 07:30."),
    "hours.closes": _l("Giờ đóng cửa phải sau giờ mở cửa."),
    "hours.last_acceptance": _l("Giờ nhận gửi cuối phải nằm trong giờ mở cửa."),
    "hours.weekday": _l("Thứ trong tuần ghi từ 0 (thứ Hai) đến 6 (Chủ nhật)."),
    "hours.weekday_or_day": _l("Ghi một trong hai: thứ trong tuần (weekday) hoặc ngày (day)."),
    "hours.day": _l("Ghi ngày theo thứ tự ngày/tháng/năm, như 05/02/2027."),
    "hours.not_there": _l("%(unit)s không hoạt động ngày đó, nên không ghi được. Xem lại ngày."),
}
