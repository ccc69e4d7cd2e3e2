"""A whole province from its import folder, as an enterprise would bring it: 1,040 people in 69 units that help each
other, read and solved through the database; three post offices have nobody who may do their nights.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from core.actor import Actor
from planning.problem import Problem
from roster.campaigns.services import create_campaign
from roster.importing import services as importer
from roster.snapshot import snapshot
from tests.support import big_folder

NOW = datetime(2020, 1, 10, tzinfo=UTC)
ACTOR = Actor(name="benchmark", role="admin", via="cli")
FIRST, LAST = date(2020, 1, 20), date(2020, 1, 30)


def read_problem() -> Problem:
    """The province's campaign over Tết Canh Tý, with the seats that nobody can fill."""
    with tempfile.TemporaryDirectory() as name, _app(Path(name)):
        folder = Path(name) / "province"
        big_folder.write(folder, impossible=True)
        report = importer.import_folder(importer.read_path(folder), dry_run=False, now=NOW, actor=ACTOR)
        if report.errors:
            raise ValueError(f"the made folder has faults: {report.errors[:3]}")
        campaign = create_campaign(
            name="Canh Tý", tet_year=2020, unit="BDX", starts_on=FIRST, ends_on=LAST, actor=ACTOR, now=NOW
        )
        return snapshot.take(campaign.id, now=NOW).problem


def hopeless(problem: Problem) -> set[int]:
    """The shifts that must stay empty: nights of post offices where everybody is protected."""
    return {s.id for s in problem.shifts if s.unit in big_folder.IMPOSSIBLE and s.template == "Đêm"}


@contextmanager
def _app(folder: Path) -> Iterator[None]:
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    with create_app({"DATA_DIR": folder, "SQLALCHEMY_DATABASE_URI": url}).app_context():
        upgrade()
        yield
