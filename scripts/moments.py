"""Pictures of what has no address of its own: the letter of a call as a mail program shows it, and how the desk offers
itself to the home screen of a phone.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from core.db import db
from notify.channels.html import as_html
from notify.claims import letter_of
from notify.models import Message

MOMENTS = ("call-letter", "home-screen")
IPHONE = "Object.defineProperty(Navigator.prototype, 'standalone', {get: () => false})"
"""As Safari says it of a page that is not on the home screen."""


def letter(app: Flask, message_id: str, page: Any) -> None:
    """The mail of a call, in the language of whoever is called."""
    with app.app_context():
        page.set_content(as_html(letter_of(db.session.get_one(Message, int(message_id)))))


def home_screen(base: str, page: Any) -> None:
    """The desk on an iPhone; ``page`` is a phone's, signed in."""
    page.add_init_script(IPHONE)
    page.goto(base + "/")
    page.wait_for_selector("#install:not([hidden])")
