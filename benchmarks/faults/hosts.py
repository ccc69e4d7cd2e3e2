"""What breaks under the product: its database, its disk, its clock."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.faults import world as worlds
from benchmarks.faults.common import SHORT, THREADS, Outcome, Setup, settle
from benchmarks.faults.load import together, under_load
from benchmarks.faults.postgresql import in_a_small_space
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import Policy, World
from core.storage import sqlite
from tests.support.postgres import restart_server

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def database_locked(setup: Setup) -> Outcome:
    """Another program holds the database's write lock for eight seconds, three times."""
    world = World(6, SHORT)
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        with under_load(stack, world.codes, rate=4, seed=setup.seed) as load:
            for _each in range(setup.size(3, 1)):
                time.sleep(3)
                _hold_lock(stack, 8)
            time.sleep(3)
        verdict = settle(stack, world, load.reports, at, 120)
    return verdict, {"told_to_come_again": len(load.refused)}


def _hold_lock(stack: Stack, seconds: float) -> None:
    if stack.is_sqlite:
        with closing(
            sqlite.module().connect(str(make_url(stack.url).database), isolation_level=None, timeout=60)
        ) as other:
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            other.execute("ROLLBACK")
        return
    with psycopg.connect(_plain(stack.url)) as other:
        other.execute("LOCK TABLE incidents, escalations, messages IN ACCESS EXCLUSIVE MODE")
        time.sleep(seconds)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def disk_full(setup: Setup) -> Outcome:
    """The disk of the database is full for eight seconds (a small file system in memory: SQLite's folder, or a
    tablespace with all tables). Needs root."""
    world, is_sqlite = World(6, SHORT), setup.kind == "sqlite"
    with ExitStack() as ends:
        folder = ends.enter_context(small_disk(64))
        prepare = () if is_sqlite else in_a_small_space(folder)
        stack = ends.enter_context(running(setup.kind, world, data=folder if is_sqlite else None, prepare=prepare))
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        with under_load(stack, world.codes, rate=4, seed=setup.seed) as load:
            for _each in range(setup.size(3, 1)):
                time.sleep(3)
                filler = folder.with_name("filler")
                _fill(filler)
                time.sleep(8)
                filler.unlink()
            time.sleep(3)
        verdict = settle(stack, world, load.reports, at, 120)
    return verdict, {"told_to_come_again": len(load.refused)}


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 65536)
                file.flush()
        except OSError:
            return


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tt-disk-"))
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        inside = folder / "data"
        inside.mkdir()
        yield inside
    finally:
        subprocess.run(["/bin/umount", "-l", str(folder)], check=False)
        folder.rmdir()


def clock_jumps(setup: Setup) -> Outcome:
    """The host's clock jumps two hours ahead, and later two hours back (libfaketime under worker and web). SQLite.

    Steady clocks stay as they are, as in reality. PostgreSQL's own clock is the only one that counts there.
    """
    if not FAKETIME.exists():  # the loader would only grumble, and no clock would jump
        raise FileNotFoundError(f"{FAKETIME}: install the package faketime")
    world = World(6, Policy(SHORT.steps, repeat=4 * 3600))  # no second turn becomes due by a jump
    with running("sqlite", world) as stack:
        offset = stack.folder / "offset"
        _put(offset, "+0")
        stack.environment = {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(offset),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        stack.kill_web()
        stack.start_web()
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        reports = []
        for jump in ("+2h", "+0", "-2h", "+0"):
            reports += together(stack, world.codes, 6)
            time.sleep(1.5)  # the first step was called, the second is to come
            _put(offset, jump)
            settle(stack, world, reports, at, 60)
        verdict = settle(stack, world, reports, at, 60)
    # What is on its way when the clock jumps ahead has an expired lease: it may be handed over once more.
    return verdict, {"jumps": "+2 h, back, −2 h, back", "allowed_duplicates": 2 * THREADS}


def _put(offset: Path, jump: str) -> None:
    """At once: libfaketime ends a process that finds the file empty."""
    fresh = offset.with_suffix(".new")
    fresh.write_text(jump)
    fresh.replace(offset)


def database_restarted(setup: Setup) -> Outcome:
    """PostgreSQL's plug is pulled under load, and put in again."""
    world, count = World(setup.size(24, 6), SHORT), setup.size(5, 2)
    with running("postgresql", world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        with under_load(stack, world.codes, rate=4, seed=setup.seed) as load:
            for _each in range(count):
                time.sleep(5)
                restart_server(make_url(stack.url))
            time.sleep(5)
        verdict = settle(stack, world, load.reports, at, 120)
    return verdict, {"restarts": count, "allowed_duplicates": count * THREADS, "told_to_come_again": len(load.refused)}
