"""Lines of the timeline about what the reporter, who has no account, says later."""

from __future__ import annotations

from flask_babel import gettext as _

from incidents.words import EntryStyle

LINES: dict[str, EntryStyle] = {
    "reporter_added": EntryStyle(lambda params, kinds: _("Người báo nói thêm"), "message", "blue"),
    "reporter_mistaken": EntryStyle(
        lambda params, kinds: _("Người báo cho biết là báo nhầm; chưa ai xác nhận"), "info", "gold"
    ),
}
