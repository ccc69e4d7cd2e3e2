"""Sentences for the error codes of what rosters are made from: demand, holidays, pairs, work patterns."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "demand.people": _l("Ghi số người từ 0 đến %(most)s; 0 hoặc để trống là giai đoạn này không có ca."),
    "demand.skill_number": _l("Cần %(number)s người có kỹ năng %(skill)s nhưng ca chỉ có %(people)s người."),
    "demand.skills": _l("Ghi kỹ năng và số người cần có, ví dụ có kinh nghiệm:1; lái xe:1."),
    "demand.unknown": _l("Không có nhu cầu trực này; có thể vừa được người khác xóa."),
    "holiday.break_span": _l("Kỳ nghỉ Tết dài tối đa %(days)s ngày và kết thúc không trước ngày bắt đầu."),
    "holiday.break_without_tet": _l("Kỳ nghỉ Tết năm %(year)s phải có Mùng 1 của năm ấy. Xem lại ngày và năm."),
    "pair.same": _l("Hai mã phải là hai người khác nhau."),
    "pair.unknown": _l("Không còn cặp người này."),
    "pattern.by_roster": _l("Chế độ chỉ theo ca trực không có giờ làm việc riêng. Thêm một chế độ khác."),
    "pattern.hours": _l("Ghi các khoảng giờ trong ngày, không chồng nhau, dạng 07:30-11:30, 13:00-17:00."),
    "pattern.normal": _l(
        "Viết mỗi mức một dòng: từ ngày: giờ một ngày; giờ một tuần, ví dụ 01/01/2026: 8; 48. "
        "Nhiều nhất 12 giờ một ngày, 60 giờ một tuần."
    ),
    "wish.unknown": _l("Không còn nguyện vọng này."),
}
