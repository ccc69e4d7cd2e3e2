"""A storm of readers who leave: ``python -m benchmarks.web.storm [--quick]``.

Several hundred people open the heaviest pages of the province at once, have no patience and come back, for
``Sizes.seconds``; then all leave. Meanwhile a monitor reports twice a second and hangs up after five seconds, a
watchdog asks whether all is well, and one reader waits for a page. Connections and time are bounded, everything is on
loopback. Results go to ``benchmarks/web/results`` as JSON and into docs/benchmarks.md. Exit 1: a target was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.faults.run import machine
from benchmarks.faults.stack import ROOT, wait
from benchmarks.web import cpu, report_storm, storm_clients as clients
from benchmarks.web.server import stop
from benchmarks.web.world import kept
from core.server import listening_socket
from tests.support.live import free_port

RESULTS = Path(__file__).with_name("results")
PAGES = ("/", "/incidents/", "/roster/campaigns/{coming}", "/people/", "/readiness/", "/tonight")
PROCESSES = 2
CALM = 0.1
"""CPU seconds within one second below which the web servers have nothing to do."""
GIVE_UP = 240
SETTLES = 30
"""Seconds after the last work until memory is looked at again."""


class Sizes(NamedTuple):
    readers: int
    seconds: float


FULL, QUICK = Sizes(280, 20.0), Sizes(60, 6.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, measures little")
    wanted = parser.parse_args()
    load = os.getloadavg()[0]
    found = measure(QUICK if wanted.quick else FULL)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    missed = report_storm.missed(found)
    note = {**found, "missed": missed, "load_before": round(load, 2), "at": at, **machine()}
    print(json.dumps(note, indent=1))
    if not wanted.quick:
        (RESULTS / "storm.json").write_text(json.dumps(note, indent=1) + "\n")
        report_storm.write(RESULTS)
    return 1 if missed else 0


def measure(sizes: Sizes) -> dict[str, Any]:
    with _served() as (port, webs, facts):
        cookie = clients.signed_in(port, "manager")
        pages = [page.format(**facts) for page in PAGES]
        monitor = clients.new_source(port, facts["key"])
        for _turn in range(4 * PROCESSES):
            for page in pages:
                clients.read_page(port, page, cookie)
        before = [_memory(web) for web in webs]
        peak = Peak(webs)
        told = asyncio.run(clients.storm(port, pages, cookie, monitor, sizes.readers, sizes.seconds, peak.look))
        left = time.monotonic()
        sockets = [_sockets(web) for web in webs]
        busy = _until_calm(webs, left)
        time.sleep(SETTLES)
        return {
            "readers": sizes.readers,
            "seconds": sizes.seconds,
            **told.facts(),
            "alarms_lost": told.lost(port, facts["key"]),
            "sockets_when_all_left": sockets,
            "busy_after_all_left_s": busy,
            "sockets_then": [_sockets(web) for web in webs],
            "threads_then": [len(list(Path(f"/proc/{web}/task").iterdir())) for web in webs],
            "mb_before": before,
            "mb_peak": peak.most,
            "mb_after": [_memory(web) for web in webs],
        }


class Peak:
    def __init__(self, webs: list[int]) -> None:
        self._webs, self.most = webs, [0.0] * len(webs)

    def look(self) -> None:
        self.most = [max(known, _memory(web)) for known, web in zip(self.most, self._webs, strict=True)]


def _until_calm(webs: list[int], since: float) -> float:
    calm = 0
    used = sum(map(cpu.seconds, webs))
    while calm < 3 and time.monotonic() - since < GIVE_UP:
        time.sleep(1)
        now = sum(map(cpu.seconds, webs))
        calm = calm + 1 if now - used < CALM else 0
        used = now
    return round(time.monotonic() - since - calm, 1)


def _memory(process: int) -> float:
    """Megabytes that it holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def _sockets(process: int) -> int:
    count = 0
    for each in Path(f"/proc/{process}/fd").iterdir():
        try:
            count += os.readlink(each).startswith("socket:")
        except OSError:
            continue
    return count


@contextmanager
def _served() -> Iterator[tuple[int, list[int], dict[str, str]]]:
    """The province behind two processes of the web server on one socket, as ``serve.py`` starts them."""
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="tt-storm-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(kept.place(), folder / "world")
        facts = json.loads((folder / "world" / kept.FACTS).read_text())
        port = free_port()
        listening = ends.enter_context(listening_socket.bound("127.0.0.1", port))
        settings = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'world' / kept.FILE}",
            "DATA_DIR": str(folder / "world"),
            "PORT": str(port),
            "DEMO": "0",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": kept.KEY,
            "APP_ENV": "development",
            listening_socket.VARIABLE: str(listening.fileno()),
        }
        webs = []
        for number in range(PROCESSES):
            with (folder / f"web-{number}.log").open("wb") as log:
                web = subprocess.Popen(
                    (sys.executable, "-m", "server"),
                    cwd=ROOT,
                    env=settings,
                    stdout=log,
                    stderr=log,
                    pass_fds=(listening.fileno(),),
                )
            ends.callback(stop, web)
            webs.append(web)
        wait(lambda: clients.is_up(port), "the web server", 60)
        yield port, [web.pid for web in webs], facts


if __name__ == "__main__":
    sys.exit(main())
