"""Sentences for the error codes of what people do with an incident."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "incident.note_missing": _l("Ghi nội dung cần lưu vào diễn biến."),
    "incident.singly": _l("%(incident)s phải mở và nhận riêng."),
    "incident.not_resolved": _l("Sự cố chưa được báo xử lý xong nên chưa đóng được."),
    "incident.still_open": _l("Sự cố đang mở, không cần mở lại."),
    "incident.reported_anew": _l("Việc này đã được báo thành một sự cố khác đang mở; xử lý ở sự cố đó."),
    "incident.rehearsal_over": _l("Buổi diễn tập đã kết thúc nên không mở lại được sự cố thử."),
    "incident.not_called": _l("Hệ thống chưa gọi người này cho sự cố, nên không có gì để chuyển."),
    "incident.unknown_action": _l("Không có thao tác này."),
    "incident.outcome": _l("Chọn kết quả cuộc gọi."),
    "ask.unknown": _l("Không có câu hỏi này."),
    "ask.answered": _l("Câu hỏi này không còn chờ trả lời."),
    "ask.has_it": _l("%(by)s đang giữ sự cố này."),
    "ask.nobody": _l("Chọn người hoặc loại trực cần gọi thêm."),
    "ask.too_many": _l("Mỗi lần gọi thêm nhiều nhất %(most)s đối tượng."),
    "ask.left": _l("%(person)s không còn làm việc."),
    "incident.over": _l("Sự cố đã xong nên không còn gì để chuyển."),
    "incident.not_taken": _l("Chưa có ai nhận sự cố này."),
    "incident.hour": _l("Ghi giờ như 02:40."),
    "incident.arrival": _l("Giờ tới nơi phải sau lúc này và trong vòng %(hours)s giờ."),
    "incident.snooze_reason": _l("Ghi lý do tạm hoãn."),
    "incident.snooze_until": _l("Chỉ được tạm hoãn đến một giờ sau lúc này và trong vòng %(minutes)s phút."),
    "incident.not_snoozed": _l("Sự cố này không bị tạm hoãn."),
    "person.choose": _l("Chọn người."),
}
