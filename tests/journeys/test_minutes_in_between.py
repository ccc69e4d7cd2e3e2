"""What happens between writing, signing and accepting minutes: seats move, incidents are joined, people fall ill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.models import AuditEntry
from incidents.handovers import acceptance, content, late, moving, places, queries, services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.models import Handover, HandoverPlace
from incidents.merging import services as merging
from incidents.record.models import Escalation, Incident
from incidents.response import lifecycle
from notify.models import Message
from people import queries as people
from roster.models import Duty
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT
from tests.support.in_parallel import in_parallel
from tests.support.own_links import own_path
from tests.support.statements import statements
from tests.support.tet_night import Night

CHANGE = NIGHT + timedelta(hours=9)
SIGNS, ACCEPTS = CHANGE - timedelta(minutes=15), CHANGE - timedelta(minutes=5)
FINE = TypedMinutes((ChecklistItem("Tiền mặt", "fine"),))


@pytest.fixture
def night(night: Night) -> Iterator[Night]:
    """Em follows Bình on operations of the district."""
    night.publish("operations", "EM1", start=CHANGE)
    with clock.travel(SIGNS):
        yield night


def given(night: Night, title: str, unit: str = "BDA") -> Incident:
    """One more incident that Bình has."""
    found = night.log(title, "power", unit)
    lifecycle.acknowledge(found.id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    return found


def held(night: Night, code: str) -> list[str]:
    mine = select(Incident.code).where(Incident.acknowledged_by_id == night.ids[code]).order_by(Incident.id)
    return list(db.session.scalars(mine))


def em(night: Night) -> Actor:
    return replace(night.actor("EM1"), user_id=None, via="link")


def duty_of(night: Night) -> Duty:
    return db.session.get_one(Duty, night.duty("operations"))


def signed(night: Night) -> Handover:
    return handovers.write_and_sign(duty_of(night).seat_id, FINE, actor=night.actor("BI1"), now=SIGNS)


def own_page(code: str) -> str:
    return own_path(code, now=SIGNS)


def told(code: str) -> list[Message]:
    mine = Message.person_id == people.person_by_code(code).id
    return list(db.session.scalars(select(Message).where(mine, Message.topic.like("handover/%")).order_by(Message.id)))


def test_signed_with_nothing_open_it_names_nothing_that_came_later(night: Night, client: Any) -> None:
    row = signed(night)
    later = given(night, "Cháy kho sau khi ký")
    enterprise.sign_in(client, "an1")
    for path in (f"/incidents/handovers/{row.id}", f"/incidents/handovers/{row.id}/print"):
        page = client.get(path).text
        assert later.code not in page and ("Không có." in page or "Không có sự cố nào" in page)
    acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    assert held(night, "BI1") == [later.code]
    assert f"Đồng chí vẫn giữ {later.code}" in told("BI1")[-1].body, "else they would go home with it"


def test_an_incident_of_a_unit_elsewhere_does_not_go_to_the_next_shift(night: Night) -> None:
    here, below, elsewhere = (given(night, unit, unit) for unit in ("BDA", "BDA-1", "BDC"))
    row = signed(night)
    assert {each.code for each in content.incidents_of(row.content)} == {here.code, below.code}
    acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    assert held(night, "BI1") == [elsewhere.code]


def test_what_only_few_may_see_since_it_was_signed_is_a_code_on_every_page(night: Night, client: Any) -> None:
    incident = given(night, "Mất túi thư KT1")
    row = signed(night)
    with transaction() as session:
        session.get_one(Incident, incident.id).restricted = True
    enterprise.sign_in(client, "bi1")
    for path in (f"/incidents/handovers/{row.id}", f"/incidents/handovers/{row.id}/print", own_page("EM1")):
        page = client.get(path).text
        assert incident.code in page and "Mất túi thư" not in page
    kept = queries.by_id(row.id)
    assert content.digest(kept.content) == kept.content_hash, "what was signed stays"


def test_what_was_joined_to_another_since_goes_with_that_one(night: Night) -> None:
    main, other = given(night, "Mất điện"), given(night, "Vẫn mất điện")
    row = signed(night)
    with transaction() as session:
        session.get_one(Incident, other.id).joined_to_id = main.id
    assert merging.main_of(session.get_one(Incident, other.id)).id == main.id
    assert acceptance.accept(row.id, actor=em(night), now=ACCEPTS).moved == [main.code]


def test_a_shift_that_was_cut_since_it_was_written_is_handed_over_where_it_ends_now(night: Night) -> None:
    seat, earlier = duty_of(night).seat_id, CHANGE - timedelta(minutes=10)
    row = handovers.prepare(seat, FINE, actor=night.actor("BI1"), now=SIGNS)
    with transaction():
        duty_of(night).ends_at = earlier
    night.publish("operations", "PH1", start=earlier, hours=1)
    done = handovers.sign(row.id, actor=night.actor("BI1"), now=SIGNS)
    assert done.changes_at == earlier and done.content["incoming"] == ["Kpă Phong"]
    assert done.content["changes_at"] == earlier.isoformat()


def test_a_shift_that_was_cut_after_the_signature_is_accepted_by_who_comes_where_it_ends_now(night: Night) -> None:
    row, earlier = signed(night), CHANGE - timedelta(minutes=10)
    with transaction():
        duty_of(night).ends_at = earlier
    night.publish("operations", "PH1", start=earlier, hours=1)
    phong = replace(em(night), name="PH1", person_id=night.ids["PH1"])
    assert queries.awaiting(night.ids["EM1"], now=SIGNS) == []
    assert [each.id for each in queries.awaiting(night.ids["PH1"], now=SIGNS)] == [row.id]
    assert acceptance.accept(row.id, actor=phong, now=earlier).accepted_name == "Kpă Phong"


def test_who_lost_the_shift_since_does_not_sign_for_it_nor_days_later(night: Night) -> None:
    row = handovers.prepare(duty_of(night).seat_id, FINE, actor=night.actor("BI1"), now=SIGNS)
    with pytest.raises(Conflict) as late_one:
        handovers.sign(row.id, actor=night.actor("BI1"), now=CHANGE + timedelta(days=2))
    assert late_one.value.code == "handover.not_now"
    with transaction():
        duty_of(night).cancelled_at = SIGNS
    with pytest.raises(Conflict) as gone:
        handovers.sign(row.id, actor=night.actor("BI1"), now=SIGNS)
    assert gone.value.code == "seat.empty"


def test_a_signature_that_is_tapped_twice_is_one(night: Night) -> None:
    row = signed(night)
    again = handovers.write_and_sign(duty_of(night).seat_id, FINE, actor=night.actor("BI1"), now=ACCEPTS)
    assert (again.id, again.signed_at) == (row.id, SIGNS)


def test_without_the_list_of_the_place_nobody_signs_and_the_form_shows_it_again(night: Night, client: Any) -> None:
    given(night, "Mất điện")
    seat = duty_of(night).seat_id
    row = handovers.prepare(seat, TypedMinutes(notes="Yên"), actor=night.actor("BI1"), now=SIGNS)
    with pytest.raises(Invalid) as empty:
        handovers.sign(row.id, actor=night.actor("BI1"), now=SIGNS)
    assert [each.code for each in empty.value.errors] == ["handover.items_none"]
    page = client.get(own_page("BI1")).text
    assert "Tiền mặt" in page and "Yên" in page


def test_whoever_comes_sees_that_nobody_has_signed_and_rings_them(night: Night, client: Any) -> None:
    given(night, "Mất điện")
    path = own_page("EM1")
    with clock.travel(CHANGE - queries.SOON - timedelta(minutes=1)):
        assert "chưa ký biên bản" not in client.get(path).text
    with clock.travel(CHANGE + timedelta(minutes=16)):
        page = client.get(path).text
        assert "Trần Thị Bình chưa ký biên bản bàn giao và vẫn chịu trách nhiệm" in page
    handovers.write_and_sign(duty_of(night).seat_id, FINE, actor=night.actor("BI1"), now=SIGNS)
    with clock.travel(CHANGE + timedelta(minutes=16)):
        assert "chưa ký biên bản" not in client.get(path).text


def test_after_accepting_both_add_to_it_by_their_own_link(night: Night, new_client: Any) -> None:
    row = signed(night)
    acceptance.accept(row.id, actor=em(night), now=ACCEPTS)
    for code, words in (("EM1", "Két thiếu 50 nghìn"), ("BI1", "Đã nộp bù 50 nghìn")):
        own, path = new_client(), own_page(code)
        assert "Biên bản bàn giao số 001/2020: Rơ Châm Em đã nhận ca lúc 11:05" in own.get(path).text
        said = {"do": "handover_note", "handover": str(row.id), "text": words}
        assert own.post(path, data=said).status_code == 303
    assert [note.text for note in queries.by_id(row.id).notes] == ["Két thiếu 50 nghìn", "Đã nộp bù 50 nghìn"]


def test_whoever_got_the_seat_after_the_signature_hears_of_it_once(night: Night, app: Flask) -> None:
    row = signed(night)
    with transaction():
        for duty in db.session.scalars(select(Duty).where(Duty.starts_at == CHANGE)):
            duty.cancelled_at = SIGNS
    night.publish("operations", "AN1", start=CHANGE)
    for minutes in (1, 2):
        app.extensions.pop(late.__name__, None)
        late.look(SIGNS + timedelta(minutes=minutes))
    assert [each.subject for each in told("AN1")] == ["Chờ đồng chí nhận ca Trực điều hành 11:10, Bưu điện huyện A"]
    assert len(told("EM1")) == 1
    taker = replace(em(night), name="AN1", person_id=night.ids["AN1"])
    acceptance.accept(row.id, actor=taker, now=ACCEPTS)
    assert {each.state for each in told("EM1")} == {"cancelled"}, "what has not left says nothing true any more"


def test_half_a_day_late_the_minutes_are_accepted_and_no_incident_goes_to_who_has_left(night: Night) -> None:
    given(night, "Mất điện")
    row = signed(night)
    done = acceptance.accept(row.id, seen=[], actor=em(night), now=CHANGE + queries.AFTER)
    assert done.state == "accepted" and done.moved == [] and len(held(night, "BI1")) == 1


def test_what_somebody_took_meanwhile_is_not_bound_to_the_duty_of_who_had_it(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = given(night, "Mất điện")
    acceptance.accept(signed(night).id, actor=em(night), now=ACCEPTS)
    holding = moving.transitions.all_exclusively

    def taken_before(session: Any, ids: Any) -> Any:
        row = session.get_one(Incident, incident.id)
        row.acknowledged_at = CHANGE
        row.escalation.held_duty = "leadership"
        session.flush()
        return holding(session, ids)

    monkeypatch.setattr(moving.transitions, "all_exclusively", taken_before)
    assert moving.bind(CHANGE) == 0
    assert db.session.scalars(select(Escalation.held_duty)).all() == ["leadership"]


def test_what_an_operator_notes_names_the_operator(night: Night) -> None:
    row = signed(night)
    leader = night.actor("AN1", "manager")
    acceptance.decline(row.id, person="EM1", reason="Thiếu chìa khóa", actor=leader, now=ACCEPTS)
    assert [note.who for note in queries.by_id(row.id).notes] == ["Rơ Châm Em (AN1 ghi)"]


def test_who_only_looks_on_does_not_learn_private_numbers(night: Night, client: Any) -> None:
    night.publish("operations", "CH1", "BDC", start=NIGHT - timedelta(hours=3))
    night.publish("operations", "BI1", "BDC", start=CHANGE)
    duty = db.session.scalars(select(Duty).where(Duty.unit_id == night.ids["BDC"]).order_by(Duty.id)).first()
    assert duty is not None
    chi = night.actor("CH1", "manager", "BDC")
    row = handovers.write_and_sign(duty.seat_id, FINE, actor=chi, now=SIGNS)
    enterprise.sign_in(client, "du1")
    page = client.get(f"/incidents/handovers/{row.id}").text
    assert "Phạm Thị Chi" in page and "tel:" not in page
    enterprise.sign_in(client, "ch1")
    assert "tel:" in client.get(f"/incidents/handovers/{row.id}").text


def test_words_that_are_not_those_signed_are_said_to_be(night: Night, client: Any) -> None:
    row = signed(night)
    enterprise.sign_in(client, "an1")
    path = f"/incidents/handovers/{row.id}"
    assert "không còn khớp" not in client.get(path).text + client.get(f"{path}/print").text
    with transaction() as session:
        kept = session.get_one(Handover, row.id)
        kept.content = {**kept.content, "notes": "viết lại"}
    assert "không còn khớp" in client.get(path).text and "không còn khớp" in client.get(f"{path}/print").text


@pytest.mark.both_dbs("what a unit settles is written by one at a time")
def test_two_who_settle_a_place_at_once_both_succeed(night: Night, app: Flask) -> None:
    def settle(number: int) -> int:
        return places.settle(night.ids["BDA"], duties=[], items=[f"Mục {number}"], actor=ADMIN, now=SIGNS).unit_id

    in_parallel(app, 2, settle)
    assert len(db.session.scalars(select(HandoverPlace)).all()) == 1


def test_thirty_changes_of_shift_at_once_are_read_in_a_few_questions(night: Night, client: Any) -> None:
    places.settle(night.ids["BDT"], duties=["operations", "emergency", "support"], items=[], actor=ADMIN, now=SIGNS)

    def asked() -> int:
        with statements() as sent:
            assert queries.changing(None, now=SIGNS)
        return len(sent)

    few = asked()
    for minute in range(30):
        ends = CHANGE - timedelta(minutes=minute)
        night.publish("support", "PH1", "BDA-1", hours=1, start=ends - timedelta(hours=1))
        night.publish("support", "EM1", "BDA-1", hours=1, start=ends)
    assert len(queries.changing(None, now=SIGNS)) > 20
    assert asked() <= few + 2


def test_a_unit_follows_those_above_again_and_takes_that_back(night: Night, client: Any) -> None:
    district = people.unit_by_code("BDA")
    places.settle(night.ids["BDT"], duties=["leadership"], items=["Két sắt"], actor=ADMIN, now=SIGNS)
    places.settle(district.id, duties=["operations"], items=["Xe trực"], actor=ADMIN, now=SIGNS)
    enterprise.sign_in(client, "an1")
    path = "/incidents/handovers/places/BDA"
    assert "Theo cấp trên" in client.get(path).text
    for _twice in range(2):
        assert client.post(f"{path}/follow", data={"do": "follow"}).status_code == 303
    page = client.get(path).text
    assert "Đang theo quy định của đơn vị cấp trên" in page and "Két sắt" in page and "thôi áp dụng" in page
    settled = places.settled(people.unit_by_code("BDA-1").id)
    assert settled is not None and settled.duties == ["leadership"], "units below follow, too"
    for _twice in range(2):
        assert client.post(f"{path}/follow", data={"do": "take_up"}).status_code == 303
    assert places.items_for(people.unit_by_code("BDA")) == ["Xe trực"]
    client.post(f"{path}/follow", data={"do": "follow"})
    client.post(path, data={"duty": "emergency", "items": "Máy phát"})
    assert places.items_for(people.unit_by_code("BDA")) == ["Máy phát"] and "thôi áp dụng" not in client.get(path).text
    written = select(AuditEntry.action).where(AuditEntry.action.like("handover.%")).order_by(AuditEntry.id)
    assert list(db.session.scalars(written)) == [
        *("handover.settle", "handover.settle", "handover.follow", "handover.take_up", "handover.follow"),
        "handover.settle",
    ]


def test_another_units_manager_changes_nothing_there(night: Night, client: Any) -> None:
    places.settle(night.ids["BDA"], duties=["operations"], items=["Xe trực"], actor=ADMIN, now=SIGNS)
    enterprise.sign_in(client, "ch1")
    assert client.post("/incidents/handovers/places/BDA/follow", data={"do": "follow"}).status_code == 403
    assert places.items_for(people.unit_by_code("BDA")) == ["Xe trực"]
