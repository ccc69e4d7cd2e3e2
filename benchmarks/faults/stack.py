"""The product as an operator runs it: web server and workers as processes of their own, to be killed at will."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.faults import world as worlds
from benchmarks.faults.nursery import Forked, Nursery
from benchmarks.faults.world import ROOT as ROOT_UNIT, World
from core.server import listening_socket
from tests.support.live import free_port
from tests.support.postgres import postgres_server
from tests.support.smtp_sink import SmtpSink, smtp_sink

ROOT = Path(__file__).parents[2]
DURABLE = "-c listen_addresses='' -c max_connections=300"
"""PostgreSQL as installed: every commit reaches the disk."""
WEB = (sys.executable, "-m", "server")
WORKER = (sys.executable, "-m", "flask", "--app", "app", "worker")
Process = subprocess.Popen[bytes] | Forked


@dataclass
class Stack:
    """``start_web`` and ``start_worker`` may be called again after a kill; everything ends with ``running``."""

    url: str
    folder: Path
    sink: SmtpSink
    port: int
    key: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    webs: list[Process] = field(default_factory=list)
    workers: dict[int, Process] = field(default_factory=dict)
    nursery: Nursery | None = None
    """Given, processes are forked from it, unless ``fresh`` ones are asked for."""
    _starts: dict[int, int] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def start_web(self, processes: int = 1) -> None:
        """Start so many processes of the web server on one socket, as ``serve.py`` does, and wait until it answers."""
        with listening_socket.bound("127.0.0.1", self.port) if processes > 1 else nullcontext() as listening:
            for number in range(processes):
                self.webs.append(self._start(WEB, f"web{number}", 0, listening=listening))
        wait(lambda: self.answers("/healthz"), "the web server", 60)

    def start_worker(self, node: int = 0, command: tuple[str, ...] = WORKER, *, fresh: bool = False) -> None:
        """Start node ``node``'s worker; it is up once it beats (``wait_for_beat``)."""
        self.workers[node] = self._start(command, "worker", node, fresh=fresh)

    def start_whole(self, command: tuple[str, ...]) -> Process:
        """Start a whole copy, which starts its programs itself, and wait until it answers."""
        process = self._start(command, "whole", 0, fresh=True)
        self.webs.append(process)
        wait(lambda: self.answers("/healthz"), "the whole copy", 120)
        return process

    def wait_for_start(self, node: int = 0) -> None:
        """Until the worker started last says that it runs."""
        log, process = self.folder / f"worker-{node}.log", self.workers[node]
        started = self._starts.get(node, 0)
        wait(lambda: process.poll() is not None or _starts(log) > started, "the worker's start", 90)
        if process.poll() is not None:
            raise RuntimeError(f"the worker ended by itself: {log.read_text()[-2000:]}")
        self._starts[node] = _starts(log)

    def kill_worker(self, node: int = 0) -> None:
        """As a power cut would."""
        _kill(self.workers.pop(node, None))

    def kill_web(self) -> None:
        """As a power cut would."""
        while self.webs:
            _kill(self.webs.pop())

    def stop(self) -> None:
        self.kill_web()
        for node in list(self.workers):
            self.kill_worker(node)

    def flask(self, *arguments: str, words: str = "") -> str:
        """The output of one command of the product that is told ``words``."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env=self._env(0),
            text=True,
            capture_output=True,
            check=False,
            input=words,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout.strip()

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:  # noqa: S310 (loopback)
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The parsed answer of the JSON API; raises ``HTTPError`` for anything but a 2xx."""
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/zip" if isinstance(body, bytes) else "application/json"
        request = urllib.request.Request(  # noqa: S310 (loopback)
            f"{self.address}/api/v1{path}",
            raw,
            {"Authorization": f"Bearer {self.key}", "Content-Type": kind},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f"{method} {path}: {refused.code} {_said(refused.read())}") from refused

    def wait_for_beat(self) -> None:
        wait(lambda: self.answers("/readyz"), "a worker's heartbeat", 60)

    def _env(self, node: int) -> dict[str, str]:
        data = self.folder / f"node-{node}"
        data.mkdir(exist_ok=True)
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "DATA_DIR": str(data),
            "MAIL_URL": self.sink.url,
            "DEMO": "0",
            "MAIL_FROM": "truc@buudien.example",
            "SECRET_KEY": "only for this run",
            "PORT": str(self.port),
            "PUBLIC_URL": self.address,
            "APP_ENV": "test",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }

    def _start(
        self,
        command: tuple[str, ...],
        name: str,
        node: int,
        *,
        fresh: bool = False,
        listening: socket.socket | None = None,
    ) -> Process:
        path, environment = self.folder / f"{name}-{node}.log", self._env(node)
        inherited = () if listening is None else (listening.fileno(),)
        if listening is not None:
            environment[listening_socket.VARIABLE] = str(listening.fileno())
        if self.nursery is not None and not fresh and not inherited:
            return self.nursery.start(command[2], command[3:], environment, path)
        with path.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=inherited,
            )


