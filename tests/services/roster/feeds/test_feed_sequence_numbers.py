"""What is kept of feeds: rendered once, and SEQUENCE and stamps grow exactly when an event's bytes change."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from hypothesis import example, given, strategies as st
from sqlalchemy import delete, select, text, update

from core.db import transaction
from duty.on_duty import rehearsals
from people.models import ContactMethod, DutyKind, Person, Unit
from roster.campaigns.models import Campaign
from roster.feeds import content, reading, services as subscriptions, watch
from roster.feeds.facts import Options
from roster.feeds.models import FeedDocument, FeedStamp, FeedSubscription, RenderedEvent
from roster.feeds.sequence_numbers import EventMark, grown
from roster.resolver.models import DeskPhone
from tests.support import factories
from tests.support.examples import for_any
from tests.support.published import NOW, Published, feed
from tests.support.statements import statements

on_both = pytest.mark.both_dbs("triggers of each database count what changes")

Shown = dict[str, tuple[bytes, int, datetime]]


def shown(subscription: FeedSubscription, now: datetime) -> Shown:
    """UID → what the event says without its numbers, SEQUENCE, LAST-MODIFIED."""
    body = gzip.decompress(reading.answer(subscriptions.token_of(subscription), now=now).body or b"")
    found: Shown = {}
    for event in icalendar.Calendar.from_ical(body).walk("VEVENT"):
        sequence, stamp = int(event.pop("SEQUENCE")), event.pop("LAST-MODIFIED").dt
        assert event.pop("DTSTAMP").dt == stamp
        found[str(event["UID"])] = (event.to_ical(), sequence, stamp)
    return found


def run(model: Any, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(model).values(**values))


CHANGES: dict[str, Callable[[Published, str], None]] = {
    "a person renamed": lambda roster, word: _person(roster, full_name=f"Nguyễn {word}"),
    "a phone": lambda roster, word: _phone(f"0911{len(word):06}"),
    "a unit renamed": lambda roster, word: run(Unit, name=f"Bưu điện {word}"),
    "a unit moved": lambda roster, word: run(Unit, address=f"Số {word}"),
    "a desk's number": lambda roster, word: _desk(roster, f"0900{len(word):06}"),
    "a campaign renamed": lambda roster, word: run(Campaign, name=f"Tết {word}"),
    "a duty kind renamed": lambda roster, word: run(DutyKind, name_vi=f"Trực {word}"),
    "a shift given away": lambda roster, word: _give(roster, word),
    "nothing": lambda roster, word: run(Campaign, created_by=word),
}


def _person(roster: Published, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "O1").values(**values))


def _phone(address: str) -> None:
    of_o1 = select(Person.id).where(Person.code == "O1").scalar_subquery()
    with transaction() as session:
        mine = ContactMethod.person_id == of_o1, ContactMethod.channel == "phone"
        session.execute(update(ContactMethod).where(*mine).values(address=address))


def _desk(roster: Published, phone: str) -> None:
    with transaction() as session:
        session.merge(DeskPhone(unit_id=roster.unit_id, duty="operations", phone=phone))


def _give(roster: Published, word: str) -> None:
    with transaction() as session:
        statement = text("UPDATE duties SET template = :word WHERE seat_id = (SELECT min(seat_id) FROM duties)")
        session.execute(statement, {"word": word})


@pytest.mark.parametrize("change", [name for name in CHANGES if name != "nothing"])
def test_whatever_changes_what_an_event_says_makes_its_numbers_grow(roster: Published, change: str) -> None:
    subscription = feed("unit", unit_id=roster.unit_id, show_phones=True)
    before = shown(subscription, NOW)
    CHANGES[change](roster, "mới")
    after = shown(subscription, NOW)
    moved = {uid for uid in before if before[uid][0] != after[uid][0]}
    assert moved, "nothing that is shown has changed"
    assert moved == {uid for uid in before if after[uid][1] > before[uid][1] and after[uid][2] > before[uid][2]}
    assert all(before[uid] == after[uid] for uid in before if uid not in moved)


@on_both
@for_any(
    st.lists(
        st.tuples(st.sampled_from(sorted(CHANGES)), st.sampled_from(["An", "Bình", "Cả nhà"]), st.integers(-90, 600)),
        min_size=1,
        max_size=5,
    ),
    examples=20,
)
@example([("a person renamed", "An", 60), ("a person renamed", "Bình", -90), ("nothing", "An", -1)])
def test_other_bytes_and_grown_numbers_are_the_same_thing(
    db: Any, made: Published, steps: list[tuple[str, str, int]]
) -> None:
    """Also when the clock is put back, in any order of changes, by whichever feed is read first."""
    all_of_it = [feed("unit", unit_id=made.unit_id), feed("campaign", campaign_id=made.campaign_id)]
    now = NOW
    before = [shown(each, now) for each in all_of_it]
    for change, word, seconds in steps:
        CHANGES[change](made, word)
        now += timedelta(seconds=seconds)
        after = [shown(each, now) for each in all_of_it]
        for was, is_now in zip(before, after, strict=True):
            for uid in was:
                grew = is_now[uid][1] > was[uid][1] and is_now[uid][2] > was[uid][2]
                assert grew if is_now[uid][0] != was[uid][0] else is_now[uid] == was[uid]
        before = after


@pytest.fixture
def made(db: Any) -> Published:
    return Published()


@on_both
def test_an_event_is_rendered_once_for_all_calendars_that_show_it(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = Published()
    rendered = counted(monkeypatch)
    for each in (feed("unit", unit_id=roster.unit_id), feed("campaign", campaign_id=roster.campaign_id)):
        assert len(shown(each, NOW)) == 18
    assert len(rendered) == 18
    _person(roster, full_name="Nguyễn Văn Ổn")
    for each in (feed("unit", unit_id=roster.unit_id), feed("campaign", campaign_id=roster.campaign_id)):
        shown(each, NOW)
    # O1 has two shifts, and is named by those before and after.
    assert 18 < len(rendered) <= 18 + 6


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The UIDs that are rendered from now on."""
    rendered: list[str] = []
    real = content.feed_words.event

    def event(fact: Any, *args: Any, **kwargs: Any) -> bytes:
        rendered.append(fact.uid)
        return real(fact, *args, **kwargs)

    monkeypatch.setattr(content.feed_words, "event", event)
    return rendered


