"""The evening after publishing: people who never sign in answer by the link in their first message.

Three days of Tết Canh Tý, ten people. O1 confirms with one tap; O2 cannot serve one of their nights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.fast_path import shared_cache
from notify.models import Message
from people import queries as people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.contact import addresses
from people.links import services as links
from people.links.models import PersonalLink
from people.models import Absence, ContactMethod, User
from people.notification_rules import reading
from people.notification_rules.rules import Rung
from roster.confirmations import queries, services as confirmations
from roster.coverage import unsure
from roster.draft import services as drafts
from tests.support import enterprise, factories
from tests.support.carriers import set_up
from tests.support.http_sink import http_sink
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

EVENING = factories.NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _evening(roster: Published) -> Iterator[None]:
    with clock.travel(EVENING):
        yield


def link_of(person_id: int) -> str:
    """The path of the personal page, as the person's newest message has it."""
    body = db.session.scalars(
        select(Message.body).where(Message.person_id == person_id).order_by(Message.id.desc())
    ).first()
    found = re.search(r"(/p/me/[\w-]+)", body or "")
    assert found is not None, body
    return found[1]


def seen(page: str) -> list[str]:
    return re.findall(r'name="seen" value="(\d+\.\d+)"', page)


def confirm(client: Any, path: str, *cannot: str, note: str = "") -> Any:
    page = client.get(path).text
    fields = {"do": "confirm", "seen": sorted(set(seen(page))), "cannot": list(cannot), "note": note}
    return client.post(path, data=fields)


def states(roster: Published, code: str) -> list[str]:
    duties = queries.coming(roster.person[code], now=EVENING)
    said = queries.answers_for(duties)
    return [said[each.id].state if each.id in said else "waiting" for each in duties]


@pytest.mark.both_dbs("an answer replaces the one before")
def test_one_tap_confirms_proves_the_address_and_offers_the_calendar(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    first = client.get(path)
    assert "Đề nghị đồng chí xác nhận 2 ca trực" in first.text
    assert first.headers["Cache-Control"] == "no-store" and first.headers["Referrer-Policy"] == "no-referrer"
    assert states(roster, "O1") == ["waiting"] * 2, "looking is no answer: scanners of mail look"
    answer = confirm(client, path)
    assert answer.status_code == 303
    assert states(roster, "O1") == ["confirmed"] * 2
    after = client.get(path).text
    assert "Đã xác nhận 2 ca." in after and "Đưa 2 ca vào lịch máy này" in after
    proven = db.session.scalars(
        select(ContactMethod.verified_at).where(ContactMethod.person_id == roster.person["O1"])
    ).all()
    assert EVENING in proven, "whoever tapped has shown that the address is theirs"
    calendar = client.post(path, data={"do": "calendar"}).text
    feed = re.search(r"/feeds/([\w-]+)\.ics", calendar)
    assert feed is not None
    assert client.get(feed[0]).text.count("BEGIN:VEVENT") == 2


def test_what_somebody_cannot_serve_is_unsure_until_another_has_it(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O2"])
    first = seen(client.get(path).text)[0].partition(".")[0]
    assert confirm(client, path, first, note="mẹ ốm").status_code == 303
    assert sorted(states(roster, "O2")) == ["confirmed"] * (len(states(roster, "O2")) - 1) + ["refused"]
    doubtful = unsure.list_for_campaign(roster.campaign_id, now=EVENING)
    assert [(each.code, each.cause) for each in doubtful] == [("O2", "refused")]
    turn = [roster.seat("operations", number) for number in range(4)].index(doubtful[0].seat_id)
    roster.reassign("operations", turn, "O4", at=EVENING)
    assert unsure.list_for_campaign(roster.campaign_id, now=EVENING) == []
    roster.reassign("operations", turn, "O2", at=EVENING + timedelta(minutes=5))
    assert "waiting" in states(roster, "O2"), "what comes back is another duty: it is asked anew"


def test_a_moved_seat_asks_again_and_an_old_page_answers_nothing_it_did_not_show(
    roster: Published, client: Any
) -> None:
    path = link_of(roster.person["O1"])
    shown = seen(client.get(path).text)
    roster.reassign("operations", 1, "O1", at=EVENING)
    client.post(path, data={"do": "confirm", "seen": shown})
    assert sorted(states(roster, "O1")) == ["confirmed"] * 2 + ["waiting"]


def test_from_the_second_browser_on_it_asks_who_is_there(roster: Published, client: Any, new_client: Any) -> None:
    path = link_of(roster.person["O1"])
    confirm(client, path)
    other = new_client()
    asked = other.get(path).text
    assert "Đây là đường dẫn của" in asked and "Đã xác nhận" not in asked
    refused = other.post(path, data={"do": "confirm", "seen": ["1"]})
    assert refused.status_code == 409
    assert other.post(path, data={"do": "me"}).status_code == 303
    assert "Đã xác nhận 2 ca." in other.get(path).text
    assert "Đã xác nhận 2 ca." in client.get(path).text


def test_not_me_is_told_to_who_manages_them_once(roster: Published, client: Any) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), phone="0900000199")
    db.session.add(
        User(
            login="ql", name="Quản lý", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=EVENING
        )
    )
    db.session.commit()
    path = link_of(roster.person["O1"])
    for _pressed in range(2):
        page = client.post(path, data={"do": "not_me"})
    assert page.status_code == 200 and states(roster, "O1") == ["waiting"] * 2
    told = db.session.scalars(select(Message.subject).where(Message.person_id == manager.id)).all()
    assert told == [f"Kiểm tra địa chỉ của {people.person_by_code('O1').full_name}"]


