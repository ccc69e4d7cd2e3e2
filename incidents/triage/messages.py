"""Sentences for the error codes of triage."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "incident.restrict_reason": _l("Ghi lý do hạn chế hoặc bỏ hạn chế xem."),
    "incident.restricted_by_law": _l("Sự cố theo Điều 7 Luật Bưu chính luôn hạn chế xem."),
    "incident.restrict_self": _l(
        "Hạn chế xem thì chính đồng chí không còn xem được sự cố này: "
        "đề nghị lãnh đạo trực hoặc quản lý đơn vị thực hiện."
    ),
    "incident.answer": _l("Chọn một câu trả lời có sẵn."),
    "incident.question": _l("Không có câu hỏi “%(question)s”."),
    "incident.leadership_told": _l("Lãnh đạo đã được báo lúc %(at)s."),
    "incident.told_whom": _l("Ghi đã báo cho ai."),
    "incident.check_unknown": _l("Danh mục việc của loại sự cố này không có việc đó."),
    "facts.changed": _l("%(fields)s: người khác vừa sửa. Xem giá trị hiện tại ở trên; vẫn muốn thay thì lưu lần nữa."),
    "incident.classified": _l(
        "Người khác vừa sửa loại hoặc mức độ. Xem giá trị hiện tại; vẫn muốn thay thì lưu lần nữa."
    ),
}
