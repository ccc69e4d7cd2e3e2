"""What readers of feeds cost: CPU of this process per request, cold, unchanged, after one change; and of publishing.

``python -m benchmarks.web.feeds [DATABASE_URL]`` makes units, people and duties in an empty database (SQLite in a
temporary folder unless told), calls the addresses in this process (no network, one thread) and prints a table.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import delete, update

from app import create_app
from benchmarks.web import duties
from core.actor import Actor
from core.db import db, transaction
from people.models import Person, Unit
from roster.feeds import reading, services as subscriptions, watch
from roster.feeds.facts import Subject
from roster.feeds.models import FeedDocument
from roster.models import Duty

ACTOR = Actor(name="benchmark", role="admin", via="cli")
TEAM, PEOPLE, LARGE = 990, 17, 6500
ROUNDS, CALLS = 5, 10
START = datetime(2027, 2, 1, 0, 30, tzinfo=UTC)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        app = create_app({"DATA_DIR": Path(folder), "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False})
        with app.app_context():
            upgrade()
            _publish("TEAM", TEAM, PEOPLE)
        print("| what | CPU ms |\n|---|---|")
        for name, spent in _requests(app):
            print(f"| {name} | {spent:.2f} |", flush=True)
        with app.app_context():
            for name, spent in publishing().items():
                print(f"| {name} | {spent:.0f} |", flush=True)


def _requests(app: Flask) -> list[tuple[str, float]]:
    found = []
    with app.app_context():
        unit_id, person_id = db.session.query(Unit.id).scalar(), db.session.query(Person.id).limit(1).scalar()
        team = subscriptions.subscribe(Subject("unit", unit_id=unit_id), now=START, actor=ACTOR)
        person = subscriptions.subscribe(Subject("person", person_id=person_id), now=START, actor=ACTOR)
        paths = {
            f"team feed of {TEAM}": f"/feeds/{subscriptions.token_of(team)}.ics",
            f"feed of a person with {TEAM // PEOPLE + 1}": f"/feeds/{subscriptions.token_of(person)}.ics",
        }
    for name, path in paths.items():
        get = _getter(app, path, {})
        found.append((f"{name}: first reader, everything rendered", _once(get)))
        tag = app.test_client().get(path).headers["ETag"]
        found.append((f"{name}: 200", _cpu(get)))
        found.append((f"{name}: 200 gzipped", _cpu(_getter(app, path, {"Accept-Encoding": "gzip"}))))
        found.append((f"{name}: 304", _cpu(_getter(app, path, {"If-None-Match": tag}))))
        found.append((f"{name}: the reader after one shift has changed", _after(app, get, _move_a_shift)))
        found.append((f"{name}: the reader after something elsewhere has changed", _after(app, get, _rename_a_unit)))
    return found


def _getter(app: Flask, path: str, headers: Mapping[str, str]) -> Callable[[], None]:
    client = app.test_client()

    def get() -> None:
        status = client.get(path, headers=dict(headers)).status_code
        if status not in (200, 304):
            raise RuntimeError(f"a benchmarked request answered {status}")

    return get


def _move_a_shift(number: int) -> None:
    wanted = db.session.query(Duty.id).order_by(Duty.id).limit(1).scalar_subquery()
    with transaction() as session:
        session.execute(update(Duty).where(Duty.id == wanted).values(template=f"Ca {number}"))


def _rename_a_unit(number: int) -> None:
    with transaction() as session:
        session.merge(Unit(code="ELSE", id=9999, name=f"Nơi khác {number}", kind="province"))


def _after(app: Flask, get: Callable[[], None], change: Callable[[int], None]) -> float:
    spent = []
    for number in range(ROUNDS):
        with app.app_context():
            change(number)
        spent.append(_once(get))
    return statistics.median(spent)


def publishing() -> dict[str, float]:
    """CPU ms of writing the rows of a large publish with the triggers that count changes and without; of its first
    reader, for whom every event is rendered and kept; and of joining again what is kept."""
    with db.engine.begin() as connection:
        watch.remove(connection)
    without = _once(lambda: _publish("PLAIN", LARGE, 100))
    with db.engine.begin() as connection:
        watch.install(connection)
    number: list[int] = []
    counted = _once(lambda: number.append(_publish("LARGE", LARGE, 100)))
    feed = subscriptions.subscribe(Subject("campaign", campaign_id=number[0]), now=START, actor=ACTOR)
    token = subscriptions.token_of(feed)
    first = _once(lambda: reading.answer(token, now=START))
    with transaction() as session:
        session.execute(delete(FeedDocument))
    joined = _once(lambda: reading.answer(token, now=START))
    return {
        f"rows of {LARGE} published shifts, not counted": without,
        f"rows of {LARGE} published shifts, counted by triggers": counted,
        "their first reader, everything rendered and kept": first,
        "the same joined from kept events": joined,
    }


def _publish(code: str, shifts: int, people: int) -> int:
    """A published campaign of that many shifts; its id."""
    at = duties.place(code, people, begins=START, now=START - timedelta(days=20), author=ACTOR.name)
    duties.add(at, range(shifts))
    return at.campaign_id


def _once(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return (time.process_time() - before) * 1000


def _cpu(call: Callable[[], None]) -> float:
    """Median over rounds of the CPU milliseconds of one call."""
    call()
    spent = []
    for _round in range(ROUNDS):
        before = time.process_time()
        for _call in range(CALLS):
            call()
        spent.append((time.process_time() - before) * 1000 / CALLS)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
