"""The quick log: what a page may send. Rules that need the database are the services'."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from core.files.content import File
from core.forms import Form, MomentField, choices
from core.i18n import named
from incidents.catalogue import queries as catalogue
from incidents.creation.quick_log import LogEntry
from incidents.triage.questions import answers_in
from incidents.words import severity_word
from people import queries as people
from people.form_values import indented

COMMON = ("overload", "vehicle", "power", "connectivity", "software", "item_lost", "fire", "kt1")
"""Offered as buttons; the others are one list away."""
NO_WORDS = frozenset({"csrf_token", "account", "distinct", "during", "same", "edited", "kept_at", "names_ok", "about"})
"""Fields that say how it comes, not what: the same words sent otherwise are the same report."""


class QuickLogForm(Form):
    """Fifteen seconds: what, which kind, where. Everything else has a sensible default."""

    aliases = {"file": "photos"}
    fallback = "title"

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    """Of one showing of the form: what is sent twice with it is logged once."""
    title = StringField(
        _l("Việc gì đang xảy ra"),
        [InputRequired(_l("Ghi ngắn gọn việc gì đang xảy ra.")), Length(max=200, message=_l("Không quá 200 ký tự."))],
    )
    category = RadioField(_l("Loại sự cố"), validate_choice=False)
    more = SelectField(_l("Loại khác"), validate_choice=False)
    severity = RadioField(_l("Mức độ"), default="")
    unit = SelectField(_l("Nơi xảy ra"), [InputRequired(_l("Chọn đơn vị."))])
    party_state = BooleanField(_l("Liên quan cơ quan Đảng, Nhà nước hoặc KT1"))
    drill = RadioField(_l("Thật hay diễn tập"), default="real", validate_choice=False)
    description = TextAreaField(_l("Mô tả thêm"), [Length(max=4000, message=_l("Không quá 4000 ký tự."))])
    reporter = StringField(_l("Người báo tin"), [Length(max=200, message=_l("Không quá 200 ký tự."))])
    detected_at = MomentField(_l("Phát hiện lúc"), [Optional()])
    photos = MultipleFileField(_l("Ảnh"))
    account = HiddenField()
    """Whose phone keeps it when the line is gone: only that account sends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {each.code: each for each in catalogue.categories()}
        self.category.choices = choices((code, named(known[code])) for code in COMMON if code in known)
        others = (
            (each.code, _("%(name)s · mức %(level)s", name=named(each), level=each.default_severity))
            for each in known.values()
        )
        self.more.choices = choices([("", _("Chọn loại khác…")), *others])
        levels = ((str(level), f"{level} · {severity_word(level)}") for level in (1, 2, 3, 4))
        self.severity.choices = choices([("", _("Theo câu trả lời")), *levels])
        self.unit.choices = choices(indented(people.unit_tree()))
        self.drill.choices = choices([("real", _("Sự cố thật")), ("drill", _("DIỄN TẬP"))])

    def chosen_category(self) -> str:
        """The list wins over the buttons: somebody who opened it has not found the kind among them."""
        return self.more.data or self.category.data or "other"

    def entry(self, sent: MultiDict[str, str], photos: Sequence[File] = ()) -> LogEntry:
        """Return what was typed, as the service takes it."""
        return LogEntry(
            form_key=self.form_key.data or "",
            title=self.title.data or "",
            category=self.chosen_category(),
            words=[(name, value) for name, value in sent.items(multi=True) if name not in NO_WORDS],
            unit=self.unit.data or "",
            severity=int(self.severity.data) if self.severity.data else None,
            party_state=bool(self.party_state.data),
            description=self.description.data or "",
            reporter=self.reporter.data or "",
            detected_at=self.detected_at.data,
            drill=self.drill.data == "drill",
            answers=answers_in(sent),
            photos=photos,
            edited=sent.get("edited") == "1",
            kept_at=_moment(sent.get("kept_at", "")),
            names_confirmed="1" in sent.getlist("names_ok"),
        )

    def name_of(self, field: str) -> str:
        return super().name_of(field.partition(".")[0])


def _moment(typed: str) -> datetime | None:
    """An aware time as phones write it, or nothing."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
