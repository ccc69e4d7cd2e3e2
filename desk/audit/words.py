"""What the administrators are told about a fault of the engine, in their language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _, lazy_gettext as _l

from core import i18n
from core.i18n import duration
from core.models import SystemFault
from desk.audit.findings import BY_NAME, NOT_CALLING
from desk.health_checks import remedies, sentences
from desk.health_checks.check import CheckFinding

SENTENCES: dict[str, Any] = {
    **sentences.SENTENCES,
    "incidents_overdue": _l("%(count)s sự cố đã quá giờ gọi người trực hơn một phút (ví dụ %(example)s)."),
    "incidents_unscheduled": _l("%(count)s sự cố đang mở mà không có giờ gọi tiếp theo (ví dụ %(example)s)."),
    "incidents_untold": _l(
        "%(count)s sự cố đang mở mà quá một phút vẫn chưa tin nào gửi đi được, chưa ai được báo (ví dụ %(example)s). "
        "Đề nghị gọi điện cho người trực ngay và kiểm tra đường gửi tin."
    ),
    "leases_expired": _l("%(count)s việc đã nhận mà không làm xong và không ai làm tiếp (%(example)s)."),
    "messages_waiting": _l("%(count)s tin khẩn đã đến giờ gửi hơn một phút mà chưa gửi được (%(example)s)."),
    "messages_deadly": _l(
        "%(count)s tin khẩn làm chương trình gửi bị ngắt nên chưa tới người nhận (%(example)s). Đề nghị gọi điện cho "
        "người trực theo danh sách gọi tay."
    ),
    "notices_waiting": _l("%(count)s tin không khẩn đã đến giờ gửi hơn 15 phút mà chưa gửi được (%(example)s)."),
    "sending_paused": _l("Tạm dừng gửi tin sau khi khôi phục dữ liệu (%(count)s sự cố đang mở): không ai được gọi."),
    "backup_late": _l("Hơn 45 phút chưa sao lưu được dữ liệu (%(example)s)."),
    "worker_late": _l("Máy báo động không có dấu hiệu hoạt động hơn 30 giây."),
    "database_unsound": _l(
        "Cơ sở dữ liệu dùng bản SQLite có thể làm hỏng tệp (%(example)s). Dừng mọi chương trình đang mở tệp rồi "
        "khởi động lại, hoặc cài pysqlite3 từ 0.6.1."
    ),
    "database_locked": _l(
        "%(count)s việc chờ khóa của cơ sở dữ liệu mà một chương trình giữ quá lâu (%(example)s). "
        "Nếu máy đó đứng, đề nghị tắt chương trình ấy."
    ),
    "duty_unsure": _l("%(count)s lượt đang trực không chắc: người trực vắng hoặc không còn trực (%(example)s)."),
    "mailbox_unread": _l("%(count)s hộp thư của nguồn báo không đọc được hơn 5 phút (%(example)s)."),
    "mailbox_unvisited": _l("%(count)s hộp thư của nguồn báo quá ba lượt không ai đọc (%(example)s)."),
    "worker_hung": _l("%(count)s máy báo động trong số nhiều máy không còn dấu hiệu hoạt động (%(example)s)."),
}
"""By name of the check (``desk.audit.findings.CHECKS``)."""


def sentence(fault: SystemFault | CheckFinding) -> str:
    """Return the sentence in the reader's language."""
    return str(SENTENCES[fault.kind]) % {"count": i18n.counted(fault.count), "example": fault.example or "-"}


def remedy(fault: SystemFault | CheckFinding) -> str:
    return str(remedies.REMEDIES[fault.kind])


def link() -> str:
    return f"{current_app.config['PUBLIC_URL']}/system/"


def letter(fault: SystemFault, *, language: str, now: datetime) -> tuple[str, str]:
    """(subject, body): that it is there, that it still is, or that it is over."""
    with force_locale(language if language in i18n.LOCALES else "vi"):
        lasted = duration((now - fault.since).total_seconds())
        if fault.ended_at is not None:
            subject = _("[Trực Tết] Đã hết lỗi hệ thống")
            lines = [sentence(fault), _("Lỗi này đã hết sau %(time)s.", time=lasted)]
        else:
            subject = _subject(fault.kind)
            lines = [sentence(fault), _("Cách khắc phục: %(remedy)s.", remedy=remedy(fault))]
            if fault.told > 1:
                lines.append(_("Lỗi đã kéo dài %(time)s.", time=lasted))
            if fault.kind not in NOT_CALLING:
                lines.append(_("Đề nghị kiểm tra ngay và gọi điện trực tiếp cho người trực khi có sự cố."))
        lines.append(_("Xem tình trạng hệ thống: %(link)s", link=link()))
        return subject, "\n\n".join(lines) + "\n"


def _subject(kind: str) -> str:
    if kind not in NOT_CALLING:
        return _("[Trực Tết] Hệ thống có lỗi, có thể không gọi được người trực")
    match BY_NAME[kind].area:
        case "mailboxes":
            return _("[Trực Tết] Chưa đọc được hộp thư của nguồn báo")
        case "watchdog":
            return _("[Trực Tết] Dịch vụ canh chừng không nhận được tín hiệu")
        case _ if kind == "notices_waiting":
            return _("[Trực Tết] Tin không khẩn gửi chậm")
        case _ if kind == "backup_late":
            return _("[Trực Tết] Chưa sao lưu được dữ liệu")
        case _:
            return _("[Trực Tết] Bản sao dữ liệu có lỗi")
