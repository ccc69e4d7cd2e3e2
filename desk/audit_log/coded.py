"""The words of values that the record keeps as codes: those that the screens show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from compliance.posting.words import NAMES as POSTED
from compliance.register import words as register
from compliance.reports.words import FORMS as REPORTED_IN, KINDS as REPORTS, WAYS as TOLD_BY
from core.i18n import WEEKDAYS
from documents import kinds as documents
from duty.swaps.models import KINDS as SWAP_KINDS
from duty.swaps.words import kind as swap_kind
from incidents.catalogue.words import ROLES as AUTHORITIES
from incidents.intake.forms import INTAKE_NAMES
from incidents.intake_rules.forms import HOW_NAMES, PLACES, THEN_NAMES
from incidents.mailboxes.words import PROBLEMS
from incidents.words import severity_word
from notify.messages import HOLD_REASONS
from people.columns.absences import ABSENCE_NAMES
from people.forms import ROLE_NAMES, SCOPE_NAMES
from people.notification_rules.words import CHANNEL_NAMES
from roster.campaigns.copy_words import WORDS as NOT_COPIED
from roster.sources.columns import ANY
from roster.words.labels import DAY_CLASSES, PHASES, RULES, RUNS, SET_STATUSES

Words = Mapping[Any, Any] | Callable[[], Mapping[Any, Any]]
"""Code → words; a function where they are made for the reader or for what is registered."""

INCIDENT_STATES = {
    "open": _l("Chưa ai nhận"),
    "acknowledged": _l("Đã tiếp nhận"),
    "resolved": _l("Đã xử lý xong"),
    "closed": _l("Đã đóng"),
}
MEANS = {
    "page": _l("trang của mình"),
    "link": _l("liên kết riêng"),
    "slip": _l("phiếu in"),
    "phone": _l("điện thoại"),
    "paper": _l("ký trên giấy"),
    "api": _l("API"),
    "code": _l("mã xác minh"),
    "owner": _l("chính chủ"),
    "invitation": _l("phiếu mời"),
    "invite": _l("lời mời"),
    "reset": _l("phiếu đặt lại mật khẩu"),
}
"""How somebody said it, or by what they proved who they are."""
PRESENCE = {"check_in": _l("có mặt"), "check_out": _l("rời ca"), "ready": _l("sẵn sàng")}
WISHES = {"on": _l("Muốn trực"), "off": _l("Muốn nghỉ")}
RIGHTS = {
    "absence.now": _l("ghi người không đến được hôm nay"),
    "check.run": _l("kiểm tra đột xuất"),
    "coordination.write": _l("ghi yêu cầu của cơ quan chức năng"),
    "duty.attend": _l("ghi ai có mặt"),
    "duty.confirm": _l("ghi ai sẽ trực"),
    "incident.act": _l("xử lý sự cố"),
    "incident.close": _l("đóng sự cố"),
    "incident.dispatch": _l("giao, chuyển sự cố"),
    "incident.log": _l("ghi sự cố"),
    "maintenance.confirm": _l("xác nhận đợt bảo trì"),
    "maintenance.plan": _l("ghi đợt bảo trì"),
    "notice.write": _l("viết thông báo công khai"),
    "policy.apply": _l("áp dụng quy trình báo động đang có"),
    "reporting.write": _l("soạn, báo cáo"),
    "roster.amend": _l("sửa lịch đã ban hành"),
    "roster.cover": _l("đổi người trực ngay"),
    "visit.write": _l("ghi đoàn kiểm tra"),
}
"""What a shift lends to whoever serves it (``people.access.permissions``)."""
ASKED = {
    "absence": _l("nghỉ, vắng"),
    "wish": _l("nguyện vọng"),
}
SCOPES = {
    "person": _l("một người"),
    "unit": _l("một đơn vị"),
    "campaign": _l("một đợt trực"),
    "duty": _l("một loại trực"),
}


def _swaps() -> dict[str, str]:
    return {code: swap_kind(code) for code in SWAP_KINDS}


def _documents() -> dict[str, Any]:
    return {code: kind.name for code, kind in documents.by_code().items()}


def _left_out() -> dict[str, str]:
    """As the page says it, without what it is that was left out."""
    return {code: str(said).partition(":")[0] for code, said in NOT_COPIED.items()}


def _severities() -> dict[int, str]:
    return {0: _("không đổi mức")} | {level: severity_word(level) for level in (1, 2, 3, 4)}


WORDS: dict[str, Words] = {
    "channel": CHANNEL_NAMES,
    "channels": CHANNEL_NAMES,
    "day_class": DAY_CLASSES,
    "lang": {"vi": _l("Tiếng Việt"), "en": _l("Tiếng Anh")},
    "left_out": _left_out,
    "levels": _severities,
    "phase": PHASES,
    "purpose": MEANS,
    "role": ROLE_NAMES,
    "scope": SCOPES,
    "scopes": SCOPE_NAMES,
    "severity": _severities,
    "template": {ANY: _l("mọi ca")},
    "via": MEANS,
    "want": WISHES,
    "warned": RULES,
    "absence kind": ABSENCE_NAMES,
    "account.role before": ROLE_NAMES,
    "authority.save role": AUTHORITIES,
    "campaign.by_hand what": {"texts": _l("lời để gửi"), "slips": _l("phiếu in")},
    "campaign.looked why": {"break": _l("kỳ nghỉ Tết đổi"), "demand": _l("nhu cầu trực đổi")},
    "campaign.solve mode": {"whole": _l("xếp từ đầu"), "replan": _l("Xếp lại, thay đổi ít nhất")},
    "directive kind": register.relations,
    "document kind": _documents,
    "draft clash": {
        "refuse": _l("không làm"),
        "keep": _l("giữ cái đang có"),
        "put_back": _l("đặt lại như trước"),
    },
    "duty kind": PRESENCE,
    "duty state": {"confirmed": _l("sẽ trực"), "refused": _l("không trực được")},
    "holiday days": DAY_CLASSES,
    "holiday status": SET_STATUSES,
    "incident status": INCIDENT_STATES,
    "intake kind": INTAKE_NAMES,
    "intake.rules field": dict(PLACES),
    "intake.rules how": dict(HOW_NAMES),
    "intake.rules then": dict(THEN_NAMES),
    "mailbox problem": PROBLEMS,
    "message why": HOLD_REASONS,
    "overtime how": MEANS,
    "pair kind": {"together": _l("trực cùng nhau"), "apart": _l("không trực chung ca")},
    "parcels moment": {"before": _l("Trước khi nhận gửi"), "after": _l("Sau khi đã nhận")},
    "contact by": MEANS,
    "account.password_set by": MEANS,
    "pin by": MEANS,
    "posting what": POSTED,
    "posting_text what": POSTED,
    "presence kind": PRESENCE,
    "reply kind": {"text": _l("tin nhắn"), "call": _l("cuộc gọi")},
    "report kind": REPORTS,
    "report way": TOLD_BY,
    "report_request form": REPORTED_IN,
    "request about": ASKED,
    "request what": ABSENCE_NAMES | WISHES,
    "grant used_for": RIGHTS,
    "requirement state": register.states,
    "sending how": {"call-now": _l("gọi ngay các bước quá hạn"), "skip": _l("bỏ qua các bước quá hạn")},
    "service_hours said": {str(number): name for number, name in enumerate(WEEKDAYS)},
    "solve status": RUNS,
    "solve found": {
        "confirmed": _l("đúng"),
        "refuted": _l("sai"),
        "gone": _l("không còn kiểm lại được"),
    },
    "swap kind": _swaps,
}
"""By key; or by action, or the word before its dot, and key: what says more of where it stands comes first."""
