"""Text and structure of every screen of ``make screenshots``, in both languages, without a browser.

Everything that varies is held still: the clock, the secrets, and the rosters, which are those of the first engine.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from flask import Flask

from app import create_app
from core import clock
from core.observability import heartbeat
from core.observability.logs import SECRET_PATH
from desk.demo import seed as demo
from incidents.escalation import engine
from scripts.samples import whole as samples
from scripts.screens import SCREENS, Screen
from scripts.snapshot_page import Line, only_words, outline, same_structure, without_frame
from tests.support.isolation import IsolatedClient

SEEDED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""A Friday morning in Việt Nam, before the Tết of 2027."""
SEEN = SEEDED + timedelta(seconds=90)
MARK = "ZZZ"
VARYING = (
    (re.compile(rf"{MARK}\d+"), "<secret>"),
    (SECRET_PATH, r"\1<secret>"),
    (re.compile(r"\b(sau|after) [\d.,]+(?= (?:giây|seconds?)\b)"), r"\1 <n>"),
    (re.compile(r"\b(và|and) .+(?= (?:để chuẩn bị, kiểm tra|to prepare and check)$)"), r"\1 <time>"),
    (re.compile(r"(dd \| )\d+(?= MB$)"), r"\1<n>"),
    (re.compile(r"\b(Trực Tết|Python|HiGHS|NumPy|SQLite) \d[\w.]*(?: \(\w+\), journal_mode=\w+)?"), r"\1 <version>"),
)
"""What is drawn by lot, measured, or told of this machine, and what is kept instead."""
AXIS = re.compile(r" *text\b")
"""What is written into a plot over the seconds that a solve took."""
FRAMED = [
    next(screen for screen in SCREENS if screen.who == who) for who in dict.fromkeys(each.who for each in SCREENS)
]
"""The first screen of everybody keeps what stands around every page; the others name it."""


def sample_app(folder: Path) -> Flask:
    """The application on an empty database in ``folder``: no channel but the sample's own, whatever is set."""
    from flask_migrate import upgrade

    app = create_app(
        {
            "TESTING": True,
            "APP_ENV": "development",
            "DATA_DIR": folder,
            "DEMO": True,
            "MAIL_URL": None,
            "PUBLIC_URL": "http://127.0.0.1:8000",
            "SECRET_KEY": MARK * 16,
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'sample.sqlite3'}",
            "WTF_CSRF_ENABLED": False,
        }
    )
    with app.app_context():
        upgrade()
    return app


class Lots:
    """What is drawn by lot: never the same twice, but the same in each run, and told by its beginning."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def token(self, size: int = 32) -> str:
        return MARK + f"{next(self._count):0>{size}}"


@contextmanager
def held_still(at: datetime, lots: Lots) -> Iterator[None]:
    """The clock stands, what is drawn by lot is counted, and no engine searches for as long as the machine is quick."""
    with (
        clock.travel(at),
        mock.patch.object(secrets, "token_urlsafe", lots.token),
        mock.patch.object(demo, "SOLVE_SECONDS", 0),
    ):
        yield


def seed(app: Flask, lots: Lots) -> dict[str, str]:
    """Fill the sample data; answers the facts that the paths of screens name."""
    with held_still(SEEDED, lots), app.app_context():
        demo.seed(now=clock.now(), actor=samples.ACTOR, say=lambda _line: None)
        facts = {"manager": demo.MANAGER, "admin": demo.ADMIN} | samples.prepare(app)
    with held_still(SEEDED, lots), app.app_context():
        engine.escalate_due(clock.now())
        called = samples.called(app, facts)
    if called is None:
        raise RuntimeError("nobody was called")
    return facts | called


class Reader:
    """Signs everybody in once and reads screens."""

    def __init__(self, app: Flask, facts: dict[str, str], lots: Lots) -> None:
        self._app, self._facts, self._lots = app, facts, lots
        self._clients: dict[str, IsolatedClient] = {}
        long = sorted(((value, name) for name, value in facts.items() if len(value) > 15), reverse=True)
        self._names = [*long, (str(app.config["DATA_DIR"]), "folder")]

    def read_screen(self, screen: Screen, language: str) -> tuple[str, list[Line]]:
        """The status and the outline of a screen; the clock stands at ``SEEN``."""
        with held_still(SEEN, self._lots):
            with self._app.app_context():
                heartbeat.beat("worker", now=clock.now())
            client = self._client(screen.who)
            with client.session_transaction() as session:
                session["locale"] = language
            answer = client.get(screen.address(self._facts, language))
        lines = outline(answer.text)
        return f"status {answer.status_code}", lines if screen in FRAMED else list(without_frame(lines))

    def said(self, screen: Screen, lines: Iterable[Line]) -> list[str]:
        """The lines as they are kept: without what was drawn by lot and what depends on the machine."""
        kept = [self._without_names(str(line)) for line in lines]
        return [line for line in kept if not (screen.name == "solve-run" and AXIS.match(line))]

    def _client(self, who: str) -> IsolatedClient:
        if who not in self._clients:
            client = self._clients[who] = IsolatedClient(self._app)
            if who != "nobody":
                login = {"identifier": self._facts.get(who, who), "password": demo.PASSWORD}
                if client.post("/login", data=login).status_code != 303:
                    raise RuntimeError(f"{who} could not sign in")
        return self._clients[who]

    def _without_names(self, line: str) -> str:
        for value, name in self._names:
            line = line.replace(value, f"<{name}>")
        for pattern, instead in VARYING:
            line = pattern.sub(instead, line)
        return line


def read_all(app: Flask, shown: Iterable[Screen] = SCREENS) -> dict[str, list[str]]:
    """Seed and read: the lines of every screen by ``<name>.<language>``.

    In English the words alone, as long as the page is built as in Vietnamese.
    """
    lots = Lots()
    reader = Reader(app, seed(app, lots), lots)
    found = {}
    for screen in in_order(shown):
        (status, vietnamese), (_status, english) = (reader.read_screen(screen, language) for language in ("vi", "en"))
        in_english = only_words(english) if same_structure(vietnamese, english) else english
        found[f"{screen.name}.vi"] = [status, *reader.said(screen, vietnamese)]
        found[f"{screen.name}.en"] = reader.said(screen, in_english)
    return found


def in_order(shown: Iterable[Screen]) -> list[Screen]:
    """Return them as they are read: what leaves a trace that others show comes last."""
    return sorted(shown, key=_leaves_a_trace)


def _leaves_a_trace(screen: Screen) -> tuple[int, bool]:
    """Whoever is called and opens the incident or the link has seen it, and the pages of others say so; then
    even their own desk does."""
    return {"admin": 0, "manager": 0, "nobody": 2}.get(screen.who, 1), screen.path != "/"
