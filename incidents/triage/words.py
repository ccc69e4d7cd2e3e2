"""Words of the catalogue: levels and why, clocks, follow-up facts; and their lines in the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core import i18n
from incidents.catalogue.clocks import Clock
from incidents.catalogue.custom_fields import CustomField
from incidents.words import EntryStyle, Kinds, severity_word

CLOCKS = {
    "acknowledge": _l("Tiếp nhận"),
    "leadership": _l("Báo lãnh đạo"),
    "update": _l("Cập nhật"),
    "resolve": _l("Xử lý xong"),
}
LATE = {
    "acknowledge": _l("quá giờ nhận"),
    "again": _l("quá giờ nhận lại"),
    "resolve": _l("quá hạn xử lý"),
    "leadership": _l("quá giờ báo lãnh đạo"),
    "update": _l("quá giờ cập nhật"),
}
"""What is overdue, in its own words: not being taken in time is one thing, not being done in time another, and
not being taken again after somebody let it go a third."""


def spoken(both: dict[str, Any]) -> str:
    """Return what the reader reads of ``{"vi", "en"}``."""
    return str(both.get("en") if i18n.locale() == "en" and both.get("en") else both.get("vi", ""))


def clock_name(kind: str) -> str:
    return str(CLOCKS.get(kind, kind))


def lateness(clock: Clock) -> str:
    """Return which words of ``LATE`` say what is overdue."""
    return "again" if clock.state == "again_overdue" else clock.kind


def reason_words(because: Sequence[dict[str, Any]]) -> list[str]:
    """Why the level is what it is, a sentence each."""
    return [_reason(each) for each in because]


def _reason(reason: dict[str, Any]) -> str:
    if reason["kind"] == "floor":
        return _(
            "Quy định: liên quan Đảng, Nhà nước, KT1 hoặc Điều 7 thì ít nhất là mức %(level)s", level=reason["level"]
        )
    if reason["kind"] == "category":
        return _("Loại sự cố: %(name)s", name=spoken(reason))
    return spoken(reason)


def fact_words(kind: str, value: Any) -> str:
    """One value of a follow-up field as the timeline and the page show it; empty for none."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return spoken(value)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if kind == "time":
        return i18n.dt(datetime.fromisoformat(str(value)))
    if isinstance(value, int | float):
        return i18n.written(f"{value:,.15g}")
    return str(value)


def shown(field: CustomField, value: Any) -> str:
    """A value as it stands, with the choice's own words."""
    if field.kind == "choice":
        return next((spoken({"vi": vi, "en": en}) for known, vi, en in field.choices if known == value), str(value))
    return fact_words(field.kind, value)


def _facts(params: dict[str, Any], kinds: Kinds) -> str:
    lines = []
    for each in params["changes"]:
        after, before = fact_words(each["kind"], each["after"]), fact_words(each["kind"], each["before"])
        line = _("%(field)s: %(value)s", field=spoken(each), value=after or _("bỏ trống"))
        lines.append(line + " (" + _("trước: %(value)s", value=before) + ")" if before else line)
    return "; ".join(lines)


def chosen_words(derived: int, *, machine: bool) -> str:
    """Why the level is not the derived one: a person chose it, or whatever sent it said so."""
    if machine:
        return _("mức do nguồn gửi tin đặt, theo câu hỏi là mức %(level)s", level=derived)
    return _("chọn bằng tay, theo câu hỏi là mức %(level)s", level=derived)


def _reclassified(params: dict[str, Any], kinds: Kinds) -> str:
    before, after = params["before"], params["after"]
    said = []
    if before["category"] != after["category"]:
        said.append(_("đổi loại từ %(before)s sang %(after)s", before=spoken(before), after=spoken(after)))
    if before["severity"] != after["severity"]:
        said.append(
            _(
                "mức %(before)s thành mức %(after)s (%(word)s)",
                before=before["severity"],
                after=after["severity"],
                word=severity_word(after["severity"]),
            )
        )
    if params.get("by_hand"):
        said.append(chosen_words(params["derived"], machine=bool(params.get("machine"))))
    elif before["severity"] != after["severity"]:
        said += reason_words(params["because"])
    if after["restricted"] and not before["restricted"]:
        said.append(_("hạn chế xem"))
    if params.get("policy"):
        said.append(_("theo quy trình gọi bản %(number)s của mức này", number=params["policy"]))
    return _("Phân loại lại: %(what)s", what="; ".join(said) or _("cập nhật câu trả lời"))


LINES: dict[str, EntryStyle] = {
    "facts": EntryStyle(_facts, "list", "blue"),
    "reclassified": EntryStyle(_reclassified, "adjustments", "gold"),
    "restricted": EntryStyle(lambda params, kinds: _("Hạn chế xem: chỉ người cần biết"), "eye-off", "red"),
    "unrestricted": EntryStyle(lambda params, kinds: _("Bỏ hạn chế xem"), "eye"),
    "leadership_told": EntryStyle(
        lambda params, kinds: _("Đã báo lãnh đạo: %(whom)s", whom=params.get("whom")), "phone-call", "green"
    ),
    "checked": EntryStyle(lambda params, kinds: _("Đã làm: %(item)s", item=spoken(params["item"])), "checks", "green"),
    "unchecked": EntryStyle(
        lambda params, kinds: _("Chưa làm (bỏ đánh dấu): %(item)s", item=spoken(params["item"])), "undo"
    ),
}
