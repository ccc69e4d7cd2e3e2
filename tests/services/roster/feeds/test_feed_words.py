"""What an event of a feed says: people, campaign, lunar day, place, colour; in either language."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import icalendar
from sqlalchemy import update

from core.db import transaction
from people.access import guard
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Unit
from roster.draft import services as drafts
from roster.feeds import reading, services as subscriptions
from roster.feeds.models import FeedAddress, FeedSubscription
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from tests.support import factories
from tests.support.enterprise import PASSWORD, sign_in
from tests.support.published import NOW, Published, feed

NIGHT_BEFORE, GIAO_THUA, MUNG_1 = 1, 3, 4


def event(subscription: FeedSubscription, seat: int) -> Any:
    body = gzip.decompress(reading.answer(subscriptions.token_of(subscription), now=NOW).body or b"")
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return next(each for each in found if str(each["UID"]).split("@")[0].startswith(f"seat-{seat}"))


def test_it_names_who_hands_over_who_relieves_and_the_campaign(roster: Published) -> None:
    for subscription in (feed("unit", unit_id=roster.unit_id), feed("person", person_id=roster.person["O1"])):
        said = str(event(subscription, roster.seat("operations", GIAO_THUA))["DESCRIPTION"]).split("\n")
        assert "Nhận ca từ: Nguyễn Văn O3" in said and "Giao ca cho: Nguyễn Văn O2" in said
        assert "Đợt trực: Tết Canh Tý" in said and "Trực tại chỗ" in said


def test_it_names_those_who_serve_on_the_same_shift(db: Any) -> None:
    unit = factories.make_unit("TINH")
    people = [factories.make_person(code, unit, phone=f"09000002{code[1]}1") for code in ("A1", "A2")]
    factories.make_round_the_clock(unit)
    factories.make_demand(unit, "operations", "Đôi", "12:00", 2, headcount=2)
    campaign = factories.make_campaign(unit)
    from roster.models import Shift

    shift = db.session.query(Shift).filter_by(template="Đôi").order_by(Shift.starts_at).first()
    drafts.set_people(shift.id, ["A1", "A2"], override_reason="thử", actor=factories.ADMIN, now=NOW)
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=factories.ADMIN, now=NOW)
    mine = feed("person", person_id=people[0].id)
    seat = shift.seats[0].id
    assert "Cùng ca: Nguyễn Văn A2" in str(event(mine, seat)["DESCRIPTION"]).split("\n")
    with_phones = feed("person", person_id=people[0].id, show_phones=True)
    assert "Cùng ca: Nguyễn Văn A2 (0900 000 221)" in str(event(with_phones, seat)["DESCRIPTION"])


def test_the_night_that_crosses_into_the_new_year_says_so(roster: Published) -> None:
    shared = feed("unit", unit_id=roster.unit_id)
    night = str(event(shared, roster.seat("operations", GIAO_THUA))["DESCRIPTION"]).split("\n")[0]
    assert night == "30 tháng Chạp năm Kỷ Hợi (Giao thừa), sang Mùng 1 tháng Giêng năm Canh Tý"
    before = str(event(shared, roster.seat("operations", NIGHT_BEFORE))["DESCRIPTION"]).split("\n")[0]
    assert before == "29 tháng Chạp năm Kỷ Hợi"
    after = str(event(shared, roster.seat("operations", MUNG_1))["DESCRIPTION"]).split("\n")[0]
    assert after == "Mùng 1 tháng Giêng năm Canh Tý"


def test_its_place_is_the_unit_with_its_address_and_its_colour_that_of_the_kind(roster: Published) -> None:
    with transaction() as session:
        session.execute(update(Unit).values(address="12 Trần Phú, Pleiku"))
    shared = feed("unit", unit_id=roster.unit_id)
    shown = [event(shared, roster.seat(duty, 0)) for duty in ("leadership", "operations", "emergency")]
    assert {str(each["LOCATION"]) for each in shown} == {"Bưu điện tỉnh, 12 Trần Phú, Pleiku"}
    assert [str(each["COLOR"]) for each in shown] == ["purple", "steelblue", "chocolate"]


def test_in_english_it_is_english_and_busy_only_where_that_was_chosen(roster: Published) -> None:
    english = feed("unit", unit_id=roster.unit_id, lang="en", busy=True)
    shown = event(english, roster.seat("operations", GIAO_THUA))
    assert "Takes over from: Nguyễn Văn O3" in shown["DESCRIPTION"] and "Campaign: Tết Canh Tý" in shown["DESCRIPTION"]
    assert "Lunar New Year's Eve" in shown["DESCRIPTION"] and "Trực" not in shown["SUMMARY"]
    assert shown["TRANSP"] == "OPAQUE"
    assert event(feed("unit", unit_id=roster.unit_id), roster.seat("operations", 0))["TRANSP"] == "TRANSPARENT"


def test_an_address_of_another_key_is_not_read_again_but_goes_on(roster: Published, app: Any) -> None:
    shared = feed("unit", unit_id=roster.unit_id)
    token = subscriptions.token_of(shared)
    app.config["SECRET_KEY"] = "another key, quite as long as it ought to be"
    assert subscriptions.token_of(shared) == subscriptions.url_of(shared) == ""
    assert reading.answer(token, now=NOW + timedelta(hours=1)).body


def test_the_page_of_such_a_feed_says_so(roster: Published, app: Any, client: Any) -> None:
    user = accounts.create_user(
        NewAccount("o1", "O1", "staff", person_code="O1", password=PASSWORD), now=NOW, actor=factories.ADMIN
    )
    mine = feed("person", person_id=roster.person["O1"], actor=guard.actor_of(user))
    number = mine.id
    sign_in(client, "o1")
    with transaction() as session:
        session.execute(update(FeedAddress).values(sealed="of another key"))
    assert "Khóa của hệ thống đã đổi" in client.get(f"/me/feeds/{number}").text
    assert client.get("/me/").status_code == 200
