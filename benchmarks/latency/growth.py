"""What the database grows by: incidents about which three people are called in turn before they are closed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from app import create_app
from benchmarks.faults.common import SHORT
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import World
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from incidents.creation.drafting import IncidentReport
from incidents.creation.services import log_all
from incidents.escalation import engine
from incidents.record import queries
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery
from people.models import Unit

ROOT = Actor(name="Đo", role="admin", via="cli")
AT_ONCE = 100
TURNS = 3
"""Steps of the policy: each calls one more person."""
POSTGRESQL = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
SQLITE = (
    "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
    " WHERE s.aggregate = TRUE GROUP BY m.tbl_name"
)
"""Tables with their indexes, without pages that are free."""
COUNTED = "import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))"
"""In a process of its own: two libraries never share a file, and Python's counts pages by table."""


def growth(kind: str, count: int) -> dict[str, Any]:
    """Kilobytes by table for 1,000 incidents, from ``count`` of them that were called about, taken and closed."""
    world = World(24, SHORT)
    with running(kind, world) as stack:
        stack.kill_web()
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": stack.url,
                "DATA_DIR": stack.folder,
                "MAIL_URL": stack.sink.url,
                "MAIL_FROM": "truc@buudien.example",
            }
        )
        with app.app_context():
            _history(AT_ONCE)  # with it come the pages that every table has
            before = sizes(stack)
            _history(count)
            after = sizes(stack)
            db.engine.dispose()
    grown = {name: round((after[name] - before.get(name, 0)) * 1000 / count / 1024) for name in after}
    largest = dict(sorted(grown.items(), key=lambda each: -each[1])[:9])
    return {"incidents": count, "kilobytes": sum(grown.values()), "tables": {n: kb for n, kb in largest.items() if kb}}


def sizes(stack: Stack) -> Mapping[str, int]:
    """Bytes of each table, its indexes and what is stored beside it."""
    db.session.remove()
    if not stack.is_sqlite:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
            line.execute(text("VACUUM ANALYZE"))
            return dict(line.execute(text(POSTGRESQL)).tuples().all())
    command = [sys.executable, "-c", COUNTED, str(db.engine.url.database), SQLITE]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _history(count: int) -> None:
    """``count`` incidents from their report to the end."""
    units = db.session.scalars(select(Unit.id).where(Unit.parent_id.is_not(None)).order_by(Unit.id)).all()
    for numbers in _parts(count):
        now = clock.wall()
        reports = [
            IncidentReport(
                title=f"Mất điện tại điểm {number}", category="power", unit_id=units[number % len(units)], actor=SYSTEM
            )
            for number in numbers
        ]
        with transaction() as session:
            logged = [incident.id for incident, *_rest in log_all(session, reports, now=now)]
        for turn in range(TURNS):
            _call(now + timedelta(seconds=10 * turn))
        for incident_id in logged:
            _finish(incident_id, now + timedelta(minutes=1))


def _parts(count: int) -> Iterator[range]:
    return (range(first, min(first + AT_ONCE, count)) for first in range(0, count, AT_ONCE))


def _call(at: datetime) -> None:
    with clock.travel(at):
        while engine.escalate_due(at):
            pass
        delivery.deliver_due(owner="growth")


def _finish(incident_id: int, at: datetime) -> None:
    with clock.travel(at):
        last = db.session.get_one(Incident, incident_id)
        lifecycle.acknowledge(incident_id, actor=ROOT, now=at, person_id=_called_last(last))
        lifecycle.resolve(incident_id, actor=ROOT, now=at + timedelta(minutes=30), note="Đã có điện lại")
        lifecycle.close(incident_id, actor=ROOT, now=at + timedelta(minutes=40))


def _called_last(incident: Incident) -> int:
    return queries.pages(incident.id)[-1].person_id
