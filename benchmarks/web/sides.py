"""The product on one database, with the same people and shifts as the peer beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import delete, text
from sqlalchemy.engine import make_url

from app import create_app
from benchmarks.faults.stack import DURABLE
from benchmarks.faults.world import wall
from benchmarks.web import duties, server
from benchmarks.web.server import Running
from core.actor import Actor
from core.db import db, transaction
from people.accounts import keys
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject
from roster.feeds.models import FeedDocument, RenderedEvent
from tests.support.postgres import postgres_server

ACTOR = Actor(name="benchmark", role="admin", via="cli")


@dataclass
class Product:
    """Filled here; ``start`` gives a fresh process of its web server each time."""

    app: Flask
    url: str
    folder: Path
    database: int | None
    key: str
    place: duties.Place | None = None

    def team(self, name: str, people: int, *, begins: datetime) -> tuple[str, str]:
        """A unit of so many people: the paths of its calendar and of its first person's."""
        now = wall()
        with self.app.app_context():
            self.place = duties.place(name, people, begins=begins, now=now, author=ACTOR.name)
            unit = subscriptions.subscribe(Subject("unit", unit_id=self.place.unit_id), now=now, actor=ACTOR)
            person = subscriptions.subscribe(Subject("person", person_id=self.place.people[0]), now=now, actor=ACTOR)
            first, second = (f"/feeds/{subscriptions.token_of(each)}.ics" for each in (unit, person))
            return first, second

    def shifts(self, numbers: Sequence[int], kinds: Sequence[str]) -> None:
        """Published, of the last team."""
        assert self.place is not None
        with self.app.app_context():
            duties.add(self.place, numbers, kinds)
            with db.engine.begin() as connection:
                connection.execute(text("ANALYZE"))

    def forget(self) -> None:
        """As if no calendar had ever been read."""
        with self.app.app_context(), transaction() as session:
            session.execute(delete(FeedDocument))
            session.execute(delete(RenderedEvent))

    def start(self, port: int) -> Running:
        return server.product(self.url, self.folder, port, self.database)


@contextmanager
def product(kind: str) -> Iterator[Product]:
    """On ``sqlite`` or ``postgresql`` (every commit on the disk), migrated and empty but for an access key."""
    folder = Path(tempfile.mkdtemp(prefix="tt-web-"))
    try:
        if kind == "sqlite":
            yield _prepared(f"sqlite:///{folder / 'web.sqlite3'}", folder, None)
            return
        with postgres_server(DURABLE) as url:
            address = url.render_as_string(hide_password=False)
            yield _prepared(address, folder, _postmaster(address))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(url: str, folder: Path, database: int | None) -> Product:
    app = create_app({"DATA_DIR": folder, "SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": server.SECRET})
    with app.app_context():
        upgrade()
        _key, secret = keys.create_api_key(keys.NewApiKey("benchmark", "admin"), now=wall(), actor=ACTOR)
    return Product(app, url, folder, database, secret)


def _postmaster(address: str) -> int:
    """The process of our own server: what somebody else's costs, nobody here can read."""
    host = make_url(address).query.get("host")
    file = Path(str(host)) / "data" / "postmaster.pid"
    if host is None or not file.exists():
        raise RuntimeError("its CPU time is read, so the database must be one of ours: unset TEST_DATABASE_URL")
    return int(file.read_text().split()[0])
