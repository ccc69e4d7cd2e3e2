"""Words of the legal steps: their names, fields, warnings; and their lines in the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core import i18n
from incidents.legal import steps as rules
from incidents.legal.law import penalty
from incidents.legal.steps import ClosingStep, StepField
from incidents.words import EntryStyle, Kinds

STEPS = {
    "suspend": _l("Đình chỉ vận chuyển, phát"),
    "seal": _l("Niêm phong, giữ nguyên tại chỗ"),
    "leadership": _l("Báo lãnh đạo trực"),
    "authority": _l("Thông báo cơ quan có thẩm quyền"),
    "record": _l("Lập biên bản có chữ ký các bên"),
    "handover": _l("Bàn giao tang vật theo yêu cầu bằng văn bản"),
    "report": _l("Báo cáo Sở, Bộ"),
}
HINTS = {
    "suspend": _l("Dừng vận chuyển, phát. Nơi phát hiện có thể khác nơi gửi. Không ghi tên người gửi, người nhận."),
    "seal": _l("Không bóc mở. Niêm phong nguyên trạng, giữ tại chỗ, có người trông coi."),
    "leadership": _l("Người trực lãnh đạo được báo, lúc nào, bằng cách nào."),
    "authority": _l("Công an, Hải quan, Quản lý thị trường hoặc cơ quan khác: ai tiếp nhận, lúc nào, số văn bản."),
    "record": _l("Điền nơi lập và các bên, in biên bản, ký, rồi ghi giờ ký và đính kèm bản chụp."),
    "handover": _l("Chỉ khi cơ quan có thẩm quyền yêu cầu bằng văn bản. Không có yêu cầu thì để trống bước này."),
    "report": _l("Sở và Bộ quản lý bưu chính nơi phát hiện, theo hướng dẫn hiện hành."),
}
_AT = _l("Lúc")
FIELDS: dict[str, dict[str, Any]] = {
    "suspend": {
        "at": _AT,
        "by": _l("Người thực hiện"),
        "found_at": _l("Nơi phát hiện"),
        "sent_from": _l("Nơi gửi (bưu cục chấp nhận)"),
        "item": _l("Số hiệu bưu gửi"),
    },
    "seal": {"at": _AT, "by": _l("Người thực hiện"), "kept_at": _l("Nơi giữ"), "seal_number": _l("Số niêm phong")},
    "leadership": {"at": _AT, "person": _l("Lãnh đạo trực được báo"), "how": _l("Bằng cách")},
    "authority": {
        "authority": _l("Cơ quan"),
        "contact": _l("Người tiếp nhận"),
        "at": _AT,
        "how": _l("Bằng cách"),
        "document": _l("Số văn bản thông báo"),
    },
    "record": {
        "at": _l("Lập lúc"),
        "place": _l("Nơi lập"),
        "parties": _l("Các bên"),
        "outside": _l("Tình trạng bên ngoài bưu gửi"),
        "copies": _l("Số bản"),
        "signed_at": _l("Các bên ký lúc"),
        "scan": _l("Bản chụp đã ký"),
        "no_scan": _l("Lý do chưa có bản chụp"),
    },
    "handover": {
        "request_number": _l("Số văn bản yêu cầu"),
        "request_on": _l("Ngày văn bản"),
        "request_by": _l("Cơ quan yêu cầu"),
        "at": _l("Bàn giao lúc"),
        "received_by": _l("Người nhận bàn giao"),
        "items": _l("Tang vật bàn giao"),
    },
    "report": {"to": _l("Nơi nhận báo cáo"), "at": _AT, "number": _l("Số báo cáo")},
}
HOW = {"phone": _l("Điện thoại"), "in_person": _l("Trực tiếp"), "letter": _l("Văn bản"), "email": _l("Thư điện tử")}
STATES = {"none": _l("Chưa ghi"), "begun": _l("Còn thiếu"), "done": _l("Đã ghi")}
DOUBTS = {
    "before_found": _l("Lúc đình chỉ sớm hơn lúc phát hiện sự cố."),
    "same_place": _l("Nơi phát hiện và nơi gửi được ghi giống nhau; đề nghị kiểm tra."),
    "told_before_suspended": _l("Thông báo cơ quan có thẩm quyền sớm hơn lúc đình chỉ."),
    "signed_before_made": _l("Biên bản được ký sớm hơn lúc lập."),
    "handed_before_record": _l("Bàn giao trước khi các bên ký biên bản."),
    "handed_without_record": _l("Đã ghi bàn giao nhưng biên bản chưa có chữ ký các bên."),
}


def name(step: str) -> str:
    """ "Bước 4 – Thông báo cơ quan có thẩm quyền"."""
    return _("Bước %(n)s – %(name)s", n=rules.NUMBER[step], name=STEPS[step])


def label(step: str, field: str) -> str:
    return str(FIELDS[step][field])


def lacking(missing: Mapping[str, Sequence[str]]) -> str:
    """Return what steps lack, a sentence each."""
    return " ".join(
        _("%(step)s: %(fields)s.", step=name(step), fields=", ".join(label(step, key).lower() for key in fields))
        for step, fields in missing.items()
    )


def warning(step: str, on: date) -> str:
    """Return what a neglected step may cost, as the decree in force on a date says; empty when none is known."""
    norm = penalty(step, on)
    if norm is None:
        return ""
    if norm.value is None:
        return _("Cảnh báo: bỏ qua bước này có thể bị xử phạt (%(act)s).", act=norm.basis)
    return _(
        "Cảnh báo: bỏ qua bước này có thể bị phạt đến %(most)s triệu đồng với tổ chức (%(act)s).",
        most=norm.value,
        act=norm.basis,
    )


def spoken(field: StepField, value: Any) -> str:
    """One stored or loaded value in words; empty when there is none."""
    if not value:
        return ""
    if field.kind == "when":
        return i18n.dt(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if field.kind == "day":
        return i18n.d(date.fromisoformat(value) if isinstance(value, str) else value)
    if field.kind == "choice":
        return str(HOW.get(value, value))
    if field.kind == "parties":
        return "; ".join(", ".join(part for part in each.values() if part) for each in value)
    return _("đã đính kèm") if field.kind == "attachment" else str(value)


def summary(step: ClosingStep, values: Mapping[str, Any]) -> str:
    """The values of a step on one line."""
    said = [(label(step.key, field.key), spoken(field, values.get(field.key))) for field in step.fields]
    return " · ".join(f"{what}: {value}" for what, value in said if value)


def _recorded(params: dict[str, Any], kinds: Kinds) -> str:
    step = rules.BY_KEY[params["step"]]
    return f"{name(step.key)}. {summary(step, params['values'])}"


def _changed(said: Callable[[str, str], str]) -> Callable[[dict[str, Any], Kinds], str]:
    def sentence(params: dict[str, Any], kinds: Kinds) -> str:
        step = rules.BY_KEY[params["step"]]
        parts = []
        for field in step.fields:
            if field.key in params["after"]:
                before = spoken(field, params["before"].get(field.key))
                after = spoken(field, params["after"].get(field.key)) or _("(bỏ trống)")
                parts.append(f"{label(step.key, field.key)}: " + (f"{before} → {after}" if before else after))
        return said(name(step.key), " · ".join(parts))

    return sentence


LINES: dict[str, EntryStyle] = {
    "legal_step": EntryStyle(_recorded, "shield", "blue"),
    "legal_added": EntryStyle(_changed(lambda step, parts: f"{step}. {parts}"), "shield", "blue"),
    "legal_corrected": EntryStyle(
        _changed(lambda step, parts: _("Sửa %(step)s. %(parts)s", step=step, parts=parts)), "edit", "gold"
    ),
}
