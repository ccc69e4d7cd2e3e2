"""What the worker does for rosters: take a waiting solve, think outside any transaction, write the result once."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue

from core import clock
from core.actor import Actor
from core.db import db
from core.storage.failpoints import hit
from planning.least_change import solve_least
from planning.outcome import Outcome, Progress
from planning.solve import SolveOptions, solve
from roster.solving import leases, services as solving
from roster.solving.models import SolveRun
from roster.solving.queries import get_run

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0
SHORT_TURN = 0.0005
"""Seconds (Python: 0.005) after which a thread that computes lets others go on. A call is some fifty short waits for
the database, and after each it would wait such a turn for the thread that thinks about a roster of 1,000 people."""
OnNews = Callable[[Progress], None]


def run_queued_solves(
    now: datetime, *, should_stop: Callable[[], bool] = lambda: False, owner: str | None = None
) -> int:
    """Solve what waits, one after the other; answers how many. A run whose worker died is taken over.

    ``should_stop`` (the worker is going down) is asked about once a second; the run then goes back into the queue.
    """
    me, done = owner or _name(), 0
    while not should_stop():
        claimed = leases.claim(me, now=now if not done else clock.now())
        if claimed is None:
            break
        hit("solve.claimed")
        _think(claimed, should_stop=should_stop)
        done += 1
    return done


def solve_now(
    campaign_id: int,
    asked: solving.SolveRequest = solving.USUAL,
    *,
    actor: Actor,
    now: datetime,
    on_progress: OnNews | None = None,
) -> SolveRun:
    """Queue and solve in this process; no worker needed. ``on_progress`` hears of every better roster."""
    run_id = solving.request_solve(campaign_id, asked, actor=actor, now=now).id
    claimed = leases.claim(_name(), now=now, run_id=run_id)
    if claimed is not None:  # else a worker was faster
        _think(claimed, should_stop=lambda: False, on_progress=on_progress)
    return get_run(run_id)


def _think(claimed: leases.RunLease, *, should_stop: Callable[[], bool], on_progress: OnNews | None = None) -> None:
    """Solve in a thread of its own while this one keeps the lease, stores progress and listens for a cancel."""
    cancel, news, stopping = threading.Event(), SimpleQueue[Progress](), False
    db.session.rollback()  # thinking holds no transaction open
    with ThreadPoolExecutor(1, thread_name_prefix="solve") as pool, _short_turns():
        future = pool.submit(
            _solver(claimed),
            claimed.taken.problem,
            SolveOptions(claimed.seconds, claimed.seed, claimed.reproducible, prices=True),
            start=claimed.taken.assignments,
            on_progress=news.put,
            should_cancel=cancel.is_set,
        )
        try:
            while not _settled(future):
                told = _drain(news, on_progress)
                # A user who asked for the best roster so far gets it, even from a worker that is told to stop.
                stopping = stopping or (not cancel.is_set() and should_stop())
                if stopping or not leases.renew(claimed, told, now=clock.now()):
                    cancel.set()
        except BaseException:  # Ctrl-C, or the database went away: leaving the pool waits for the thinking to end
            cancel.set()
            raise
    if stopping:
        leases.release(claimed)
        return
    leases.renew(claimed, _drain(news, on_progress), now=clock.now())
    _conclude(claimed, future)


def _solver(claimed: leases.RunLease) -> Callable[..., Outcome]:
    if claimed.mode == "whole":
        return solve
    return partial(solve_least, offers=not claimed.keeps_all)


@contextmanager
def _short_turns() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SHORT_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _settled(future: Future[Outcome]) -> bool:
    try:
        future.exception(timeout=LOOK_EVERY)
    except TimeoutError:
        return future.done()
    return True


def _conclude(claimed: leases.RunLease, future: Future[Outcome]) -> None:
    error = future.exception()
    if error is not None:
        log.error("solve run %s failed", claimed.run_id, exc_info=error)
        leases.fail(claimed, f"{type(error).__name__}: {error}", now=clock.now())
        return
    hit("solve.thought")
    outcome = future.result()
    if outcome.fault:
        log.warning("solve run %s went on without an engine: %s", claimed.run_id, outcome.fault)
    leases.finish(claimed, outcome, now=clock.now())
    hit("solve.finished")


def _drain(news: SimpleQueue[Progress], on_progress: OnNews | None) -> list[Progress]:
    told = []
    while True:
        try:
            told.append(news.get_nowait())
        except Empty:
            break
    for each in told if on_progress else ():
        on_progress(each)  # type: ignore[misc]
    return told


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
