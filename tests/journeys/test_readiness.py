"""What turns red when something breaks before the coming shifts, and quiet again when it is mended.

Three days of Tết Canh Tý, ten people of one unit, the eve at eight in the morning. Everybody has confirmed and can be
called, the worker runs, a copy was just taken: nothing is left to do until something breaks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.models import Setting
from core.observability import heartbeat
from desk.backups import schedule
from desk.readiness import services as readiness
from duty.time_off import answering
from duty.time_off.models import DayRequest
from notify import pause
from notify.gateways import breakers
from notify.gateways.breakers import GatewayTrial
from notify.models import Message
from people import queries as people
from people.absences import services as absence_services
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, ContactMethod, Person, Unit
from roster.confirmations import queries as confirmations, services as answers
from roster.coverage.proving import obligatory_kinds
from roster.draft import services as drafts
from roster.feeds import reading, services as subscriptions
from roster.feeds.models import FeedSubscription
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.reachability import report
from roster.resolver.models import DeskPhone
from roster.sources.models import Demand
from tests.support import enterprise, factories
from tests.support.factories import ADMIN
from tests.support.published import Published, feed

EIGHT = clock.at_local(date(2020, 1, 22), 8)


def everybody_confirms(roster: Published, now: datetime = EIGHT) -> None:
    for code, person_id in roster.person.items():
        seen = {duty.id: duty.sequence for duty in confirmations.coming(person_id, now=now)}
        who = Actor(name=code, role="staff", via="link", person_id=person_id)
        answers.answer_all(person_id, seen=seen, actor=who, now=now)


def leaves(now: datetime = EIGHT) -> None:
    """All that was written has left."""
    with transaction() as session:
        session.execute(update(Message).values(state="sent", hold_reason="", sent_at=now))


def all_is_well(app: Flask, roster: Published, now: datetime = EIGHT) -> None:
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    everybody_confirms(roster, now)
    with transaction() as session:
        session.execute(update(ContactMethod).values(verified_at=now))
        session.add(DeskPhone(unit_id=roster.unit_id, duty="operations", phone="02693871234"))
    leaves(now)
    heartbeat.beat(heartbeat.worker("one/0"), now=now)
    heartbeat.beat(schedule.GOOD, now=now)


@pytest.fixture
def eve(app: Flask, roster: Published) -> Iterator[Published]:
    with clock.travel(EIGHT):
        all_is_well(app, roster)
        accounts.create_user(
            NewAccount("ql", "Quản lý", "manager", unit_code="TINH", person_code="L1"), now=EIGHT, actor=ADMIN
        )
        db.session.execute(
            update(accounts.User).where(accounts.User.login == "ql").values(password_hash=enterprise.password_hash())
        )
        db.session.commit()
        yield roster


@pytest.fixture
def manager(eve: Published, client: FlaskClient) -> FlaskClient:
    enterprise.sign_in(client, "ql")
    return client


def see(client: FlaskClient, path: str = "/readiness/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def items(page: str) -> list[str]:
    return re.findall(r'<li data-code="(\w+)">', page)


def score(page: str) -> int:
    found = re.search(r'class="rd-sum"><b>(\d+)</b>', page)
    assert found is not None
    return int(found[1])


def lost(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'class="lost">−(\d+)', page)]


def test_nothing_is_left_and_what_was_looked_at_is_named(manager: FlaskClient) -> None:
    page = see(manager)
    assert score(page) == 100 and items(page) == [] and "Không còn việc nào" in page
    assert "14 mục đang ổn" in page and "bản sao dữ liệu" in page
    assert "Chưa có gì để xét: lịch trên điện thoại." in page, "nobody subscribes: that is not green"
    assert "T4 22/01 – T3 28/01" in page and "tính trên 1 đơn vị có nhu cầu trong 1" in page
    # Wednesday has no shifts, then three days of six.
    assert re.findall(r'<td class="num">(?:<span class="mute">)?([\d–]+)', page)[:5] == ["–", "6", "6", "6", "–"]


Hand = Callable[[Published], Any]


def empty_seat(roster: Published) -> None:
    shift = roster.shifts("operations")[3]
    drafts.set_people(shift, [], actor=ADMIN, now=EIGHT)
    publishing.publish(roster.campaign_id, PublishTerms(accept_gaps="Chờ người"), actor=ADMIN, now=EIGHT)


def fill_seat(roster: Published) -> None:
    roster.reassign("operations", 3, "O1", at=EIGHT + timedelta(minutes=1))
    everybody_confirms(roster, EIGHT + timedelta(minutes=1))


def fall_ill(_roster: Published) -> None:
    absence_services.add_absence("O1", date(2020, 1, 23), date(2020, 1, 23), "sick", note="sốt", actor=ADMIN, now=EIGHT)


def recover(_roster: Published) -> None:
    absence_services.remove_absence(db.session.scalars(select(Absence.id)).one(), actor=ADMIN, now=EIGHT)


def cannot(roster: Published) -> None:
    answers.answer(roster.seat("operations", 0), "refused", note="gọi 08:00", actor=ADMIN, now=EIGHT)


def can_after_all(roster: Published) -> None:
    answers.answer(roster.seat("operations", 0), "confirmed", note="gọi 08:10", actor=ADMIN, now=EIGHT)


def another_takes_it(roster: Published) -> None:
    roster.reassign("operations", 0, "O4", at=EIGHT)
    leaves()


def lose_address(roster: Published) -> None:
    with transaction() as session:
        session.execute(delete(ContactMethod).where(ContactMethod.person_id == roster.person["E1"]))


def get_address(roster: Published) -> None:
    with transaction() as session:
        session.add(
            ContactMethod(
                person_id=roster.person["E1"], channel="email", address="e1@buudien.example", verified_at=EIGHT
            )
        )


def proven(at: datetime | None) -> Hand:
    def write(roster: Published) -> None:
        with transaction() as session:
            mine = ContactMethod.person_id == roster.person["E1"]
            session.execute(update(ContactMethod).where(mine).values(verified_at=at))

    return write


def draft(code: str) -> Hand:
    return lambda roster: drafts.set_people(
        roster.shifts("operations")[0], [code], override_reason="Đổi", actor=ADMIN, now=EIGHT
    )


def read_at(at: datetime) -> Hand:
    def write(roster: Published) -> None:
        if db.session.scalar(select(FeedSubscription.id)) is None:
            feed("person", person_id=roster.person["O1"])
        with transaction() as session:
            session.execute(update(FeedSubscription).values(last_fetched_at=at, days_fetched=3))

    return write


def phone(number: str) -> Hand:
    def write(_roster: Published) -> None:
        with transaction() as session:
            session.execute(delete(DeskPhone))
            session.execute(update(Unit).values(phone=number))

    return write


def new_office(roster: Published) -> None:
    parent = db.session.get_one(Unit, roster.unit_id)
    factories.make_demand(factories.make_unit("BDH", parent=parent, name="Bưu điện huyện"), form="standby")


def no_demand_there(_roster: Published) -> None:
    with transaction() as session:
        there = select(Unit.id).where(Unit.code == "BDH")
        session.execute(delete(Demand).where(Demand.unit_id.in_(there)))


def beat(name: str, at: datetime) -> Hand:
    return lambda _roster: heartbeat.beat(name, now=at)


def restored(_roster: Published) -> None:
    with transaction() as session:
        session.add(Setting(key=pause.KEY, value=pause.value(EIGHT, EIGHT - timedelta(hours=9))))


def resumed(_roster: Published) -> None:
    with transaction() as session:
        pause.end(session)


def mail_fails(_roster: Published) -> None:
    with transaction():
        for _turn in range(9):
            breakers.note([GatewayTrial("email", "connection refused")], now=EIGHT)


def mail_works(_roster: Published) -> None:
    with transaction():
        breakers.note([GatewayTrial("email")], now=EIGHT)


def asks_for_leave(_roster: Published) -> None:
    person = people.person_by_code("O4")
    own = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
    absence_services.add_absence("O4", date(2020, 1, 28), date(2020, 1, 30), "annual_leave", actor=own, now=EIGHT)


def is_answered(_roster: Published) -> None:
    [row] = db.session.scalars(select(DayRequest)).all()
    answering.answer({row.id: row.sequence}, "accepted", "", actor=ADMIN, now=EIGHT)


WORKER = heartbeat.worker("one/0")
LONG_AGO = EIGHT - timedelta(hours=26)
CASES: dict[str, tuple[str, Hand, Hand, str, str, int]] = {
    # what breaks: the item, what breaks and mends it, what is said, where its button leads, what it costs
    "nobody on it": ("gaps", empty_seat, fill_seat, "1 lượt chưa có người", "/roster/shifts/", 2),
    "ill": ("unsure", fall_ill, recover, "1 lượt không chắc", "/covers?for=O1", 2),
    "refused": ("unsure", cannot, can_after_all, "1 lượt không chắc", "/covers?for=O1", 2),
    "silent": (
        "unconfirmed",
        another_takes_it,
        everybody_confirms,
        "1 lượt chưa xác nhận, trực trong 72 giờ tới",
        "/confirmations",
        1,
    ),
    "no address": ("unreachable", lose_address, get_address, "1 người trực không gọi được", "/roster/unreachable", 1),
    "never tried": (
        "unproven",
        proven(None),
        proven(EIGHT),
        "1 người trực chưa xác nhận cách liên lạc nào",
        "/roster/unreachable#people",
        1,
    ),
    "other draft": ("changed", draft("O4"), draft("O1"), "bản nháp khác bản đã ban hành", "/publish/part", 1),
    "stale calendar": (
        "calendars",
        read_at(LONG_AGO),
        read_at(EIGHT),
        "Lịch trên điện thoại của Nguyễn Văn O1 không đọc được 26 giờ",
        "/people/person/O1",
        1,
    ),
    "asks for leave": (
        "requests",
        asks_for_leave,
        is_answered,
        "1 đề nghị nghỉ chưa trả lời",
        "/roster/requests",
        1,
    ),
    "no number": ("phones", phone(""), phone("02693871000"), "1 nơi trực tại chỗ chưa có số máy", "unit=TINH", 1),
    "no list": ("unlisted", new_office, no_demand_there, "1 đơn vị chưa có lịch ban hành", "/roster/campaigns/", 2),
    "old copy": (
        "copies",
        beat(schedule.GOOD, LONG_AGO),
        beat(schedule.GOOD, EIGHT),
        "Bản sao dữ liệu mới nhất đã 26 giờ",
        "/system/#copies",
        1,
    ),
    "no worker": ("engine", beat(WORKER, LONG_AGO), beat(WORKER, EIGHT), "Máy báo động không chạy", "/system/", 60),
    "restored": ("paused", restored, resumed, "Đang tạm dừng gửi tin", "/system/sending/", 60),
    "mail is down": ("channels", mail_fails, mail_works, "Thư đang hỏng", "/system/#gateways", 60),
}


@pytest.mark.parametrize("what", CASES)
def test_it_turns_red_and_is_quiet_again(what: str, eve: Published, manager: FlaskClient) -> None:
    code, breaks, mends, said, leads_to, points = CASES[what]
    breaks(eve)
    page = see(manager)
    assert items(page) == [code], "one thing broke, one thing is said"
    assert said in page
    assert (score(page), lost(page)) == (100 - points, [points])
    assert page.count("btn go small") == 1, "only the first button is red"
    button = re.search(r'class="btn go small" href="([^"]+)"', page)
    assert button is not None and leads_to in html.unescape(button[1])
    assert manager.get(html.unescape(button[1])).status_code == 200
    mends(eve)
    page = see(manager)
    assert items(page) == [] and score(page) == 100


def fetch(url: str, at: datetime) -> None:
    reading.answer(url.rsplit("/", 1)[1].removesuffix(".ics"), now=at, reader="iOS/17.0 dataaccessd/1.0")


def test_a_calendar_that_somebody_only_looked_at_is_not_missed(eve: Published, manager: FlaskClient) -> None:
    url = subscriptions.url_of(feed("person", person_id=eve.person["O1"]))
    for minutes in (0, 7, 40):
        fetch(url, LONG_AGO + timedelta(minutes=minutes))
    assert items(see(manager)) == [] and "Chưa có gì để xét: lịch trên điện thoại." in see(manager)


def test_a_calendar_that_came_on_three_days_is_missed_for_a_month(eve: Published, manager: FlaskClient) -> None:
    url = subscriptions.url_of(feed("person", person_id=eve.person["O1"]))
    for days in (40, 39, 38):
        fetch(url, EIGHT - timedelta(days=days))
    assert items(see(manager)) == [], "given up long ago"
    fetch(url, EIGHT - timedelta(days=29))
    assert items(see(manager)) == ["calendars"]
    fetch(url, EIGHT - timedelta(hours=1))
    assert items(see(manager)) == []


def test_the_points_add_up_and_the_heaviest_comes_first(eve: Published, manager: FlaskClient) -> None:
    for what in ("old copy", "never tried", "ill", "no worker"):
        CASES[what][1](eve)
    page = see(manager)
    assert items(page) == ["engine", "unsure", "unproven", "copies"]
    assert lost(page) == [60, 2, 1, 1] and score(page) == 36
    assert "4 việc còn lấy mất 64 điểm" in page and "Xong 3 việc đầu: 99." in page
    assert page.count("btn go small") == 1


def test_a_seat_is_counted_on_its_day(eve: Published, manager: FlaskClient) -> None:
    """O1's day on the 23rd is in doubt, the night of the 24th is empty, that of the 25th waits for O4."""
    eve.reassign("operations", 5, "O4", at=EIGHT)
    empty_seat(eve)
    fall_ill(eve)
    answer = manager.get("/api/v1/readiness")
    assert answer.status_code == 401, "calls have keys of their own"
    seen = readiness.view_readiness(factories.manager_of(eve.unit_id), now=EIGHT + timedelta(minutes=1)).readiness
    days = {each.day.day: (each.seats, each.missing, each.unsure, each.waiting) for each in seen.days}
    assert days[23] == (6, 0, 1, 0) and days[24] == (6, 1, 0, 0) and days[26] == (0, 0, 0, 0)
    assert days[25] == (6, 0, 0, 0), "more than 72 hours ahead nobody is rung yet"
    later = clock.at_local(date(2020, 1, 23), 9)
    seen = readiness.view_readiness(factories.manager_of(eve.unit_id), now=later).readiness
    assert {each.day.day: each.waiting for each in seen.days}[25] == 1


