"""Run a whole copy of Trực Tết: migrate, seed the demo, then keep the web server and the worker running.

``python serve.py`` (what ``make run`` calls). Stops both on Ctrl-C or TERM. A worker that dies is started again; when
the web server dies, everything stops with a message, because nobody would notice a worker that serves no page.
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
from core import private_files

ROOT = Path(__file__).parent
FLASK = [sys.executable, "-m", "flask", "--app", "app"]
STOP_WITHIN = 25.0  # seconds; the worker promises to finish within 20
RESTART_AT_MOST = 30.0
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
    if not _is_free(host, port):
        return _fail(f"port {port} on {host} is taken; choose another with PORT=…")
    environment = _environment(host, port)
    if _finish(_start([*FLASK, "db", "upgrade"], environment)) != 0:
        return 0 if _stop else _fail("the database could not be migrated; nothing was started")
    accounts = _seed_demo(settings, environment)
    return 0 if _stop else _supervise(settings, environment, accounts)


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


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _environment(host: str, port: int) -> dict[str, str]:
    """What the children see: links must not say 0.0.0.0, so without PUBLIC_URL they carry the LAN address."""
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


def _seed_demo(settings: dict[str, Any], environment: dict[str, str]) -> str:
    """Fill an empty database with the demo; returns what to tell about its accounts (the command's output)."""
    if not settings["DEMO"] or _stop:
        return ""
    with tempfile.TemporaryFile("w+") as output:
        status = _finish(_start([*FLASK, "demo", "seed", "--if-empty"], environment, stdout=output))
        output.seek(0)
        told = output.read().strip()
    if status != 0 and not _stop:
        _say("the demo could not be seeded (see above); the rest starts without it")
    return told


def _supervise(settings: dict[str, Any], environment: dict[str, str], accounts: str) -> int:
    """Run both programs until told to stop (0) or until the web server dies (1)."""
    web = _start(_web_command(settings), environment)
    worker = _start([*FLASK, "worker"], environment)
    started, pause, announced = time.monotonic(), 0.5, False
    while not _stop and web.poll() is None:
        announced = announced or _announce(settings, accounts)
        if worker.poll() is not None:
            pause = 1.0 if time.monotonic() - started > 60 else min(pause * 2, RESTART_AT_MOST)
            _say(f"the worker ended with status {worker.returncode}; starting it again in {pause:.0f} s")
            _sleep(pause, web)
            if not _stop and web.poll() is None:
                worker, started = _start([*FLASK, "worker"], environment), time.monotonic()
        time.sleep(0.1)
    died = web.poll()
    _stop_all([web, worker])
    if _stop:
        print("Stopped.", flush=True)
        return 0
    return _fail(f"the web server ended with status {died}; the worker was stopped too")


def _web_command(settings: dict[str, Any]) -> list[str]:
    host = f"[{settings['HOST']}]" if ":" in settings["HOST"] else settings["HOST"]
    # The socket's default place is the home folder, where two copies would collide; its path may have ~100 bytes.
    control = str(settings["DATA_DIR"] / "gunicorn.ctl")
    return [
        *(sys.executable, "-m", "gunicorn", "app:create_app()"),
        *("--bind", f"{host}:{settings['PORT']}", "--worker-class", "gthread", "--workers", "2", "--threads", "32"),
        *("--graceful-timeout", "10", "--keep-alive", "5", "--log-level", "warning"),
        *(("--control-socket", control) if len(control.encode()) < 100 else ("--no-control-socket",)),
    ]


def _announce(settings: dict[str, Any], accounts: str) -> bool:
    """Once the web server answers, say where; True when said."""
    host, port = settings["HOST"], settings["PORT"]
    here = f"http://{'127.0.0.1' if host in EVERYWHERE else f'[{host}]' if ':' in host else host}:{port}"
    try:
        # Straight to loopback, whatever proxy the environment names.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{here}/healthz", timeout=2):
            pass
    except (OSError, urllib.error.URLError):
        return False
    lines = [f"Trực Tết: {here}/"]
    if host in EVERYWHERE:
        lines.append(f"On a phone in the same network: http://{_lan_address()}:{port}/")
    lines += [accounts] if accounts else []
    print("\n" + "\n".join(lines) + "\nCtrl-C stops.\n", flush=True)
    return True


def _sleep(seconds: float, web: subprocess.Popen[str]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not _stop and web.poll() is None:
        time.sleep(0.1)


def _stop_all(children: list[subprocess.Popen[str]]) -> None:
    """TERM to every child still running, then wait; KILL after the time they promise, or at a second Ctrl-C."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    until, asked = time.monotonic() + STOP_WITHIN, len(_stop)
    while any(child.poll() is None for child in running):
        if time.monotonic() > until or len(_stop) > max(asked, 1):
            for child in running:
                child.kill()
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
