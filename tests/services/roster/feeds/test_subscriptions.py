"""Feeds: who may have one, what it shows, and that it changes only with the facts."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import event, update

from core import clock
from core.actor import Actor
from core.db import transaction
from core.errors import Forbidden, Gone, NotFound
from people import queries as people
from people.access import guard
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Person, Unit, User
from roster.draft import services as drafts
from roster.feeds import reading, services as subscriptions
from roster.feeds.content import KeptCalendar
from roster.feeds.models import FeedAddress, FeedDocument, FeedSubscription
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.resolver.models import DeskPhone
from tests.support import factories
from tests.support.published import NOW, Published, feed

LATER = NOW + timedelta(days=1, hours=1)


def kept(subscription: FeedSubscription, now: Any = NOW) -> KeptCalendar:
    return reading.answer(subscriptions.token_of(subscription), now=now)


def text_of(subscription: FeedSubscription, now: Any = NOW) -> str:
    return gzip.decompress(kept(subscription, now).body or b"").decode()


def events(subscription: FeedSubscription, now: Any = NOW) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(text_of(subscription, now)).walk("VEVENT")
    assert len({str(each["UID"]) for each in found}) == len(found)
    return {str(each["UID"]).split("@")[0]: each for each in found}


def seats_of(roster: Published, duty: str, *turns: int, person: str = "") -> set[str]:
    whose = f"-person-{roster.person[person]}" if person else ""
    return {f"seat-{roster.seat(duty, turn)}{whose}" for turn in turns}


def actor(role: Any, unit_id: int | None, person_id: int | None = None) -> Actor:
    return Actor(name="Ai đó", role=role, via="session", user_id=77, person_id=person_id, unit_id=unit_id)


def test_each_scope_shows_what_it_is_named_after(roster: Published) -> None:
    mine = events(feed("person", person_id=roster.person["O1"]))
    assert set(mine) == seats_of(roster, "operations", 0, 3, person="O1")
    whole = events(feed("unit", unit_id=roster.unit_id))
    starts = [each["DTSTART"].dt for each in whole.values()]
    assert len(whole) == 18 and starts == sorted(starts)
    assert len(events(feed("campaign", campaign_id=roster.campaign_id))) == 18
    duty = events(feed("duty", unit_id=roster.unit_id, duty="operations"))
    assert set(duty) == seats_of(roster, "operations", *range(6))


def test_a_persons_feed_names_the_role_and_others_name_the_person(roster: Published) -> None:
    (uid,) = seats_of(roster, "operations", 0, person="O1")
    own = events(feed("person", person_id=roster.person["O1"]))[uid]
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


def test_the_telephone_of_an_office_is_not_called_a_desks(roster: Published) -> None:
    mine = feed("person", person_id=roster.person["O1"])
    with transaction() as session:
        session.get_one(Unit, roster.unit_id).phone = "0269 3824 999"
    assert all("Điện thoại đơn vị: 0269 3824 999" in each["DESCRIPTION"] for each in events(mine).values())
    english = feed("person", person_id=roster.person["O1"], lang="en")
    assert all("Telephone of the unit: 0269 3824 999" in each["DESCRIPTION"] for each in events(english).values())
    # A desk gets that very number: nothing but its name changes, and calendars take it up.
    with transaction() as session:
        session.add(DeskPhone(unit_id=roster.unit_id, duty="operations", phone="02693824999"))
    said = [str(each["DESCRIPTION"]) for each in events(mine).values()]
    assert said and all("Điện thoại trực: 0269 3824 999" in each and "đơn vị:" not in each for each in said)


def test_after_a_reassignment_all_see_who_has_it_now_and_the_loser_alone_that_it_is_cancelled(
    roster: Published,
) -> None:
    loser, winner = feed("person", person_id=roster.person["O1"]), feed("person", person_id=roster.person["O4"])
    everyone = feed("unit", unit_id=roster.unit_id)
    (lost,), (got,), (seat,) = (seats_of(roster, "operations", 3, person=each) for each in ("O1", "O4", ""))
    before = events(everyone)
    assert events(loser)[lost]["STATUS"] == "CONFIRMED" and events(winner) == {}
    roster.reassign("operations", 3, "O4")
    assert events(loser, LATER)[lost]["STATUS"] == "CANCELLED"
    assert events(loser, LATER)[lost]["SUMMARY"] == "Đã hủy: Trực điều hành · Đêm"
    shared = events(everyone, LATER)
    assert events(winner, LATER)[got]["STATUS"] == shared[seat]["STATUS"] == "CONFIRMED"
    assert shared[seat]["SUMMARY"].endswith("O4") and set(shared) == set(before)
    assert shared[seat]["SEQUENCE"] > before[seat]["SEQUENCE"]
    # Those before and after name who hands over and who relieves: they changed, too, and nobody else.
    (earlier, later) = seats_of(roster, "operations", 2), seats_of(roster, "operations", 4)
    assert changed(before, shared) == {seat} | earlier | later
    # In the end nobody has it: everybody sees how the last of them lost it.
    day = NOW + timedelta(days=2)
    drafts.set_people(roster.shifts("operations")[3], [], actor=factories.ADMIN, now=day)
    publishing.publish(roster.campaign_id, PublishTerms(accept_gaps="thử"), actor=factories.ADMIN, now=day)
    given_up = events(everyone, day)[seat]
    assert given_up["STATUS"] == "CANCELLED" and given_up["SUMMARY"].endswith("O4")


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {uid for uid in before if after[uid].to_ical() != before[uid].to_ical()}


def test_in_one_calendar_the_losers_cancellation_hides_the_manned_shift_from_nobody(roster: Published) -> None:
    loser, everyone = feed("person", person_id=roster.person["O1"]), feed("unit", unit_id=roster.unit_id)
    roster.reassign("operations", 3, "O4")
    together = [*events(loser).items(), *events(everyone).items()]
    (seat,) = seats_of(roster, "operations", 3)
    assert len({uid for uid, _event in together}) == len(together)
    assert {uid for uid, event in together if event["STATUS"] == "CANCELLED"} == seats_of(
        roster, "operations", 3, person="O1"
    )
    assert not any(uid in seats_of(roster, "operations", 0, 3) for uid in events(loser))
    assert dict(together)[seat]["STATUS"] == "CONFIRMED"


def test_giving_it_back_shows_it_again_with_a_higher_sequence(roster: Published) -> None:
    first = feed("person", person_id=roster.person["O1"])
    (seat,) = seats_of(roster, "operations", 3, person="O1")
    shown = [events(first)[seat]]
    roster.reassign("operations", 3, "O4")
    shown.append(events(first, LATER)[seat])
    roster.reassign("operations", 3, "O1", at=NOW + timedelta(days=2))
    shown.append(events(first, NOW + timedelta(days=2))[seat])
    assert [each["STATUS"] for each in shown] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert shown[0]["SEQUENCE"] < shown[1]["SEQUENCE"] < shown[2]["SEQUENCE"]


def test_what_was_cancelled_is_shown_for_sixty_days(roster: Published) -> None:
    first = feed("person", person_id=roster.person["O1"])
    (seat,) = seats_of(roster, "operations", 3, person="O1")
    roster.reassign("operations", 3, "O4")
    assert seat in events(first, NOW + timedelta(days=60))
    assert seat not in events(first, NOW + timedelta(days=62))


def test_the_same_facts_give_the_same_bytes_and_a_change_of_name_gives_others(roster: Published) -> None:
    shared = feed("unit", unit_id=roster.unit_id)
    first = kept(shared)
    assert kept(shared, NOW + timedelta(days=9)) == first
    rename("O1", "Nguyễn Văn Ổn")
    second = kept(shared, LATER)
    assert second.etag != first.etag and second.changed_at > first.changed_at
    assert "Nguyễn Văn Ổn" in text_of(shared)


def rename(code: str, name: str) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.code == code).values(full_name=name))


def test_a_draft_is_never_subscribed_to(roster: Published) -> None:
    shared = feed("unit", unit_id=roster.unit_id)
    first = kept(shared)
    shift = roster.shifts("operations")[3]
    drafts.set_people(shift, ["O4"], override_reason="thử", actor=factories.ADMIN, now=NOW)
    assert kept(shared) == first


def test_asking_twice_answers_the_same_address(roster: Published) -> None:
    one = feed("person", person_id=roster.person["O1"])
    again = feed("person", person_id=roster.person["O1"])
    assert subscriptions.url_of(one) == subscriptions.url_of(again)
    other = feed("person", person_id=roster.person["O1"], actor=actor("staff", roster.unit_id))
    assert subscriptions.url_of(other) != subscriptions.url_of(one)


def test_rotated_and_revoked_addresses_are_empty_then_gone_and_invented_ones_unknown(roster: Published) -> None:
    one = feed("person", person_id=roster.person["O1"])
    old = subscriptions.token_of(one)
    assert shown(old) == 2
    new = subscriptions.token_of(subscriptions.rotate(one.id, now=NOW, actor=factories.ADMIN))
    assert new != old and (shown(new), shown(old)) == (2, 0)
    subscriptions.revoke(one.id, now=LATER, actor=factories.ADMIN)
    assert (shown(new, LATER), shown(old, LATER)) == (0, 0)
    for token in (new, old):
        with pytest.raises(Gone):
            reading.answer(token, now=LATER + timedelta(days=30))
    for token in ("", "x", f"{one.id}", f"{one.id}.", f"{one.id}.x", "999.x", "١.x", "\udcff", new[::-1]):
        with pytest.raises(NotFound):
            reading.answer(token, now=NOW)


def shown(token: str, now: Any = NOW) -> int:
    """How many events an address answers."""
    body = gzip.decompress(reading.answer(token, now=now).body or b"")
    assert icalendar.Calendar.from_ical(body)["X-WR-CALNAME"]
    return len(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def test_a_revoked_feed_is_a_row_that_says_nothing_about_anybody(roster: Published, db: Any) -> None:
    one = feed("person", person_id=roster.person["O1"])
    reading.answer(subscriptions.token_of(one), now=NOW, reader="iPhone")
    subscriptions.revoke(one.id, now=LATER, actor=factories.ADMIN)
    row = db.session.get(FeedSubscription, one.id)
    assert (row.owner, row.person_id, row.last_fetched_by, row.last_fetched_at) == (None, None, "", None)
    assert [each.sealed for each in db.session.query(FeedAddress)] == [""]
    assert db.session.query(FeedDocument).count() == 0


def test_whoever_has_left_reads_an_empty_calendar_until_they_are_back(roster: Published) -> None:
    user = accounts.create_user(NewAccount("o1", "O1", "staff", person_code="O1"), now=NOW, actor=factories.ADMIN)
    token = subscriptions.token_of(feed("person", person_id=roster.person["O1"], actor=guard.actor_of(user)))
    first = reading.answer(token, now=NOW)
    active("O1", False)
    assert shown(token, LATER) == 0
    with pytest.raises(Gone):
        reading.answer(token, now=LATER + timedelta(days=30))
    active("O1", True)
    again = reading.answer(token, now=LATER + timedelta(days=31))
    assert again.etag == first.etag
    # A phone that asks by time has emptied itself meanwhile.
    assert again.changed_at >= LATER + timedelta(days=31)


def active(code: str, is_active: bool) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.code == code).values(active=is_active))


def test_the_feeds_of_a_revoked_key_and_the_keys_of_whoever_left_are_empty(roster: Published) -> None:
    key, secret = keys.create_api_key(
        keys.NewApiKey("Bảng treo", "staff", "TINH", "O1"), now=NOW, actor=factories.ADMIN
    )
    by_key = keys.identify(secret, NOW)
    assert by_key is not None
    token = subscriptions.token_of(feed("person", person_id=roster.person["O1"], actor=by_key.actor))
    assert shown(token) == 2
    keys.revoke_api_key(key.id, now=NOW, actor=factories.ADMIN)
    assert shown(token) == 0
    _key, secret = keys.create_api_key(
        keys.NewApiKey("Bảng khác", "staff", "TINH", "O1"), now=NOW, actor=factories.ADMIN
    )
    active("O1", False)
    assert keys.identify(secret, NOW) is None


def owner(role: str, unit: str = "TINH") -> User:
    return accounts.create_user(NewAccount("chu", "Chủ lịch", role, unit_code=unit), now=NOW, actor=factories.ADMIN)


def demote(user: User, unit_code: str = "TINH") -> None:
    unit = people.unit_by_code(unit_code)
    with transaction() as session:
        session.execute(update(User).where(User.id == user.id).values(role="viewer", unit_id=unit.id))


def test_a_demoted_owner_reads_no_phones_any_more_and_outside_the_own_unit_nothing(roster: Published) -> None:
    factories.make_unit("XA", parent=people.unit_by_id(roster.unit_id))
    user = owner("manager")
    with_phones = feed("unit", unit_id=roster.unit_id, show_phones=True, actor=guard.actor_of(user))
    first = events(with_phones)
    assert "0900 000 1" in text_of(with_phones)
    demote(user)
    second = events(with_phones, LATER)
    assert len(second) == 18 and "0900 000 1" not in text_of(with_phones, LATER)
    assert all(second[uid]["SEQUENCE"] > first[uid]["SEQUENCE"] for uid in first)
    demote(user, "XA")
    assert events(with_phones, LATER) == {}


def test_rights_lent_by_a_shift_make_and_show_no_feed(roster: Published) -> None:
    """L1 is leadership on duty, which lends a manager's rights for the night, but only a viewer of another unit."""
    factories.make_unit("XA", parent=people.unit_by_id(roster.unit_id))
    user = accounts.create_user(
        NewAccount("l1", "L1", "viewer", unit_code="XA", person_code="L1"), now=NOW, actor=factories.ADMIN
    )
    night = clock.at_local(date(2020, 1, 23), 8)
    assert resolver.on_duty_roles(roster.person["L1"], night) == [("leadership", roster.unit_id)]
    with pytest.raises(Forbidden):
        feed("unit", unit_id=roster.unit_id, actor=guard.actor_of(user), now=night)


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
    body = gzip.decompress(reading.campaign_calendar(roster.campaign, now=NOW).body or b"")
    whole = icalendar.Calendar.from_ical(body)
    exported = {str(each["UID"]).split("@")[0] for each in whole.walk("VEVENT")}
    assert exported == set(events(feed("campaign", campaign_id=roster.campaign_id)))
