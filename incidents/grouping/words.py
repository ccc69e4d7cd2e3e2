"""Lines of the timeline about the alarms of a group."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, ngettext

from incidents.words import EntryStyle, Kinds, severity_word


def _joined(params: dict[str, Any], kinds: Kinds) -> str:
    times = params.get("times", 1)
    return ngettext("Thêm %(num)s cảnh báo vào sự cố này", "Thêm %(num)s cảnh báo vào sự cố này", times)


def _apart(params: dict[str, Any], kinds: Kinds) -> str:
    times = params.get("times", 1)
    return ngettext("%(num)s cảnh báo đã tách thành sự cố riêng", "%(num)s cảnh báo đã tách thành sự cố riêng", times)


def _cleared(params: dict[str, Any], kinds: Kinds) -> str:
    return ngettext("%(num)s cảnh báo đã tự hết", "%(num)s cảnh báo đã tự hết", params.get("times", 1))


def _anew(params: dict[str, Any], kinds: Kinds) -> str:
    level, places = params.get("level"), params.get("places", [])
    why = []
    if level is not None:
        why.append(_("nặng hơn: mức %(level)s (%(word)s)", level=level, word=severity_word(level)))
    if places:
        why.append(_("thêm nơi: %(places)s", places=", ".join(places)))
    said = _("Gọi lại từ đầu, vì cảnh báo mới: %(why)s", why="; ".join(why))
    return said + "; " + _("trước đó %(person)s giữ", person=params["person"]) if params.get("person") else said


LINES: dict[str, EntryStyle] = {
    "alarm_joined": EntryStyle(_joined, "plus"),
    "alarm_apart": EntryStyle(_apart, "arrow-right"),
    "alarm_cleared": EntryStyle(_cleared, "check", "green"),
    "called_anew": EntryStyle(_anew, "bell-ringing", "red"),
}
