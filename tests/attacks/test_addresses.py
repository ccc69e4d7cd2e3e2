"""Calendar addresses, attacked: one test for each line of what was found (5 to 10)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import event, func, insert, select, update
from werkzeug.datastructures import MultiDict

from core import clock
from core.db import transaction
from people.models import Person, Unit
from roster.campaigns.models import Campaign
from roster.models import Duty, Seat, Shift
from tests.support.enterprise import PASSWORD, sign_in
from tests.support.html_form import form_of
from tests.support.published import NOW, Published

DAY = timedelta(days=1)
PHONE = re.compile(r"09\d{2}[ .]?\d{3}[ .]?\d{3}")


@pytest.fixture(autouse=True)
def _january() -> Iterator[None]:
    with clock.travel(NOW):
        yield


def path(url: str) -> str:
    return urlsplit(url).path


def subscribed(who: Any, **body: Any) -> dict[str, Any]:
    answer = who("POST", "/feeds", body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def events(client: FlaskClient, address: str) -> dict[str, Any]:
    """UID → event, as a calendar program reads it."""
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return {str(each["UID"]): each for each in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}


def test_05_a_deleted_feed_never_shows_anothers_roster(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, api: Any
) -> None:
    """Whoever kept a calendar address of the demo reads on when the demo is gone and the first real feed is made: the
    ids are used again, and so are the address and the UIDs."""
    demo = Published()
    admin = api("admin")
    old = subscribed(admin, scope="campaign", of=str(demo.campaign_id))["url"]
    known = set(events(client, path(old)))
    assert len(known) == 18
    with transaction() as session:
        for model in (Campaign, Unit, Person):
            session.execute(update(model).values(is_demo=True))
    cleared = runner.invoke(args=["demo", "clear"])
    assert cleared.exit_code == 0, cleared.output

    real = Published()
    new = subscribed(api("admin"), scope="campaign", of=str(real.campaign_id))["url"]
    shown = client.get(path(old))
    assert "BEGIN:VEVENT" not in shown.text, "the address of a deleted feed shows somebody else's roster"
    assert shown.status_code in (200, 404, 410)
    assert new != old
    ours = set(events(client, path(new)))
    assert len(ours) == 18 and not ours & known, "a UID that left the house means something else now"


def test_06_a_demoted_persons_feed_serves_no_phones(
    client: FlaskClient, new_client: Any, runner: FlaskCliRunner, api: Any
) -> None:
    """A colleague subscribes to the unit with phones, is demoted to a mere viewer, and his phone goes on receiving
    everybody's numbers. Then his address is taken away: his phone must be emptied first, and told only later."""
    roster = Published()
    unit = ["--unit", "TINH"]
    for login, role, *more in (("sep", "admin"), ("kho", "staff", *unit, "--person", "O1")):
        arguments = ["users", "create", "--login", login, "--name", login, "--role", role, *more, "--password-stdin"]
        came = runner.invoke(args=arguments, input=PASSWORD + "\n")
        assert came.exit_code == 0, came.output
    sign_in(client, "kho")
    form = form_of(client.get("/me/feeds").text, "campaign")
    sent = MultiDict(form | {"campaign": str(roster.campaign_id), "show_phones": "y"})
    made = client.post("/me/feeds", data=sent)
    assert made.status_code == 303, made.text
    page = client.get(made.headers["Location"]).text
    address = re.search(r"/feeds/[\w.~-]+\.ics", page).group()  # type: ignore[union-attr]
    unfolded = client.get(address).text.replace("\r\n ", "")
    assert PHONE.search(unfolded), "the control: with the right, numbers are there"

    boss = new_client()
    sign_in(boss, "sep")
    accounts = boss.get("/people/accounts").text
    ids = re.findall(r"/people/accounts/(\d+)", accounts)
    mine = next(each for each in ids if "kho" in boss.get(f"/people/accounts/{each}").text)
    demoted = boss.post(f"/people/accounts/{mine}/role", data={"role": "viewer", "unit_code": "TINH"})
    assert demoted.status_code == 303, demoted.text
    with clock.travel(NOW + DAY):
        unfolded = client.get(address).text.replace("\r\n ", "")
    assert "BEGIN:VCALENDAR" in unfolded and not PHONE.search(unfolded)

    number = re.search(r"/me/feeds/(\d+)", made.headers["Location"]).group(1)  # type: ignore[union-attr]
    assert client.post(f"/me/feeds/{number}/revoke").status_code == 303
    with clock.travel(NOW + 29 * DAY):
        assert events(new_client(), address) == {}
    with clock.travel(NOW + 32 * DAY):
        gone = new_client().get(address)
    assert gone.status_code == 410 and gone.content_type.startswith("text/plain")


