"""States, phases, kinds of evidence and what happened, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from compliance.register.models import RequirementEvent, RequirementPoint
from compliance.sources import catalogue
from core.calendar import dates


def states() -> dict[str, str]:
    return {"todo": _("chưa"), "doing": _("đang làm"), "done": _("đã làm"), "not_applicable": _("không áp dụng")}


def phases() -> dict[str, str]:
    return {"before": _("Trước Tết"), "during": _("Trong Tết"), "after": _("Sau Tết"), "all": _("Cả đợt")}


def kinds() -> dict[str, str]:
    return {"photo": _("ảnh"), "file": _("tệp"), "link": _("đường dẫn"), "computed": _("tự tính")}


def relations() -> dict[str, str]:
    return {"basis": _("Căn cứ"), "follows": _("Tiếp theo"), "replaces": _("Thay thế")}


def reverse_relations() -> dict[str, str]:
    return {"basis": _("Là căn cứ của"), "follows": _("Được tiếp theo bởi"), "replaces": _("Được thay thế bởi")}


def fields() -> dict[str, str]:
    return {
        "excerpt": _("đoạn trích"),
        "text": _("yêu cầu"),
        "who": _("ai làm"),
        "wants": _("bằng chứng"),
        "computed": _("tự tính"),
        "due_on": _("hạn"),
        "phase": _("giai đoạn"),
        "scope": _("đơn vị"),
        "off_kinds": _("loại đơn vị được miễn"),
    }


def field(name: str, value: Any) -> str:
    """Return what a requirement has at a field, for reading."""
    known = {"phase": phases(), "wants": kinds()}.get(name, {})
    if isinstance(value, list):
        return ", ".join(known.get(one) or str(one) for one in value) or "–"
    if name == "computed":
        return source_name(value) or value or "–"
    if name == "scope":
        return _("tất cả") if value == "all" else _("một số đơn vị")
    return dates.day_shown(value) if name == "due_on" and value else str(known.get(value, value) or "–")


def _quoted(name: str, value: Any) -> str:
    told = field(name, value)
    return f"“{told}”" if value and name in ("text", "excerpt", "who") else told


def source_name(code: str) -> str:
    """Return the name of what computes it; empty where nothing does."""
    source = catalogue.source(code)
    return str(source.name) if source else ""


def finding(code: str, numbers: Mapping[str, Any]) -> str:
    """The numbers in a sentence; empty where nobody can word them any more: a requirement may be computed otherwise
    than when they were noted."""
    source = catalogue.source(code)
    try:
        return source.words(numbers) if source and numbers else ""
    except KeyError:
        return ""


def why_reopened(point: RequirementPoint, code: str) -> str:
    """Why what was done is not done any more; empty when it is, or never was."""
    match point.reopened_why:
        case "computed":
            return _("Không còn đúng: %(what)s", what=finding(code, point.numbers))
        case "withdrawn":
            return _("Bằng chứng đã bị rút.")
        case "remark":
            return _("Có ý kiến: %(text)s", text=point.remark)
        case "reworded":
            return _(
                "Yêu cầu đã đổi: xem lại rồi báo lại. Đổi gì, lời trước, và ai đã chấp nhận, ghi ở mục Đã diễn ra."
            )
        case _:
            return ""


def happened(event: RequirementEvent, code: str) -> str:
    """An event in words; ``code``: of what is computed."""
    if event.what.startswith("reworded"):
        before = event.numbers.get("before")
        if before is None:  # kept as it was written once: the fields, and the earlier text
            names = ", ".join(fields()[name] for name in event.numbers.get("changed", ("text",)))
            return _("Yêu cầu đổi; trước đây: %(was)s", was=f"{names} {event.note}")
        was = "; ".join(f"{fields()[name]} {_quoted(name, value)}" for name, value in before.items())
        if event.what == "reworded:accepted":
            return _("Yêu cầu đổi; đã chấp nhận (%(who)s) theo lời trước: %(was)s", who=event.note, was=was)
        return _("Yêu cầu đổi; trước đây: %(was)s", was=was)
    said = {
        "state:todo": _("Chuyển về chưa làm"),
        "state:doing": _("Đang làm"),
        "state:done": _("Báo đã làm"),
        "state:not_applicable": _("Báo không áp dụng"),
        "computed:done": _("Tự tính: đã đúng"),
        "reopened": _("Mở lại"),
        "evidence": _("Thêm bằng chứng"),
        "withdrawn": _("Rút bằng chứng"),
        "remark": _("Ý kiến"),
        "accepted": _("Chấp nhận"),
    }
    told = [said.get(event.what, event.what), event.note, finding(code, event.numbers)]
    return ": ".join(each for each in told if each)
