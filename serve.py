"""Run a whole copy of Trực Tết: migrate, seed the demo, then keep the web server and the worker running.

``python serve.py`` (what ``make run`` calls). Stops all on Ctrl-C or TERM. Each program is kept running by itself: one
that ends is started again, one that hangs is killed first, and the others go on meanwhile: nobody is kept from being
called because a page could not be served, nor the other way round. The listening socket is held here, so that browsers
wait for a web server that is started again, and are not refused.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

import config
from core.security import private_files
from core.server import listening_socket, signs_of_life, supervisor

ROOT = Path(__file__).parent
FLASK = [sys.executable, "-m", "flask", "--app", "app"]
WEB = [sys.executable, "-m", "server"]
STOP_WITHIN = 25.0  # seconds; the worker promises to finish within 20
WEB_PROCESSES = 2
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not bound)

_stop: list[int] = []


def main() -> int:
    _listen_for_stop()
    try:
        settings = config.load()
    except config.UnsafeConfiguration as fault:
        return _fail(str(fault))
    private_files.start(settings["DATA_DIR"])
    lock = _lock(settings["DATA_DIR"])
    if lock is None:
        return _fail(
            f"another copy already runs on {settings['DATA_DIR']}; give this one a DATA_DIR and PORT of its own"
        )
    host, port = settings["HOST"], settings["PORT"]
    try:
        listening = listening_socket.bound(host, port)
    except OSError:
        return _fail(f"port {port} on {host} is taken; choose another with PORT=…")
    environment = _environment(host, port)
    status, accounts = _told(["prepare", *_who_is_made(settings)], environment)
    if _stop:
        return 0
    if status != 0:
        return _fail("the database could not be migrated; nothing was started")
    return _supervise(settings, environment, listening, accounts)


def _listen_for_stop() -> None:
    # Installed by hand: a script's background job starts with SIGINT ignored. A HUP that nohup ignores stays ignored.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if name != signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, lambda number, _frame: _stop.append(number))


def _say(what: str) -> None:
    print(f"serve: {what}", file=sys.stderr, flush=True)


def _fail(reason: str) -> int:
    _say(reason)
    return 1


def _lock(data_dir: Path) -> IO[str] | None:
    """Held while this process lives; None when another copy holds it."""
    handle = (data_dir / "serve.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    return handle


def _environment(host: str, port: int) -> dict[str, str]:
    """Return what the children see: links must not say 0.0.0.0, so without PUBLIC_URL they carry the LAN address."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if host in EVERYWHERE and not environment.get("PUBLIC_URL"):
        environment["PUBLIC_URL"] = f"http://{_lan_address()}:{port}"
    return environment


def _lan_address() -> str:
    """This machine's address on its network. Connecting a datagram socket only looks up the route, it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _start(command: list[str], environment: dict[str, str], **options: Any) -> subprocess.Popen[str]:
    # A session of its own: the terminal's Ctrl-C reaches this process alone, which then stops the children in order.
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, start_new_session=True, preexec_fn=_die_with_parent, **options
    )


def _die_with_parent() -> None:
    """On Linux: when this runner is killed outright, its children are told to stop and do not keep the port."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _finish(child: subprocess.Popen[str]) -> int:
    """Wait for a short-lived child; stop it when we are told to stop."""
    while child.poll() is None and not _stop:
        time.sleep(0.05)
    _stop_all([child])
    return child.wait()


def _who_is_made(settings: dict[str, Any]) -> list[str]:
    """Return the demo's accounts and the first administrator, as options of ``prepare``.

    In production what is said here is kept in logs: there only a command gives the link, to the person who runs it.
    """
    return [*(["--demo"] if settings["DEMO"] else []), *(["--hint"] if settings["APP_ENV"] == "production" else [])]


def _told(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command to its end; its status and what it printed."""
    with tempfile.TemporaryFile("w+") as output:
        status = _finish(_start([*FLASK, *command], environment, stdout=output))
        output.seek(0)
        return status, output.read().strip()


def _supervise(settings: dict[str, Any], environment: dict[str, str], listening: socket.socket, accounts: str) -> int:
    """Keep all programs running until told to stop."""
    web = {**environment, listening_socket.VARIABLE: str(listening.fileno())}
    programs = [
        supervisor.SupervisedProgram(f"web server {number}", _starter(WEB, web, listening.fileno()), _say)
        for number in range(1, WEB_PROCESSES + 1)
    ]
    programs.append(supervisor.SupervisedProgram("the worker", _starter([*FLASK, "worker"], environment), _say))
    announced = False
    while not _stop:
        for program in programs:
            program.look(time.monotonic())
        announced = announced or _announce(settings, accounts)
        time.sleep(0.1)
    _stop_all([program.process for program in programs if program.process is not None])
    print("Stopped.", flush=True)
    return 0


def _starter(command: list[str], environment: dict[str, str], *inherited: int) -> supervisor.Start:
    def start(ear: signs_of_life.Listener) -> subprocess.Popen[str]:
        told = {**environment, signs_of_life.VARIABLE: str(ear.sender)}
        return _start(command, told, pass_fds=(ear.sender, *inherited))

    return start


def _announce(settings: dict[str, Any], accounts: str) -> bool:
    """Once the web server answers, say where; True when said."""
    host, port = settings["HOST"], settings["PORT"]
    here = f"http://{'127.0.0.1' if host in EVERYWHERE else f'[{host}]' if ':' in host else host}:{port}"
    try:
        # Straight to loopback, whatever proxy the environment names.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{here}/healthz", timeout=1):
            pass
    except (OSError, urllib.error.URLError):
        return False
    lines = [f"Trực Tết: {here}/"]
    if host in EVERYWHERE:
        lines.append(f"On a phone in the same network: http://{_lan_address()}:{port}/")
    lines += [accounts] if accounts else []
    print("\n" + "\n".join(lines) + "\nCtrl-C stops.\n", flush=True)
    return True


def _stop_all(children: list[subprocess.Popen[str]]) -> None:
    """In order; at once at a second Ctrl-C."""
    asked = len(_stop)
    supervisor.stop(children, within=STOP_WITHIN, hurry=lambda: len(_stop) > max(asked, 1))


if __name__ == "__main__":
    sys.exit(main())
