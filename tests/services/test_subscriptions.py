"""Feeds: who may have one, what it shows, and that it changes only with the facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import event, update

from core.actor import Actor
from core.db import transaction
from core.errors import Forbidden, Gone, NotFound
from people import keys
from people.models import Person
from roster import subscriptions
from roster.models import DeskPhone
from tests.support import factories
from tests.support.published import NOW, Published, feed


@pytest.fixture
def roster(db: Any) -> Published:
    return Published()


def events(subscription: Any, now: Any = NOW) -> dict[str, Any]:
    body, _etag = subscriptions.body_and_etag(subscription, now=now)
    return {str(each["UID"]).split("@")[0]: each for each in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def seats_of(roster: Published, duty: str, *turns: int) -> set[str]:
    return {f"seat-{roster.seat(duty, turn)}" for turn in turns}


def actor(role: Any, unit_id: int | None, person_id: int | None = None) -> Actor:
    return Actor(name="Ai đó", role=role, via="session", user_id=77, person_id=person_id, unit_id=unit_id)


def test_each_scope_shows_what_it_is_named_after(roster: Published) -> None:
    mine = events(feed("person", person_id=roster.person["O1"]))
    assert set(mine) == seats_of(roster, "operations", 0, 3)
    assert len(events(feed("unit", unit_id=roster.unit_id))) == 18
    assert len(events(feed("campaign", campaign_id=roster.campaign_id))) == 18
    duty = events(feed("duty", unit_id=roster.unit_id, duty="operations"))
    assert set(duty) == seats_of(roster, "operations", *range(6))


def test_a_persons_feed_names_the_role_and_others_name_the_person(roster: Published) -> None:
    own = events(feed("person", person_id=roster.person["O1"]))[f"seat-{roster.seat('operations', 0)}"]
    assert own["SUMMARY"] == "Trực điều hành · Ngày"
    shared = events(feed("unit", unit_id=roster.unit_id))[f"seat-{roster.seat('operations', 0)}"]
    assert shared["SUMMARY"] == "Trực điều hành · Ngày · Nguyễn Văn O1"
    assert shared["DESCRIPTION"].startswith("29 tháng Chạp năm Kỷ Hợi")


def test_a_unit_feed_reaches_down_but_not_up(roster: Published) -> None:
    from people.queries import unit_by_id

    below = factories.make_unit("XA", parent=unit_by_id(roster.unit_id))
    assert events(feed("unit", unit_id=below.id)) == {}


def test_phones_are_shown_only_where_asked_and_permitted_and_read_at_once(roster: Published, db: Any) -> None:
    assert "0900 000 121" not in str(events(feed("unit", unit_id=roster.unit_id)))
    with pytest.raises(Forbidden):
        feed("unit", unit_id=roster.unit_id, show_phones=True, actor=actor("viewer", roster.unit_id))
    with_phones = feed("unit", unit_id=roster.unit_id, show_phones=True)
    asked: list[str] = []
    listener = lambda _c, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        shown = events(with_phones)
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    assert "Điện thoại: 0900 000 111" in str(shown[f"seat-{roster.seat('operations', 0)}"]["DESCRIPTION"])
    assert len([statement for statement in asked if "contact_methods" in statement]) == 1


def test_the_desks_number_is_always_there(roster: Published) -> None:
    with transaction() as session:
        session.add(DeskPhone(unit_id=roster.unit_id, duty="operations", phone="0900000991"))
    mine = events(feed("person", person_id=roster.person["O1"]))
    assert all("Điện thoại trực: 0900 000 991" in each["DESCRIPTION"] for each in mine.values())


def test_after_a_reassignment_the_uid_stays_the_sequence_grows_and_the_loser_sees_it_cancelled(
    roster: Published,
) -> None:
    loser, winner = feed("person", person_id=roster.person["O1"]), feed("person", person_id=roster.person["O4"])
    everyone = feed("unit", unit_id=roster.unit_id)
    seat = f"seat-{roster.seat('operations', 3)}"
    before = events(everyone)
    assert events(loser)[seat]["STATUS"] == "CONFIRMED" and events(winner) == {}
    roster.reassign("operations", 3, "O4")
    lost, got, shared = events(loser)[seat], events(winner)[seat], events(everyone)
    assert lost["STATUS"] == "CANCELLED" and lost["SUMMARY"] == "Đã hủy: Trực điều hành · Đêm"
    assert got["STATUS"] == shared[seat]["STATUS"] == "CONFIRMED"
    assert lost["SEQUENCE"] == got["SEQUENCE"] == shared[seat]["SEQUENCE"] == 2
    assert shared[seat]["SUMMARY"].endswith("O4")
    assert set(shared) == set(before)
    assert {uid for uid in before if shared[uid].to_ical() != before[uid].to_ical()} == {seat}


def test_giving_it_back_shows_it_again_with_a_higher_sequence(roster: Published) -> None:
    first = feed("person", person_id=roster.person["O1"])
    seat = f"seat-{roster.seat('operations', 3)}"
    roster.reassign("operations", 3, "O4")
    roster.reassign("operations", 3, "O1", at=NOW + timedelta(days=2))
    assert (events(first)[seat]["STATUS"], events(first)[seat]["SEQUENCE"]) == ("CONFIRMED", 3)


def test_what_was_cancelled_is_shown_for_sixty_days(roster: Published) -> None:
    first = feed("person", person_id=roster.person["O1"])
    seat = f"seat-{roster.seat('operations', 3)}"
    roster.reassign("operations", 3, "O4")
    assert seat in events(first, NOW + timedelta(days=60))
    assert seat not in events(first, NOW + timedelta(days=62))


def test_the_same_facts_give_the_same_bytes_and_a_change_of_name_gives_others(roster: Published) -> None:
    shared = feed("unit", unit_id=roster.unit_id)
    first = subscriptions.body_and_etag(shared, now=NOW)
    assert subscriptions.body_and_etag(shared, now=NOW + timedelta(days=9)) == first
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "O1").values(full_name="Nguyễn Văn Ổn"))
    body, etag = subscriptions.body_and_etag(shared, now=NOW)
    assert etag != first[1] and "Nguyễn Văn Ổn".encode() in body


def test_a_draft_is_never_subscribed_to(roster: Published) -> None:
    from roster import drafts

    shared = feed("unit", unit_id=roster.unit_id)
    first = subscriptions.body_and_etag(shared, now=NOW)
    shift = roster.shifts("operations")[3]
    drafts.set_people(shift, ["O4"], override_reason="thử", actor=factories.ADMIN, now=NOW)
    assert subscriptions.body_and_etag(shared, now=NOW) == first


def test_asking_twice_answers_the_same_address(roster: Published) -> None:
    one = feed("person", person_id=roster.person["O1"])
    again = feed("person", person_id=roster.person["O1"])
    assert subscriptions.url_of(one) == subscriptions.url_of(again)
    other = feed("person", person_id=roster.person["O1"], actor=actor("staff", roster.unit_id))
    assert subscriptions.url_of(other) != subscriptions.url_of(one)


def test_rotated_and_revoked_addresses_are_gone_and_invented_ones_unknown(roster: Published) -> None:
    one = feed("person", person_id=roster.person["O1"])
    old = subscriptions.token_of(one)
    assert subscriptions.by_token(old).id == one.id
    new = subscriptions.token_of(subscriptions.rotate(one.id, now=NOW, actor=factories.ADMIN))
    assert new != old and subscriptions.by_token(new).id == one.id
    with pytest.raises(Gone):
        subscriptions.by_token(old)
    subscriptions.revoke(one.id, now=NOW, actor=factories.ADMIN)
    for token in (new, old):
        with pytest.raises(Gone):
            subscriptions.by_token(token)
    for token in ("", "x", f"{one.id}", f"{one.id}.", f"{one.id}.x", "999.x", "١.x", f"{one.id}.{new[::-1]}"):
        with pytest.raises(NotFound):
            subscriptions.by_token(token)


def test_whoever_has_left_reads_no_more(roster: Published) -> None:
    own = feed("person", person_id=roster.person["O1"], actor=actor("staff", roster.unit_id, roster.person["O1"]))
    token = subscriptions.token_of(own)
    assert subscriptions.by_token(token).id == own.id
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "O1").values(active=False))
    with pytest.raises(Gone):
        subscriptions.by_token(token)


def test_the_feeds_of_a_revoked_key_and_the_keys_of_whoever_left_are_gone(roster: Published) -> None:
    key, secret = keys.create_api_key("Bảng treo", "staff", "TINH", "O1", now=NOW, actor=factories.ADMIN)
    by_key = keys.authenticate(secret, NOW)
    assert by_key is not None
    token = subscriptions.token_of(feed("person", person_id=roster.person["O1"], actor=by_key))
    assert subscriptions.by_token(token)
    keys.revoke_api_key(key.id, now=NOW, actor=factories.ADMIN)
    with pytest.raises(Gone):
        subscriptions.by_token(token)
    _key, secret = keys.create_api_key("Bảng khác", "staff", "TINH", "O1", now=NOW, actor=factories.ADMIN)
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "O1").values(active=False))
    assert keys.authenticate(secret, NOW) is None


def test_only_the_owner_and_administrators_touch_a_feed(roster: Published) -> None:
    staff = actor("staff", roster.unit_id, roster.person["O1"])
    own = feed("person", person_id=roster.person["O1"], actor=staff)
    stranger = Actor(name="Khác", role="manager", via="session", user_id=78, unit_id=roster.unit_id)
    for act in (subscriptions.rotate, subscriptions.revoke):
        with pytest.raises(NotFound):
            act(own.id, now=NOW, actor=stranger)
    assert [each.id for each in subscriptions.feeds_of(staff)] == [own.id]
    subscriptions.revoke(own.id, now=NOW, actor=factories.ADMIN)
    assert subscriptions.feeds_of(staff) == []


@pytest.mark.parametrize(
    "of", [{"person_id": 999}, {"unit_id": 999}, {"campaign_id": 999}, {"duty": "dragons", "unit_id": 1}]
)
def test_nothing_is_subscribed_to_what_is_not_there(roster: Published, of: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        feed("unit", **of)


def test_the_exported_file_has_the_events_of_the_campaigns_feed(roster: Published) -> None:
    whole = icalendar.Calendar.from_ical(subscriptions.campaign_calendar(roster.campaign, now=NOW))
    exported = {str(each["UID"]).split("@")[0] for each in whole.walk("VEVENT")}
    assert exported == set(events(feed("campaign", campaign_id=roster.campaign_id)))
