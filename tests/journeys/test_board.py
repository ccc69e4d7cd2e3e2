"""Several incidents at once from the board, and who is looking at one now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask

from core.actor import Actor
from core.db import db as database, transaction
from core.errors import Conflict
from core.storage import writing
from incidents.board import picks, watching, words
from incidents.board.models import IncidentWatch
from incidents.escalation import engine
from incidents.record.models import Incident
from incidents.response import lifecycle
from people.accounts import passwords, services as accounts
from people.accounts.services import NewAccount
from tests.support.desk_pages import DeskPages
from tests.support.enterprise import PASSWORD
from tests.support.in_parallel import in_parallel
from tests.support.tet_night import ADMIN, NIGHT, Night

PICKED = "/incidents/picked?"


def off_duty() -> None:
    """Phong works in the unit, is not on duty and is called about nothing; he has an account here."""
    user = accounts.create_user(
        NewAccount("ph1", "Kpă Phong", "staff", unit_code="BDA", person_code="PH1"), now=NIGHT, actor=ADMIN
    )
    with transaction():
        user.password_hash = passwords.hashed(PASSWORD)


def address(*incidents: Incident) -> str:
    return PICKED + "&".join(f"code={each.code}" for each in incidents)


def codes(*incidents: Incident) -> list[str]:
    return [each.code for each in incidents]


def test_several_are_taken_at_once_but_never_what_must_be_read_first(desk: DeskPages) -> None:
    """02:10, three alarms, a KT1 vehicle and a parcel that few may know of; An picks them all."""
    power, line, late = (
        desk.log(*each) for each in (("Mất điện", "power"), ("Mất mạng", "connectivity"), ("Xe muộn", "traffic"))
    )
    kt1, secret = desk.log("Xe thư KT1", "kt1"), desk.log("Kiện hàng có dây điện", "suspicious_item")
    phong = desk.night.actor("PH1")
    found = picks.picked(codes(power, secret), actor=phong, now=desk.now)
    assert codes(*found.incidents) == [power.code], "he may not know of the other one"
    engine.escalate_due(desk.now)
    board = desk.browser("an1").get("/incidents/").get_data(as_text=True)
    assert all(f'value="{each.code}" id="pick-' in board for each in (power, line, late, kt1))
    page = desk.see("an1", address(power, line, late, kt1, secret))
    assert "Tôi nhận cả 3 sự cố" in page and "Đồng chí giữ cả 3 sự cố" in page and "02:40 máy hỏi lại" in page
    assert kt1.code in page.split("nên nhận từng việc một")[1]
    assert "Máy ngừng gọi 2 người khác." in page, "Bình and Em; An herself is called about the vehicle"
    # While she reads, Bình takes one.
    lifecycle.acknowledge(line.id, actor=desk.night.actor("BI1"), now=desk.now)
    desk.post("an1", "/incidents/picked/take", code=codes(power, line, late, kt1))
    said = desk.see("an1", "/incidents/")
    assert f"Đồng chí đã nhận {power.code}, {late.code}." in said
    assert f"{line.code}" in said and "Trần Thị Bình" in said and f"Nhận từng việc một: {kt1.code}." in said
    held = {each.code: desk.fresh(each.code).acknowledged_by for each in (power, line, late, kt1)}
    assert held == {
        power.code: "Nguyễn Văn An",
        line.code: "Trần Thị Bình",
        late.code: "Nguyễn Văn An",
        kt1.code: "",
    }
    # By itself it may be taken; done twice it is still hers, and whoever has no right is refused.
    desk.post("an1", "/incidents/picked/take", code=kt1.code)
    desk.post("an1", "/incidents/picked/take", code=kt1.code)
    assert desk.fresh(kt1.code).acknowledged_by == "Nguyễn Văn An" and desk.kinds(kt1.code).count("acknowledged") == 1
    desk.post("du1", "/incidents/picked/take", 403, code=power.code)
    assert "Chưa chọn sự cố nào" in desk.browser("an1").get(PICKED, follow_redirects=True).get_data(as_text=True)


def test_what_somebody_has_is_put_off_with_a_reason_and_what_nobody_has_is_not(desk: DeskPages) -> None:
    taken, waits = desk.log("Mất điện", "power"), desk.log("Mất mạng", "connectivity")
    engine.escalate_due(desk.now)
    lifecycle.acknowledge(taken.id, actor=desk.night.actor("BI1"), now=desk.now)
    page = desk.see("an1", address(taken, waits))
    assert "Việc chưa ai nhận thì không hoãn được." in page and "Nhắc lại lúc" in page
    both = {"all": codes(taken, waits), "code": codes(taken)}
    typed = desk.post("an1", "/incidents/picked/snooze", 422, until="09:00", reason="Chờ thợ điện", **both)
    assert "trong vòng" in typed and 'value="Chờ thợ điện"' in typed and 'value="09:00"' in typed
    desk.post("an1", "/incidents/picked/snooze", 409, until="02:30", reason="Chờ", all=codes(waits), code=codes(waits))
    assert desk.fresh(waits.code).escalation.snoozed_until is None
    # One that nobody has among several: none of them is put off.
    desk.post("an1", "/incidents/picked/snooze", 409, until="02:30", reason="Chờ", code=codes(taken, waits))
    assert desk.fresh(taken.code).escalation.snoozed_until is None
    for _tap in range(2):
        desk.post("an1", "/incidents/picked/snooze", until="02:30", reason="Chờ thợ điện", **both)
    assert desk.kinds(taken.code).count("snoozed") == 1
    assert "nhắc lại lúc 02:30" in desk.see("an1", "/incidents/")
    assert "Chờ thợ điện" in desk.see("an1", f"/incidents/{taken.code}")


@pytest.fixture
def three(desk: DeskPages) -> tuple[Incident, Incident, Incident]:
    first, second, third = (desk.log(f"Mất điện {n}", "power") for n in range(3))
    return first, second, third


def test_those_that_were_picked_become_one_or_none_does(
    desk: DeskPages, three: tuple[Incident, Incident, Incident]
) -> None:
    first, second, third = three
    page = desk.browser("an1").get(address(*three)).get_data(as_text=True)
    assert f'value="{first.code}" checked' in page, "the oldest, unless somebody has another"
    sent: dict[str, Any] = {"all": codes(*three), "code": codes(*three), "note": "Cùng một trạm"}
    assert "chọn sự cố chính" in desk.post(
        "an1", "/incidents/picked/join", 409, **sent | {"code": first.code, "main": first.code}
    )
    # Meanwhile somebody resolved the main one: nothing may vanish into it.
    lifecycle.resolve(third.id, actor=ADMIN, now=desk.now)
    refused = desk.post("an1", "/incidents/picked/join", 409, main=third.code, **sent)
    assert "đã xử lý xong" in refused and 'value="Cùng một trạm"' in refused
    assert {desk.fresh(each.code).joined_to_id for each in three} == {None}
    desk.post("an1", "/incidents/picked/join", main=second.code, **sent)
    assert [desk.fresh(each.code).joined_to_id for each in three] == [second.id, None, second.id]
    assert f"Đã gộp 2 sự cố vào {second.code}" in desk.see("an1", "/incidents/")
    desk.post("du1", "/incidents/picked/join", 403, main=second.code, code=codes(first, second))


def test_what_the_page_offers_to_join_can_be_joined_and_it_says_what_becomes_of_it(desk: DeskPages) -> None:
    """The incident with steps demanded by law is the main one, and the page says that all of it is shown to few."""
    power, secret = desk.log("Mất điện kho", "power"), desk.log("Kiện hàng có dây điện", "suspicious_item")
    page = desk.see("an1", address(power, secret))
    main = picks.picked(codes(power, secret), actor=desk.night.actor("AN1"), now=desk.now).main
    assert main is not None and main.code == secret.code and "gộp rồi thì tất cả đều hạn chế xem" in page
    desk.post("an1", "/incidents/picked/join", main=main.code, code=codes(power, secret))
    assert desk.fresh(power.code).joined_to_id == secret.id and desk.fresh(power.code).restricted


def test_what_is_beyond_fifty_and_what_may_not_be_taken_any_more_is_said(
    desk: DeskPages, three: tuple[Incident, Incident, Incident], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = desk.log("Mất điện C", "power", unit="BDC")
    monkeypatch.setattr(picks, "MOST", 2)
    page = desk.see("an1", address(*three) + f"&code={three[0].code}")
    assert "Một lần làm nhiều nhất 2 sự cố: còn 1 sự cố đã chọn không có ở đây." in page
    desk.post("an1", "/incidents/picked/take", code=codes(three[0], elsewhere))
    said = desk.see("an1", "/incidents/")
    assert f"Đồng chí đã nhận {three[0].code}." in said and f"{elsewhere.code}: " in said
    assert desk.fresh(elsewhere.code).status == "open"


@pytest.mark.both_dbs("all rows are locked in one order before any is joined")
def test_two_who_join_the_same_into_different_ones_at_once_make_no_circle(app: Flask, night: Night) -> None:
    made = [night.log(f"Mất điện {n}") for n in range(4)]
    names = codes(*made)

    def join(n: int) -> str:
        try:
            return picks.join(names, names[-n], actor=ADMIN, now=NIGHT)[0].code
        except Conflict as error:
            return error.code

    done = in_parallel(app, 2, join)
    database.session.rollback()
    heads = {each.code for each in database.session.query(Incident).filter_by(joined_to_id=None)}
    assert heads < set(names) and len(heads) == 1 and heads < set(done)
    assert set(done) - heads == {"join.already"}


def test_who_is_looking_is_seen_by_others_and_of_what_is_restricted_only_by_those_who_may(desk: DeskPages) -> None:
    incident = desk.log("Mất điện", "power")
    secret = desk.log("Kiện hàng có dây điện", "suspicious_item")
    path = f"/incidents/{incident.code}"
    for each in (path, f"/incidents/{secret.code}"):
        assert "đang xem" not in desk.see("an1", each), "nobody is told of oneself"
    assert "Nguyễn Văn An đang xem" in desk.see("bi1", path)
    assert "Trần Thị Bình đang xem" in desk.see("an1", f"{path}?live=1")
    off_duty()
    board = desk.see("ph1", "/incidents/?rows=1")
    assert "Nguyễn Văn An, Trần Thị Bình đang xem" in board and board.count("đang xem") == 1


@pytest.mark.both_dbs("an account's look is written over its own row")
def test_a_look_is_written_every_twenty_seconds_and_forgotten_after_45(night: Night) -> None:
    incident = night.log()
    an, binh = (replace(night.actor(code), user_id=night.ids[f"user:{code.lower()}"]) for code in ("AN1", "BI1"))

    def seen(seconds: int, by: Actor = binh) -> list[str]:
        database.session.rollback()
        now = NIGHT + timedelta(seconds=seconds)
        return list(watching.at_each([incident.id], actor=by, now=now).get(incident.id, ()))

    def look(seconds: int, by: Actor = an) -> list[str]:
        return watching.look(incident, actor=by, now=NIGHT + timedelta(seconds=seconds))

    def written() -> list[int]:
        database.session.rollback()
        rows = database.session.query(IncidentWatch.at).order_by(IncidentWatch.at)
        return [int((at - NIGHT).total_seconds()) for (at,) in rows]

    for seconds in (0, 5, 10, 15, 19):  # her page asks for news
        assert look(seconds) == []
    assert written() == [0] and seen(44) == ["Nguyễn Văn An"] and seen(45) == []
    look(20)
    assert written() == [20] and seen(60) == ["Nguyễn Văn An"] and seen(60, by=an) == []
    assert look(30, by=binh) == ["Nguyễn Văn An"] and written() == [20, 30]
    assert look(31, by=ADMIN) == ["Nguyễn Văn An", "Trần Thị Bình"] and written() == [20, 30], (
        "a machine has no account"
    )
    assert watching.forget_before(NIGHT + timedelta(seconds=25)) == 1 and written() == [30]
    assert words.looking(["An", "Bình", "Chi", "Dũng"]) == "An, Bình và 2 người nữa đang xem"


def test_a_page_opens_while_somebody_else_writes_for_long(night: Night) -> None:
    """A roster of thousands of shifts is being published: the incident is read all the same, only the look is lost."""
    incident, an = night.log(), replace(night.actor("AN1"), user_id=night.ids["user:an1"])
    held, done = Event(), Event()

    def publish() -> None:
        with writing.turn(engine_of):
            held.set()
            done.wait(20)

    engine_of = database.engine
    other = Thread(target=publish)
    other.start()
    held.wait(120)
    try:
        assert watching.look(incident, actor=an, now=NIGHT) == []
        assert other.is_alive(), "the other one still writes"
    finally:
        done.set()
        other.join()
