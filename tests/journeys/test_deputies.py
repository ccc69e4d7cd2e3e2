"""O1 does not come at Giao thừa, O3 whom they relieve stays: hours are those of who was there, without a new revision.

Tết Canh Tý: O1 serves on site from 19:30 on 24 January to 07:30, after O3. Operations has switched check-in on.
"""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from duty.attendance import corrections, services
from duty.attendance.deputies import queries as stand_in_queries, services as stand_ins
from duty.attendance.deputies.services import Stood
from duty.timekeeping import queries as hours
from notify.models import Message
from people import queries as people
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from roster.campaigns.models import Campaign
from roster.covers import services as covering
from roster.presence import queries as presence
from roster.presence.models import NoShow, Presence, StandIn
from tests.journeys.test_no_show import Night, ask, at, giao_thua
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel

__all__ = ["giao_thua"]
AFTER = datetime(2020, 2, 10, 8, 0, tzinfo=VN)
START, DAWN = at(19, 30), at(7, 30, day=25)


def missed(night: Night) -> int:
    """Nobody comes; at 19:51 O3 has been asked to stay. Answers the duty's id."""
    for minute in (46, 51):
        night.go(at(19, minute))
    assert presence.words_of([night.duty()])[night.duty().id].missed is not None
    return night.duty().id


def served(night: Night, code: str) -> list[tuple[str, int]]:
    """(whose duty, minutes) of what counts, of the night."""
    row = db.session.get_one(Campaign, night.roster.campaign_id)
    found = hours.hours_for_people(row, [people.person_by_code(code)], now=AFTER)[night.roster.person[code]]
    names = {people.person_by_code(each).full_name: each for each in ("O1", "O3")}
    return [
        (names.get(each.stood_in_for, code), sum(piece.minutes for piece in found.pieces_of(each.id)))
        for each in found.served
        if each.ends_at > START and each.starts_at < DAWN
    ]


def stood(night: Night, duty_id: int, now: datetime, until: datetime | None = None, code: str = "O3") -> StandIn:
    return stand_ins.note(duty_id, Stood(code, START, until), actor=factories.ADMIN, now=now).row


def test_who_stays_has_the_hours_and_who_never_came_has_none(giao_thua: Night) -> None:
    duty_id = missed(giao_thua)
    stood(giao_thua, duty_id, giao_thua.look(at(20, 0)))
    giao_thua.go(DAWN + timedelta(minutes=1))
    assert served(giao_thua, "O3") == [("O1", 12 * 60)] and served(giao_thua, "O1") == [("O1", 0)]
    assert db.session.get_one(Campaign, giao_thua.roster.campaign_id).revision == 1
    row = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "duty.stand_in")).one()
    assert row.detail["person"] == giao_thua.roster.person["O3"]


def test_who_comes_at_last_serves_from_then_on_and_no_minute_counts_twice(giao_thua: Night) -> None:
    duty_id = missed(giao_thua)
    stood(giao_thua, duty_id, giao_thua.look(at(20, 0)))
    seat = giao_thua.roster.seat("operations", 3)
    services.say(seat, "check_in", note="đến muộn", actor=factories.ADMIN, now=giao_thua.look(at(22, 0)))
    giao_thua.go(DAWN + timedelta(minutes=1))
    assert (served(giao_thua, "O3"), served(giao_thua, "O1")) == ([("O1", 150)], [("O1", 570)])
    corrections.withdraw(duty_id, "check_in", "nhầm người", actor=factories.ADMIN, now=DAWN + timedelta(hours=1))
    assert served(giao_thua, "O3") == [("O1", 12 * 60)]


def test_who_comes_and_leaves_again_has_no_hours_of_who_stands_in_then(giao_thua: Night) -> None:
    duty_id = missed(giao_thua)
    seat = giao_thua.roster.seat("operations", 3)
    for kind, hour in (("check_in", 20), ("check_out", 22)):
        services.say(seat, kind, note="gọi", actor=factories.ADMIN, now=giao_thua.look(at(hour, 0)))
    now = giao_thua.look(at(22, 30))
    stand_ins.note(duty_id, Stood("O3", at(22, 0)), actor=factories.ADMIN, now=now)
    giao_thua.go(DAWN + timedelta(minutes=1))
    assert (served(giao_thua, "O3"), served(giao_thua, "O1")) == ([("O1", 570)], [("O1", 120)])


