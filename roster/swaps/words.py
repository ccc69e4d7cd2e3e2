"""Asks to swap in sentences, for pages and messages."""

from __future__ import annotations

from flask_babel import gettext as _

from core.i18n import lunar_long, named, span, weekday
from people import queries as people
from roster.models import Shift
from roster.swaps.queries import Line


def state(code: str) -> str:
    return {
        "asked": _("đang hỏi"),
        "accepted": _("đã có người nhận, chờ duyệt"),
        "approved": _("đã đổi"),
        "declined": _("không ai nhận"),
        "rejected": _("không được duyệt"),
        "cancelled": _("đã rút"),
        "expired": _("đã hết hạn"),
        "void": _("lịch đã đổi nên không còn hiệu lực"),
    }[code]


def kind(code: str) -> str:
    return {"swap": _("đổi ca"), "cover": _("nhờ trực thay"), "drop": _("xin thôi ca")}[code]


def what(line: Line) -> str:
    """What changes hands: duty, hours, day, unit."""
    return _piece(line.shift, span(line.starts_at, line.ends_at))


def whole(shift: Shift) -> str:
    return _piece(shift, span(shift.starts_at, shift.ends_at))


def asked(line: Line) -> str:
    """To whoever was asked."""
    facts = {"name": line.swap.person.full_name, "what": what(line)}
    if line.in_return is not None:
        return _(
            "%(name)s đề nghị đổi ca: đồng chí nhận %(what)s, giao %(theirs)s.", theirs=whole(line.in_return), **facts
        )
    if line.swap.from_at is not None:
        return _("%(name)s nhờ đồng chí trực thay một phần ca: %(what)s.", **facts)
    return _("%(name)s nhờ đồng chí trực thay: %(what)s.", **facts)


def said(line: Line) -> str:
    """To managers and to whoever asked: who wants what of whom."""
    facts = {"name": line.swap.person.full_name, "what": what(line)}
    if line.in_return is not None and line.other is not None:
        other = line.other.full_name
        return _(
            "%(name)s đổi %(what)s lấy %(theirs)s của %(other)s.", theirs=whole(line.in_return), other=other, **facts
        )
    if line.swap.kind == "drop":
        return _("%(name)s xin thôi %(what)s.", **facts)
    return _("%(name)s nhờ trực thay %(what)s.", **facts)


def _piece(shift: Shift, when: str) -> str:
    kinds = {each.code: named(each) for each in people.duty_kinds()}
    return _(
        "%(duty)s %(weekday)s %(when)s (%(lunar)s), %(unit)s",
        duty=kinds.get(shift.duty, shift.duty),
        weekday=weekday(shift.starts_at),
        when=when,
        lunar=lunar_long(shift.starts_at),
        unit=shift.unit.name,
    )
