"""A solve run in the hands of a worker: leased, renewed while it thinks, given back, or ended with its roster.

The thinking itself happens in ``roster.solving.jobs``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, update

from core import audit, prepared
from core.actor import SYSTEM
from core.db import db, transaction
from core.errors import NotFound
from planning.outcome import Outcome, Progress
from planning.part import Part
from roster.campaigns.queries import locked_campaign
from roster.draft import edit_log
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.solving import parts
from roster.solving.applying import AppliedSolution, is_current, plan, write
from roster.solving.models import SolveRun
from roster.solving.queries import Mode
from roster.solving.replan import as_part, as_replan
from roster.solving.result import described

LEASE = timedelta(seconds=30)
JUDGING = timedelta(minutes=3)
"""For the last words about a roster."""
MAX_PROGRESS = 400
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class RunLease:
    """A run that is ours until ``LEASE`` after the last renewal, and the draft it started from.

    In a re-plan the Problem of ``taken`` knows that draft as its baseline.
    """

    run_id: int
    owner: str
    seconds: int
    seed: int
    taken: Snapshot
    reproducible: bool = False
    mode: Mode = "whole"
    keeps_all: bool = False
    part: Part | None = None


def claim(owner: str, *, now: datetime, run_id: int | None = None) -> RunLease | None:
    """Take the oldest waiting run (or ``run_id``), or one whose worker died; ``None`` when there is none.

    A run whose worker died ``MAX_ATTEMPTS`` times has failed: it may well be what kills them. The draft is read once
    the run is ours, outside the transaction that takes it.
    """
    run = _lease(owner, now=now, run_id=run_id)
    if run is None:
        return None
    mode: Mode = "replan" if run.mode == "replan" else "whole"
    seconds, seed, reproducible, number, keeps_all = run.seconds, run.seed, run.reproducible, run.id, run.keeps_all
    part = parts.part_of_run(run)
    try:
        taken = as_part(snapshot.take(run.campaign_id, now=now), part)
    except NotFound:  # deleted meanwhile, and the run with it
        return None
    with transaction() as session:
        mine = update(SolveRun).where(SolveRun.id == number, SolveRun.lease_owner == owner)
        session.execute(mine.values(draft_version=taken.draft_version))
    if mode == "replan":
        taken = as_replan(taken, now=now, keeps_all=keeps_all)
    return RunLease(
        run_id=number,
        owner=owner,
        seconds=seconds,
        seed=seed,
        taken=taken,
        reproducible=reproducible,
        mode=mode,
        keeps_all=keeps_all,
        part=part,
    )


def _lease(owner: str, *, now: datetime, run_id: int | None) -> SolveRun | None:
    with transaction() as session:
        _give_up(now)
        free = _is_free(now) if run_id is None else and_(SolveRun.id == run_id, _is_free(now))
        found = session.scalar(
            select(SolveRun.id).where(free).order_by(SolveRun.id).limit(1).with_for_update(skip_locked=True)
        )
        if found is None:
            return None
        run = session.get(SolveRun, found, populate_existing=True)
        assert run is not None  # noqa: S101 - it was locked a line ago
        if run.cancel_requested:  # of a worker that died before it could end it: what it had found is gone
            run.status, run.finished_at, run.lease_owner, run.leased_until = "cancelled", now, None, None
            return None
        run.status, run.lease_owner, run.leased_until = "running", owner, now + LEASE
        run.attempts += 1
        run.started_at, run.progress, run.error = now, [], ""
        run.objective = run.bound = None
        return run


def renew(claimed: RunLease, news: Iterable[Progress], *, now: datetime) -> bool:
    """Keep the lease and store progress; False when the run was cancelled, taken over or deleted: then stop."""
    told = list(news)
    points = [_point(each) for each in told]
    with transaction() as session:
        run = _mine(session.get(SolveRun, claimed.run_id, populate_existing=True), claimed)
        if run is None:
            return False
        run.leased_until = now + LEASE
        if told:
            course = [*run.progress, *points]
            run.progress = [*course[:1], *course[1:][1 - MAX_PROGRESS :]]  # the first roster is never forgotten
            run.objective, run.bound = told[-1].cost, told[-1].bound
        return not run.cancel_requested


def _point(each: Progress) -> list[Any]:
    known = [round(each.seconds, 2), each.cost, each.bound, each.missing]
    return [*known, each.engine, each.groups, each.groups_proved]


def release(claimed: RunLease) -> None:
    """Give the run back to the queue (the worker is stopping)."""
    with transaction() as session:
        run = _mine(session.get(SolveRun, claimed.run_id, populate_existing=True), claimed)
        if run is not None:
            run.status, run.lease_owner, run.leased_until = "queued", None, None
            run.attempts -= 1  # nothing is wrong with the run


def fail(claimed: RunLease, error: str, *, now: datetime) -> None:
    with transaction() as session:
        run = _mine(session.get(SolveRun, claimed.run_id, populate_existing=True), claimed)
        if run is not None:
            run.status, run.error, run.finished_at = "failed", error, now
            run.lease_owner = run.leased_until = None


def finish(claimed: RunLease, outcome: Outcome, *, now: datetime) -> None:
    """Write the roster into the unpinned seats nobody edited meanwhile, and the run's result as the rules see it.

    A run that was cancelled, taken over or deleted in between writes nothing into the draft; a cancelled one keeps the
    certificate of what it had found. What to write and how to judge it is worked out before the writer is taken.
    """

    def prepare() -> _Finish | None:
        run = _mine(_row_of(claimed), claimed)
        if run is None or _is_dropped(run, outcome):
            return None
        replanned_at = run.started_at if run.mode == "replan" else None
        kept = run.keeps_all
        applied = plan(
            claimed.taken, outcome.assignments, now=now, replanned_at=replanned_at, keeps_all=kept, part=claimed.part
        )
        return _Finish(applied, described(applied, outcome))

    def act(made: _Finish | None) -> None:
        with suppress(NotFound):  # deleted meanwhile, and the run with it
            locked_campaign(claimed.taken.campaign_id)
        run = _mine(_row_of(claimed), claimed)
        if run is None:
            return
        dropped = _is_dropped(run, outcome)
        if not dropped and (made is None or not is_current(made.applied)):
            raise prepared.Stale
        run.lease_owner = run.leased_until = None
        run.finished_at, run.bound = now, outcome.bound
        run.certificate = outcome.certificate.as_json() if outcome.certificate else {}
        if dropped or made is None:
            run.status, run.objective = "cancelled", outcome.objective
            return
        write(made.applied, now=now)
        about = {"part": parts.in_words(claimed.part)} if claimed.part else None
        edit_log.note(
            run.campaign,
            made.applied.changes,
            source=edit_log.EditSource("solve", about=about),
            by=run.requested_by,
            now=now,
        )
        for name, value in made.result.items():
            setattr(run, name, value)
        audit.record(SYSTEM, "solve.finish", "solve_run", run.id, now=now, status=run.status, objective=run.objective)

    _lease_for_the_end(claimed, now=now)
    prepared.write(("solve.finish", claimed.run_id), prepare, act, insist=True)


@dataclass(frozen=True)
class _Finish:
    applied: AppliedSolution
    result: Mapping[str, Any]


def _row_of(claimed: RunLease) -> SolveRun | None:
    return db.session.get(SolveRun, claimed.run_id, populate_existing=True)


def _is_dropped(run: SolveRun, outcome: Outcome) -> bool:
    return (run.cancel_requested or outcome.status == "cancelled") and not run.keep_best


def _lease_for_the_end(claimed: RunLease, *, now: datetime) -> None:
    """Judging a large roster takes a while, and nobody renews meanwhile."""
    with transaction() as session:
        mine = update(SolveRun).where(
            SolveRun.id == claimed.run_id, SolveRun.status == "running", SolveRun.lease_owner == claimed.owner
        )
        session.execute(mine.values(leased_until=now + JUDGING))


def _is_free(now: datetime) -> ColumnElement[bool]:
    dead = and_(SolveRun.status == "running", or_(SolveRun.leased_until.is_(None), SolveRun.leased_until <= now))
    return or_(SolveRun.status == "queued", dead)


def _give_up(now: datetime) -> None:
    left_by_dead = (SolveRun.status == "running", _is_free(now), SolveRun.attempts >= MAX_ATTEMPTS)
    for run in db.session.scalars(select(SolveRun).where(*left_by_dead).with_for_update(skip_locked=True)):
        run.status, run.finished_at, run.lease_owner, run.leased_until = "failed", now, None, None
        run.error = _(
            "Tiến trình xếp lịch ngừng giữa chừng %(n)s lần ở lần phân công này nên không thử lại.", n=MAX_ATTEMPTS
        )


def _mine(run: SolveRun | None, claimed: RunLease) -> SolveRun | None:
    """Fenced: only while the run is still leased to us."""
    return run if run is not None and run.status == "running" and run.lease_owner == claimed.owner else None