def test_who_was_missed_before_is_not_said_to_have_been_there_from_the_start(giao_thua: Night) -> None:
    """O3 relieved nobody: they were not there by day either, and came when they were called in the evening."""
    duty_id, day = missed(giao_thua), giao_thua.duty("operations", 2)
    [offer] = stand_in_queries.offers([giao_thua.duty()])[duty_id]
    assert (offer.person.code, offer.from_at) == ("O3", START)
    db.session.execute(delete(Presence).where(Presence.duty_id == day.id))
    db.session.merge(
        NoShow(duty_id=day.id, sequence=day.sequence, called_at=at(7, 46), ended_at=START, ended_as="over")
    )
    db.session.commit()
    [offer] = stand_in_queries.offers([giao_thua.duty()])[duty_id]
    assert offer.from_at == at(19, 51)


def test_who_leaves_before_has_hours_until_then(giao_thua: Night) -> None:
    duty_id = missed(giao_thua)
    stood(giao_thua, duty_id, giao_thua.look(at(23, 0)), until=at(23, 0))
    giao_thua.go(DAWN + timedelta(minutes=1))
    assert served(giao_thua, "O3") == [("O1", 210)]


def test_a_cover_that_is_published_later_takes_over_from_there(giao_thua: Night) -> None:
    """O4 is put on what is left at 21:00: O3 stood in until then, O1 has nothing."""
    duty_id = missed(giao_thua)
    stood(giao_thua, duty_id, giao_thua.look(at(20, 0)))
    shift, now = giao_thua.duty().shift_id, giao_thua.look(at(21, 0))
    covering.cover_now(shift, [(shift, "O1", "O4")], override_reason="Không đến", actor=factories.ADMIN, now=now)
    giao_thua.go(at(21, 1))
    giao_thua.go(DAWN + timedelta(minutes=1))
    assert served(giao_thua, "O3") == [("O1", 90)] and served(giao_thua, "O1") == [("O1", 0)]


def test_no_minute_counts_twice_where_nobody_is_asked_any_more(giao_thua: Night) -> None:
    """Operations stops asking who is there while O1 is missed: nothing says that they never came, and O3 did serve."""
    duty_id = missed(giao_thua)
    stood(giao_thua, duty_id, giao_thua.look(at(20, 0)))
    ask("operations", asks_check_in=False)
    giao_thua.go(at(20, 10))
    assert db.session.get_one(NoShow, duty_id).ended_as == "changed"
    giao_thua.go(DAWN + timedelta(minutes=1))
    assert (served(giao_thua, "O3"), served(giao_thua, "O1")) == ([("O1", 12 * 60)], [("O1", 0)])
    stood(giao_thua, duty_id, giao_thua.look(DAWN + timedelta(minutes=2)), until=at(21, 30))
    assert (served(giao_thua, "O3"), served(giao_thua, "O1")) == ([("O1", 120)], [("O1", 600)])


def told(night: Night, code: str) -> list[str]:
    mine = select(Message.body).where(Message.topic.like("stand_in/%"), Message.person_id == night.roster.person[code])
    return list(db.session.scalars(mine.order_by(Message.id)))


def test_who_stands_in_is_told_once_and_so_is_whose_place_another_takes(giao_thua: Night) -> None:
    duty_id, now = missed(giao_thua), giao_thua.look(at(20, 0))
    stood(giao_thua, duty_id, now)
    stood(giao_thua, duty_id, now)
    [words] = told(giao_thua, "O3")
    assert f"ghi đồng chí trực thay {people.person_by_code('O1').full_name}" in words and "/p/me/" in words
    later = giao_thua.look(at(20, 1))
    stood(giao_thua, duty_id, later, code="O4")
    assert len(told(giao_thua, "O4")) == 1 and "bỏ ghi" in told(giao_thua, "O3")[-1]
    stand_ins.withdraw(duty_id, actor=factories.ADMIN, now=giao_thua.look(at(20, 2)))
    assert "bỏ ghi" in told(giao_thua, "O4")[-1] and told(giao_thua, "O1") == []


