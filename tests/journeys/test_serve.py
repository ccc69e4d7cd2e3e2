"""The whole copy as an operator starts and stops it."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.support.front_proxy import front_proxy
from tests.support.live import free_port

pytestmark = pytest.mark.both_dbs("connections of a whole copy, lost and found")

HALF_HEADERS = b"GET /login HTTP/1.1\r\nHost: desk\r\nX-Slow: "
HALF_BODY = b"POST /login HTTP/1.1\r\nHost: desk\r\nContent-Length: 100000\r\n\r\nidentifier="
ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds to give up after; nothing is measured


def until(holds: Callable[[], object], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, f"never happened: {what}"
        time.sleep(0.1)


def readiness(port: int) -> dict[str, object] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)
    except OSError:
        return None


def is_ready(port: int) -> bool:
    return (readiness(port) or {}).get("status") == "ready"


def children(pid: int) -> dict[int, str]:
    """Process id → command of the running children of ``pid``."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in listing.splitlines())
    return {int(row[0]): row[2] for row in rows if int(row[1]) == pid and "<defunct>" not in row[2]}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def worker_of(runner: subprocess.Popen[bytes]) -> int:
    return next((pid for pid, args in children(runner.pid).items() if args.endswith("worker")), 0)


def webs_of(runner: subprocess.Popen[bytes]) -> set[int]:
    return {pid for pid, args in children(runner.pid).items() if args.endswith("-m server")}


@contextmanager
def started(
    data_dir: Path, port: int, *, said: IO[bytes] | None = None, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """serve.py as a script's background job: interrupts ignored at the start. ``said``: where its words go."""
    environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "0", **settings}
    runner = subprocess.Popen(
        [sys.executable, "serve.py"],
        cwd=ROOT,
        env=environment,
        stdout=said,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield runner
    finally:
        runner.terminate()
        runner.wait(PATIENCE)


def test_an_empty_copy_says_how_its_first_administrator_is_made(tmp_path: Path) -> None:
    port, console = free_port(), tmp_path / "console.txt"
    with console.open("wb") as said, started(tmp_path / "data", port, said=said):
        until(lambda: "Ctrl-C stops" in console.read_text(), "it says where it is")
        address = next(line.strip() for line in console.read_text().splitlines() if "/first/" in line)
        assert address.startswith(f"http://127.0.0.1:{port}/first/")
        with urllib.request.urlopen(address, timeout=PATIENCE) as page:
            assert "Người quản trị đầu tiên" in page.read().decode()


def test_two_copies_run_side_by_side_and_stop_with_all_their_processes(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    with started(tmp_path / "a", ports[0]) as first, started(tmp_path / "b", ports[1]) as second:
        for port in ports:
            until(lambda port=port: is_ready(port), f"a copy is ready on {port}")
        processes = [*children(first.pid), *children(second.pid)]
        assert len(processes) == 6
        first.send_signal(signal.SIGINT)
        second.send_signal(signal.SIGTERM)
        assert (first.wait(PATIENCE), second.wait(PATIENCE)) == (0, 0)
        assert [pid for pid in processes if is_alive(pid)] == []
    assert readiness(ports[0]) is None


def test_a_killed_web_server_comes_back_while_the_worker_goes_on(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port) as runner:
        until(lambda: is_ready(port), "the copy is ready")
        worker, killed = worker_of(runner), webs_of(runner)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        # Whoever asks meanwhile waits, and is answered by a successor: the address is never given up.
        assert readiness(port) is not None
        until(lambda: len(webs_of(runner) - killed) == len(killed), "as many web servers run as before")
        assert worker_of(runner) == worker


def test_a_killed_worker_comes_back_while_pages_are_served(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port) as runner:
        until(lambda: is_ready(port), "the copy is ready")
        killed, webs = worker_of(runner), webs_of(runner)
        os.kill(killed, signal.SIGKILL)
        until(lambda: worker_of(runner) not in (0, killed), "another worker runs")
        assert webs_of(runner) == webs


def test_a_worker_that_hangs_is_killed_and_replaced(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port) as runner:
        until(lambda: is_ready(port), "the copy is ready")
        hung = worker_of(runner)
        os.kill(hung, signal.SIGSTOP)
        until(lambda: worker_of(runner) not in (0, hung), "another worker runs")
        until(lambda: is_ready(port), "the copy is ready again")
        assert not is_alive(hung)


def test_two_hundred_half_sent_requests_keep_nobody_from_reading(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port, TRUSTED_PROXIES="1"), front_proxy(port) as outside:
        until(lambda: is_ready(port), "the copy is ready")
        for door, begun in itertools.product((port, outside), (HALF_HEADERS, HALF_BODY)):
            with contextlib.ExitStack() as held:
                senders = [held.enter_context(half_sent(door, begun)) for _each in range(200)]
                # From the same address as all of them, while none of theirs can come to an end by itself.
                assert "csrf_token" in page(door, "/login")
                assert "csrf_token" in page(door, "/login")
                if begun is HALF_HEADERS:
                    until(lambda all_of=senders: all(map(is_closed, all_of)), "the slow ones are let go")
                    assert "csrf_token" in page(door, "/login")


def half_sent(port: int, begun: bytes) -> socket.socket:
    sender = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    sender.sendall(begun)
    return sender


def is_closed(sender: socket.socket) -> bool:
    try:
        return sender.recv(4096, socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def test_a_second_copy_on_the_same_data_is_refused(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port):
        until(lambda: readiness(port), "the copy answers")
        with started(tmp_path, free_port()) as second:
            assert second.wait(PATIENCE) == 1
        assert readiness(port) is not None
