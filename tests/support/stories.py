"""What tests begin with (tests/README.md): a name here means the same in each of them. A file or folder that needs
something more of one takes it and adds to it, under the same name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.counter import Counter
    from tests.support.dead_night import DeadNight
    from tests.support.desk_pages import DeskPages
    from tests.support.desk_story import DeskStory
    from tests.support.mail import Mail
    from tests.support.published import Published
    from tests.support.reach_story import ReachStory
    from tests.support.service_point import ServicePoint
    from tests.support.tet_night import Night


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """The enterprise with its accounts, and no roster: ids by code (``AN1``, ``BDA``) and by login (``user:an1``)."""
    from tests.support import enterprise

    return enterprise.make()


@pytest.fixture
def planned(app: Flask) -> Iterator[dict[str, int]]:
    """``ids``, and the draft of a campaign of the district A, the clock on the day it is made: ``campaign``, and its
    first ``shift``."""
    from core import clock
    from tests.support import enterprise

    with clock.travel(enterprise.NOW):
        yield enterprise.make_planned()


@pytest.fixture
def night(app: Flask) -> Iterator[Night]:
    """The enterprise in the night of Mùng 1, the clock there: Bình serves operations, Em emergencies, An leads."""
    from core import clock
    from tests.support.tet_night import NIGHT, Night

    with clock.travel(NIGHT):
        yield Night()


@pytest.fixture
def roster(app: Flask) -> Published:
    """Three days of another unit, published: ten people whose codes say their duty take turns."""
    from tests.support.published import Published

    return Published()


@pytest.fixture
def mail(app: Flask) -> Iterator[Mail]:
    """A mail server is connected; ``mail.goes()``: what is due leaves."""
    from tests.support.mail import Mail
    from tests.support.smtp_sink import smtp_sink

    with smtp_sink() as sink:
        yield Mail(app, sink)


@pytest.fixture
def desk(app: Flask, new_client: Any) -> Iterator[DeskPages]:
    """The night as people see it at the incident desk, and a hand on the clock."""
    from tests.support.desk_pages import DeskPages

    told = DeskPages(new_client)
    yield told
    told.close()


@pytest.fixture
def counter(app: Flask, client: FlaskClient) -> Iterator[Counter]:
    """The night at a post office with its sheet on the wall, and somebody without an account."""
    from tests.support.counter import Counter

    told = Counter(app, client)
    yield told
    told.close()


@pytest.fixture
def point(app: Flask, client: FlaskClient) -> Iterator[ServicePoint]:
    """A point of service five days before Mùng 1, with its sheet on the wall and a teller's phone."""
    from tests.support.service_point import ServicePoint

    told = ServicePoint(app, client)
    yield told
    told.close()


@pytest.fixture
def story(app: Flask, client: FlaskClient) -> Iterator[DeskStory]:
    """The night told by the minute: API, a mail server, one-tap pages, and all that the worker does."""
    from tests.support.desk_story import DeskStory
    from tests.support.smtp_sink import smtp_sink

    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@buudien.example")
        told = DeskStory(app, client, sink)
        yield told
        told.close()


@pytest.fixture
def reach(app: Flask) -> Iterator[ReachStory]:
    """The night told by the second: Bình is reached by mail, SMS, voice, chat and push."""
    from tests.support.reach_story import ReachStory

    with ExitStack() as stack:
        told = ReachStory(app, stack)
        yield told
        told.close()


@pytest.fixture
def dead_night(app: Flask) -> Iterator[DeadNight]:
    """``reach`` with SMS connected; mail and SMS can die and be mended. The worker lives."""
    from core.observability import heartbeat
    from tests.support.dead_night import DeadNight

    with ExitStack() as stack:
        told = DeadNight(app, stack)
        heartbeat.beat("worker", now=told.now)
        yield told
        told.close()
