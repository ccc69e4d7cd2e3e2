"""The night of Mùng 1: a power cut at ten past two, and whom it wakes.

Told through the doors that people use (API, mail, one-tap page), with the real resolver, outbox and mail server, on
both databases. Time is travelled through; ``pulse`` plays the worker's.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db as database
from incidents.escalation import engine
from incidents.record.models import Escalation
from notify import delivery
from tests.support.desk_story import DeskStory

pytestmark = pytest.mark.both_dbs("one story of the incident desk through everything there is")

BINH, EM, AN = "BI1", "EM1", "AN1"


def test_a_power_cut_is_called_step_by_step_until_somebody_has_it(story: DeskStory) -> None:
    # 02:10 – the UPS reports. Bình, operations on duty, is called at once.
    code = story.report(severity=2)
    story.pulse()
    assert story.woken() == [BINH]
    assert code in story.sink.subjects[0] and "bước 1" in story.sink.subjects[0]

    # 02:11 – Bình sleeps on. Nobody else is bothered before it is time.
    story.at(1)
    story.pulse()
    assert story.woken() == [BINH]

    # 02:12 – the emergency team's turn. Em looks at the page; looking takes nothing.
    story.at(2)
    story.pulse()
    assert story.woken() == [BINH, EM]
    assert "Tôi nhận" in story.client.get(story.link()).get_data(as_text=True)
    assert story.incident(code)["status"] == "open"

    # 02:13 – Em is stuck behind a fallen tree and passes it on: leadership is called at once, not at 02:14.
    story.at(3)
    assert "không đi được" in story.press(story.link(), "pass")
    story.pulse()
    assert story.woken() == [BINH, EM, AN]

    # 02:13:30 – An has it. Bình wakes, presses too, and is told who has it.
    story.at(3.5)
    assert "Đồng chí Nguyễn Văn An đã nhận" in story.press(story.link(), "take")
    assert "đã có Nguyễn Văn An nhận" in story.press(story.link(0), "take")

    # Nobody is called any more: not now, not in five minutes.
    for minutes in (4, 6, 8, 13):
        story.at(minutes)
        story.pulse()
    assert len(story.woken()) == 3

    # But An is not heard of for ten minutes: at 02:23:30 it starts again with operations.
    story.at(13.5)
    story.pulse()
    assert story.woken() == [BINH, EM, AN, BINH]
    assert story.incident(code)["status"] == "open"

    # Bình takes it and brings the power back within the time-out.
    story.press(story.link(), "take")
    story.at(20)
    story.pulse()
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"
    assert "báo xử lý xong" in story.press(story.link(), "resolve")
    story.pulse()
    # An, who had it before, has heard who has it now; nobody else was woken for it.
    assert story.woken()[4:] == [AN] and story.sink.subjects[-1] == f"{code}: Trần Thị Bình đã nhận"

    told = [entry["kind"] for entry in story.incident(code)["timeline"]]
    assert told == [
        "logged",
        "called",
        "called",
        "passed",
        "called",
        "acknowledged",
        "timed_out",
        "called",
        "acknowledged",
        "resolved",
    ]


def test_the_engine_was_down_for_two_hours(story: DeskStory) -> None:
    code = story.report(severity=2)
    story.at(120)
    story.pulse()
    story.pulse()
    assert story.woken() == [BINH], "one step, not the sixty that were missed"
    assert "trễ 2 giờ" in story.sink.subjects[0]
    assert story.incident(code)["due_at"] == "2020-01-25T04:12:00+07:00"


def test_an_acknowledgement_overtakes_the_mail(story: DeskStory) -> None:
    """What has not left when somebody has it never leaves."""
    code = story.report(severity=2)
    engine.escalate_due(story.now)
    story.takes(code, "BI1")
    story.pulse()
    assert story.woken() == []
    assert [page["state"] for page in story.incident(code)["pages"]] == ["taken"]


def two_workers_see_the_same_step(story: DeskStory) -> None:
    """Both read what is due before either has fired it: the worst moment."""
    (seen,) = engine.due(story.now)
    database.session.rollback()
    faults: list[Exception] = []

    def work() -> None:
        with story.app.app_context():
            try:
                engine.fire(seen, story.now)
            except Exception as fault:
                faults.append(fault)
            finally:
                database.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    delivery.deliver_due(owner="story")


def test_two_workers_wake_one_person_once(story: DeskStory) -> None:
    story.report(severity=2)
    two_workers_see_the_same_step(story)
    assert story.woken() == [BINH]


def test_without_the_claim_guard_it_would_be_twice(story: DeskStory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter-test: the story above is only true because a claim must find the row as it was read."""

    def takes_whatever_is_there(session: Any, batch: Sequence[engine.DueEscalation]) -> list[engine.DueEscalation]:
        ids = [each.incident_id for each in batch]
        session.execute(select(Escalation.fired).where(Escalation.incident_id.in_(ids)).with_for_update())
        return list(batch)

    monkeypatch.setattr(engine, "claim", takes_whatever_is_there)
    story.report(severity=2)
    two_workers_see_the_same_step(story)
    assert len(story.woken()) == 2
