"""Let the engine assign: ask, watch, stop, and hold the result against the draft."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.errors import Conflict, Invalid, NotFound
from core.web import back
from people.access import guard
from planning.part import Part
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.covers import pinned_away
from roster.fairness import report as fairness_report
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.solving import (
    fairer,
    parts,
    plot,
    proof_validity,
    queries as solve_queries,
    run_facts,
    services as solving,
    verifying,
)
from roster.solving.models import SolveRun
from roster.solving.queries import LIVE
from roster.solving.run_facts import WRITTEN
from roster.solving.services import SolveRequest
from roster.words import sentences, violations, worth
from roster.words.names import maker_names, names_for

MOST_SECONDS, MOST_SEED = 3600, 2_147_483_647
OF_A_PART = ("solve.day", "solve.days_turned", "solve.empty_part", "solve.unknown_duty", "person.unknown")
"""What is wrong with the part that was asked for: said in the grid, beside what was typed."""


@bp.post("/campaigns/<int:campaign_id>/solve")
@guard.requires("campaign.solve")
def solve(campaign_id: int) -> ResponseReturnValue:
    """Queue a solve; the worker does it. When one is running already, show that one."""
    actor, now = guard.current_actor(), clock.now()
    # Before codes of people are looked up: who may not solve does not hear which there are.
    rights.ensure(actor, "campaign.solve", campaigns.get_campaign(campaign_id), (), now=now, asks=True)
    seconds = _seconds()
    seed = min(MOST_SEED, max(0, arguments.sent_number("seed", 1)))
    try:
        run = solving.request_solve(
            campaign_id,
            SolveRequest(
                seconds=seconds,
                seed=seed,
                mode="replan" if request.form.get("mode") == "replan" else "whole",
                reproducible="reproducible" in request.form,
                part=_part(),
            ),
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid, NotFound) as error:
        if isinstance(error, Conflict) and "id" in error.state:
            to = url_for("roster.solve_run", campaign_id=campaign_id, run_id=error.state["id"])
            return back(to, error.message(), "info")
        if error.code not in OF_A_PART:
            raise
        typed: dict[str, Any] = {name: request.form.get(name) for name in ("unit", "duty", "from", "to")}
        to = url_for("roster.campaign", campaign_id=campaign_id, view="people", **typed)
        return back(to, error.message(), "warn")
    return back(url_for("roster.solve_run", campaign_id=campaign_id, run_id=run.id))


@bp.post("/campaigns/<int:campaign_id>/unpin")
@guard.requires("campaign.solve")
def release_pins(campaign_id: int) -> ResponseReturnValue:
    """Unpin the cells that keep somebody absent or not sure, and have just that changed: of the part that the run
    (``run``) assigned alone, if it was one."""
    asked = arguments.sent_number("run", 0)
    part = parts.part_of_run(_run(campaign_id, asked)) if asked else None
    try:
        run = pinned_away.release(
            campaign_id, seconds=_seconds(), part=part, actor=guard.current_actor(), now=clock.now()
        )
    except Conflict as error:
        return back(_run_or_grid(campaign_id, error.state.get("id")), error.message(), "warn")
    return back(url_for("roster.solve_run", campaign_id=campaign_id, run_id=run.id), _("Đã bỏ ghim, đang xếp lại."))


@bp.get("/campaigns/<int:campaign_id>/solve/<int:run_id>")
@guard.requires("roster.read")
def solve_run(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Progress while it runs, then the result in words."""
    return render_template("roster/solving/solve.html", **_facts(_run(campaign_id, run_id)))


