"""Whoever may not come is marked in the editor of a shift as in the grid, whichever roster it shows."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import transaction
from people.models import Absence, Person
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot.snapshot import shift_rows
from tests.support import enterprise, factories
from tests.support.desk_pages import text_of
from tests.support.enterprise import NOW, ROOT, sign_in

UNSURE = "không chắc"


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    """One duty a day in BDA that P0 and P1 could take."""
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    for code in ("P0", "P1"):
        factories.make_person(code, unit)
    return factories.make_campaign(unit)


def first(campaign: Campaign) -> Shift:
    return min(shift_rows(campaign.id), key=lambda shift: shift.starts_at)


def seat(campaign: Campaign, code: str) -> None:
    drafts.set_people(first(campaign).id, [code], override_reason="Cứ để đó", actor=ROOT, now=NOW)


def fall_ill(campaign: Campaign, code: str) -> None:
    on = first(campaign).local_on
    with transaction() as session:
        who = session.scalars(select(Person.id).filter_by(code=code)).one()
        session.add(Absence(person_id=who, from_on=on, to_on=on, kind="sick"))


def see(client: FlaskClient, path: str) -> str:
    with clock.travel(NOW):
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


def editor(client: FlaskClient, campaign: Campaign) -> str:
    return see(client, f"/roster/shifts/{first(campaign).id}")


def test_the_sick_of_a_draft_that_was_never_published_are_marked(client: FlaskClient, campaign: Campaign) -> None:
    seat(campaign, "P0")
    sign_in(client, "an1")
    assert UNSURE not in editor(client, campaign)
    fall_ill(campaign, "P0")
    assert UNSURE in see(client, f"/roster/campaigns/{campaign.id}"), "as in the grid"
    told = editor(client, campaign)
    assert f"1 {UNSURE}" in told and f"{UNSURE}: vắng" in told.replace(" :", ":")
    client.post("/language", data={"language": "en", "next": "/"})
    told = editor(client, campaign)
    assert "unsure" in told and UNSURE not in told


def test_the_editor_doubts_who_is_drafted_and_a_reader_is_told_of_who_is_signed(
    client: FlaskClient, campaign: Campaign
) -> None:
    seat(campaign, "P0")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Chỉ một ca"), actor=ROOT, now=NOW)
    seat(campaign, "P1")
    fall_ill(campaign, "P1")
    sign_in(client, "an1")
    assert UNSURE in editor(client, campaign), "P1 of the draft"
    sign_in(client, "bi1")
    assert UNSURE not in editor(client, campaign), "P0 of the revision is well"
    fall_ill(campaign, "P0")
    assert UNSURE in editor(client, campaign)
