"""Taken in time, forgotten, called anew: the first taking was in time, and now it waits to be taken again.

List, incident, desk, API and figures say the same of it: two things, two words.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from core.clock import local_date
from core.db import db
from incidents.escalation import requests
from incidents.figures import queries as figures, statistics
from incidents.record import queries
from incidents.response import responders
from people.queries import unit_by_code
from tests.support.desk_pages import text_of
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN


@pytest.fixture
def story(story: DeskStory, client: FlaskClient) -> DeskStory:
    sign_in(client, "an1")
    return story


@pytest.fixture
def code(story: DeskStory) -> str:
    """Level 3, to be taken within half an hour: taken after one, forgotten for ten."""
    steps = [{"duty": "operations", "after_seconds": 0}]
    story.api(
        "PUT",
        "/escalation-policies/BDA",
        {
            "steps": steps,
            "repeat_after_seconds": 120,
            "ack_timeout_seconds": 600,
        },
    )
    found = story.report()
    story.until(1)
    story.press(story.link(), "take")
    story.until(11)
    assert story.incident(found)["status"] == "open"
    return found


def taking(story: DeskStory, code: str) -> dict[str, Any]:
    """Its clock of taking, in the incident and in the list alike."""
    own = next(each for each in story.incident(code)["clocks"] if each["kind"] == "acknowledge")
    listed = next(each for each in story.api("GET", "/incidents")["items"] if each["code"] == code)
    assert next(each for each in listed["clocks"] if each["kind"] == "acknowledge") == own
    return dict(own)


def read_page(story: DeskStory, path: str) -> str:
    db.session.rollback()
    answer = story.client.get(path)
    assert answer.status_code == 200, path
    return text_of(answer.get_data(as_text=True))


def counted(story: DeskStory) -> statistics.FigureRow[str]:
    db.session.rollback()
    today = local_date(story.now)
    period = figures.period_of(None, today, today, "", now=story.now)
    return statistics.row("", figures.read_figures(unit_by_code("BDA"), period, actor=ADMIN, now=story.now).cases)


def test_it_waits_to_be_taken_again_and_was_first_taken_in_time(story: DeskStory, code: str) -> None:
    own = taking(story, code)
    assert own["state"] == "again" and own["done_at"].startswith("2020-01-25T02:11")
    assert own["due_at"].startswith("2020-01-25T02:51"), "half an hour from when it was let go"
    for path in ("/incidents/", f"/incidents/{code}"):
        page = read_page(story, path)
        assert "quá giờ nhận" not in page, path
    assert "Nhận lại:" in read_page(story, "/incidents/")
    page = read_page(story, f"/incidents/{code}")
    assert "chờ nhận lại" in page and "phải nhận lại trước 02:51" in page and "lần đầu nhận 02:11" in page
    assert "quá giờ nhận" not in read_page(story, "/"), "nor does the desk say so"
    row = counted(story)
    assert (row.taken.kept, row.taken.due, row.forgotten) == (1, 1, 1)
    page = read_page(story, "/incidents/figures/?since=2020-01-25&until=2020-01-25")
    assert "lần đầu nhận đúng hạn" in page and "1 sự cố đã có người nhận rồi đến hạn không có diễn biến" in page


def test_not_taken_again_in_time_is_late_in_its_own_words(story: DeskStory, code: str) -> None:
    story.at(42)
    assert taking(story, code)["state"] == "again_overdue"
    for path in ("/incidents/", f"/incidents/{code}"):
        assert "quá giờ nhận lại" in read_page(story, path), path
    assert "1 quá giờ nhận" in read_page(story, "/")
    assert (counted(story).taken.kept, counted(story).taken.due) == (1, 1), "the first taking stays in time"


def test_taken_again_it_reads_as_it_was_first_taken(story: DeskStory, code: str) -> None:
    story.until(20)
    story.takes(code, "EM1")
    own = taking(story, code)
    assert own["state"] == "met" and own["done_at"].startswith("2020-01-25T02:11")
    assert "chờ nhận lại" not in read_page(story, f"/incidents/{code}")
    assert (counted(story).taken.kept, counted(story).taken.due, counted(story).forgotten) == (1, 1, 1)


def test_handed_to_somebody_else_late_it_was_still_taken_in_time(story: DeskStory) -> None:
    found = story.report()
    story.pulse()
    story.press(story.link(), "take")
    story.at(40)
    responders.reassign(queries.by_code(found).id, person_id=story.night.ids["EM1"], actor=ADMIN, now=story.now)
    (ask,) = requests.mine(queries.by_code(found).id, story.night.ids["EM1"])
    responders.answer(ask.incident_id, ask.id, accept=True, actor=ADMIN, now=story.now)
    assert story.incident(found)["acknowledged_by"] == "Rơ Châm Em"
    assert taking(story, found)["state"] == "met"


def test_whoever_comes_to_the_link_late_finds_who_has_it_and_rings_them(story: DeskStory) -> None:
    """Default steps: Bình, five minutes later Em. Em takes it; Bình wakes up and opens their letter."""
    story.report()
    story.until(5)
    story.press(story.link(-1), "take")
    mine, theirs = (story.client.get(story.link(n)).get_data(as_text=True) for n in (-1, 0))
    assert 'href="tel:0900000105"' in theirs and "Gọi Rơ Châm Em" in theirs and "https://zalo.me/0900000105" in theirs
    assert "Gọi Rơ Châm Em" not in mine, "nobody rings themselves"
