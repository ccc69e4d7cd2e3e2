"""Lines of the timeline about an incident's being logged, and reported again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.i18n import dt
from incidents.triage.words import chosen_words, reason_words
from incidents.words import EntryStyle, Kinds, severity_word


def _logged(params: dict[str, Any], kinds: Kinds) -> str:
    """With why the level is what it is."""
    said = [_level(params)]
    if params.get("derived") and not params.get("raised_from"):
        said.append(chosen_words(params["derived"], machine=bool(params.get("machine"))))
    elif params.get("because") and not params.get("raised_from"):
        said += reason_words(params["because"])
    if params.get("restricted"):
        said.append(_("hạn chế xem"))
    if params.get("withheld"):
        said.append(_("chữ không được ghi (độ mật, nội dung, người gửi, người nhận) đã lược bỏ"))
    return "; ".join(said)


def _level(params: dict[str, Any]) -> str:
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


def _reported_again(params: dict[str, Any], kinds: Kinds) -> str:
    if params.get("last") is None:
        return _("Việc này được báo thêm một lần nữa")
    last = dt(datetime.fromisoformat(str(params["last"])))
    return _("Việc này được báo thêm %(times)s lần, lần cuối lúc %(last)s", times=params.get("times"), last=last)


LINES: dict[str, EntryStyle] = {
    "logged": EntryStyle(_logged, "edit", "red"),
    "reported_again": EntryStyle(_reported_again, "copy"),
    "sent_later": EntryStyle(
        lambda params, kinds: _(
            "Ghi trên máy lúc %(at)s khi không có mạng, gửi sau", at=dt(datetime.fromisoformat(str(params.get("at"))))
        ),
        "wifi-off",
    ),
}