def test_a_shift_that_was_cut_up_wholly_lacks_nobody(eve: Published, manager: FlaskClient) -> None:
    """Two on a night both gave the same half away: the pieces are shifts, and the night itself has no seat left."""
    night = db.session.get_one(Shift, eve.shifts("operations")[1])
    columns = {each.key: getattr(night, each.key) for each in Shift.__table__.columns}
    del columns["id"]
    with transaction() as session:
        session.add(Shift(**columns | {"headcount": 0, "template": "Đêm, đã chia"}))
    assert obligatory_kinds() >= {"operations"}
    assert items(see(manager)) == [] and report.short(None, now=EIGHT) == []


def test_a_list_that_reached_nobody_is_said_until_they_answer(app: Flask, eve: Published, manager: FlaskClient) -> None:
    """No gateway was there when the change was published: the message waits for a click and O4 knows nothing."""
    app.config["MAIL_URL"] = None
    eve.reassign("operations", 0, "O4", at=EIGHT)
    app.config["MAIL_URL"] = "smtp://127.0.0.1:9"
    page = see(manager)
    assert items(page) == ["unconfirmed", "untold"]
    assert "1 người chưa được báo lịch đã ban hành" in page and f"/roster/campaigns/{eve.campaign_id}/by-hand" in page
    answers.answer(eve.seat("operations", 0), "confirmed", note="gọi 08:10, nhận lời", actor=ADMIN, now=EIGHT)
    assert items(see(manager)) == []


