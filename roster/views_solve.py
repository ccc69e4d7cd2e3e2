"""Let the engine assign: ask, watch, stop."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, NotFound
from core.web import back
from people import guard
from roster import plot, services, wording
from roster.models import SolveRun
from roster.planning.problem import Shortage
from roster.views import bp, kinds

LIVE = ("queued", "running")
SECONDS = (10, 30, 120, 600)


@bp.post("/campaigns/<int:campaign_id>/solve")
@guard.requires("campaign.solve")
def solve(campaign_id: int) -> ResponseReturnValue:
    """Queue a solve; the worker does it. When one is running already, show that one."""
    seconds = min(3600, max(1, request.form.get("seconds", 30, type=int)))
    seed = request.form.get("seed", 1, type=int)
    try:
        run = services.request_solve(
            campaign_id, seconds=seconds, seed=seed, actor=guard.current_actor(), now=clock.now()
        )
    except Conflict as error:
        if "id" not in error.state:
            raise
        to = url_for("roster.solve_run", campaign_id=campaign_id, run_id=error.state["id"])
        return back(to, error.message(), "info")
    return back(url_for("roster.solve_run", campaign_id=campaign_id, run_id=run.id))


@bp.get("/campaigns/<int:campaign_id>/solve/<int:run_id>")
@guard.requires("roster.read")
def solve_run(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Progress while it runs, then the result in words."""
    return render_template("roster/solve.html", **_facts(_run(campaign_id, run_id)))


@bp.get("/campaigns/<int:campaign_id>/solve/<int:run_id>/live")
@guard.requires("roster.read")
def solve_live(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """The part that changes; 286 tells the page to stop asking."""
    run = _run(campaign_id, run_id)
    return render_template("roster/_solve.html", **_facts(run)), 200 if run.status in LIVE else 286


@bp.post("/campaigns/<int:campaign_id>/solve/<int:run_id>/cancel")
@guard.requires("campaign.solve")
def cancel_solve(campaign_id: int, run_id: int) -> ResponseReturnValue:
    _run(campaign_id, run_id)
    services.cancel_solve(run_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for("roster.solve_run", campaign_id=campaign_id, run_id=run_id), _("Đã yêu cầu dừng."), "info")


def _run(campaign_id: int, run_id: int) -> SolveRun:
    run = services.get_run(run_id)
    if run.campaign_id != campaign_id:
        raise NotFound("solve_run.unknown", id=run_id)
    return run


def _facts(run: SolveRun) -> dict[str, Any]:
    campaign, now = services.get_campaign(run.campaign_id), clock.now()
    until = run.finished_at or now
    gap = None
    if run.objective and run.bound is not None:
        gap = max(0.0, (run.objective - run.bound) / run.objective)
    return {
        "campaign": campaign, "run": run, "live": run.status in LIVE, "now": now, "gap": gap, "kinds": kinds(),
        "elapsed": (until - run.started_at).total_seconds() if run.started_at else 0.0,
        "empty": run.progress[-1][3] if run.progress else None, "plot": plot.curve(run.progress),
        "shortages": _shortages(run), "soft": [each for each in run.violations if not each["hard"]],
        "broken": _sentences(run), "proven_missing": (run.certificate or {}).get("missing_bound", 0),
    }  # fmt: skip


def _shortages(run: SolveRun) -> list[dict[str, Any]]:
    """Empty seats in words, with the shift to open."""
    names = wording.names_for(
        [row["shift"] for row in run.conflicts],
        [person for row in run.conflicts for ids in row["reasons"].values() for person in ids],
    )
    found = []
    for row in run.conflicts:
        reasons = {code: tuple(ids) for code, ids in row["reasons"].items()}
        short = Shortage(row["shift"], row["missing"], reasons)
        found.append({"shift": row["shift"], "text": wording.shortage(short, names)})
    return found


def _sentences(run: SolveRun) -> list[str]:
    rows = [wording.restored(row) for row in run.violations if row["hard"]]
    shifts = [each for row in rows for each in row.shift_ids]
    names = wording.names_for(shifts, [row.staff_id for row in rows if row.staff_id])
    return [wording.sentence(each, names) for each in rows]