def test_07_a_losers_cancellation_hides_no_manned_shift(client: FlaskClient, api: Any) -> None:
    """Somebody imports their own duty and the unit's into one calendar. They lose a shift: the cancellation in their
    own feed has the same UID as the shift that is manned by another, and hides it."""
    roster = Published()
    admin = api("admin")
    feeds = [
        path(subscribed(admin, **body)["url"])
        for body in ({"scope": "person", "of": "O1"}, {"scope": "person", "of": "O4"}, {"scope": "unit", "of": "TINH"})
    ]
    before = events(client, feeds[2])
    roster.reassign("operations", 3, "O4")
    with clock.travel(NOW + 2 * DAY):
        read = [events(client, each) for each in feeds]
    assert set(read[2]) == set(before), "a seat keeps its UID in the unit's feed, whoever sits on it"
    for order in permutations(read):
        calendar: dict[str, Any] = {}
        for each in order:
            for uid, found in each.items():
                there = calendar.get(uid)
                if there is None or found["SEQUENCE"] >= there["SEQUENCE"]:
                    calendar[uid] = found
        manned = Counter(
            (each.decoded("DTSTART"), each.decoded("DTEND"))
            for each in calendar.values()
            if each["STATUS"] == "CONFIRMED" and each["UID"] in read[2]
        )
        assert sum(manned.values()) == 18, "a manned shift is shown as cancelled"


def test_08_whatever_changes_an_event_makes_its_stamps_grow(client: FlaskClient, api: Any) -> None:
    """A person is renamed, gets another number; a desk gets a number, a unit another name: the events' bytes change,
    their stamps do not, and a phone that looks at stamps shows nothing new."""
    Published()
    admin = api("admin")
    address = path(subscribed(admin, scope="unit", of="TINH", show_phones=True)["url"])
    person = {"code": "O1", "unit_code": "TINH", "full_name": "Nguyễn Văn O1", "phone": "0900000111"}
    person |= {"email": "o1@buudien.example", "duties": ["operations"], "position": "Nhân viên"}
    people = admin("GET", "/people?limit=200").json["items"]
    known = next(each for each in people if each["code"] == "O1")
    person = {name: known.get(name, value) for name, value in person.items()}
    unit = next(each for each in admin("GET", "/units").json["items"] if each["code"] == "TINH")

    def saved(what: str, body: dict[str, Any]) -> None:
        answer = admin("POST", what, body)
        assert answer.status_code in (200, 201), answer.text

    changes = [
        lambda: saved("/people", person | {"full_name": "Nguyễn Thị Tên Mới"}),
        lambda: saved("/people", person | {"full_name": "Nguyễn Thị Tên Mới", "phone": "0900000999"}),
        lambda: saved("/units", unit | {"name": "Bưu điện tỉnh mới"}),
    ]
    seen, changed = events(client, address), 0
    for turn, change in enumerate(changes, start=1):
        with clock.travel(NOW + turn * timedelta(hours=3)):
            change()
            now = events(client, address)
        assert set(now) == set(seen)
        for uid, event_ in now.items():
            stamps = [
                (each["SEQUENCE"], each.decoded("DTSTAMP"), each.decoded("LAST-MODIFIED"))
                for each in (seen[uid], event_)
            ]
            if event_.to_ical() != seen[uid].to_ical():
                changed += 1
                assert all(b > a for a, b in zip(*stamps, strict=True)), f"change {turn}: {stamps}"
            else:
                assert stamps[0] == stamps[1], f"change {turn}: nothing is new, but the stamps grew"
        seen = now
    assert changed >= 6, "the control: these changes are to be seen in events"