def test_without_any_channel_a_full_roster_is_worth_less_than_half(
    app: Flask, eve: Published, manager: FlaskClient
) -> None:
    """Two reasons why nobody is called cost no more than one. A stated trial copy is excused."""
    app.config["MAIL_URL"] = None
    page = see(manager)
    assert items(page) == ["channels"] and score(page) == 40 and "Chưa nối kênh nào" in page
    heartbeat.beat(WORKER, now=LONG_AGO)
    page = see(manager)
    assert items(page) == ["engine", "channels"] and lost(page) == [59, 1] and score(page) == 40
    heartbeat.beat(WORKER, now=EIGHT)
    with transaction() as session:
        session.execute(update(Unit).values(is_demo=True))
    page = see(manager)
    assert score(page) == 100 and "Bản dùng thử: chưa nối cổng gửi nào, không ai được gọi: kênh gửi." in page
    app.config["APP_ENV"] = "production"
    assert items(see(manager)) == ["channels"], "production is no trial"


def test_a_channel_by_which_nothing_ever_left_is_not_called_well(eve: Published, manager: FlaskClient) -> None:
    with transaction() as session:
        session.execute(update(Message).values(state="cancelled"))
    page = see(manager)
    assert "Đã nối nhưng chưa gửi tin nào, chưa biết có chạy không: kênh gửi." in page


