"""Asks to swap in sentences, for pages and messages."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from core.i18n import lunar_long, named, span, weekday
from duty.swaps.lines.line import SwapLine
from duty.swaps.recipients import ChangeRecipient
from people import queries as people
from people.notification_rules.words import CHANNEL_NAMES
from roster.models import Shift


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


def state_of(line: SwapLine) -> str:
    """Return the state of an ask as it is now; one whose time is over before anybody could be asked did not run out."""
    if line.state in ("asked", "expired") and not line.is_asked:
        return _("chưa hỏi được ai") if line.is_open else _("không hỏi được ai, đã đến giờ ca")
    return state(line.state)


def kind(code: str) -> str:
    return {"swap": _("đổi ca"), "cover": _("nhờ trực thay"), "drop": _("xin thôi ca")}[code]


def what(line: SwapLine) -> str:
    """Return what changes hands: duty, hours, day, unit."""
    return _piece(line.shift, span(line.starts_at, line.ends_at))


def whole(shift: Shift) -> str:
    return _piece(shift, span(shift.starts_at, shift.ends_at))


def asked(line: SwapLine) -> str:
    """Say it to whoever was asked."""
    facts = {"name": line.swap.person.full_name, "what": what(line)}
    if line.chained is not None and line.chained.is_first:
        return _("Để %(name)s trực ca khác, đề nghị đồng chí trực thay %(name)s: %(what)s.", **facts)
    if line.chained is not None:
        heir, theirs = line.chained.taker.person.full_name, whole(line.chained.shift)
        return _(
            "%(name)s nhờ đồng chí trực thay: %(what)s. Ca %(theirs)s của đồng chí thì %(heir)s trực thay.",
            heir=heir,
            theirs=theirs,
            **facts,
        )
    if line.in_return is not None:
        return _(
            "%(name)s đề nghị đổi ca: đồng chí nhận %(what)s, giao %(theirs)s.", theirs=whole(line.in_return), **facts
        )
    if line.swap.from_at is not None:
        return _("%(name)s nhờ đồng chí trực thay một phần ca: %(what)s.", **facts)
    return _("%(name)s nhờ đồng chí trực thay: %(what)s.", **facts)


def aloud(line: SwapLine) -> tuple[str, str]:
    """Return the same as an automatic call reads it: with keys, and for gateways that hear none, without."""
    said = asked(line)
    keys = _("Bấm phím 1 nếu nhận. Bấm phím 2 nếu không nhận được.")
    return f"{said} {keys}", _("%(said)s Đề nghị trả lời đơn vị.", said=said)


def moves_when(line: SwapLine) -> str:
    """Say to whoever was asked what their yes does."""
    if line.chained is not None:
        if line.swap.passes:
            return _("Cả hai người cùng nhận thì hai ca đổi ngay; một người không nhận thì không ca nào đổi.")
        return _("Cả hai người cùng nhận, người quản lý duyệt rồi hai ca mới đổi.")
    if line.swap.passes:
        return _("Ai nhận trước thì ca đổi ngay.")
    return _("Người quản lý duyệt rồi ca mới đổi.")


def agreed(line: SwapLine) -> str:
    """Say it to whoever said yes and hears nothing more yet."""
    if line.chained is not None and line.chained.taker.answer is None:
        return _("Đồng chí đã nhận, đang chờ %(name)s trả lời.", name=line.chained.taker.person.full_name)
    return _("Đồng chí đã nhận, đang chờ duyệt.")


def said(line: SwapLine) -> str:
    """Say to managers and to whoever asked who wants what of whom; of a chain both asks in one sentence."""
    facts = {"name": line.swap.person.full_name, "what": what(line)}
    if line.chained is not None and not line.chained.is_first:
        taker, heir = line.swap.asked[0].person.full_name, line.chained.taker.person.full_name
        return _(
            "%(taker)s trực thay %(name)s: %(what)s; %(heir)s trực thay %(taker)s: %(theirs)s.",
            taker=taker,
            heir=heir,
            theirs=whole(line.chained.shift),
            **facts,
        )
    if line.in_return is not None and line.other is not None:
        other = line.other.full_name
        return _(
            "%(name)s đổi %(what)s lấy %(theirs)s của %(other)s.", theirs=whole(line.in_return), other=other, **facts
        )
    if line.swap.kind == "drop":
        return _("%(name)s xin thôi %(what)s.", **facts)
    return _("%(name)s nhờ trực thay %(what)s.", **facts)


def hears(rows: Iterable[ChangeRecipient]) -> str:
    """Names with the channel by which each hears of it."""
    return ", ".join(f"{each.person.full_name} ({channel(each)})" for each in rows)


def channel(each: ChangeRecipient) -> str:
    if not each.channel:
        why = {
            "no_way": _("không có kênh, gọi tay"),
            "no_channel": _("chưa nối cổng, gọi tay"),
            "waits": _("cổng đang hỏng, gọi tay"),
        }
        return _("gọi thoại tự động") if each.rung else why.get(each.way, why["no_way"])
    name = str(CHANNEL_NAMES[each.channel])
    return _("%(channel)s và gọi thoại tự động", channel=name) if each.rung else name


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
