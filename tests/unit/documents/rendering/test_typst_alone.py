"""Typst has a process of its own: one at a time, killed when it takes too long, and nothing left of it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, current_app

from core.errors import Throttled, Unavailable
from documents.messages import MESSAGES
from documents.rendering import allowance, pdf as typesetting, sheet
from documents.rendering.pdf import Patience
from tests.support import office_papers
from tests.support.smtp_sink import wait_until

ROOT = Path(__file__).parents[4]
SOME_TIME = 20.0
"""Seconds in which a process begins on the slowest machine."""
LONG = office_papers.notice(900)
PARENT = """
import sys
from flask import Flask
from documents.rendering import pdf
from tests.support import office_papers
app = Flask("documents")
app.config["DATA_DIR"] = sys.argv[1]
with app.app_context():
    pdf.pdf(office_papers.notice(900))
"""


def children(of: int) -> list[int]:
    """Process ids of typst under a process."""
    found = []
    for task in Path(f"/proc/{of}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that just ended
            found += [int(each) for each in (task / "children").read_text().split()]
    return [each for each in found if is_typst(each)]


def is_typst(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"documents.rendering.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def begun(of: int) -> int:
    """The child, as soon as it is there."""
    until = time.monotonic() + SOME_TIME
    while time.monotonic() < until:
        for each in children(of):
            return each
        time.sleep(0.002)
    raise AssertionError("typst did not begin")


def in_context(work: Callable[[], bytes]) -> Callable[[], bytes]:
    app = Flask("beside")
    app.config.update(current_app.config)

    def run() -> bytes:
        with app.app_context():
            return work()

    return run


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Unavailable) as caught:
        work()
    return caught.value.code


def test_there_is_never_more_than_one(node: Path) -> None:
    work = in_context(lambda: typesetting.pdf(office_papers.notice(100)))
    most = 0
    with ThreadPoolExecutor(4) as pool:
        several = [pool.submit(work) for _number in range(4)]
        while not all(each.done() for each in several):
            most = max(most, len(children(os.getpid())))
            time.sleep(0.002)
    assert most == 1
    assert len({each.result() for each in several}) == 1


def test_who_waits_too_long_is_told_so_and_may_come_again(node: Path) -> None:
    with (node / "documents.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert refusal(lambda: typesetting.pdf(office_papers.minutes(), Patience(wait=0.1))) == "documents.busy"
    assert typesetting.pdf(office_papers.minutes(), Patience(wait=0.1)).startswith(b"%PDF")


def test_what_takes_too_long_is_stopped(node: Path) -> None:
    assert refusal(lambda: typesetting.pdf(LONG, Patience(work=0.05))) == "documents.failed"
    assert children(os.getpid()) == []
    assert typesetting.pdf(office_papers.minutes()).startswith(b"%PDF")


def test_killed_half_way_it_leaves_nothing_and_can_be_repeated(node: Path) -> None:
    killer = Thread(target=lambda: os.kill(begun(os.getpid()), signal.SIGKILL))
    killer.start()
    assert refusal(lambda: typesetting.pdf(LONG)) == "documents.failed"
    killer.join()
    assert [(each.name, each.stat().st_size) for each in node.iterdir()] == [("documents.lock", 0)]
    assert typesetting.pdf(office_papers.notice()) == typesetting.pdf(office_papers.notice())


@pytest.fixture
def orphan(node: Path) -> Iterator[int]:
    """A typst whose server was killed; stopped, so that it does not end by itself meanwhile."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, node], cwd=ROOT, stderr=subprocess.DEVNULL)
    child = begun(parent.pid)
    os.kill(child, signal.SIGSTOP)
    parent.kill()
    parent.wait()
    yield child
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def test_a_typst_whose_server_was_killed_counts_until_it_ends(node: Path, orphan: int) -> None:
    assert refusal(lambda: typesetting.pdf(office_papers.minutes(), Patience(wait=0.2))) == "documents.busy"
    os.kill(orphan, signal.SIGKILL)
    assert typesetting.pdf(office_papers.minutes()).startswith(b"%PDF")


def test_more_memory_than_a_document_needs_ends_it(node: Path) -> None:
    task = json.dumps({"values": sheet.values(office_papers.notice(300)), "ppi": 200}).encode()
    little = "from documents.rendering import child; child.MEMORY = 200 << 20; child.main()"
    done = subprocess.run([sys.executable, "-c", little], cwd=ROOT, input=task, capture_output=True)
    assert done.returncode != 0
    assert done.stdout == b""


def test_it_gets_to_know_no_secret_and_reads_no_font_but_ours(node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "không ai biết")
    found: list[bytes] = []
    look = Thread(target=lambda: found.append(Path(f"/proc/{begun(os.getpid())}/environ").read_bytes()))
    look.start()
    made = typesetting.pdf(LONG)
    look.join()
    assert b"SECRET_KEY" not in found[0]
    assert b"LiberationSerif" in made


def test_every_refusal_has_a_sentence() -> None:
    assert MESSAGES.keys() >= {"documents.busy", "documents.failed", "documents.often"}


def test_however_many_look_at_drafts_most_threads_are_left_for_the_desk(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody opens a preview: those who find all places taken are told so at once, not after their patience; those
    who wait have theirs in the end."""
    monkeypatch.setattr(typesetting, "_run", lambda *_asked: b"")
    lock = Path(app.config["DATA_DIR"]) / typesetting.LOCK
    with lock.open("ab") as held, ThreadPoolExecutor(typesetting.AT_ONCE) as threads:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = [threads.submit(drawn, app, Patience(wait=SOME_TIME)) for _ in range(typesetting.AT_ONCE)]
        wait_until(lambda: typesetting._places.total() == typesetting.AT_ONCE, what="all places taken")
        assert drawn(app, Patience(wait=SOME_TIME)) == "documents.busy"
        assert not any(each.done() for each in waiting), "whose patience began before"
        fcntl.flock(held, fcntl.LOCK_UN)
        assert {each.result() for each in waiting} == {""}


def test_one_account_takes_no_more_than_its_places(app: Flask) -> None:
    lock = Path(app.config["DATA_DIR"]) / typesetting.LOCK
    with lock.open("ab") as held, ThreadPoolExecutor(typesetting.OF_ONE + 1) as threads:
        fcntl.flock(held, fcntl.LOCK_EX)
        several = [threads.submit(drawn, app, Patience(wait=1.0), "user:1") for _ in range(typesetting.OF_ONE + 1)]
        said = [each.result() for each in several]
        assert sorted(said) == ["documents.busy"] * typesetting.OF_ONE + ["documents.often"]
    assert drawn(app, Patience(), "user:1") == ""


def test_large_papers_weigh_more_and_any_can_be_had() -> None:
    assert [allowance.weight(office_papers.notice(rows)) for rows in (1, 400, 20_000)] == [1, 3, allowance.HEAVIEST]


def drawn(app: Flask, patience: Patience, who: str = "") -> str:
    with app.app_context():
        try:
            typesetting.pdf(office_papers.notice(1), patience, who=who)
        except (Throttled, Unavailable) as fault:
            return fault.code
    return ""
