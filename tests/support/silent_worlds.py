"""The sample data of every screen in a copy whose words reach nobody: no channel at all, or all of them dead for an
hour. Read without a browser, as ``scripts.snapshot_screens`` reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Update, update

from core.db import transaction
from notify.gateways.models import Breaker, Gateway
from notify.models import Message
from people.models import Person
from people.notification_rules.models import Endpoint
from scripts import snapshot_screens as screens
from scripts.screens import SCREENS

DEAD_SINCE = screens.SEEDED - timedelta(hours=1)


def unconnected(folder: Path) -> dict[str, list[str]]:
    """Return screen → its lines, where nothing is connected."""
    return _read_world(folder, _disconnect)


def dead(folder: Path) -> dict[str, list[str]]:
    """Return screen → its lines, where mail and all gateways have failed for an hour, and everybody is real."""
    return _read_world(folder, _kill)


def _read_world(folder: Path, silence: Callable[[Flask], None]) -> dict[str, list[str]]:
    app, lots = screens.sample_app(folder), screens.Lots()
    facts = screens.seed(app, lots)
    with app.app_context():
        silence(app)
    reader, found = screens.Reader(app, facts, lots), {}
    for screen in screens.in_order(SCREENS):
        status, lines = reader.read_screen(screen, "vi")
        found[screen.name] = [status, *map(str, lines)]
    return found


def _disconnect(app: Flask) -> None:
    app.config["MAIL_URL"] = None
    with transaction() as session:
        session.execute(update(Gateway).values(active=False))
        for each in session.query(Endpoint):
            session.delete(each)
        session.execute(_unsent().values(state="held", hold_reason="no_gateway"))


def _kill(app: Flask) -> None:
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    with transaction() as session:
        session.execute(update(Person).values(is_demo=False))
        session.execute(_unsent().values(state="pending", hold_reason="", attempts=3, last_error="Connection refused"))
        session.execute(update(Message).values(local_only=False))
        for name in ("email", *(f"{row.channel}/{row.name}" for row in session.query(Gateway))):
            session.merge(_broken(name))


def _broken(name: str) -> Breaker:
    return Breaker(
        name=name,
        failures=9,
        opened_at=DEAD_SINCE,
        probe_at=screens.SEEN + timedelta(seconds=30),
        last_error="Connection refused",
        changed_at=DEAD_SINCE,
    )


def _unsent() -> Update:
    return update(Message).where(Message.state.in_(("held", "pending", "leased", "sent")))
