"""Mail is known to be dead and nothing is open: the desk is calm, not green, and says what it means.

The mail server is closed and the SMS gateway answers nonsense: real sockets, real breakers.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db as database
from core.observability import heartbeat
from desk.audit import shut_channels
from incidents.response import lifecycle
from notify.gateways import breakers
from people.desks import services as shared_desks
from people.models import User
from tests.support.dead_night import DeadNight
from tests.support.enterprise import ROOT, sign_in
from tests.support.tet_night import ADMIN

GREEN, WEAK, RED = 'class="live"', 'class="live weak"', 'class="live dead"'
MAIL = "Thư đang hỏng từ 02:10: khi có sự cố, ai không có kênh khác sẽ phải gọi tay"
BOTH = "Thư và SMS đang hỏng từ 02:10: khi có sự cố sẽ phải gọi tay"


@pytest.fixture
def sees(dead_night: DeadNight, new_client: Callable[[], FlaskClient]) -> Callable[..., str]:
    """``sees("an1", "/")``: a page as that person reads it, each with a browser of their own."""
    clients: dict[str, FlaskClient] = {}

    def read_page(login: str, path: str) -> str:
        if login not in clients:
            clients[login] = new_client()
            sign_in(clients[login], login)
        answer = clients[login].get(path)
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    return read_page


def is_over(dead_night: DeadNight, seconds: float) -> None:
    """Something was logged, the calls showed what is down, and then it was resolved: nothing is open any more."""
    incident = dead_night.log()
    dead_night.until(seconds)
    lifecycle.acknowledge(incident.id, person_id=dead_night.night.ids["BI1"], actor=ADMIN, now=dead_night.now)
    lifecycle.resolve(incident.id, actor=ADMIN, now=dead_night.now)
    database.session.rollback()


def test_the_mark_is_not_green_and_one_line_says_what_it_means(dead_night: DeadNight, sees: Callable[..., str]) -> None:
    assert GREEN in sees("an1", "/") and "khi có sự cố" not in sees("an1", "/calls/banner?calm=1")
    dead_night.mail_dies()
    is_over(dead_night, 20)
    assert [row.name for row in breakers.known() if row.opened_at] == ["email"]
    for path in ("/", "/?wall=1", "/calls/", "/calls/banner?calm=1"):
        page = sees("an1", path)
        assert MAIL in page and "gọi tay 1" not in page and 'data-alarm="late"' not in page, path
        assert GREEN not in page and RED not in page, path
    assert WEAK in sees("an1", "/") and ">Thư đang hỏng<" in sees("an1", "/")
    page = sees("an1", "/people/")
    assert WEAK in page and MAIL not in page, "elsewhere the mark is enough"
    # Whoever may not ring is told nothing, but not that all is well either.
    page = sees("du1", "/")
    assert GREEN not in page and WEAK not in page and MAIL not in page


def test_when_every_channel_is_dead_everybody_will_have_to_be_rung(
    dead_night: DeadNight, sees: Callable[..., str]
) -> None:
    dead_night.dies()
    is_over(dead_night, 20)
    assert BOTH in sees("an1", "/")
    page = sees("qt1", "/system/")
    assert "Không thấy lỗi nào" not in page and BOTH in page and "khi có tin tiếp theo" not in page
    dead_night.at(3600)
    heartbeat.beat("worker", now=dead_night.now)
    page = sees("qt1", "/system/")
    assert "khi có tin tiếp theo" in page, "nobody tries what nobody needs, and no past moment is promised"
    dead_night.at(24 * 3600)
    heartbeat.beat("worker", now=dead_night.now)
    page = sees("an1", "/calls/banner?calm=1")
    assert "hỏng từ 02:10 25/01/2020: khi" in page, "with its day"


def test_a_message_that_leaves_makes_it_well_again(dead_night: DeadNight, sees: Callable[..., str]) -> None:
    dead_night.mail_dies()
    is_over(dead_night, 20)
    assert WEAK in sees("an1", "/")
    dead_night.mended()
    dead_night.until(40)
    incident = dead_night.log("Mất mạng")
    dead_night.until(60)
    lifecycle.acknowledge(incident.id, person_id=dead_night.night.ids["BI1"], actor=ADMIN, now=dead_night.now)
    assert GREEN in sees("an1", "/") and "đang hỏng" not in sees("an1", "/")


def test_the_locked_desk_says_it_without_a_way_in(dead_night: DeadNight, sees: Callable[..., str]) -> None:
    made = shared_desks.create("ban-truc-a", "Bàn trực huyện A", "BDA", 5, actor=ROOT, now=dead_night.now)
    known = database.session.get_one(User, dead_night.night.ids["user:bi1"]).password_hash
    database.session.get_one(User, made.id).password_hash = known
    database.session.commit()
    assert "đang hỏng" not in sees("ban-truc-a", "/desk/locked")
    dead_night.dies()
    is_over(dead_night, 20)
    page = sees("ban-truc-a", "/desk/locked")
    assert BOTH in page and "alarm-band red" not in page and "/system/" not in page


def test_a_channel_that_is_not_used_any_more_is_not_down(dead_night: DeadNight, app: Flask) -> None:
    dead_night.mail_dies()
    is_over(dead_night, 20)
    assert [channel for channel, _at in shut_channels.find().channels] == ["email"]
    app.config.update(MAIL_URL="")
    assert not shut_channels.find()