@bp.get("/campaigns/<int:campaign_id>/solve/<int:run_id>/live")
@guard.requires("roster.read")
def solve_live(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """The part that changes; 286 tells the page to stop asking."""
    run = _run(campaign_id, run_id)
    return render_template("roster/solving/_solve.html", **_facts(run)), 200 if run.status in LIVE else 286


@bp.post("/campaigns/<int:campaign_id>/solve/<int:run_id>/cancel")
@guard.requires("campaign.solve")
def cancel_solve(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Stop; with ``keep`` the best roster goes into the draft."""
    _run(campaign_id, run_id)
    solving.cancel_solve(run_id, keep="keep" in request.form, actor=guard.current_actor(), now=clock.now())
    return back(url_for("roster.solve_run", campaign_id=campaign_id, run_id=run_id), _("Đã yêu cầu dừng."), "info")


@bp.get("/campaigns/<int:campaign_id>/solve/<int:run_id>/certificate.json")
@guard.requires("roster.read")
def solve_certificate(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """The certificate as it was written, to be kept."""
    written = json.dumps(run_facts.certificate_of(_run(campaign_id, run_id)), ensure_ascii=False, indent=2)
    name = f"chung-nhan-{campaign_id}-{run_id}.json"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(written + "\n", mimetype="application/json", headers=headers)


@bp.post("/campaigns/<int:campaign_id>/solve/<int:run_id>/verify")
@guard.requires("campaign.solve")
def verify_solve(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Compute hash, cost and breaches of the present draft again; writes nothing, so it shows the page at once."""
    run = _run(campaign_id, run_id)
    guard.ensure(guard.current_actor(), "campaign.solve", run.campaign.unit_id, now=clock.now())
    verdict = verifying.verify(run, now=clock.now())
    return render_template("roster/solving/solve.html", **_facts(run), verdict=verdict)


@bp.post("/campaigns/<int:campaign_id>/solve/<int:run_id>/fairer")
@guard.requires("campaign.solve")
def take_fairer(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Make the draft the fairer roster that a re-plan offers."""
    _run(campaign_id, run_id)
    to = url_for("roster.solve_run", campaign_id=campaign_id, run_id=run_id)
    try:
        fairer.take(run_id, actor=guard.current_actor(), now=clock.now())
    except Conflict as error:
        return back(to, error.message(), "warn")
    return back(to, _("Đã lấy cách công bằng hơn vào dự thảo."), "ok")


def _run_or_grid(campaign_id: int, live: int | None) -> str:
    """The solve that is under way, or the one that was looked at."""
    if run_id := live or arguments.sent_number("run", 0):
        return url_for("roster.solve_run", campaign_id=campaign_id, run_id=run_id)
    return url_for("roster.campaign", campaign_id=campaign_id)


def _part() -> Part | None:
    """Return what the form narrows the solve to."""
    asked = parts.asked(request.form)
    return None if asked == Part() else asked


def _seconds() -> int:
    return min(MOST_SECONDS, max(1, arguments.sent_number("seconds", 30)))


def _run(campaign_id: int, run_id: int) -> SolveRun:
    run = solve_queries.get_run(run_id)
    if run.campaign_id != campaign_id:
        raise NotFound("solve_run.unknown", id=run_id)
    return run


def _facts(run: SolveRun) -> dict[str, Any]:
    campaign, now, actor = campaigns.get_campaign(run.campaign_id), clock.now(), guard.current_actor()
    live = run.status in LIVE
    elapsed = ((run.finished_at or now) - run.started_at).total_seconds() if run.started_at else 0.0
    last = [*run.progress[-1], "", 0, 0][:7] if run.progress else None
    may_write = bool(guard.allowed(actor, "campaign.write", campaign.unit_id, now=now))
    changed = run_facts.facts_changed(run)
    taken = snapshot.take(run.campaign_id, now=now) if run.status in WRITTEN else None
    held = proof_validity.held(run, taken) if taken is not None else None
    return {
        "campaign": campaign,
        "run": run,
        "live": live,
        "now": now,
        "kinds": kinds(),
        "bound": run_facts.bound_of(run),
        "gap": run_facts.gap_of(run),
        "left": run_facts.left_of(run),
        "elapsed": elapsed,
        "empty": last[3] if last else None,
        "pieces": _pieces(run, last),
        "size": plot,
        "plot": plot.curve(run_facts.course_of(run), _drawn_until(run, elapsed), worth.NIGHT),
        "held": held,
        "proved": held is not None and held.state == "proved",
        "believed": run.recheck in run_facts.BELIEVED,
        "shortages": [] if live else _shortages(run),
        "broken": [] if live else _sentences(run),
        "facts_changed": changed,
        "proven_missing": 0 if changed else run.certificate.get("missing_bound", 0),
        "soft": () if live else run_facts.soft_rules(run, in_words=may_write),
        "unchecked": run_facts.unchecked_people(run, now=now),
        "may_write": may_write,
        **_part_of(run, taken, now),
        "evenness": () if live else fairness_report.ledger_for(campaign.id, source="draft", now=now).spreads,
        "by": maker_names({run.requested_by})[run.requested_by],
        "history": run_facts.past_runs(campaign.id),
        "proof": run.certificate,
        "is_least": taken is not None and run.changes is not None and fairer.holds(run, taken),
        "offer": fairer.offer_of(run),
    }


def _part_of(run: SolveRun, taken: Snapshot | None, now: datetime) -> dict[str, Any]:
    part = parts.part_of_run(run)
    return {
        "is_written": run.status in WRITTEN,
        "doubted": pinned_away.Doubted()
        if taken is None
        else pinned_away.pinned_though_away(taken, now=now, part=part),
        "part": parts.in_words(part) if part is not None else "",
        "may_solve": parts.may(guard.current_actor(), run.campaign, part, now=now),
    }


def _drawn_until(run: SolveRun, elapsed: float) -> float:
    """Seconds: to this moment while it runs, then to the end of the search."""
    return elapsed if run.status in LIVE else float(run.certificate.get("seconds_used", 0.0))


def _pieces(run: SolveRun, last: list[Any] | None) -> tuple[int, int]:
    """Independent pieces, and how many of them are proven best; (0, 0) while nobody knows."""
    if run.certificate:
        proved = run.certificate.get("groups_proved", 0) if run.recheck in run_facts.BELIEVED else 0
        return run.certificate.get("groups", 0), proved
    return (int(last[5]), int(last[6])) if last else (0, 0)


def _shortages(run: SolveRun) -> list[dict[str, Any]]:
    """Empty seats in words, with the shift to open."""
    found = [violations.restored_shortage(row) for row in run.conflicts]
    names = names_for(*violations.mentioned((), found))
    units = run_facts.units_of(short.shift_id for short in found)
    return [
        {
            "shift": short.shift_id,
            "missing": short.missing,
            "unit": units.get(short.shift_id),
            "text": violations.shortage(short, names),
        }
        for short in found
    ]


def _sentences(run: SolveRun) -> list[str]:
    rows = [violations.restored(row) for row in run.violations if row["hard"]]
    names = names_for(*violations.mentioned(rows, ()))
    return [sentences.sentence(each, names) for each in rows]
