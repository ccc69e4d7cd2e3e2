"""Sentences for the error codes of publishing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "amend.before_first": _l(
        "Bản đầu của đợt trực do %(unit)s ban hành; sau đó đơn vị mới ban hành được phần của mình."
    ),
    "amend.not_of_the_day": _l("Theo ca trực chỉ sửa được ca của hôm nay và ngày mai. Ca khác do quản lý ban hành."),
    "amend.running": _l(
        "%(what)s đã bắt đầu, %(who)s đang trực: ban hành cả lịch không viết lại phần đã trực. Ban hành từng phần "
        "với người ấy trước (chỉ phần còn lại đổi người), hoặc trả người ấy về ca trong dự thảo."
    ),
    "amend.running_empty": _l(
        "%(what)s đã bắt đầu mà chưa có ai trực: ban hành cả lịch sẽ tính người mới từ đầu ca. Ban hành từng phần với "
        "người ấy trước (chỉ tính từ lúc này); ai đã trực từ đầu ca thì ghi bổ sung sau khi ca kết thúc."
    ),
    "amend.twice": _l("%(person)s sẽ có hai chỗ trong cùng một ca. Ban hành cả ca đó."),
    "amend.units_or_seats": _l("Chọn người (people), đơn vị (units) hoặc chỗ trực (seats) cần ban hành, một trong ba."),
    "part.changed": _l("%(who)s vừa đổi phần này: %(what)s. Xem lại rồi ban hành nếu vẫn đúng."),
    "part.nobody": _l("Chọn ít nhất một người để ban hành."),
    "publish.blocked": _l(
        "Chưa ban hành được: %(gaps)s khoảng chưa bảo đảm trực và %(violations)s vi phạm chưa có lý do. "
        "Sửa dự thảo, hoặc ghi lý do chấp nhận."
    ),
    "publish.nothing_changed": _l("Không có gì khác bản số %(revision)s, %(by)s ban hành lúc %(at)s."),
    "publish.nothing_drafted": _l("Phần này của dự thảo chưa có ai để ban hành."),
    "publish.why_untold": _l("Ghi lý do ban hành mà không báo tin cho ai."),
    "seat.unknown": _l("Không có chỗ trực số %(id)s trong đợt trực này."),
}
