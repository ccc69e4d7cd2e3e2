"""Pictures of what has no address of its own: letters as a mail program shows them, how the desk offers itself to the
home screen of a phone, words that are refused before they are sent, and a gateway's recipe before it is saved.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from core import clock
from core.db import db
from incidents.figures import morning_words
from incidents.figures.night import night_of
from notify.channels.html import as_html
from notify.claims import letter_of
from notify.models import Message
from people import queries as people

MOMENTS = ("call-letter", "morning-letter", "home-screen", "words-refused", "zalo-recipe")
PLAIN = ":root{color-scheme:light dark}body{font:16px/1.5 sans-serif;padding:16px;white-space:pre-wrap}"
UNWELCOME = "Túi KT1 ướt, người nhận: Tỉnh ủy"
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


def morning(app: Flask, manager: str, page: Any) -> None:
    """The message about the night as the head of the province reads it: plain text."""
    with app.app_context():
        app.config["PUBLIC_URL"] = "https://truc.example"
        reader, now = people.person_by_code(manager), clock.now()
        unit = people.root_units()[0]
        subject, body = morning_words.words(reader, night_of(unit, now=now), now, brief=False)
    page.set_content(f'<meta name="viewport" content="width=device-width"><style>{PLAIN}</style>')
    page.evaluate("([subject, body]) => document.body.replaceChildren(subject + '\\n\\n' + body)", [subject, body])


def words_refused(base: str, page: Any) -> None:
    """``page`` is a phone's, signed in."""
    page.goto(base + "/incidents/new")
    page.wait_for_function("() => { try { return self.secrecy.found('') === null; } catch { return false; } }")
    page.fill("[name=title]", UNWELCOME)
    page.locator("label:has(input[name=category][value=kt1])").click()
    page.click("main .thumb button")
    page.wait_for_selector("[data-discreet]:not([hidden])")


def zalo_recipe(base: str, page: Any) -> None:
    """``page`` is an administrator's."""
    page.goto(base + "/gateways/new?recipe=zalo")