def test_09_an_event_says_with_whom_and_when_it_crosses_into_tet(client: FlaskClient, api: Any) -> None:
    """At 19:25 on the eve somebody looks at the phone: whom do I relieve, who comes after me, is it a rehearsal, until
    when? The event said none of it, and a phone that asks by date fetched everything anew."""
    Published()
    address = path(subscribed(api("admin"), scope="person", of="O1")["url"])
    # O1, O2, O3 take turns, 12 hours each: O1's second shift is the night of 24 January, after O3 and before O2.
    night = next(each for each in events(client, address).values() if each.decoded("DTSTART").hour == 19)
    said = " ".join(str(night.get(name, "")) for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))
    for wanted in ("Nguyễn Văn O3", "Nguyễn Văn O2", "Tết Canh Tý", "Mùng 1"):
        assert wanted in said, f"{wanted} is not in {said!r}"
    first = client.get(address)
    unchanged = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert unchanged.status_code == 304


def test_10_what_did_not_change_is_neither_rendered_nor_searched_again(
    app: Flask, db: Any, client: FlaskClient, new_client: Any, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Phones ask every quarter of an hour for what has not changed, and each answer cost a whole rendering; who is on
    duty now was found by reading all duties of all years. Work is counted here, not timed."""
    from icalendar.cal.component import Component

    written, real = Counter[str](), Component.property_items

    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        written["events"] += sum(each.name == "VEVENT" for each in self.walk())
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Component, "property_items", counting)
    roster = Published()
    admin = api("admin")
    wanted = ({"scope": "unit", "of": "TINH"}, {"scope": "campaign", "of": str(roster.campaign_id)})
    feeds = [path(subscribed(admin, **body)["url"]) for body in wanted]
    first, _other = client.get(feeds[0]), client.get(feeds[1])
    assert written["events"] >= 18, "the control: rendering is seen"
    written.clear()
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(feeds[0], headers=tag).status_code == 304
    assert client.get(feeds[0]).data == first.data
    assert written["events"] == 0
    roster.reassign("operations", 3, "O4")
    with clock.travel(NOW + DAY):
        for address in feeds * 4:
            assert client.get(address).status_code == 200
    assert 1 <= written["events"] < 18, "one shift changed hands, and everything was rendered anew"

    def steps() -> int:
        """How many steps SQLite's machine takes to find who is on duty."""
        taken = Counter[str]()

        def tick() -> int:
            taken["steps"] += 1
            return 0

        def watch(connection: Any, *_more: Any) -> None:
            connection.set_progress_handler(tick, 10)

        event.listen(db.engine, "checkout", watch)
        try:
            with clock.travel(NOW + 14 * DAY):
                answer = admin("GET", "/on-duty?unit=TINH")
                assert answer.status_code == 200, answer.text
        finally:
            event.remove(db.engine, "checkout", watch)
            with db.engine.connect() as connection:
                connection.connection.dbapi_connection.set_progress_handler(None, 0)
        return taken["steps"]

    before = steps()
    assert before, "the control: steps are seen"
    _years_of_duty(roster, 8000)
    assert steps() < 2 * before, "the more has been, the longer it takes to say who is on duty now"


def _years_of_duty(roster: Published, count: int) -> None:
    """Shifts of years past, as they lie in the table after ten Tếts."""
    with transaction() as session:
        shift, seat, duty = (
            {column.name: getattr(row, column.key) for column in model.__table__.columns if column.name != "id"}
            for model in (Shift, Seat, Duty)
            for row in session.scalars(select(model).limit(1))
        )
        top = {model: session.scalar(select(func.max(model.id))) or 0 for model in (Shift, Seat)}
        shifts, seats, duties = [], [], []
        for number in range(1, count + 1):
            at: datetime = NOW - timedelta(days=400) - number * timedelta(hours=12)
            span = {"starts_at": at, "ends_at": at + timedelta(hours=12)}
            ids = {"shift_id": top[Shift] + number, "seat_id": top[Seat] + number}
            shifts.append(shift | span | {"id": ids["shift_id"], "local_on": at.date()})
            seats.append(seat | {"id": ids["seat_id"], "shift_id": ids["shift_id"]})
            duties.append(duty | span | ids | {"person_id": roster.person["O1"], "duty": "operations"})
        for model, rows in ((Shift, shifts), (Seat, seats), (Duty, duties)):
            session.execute(insert(model), rows)
