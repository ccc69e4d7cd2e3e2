"""Sentences for the error codes of escalation policies."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "policy.missing": _l("Chưa có quy trình gọi mặc định."),
    "policy.written_meanwhile": _l("Người khác vừa lưu quy trình này. Tải lại để xem bản mới nhất rồi sửa tiếp."),
    "policy.unknown": _l("Không có quy trình gọi này."),
    "policy.targets": _l("Mỗi bước gọi nhiều nhất %(most)s đối tượng."),
    "policy.head": _l("Chọn cấp trưởng đơn vị được gọi."),
    "policy.name": _l("Đặt tên cho quy trình, không quá %(most)s ký tự."),
    "policy.conditions": _l("Điều kiện không đúng."),
    "policy.hours": _l("Ghi giờ từ và đến như 22:00 và 06:00."),
    "policy.condition_needed": _l("Quy trình riêng theo điều kiện cần ít nhất một điều kiện."),
    "policy.main_has_none": _l("Quy trình chung của đơn vị không có điều kiện."),
    "policy.back_off": _l("Thời gian giãn dài nhất không được ngắn hơn thời gian gọi lại."),
    "policy.snooze_most": _l("Ghi thời gian tạm hoãn dài nhất cho cả bốn mức, từ 0 đến %(most)s giây."),
    "policy.one_target": _l("Mỗi đối tượng của bước là một loại trực, một người hoặc trưởng đơn vị."),
    "policy.steps": _l("Quy trình cần từ 1 đến %(most)s bước."),
    "policy.wait": _l("Thời gian chờ từ %(least)s đến %(most)s giây."),
}
