"""Lines of the timeline about merging: of the incident that was merged, and of the one into which it was."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from incidents.words import EntryStyle, Kinds, severity_word


def _joined_here(params: dict[str, Any], kinds: Kinds) -> str:
    """With what the other one's level made of this one's."""
    told = _("%(joined)s được gộp vào đây", joined=params["joined"])
    if "after" not in params:
        return told
    return (
        told
        + "; "
        + _(
            "mức %(before)s thành mức %(after)s (%(word)s)",
            before=params["before"],
            after=params["after"],
            word=severity_word(params["after"]),
        )
    )


LINES: dict[str, EntryStyle] = {
    "joined": EntryStyle(lambda params, kinds: _("Gộp vào %(main)s", main=params["main"]), "link", "blue"),
    "joined_here": EntryStyle(_joined_here, "link", "blue"),
    "split": EntryStyle(lambda params, kinds: _("Tách khỏi %(main)s", main=params["main"]), "swap", "red"),
    "split_here": EntryStyle(lambda params, kinds: _("%(joined)s được tách ra", joined=params["joined"]), "swap"),
    "main_note": EntryStyle(lambda params, kinds: _("Ghi chú ở %(main)s", main=params["main"]), "edit"),
    "main_resolved": EntryStyle(
        lambda params, kinds: _("%(main)s được báo xử lý xong", main=params["main"]), "check", "green"
    ),
    "main_closed": EntryStyle(lambda params, kinds: _("Đóng cùng %(main)s", main=params["main"]), "lock"),
    "main_reopened": EntryStyle(lambda params, kinds: _("%(main)s được mở lại", main=params["main"]), "refresh", "red"),
}
