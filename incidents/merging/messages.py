"""Sentences for the error codes of merging."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "join.itself": _l("Một sự cố không gộp vào chính nó."),
    "join.already": _l("%(incident)s đã được gộp vào %(main)s."),
    "join.joined": _l("%(incident)s đã gộp vào %(main)s. Thao tác ở %(main)s, hoặc tách ra."),
    "join.rehearsal": _l("Sự cố thật và sự cố diễn tập không gộp với nhau."),
    "join.main_finished": _l("%(main)s đã xử lý xong, nên không gộp việc đang mở vào đó."),
    "join.legal": _l("%(incident)s phải theo các bước pháp lý còn %(main)s thì không. Gộp theo chiều ngược lại."),
    "join.code": _l("Ghi mã sự cố chính."),
    "join.none": _l("Sự cố này không gộp vào sự cố nào."),
    "join.reported_anew": _l("Việc này đã được báo thành một sự cố khác đang mở, nên không tách ra được."),
}
