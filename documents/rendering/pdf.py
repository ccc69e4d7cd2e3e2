"""Papers as PDF/UA, and as pictures of pages for screens that show no PDF. The same paper gives the same bytes."""

from __future__ import annotations

import fcntl
import json
import logging
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

from core.errors import Throttled, Unavailable
from documents.paper import Paper
from documents.rendering import sheet

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "documents.rendering.child")
ENVIRONMENT = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
"""All that it gets to know: no secret of ours, and no more threads on a large machine than its memory is meant for."""
LOCK = "documents.lock"
AT_ONCE = 8
"""Calls of one process that wait or draw: a quarter of its threads. Others are told to try again at once, so that the
desk goes on however many look at drafts."""
OF_ONE = 3
"""Of those, one account's: whoever opens twenty previews at once waits for themselves."""
AGAIN = 15
"""Seconds after which there is likely to be a place."""
_places: Counter[str] = Counter()
_entering = threading.Lock()
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """Seconds: for those before us, and for typst once it began."""

    wait: float = 15.0
    work: float = 30.0


USUAL = Patience()


def pdf(paper: Paper, patience: Patience = USUAL, *, who: str = "") -> bytes:
    """``who``: the account or key that looks at it; empty for what somebody waits for once, as to issue it.

    Raises Unavailable ``documents.busy`` or ``documents.failed``, Throttled ``documents.often``: try again later.
    """
    task = json.dumps(sheet.values(paper)).encode()
    with _place(who), _alone(Path(current_app.config["DATA_DIR"]) / LOCK, patience.wait) as lock:
        return _run(task, lock, patience.work)


@contextmanager
def _place(who: str) -> Iterator[None]:
    with _entering:
        if who and _places[who] >= OF_ONE:
            raise Throttled("documents.often", retry_after=AGAIN)
        if _places.total() >= AT_ONCE:
            raise Unavailable("documents.busy", retry_after=AGAIN)
        _places[who] += 1
    try:
        yield
    finally:
        with _entering:
            _places[who] -= 1
            if not _places[who]:
                del _places[who]


@contextmanager
def _alone(path: Path, wait: float) -> Iterator[IO[bytes]]:
    """One typst at a time per node: it takes processors and memory that others need.

    A lock of the system goes with those who hold it, so nothing is left when they are killed.
    """
    with path.open("ab") as lock:
        until = time.monotonic() + wait
        while not _locked(lock):
            if time.monotonic() > until:
                raise Unavailable("documents.busy", retry_after=AGAIN)
            time.sleep(0.05)
        yield lock


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _run(task: bytes, lock: IO[bytes], seconds: float) -> bytes:
    """The child holds the lock too: should we be killed, the next one waits for its end."""
    # The program and its words are ours; the task is data on stdin.
    with subprocess.Popen(  # noqa: S603
        COMMAND,
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=(lock.fileno(),),
    ) as child:
        try:
            out, said = child.communicate(task, timeout=seconds)
        except subprocess.TimeoutExpired:
            log.error("typst was stopped after %s seconds", seconds)
            raise Unavailable("documents.failed") from None
        finally:
            child.kill()  # nothing happens to one that ended
    if child.returncode:
        log.error("typst ended with %s: %s", child.returncode, said.decode(errors="replace")[-2000:])
        raise Unavailable("documents.failed")
    return out
