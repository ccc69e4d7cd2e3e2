"""The form behind a QR sheet: for somebody who is frightened, has one thumb free and no account."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, StringField
from wtforms.validators import Length

from core.files.content import File
from core.forms import Form, choices
from core.i18n import locale, named
from incidents.catalogue import queries as catalogue
from incidents.catalogue.severity import UNKNOWN
from incidents.public_reports.services import LONGEST_NAME, WrittenReport

OFFERED = (
    "fire",
    "injury",
    "threat",
    "theft",
    "suspicious_item",
    "vehicle",
    "traffic",
    "power",
    "connectivity",
    "software",
    "disaster",
    "item_damaged",
    "item_lost",
    "kt1",
    "other",
)
"""What somebody at a counter can tell apart; the duty desk sorts the rest."""


class ReportForm(Form):
    """One screen: which kind, a word about it, a picture. Everything but the kind may be left out."""

    fallback = "title"

    class Meta(Form.Meta):
        # Anybody who holds the sheet may report; a cookie would add nothing. ``form_key`` is against sending twice.
        csrf = False

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    category = RadioField(_l("Có chuyện gì"), validate_choice=False)
    title = StringField(_l("Nói thêm một câu"), [Length(max=200, message=_l("Không quá 200 ký tự."))])
    photos = MultipleFileField(_l("Chụp ảnh"))
    name = StringField(_l("Tên người báo"), [Length(max=LONGEST_NAME)])
    phone = StringField(_l("Số điện thoại người báo"), [Length(max=30)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {each.code: each for each in catalogue.categories()}
        self.category.choices = choices((code, named(known[code])) for code in OFFERED if code in known)

    def told(self, answers: dict[str, str], photos: Sequence[File]) -> WrittenReport:
        return WrittenReport(
            form_key=self.form_key.data or "",
            category=self.category.data or "",
            title=self.title.data or "",
            name=self.name.data or "",
            phone=self.phone.data or "",
            answers=answers,
            photos=photos,
        )


def questions() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(code, question, [(answer, words)]) of the few that everybody can answer; "not sure" counts for nothing."""
    english = locale() == "en"
    return [
        (
            row.code,
            row.text_en if english else row.text_vi,
            [(str(each["value"]), str(each["en" if english else "vi"])) for each in row.answers]
            + [(UNKNOWN, _("Không rõ"))],
        )
        for row in catalogue.questions_of("")
    ]


def answers(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was answered, by question; the service leaves out what is no answer."""
    return {code: typed[f"q_{code}"] for code, _text, _choices in questions() if typed.get(f"q_{code}")}