def test_an_address_that_is_theirs_no_more_takes_the_link_with_it(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    person = people.person_by_code("O1")
    link = links.links_of(person.id)[0]
    sent_to = next(each for each in person.contacts if each.address == link.address)
    addresses.change(sent_to.id, "moi@example.vn", now=EVENING, actor=factories.ADMIN)
    assert client.get(path).status_code == 410
    assert client.get("/p/me/khong-co").status_code == 404


def test_taken_back_it_is_gone_with_its_calendar(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    confirm(client, path)
    feed = re.search(r"/feeds/([\w-]+)\.ics", client.post(path, data={"do": "calendar"}).text)
    assert feed is not None and "VEVENT" in client.get(feed[0]).text
    links.end_all(people.person_by_code("O1"), actor=factories.ADMIN, now=EVENING)
    assert client.get(path).status_code == 410
    assert "VEVENT" not in client.get(feed[0]).text


def test_a_thousand_who_confirm_make_no_plan_stale_and_one_who_cannot_does(roster: Published, client: Any) -> None:
    before = shared_cache.seen(shared_cache.GROUND)
    confirm(client, link_of(roster.person["O1"]))
    assert shared_cache.seen(shared_cache.GROUND) == before
    path = link_of(roster.person["O2"])
    confirm(client, path, seen(client.get(path).text)[0].partition(".")[0])
    assert shared_cache.seen(shared_cache.GROUND) != before


def test_who_is_rung_is_noted_with_how_it_was_heard(roster: Published) -> None:
    seat = roster.seat("operations", 0)
    with pytest.raises(Invalid) as refused:
        confirmations.answer(seat, "confirmed", person="O1", actor=factories.ADMIN, now=EVENING)
    assert refused.value.field == "note"
    confirmations.answer(seat, "confirmed", person="O1", note="gọi 19:40", actor=factories.ADMIN, now=EVENING)
    [said] = queries.answers_for(queries.coming(roster.person["O1"], now=EVENING)).values()
    assert (said.state, said.via, said.answered_by, said.note) == (
        "confirmed",
        "phone",
        factories.ADMIN.name,
        "gọi 19:40",
    )
    with pytest.raises(Conflict) as anothers:
        confirmations.answer(seat, "confirmed", person="O2", note="gọi", actor=factories.ADMIN, now=EVENING)
    assert anothers.value.state == {"person": "O1"}


def test_by_the_api_with_a_key_of_the_person(roster: Published, client: Any) -> None:
    seat = roster.seat("operations", 0)
    own = keys.create_api_key(keys.NewApiKey("của O1", "staff", None, "O1"), now=EVENING, actor=factories.ADMIN)[1]
    head = {"Authorization": f"Bearer {own}"}
    answer = client.post(f"/api/v1/seats/{seat}/confirm", json={}, headers=head)
    assert answer.status_code == 200, answer.json
    assert (answer.json["state"], answer.json["via"], answer.json["person"]) == ("confirmed", "api", "O1")
    others = client.post(f"/api/v1/seats/{roster.seat('operations', 1)}/refuse", json={}, headers=head)
    assert (others.status_code, others.json["code"]) == (409, "seat.anothers")
    assert client.post("/api/v1/seats/999999/confirm", json={}, headers=head).status_code == 404
    later = client.post(f"/api/v1/seats/{seat}/confirm", json={"at": "2031-01-01T00:00:00+07:00"}, headers=head)
    assert (later.status_code, later.json["code"]) == (409, "confirmation.to_come")
    refused = client.post(f"/api/v1/seats/{seat}/refuse", json={"note": "mẹ ốm"}, headers=head)
    assert (refused.json["state"], refused.json["note"]) == ("refused", "mẹ ốm")


def test_the_next_message_repeats_the_same_address(roster: Published) -> None:
    before = link_of(roster.person["O1"])
    roster.reassign("operations", 1, "O1", at=EVENING)
    assert link_of(roster.person["O1"]) == before
    assert len(db.session.scalars(select(PersonalLink).where(PersonalLink.person_id == roster.person["O1"])).all()) == 1


def test_who_has_not_answered_is_rung_and_what_they_said_is_noted(roster: Published, client: Any) -> None:
    account = accounts.create_user(
        NewAccount("bdt", "Lan", "manager", unit_code="TINH"), now=EVENING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "bdt")
    page = f"/roster/campaigns/{roster.campaign_id}/confirmations"
    assert "Chưa trả lời" in client.get(page).text
    seat = roster.seat("operations", 0)
    said = {"person": "O1", "do": "confirmed"}
    without = client.post(f"{page}/{seat}", data=said)
    assert without.status_code == 422 and "Ghi đã nghe bằng cách nào" in without.text
    assert client.post(f"{page}/{seat}", data=said | {"note": "gọi 19:40"}).status_code == 303
    assert "gọi 19:40" in client.get(f"{page}?state=confirmed").text
    assert "1 / 18 ca đã có người xác nhận" in client.get(f"/roster/campaigns/{roster.campaign_id}").text
    changed = client.post(f"{page}/{seat}", data={"person": "O2", "do": "refused", "note": "gọi"})
    assert changed.status_code == 409 and people.person_by_code("O1").full_name in changed.text


def test_a_first_tap_that_fails_leaves_the_owner_known_and_what_they_typed(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    shown = seen(client.get(path).text)
    long = "mẹ ốm " * 200
    failed = client.post(
        path, data={"do": "confirm", "seen": shown, "cannot": [shown[0].partition(".")[0]], "note": long}
    )
    assert failed.status_code == 422 and "Ghi chú không quá" in failed.text and long.strip() in failed.text
    assert "Đề nghị đồng chí xác nhận" in client.get(path).text, "this browser is known by now"
    stale = client.post(path, data={"do": "confirm", "seen": [f"{each}9" for each in shown]})
    assert stale.status_code == 409 and "Lịch vừa đổi" in stale.text


def test_before_anybody_has_said_who_they_are_no_number_is_shown(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    assert "tel:" not in client.get(path).text, "scanners and previews of chats read it"
    confirm(client, path)
    assert "tel:" in client.get(path).text


def test_in_the_mailbox_of_an_office_it_asks_first_and_proves_nothing(roster: Published, client: Any) -> None:
    link = links.links_of(roster.person["O1"])[0]
    [contact] = [each for each in people.person_by_code("O1").contacts if each.address == link.address]
    contact.unit_id = roster.unit_id
    db.session.commit()
    path = link_of(roster.person["O1"])
    assert "Đây là đường dẫn của" in client.get(path).text
    client.post(path, data={"do": "me"})
    assert "Đề nghị đồng chí xác nhận" in client.get(path).text
    assert contact.verified_at is None


def test_two_who_were_never_asked_are_not_both_the_first(roster: Published) -> None:
    token = link_of(roster.person["O1"]).rpartition("/")[2]
    one, other = links.visit(token, ""), links.visit(token, "")
    assert links.is_me(one, "Chrome", now=EVENING)
    with pytest.raises(Conflict):
        links.is_me(other, "Safari", now=EVENING)


def test_what_is_lost_stays_lost_and_takes_its_calendar(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    confirm(client, path)
    feed = re.search(r"/feeds/([\w-]+)\.ics", client.post(path, data={"do": "calendar"}).text)
    person = people.person_by_code("O1")
    link = links.links_of(person.id)[0]
    sent_to = next(each for each in person.contacts if each.address == link.address)
    was = sent_to.address
    addresses.change(sent_to.id, "moi@example.vn", now=EVENING, actor=factories.ADMIN)
    assert links.end_lost(EVENING) == 1
    addresses.change(sent_to.id, was, now=EVENING, actor=factories.ADMIN)
    assert client.get(path).status_code == 410
    assert feed is not None and "VEVENT" not in client.get(feed[0]).text


def test_a_manager_whose_own_seat_moved_refuses_for_nobody_else(roster: Published) -> None:
    seat = roster.seat("operations", 1)
    manager = replace(factories.ADMIN, person_id=roster.person["O1"])
    with pytest.raises(Conflict) as others:
        confirmations.answer(seat, "refused", note="tôi ốm", actor=manager, now=EVENING)
    assert others.value.state == {"person": "O2"}


def test_managers_hear_once_an_hour_and_also_that_somebody_comes_after_all(roster: Published) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), phone="0900000199")
    accounts.create_user(
        NewAccount("ql", "Quản lý", "manager", unit_code="TINH", person_code="QL"), now=EVENING, actor=factories.ADMIN
    )
    seat = roster.seat("operations", 0)
    for _again in range(3):
        for state in ("refused", "confirmed"):
            confirmations.answer(seat, state, person="O1", note="gọi", actor=factories.ADMIN, now=EVENING)
    heard = select(Message).where(Message.person_id == manager.id).order_by(Message.id)
    told = [row for row in db.session.scalars(heard) if "O1" in row.subject]
    assert len(told) == 2
    assert "báo không trực được 1 ca" in told[0].subject and "nhận lại 1 ca" in told[1].subject
    for row in told:
        assert re.search(r"/roster/shifts/\d+$", row.body)


@pytest.mark.both_dbs("answers of one person wait for each other")
def test_two_answers_at_once_leave_one_of_them_whole(roster: Published, app: Flask) -> None:
    duties = queries.coming(roster.person["O1"], now=EVENING)
    shown = {duty.id: duty.sequence for duty in duties}
    actor = links.visit(link_of(roster.person["O1"]).rpartition("/")[2], "").actor

    def say(number: int) -> None:
        cannot = set(shown) if number else set()
        confirmations.answer_all(roster.person["O1"], cannot, seen=shown, actor=actor, now=EVENING)

    in_parallel(app, 2, say)
    assert len(set(states(roster, "O1"))) == 1


@pytest.fixture
def text_gateway(app: Flask) -> Iterator[None]:
    app.config.update(OUTGOING_ALLOW="127.0.0.0/8")
    with http_sink() as sink:
        set_up("sms", sink, now=EVENING)
        yield


def test_before_publishing_it_says_by_what_people_are_told_and_what_that_costs(
    roster: Published, client: Any, monkeypatch: pytest.MonkeyPatch, text_gateway: None
) -> None:
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=EVENING, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    by_text = Rung("sms", "0900000001", timedelta(0), 1, True)
    monkeypatch.setattr(reading, "ways", lambda ids: dict.fromkeys(ids, by_text))
    drafts.set_people(
        roster.shifts("operations")[1], ["O4"], override_reason="Đổi ca", actor=factories.ADMIN, now=EVENING
    )
    review = f"/roster/campaigns/{roster.campaign_id}/publish"
    assert "SMS: 2 · chưa ghi giá tin nhắn" in " ".join(client.get(review).text.split())
    wrong = client.post("/gateways/prices", data={"sms": "mười", "voice": ""})
    assert wrong.status_code == 422 and "Giá là số đồng" in wrong.text and "mười" in wrong.text
    assert client.post("/gateways/prices", data={"sms": "1.350", "voice": ""}).status_code == 303
    assert "SMS: 2 · chừng 2.700 đồng" in " ".join(client.get(review).text.split())


def test_somebody_recorded_absent_sees_that_the_shift_is_unsure_all_the_same(roster: Published, client: Any) -> None:
    path = link_of(roster.person["O1"])
    assert "không chắc" not in client.get(path).text
    person, day = (
        people.person_by_code("O1"),
        clock.local_date(queries.coming(roster.person["O1"], now=EVENING)[0].starts_at),
    )
    db.session.add(Absence(person_id=person.id, from_on=day, to_on=day, kind="sick", recorded_at=EVENING))
    db.session.commit()
    confirm(client, path)
    assert "không chắc" in client.get(path).text, "to confirm takes back no absence"


def test_the_page_speaks_the_language_of_the_letter(roster: Published, client: Any) -> None:
    account = accounts.create_user(
        NewAccount("o1", "O1", "staff", unit_code="TINH", person_code="O1"), now=EVENING, actor=factories.ADMIN
    )
    account.locale = "en"
    db.session.commit()
    page = client.get(link_of(roster.person["O1"])).text
    assert "Please confirm 2 shifts" in page and '<html lang="en"' in page


def test_who_is_signed_in_answers_on_their_own_page(roster: Published, client: Any) -> None:
    account = accounts.create_user(
        NewAccount("o1", "O1", "staff", unit_code="TINH", person_code="O1"), now=EVENING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "o1")
    shown = sorted(set(seen(client.get("/me/").text)))
    assert len(shown) == 2
    first = shown[0].partition(".")[0]
    wrong = client.post("/me/", data={"do": "confirm", "seen": ["1.99"], "note": "mẹ ốm"})
    assert wrong.status_code == 409 and "Lịch vừa đổi" in wrong.text and "mẹ ốm" in wrong.text
    assert client.post("/me/", data={"do": "nothing"}).status_code == 422
    assert client.post("/me/", data={"do": "confirm", "seen": shown, "cannot": [first]}).status_code == 303
    assert sorted(states(roster, "O1")) == ["confirmed", "refused"]
    page = client.get("/me/").text
    assert "đã báo không trực được" in page and "Xác nhận cả" not in page


def test_the_grid_marks_who_has_not_answered(roster: Published, client: Any) -> None:
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=EVENING, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    before = client.get(f"/roster/campaigns/{roster.campaign_id}").text.count("chưa xác nhận")
    confirm(client, link_of(roster.person["O1"]))
    after = client.get(f"/roster/campaigns/{roster.campaign_id}").text.count("chưa xác nhận")
    assert before > after > 0, "what is confirmed is the quietest thing on the page"
