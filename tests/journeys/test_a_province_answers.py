"""The evening after publishing, in a province of 1,040 people: two thirds confirm, each by the link of their own.

The first and the last of them go through their page; for everybody between what the page calls is called.
Counted, not timed: what one answer asks of the database must not grow with how many have answered, and no manager's
plan becomes stale by it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from benchmarks.web.measure import statements
from benchmarks.web.world import kept, making
from core import clock
from core.actor import Actor
from core.db import db
from core.fast_path import shared_cache
from core.security import tokens
from people.links.models import PersonalLink
from roster.confirmations import queries, services
from roster.models import Duty
from tests.support.isolation import IsolatedClient
from tests.support.postgres import fresh_database

MOST = 145
"""Statements of one answer: to look, and to press."""
BY_PAGE = 60
"""Of those who answer first, and of those who answer last."""
Province = tuple[Flask, int]
"""The application and its campaign."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def province(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            app, facts = stack.enter_context(kept.opened())
        else:
            url = stack.enter_context(fresh_database(request.getfixturevalue("pg_server")))
            app = kept.application(tmp_path_factory.mktemp("province"), url.render_as_string(hide_password=False))
            facts = kept.fill(app)
        stack.enter_context(clock.travel(making.NOW))
        stack.enter_context(app.app_context())
        yield app, int(facts["tet_2020"])
        db.session.remove()
        db.engine.dispose()


def links_for(people: list[int], now: datetime) -> list[str]:
    """One address each, as their messages would have it."""
    found = []
    for person_id in people:
        token = tokens.new_short_token()
        db.session.add(
            PersonalLink(
                person_id=person_id, digest=tokens.digest(token), sealed="", channel="", address="", made_at=now
            )
        )
        found.append(f"/p/me/{token}")
    db.session.commit()
    return found


def answer_by_page(app: Flask, path: str) -> int:
    """Look, and confirm everything that is shown; answers the number of statements."""
    client = IsolatedClient(app)
    with statements(app) as sent:
        page = client.get(path).text
        seen = sorted(set(re.findall(r'name="seen" value="(\d+\.\d+)"', page)))
        answer = client.post(path, data={"do": "confirm", "seen": seen})
    assert answer.status_code == 303
    return len(sent)


def answer_at_once(people: list[int], now: datetime) -> None:
    for person_id in people:
        seen = {each.id: each.sequence for each in queries.coming(person_id, now=now)}
        actor = Actor(name="", role="staff", via="link", person_id=person_id)
        answered = services.answer_all(person_id, seen=seen, actor=actor, now=now)
        assert {each.id for each in answered} == seen.keys()


@pytest.mark.rest
def test_hundreds_confirm_in_an_evening(province: Province) -> None:
    app, campaign_id = province
    now = making.NOW
    ahead = select(Duty.person_id).where(
        Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None), Duty.ends_at > now
    )
    holders = list(db.session.scalars(ahead.distinct().order_by(Duty.person_id)))
    answering = holders[: len(holders) * 2 // 3]
    before = queries.counted(campaign_id, now=now)
    plan = shared_cache.seen(shared_cache.PLAN)
    first = [answer_by_page(app, path) for path in links_for(answering[:BY_PAGE], now)]
    answer_at_once(answering[BY_PAGE:-BY_PAGE], now)
    last = [answer_by_page(app, path) for path in links_for(answering[-BY_PAGE:], now)]
    db.session.rollback()
    after = queries.counted(campaign_id, now=now)
    assert after.seats == before.seats and after.waiting < before.waiting / 2
    assert len(answering) > 300 and max(first + last) <= MOST, (len(answering), max(first + last))
    assert statistics.median(last) <= statistics.median(first) + 2, "the last of hundreds cost what the first ones did"
    assert shared_cache.seen(shared_cache.PLAN) == plan, "no plan is stale: to confirm changes nothing it is judged by"