def test_a_draft_of_another_unit_is_a_list_to_come_until_it_is_published(eve: Published, manager: FlaskClient) -> None:
    unit = factories.make_unit("BDH", parent=db.session.get_one(Unit, eve.unit_id), name="Bưu điện huyện")
    factories.make_demand(unit, "support", form="standby")
    campaign = factories.make_campaign(unit, now=EIGHT)
    page = see(manager)
    assert items(page) == ["unlisted"] and f"/roster/campaigns/{campaign.id}" in page and "Bưu điện huyện" in page
    assert "trước 07:30 23/01" in page
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Chưa có người"), actor=ADMIN, now=EIGHT)
    page = see(manager)
    assert items(page) == ["unlisted"], "published with nobody on it is no list"


def test_whoever_answers_for_a_part_hears_of_that_part(eve: Published, manager: FlaskClient) -> None:
    """An office below has nothing published. Its manager hears of that, not of the province's O1, nor of the copies."""
    new_office(eve)
    fall_ill(eve)
    heartbeat.beat(schedule.GOOD, now=LONG_AGO)
    assert items(see(manager)) == ["unlisted", "unsure", "copies"], "of what costs the same the earlier first"
    below = db.session.scalars(select(Unit).where(Unit.code == "BDH")).one()
    seen = readiness.view_readiness(factories.manager_of(below.id), now=EIGHT)
    assert [each.code for each in seen.readiness.items] == ["unlisted"]
    assert seen.readiness.unjudged["copies"] == "elsewhere" and seen.readiness.wanting == 1
    page = see(manager, "/readiness/?unit=BDH")
    assert items(page) == ["unlisted"] and "xét ở đơn vị cao nhất" in page
    assert manager.get("/readiness/?unit=KHONG-CO").status_code == 404
    assert manager.get("/readiness/?campaign=999999").status_code == 404
    assert items(see(manager, f"/readiness/?campaign={eve.campaign_id}")) == ["unlisted", "unsure", "copies"]
    manager.post("/language", data={"language": "en"})
    assert "Ready for the next seven days" in see(manager)


