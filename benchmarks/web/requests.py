"""CPU time per request, and its ratio to a bare Flask answer measured in the same run.

``python -m benchmarks.web.requests`` seeds the demo in a temporary folder (SQLite), and a bigger made campaign beside
it, calls each address in this process (no network, one thread) and prints a table. Process CPU time, not wall time: a
busy machine changes it little.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from benchmarks.web import made
from core import clock
from core.actor import Actor
from desk.demo import clearing, seed
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from roster.campaigns.models import Campaign
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject

ACTOR = Actor(name="benchmark", role="admin", via="cli")
ROUNDS, CALLS = 5, 8
CELLS = 20
PASSWORD = "mot-cum-tu-dai-de-do"  # noqa: S105


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder), "demo")
        with app.app_context():
            seed.seed(now=clock.now(), actor=ACTOR, say=lambda _line: None)
        rows = [(name, _cpu_ms(call)) for name, call in _calls(app)]
        rows += [(name, _cpu_ms(call)) for name, call in _reasons(_app(Path(folder), "made"))]
    floor = rows[0][1]
    print("| request | CPU ms | × bare Flask |\n|---|---|---|")
    for name, spent in rows:
        print(f"| {name} | {spent:.2f} | {spent / floor:.1f} |")


def _app(folder: Path, name: str) -> Flask:
    """The product with an empty database of that name."""
    (folder / name).mkdir()
    url = f"sqlite:///{folder / name / 'bench.sqlite3'}"
    app = create_app({"DATA_DIR": folder / name, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        upgrade()
    return app


def _calls(app: Flask) -> list[tuple[str, Callable[[], int]]]:
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "ok")
    with app.app_context():
        _key, secret = keys.create_api_key(keys.NewApiKey("benchmark", "admin"), now=clock.now(), actor=ACTOR)
        campaign = Campaign.query.filter_by(tet_year=2020).one()
        feed = subscriptions.subscribe(Subject("campaign", campaign_id=campaign.id), now=clock.now(), actor=ACTOR)
        path = f"/feeds/{subscriptions.token_of(feed)}.ics"
    api = {"Authorization": f"Bearer {secret}"}
    tag = {"If-None-Match": app.test_client().get(path).headers["ETag"]}
    person = app.test_client()
    person.post("/login", data={"identifier": seed.MANAGER, "password": seed.PASSWORD})
    incident = {"title": "Mất điện", "category": "power", "unit": clearing.UNIT}

    def log() -> int:
        return app.test_client().post("/api/v1/incidents", json=incident, headers=api).status_code

    return [
        ("bare Flask page", lambda: bare.test_client().get("/").status_code),
        ("who is on duty (4 kinds)", lambda: app.test_client().get("/api/v1/on-duty", headers=api).status_code),
        ("campaign feed, 235 duties", lambda: app.test_client().get(path).status_code),
        ("the same, unchanged (304)", lambda: app.test_client().get(path, headers=tag).status_code),
        ("desk page", lambda: person.get("/").status_code),
        ("desk poll", lambda: person.get("/desk/live").status_code),
        ("grid, 40 people × 23 days", lambda: person.get(f"/roster/campaigns/{campaign.id}").status_code),
        (
            "log an incident",
            lambda: app.test_client().post("/api/v1/incidents", json=incident, headers=api).status_code,
        ),
        ("list 50 incidents", lambda: app.test_client().get("/api/v1/incidents?limit=50", headers=api).status_code),
    ]


def _reasons(app: Flask) -> list[tuple[str, Callable[[], int]]]:
    """Twenty cells of a campaign of 60 people over 30 days, one after the other."""
    with app.app_context():
        taken = made.campaign(now=clock.now(), actor=ACTOR)
        accounts.create_user(NewAccount("bench", "Benchmark", "admin", password=PASSWORD), now=clock.now(), actor=ACTOR)
    seats = taken.assignments[:: len(taken.assignments) // CELLS][:CELLS]
    cells = cycle((each.shift_id, taken.problem.person[each.staff_id].code) for each in seats)
    person = app.test_client()
    person.post("/login", data={"identifier": "bench", "password": PASSWORD})

    def why() -> int:
        shift_id, code = next(cells)
        return person.get(f"/roster/shifts/{shift_id}/why?person={code}").status_code

    return [("why this person, who else, 60 people × 30 days", why)]


def _cpu_ms(call: Callable[[], int], calls: int = CALLS) -> float:
    """Median over rounds of the CPU milliseconds of one call; a refused call is an error."""
    status = call()
    if status >= 400:
        raise RuntimeError(f"a benchmarked request answered {status}")
    spent = []
    for _round in range(ROUNDS):
        before = time.process_time()
        for _call in range(calls):
            call()
        spent.append((time.process_time() - before) * 1000 / calls)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
