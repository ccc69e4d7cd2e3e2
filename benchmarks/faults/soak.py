"""An hour of a whole copy at work, killed now and then: do memory, threads and sockets stay as they were?"""

from __future__ import annotations

import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import psutil

from benchmarks.faults import stack as stacks, world as worlds
from benchmarks.faults.common import SHORT, THREADS, Outcome, Setup, settle
from benchmarks.faults.load import Client
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import Policy, Report, World

WHOLE = (sys.executable, "serve.py")
PROGRAMS = ("server", "worker")
"""What is counted, by a word of its command line."""
REQUESTS_PER_SECOND = 2.0
REPORTED = 8
"""One request in so many is a report; of these one in two is taken at once."""
READ = (
    "/api/v1/incidents?limit=50",
    "/api/v1/incidents?status=open",
    "/api/v1/on-duty",
    "/api/v1/units",
    "/api/v1/people?limit=50",
    "/readyz",
    "/metrics",
    "/login",
)
EVERY = 10.0
"""Seconds from one look at the processes to the next."""
WARM = 0.3
"""Of a stretch without kills, what is left to grow: caches fill, pools open their lines."""


@dataclass(frozen=True)
class Look:
    """What one program's processes hold together."""

    at: float
    megabytes: float
    threads: int
    sockets: int
    files: int


@dataclass
class Watch:
    """Looks at the processes that one copy has started, program by program."""

    whole: psutil.Process
    looks: dict[str, list[Look]] = field(default_factory=lambda: defaultdict(list))

    def look(self) -> None:
        for name in PROGRAMS:
            some = self.processes(name)
            with suppress(psutil.NoSuchProcess):
                self.looks[name].append(
                    Look(
                        time.monotonic(),
                        sum(each.memory_info().rss for each in some) / 2**20,
                        sum(each.num_threads() for each in some),
                        sum(len(each.net_connections()) for each in some),
                        sum(each.num_fds() for each in some),
                    )
                )

    def processes(self, name: str) -> list[psutil.Process]:
        found = []
        for each in self.whole.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if name in each.cmdline():
                    found.append(each)
        return found

    def grown(self, since: float, until: float) -> dict[str, list[float]]:
        """Program → by how much megabytes, threads, sockets and files differ from the first warm fifth of a stretch to
        its last: medians, so that what a moment holds does not count."""
        begins = since + WARM * (until - since)
        found = {}
        for name, looks in self.looks.items():
            warm = [each for each in looks if begins <= each.at < until]
            some = max(len(warm) // 5, 1)
            found[name] = [
                round(_median(warm[-some:], what) - _median(warm[:some], what), 1)
                for what in ("megabytes", "threads", "sockets", "files")
            ]
        return found


def _median(looks: Sequence[Look], what: str) -> float:
    return statistics.median(float(getattr(each, what)) for each in looks) if looks else 0.0


class Visitors:
    """Two requests a second: reads, reports, and of every second report that it is taken."""

    def __init__(self, stack: Stack, world: World, at: datetime, seed: int) -> None:
        self._stack, self._world, self._day = stack, world, worlds.day_of(at)
        self._dice, self._stop = random.Random(seed), threading.Event()  # noqa: S311
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.reports: list[Report] = []
        self.faults: list[BaseException] = []
        self.asked, self.unanswered = 0, 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join(240)
        if self.faults:
            raise self.faults[0]

    def _run(self) -> None:
        client = Client(self._stack)
        try:
            while not self._stop.wait(self._dice.uniform(0.5, 1.5) / REQUESTS_PER_SECOND):
                self.asked += 1
                if self.asked % REPORTED:
                    status, _answer = client.once("GET", self._dice.choice(READ), None)
                    self.unanswered += status == 0 or status >= 500
                else:
                    self.reports.append(self._report(client))
        except BaseException as fault:  # told to whoever began
            self.faults.append(fault)

    def _report(self, client: Client) -> Report:
        report = client.report(self._dice.choice(self._world.codes))
        if len(self.reports) % 2:
            return report
        return replace(report, taken=client.take(report.code, self._world.person(report.unit, "operations", self._day)))


def soak(setup: Setup) -> Outcome:
    """A whole copy (``serve.py``) at two requests a second for an hour (quick: two minutes): a third in peace, a third
    in which one of its programs is killed (−9) every half minute or so, a third in peace. ``grown``: what each program
    holds more at the end of a peaceful third than when it was warm."""
    world, third = World(24, Policy(SHORT.steps, repeat=4 * 3600, ack_timeout=4 * 3600)), setup.size(1200, 40)
    dice = random.Random(setup.seed)  # noqa: S311
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        stack.kill_web()
        whole = stack.start_whole(WHOLE)
        stacks.wait(lambda: stack.answers("/readyz"), "the whole copy", 120)
        watch, visitors = Watch(psutil.Process(whole.pid)), Visitors(stack, world, at, setup.seed)
        with visitors.at_work():
            first = _peace(watch, third)
            kills = _kills(watch, third, dice)
            last = _peace(watch, third)
        verdict = settle(stack, world, visitors.reports, at, 240)
    return verdict, {
        "kills": kills,
        "requests": visitors.asked,
        "unanswered": visitors.unanswered,
        "allowed_duplicates": kills * THREADS,
        "grown_mb_threads_sockets_files": [watch.grown(*first), watch.grown(*last)],
        "held_at_the_end": {
            name: [round(looks[-1].megabytes), *(getattr(looks[-1], each) for each in ("threads", "sockets", "files"))]
            for name, looks in watch.looks.items()
        },
    }


def _peace(watch: Watch, seconds: float) -> tuple[float, float]:
    """When it began and ended (steady clock)."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        watch.look()
        time.sleep(min(EVERY, seconds / 20))
    return began, time.monotonic()


def _kills(watch: Watch, seconds: float, dice: random.Random) -> int:
    """How many were killed."""
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        time.sleep(min(dice.uniform(5, 40), seconds / 3))
        running_now = [each for name in PROGRAMS for each in watch.processes(name)]
        if running_now:
            with suppress(psutil.NoSuchProcess):
                dice.choice(running_now).kill()
                count += 1
    return count
