"""Sentences that were asked for in English and are there in Vietnamese alone: they fall through the catalogue."""

from __future__ import annotations

from babel.support import NullTranslations
from flask import Flask
from flask_babel import force_locale, get_translations

KNOWN = "tests.support.page_english"


class _Missing(NullTranslations):
    """Asked when the catalogue has no such sentence: keeps it and answers it as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def gettext(self, message: str) -> str:
        self.asked.append(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    ugettext, ungettext, upgettext = gettext, ngettext, pgettext


def missing(app: Flask) -> list[str]:
    """The list into which those of ``app`` go; whoever reads it empties it."""
    known = app.extensions.get(KNOWN)
    if known is None:
        known = app.extensions[KNOWN] = _Missing()
        with app.test_request_context(), force_locale("en"):
            get_translations().add_fallback(known)
    return known.asked