@contextmanager
def running(
    kind: str,
    world: World,
    *,
    data: Path | None = None,
    forked: bool = False,
    environment: Mapping[str, str] | None = None,
    prepare: Sequence[str] = (),
) -> Iterator[Stack]:
    """A migrated database (``sqlite`` or ``postgresql``) with ``world`` in it, the web server up, no worker yet.

    ``forked``: what is started again and again is forked from a process that has imported it (``nursery``).
    ``prepare``: what a new PostgreSQL is told before it holds anything.
    """
    with ExitStack() as ends:
        folder = data or Path(tempfile.mkdtemp(prefix="tt-faults-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        url = f"sqlite:///{folder / 'faults.sqlite3'}"
        if kind == "postgresql":
            server = ends.enter_context(postgres_server(DURABLE))
            url = server.render_as_string(hide_password=False)
            plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(plain, autocommit=True) as line:
                for statement in prepare:
                    line.execute(statement)  # type: ignore[call-overload]
        sink = ends.enter_context(smtp_sink())
        stack = Stack(url, folder, sink, free_port(), environment=dict(environment or {}))
        if forked:
            stack.nursery = Nursery(ROOT)
            ends.callback(stack.nursery.close)
        ends.callback(stack.stop)
        stack.flask("db", "upgrade")
        stack.key = stack.flask("api-keys", "create", "--name", "harness", "--role", "admin").splitlines()[-1]
        stack.start_web()
        furnish(stack, world, worlds.wall())
        yield stack


def furnish(stack: Stack, world: World, now: datetime) -> None:
    """Units, people, policy and a published roster, all through the public API."""
    stack.call("POST", "/import", world.folder())
    stack.call("PUT", f"/escalation-policies/{ROOT_UNIT}", world.policy.body())
    first, last = worlds.days(now)
    plan = {"name": "Đợt thử", "tet_year": 2020, "unit": ROOT_UNIT, "starts_on": str(first), "ends_on": str(last)}
    campaign = stack.call("POST", "/campaigns", plan)["id"]
    man(stack, world, campaign)


def man(stack: Stack, world: World, campaign: int, *, since: datetime | None = None) -> None:
    """Put everybody where ``world`` says, and publish; ``since``: leave alone what was over then."""
    for shift in shifts(stack, campaign):
        if since is not None and datetime.fromisoformat(shift["ends_at"]) <= since:
            continue
        day = datetime.fromisoformat(shift["starts_at"]).astimezone(worlds.VN).date()
        people = [world.person(shift["unit"], shift["duty"], day)]
        if shift["people"] != people:
            body = {"people": people, "pin": True, "override_reason": "Thử"}
            stack.call("PUT", f"/shifts/{shift['id']}/people", body)
    stack.call("POST", f"/campaigns/{campaign}/publish", {"note": "Thử", "accept_gaps": "Thử"})


def shifts(stack: Stack, campaign: int) -> Iterator[dict[str, Any]]:
    """Every shift of the draft."""
    cursor = ""
    while True:
        page = stack.call("GET", f"/campaigns/{campaign}/shifts?limit=200{cursor}")
        yield from page["items"]
        if not page["next"]:
            return
        cursor = f"&cursor={page['next']}"


def _starts(log: Path) -> int:
    return log.read_bytes().count(b"/ runs") if log.exists() else 0


def wait(check: Callable[[], Any], what: str, seconds: float) -> None:
    """Until ``check()`` is true; raises when it never is."""
    ends = time.monotonic() + seconds
    while not check():
        if time.monotonic() > ends:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.05)


def _said(problem: bytes) -> str:
    said = json.loads(problem)
    return json.dumps({name: said.get(name) for name in ("code", "detail", "errors")}, ensure_ascii=False)[:800]


def _kill(process: Process | None) -> None:
    if process is not None and process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
