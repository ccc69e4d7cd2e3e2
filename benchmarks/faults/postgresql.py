"""What only a PostgreSQL does to those who write: no room in a tablespace, time-outs of locks, deadlocks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.faults import world as worlds
from benchmarks.faults.common import SHORT, Outcome, Setup, settle
from benchmarks.faults.load import under_load
from benchmarks.faults.stack import running
from benchmarks.faults.world import World

SMALL_SPACE = "small_space"
HELD = "incidents, escalations, pages, messages"


def deadlocks(setup: Setup) -> Outcome:
    """Somebody takes the tables of calls in the other order, again and again: PostgreSQL ends the worker's transaction
    for it (the other side waits longer before it looks)."""
    world = World(6, SHORT)
    with running("postgresql", world) as stack, _line(stack.url) as other:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        other.execute("SET deadlock_timeout = '20s'")
        ends = time.monotonic() + setup.size(60, 20)
        with under_load(stack, world.codes, rate=4, seed=setup.seed) as load:
            while time.monotonic() < ends:
                # Now and then it is the other side that PostgreSQL ends.
                with suppress(psycopg.errors.DeadlockDetected), other.transaction():
                    other.execute("LOCK TABLE messages IN SHARE MODE")
                    time.sleep(0.5)
                    other.execute("SELECT 1 FROM escalations FOR UPDATE")
                time.sleep(1)
        found = other.execute("SELECT sum(deadlocks) FROM pg_stat_database").fetchone()
        verdict = settle(stack, world, load.reports, at, 120)
    return verdict, {"deadlocks": int(found[0]) if found else 0, "told_to_come_again": len(load.refused)}


def lock_timeouts(setup: Setup) -> Outcome:
    """Nobody waits for a lock longer than 0.3 s, and three times the tables of calls are held for eight seconds."""
    world = World(6, SHORT)
    with running("postgresql", world, prepare=("ALTER DATABASE postgres SET lock_timeout = '300ms'",)) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        with under_load(stack, world.codes, rate=4, seed=setup.seed) as load, _line(stack.url) as other:
            other.execute("SET lock_timeout = 0")
            for _each in range(setup.size(3, 1)):
                time.sleep(3)
                with other.transaction():
                    other.execute(f"LOCK TABLE {HELD} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]
                    time.sleep(8)
            time.sleep(3)
        verdict = settle(stack, world, load.reports, at, 120)
    return verdict, {"told_to_come_again": len(load.refused)}


def in_a_small_space(folder: Path) -> tuple[str, str]:
    """Statements that put everything into a tablespace in ``folder``, before anything is made."""
    shutil.chown(folder, "nobody")
    folder.chmod(0o700)
    return (
        f"CREATE TABLESPACE {SMALL_SPACE} LOCATION '{folder}'",
        f"ALTER DATABASE postgres SET default_tablespace = '{SMALL_SPACE}'",
    )


@contextmanager
def _line(url: str) -> Iterator[psycopg.Connection]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as line:
        yield line
