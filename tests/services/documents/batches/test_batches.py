"""Many documents in one ZIP: made by the worker, with the asker's rights; cancelled, died over, taken over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.actor import Actor
from core.db import db as database
from core.errors import Conflict, Forbidden, NotFound
from documents.batches import making, services as batching
from documents.models import DocumentBatch
from people.models import User
from tests.support import papers
from tests.support.cast import ADMIN, NIGHT


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with papers.registered():
        yield


@pytest.fixture
def an(ids: dict[str, int]) -> Actor:
    papers.settle(NIGHT)
    return Actor(name="An", role="manager", via="session", user_id=ids["user:an1"], unit_id=ids["BDA"])


def ask(an: Actor) -> int:
    return batching.ask("unit:BDA", "test.sheet", "copy", {}, language="vi", actor=an, now=NIGHT).id


def work(at: Any = NIGHT) -> int:
    return making.run_waiting(at, read_clock=lambda: at)


def row(batch_id: int) -> DocumentBatch:
    database.session.rollback()
    return database.session.get_one(DocumentBatch, batch_id)


@pytest.mark.both_dbs("a batch is taken under a lease: locks")
def test_every_choice_becomes_a_file(app: Flask, an: Actor) -> None:
    batch_id = ask(an)
    assert work() == 1
    done = batching.file(batch_id, an, NIGHT)
    assert (done.state, done.made, done.total, done.left_out) == ("done", 2, 2, [])
    archive = zipfile.ZipFile(io.BytesIO(done.content or b""))
    assert archive.namelist() == ["niem-yet-plain.pdf", "co-so-may-phones.pdf"]
    assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())
    assert work() == 0


@pytest.mark.both_dbs("cancelled while a worker makes it: locks")
def test_a_cancelled_one_is_left_before_the_next_file(an: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = ask(an)

    def pressed(name: str) -> None:
        if name == "batch.file":
            batching.cancel(batch_id, actor=an, now=NIGHT)

    monkeypatch.setattr(making, "hit", pressed)
    work()
    assert (row(batch_id).state, row(batch_id).made) == ("cancelled", 0)
    with pytest.raises(NotFound):
        batching.file(batch_id, an, NIGHT)


def test_a_batch_whose_worker_died_is_made_by_the_next(an: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = ask(an)

    class Died(Exception):
        pass

    def dies(name: str) -> None:
        if name == "batch.file":
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr(making, "hit", dies)
        with pytest.raises(Died):
            work()
    assert row(batch_id).state == "running"
    assert work() == 0  # the lease has not run out
    assert work(NIGHT + making.LEASE + timedelta(seconds=1)) == 1
    assert row(batch_id).state == "done"


def test_one_that_kills_every_worker_is_given_up(an: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id, at = ask(an), NIGHT
    with monkeypatch.context() as patch:
        patch.setattr(making, "hit", _always_dies)
        for _ in range(making.MOST_ATTEMPTS):
            with pytest.raises(RuntimeError):
                work(at)
            at += making.LEASE + timedelta(seconds=1)
    work(at)
    assert row(batch_id).state == "failed"


def test_it_is_made_with_the_rights_of_now(an: Actor) -> None:
    """Between asking and making, the account was locked."""
    batch_id = ask(an)
    database.session.get_one(User, an.user_id).active = False
    database.session.commit()
    work()
    assert row(batch_id).state == "failed"


def test_a_finished_one_is_given_to_those_who_could_ask_for_it_now(an: Actor) -> None:
    """Whoever reads no telephone numbers any more does not fetch them from last week."""
    batch_id = ask(an)
    work()
    with pytest.raises(Forbidden):
        batching.file(batch_id, replace(an, role="viewer"), NIGHT)
    assert batching.file(batch_id, an, NIGHT).content


def test_of_what_its_asker_may_not_see_any_more_nothing_is_said(an: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what it was about, which the list would name, nor that there was one."""
    batch_id = ask(an)
    work()
    monkeypatch.setattr(papers.kinds, "visible", lambda *_: set())
    assert batching.mine(an, NIGHT) == []
    with pytest.raises(NotFound) as gone:
        batching.file(batch_id, an, NIGHT)
    with pytest.raises(NotFound) as never:
        batching.file(batch_id + 1, an, NIGHT)
    assert (gone.value.code, gone.value.message()) == (never.value.code, never.value.message())


def test_one_whose_option_is_gone_fails_and_lets_the_next_go_on(an: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = ask(an)
    monkeypatch.setattr(papers.kinds, "one", lambda *_: replace(papers.SHEET, options=lambda *_: ()))
    assert work() == 1
    assert (row(batch_id).state, len(row(batch_id).left_out)) == ("failed", 1)


def test_nobody_elses_and_not_too_many(an: Actor, ids: dict[str, int]) -> None:
    batches = [ask(an) for _ in range(batching.MOST_WAITING)]
    with pytest.raises(Conflict):
        ask(an)
    with pytest.raises(NotFound):
        batching.cancel(batches[0], actor=ADMIN, now=NIGHT)
    with pytest.raises(Forbidden):
        ask(ADMIN)
    batching.forget_old(NIGHT + batching.KEPT + timedelta(seconds=1))
    assert batching.mine(an, NIGHT) == []


def _always_dies(_name: str) -> None:
    raise RuntimeError("out of memory")