def test_whoever_may_not_serve_there_is_noted_with_what_speaks_against_them(giao_thua: Night, client: Any) -> None:
    """E1 serves another kind and has a seat of their own that night; a stranger is of another unit. It was so."""
    duty_id, now = missed(giao_thua), giao_thua.look(at(20, 0))
    factories.make_person("LA", factories.make_unit("KHAC"), duties=("operations",))
    free = stand_ins.note(duty_id, Stood("O4", START), actor=factories.ADMIN, now=now)
    assert free.warned.texts == ()
    for code, rule in (("E1", "eligibility.duty"), ("LA", "eligibility.unit")):
        noted = stand_ins.note(duty_id, Stood(code, START), actor=factories.ADMIN, now=now)
        assert noted.row.person.code == code and rule in noted.warned.rules
        name = people.person_by_code(code).full_name
        assert any(name in each for each in noted.warned.texts)
    last = select(AuditEntry).where(AuditEntry.action == "duty.stand_in").order_by(AuditEntry.id.desc())
    assert "eligibility.unit" in db.session.scalars(last).first().detail["warned"]
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=now, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    said = {"do": "note", "person": "E1", "from": "24/01/2020 19:30"}
    page = client.post(f"/roster/presence/{duty_id}/stand-in?unit=TINH", data=said, follow_redirects=True)
    assert page.status_code == 200 and "trực thay. Lưu ý:" in page.text


def test_what_cannot_be_is_refused_and_said_again_it_replaces(giao_thua: Night) -> None:
    duty_id, now = missed(giao_thua), giao_thua.look(at(20, 0))
    for wrong, code in (
        (Stood("O1", START), "stand_in.holder"),
        (Stood("O3", START - timedelta(minutes=1)), "stand_in.from"),
        (Stood("O3", now + timedelta(minutes=1)), "stand_in.from"),
        (Stood("O3", START, START), "stand_in.until"),
        (Stood("O3", START, now + timedelta(minutes=1)), "stand_in.until"),
    ):
        with pytest.raises(Invalid) as refused:
            stand_ins.note(duty_id, wrong, actor=factories.ADMIN, now=now)
        assert refused.value.code == code
    other = giao_thua.duty("operations", 4).id
    with pytest.raises(Conflict, match="stand_in.not_missed"):
        stand_ins.note(other, Stood("O3", START), actor=factories.ADMIN, now=now)
    stranger = Actor(name="khác", role="manager", via="session", unit_id=giao_thua.roster.unit_id + 1000)
    with pytest.raises(Forbidden):
        stand_ins.note(duty_id, Stood("O3", START), actor=stranger, now=now)
    stood(giao_thua, duty_id, now)
    stood(giao_thua, duty_id, now, code="L1")
    assert db.session.scalars(select(StandIn)).one().person_id == giao_thua.roster.person["L1"]
    stand_ins.withdraw(duty_id, actor=factories.ADMIN, now=now)
    with pytest.raises(Conflict, match="stand_in.none"):
        stand_ins.withdraw(duty_id, actor=factories.ADMIN, now=now)


def test_a_manager_notes_it_in_one_tap_and_the_hours_page_says_so(giao_thua: Night, client: Any) -> None:
    missed(giao_thua)
    giao_thua.look(at(20, 0))
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=at(20, 0), actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    name = people.person_by_code("O3").full_name
    page = client.get("/roster/presence/?unit=TINH").text
    assert f"Ghi {name} trực thay từ 19:30" in page
    address = html.unescape(re.findall(r'action="([^"]+/stand-in[^"]*)"', page)[0])
    wrong = client.post(address, data={"do": "note", "person": "O3", "from": "tối qua"})
    assert wrong.status_code == 422 and "tối qua" in wrong.text
    unknown = client.post(address, data={"do": "note", "person": "KHONG", "from": "24/01/2020 19:30"})
    assert unknown.status_code == 404 and "KHONG" in unknown.text
    from_at = re.findall(r'name="from" value="([^"]+)"', page)[0]
    assert client.post(address, data={"do": "note", "person": "O3", "from": from_at}).status_code == 303
    assert f"{name} trực thay từ 19:30" in " ".join(client.get("/roster/presence/?unit=TINH").text.split())
    giao_thua.go(DAWN + timedelta(minutes=1))
    listed = client.get(f"/roster/campaigns/{giao_thua.roster.campaign_id}/hours/people/O3").text
    assert f"trực thay {people.person_by_code('O1').full_name}" in listed
    assert client.post(address, data={"do": "withdraw"}).status_code == 303


@pytest.mark.both_dbs("two note it at once: one row a duty, under the lock of whose duty it is")
def test_two_managers_at_once_leave_one_word(giao_thua: Night, app: Flask) -> None:
    duty_id, now = missed(giao_thua), giao_thua.look(at(20, 0))

    def say(number: int) -> str:
        stand_ins.note(duty_id, Stood(("O3", "L1")[number], START), actor=factories.ADMIN, now=now)
        return "noted"

    assert in_parallel(app, 2, say) == ["noted", "noted"]
    assert len(db.session.scalars(select(StandIn)).all()) == 1
