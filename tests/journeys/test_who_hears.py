"""Who hears of it is said before anybody decides: the same people, by the same channels, are told then.

Three days of Tết Canh Tý. O1 serves by day on 23 January; O4 could take it; QL manages the unit and reads mail.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from duty.illness import hits, services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import deciding, ending, queries, services as swaps
from duty.swaps.services import SwapWanted
from notify.models import Message
from people import queries as people
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import ContactMethod, User
from people.notification_rules.words import CHANNEL_NAMES
from tests.support import enterprise, factories
from tests.support.carriers import set_up
from tests.support.http_sink import http_sink
from tests.support.mail import Mail
from tests.support.published import Published

DAWN = datetime(2020, 1, 23, 5, 10, tzinfo=VN)
TODAY = date(2020, 1, 23)


@pytest.fixture(autouse=True)
def _dawn(roster: Published, app: Flask, mail: Mail) -> Iterator[None]:
    app.extensions.pop(ending.__name__, None)
    with clock.travel(DAWN):
        person = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
        row = User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=person.id, created_at=DAWN)
        db.session.add(row)
        db.session.commit()
        yield


@pytest.fixture
def operator(client: Any) -> Any:
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=DAWN, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    return client


def who(code: str) -> Actor:
    person = people.person_by_code(code)
    return Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)


def see(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def latest() -> int:
    return db.session.scalar(select(func.max(Message.id))) or 0


def sent_after(last: int) -> set[tuple[str, str]]:
    """(name, channel) of what was written after that message."""
    rows = db.session.execute(select(Message.recipient, Message.channel).where(Message.id > last))
    return {(name, channel) for name, channel in rows.tuples()}


def promised(page: str, begins: str) -> set[tuple[str, str]]:
    """(name, channel) of the sentence that begins so."""
    found = re.search(re.escape(begins) + r" (.+?\))\.", page)
    assert found is not None, page
    names = {str(name): code for code, name in CHANNEL_NAMES.items()}
    return {(name, names[channel]) for name, channel in re.findall(r"(?:^|, )([^(]+) \(([^)]+)\)", found[1])}


def test_the_decision_names_who_is_told_and_they_are(roster: Published, operator: Any) -> None:
    swap = swaps.ask(roster.seat("operations", 3), SwapWanted("cover"), actor=who("O1"), now=DAWN)
    deciding.accept(swap.id, actor=who("O4"), now=DAWN)
    here = f"/roster/campaigns/{roster.campaign_id}/swaps"
    said, last = promised(see(operator, here), "Khi duyệt, báo cho:"), latest()
    assert {name for name, _channel in said} == {people.person_by_code(code).full_name for code in ("O1", "O4", "QL")}
    form = {"do": "approve", "person": "O4"}
    assert operator.post(f"{here}/{swap.id}", data=form).status_code == 303
    assert sent_after(last) == said


@pytest.mark.parametrize("does", ["ask", "decide"])
def test_the_screen_of_the_illness_names_who_is_told_and_they_are(roster: Published, operator: Any, does: str) -> None:
    page = see(operator, "/roster/illness/O1")
    said, last = promised(page, "Khi có người thay, báo thêm cho:"), latest()
    seat = roster.seat("operations", 0)
    form = {"do": does, "note": "gọi điện 05:10", f"first-{seat}": "O4"}
    assert operator.post("/roster/illness/O1", data=form).status_code == 303
    if does == "ask":
        asked = people.person_by_code("O4").full_name
        assert {name for name, _channel in sent_after(last)} == {asked}
        last = latest()
        [swap] = queries.asked_by(roster.person["O1"], now=DAWN)
        deciding.accept(swap.swap.id, person="O4", note="gọi", actor=factories.ADMIN, now=DAWN)
    taker = people.person_by_code("O4").full_name
    assert {each for each in sent_after(last) if each[0] != taker} == said


def _candidates(roster: Published) -> Any:
    return hits.find_hits(people.person_by_code("O1"), TODAY, actor=factories.ADMIN, now=DAWN).shifts[0].candidates


def test_whom_nothing_reaches_is_said_beforehand(roster: Published, operator: Any) -> None:
    assert all(each.hears.channel for each in _candidates(roster))
    db.session.execute(delete(ContactMethod).where(ContactMethod.person_id == roster.person["O4"]))
    db.session.commit()
    assert "không có kênh, gọi tay" in see(operator, "/roster/illness/O1")


def test_the_channel_that_a_candidate_is_shown_with_is_the_one_that_asks(roster: Published) -> None:
    [shown] = [each.hears for each in _candidates(roster) if each.person.code == "O4"]
    last = latest()
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O4"]}, "gọi điện 05:10")
    illness.report(plan, actor=factories.ADMIN, now=DAWN)
    assert sent_after(last) == {(shown.person.full_name, shown.channel)}


def test_who_is_rung_besides_is_known_before(roster: Published, app: Flask) -> None:
    assert [each.hears.rung for each in _candidates(roster)] == [False]
    app.config.update(OUTGOING_ALLOW="127.0.0.0/8")
    with http_sink() as sink:
        set_up("voice", sink, now=DAWN)
    assert [each.hears.rung for each in _candidates(roster)] == [True]
