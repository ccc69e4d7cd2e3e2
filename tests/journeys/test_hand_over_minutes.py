"""A change of shift in the night of Mùng 1: Bình leaves operations at 11:10, Em comes; two incidents are open.

Bình serves from 23:10; at 10:55 they write the minutes, by page, link or through the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from incidents.handovers import acceptance, content, late, moving, own, places, queries, services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.models import Handover
from incidents.record.models import Escalation, Incident, TimelineEntry
from incidents.response import lifecycle, responders
from notify.models import Message
from people import queries as people
from people.accounts import keys
from people.models import ContactMethod, Person, Unit, User
from people.sign_in import pins
from roster.models import Duty
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT
from tests.support.in_parallel import in_parallel
from tests.support.own_links import own_path
from tests.support.statements import statements
from tests.support.tet_night import Night

CHANGE = NIGHT + timedelta(hours=9)
SIGNS, ACCEPTS = CHANGE - timedelta(minutes=15), CHANGE - timedelta(minutes=5)
FINE = TypedMinutes(
    (
        ChecklistItem("Tiền mặt", "fine"),
        ChecklistItem("Máy phát điện", "attention", "dầu còn 1 phần 3"),
        ChecklistItem("Xe", "none"),
    ),
    undone="Chờ điện lực 09:00",
)


@pytest.fixture
def night(night: Night) -> Iterator[Night]:
    """Em follows Bình on operations; two incidents are Bình's, the first with a note and something undone."""
    night.publish("operations", "EM1", start=CHANGE)
    for title, category in (("Xe thư hỏng ở đèo", "vehicle"), ("Mất điện bưu cục", "power")):
        code = night.log(title, category).id
        lifecycle.acknowledge(code, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    first = held(night)[0]
    responders.leave_handover_note(first.id, note="Đã sang túi, xe chờ kéo.", actor=binh(night), now=NIGHT)
    with clock.travel(SIGNS):
        yield night


def binh(night: Night) -> Actor:
    return night.actor("BI1")


def em(night: Night) -> Actor:
    return replace(night.actor("EM1"), user_id=None, via="link")


def seat(night: Night) -> int:
    duty = db.session.get_one(Duty, night.duty("operations"))
    return duty.seat_id


def held(night: Night, code: str = "BI1") -> list[Incident]:
    mine = select(Incident).where(Incident.acknowledged_by_id == night.ids[code])
    return list(db.session.scalars(mine.order_by(Incident.id).execution_options(populate_existing=True)))


def signed(night: Night, now: datetime = SIGNS) -> Handover:
    return handovers.write_and_sign(seat(night), FINE, actor=binh(night), now=now)


def own_page(code: str) -> str:
    person = people.person_by_code(code)
    return own_path(person.code, now=SIGNS)


def told(code: str) -> list[str]:
    wanted = select(Message.subject).where(
        Message.person_id == people.person_by_code(code).id, Message.topic.like("handover/%")
    )
    return list(db.session.scalars(wanted.order_by(Message.id)))


def test_a_hand_over_with_two_open_incidents_by_link_from_both_sides(night: Night, new_client: Any) -> None:
    leaving, path = new_client(), own_page("BI1")
    page = leaving.get(path).text
    assert "Bàn giao ca 11:10" in page and "2 sự cố đồng chí đang giữ sẽ chuyển theo" in page
    items = re.findall(r'name="what-(\d)" value="([^"]+)"', page)
    assert [what for _n, what in items] == list(places.AT_A_COUNTER)
    form = {f"what-{n}": what for n, what in items} | {"seat": str(seat(night)), "undone": "Chờ điện lực"}
    unsaid = leaving.post(path, data=form | {"do": "handover_sign"})
    assert unsaid.status_code == 422 and "chọn đủ, lưu ý hoặc không có" in unsaid.text and "Chờ điện lực" in unsaid.text
    states = {f"state-{n}": "fine" for n, _what in items} | {"state-4": "attention"}
    noteless = leaving.post(path, data=form | states | {"do": "handover_sign"})
    assert noteless.status_code == 422 and "ghi rõ là gì" in noteless.text
    assert (
        leaving.post(path, data=form | states | {"note-4": "dầu còn 1 phần 3", "do": "handover_sign"}).status_code
        == 303
    )
    after = leaving.get(path).text
    assert "Đã ký biên bản số 001/2020 lúc 10:55" in after and "vẫn chịu trách nhiệm" in after
    # EM1 has mail only; the message brings their own address.
    assert told("EM1") == ["Chờ đồng chí nhận ca Trực điều hành 11:10, Bưu điện huyện A"]
    coming, path = new_client(), own_page("EM1")
    shown = coming.get(path).text
    assert "Chờ đồng chí nhận ca 11:10" in shown and "vẫn chịu trách nhiệm đến khi đồng chí nhận" in shown
    assert "“Đã sang túi, xe chờ kéo.”" in shown and "Lưu ý: Máy phát điện" in shown and "Việc chưa xong" in shown
    assert "Tôi nhận ca và 2 sự cố" in shown
    codes = re.findall(r'name="incident" value="([^"]+)"', shown)
    number = re.search(r'name="handover" value="(\d+)"', shown)
    assert number is not None and len(codes) == 2
    with clock.travel(ACCEPTS):
        done = coming.post(path, data={"do": "handover_accept", "handover": number[1], "incident": codes})
    assert done.status_code == 303
    assert held(night) == [] and [each.code for each in held(night, "EM1")] == sorted(codes)
    lines = db.session.scalars(select(TimelineEntry).where(TimelineEntry.kind == "handed_over")).all()
    assert {line.params["minutes"] for line in lines} == {"001/2020"} and len(lines) == 2
    assert told("BI1") == ["Rơ Châm Em đã nhận ca lúc 11:05"]
    row = queries.by_id(int(number[1]))
    assert content.digest(row.content) == row.content_hash and sorted(row.moved) == sorted(codes)
    assert "Chờ đồng chí nhận ca" not in coming.get(path).text


def test_the_card_offers_who_else_is_on_operations_but_never_its_reader(night: Night) -> None:
    row = signed(night)
    assert own.card_of(row, night.ids["EM1"], ACCEPTS).desk_phone == "", "Bình alone serves: they stand there already"
    night.publish("operations", "AN1", start=SIGNS)
    asked = own.card_of(row, night.ids["EM1"], ACCEPTS)
    assert (asked.desk_name, asked.desk_person) == ("Nguyễn Văn An", night.ids["AN1"])
    assert own.card_of(row, night.ids["AN1"], ACCEPTS).desk_phone == ""


def test_what_was_accepted_before_the_shift_began_is_handed_over_again_at_its_end(night: Night) -> None:
    row = signed(night)
    acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    ids = [each.id for each in held(night, "EM1")]
    duties = select(Escalation.held_duty).where(Escalation.incident_id.in_(ids))
    assert set(db.session.scalars(duties)) == {"emergency"}, "which Em serves until then"
    assert moving.bind(CHANGE - timedelta(seconds=1)) == 0
    assert moving.bind(CHANGE) == 2 and moving.bind(CHANGE) == 0
    assert set(db.session.scalars(duties)) == {"operations"}


def test_signed_twice_it_stays_as_it_was_signed(night: Night) -> None:
    row = signed(night)
    was = dict(row.content), row.content_hash, row.signed_at
    again = handovers.sign(row.id, actor=binh(night), now=ACCEPTS)
    assert (again.content, again.content_hash, again.signed_at) == was
    with pytest.raises(Conflict) as refused:
        handovers.write_and_sign(seat(night), TypedMinutes(FINE.items), actor=binh(night), now=ACCEPTS)
    assert refused.value.code == "handover.signed" and refused.value.state["number"] == "001/2020"
    acceptance.add_note(row.id, text="Đính chính: dầu còn một nửa.", actor=binh(night), now=ACCEPTS)
    assert [note.text for note in queries.by_id(row.id).notes] == ["Đính chính: dầu còn một nửa."]
    assert queries.by_id(row.id).content == was[0]
    # Noted by somebody else it is no second signature either.
    with pytest.raises(Conflict):
        handovers.sign(row.id, how="gọi 11:00", actor=ADMIN, now=ACCEPTS)


def test_who_cannot_accept_says_why_and_the_other_stays_responsible(night: Night, client: Any) -> None:
    row = signed(night)
    path = own_page("EM1")
    client.get(path)
    nothing = client.post(path, data={"do": "handover_decline", "handover": str(row.id), "reason": " "})
    assert nothing.status_code == 422 and "Ghi lý do chưa nhận được ca" in nothing.text
    said = {"do": "handover_decline", "handover": str(row.id), "reason": "Thiếu chìa khóa xe"}
    assert client.post(path, data=said).status_code == 303
    assert len(held(night)) == 2 and queries.by_id(row.id).state == "signed"
    assert told("BI1") == ["Rơ Châm Em chưa nhận được ca"]
    assert "Thiếu chìa khóa xe" in client.get(path).text, "whoever comes after them reads it too"
    leaving = client.get(own_page("BI1")).text
    assert "chưa nhận được" in leaving and "Thiếu chìa khóa xe" in leaving


def test_a_quarter_of_an_hour_late_both_are_reminded_once_and_calls_go_on(night: Night, app: Flask) -> None:
    row = signed(night)
    for minutes in (14, 15, 16, 40):
        app.extensions.pop(late.__name__, None)  # as a worker that was started anew
        late.look(CHANGE + timedelta(minutes=minutes))
    assert told("EM1")[1:] == ["Nhắc nhận ca 11:10, Bưu điện huyện A"]
    assert told("BI1") == ["Nhắc bàn giao ca 11:10, Bưu điện huyện A"]
    assert [note.kind for note in queries.by_id(row.id).notes] == ["late"]
    assert all(each.escalation.next_at is not None for each in held(night)), "nothing is ever left to nobody"


def test_minutes_that_nobody_wrote_are_missed_where_the_place_always_writes_them(night: Night, app: Flask) -> None:
    for incident in held(night):
        lifecycle.resolve(incident.id, actor=ADMIN, now=NIGHT)
    late.look(CHANGE + timedelta(minutes=20))
    assert told("BI1") == [] and told("EM1") == [], "off by default, and nothing is open"
    assert queries.to_write(night.ids["BI1"], now=SIGNS) == []
    places.settle(night.ids["BDT"], duties=["operations"], items=[], actor=ADMIN, now=SIGNS)
    assert len(queries.to_write(night.ids["BI1"], now=SIGNS)) == 1
    app.extensions.pop(late.__name__, None)
    late.look(CHANGE + timedelta(minutes=20))
    assert told("BI1") == ["Nhắc bàn giao ca 11:10, Bưu điện huyện A"]
    assert told("EM1") == ["Nhắc nhận ca 11:10, Bưu điện huyện A"]


@pytest.mark.both_dbs("minutes are held while somebody accepts them")
def test_of_two_who_accept_at_once_one_has_it_and_the_other_hears_who(night: Night, app: Flask) -> None:
    night.publish("operations", "PH1", start=CHANGE)
    row_id = signed(night).id
    actors = [em(night), replace(em(night), name="PH1", person_id=night.ids["PH1"])]

    def take(number: int) -> str:
        try:
            return acceptance.accept(row_id, actor=actors[number], now=ACCEPTS).accepted_name
        except Conflict as late_one:
            return f"{late_one.code} {late_one.state['accepted_by']}"

    one, other = sorted(in_parallel(app, 2, take), key=lambda said: said.startswith("handover."))
    assert other == f"handover.accepted {one}"
    assert set(db.session.scalars(select(Incident.acknowledged_by))) == {one}


def test_whoever_was_asked_too_hears_that_it_was_accepted(night: Night) -> None:
    night.publish("operations", "PH1", start=CHANGE)
    with transaction() as session:
        phong = session.get_one(Person, night.ids["PH1"])
        phong.contacts.append(ContactMethod(channel="email", address="ph1@buudien.example", position=2))
    row = signed(night)
    asked = len(told("PH1"))
    assert asked == 1
    with transaction() as session:
        left = update(Message).where(Message.topic.like("handover/%"))
        session.execute(left.values(state="sent", sent_at=SIGNS))
    acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    assert told("PH1")[asked:] == ["Rơ Châm Em đã nhận ca lúc 11:05"]
    assert "Rơ Châm Em đã nhận ca lúc 11:05" not in told("EM1")


@pytest.mark.both_dbs("the number of the unit's year is held")
def test_two_who_begin_at_once_get_two_numbers_without_a_gap(night: Night, app: Flask) -> None:
    places.settle(night.ids["BDT"], duties=["operations", "emergency"], items=[], actor=ADMIN, now=SIGNS)
    night.publish("emergency", "PH1", start=CHANGE)
    seats = [seat(night), db.session.get_one(Duty, night.duty("emergency")).seat_id]
    actors = [binh(night), em(night)]
    in_parallel(app, 2, lambda n: handovers.prepare(seats[n], FINE, actor=actors[n], now=SIGNS).id)
    numbers = db.session.scalars(select(Handover.number).order_by(Handover.number)).all()
    assert numbers == [1, 2]


@pytest.mark.both_dbs("one seat's minutes are begun once")
def test_begun_twice_at_once_it_is_one(night: Night, app: Flask) -> None:
    in_parallel(app, 2, lambda _n: handovers.prepare(seat(night), FINE, actor=binh(night), now=SIGNS).id)
    assert db.session.scalars(select(Handover.number)).all() == [1]


def test_what_came_along_since_they_looked_is_not_taken_unseen(night: Night) -> None:
    row = signed(night)
    codes = [each.code for each in held(night)]
    lifecycle.resolve(held(night)[0].id, actor=binh(night), now=SIGNS)
    with pytest.raises(Conflict) as changed:
        acceptance.accept(row.id, seen=codes, actor=em(night), now=ACCEPTS)
    assert changed.value.code == "handover.changed" and changed.value.state["incidents"] == codes[1:]
    assert acceptance.accept(row.id, seen=codes[1:], actor=em(night), now=ACCEPTS).moved == codes[1:]
    again = acceptance.accept(row.id, seen=codes, actor=em(night), now=CHANGE)
    assert again.accepted_at == ACCEPTS, "done twice by the same person it is done once"


def test_for_who_never_signs_in_the_operator_notes_it_with_how_they_heard(night: Night) -> None:
    leader = night.actor("AN1", "manager")
    with pytest.raises(Invalid) as how:
        handovers.write_and_sign(seat(night), FINE, actor=leader, now=SIGNS)
    assert how.value.field == "how"
    row = handovers.write_and_sign(seat(night), FINE, how="gọi 10:55", actor=leader, now=SIGNS)
    assert (row.signed_via, row.signed_by, row.signed_how) == ("phone", "AN1", "gọi 10:55")
    with pytest.raises(Conflict) as not_theirs:
        acceptance.accept(row.id, person="PH1", how="gọi", actor=leader, now=ACCEPTS)
    assert not_theirs.value.state["incoming"] == ["EM1"]
    done = acceptance.accept(row.id, person="EM1", how="gọi 11:06", actor=leader, now=ACCEPTS)
    assert (done.accepted_name, done.accepted_by, done.accepted_via) == ("Rơ Châm Em", "AN1", "phone")


def test_colleagues_and_strangers_neither_sign_nor_accept(night: Night) -> None:
    colleague, elsewhere = night.actor("PH1"), night.actor("CH1", "manager", "BDC")
    for actor in (colleague, elsewhere):
        with pytest.raises(Forbidden):
            handovers.prepare(seat(night), FINE, actor=actor, now=SIGNS)
    row = signed(night)
    for actor in (colleague, elsewhere):
        with pytest.raises(Forbidden):
            acceptance.accept(row.id, person="EM1", how="gọi", actor=actor, now=ACCEPTS)
        with pytest.raises(Forbidden):
            acceptance.decline(row.id, person="EM1", reason="không", actor=actor, now=ACCEPTS)
        with pytest.raises(Forbidden):
            acceptance.add_note(row.id, text="x", actor=actor, now=ACCEPTS)
    assert len(held(night)) == 2


def test_by_a_link_it_takes_the_pin_of_who_has_one(night: Night, client: Any) -> None:
    user = db.session.get_one(User, night.ids["user:bi1"])
    pins.write(user, "7294", by="owner", actor=ADMIN, now=NIGHT)
    path = own_page("BI1")
    page = client.get(path).text
    assert 'type="password"' in page and "Mã PIN của đồng chí" in page
    items = re.findall(r'name="what-(\d)" value="([^"]+)"', page)
    form = {f"what-{n}": what for n, what in items} | {f"state-{n}": "none" for n, _what in items}
    form |= {"do": "handover_sign", "seat": str(seat(night))}
    wrong = client.post(path, data=form | {"pin": "1111"})
    assert wrong.status_code == 422 and "Mã PIN chưa đúng" in wrong.text and "1111" not in wrong.text
    row = queries.find_for_seat(seat(night), night.ids["BI1"])
    assert row is not None and row.state == "prepared", "what was typed is kept"
    assert client.post(path, data=form | {"pin": "7294"}).status_code == 303
    assert queries.by_id(row.id).state == "signed"


def test_the_same_person_stays_on_or_nobody_comes_and_there_is_nothing_to_hand_over(night: Night) -> None:
    with transaction():
        for duty in db.session.scalars(select(Duty).where(Duty.starts_at == CHANGE)):
            duty.cancelled_at = NIGHT
    assert queries.to_write(night.ids["BI1"], now=SIGNS) == []
    with pytest.raises(Conflict) as nobody:
        handovers.prepare(seat(night), FINE, actor=binh(night), now=SIGNS)
    assert nobody.value.code == "handover.nobody_next"
    night.publish("operations", "BI1", start=CHANGE)
    assert queries.to_write(night.ids["BI1"], now=SIGNS) == []


def test_who_fell_ill_after_the_signature_does_not_accept_but_who_took_the_seat(night: Night) -> None:
    row = signed(night)
    with transaction():
        for duty in db.session.scalars(select(Duty).where(Duty.starts_at == CHANGE)):
            duty.cancelled_at = SIGNS
    night.publish("operations", "PH1", start=CHANGE)
    with pytest.raises(Forbidden):
        acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    taker = replace(em(night), name="PH1", person_id=night.ids["PH1"])
    assert acceptance.accept(row.id, actor=taker, now=ACCEPTS).accepted_by_id == night.ids["PH1"]


def test_a_restricted_incident_moves_and_says_nothing(night: Night) -> None:
    with transaction():
        secret = held(night)[0]
        secret.restricted = True
    row = signed(night)
    kept = content.incidents_of(row.content)[0]
    assert (kept.title, kept.note, kept.todo) == ("Sự cố hạn chế xem", "", ())
    assert acceptance.accept(row.id, actor=em(night), now=ACCEPTS).moved == [each.code for each in held(night, "EM1")]


def test_long_before_the_change_it_is_too_early(night: Night) -> None:
    with pytest.raises(Conflict) as early:
        handovers.prepare(seat(night), FINE, actor=binh(night), now=CHANGE - timedelta(hours=3))
    assert early.value.code == "handover.not_now"
    with pytest.raises(Invalid) as secret:
        handovers.prepare(seat(night), replace(FINE, notes="KT1 tối mật"), actor=binh(night), now=SIGNS)
    assert [each.field for each in secret.value.errors] == ["notes"]


def test_by_the_api_as_the_contract_says(night: Night, client: Any) -> None:
    own = keys.create_api_key(keys.NewApiKey("của Bình", "staff", "BDA", "BI1"), now=NIGHT, actor=ADMIN)[1]
    theirs = keys.create_api_key(keys.NewApiKey("của Em", "staff", "BDA", "EM1"), now=NIGHT, actor=ADMIN)[1]
    head, other = {"Authorization": f"Bearer {own}"}, {"Authorization": f"Bearer {theirs}"}
    body = {
        "seat": seat(night),
        "notes": "Yên",
        "items": [{"what": "Tiền mặt", "state": "fine"}, {"what": "Xe", "state": "attention"}],
    }
    written = client.post("/api/v1/handovers", json=body, headers=head)
    assert written.status_code == 201, written.json
    assert written.json["number"] == "001/2020" and len(written.json["incidents"]) == 2
    assert written.json["incoming"] == ["EM1"]
    path = f"/api/v1/handovers/{written.json['id']}"
    early = client.post(f"{path}/accept", json={}, headers=other)
    assert (early.status_code, early.json["code"]) == (409, "handover.unsigned")
    half = client.post(f"{path}/sign", json={}, headers=head)
    assert half.status_code == 422 and half.json["errors"][0]["field"] == "note-2"
    body["items"][1]["note"] = "xăng còn ít"  # type: ignore[index]
    assert client.post("/api/v1/handovers", json=body, headers=head).json["id"] == written.json["id"]
    done = client.post(f"{path}/sign", json={}, headers=head)
    assert (done.status_code, done.json["state"], len(done.json["hash"])) == (200, "signed", 64)
    taken = client.post(f"{path}/accept", json={}, headers=other)
    assert (taken.json["state"], taken.json["accepted_by"], len(taken.json["moved"])) == ("accepted", "Rơ Châm Em", 2)
    listed = client.get("/api/v1/handovers?unit=BDT&state=accepted", headers=head).json
    assert [each["number"] for each in listed["items"]] == ["001/2020"]
    assert client.get("/api/v1/handovers/999999", headers=head).status_code == 404
    assert client.post("/api/v1/handovers", json={"seat": 999999}, headers=head).status_code == 404


def test_pages_list_show_print_and_settle(night: Night, new_client: Any) -> None:
    an, binh_there, chi = (new_client() for _n in range(3))
    for browser, who in ((an, "an1"), (binh_there, "bi1"), (chi, "ch1")):
        enterprise.sign_in(browser, who)
    assert "Lập biên bản" in an.get("/incidents/handovers/?unit=BDA").text
    form = f"/incidents/handovers/seats/{seat(night)}"
    assert chi.get(form).status_code == 403
    page = binh_there.get(form).text
    items = re.findall(r'name="what-(\d)" value="([^"]+)"', page)
    typed = {f"what-{n}": what for n, what in items} | {f"state-{n}": "fine" for n, _what in items}
    failed = an.post(form, data=typed | {"do": "sign", "notes": "Yên ắng"})
    assert failed.status_code == 422 and "Ghi đã nghe bằng cách nào" in failed.text and "Yên ắng" in failed.text
    assert binh_there.post(form, data=typed | {"do": "sign"}).status_code == 303
    row = queries.find_for_seat(seat(night), night.ids["BI1"])
    assert row is not None
    one = f"/incidents/handovers/{row.id}"
    assert chi.post(one, data={"do": "accept"}).status_code == 403
    assert "Ghi đã nhận ca và 2 sự cố" in an.get(one).text
    codes = [each.code for each in held(night)]
    said = {"do": "accept", "person": "EM1", "incident": codes}
    assert an.post(one, data=said).status_code == 422
    assert an.post(one, data=said | {"how": "gọi 11:00"}).status_code == 303
    assert "gọi 11:00" in an.get(one).text
    printed = an.get(f"{one}/print").text
    for words in ("BIÊN BẢN", row.content_hash[:8], "<td>Hàng tồn đọng</td>", "đã chuyển", "001/2020/BB-BGC"):
        assert words in printed
    settle = "/incidents/handovers/places/BDA"
    assert binh_there.get(settle).status_code == 403
    assert "Tiền mặt\nChìa khóa\nXe\nMáy phát điện\nHàng tồn đọng" in an.get(settle).text
    twice = an.post(settle, data={"items": "Két sắt\nKét sắt"})
    assert twice.status_code == 422 and "Mỗi mục chỉ ghi một lần" in twice.text
    assert an.post(settle, data={"duty": "operations", "items": "Két sắt\nXe"}).status_code == 303
    assert places.items_for(people.unit_by_code("BDA-1")) == ["Két sắt", "Xe"], "units below follow"
    assert places.items_for(people.unit_by_code("BDC")) == places.AT_A_COUNTER
    for number in ("1", "2"):
        an.post("/language", data={"language": "en"})
        assert an.get(f"/incidents/handovers/?unit=BDA&page={number}").status_code == 200
    for path in (one, form, settle, f"{one}/print"):
        assert an.get(path).status_code == 200
    assert "Minutes of hand-over no. 001/2020" in an.get(one).text


def test_a_unit_that_is_renamed_leaves_its_minutes_as_they_were_signed(night: Night, client: Any) -> None:
    row = signed(night)
    with transaction() as session:
        session.get_one(Unit, night.ids["BDA"]).name = "Bưu điện phường Mới"
    enterprise.sign_in(client, "an1")
    printed = client.get(f"/incidents/handovers/{row.id}/print").text
    assert "BƯU ĐIỆN HUYỆN A" in printed and "PHƯỜNG MỚI" not in printed
    assert content.digest(queries.by_id(row.id).content) == row.content_hash


def test_of_a_thousand_shifts_that_end_only_those_are_looked_at_that_may_want_minutes(night: Night) -> None:
    for hour in range(20):
        night.publish("support", "PH1", "BDA-1", hours=1, start=CHANGE - timedelta(hours=11, minutes=hour))
    with statements() as sent:
        found = queries.changing(None, now=SIGNS)
    assert [each.duty.person_id for each in found] == [night.ids["BI1"]]
    assert len(sent) <= 16, "in a few questions, however many duties end"


def test_everything_of_it_is_in_the_audit(night: Night) -> None:
    row = signed(night)
    acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    said = db.session.scalars(select(AuditEntry.action).where(AuditEntry.thing == "handover").order_by(AuditEntry.id))
    assert said.all() == ["handover.prepare", "handover.sign", "handover.accept"]
