"""Lines of the timeline about attachments."""

from __future__ import annotations

from flask_babel import gettext as _

from incidents.words import EntryStyle

LINES: dict[str, EntryStyle] = {
    "attached": EntryStyle(lambda params, kinds: _("Đính kèm %(name)s", name=params["name"]), "paperclip"),
    "attachment_withdrawn": EntryStyle(lambda params, kinds: _("Rút tệp %(name)s", name=params["name"]), "eye-off"),
    "attachment_erased": EntryStyle(
        lambda params, kinds: _("Xóa hẳn nội dung tệp %(name)s", name=params["name"]), "trash", "red"
    ),
}
