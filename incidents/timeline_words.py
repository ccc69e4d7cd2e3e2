"""Timeline entries in words, in the reader's language; what is stored is kind and params."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.i18n import dt, duration, named
from incidents.escalation.decide import Target
from incidents.record.models import TimelineEntry
from people.models import DutyKind
from roster.resolver.resolution import DutyPerson

Kinds = dict[str, DutyKind]

LOOKS = {
    "logged": ("edit", "red"),
    "reported_again": ("copy", ""),
    "called": ("bell-ringing", "red"),
    "skipped": ("chevron-right", ""),
    "away": ("user", "gold"),
    "vacant": ("chevron-right", ""),
    "nobody": ("alert", "red"),
    "acknowledged": ("user-check", "gold"),
    "taken_over": ("user-check", "gold"),
    "passed": ("arrow-right", "red"),
    "timed_out": ("clock", "red"),
    "escalated": ("arrow-right", "red"),
    "call": ("phone", "blue"),
    "note": ("edit", ""),
    "call_undone": ("undo", "gold"),
    "resolved": ("check", "green"),
    "closed": ("lock", ""),
    "reopened": ("refresh", "red"),
    "ended": ("lock", ""),
    "policy": ("settings", ""),
    "reporter_added": ("message", "blue"),
    "reporter_mistaken": ("info", "gold"),
    "sent_later": ("wifi-off", ""),
}
"""kind → (icon, tone) of its line. Parts of the desk with kinds of their own add them here and to ``SENTENCES``."""


def text(entry: TimelineEntry, kinds: Kinds) -> str:
    """One entry as a sentence; ``kinds`` are the duty kinds by code."""
    say = SENTENCES.get(entry.kind)
    return say(entry.params, kinds) if say else entry.kind


def step_name(duty: str | None, kinds: Kinds, rule: str = "") -> str:
    """What a step is called: its duty kind, or that it names a person or (by ``rule``) the head of a unit."""
    if rule == "head" or (duty is not None and duty.startswith("head:")):
        return _("Trưởng đơn vị")
    if duty is None:
        return _("Người được nêu tên")
    return named(kinds[duty]) if duty in kinds else duty


def severity_word(level: int) -> str:
    words = {1: _("Đặc biệt nghiêm trọng"), 2: _("Nghiêm trọng"), 3: _("Trung bình"), 4: _("Nhẹ")}
    return words.get(level, str(level))


def rule_words(rule: str) -> str:
    """By which rule somebody was called, when it was not simply the roster."""
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


def state_words(state: str) -> str:
    """What became of a call."""
    words = {
        "queued": _("Chờ gửi"),
        "sending": _("Đang gửi"),
        "sent": _("Đã gửi"),
        "delivered": _("Đã tới máy"),
        "undelivered": _("Không tới máy"),
        "held": _("Đang giữ lại"),
        "failed": _("Gửi lỗi"),
        "cancelled": _("Không gửi nữa"),
        "superseded": _("Thay bằng tin mới hơn"),
        "by_hand": _("Gọi tay"),
        "taken": _("Đã nhận"),
        "passed": _("Không đi được"),
        "no_answer": _("Không trả lời"),
        "unreachable": _("Không liên lạc được"),
        "confirmed": _("Đã nắm"),
        "opened": _("Đã mở xem"),
    }
    return words.get(state, state)


def _logged(params: dict[str, Any], kinds: Kinds) -> str:
    said = _(
        "Ghi nhận sự cố, mức %(level)s (%(word)s)",
        level=params.get("severity"),
        word=severity_word(int(params.get("severity") or 3)),
    )
    if params.get("raised_from"):
        said += _("; được nâng từ mức %(level)s theo quy định", level=params["raised_from"])
    if params.get("rehearsal"):
        said = _("DIỄN TẬP") + " · " + said
    return said


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


def away_words(persons: Iterable[DutyPerson]) -> str:
    """Of the calls to come: who is recorded absent then, and what they get."""
    names = ", ".join(person.name for person in persons)
    return _("%(names)s vắng (đã ghi): chỉ nhắn một tin, không chờ", names=names)


def passed_words(persons: Iterable[DutyPerson]) -> str:
    """Who is recorded absent then, and has had the message."""
    return _("%(names)s vắng (đã ghi): không gọi lại", names=", ".join(person.name for person in persons))


def vacant_words(targets: Iterable[Target], kinds: Kinds) -> str:
    """Whom a step means besides, where nobody is."""
    names = (step_name(target.duty or (f"head:{target.head}" if target.head else None), kinds) for target in targets)
    return _("Không có ai ở %(duties)s", duties=", ".join(names))


def _away(params: dict[str, Any], kinds: Kinds) -> str:
    """Kind and note of an absence are nobody's business here."""
    names, then = ", ".join(params.get("people", [])), params.get("then", "")
    said = {
        "next": _("%(names)s vắng (đã ghi), đã gọi bước sau", names=names),
        "others": _("%(names)s vắng (đã ghi), đã gọi những người khác", names=names),
        "again": _("%(names)s vắng (đã ghi), đã gọi lại từ đầu", names=names),
        "later": _("%(names)s vắng (đã ghi), đến giờ thì gọi lại từ đầu", names=names),
        "chain": _("%(names)s vắng (đã ghi), không bước nào có người: đã gọi người dự phòng", names=names),
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
    return said + _("; đã gọi những người khác của bước") if params.get("others") else said


def _acknowledged(params: dict[str, Any], kinds: Kinds) -> str:
    return _helped(_("%(person)s đã nhận", person=params.get("person")), params)


def _taken_over(params: dict[str, Any], kinds: Kinds) -> str:
    said = _("%(person)s nhận thay %(before)s", person=params.get("person"), before=params.get("before"))
    return _helped(said, params)


def _helped(said: str, params: dict[str, Any]) -> str:
    """Somebody may have rung, and written it down: the timeline names both."""
    if not params.get("by"):
        return said
    if params.get("phone"):
        return _("%(said)s qua điện thoại; người gọi và ghi nhận: %(by)s", said=said, by=params["by"])
    return _("%(said)s; người ghi nhận thay: %(by)s", said=said, by=params["by"])


def _passed(params: dict[str, Any], kinds: Kinds) -> str:
    return _("%(person)s không đi được, chuyển người khác", person=params.get("person"))


def _timed_out(params: dict[str, Any], kinds: Kinds) -> str:
    return _("%(person)s đã nhận nhưng đến hạn vẫn chưa có diễn biến: gọi lại từ đầu", person=params.get("person"))


def _reported_again(params: dict[str, Any], kinds: Kinds) -> str:
    if params.get("last") is None:
        return _("Việc này được báo thêm một lần nữa")
    last = dt(datetime.fromisoformat(str(params["last"])))
    return _("Việc này được báo thêm %(times)s lần, lần cuối lúc %(last)s", times=params.get("times"), last=last)


def _call(params: dict[str, Any], kinds: Kinds) -> str:
    return _("Gọi điện cho %(person)s: %(outcome)s", person=params.get("person"), outcome=_came_of(params))


def _call_undone(params: dict[str, Any], kinds: Kinds) -> str:
    return _(
        "Sửa kết quả gọi điện cho %(person)s (đã ghi: %(outcome)s)",
        person=params.get("person"),
        outcome=_came_of(params),
    )


def _came_of(params: dict[str, Any]) -> str:
    outcome = {
        "taken": _("nghe máy và nhận"),
        "no_answer": _("không trả lời"),
        "unreachable": _("không liên lạc được"),
        "busy": _("bận, gọi lại sau"),
        "later": _("hẹn gọi lại sau"),
        "refused": _("nghe máy, không đi được"),
    }
    return outcome.get(str(params.get("outcome")), str(params.get("outcome")))


SENTENCES: dict[str, Callable[[dict[str, Any], Kinds], str]] = {
    "logged": _logged,
    "reported_again": _reported_again,
    "sent_later": lambda params, kinds: _(
        "Ghi trên máy lúc %(at)s khi không có mạng, gửi sau", at=dt(datetime.fromisoformat(str(params.get("at"))))
    ),
    "reporter_added": lambda params, kinds: _("Người báo nói thêm"),
    "reporter_mistaken": lambda params, kinds: _("Người báo cho biết là báo nhầm; chưa ai xác nhận"),
    "called": _called,
    "skipped": _skipped,
    "away": _away,
    "vacant": _vacant,
    "nobody": lambda params, kinds: _("Không có người nào để gọi; hệ thống sẽ thử lại"),
    "acknowledged": _acknowledged,
    "taken_over": _taken_over,
    "passed": _passed,
    "timed_out": _timed_out,
    "escalated": lambda params, kinds: _("Chuyển cấp ngay: gọi bước tiếp theo"),
    "call": _call,
    "call_undone": _call_undone,
    "note": lambda params, kinds: _("Ghi chú"),
    "resolved": lambda params, kinds: _("Báo đã xử lý xong"),
    "closed": lambda params, kinds: _("Đóng sự cố"),
    "reopened": lambda params, kinds: _("Mở lại, gọi từ đầu"),
    "ended": lambda params, kinds: _("Diễn tập kết thúc: tự đóng"),
    "policy": lambda params, kinds: _("Áp dụng quy trình gọi bản %(number)s", number=params.get("number")),
}
