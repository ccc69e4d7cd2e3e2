"""Pages behind a secret address in English: nothing of them is left in Vietnamese but people's own words.

Screens are looked at in both languages (``tests/browser``, snapshots); here are what has no screen: what is shown to a
second browser, to the wrong person, after a press, and when the address is no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core import clock
from core.calendar.dates import VN
from core.db import db, transaction
from duty.sharing import services as sharing
from duty.sharing.models import SharedList
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.sharing import services as shared_incidents
from people.models import Person, Unit, User
from tests.support import factories, page_markup
from tests.support.own_links import own_path
from tests.support.page_looks import untranslated
from tests.support.published import Published

MORNING = datetime(2020, 1, 23, 6, 0, tzinfo=VN)
TITLE = "Mất điện bưu cục"


@pytest.fixture(autouse=True)
def _morning(roster: Published) -> Iterator[None]:
    with clock.travel(MORNING):
        yield


@pytest.fixture
def reader(new_client: Any, roster: Published) -> Any:
    """Reads English; so does O1, whose account says so."""
    db.session.add(
        User(login="o1", name="O1", role="staff", locale="en", person_id=roster.person["O1"], created_at=MORNING)
    )
    db.session.commit()
    return english(new_client())


def english(client: Any) -> Any:
    client.post("/language", data={"language": "en"})
    return client


def own(code: str = "O1") -> str:
    return own_path(code, now=MORNING)


def path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def left(answer: Any, status: int) -> list[str]:
    """Texts and labels that are Vietnamese still, outside what is marked as such."""
    assert answer.status_code == status, answer.text
    tree = page_markup.parse_markup(answer.text)
    for each in tree.select("body [lang=vi], script, style"):
        each.decompose()
    texts = [*tree.stripped_strings]
    for name in ("aria-label", "title", "placeholder", "alt"):
        texts += [each.attr(name) or "" for each in tree.select(f"[{name}]")]
    return untranslated([" ".join(each.split()) for each in texts], [*names(), TITLE])


def test_a_page_in_vietnamese_would_be_noticed(roster: Published, client: Any) -> None:
    found = left(client.get("/l/x"), 404)
    assert "Đường dẫn không còn dùng được" in found


def names() -> list[str]:
    given = [*db.session.scalars(select(Person.full_name)), *db.session.scalars(select(Unit.name))]
    return sorted([*given, "Nhân viên", "· Ngày", "· Đêm"], key=len, reverse=True)


def test_ones_own_page_and_what_follows_from_it(roster: Published, reader: Any, new_client: Any) -> None:
    mine = own()
    assert left(reader.get(mine), 200) == []
    assert left(reader.post(mine, data={"do": "absent", "absent_from": "x", "absent_to": "y"}), 422) == []
    assert left(reader.post(mine, data={"do": "calendar"}), 200) == []
    for more in (f"/swap/{roster.seat('operations', 0)}", "/why", "/overtime-form"):
        assert left(reader.get(mine + more), 200) == [], more
    other = english(new_client())
    assert left(other.get(mine), 200) == [], "a second browser is asked who it is"
    assert left(other.post(mine, data={"do": "not_me"}), 200) == []


def test_an_address_that_is_no_more(roster: Published, reader: Any) -> None:
    mine = own()
    with transaction():
        db.session.execute(update(Person).where(Person.code == "O1").values(active=False))
    assert left(reader.get(mine), 410) == []
    for unknown in (
        "/p/me/x",
        "/a/x",
        "/a/s.x",
        "/b/x",
        "/l/x",
        "/l/i/x",
        "/l/u/x",
        "/bao/xem/x",
        "/bao/x",
        "/invite/x",
    ):
        answer = reader.get(unknown)
        assert left(answer, answer.status_code) == [] and answer.status_code in (404, 410), unknown


def test_lists_and_incidents_for_a_group(roster: Published, reader: Any) -> None:
    shown = sharing.share("TINH", 1, actor=factories.ADMIN, now=MORNING)
    listed = path(sharing.url(shown))
    assert left(reader.get(listed), 200) == []
    with transaction():
        db.session.execute(update(SharedList).values(expires_at=MORNING - timedelta(minutes=1)))
    assert left(reader.get(listed), 410) == []
    report = IncidentReport(title=TITLE, category="power", unit_id=roster.unit_id, actor=factories.ADMIN)
    incident, _new = creation.log(report, now=MORNING)
    link = shared_incidents.share(incident.code, MORNING + timedelta(hours=1), actor=factories.ADMIN, now=MORNING)
    standing = path(shared_incidents.url(link))
    assert left(reader.get(standing), 200) == []
    shared_incidents.end(incident.code, link.id, actor=factories.ADMIN, now=MORNING)
    assert left(reader.get(standing), 410) == []
