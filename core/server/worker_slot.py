"""Which worker this is: a number per installation, and a slot per worker process, held by a lock on a file.

The kernel lets go of the lock when the process dies, however it dies. The next holder of the slot knows that its
predecessor is gone and may free what that one had leased.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from core.observability import heartbeat

MOST_WORKERS = 64


@dataclass(frozen=True)
class WorkerSlot:
    """``prefix`` starts the lease owner names of this worker: ``<node>/<slot>/``."""

    prefix: str
    _held: IO[str]

    def beat(self, *, now: datetime, senders: int, due: bool) -> None:
        """Note that the worker was alive at ``now``."""
        name, host = heartbeat.worker(self.prefix), socket.gethostname()
        heartbeat.beat(name, now=now, host=host, process=os.getpid(), senders=senders, due=due)

    def forget_beats(self) -> None:
        heartbeat.forget([heartbeat.worker(self.prefix)])

    def release(self) -> None:
        self._held.close()


def take_slot(data_dir: Path) -> WorkerSlot:
    """The first free slot of this installation. Raises RuntimeError when all are taken."""
    for number in range(MOST_WORKERS):
        handle = (data_dir / f"worker-{number}.lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            continue
        handle.seek(0)
        handle.truncate()
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        return WorkerSlot(f"{name(data_dir)}/{number}/", handle)
    raise RuntimeError(f"{MOST_WORKERS} workers are running in {data_dir}")


def idle_slots(data_dir: Path) -> list[str]:
    """Prefixes of slots of this installation that a worker has held and none holds now."""
    node, idle = name(data_dir), []
    for number in range(MOST_WORKERS):
        path = data_dir / f"worker-{number}.lock"
        if not path.exists():
            continue
        with path.open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            idle.append(f"{node}/{number}/")
    return idle


def forget_idle(data_dir: Path) -> None:
    """The heartbeats of workers of this installation that were killed and have no successor."""
    heartbeat.forget([heartbeat.worker(prefix) for prefix in idle_slots(data_dir)])


def name(data_dir: Path) -> str:
    """Return what this installation calls itself among the nodes of one database; made once."""
    path = data_dir / "node"
    if not path.exists():
        fresh = path.with_name(f"node.{os.getpid()}")
        fresh.write_text(secrets.token_hex(6))
        try:
            os.link(fresh, path)  # refuses to replace: the first of two stays
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
