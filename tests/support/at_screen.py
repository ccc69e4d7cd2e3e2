"""Sitting somebody down at a screen: signed in by the forms themselves, without having the browser draw their pages.

How people type their way in is seen in tests/browser/test_paths.py and test_ten_minutes.py; drawing sign-in page and
desk costs three seconds of the machine, and most tests of pages begin behind them.
"""

from __future__ import annotations

from typing import Any

from tests.support.html_form import form_of


def sign_in(screen: Any, login: str, password: str) -> None:
    """Whoever sits at ``screen`` (a browser profile or a page of it) is signed in; pages stay where they are."""
    _send(screen, "/login", "identifier", identifier=login, password=password)


def choose_language(screen: Any, language: str) -> None:
    """What this browser shows, and what the account says, from now on."""
    _send(screen, "/language", "csrf_token", language=language)


def _send(screen: Any, path: str, holding: str, **filled: str) -> None:
    form = form_of(screen.request.get("/login").text(), holding)
    answer = screen.request.post(path, form=form | filled, max_redirects=0)
    assert answer.status == 303, answer.text()
