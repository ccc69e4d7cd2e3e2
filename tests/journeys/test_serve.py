"""The whole copy as an operator starts and stops it, and what it withstands: one copy lives through all of it.

Two of the attacks are here, on that copy: 200 half-sent requests, and a web server that dies while people are called.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.front_proxy import front_proxy
from tests.support.whole_copy import PATIENCE, WholeCopy, is_alive, until, whole_copy

pytestmark = pytest.mark.both_dbs("connections of a whole copy, lost and found")

HALF_HEADERS = b"GET /login HTTP/1.1\r\nHost: desk\r\nX-Slow: "
HALF_BODY = b"POST /login HTTP/1.1\r\nHost: desk\r\nContent-Length: 100000\r\n\r\nidentifier="
HALF_WORD = b"POST /login HTTP/1.1\r\nHost: desk\r\nContent-Length: 9\r\n\r\ni"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeCopy]:
    with whole_copy(tmp_path_factory.mktemp("first") / "data", TRUSTED_PROXIES="1") as copy:
        yield copy


@pytest.fixture
def copy(first: WholeCopy, tmp_path: Path) -> Iterator[WholeCopy]:
    """The copy of this file, ready; another one where a test has stopped it already."""
    with ExitStack() as stack:
        ready = first
        if first.process.poll() is not None:
            ready = stack.enter_context(whole_copy(tmp_path / "again", TRUSTED_PROXIES="1"))
        ready.until_ready()
        yield ready


def test_an_empty_copy_says_how_its_first_administrator_is_made(copy: WholeCopy) -> None:
    until(lambda: "Ctrl-C stops" in copy.console.read_text(), "it says where it is")
    address = next(line.strip() for line in copy.console.read_text().splitlines() if "/first/" in line)
    assert address.startswith(f"http://127.0.0.1:{copy.port}/first/")
    with urllib.request.urlopen(address, timeout=PATIENCE) as page:
        assert "Người quản trị đầu tiên" in page.read().decode()


def test_a_second_copy_on_the_same_data_is_refused(copy: WholeCopy) -> None:
    with whole_copy(copy.data_dir) as second:
        assert second.process.wait(PATIENCE) == 1
    assert copy.readiness() is not None


def test_a_killed_web_server_comes_back_while_the_worker_goes_on(copy: WholeCopy) -> None:
    worker, killed = copy.worker(), copy.webs()
    assert worker and killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    # Whoever asks meanwhile waits, and is answered by a successor: the address is never given up.
    assert copy.readiness() is not None
    until(lambda: len(copy.webs() - killed) == len(killed), "as many web servers run as before", every=0.5)
    assert copy.process.poll() is None, "the whole copy has ended"
    assert copy.worker() == worker, "the worker was stopped with the web server"
    copy.until_ready()


def test_a_killed_worker_comes_back_while_pages_are_served(copy: WholeCopy) -> None:
    killed, webs = copy.worker(), copy.webs()
    os.kill(killed, signal.SIGKILL)
    copy.until_another_worker_than(killed)
    assert copy.webs() == webs


def test_a_worker_that_hangs_is_replaced_and_two_hundred_half_sent_requests_keep_nobody_from_reading(
    copy: WholeCopy,
) -> None:
    """Together, because both are waited for: a minute until the worker is known to hang, and the half minute after
    which slow senders are let go."""
    hung = copy.worker()
    os.kill(hung, signal.SIGSTOP)
    with front_proxy(copy.port) as outside:
        for door, begun in itertools.product((copy.port, outside), (HALF_HEADERS, HALF_BODY)):
            with half_sent(door, begun) as senders:
                # From the same address as all of them, while none of theirs can come to an end by itself.
                assert_read(door)
                assert_read(door)
                if begun is HALF_HEADERS:
                    until(lambda all_of=senders: all(map(is_closed, all_of)), "the slow ones are let go")
                    assert_read(door)
    with half_sent(copy.port, HALF_HEADERS, HALF_WORD):
        assert_read(copy.port)
    copy.until_another_worker_than(hung)
    copy.until_ready()


@contextmanager
def half_sent(port: int, *begun: bytes) -> Iterator[list[socket.socket]]:
    """Two hundred connections; what they begin is dealt out in turn."""
    with ExitStack() as held:
        senders = []
        for beginning in itertools.islice(itertools.cycle(begun), 200):
            sender = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            sender.sendall(beginning)
            senders.append(sender)
        yield senders


def is_closed(sender: socket.socket) -> bool:
    try:
        return sender.recv(4096, socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def assert_read(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=PATIENCE) as answer:
        page = answer.read().decode()
    assert answer.status == 200 and "identifier" in page and "csrf_token" in page


def test_two_copies_run_side_by_side_and_stop_with_all_their_processes(copy: WholeCopy, tmp_path: Path) -> None:
    with whole_copy(tmp_path / "second") as second:
        second.until_ready()
        copy.until_ready()
        processes = [*copy.children(), *second.children()]
        assert len(processes) == 6
        copy.process.send_signal(signal.SIGINT)
        second.process.send_signal(signal.SIGTERM)
        assert (copy.process.wait(PATIENCE), second.process.wait(PATIENCE)) == (0, 0)
        assert [pid for pid in processes if is_alive(pid)] == []
    assert copy.readiness() is None