def test_how_somebody_is_reached_is_told_at_home_too(eve: Published) -> None:
    """E1 is moved to the office below, goes on serving the province, and loses the only address."""
    below = factories.make_unit("BDH", parent=db.session.get_one(Unit, eve.unit_id), name="Bưu điện huyện")
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "E1").values(unit_id=below.id))
    lose_address(eve)
    for unit_id in (eve.unit_id, below.id):
        found = readiness.view_readiness(factories.manager_of(unit_id), now=EIGHT).readiness
        assert [(each.count, each.points) for each in found.items if each.code == "unreachable"] == [(1, 1)]
    other = factories.make_unit("BDK", parent=db.session.get_one(Unit, eve.unit_id))
    assert readiness.view_readiness(factories.manager_of(other.id), now=EIGHT).readiness.items == ()


def test_the_call_says_the_same_in_codes(eve: Published, client: FlaskClient) -> None:
    """A key of the province; one of the office below, which may not ask about the province; one that only reads."""
    new_office(eve)
    fall_ill(eve)
    tokens = {
        name: keys.create_api_key(keys.NewApiKey(name, role, unit), now=EIGHT, actor=ADMIN)[1]
        for name, role, unit in (("all", "manager", "TINH"), ("below", "manager", "BDH"), ("reads", "viewer", "TINH"))
    }

    def ask(who: str, query: str = "") -> Any:
        return client.get(f"/api/v1/readiness{query}", headers={"Authorization": f"Bearer {tokens[who]}"})

    found = ask("all").json
    assert found["score"] == 96 and found["units"] == 2 and [each["on"] for each in found["days"]][0] == "2020-01-22"
    first, second = found["items"]
    assert (first["code"], first["severity"], first["unit"], first["points"]) == ("unlisted", "must", "BDH", 2)
    assert (second["code"], second["people"], second["unit"]) == ("unsure", ["O1"], "TINH")
    assert second["shifts"] == [eve.shifts("operations")[0]] and second["due"] == "2020-01-23T07:30:00+07:00"
    assert second["remedy"]["url"].endswith("/covers?for=O1") and second["since"] is None
    assert "gaps" in found["fine"] and {"code": "calendars", "why": "nothing"} in found["unjudged"]
    below = ask("below").json
    assert [each["code"] for each in below["items"]] == ["unlisted"] and below["units"] == 1
    assert ask("below", "?unit=TINH").status_code == 403 and ask("all", "?unit=BDH").json["units"] == 1
    assert ask("reads").status_code == 403
    assert ask("all", "?unit=KHONG").status_code == 404 and ask("all", "?campaign=99").status_code == 404
    assert ask("all", "?campaign=x").status_code == 422
    assert [each["code"] for each in ask("all", f"?campaign={eve.campaign_id}").json["items"]] == ["unlisted", "unsure"]