@on_both
def test_readers_at_the_same_time_render_a_change_once(app: Flask, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    token = subscriptions.token_of(feed("unit", unit_id=Published().unit_id))
    rendered, start, answers = counted(monkeypatch), threading.Barrier(4), []

    def read_feed() -> None:
        with app.app_context():
            start.wait()
            answers.append(reading.answer(token, now=NOW))

    db.session.rollback()
    readers = [threading.Thread(target=read_feed) for _each in range(4)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert len(answers) == 4 and len(set(answers)) == 1
    assert len(rendered) == 18


def test_who_comes_while_another_renders_gets_the_calendar_as_it_was(roster: Published, db: Any) -> None:
    token = subscriptions.token_of(feed("unit", unit_id=roster.unit_id))
    first = reading.answer(token, now=NOW)
    run(FeedDocument, claimed_until=NOW + timedelta(seconds=20))
    run(Unit, name="Bưu điện mới")
    assert reading.answer(token, now=NOW) == first
    # Whoever had it has died: its claim does not last.
    assert reading.answer(token, now=NOW + timedelta(seconds=20)).etag != first.etag


def test_when_nothing_changed_no_event_is_read(roster: Published, db: Any) -> None:
    token = subscriptions.token_of(feed("unit", unit_id=roster.unit_id))
    first = reading.answer(token, now=NOW)
    with statements() as asked:
        again = reading.answer(token, now=NOW, known={first.etag})
    assert again.etag == first.etag and again.body is None
    assert len(asked) <= 3 and not any("duties" in each or "feed_events" in each for each in asked)


@on_both
def test_what_is_kept_may_be_thrown_away_and_numbers_still_grow(db: Any) -> None:
    """As a restored copy of yesterday does."""
    subscription = feed("unit", unit_id=Published().unit_id)
    before = shown(subscription, NOW)
    with transaction() as session:
        session.execute(delete(RenderedEvent))
        session.execute(delete(FeedDocument))
    after = shown(subscription, NOW + timedelta(hours=1))
    assert all(after[uid][1] > before[uid][1] and after[uid][2] > before[uid][2] for uid in before)


def test_other_options_make_all_numbers_grow_and_never_fall_when_they_are_taken_back(roster: Published) -> None:
    subscription = feed("unit", unit_id=roster.unit_id)
    last = shown(subscription, NOW)
    for options in (Options("en", False, False), Options("vi", True, False), Options("vi", False, False)):
        subscriptions.change(subscription.id, options, now=NOW, actor=factories.ADMIN)
        now_shown = shown(subscription, NOW)
        assert all(now_shown[uid][1] > last[uid][1] for uid in last)
        last = now_shown


@on_both
def test_the_database_itself_counts_what_is_changed_by_hand_and_only_what_is_shown(db: Any) -> None:
    roster = Published()

    def version() -> int:
        db.session.rollback()
        found = db.session.query(FeedStamp.version).scalar()
        assert isinstance(found, int)
        return found

    before = version()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE people SET full_name = 'Y' WHERE code = 'O1'"))
        connection.execute(text("UPDATE people SET full_name = 'Z' WHERE code = 'O2'"))
    changed = version()
    assert changed > before
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE people SET full_name = 'Z' WHERE code = 'O2'"))
        connection.execute(text("UPDATE people SET no_night = true, max_shifts = 3"))
        connection.execute(text("UPDATE campaigns SET draft_version = draft_version + 1"))
    assert version() == changed
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.execute(update(Unit).values(name="nicht"))
        raise ZeroDivisionError
    assert version() == changed and roster.unit_id


@on_both
def test_every_table_that_is_watched_has_its_triggers_after_all_migrations(db: Any) -> None:
    catalogue = "pg_trigger" if db.engine.dialect.name == "postgresql" else "sqlite_master"
    column = "tgname" if catalogue == "pg_trigger" else "name"
    found = set(db.session.execute(text(f"SELECT {column} FROM {catalogue}")).scalars())
    wanted = {watch.name_of(table, verb) for table in watch.COLUMNS for verb in ("INSERT", "UPDATE", "DELETE")}
    assert wanted <= found


def test_a_rehearsal_of_the_published_roster_is_played_in_the_calendar_under_its_name(roster: Published) -> None:
    mine, all_of_it = feed("person", person_id=roster.person["O1"]), feed("unit", unit_id=roster.unit_id)
    first = set(shown(all_of_it, NOW))
    played = rehearsals.start(
        roster.campaign_id, play_at=NOW + timedelta(days=13), source="published", now=NOW, actor=factories.ADMIN
    )
    by_name = {uid: said.decode() for uid, (said, *_numbers) in shown(all_of_it, NOW).items() if uid not in first}
    assert len(by_name) == 3
    assert all(uid.startswith(f"rehearsal-{played.id}-seat-") and "DIỄN TẬP · " in by_name[uid] for uid in by_name)
    own = [said for uid, (said, *_n) in shown(mine, NOW).items() if uid.startswith("rehearsal")]
    assert len(own) <= 1
    assert set(shown(all_of_it, NOW + timedelta(days=1))) == first


@given(st.datetimes(datetime(2015, 1, 1), datetime(2060, 1, 1)), st.integers(0, 2**30), st.integers(-(10**9), 10**9))
def test_a_mark_grows_whatever_the_clock_says(at: datetime, sequence: int, apart: int) -> None:
    from datetime import UTC

    now = at.replace(tzinfo=UTC)
    before = EventMark(sequence, (now + timedelta(seconds=apart % 10**7)).replace(microsecond=0))
    after = grown(before, now)
    assert after.sequence > before.sequence and after.stamp > before.stamp
    assert after.stamp.microsecond == 0 and grown(None, now).sequence < 2**31
