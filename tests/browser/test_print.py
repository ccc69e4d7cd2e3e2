"""The roster on paper: 40 people and 23 days take at most two pages, nothing is cut, and all of it can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Person
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment
from roster.publishing import revisions, services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from tests.support import factories, paper
from tests.support.factories import ADMIN, NOW

PASSWORD = "hoa-mai-vang-2020"  # noqa: S105


def signed(campaign: Campaign) -> None:
    """Everybody takes turns; what such a roster is worth does not matter to paper."""
    by_duty = defaultdict[str, list[Person]](list)
    for person in db.session.scalars(select(Person).where(Person.active).order_by(Person.code)):
        for each in person.duties:
            by_duty[each.duty].append(person)
    turns = {duty: cycle(found) for duty, found in by_duty.items()}
    with transaction() as session:
        for shift in snapshot.shift_rows(campaign.id):
            session.add_all(
                DraftAssignment(
                    seat_id=seat.id,
                    person_id=next(turns[shift.duty]).id,
                    source="manual",
                    updated_at=NOW,
                    updated_by="Thử",
                    override_reason="Bản in thử",
                )
                for seat in shift.seats
            )
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Bản in thử"), actor=ADMIN, now=NOW)


@pytest.fixture
def campaign(app: Any) -> Campaign:
    unit = factories.sample("gia-lai-2020")
    campaign = factories.make_campaign(unit, first="2020-01-17", last="2020-02-08")
    signed(campaign)
    return campaign


@pytest.fixture
def printer(client: FlaskClient, browser: Any, campaign: Campaign) -> Iterator[Any]:
    """Prints what the application answers to a manager."""
    user = accounts.create_user(
        NewAccount("in", "In", "manager", unit_code=campaign.unit.code, person_code=None, password=PASSWORD),
        now=NOW,
        actor=ADMIN,
    )
    user_id = user.id
    context = browser.new_context(base_url="http://roster.test")
    page = context.new_page()
    page.route("**/*", lambda route: _answer(client, route))

    def printed(path: str, language: str) -> list[Any]:
        with transaction() as session:
            session.get_one(type(user), user_id).locale = language
        with clock.travel(NOW):
            client.post("/login", data={"identifier": "in", "password": PASSWORD})
            page.goto(path)
            return paper.pages_of(page.pdf(prefer_css_page_size=True))

    yield printed
    context.close()


def _answer(client: FlaskClient, route: Any) -> None:
    parts = urlsplit(route.request.url)
    answer = client.get(f"{parts.path}?{parts.query}")
    route.fulfill(status=answer.status_code, body=answer.data, content_type=answer.content_type)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("phones", ["", "&phones=1"])
def test_forty_people_and_twenty_three_days_take_two_pages(
    printer: Any, campaign: Campaign, language: str, phones: str
) -> None:
    pages = printer(f"/roster/campaigns/{campaign.id}/print?revision=1{phones}", language)
    assert len(pages) <= 2
    texts = [paper.text_of(page) for page in pages]
    remarks = "Ghi chú" if language == "vi" else "Note"
    assert all(remarks in text for text in texts), "each page has the heading, to its last column"
    whole = " ".join(texts)
    for day in range(17, 32):
        assert f"{day:02d}/01/2020" in whole
    for day in range(1, 9):
        assert f"{day:02d}/02/2020" in whole
    served = {who["name"] for row in revisions.get(campaign.id, 1).content for who in row["people"]}
    assert len(served) >= 35
    assert [name for name in served if whole.count(name) < 2] == [], "in the table and in the list of people"
    assert ("0900 000 001" in whole) == bool(phones)
    for page in pages:
        assert min(each.size for each in paper.letters(page)) >= 7
        assert paper.is_white_around(page)
        assert paper.overprinted(page) == []
