"""Words of calls: by which rule somebody was called, who is absent; and their lines in the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from core.i18n import duration
from incidents.policies.rules import Target
from incidents.words import EntryStyle, Kinds, step_name
from roster.resolver.resolution import DutyPerson


def rule_words(rule: str) -> str:
    """Return by which rule somebody was called, when it was not simply the roster."""
    words = {
        "assigned": _("theo lịch trực"),
        "substitute": _("trực thay"),
        "person": _("được nêu tên trong quy trình"),
        "head": _("trưởng đơn vị"),
        "holder": _("đang giữ sự cố"),
        "standing_chain": _("theo danh sách thường trực"),
        "catch_all": _("người nhận sau cùng"),
    }
    return words.get(rule, rule)


def away_words(persons: Iterable[DutyPerson]) -> str:
    """Say who is recorded absent when the calls to come are made, and what they get."""
    names = ", ".join(person.name for person in persons)
    return _("%(names)s vắng (đã ghi): chỉ nhắn một tin, không chờ", names=names)


def passed_words(persons: Iterable[DutyPerson]) -> str:
    """Who is recorded absent then, and has had the message."""
    return _("%(names)s vắng (đã ghi): không gọi lại", names=", ".join(person.name for person in persons))


def vacant_words(targets: Iterable[Target], kinds: Kinds) -> str:
    """Whom a step means besides, where nobody is."""
    names = (step_name(target.duty or (f"head:{target.head}" if target.head else None), kinds) for target in targets)
    return _("Không có ai ở %(duties)s", duties=", ".join(names))


def _called(params: dict[str, Any], kinds: Kinds) -> str:
    duty = step_name(params.get("duty"), kinds, params["rule"])
    said = _(
        "Bước %(step)s, lượt %(cycle)s · %(duty)s: gọi %(people)s (%(rule)s)",
        step=params["step"] + 1,
        cycle=params["cycle"],
        duty=duty,
        people=", ".join(params["people"]),
        rule=rule_words(params["rule"]),
    )
    if params.get("by_hand"):
        said += _("; gọi tay: %(people)s", people=", ".join(params["by_hand"]))
    if params.get("late", 0) >= 60:
        said += _("; trễ %(time)s", time=duration(params["late"]))
    return said


def _skipped(params: dict[str, Any], kinds: Kinds) -> str:
    duties = [step_name(duty, kinds) for duty in params.get("duties", [])]
    return _("Không có ai được phân công: %(duties)s; chuyển ngay bước sau", duties=", ".join(duties))


def _away(params: dict[str, Any], kinds: Kinds) -> str:
    """Kind and note of an absence are nobody's business here."""
    names, then = ", ".join(params.get("people", [])), params.get("then", "")
    said = {
        "next": _("%(names)s vắng (đã ghi), chuyển bước sau", names=names),
        "others": _("%(names)s vắng (đã ghi), còn những người khác", names=names),
        "again": _("%(names)s vắng (đã ghi), lại từ đầu", names=names),
        "later": _("%(names)s vắng (đã ghi), đến giờ thì gọi lại từ đầu", names=names),
        "chain": _("%(names)s vắng (đã ghi), không bước nào có người: chuyển người dự phòng", names=names),
        "held": _(
            "%(names)s đang giữ sự cố nhưng vắng (đã ghi): không đổ chuông, không chờ, gọi lại từ đầu", names=names
        ),
        "all": _("%(names)s vắng (đã ghi), nhưng không còn ai khác: vẫn nhắn tin", names=names),
    }.get(then) or _("%(names)s vắng (đã ghi)", names=names)
    if then not in ("all", "held"):
        duty = step_name(params.get("duty"), kinds, str(params.get("rule", "")))
        said = _(
            "Bước %(step)s, lượt %(cycle)s · %(duty)s: %(said)s",
            step=params["step"] + 1,
            cycle=params["cycle"],
            duty=duty,
            said=said,
        )
    if then != "all" and params.get("told"):
        said += _("; nhắn một tin để biết: %(names)s", names=", ".join(params["told"]))
    return said


def _vacant(params: dict[str, Any], kinds: Kinds) -> str:
    duties = ", ".join(step_name(duty, kinds) for duty in params.get("duties", []))
    said = _(
        "Bước %(step)s, lượt %(cycle)s: không có ai ở %(duties)s",
        step=params["step"] + 1,
        cycle=params["cycle"],
        duties=duties,
    )
    return said + _("; còn những người khác của bước") if params.get("others") else said


def _timed_out(params: dict[str, Any], kinds: Kinds) -> str:
    return _("%(person)s đã nhận nhưng đến hạn vẫn chưa có diễn biến: gọi lại từ đầu", person=params.get("person"))


LINES: dict[str, EntryStyle] = {
    "called": EntryStyle(_called, "bell-ringing", "red"),
    "skipped": EntryStyle(_skipped, "chevron-right"),
    "away": EntryStyle(_away, "user", "gold"),
    "vacant": EntryStyle(_vacant, "chevron-right"),
    "nobody": EntryStyle(lambda params, kinds: _("Không có người nào để gọi; hệ thống sẽ thử lại"), "alert", "red"),
    "timed_out": EntryStyle(_timed_out, "clock", "red"),
}
