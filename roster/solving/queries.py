"""Reading solve runs."""

from __future__ import annotations

from typing import Literal

from core.db import db
from core.errors import NotFound
from roster.solving.models import SolveRun

LIVE = ("queued", "running")
Mode = Literal["whole", "replan"]


def get_run(run_id: int) -> SolveRun:
    """The run as it is now, read afresh. Raises NotFound."""
    run = db.session.get(SolveRun, run_id, populate_existing=True)
    if run is None:
        raise NotFound("solve_run.unknown", id=run_id)
    return run
