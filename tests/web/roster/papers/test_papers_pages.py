"""From the pages of a roster to its papers: the link, what is offered there, and the preview of one."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from core import clock
from core.db import db
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from tests.support import enterprise, factories
from tests.support.published import Published


@pytest.fixture
def about(roster: Published, client: FlaskClient) -> Any:
    with clock.travel(factories.NOW):
        yield f"campaign:{roster.campaign_id}"


def sign_in(client: FlaskClient, role: str, person: str | None = None) -> None:
    login = f"{role}-giay"
    account = accounts.create_user(
        NewAccount(login, "Lan", role, unit_code="TINH", person_code=person), now=factories.NOW, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, login)


def test_the_pages_of_a_roster_lead_to_its_papers(about: str, roster: Published, client: FlaskClient) -> None:
    sign_in(client, "manager")
    number = roster.campaign_id
    for path in ("", "/revisions/1", "/overtime", "/hours"):
        page = client.get(f"/roster/campaigns/{number}{path}").text
        assert f'href="/documents/about/{about}"' in page.replace("%3A", ":"), path
    offered = client.get(f"/documents/about/{about}").text
    for kind in ("notice", "extract_unit", "extract_person", "phone_tree", "overtime_consent", "duty_hours"):
        assert f"roster.{kind}" in offered
    assert "roster.amendment" not in offered, "there is one revision only"


def test_staff_look_at_their_own_extract_and_not_at_hours(about: str, client: FlaskClient) -> None:
    sign_in(client, "staff", "O1")
    draft = client.get(f"/documents/about/{about}/roster.extract_person")
    assert draft.status_code == 200 and "Nguyễn Văn O1" in draft.text
    assert client.get(f"/documents/about/{about}/roster.extract_person?o-person=O2").status_code == 422
    assert client.get(f"/documents/about/{about}/roster.duty_hours").status_code == 403
    assert client.get(f"/documents/about/{about}/roster.overtime_consent").status_code == 403
    file = client.get(f"/documents/about/{about}/roster.extract_person/draft.pdf")
    assert file.status_code == 200 and file.data[:4] == b"%PDF"


def test_a_viewer_has_the_copy_for_the_wall_and_not_the_one_with_numbers(about: str, client: FlaskClient) -> None:
    sign_in(client, "viewer")
    path = f"/documents/about/{about}/roster.notice"
    assert client.get(f"{path}?o-copy=wall").status_code == 200
    assert client.get(f"{path}?o-copy=authority").status_code == 403
    assert client.get(f"{path}/draft.docx?o-copy=authority").status_code == 403
    assert client.get(f"/documents/about/{about}/roster.phone_tree").status_code == 403
