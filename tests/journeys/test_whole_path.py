"""From an empty database to a closed incident, through sockets alone: API, web server, worker and mail are real.

Somebody imports an enterprise, lets this week's roster solve itself, publishes it and subscribes. Then something
breaks: the mail must go to whom the subscribed calendar names for that minute, then to the next duty, and to nobody
once somebody has it.
"""

from __future__ import annotations

import re
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from core import clock
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from tests.support.factories import ADMIN
from tests.support.outside import Browser, Script, zipped
from tests.support.smtp_sink import Arrival, SmtpSink, smtp_sink, wait_until
from tests.support.worker import running_worker

pytestmark = pytest.mark.both_dbs("one story through everything there is")

PASSWORD = "hoa-dao-bac-2020"  # noqa: S105  (of an account that lives for one test)
# Short, so that the story is: nobody answers for a second, then the next duty.
STEPS = [("operations", 0), ("emergency", 1), ("leadership", 3)]
POLICY = {
    "steps": [{"duty": duty, "after_seconds": wait} for duty, wait in STEPS],
    "repeat_after_seconds": 30,
    "ack_timeout_seconds": 600,
}


def test_from_an_empty_database_to_a_closed_incident(app: Flask, live_url: str, tmp_path: Path) -> None:
    now = clock.now()
    key = keys.create_api_key(keys.NewApiKey("Tích hợp", "admin"), now=now, actor=ADMIN)[1]
    accounts.create_user(NewAccount("quantri", "Lê Quản Trị", "admin", password=PASSWORD), now=now, actor=ADMIN)
    script = Script(live_url, key)
    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@buudien.example")
        with running_worker(app, tmp_path):
            campaign = publish_this_week(script, clock.local_date(now))
            everybody_was_told(script, sink, campaign)
            code = walk_an_incident(script, sink)
            read_it_all(script, live_url, code)


def publish_this_week(script: Script, today: Any) -> int:
    """Import, plan, solve, publish; the campaign's id."""
    imported = script.call("POST", "/import", zipped("gia-lai-2020"))
    assert (imported["counts"]["people"]["created"], imported["counts"]["units"]["created"]) == (60, 31)
    script.call("PUT", "/escalation-policies/BDGL", POLICY)
    first, last = today - timedelta(days=1), today + timedelta(days=1)
    week = {"name": "Tuần này", "tet_year": 2027, "unit": "BDGL", "starts_on": str(first), "ends_on": str(last)}
    campaign = script.call("POST", "/campaigns", week, expect=201)["id"]
    run = script.call("POST", f"/campaigns/{campaign}/solve", {"seconds": 1, "seed": 1}, expect=202)["id"]
    solved: dict[str, Any] = {}

    def ended() -> bool:
        solved.update(script.call("GET", f"/solve-runs/{run}"))
        return solved["status"] not in ("queued", "running")

    wait_until(ended, seconds=60, what="the worker's roster")
    assert solved["status"] in ("optimal", "feasible"), solved
    assert solved["conflicts"] == [] and not [each for each in solved["violations"] if each["hard"]]
    revision = script.call("POST", f"/campaigns/{campaign}/publish", {"note": "Bản đầu"})
    assert (revision["revision"], revision["proof"]["complete"]) == (1, True)
    return int(campaign)


def everybody_was_told(script: Script, sink: SmtpSink, campaign: int) -> None:
    """One mail to everybody who still has duty before them; mails must be out of the way before something breaks."""
    shifts = script.call("GET", f"/campaigns/{campaign}/shifts?state=published&limit=200")["items"]
    at = datetime.fromisoformat(script.call("GET", "/on-duty?unit=BDGL")["at"])
    to_come = [shift for shift in shifts if datetime.fromisoformat(shift["ends_at"]) > at]
    wanted = {code for shift in to_come for code in shift["people"]}
    told = sink.wait_for(len(wanted), seconds=120)
    assert sorted(arrival.recipient for arrival in told) == sorted(mail_of(script)[code][1] for code in wanted)


def walk_an_incident(script: Script, sink: SmtpSink) -> str:
    """Something breaks in a post office under the province; its code once it is closed."""
    feeds = {duty: subscribe(script, duty) for duty, _wait in STEPS}
    before = len(sink.arrivals)
    code = report(script, "Mất điện bưu cục")
    first = mails(sink, code, 1, step=1)
    calls = script.call("GET", f"/incidents/{code}")["pages"]
    assert_called(script, feeds["operations"], calls, first[:1], step=1)
    assert len(sink.arrivals) >= before + 1

    # Nobody answers. After its second the emergency team of this minute is called, all of it.
    team = len(named_by(feeds["emergency"], clock.now()))
    both = mails(sink, code, team, step=2)
    assert_called(script, feeds["emergency"], script.call("GET", f"/incidents/{code}")["pages"], both, step=2)

    take_by_mail(script, code, both[0])
    nobody_is_called_any_more(script, sink, code)
    script.call("POST", f"/incidents/{code}/resolve", {"note": "Đã chạy máy nổ."})
    script.call("POST", f"/incidents/{code}/close", {"note": "Điện lưới đã có lại."})
    return code


def report(script: Script, title: str) -> str:
    body = {"title": title, "category": "power", "severity": 2, "unit": "BDGL-H01-01"}
    return str(script.call("POST", "/incidents", body, expect=201)["code"])


def take_by_mail(script: Script, code: str, mail: Arrival) -> None:
    """Looking takes nothing, pressing takes it, pressing again says who has it and since when."""
    link = one_tap(mail)
    phone = Browser(script.url)
    assert "Tôi nhận" in phone.get(link).text
    assert script.call("GET", f"/incidents/{code}")["status"] == "open"
    name = {address: name for name, address in mail_of(script).values()}[mail.recipient]
    pressed = phone.post(link, do="take")
    assert pressed.status == 200 and f"Đồng chí {name} đã nhận sự cố này lúc" in pressed.text
    taken = script.call("GET", f"/incidents/{code}")
    assert (taken["status"], taken["acknowledged_by"]) == ("acknowledged", name)
    again = Browser(script.url).post(link, do="take")
    since = datetime.fromisoformat(taken["acknowledged_at"])
    assert again.status == 200 and name in again.text and clock.local(since).strftime("%H:%M") in again.text


def nobody_is_called_any_more(script: Script, sink: SmtpSink, code: str) -> None:
    """A second incident shows that time has passed and the machine still calls: its third step has been mailed."""
    canary = report(script, "Đường truyền chập chờn")
    wait_until(lambda: "bước 3" in " ".join(subjects(sink, canary)), seconds=120, what="the third step")
    script.call("POST", f"/incidents/{canary}/resolve", {"note": "Tự hết."})
    found = script.call("GET", f"/incidents/{code}")
    assert [call for call in found["pages"] if call["at"] > found["acknowledged_at"]] == []
    sent = [call for call in found["pages"] if call["sent_at"]]
    assert len(subjects(sink, code)) == len(sent)
    unsent = {call["state"] for call in found["pages"] if not call["sent_at"]}
    assert unsent <= {"superseded", "cancelled"}, "a call of the next step that was still to leave is taken back"


def read_it_all(script: Script, url: str, code: str) -> None:
    """The timeline and the pages people read tell the whole story."""
    incident = script.call("GET", f"/incidents/{code}")
    kinds = [entry["kind"] for entry in incident["timeline"]]
    assert kinds[:3] == ["logged", "called", "called"]
    assert kinds[-3:] == ["acknowledged", "resolved", "closed"]
    desk = Browser(url)
    desk.sign_in("quantri", PASSWORD)
    told = desk.get(f"/incidents/{code}").text
    for words in ("Mất điện bưu cục", incident["acknowledged_by"], "Đã chạy máy nổ.", "Điện lưới đã có lại."):
        assert words in told
    assert all(call["name"] in told for call in incident["pages"])
    assert code in desk.get("/incidents/?status=closed").text


def assert_called(script: Script, feed: str, calls: list[Any], arrived: list[Arrival], *, step: int) -> None:
    """The mails of a step went to exactly the people whom the calendar names for the minute of the call."""
    of_step = calls_of(calls, step)
    names = named_by(feed, datetime.fromisoformat(of_step[0]["at"]))
    assert sorted(call["name"] for call in of_step) == sorted(names)
    people = {name: address for name, address in mail_of(script).values() if name in names}
    assert sorted(arrival.recipient for arrival in arrived) == sorted(people[name] for name in names)
    assert all(f"bước {step}" in str(arrival.mail["Subject"]) for arrival in arrived)


def calls_of(calls: list[Any], step: int) -> list[Any]:
    return [call for call in calls if call["step"] == step and call["cycle"] == 1]


def subscribe(script: Script, duty: str) -> str:
    return str(script.call("POST", "/feeds", {"scope": "duty", "of": duty, "unit": "BDGL"}, expect=201)["url"])


def named_by(feed: str, at: datetime) -> list[str]:
    """Whom the calendar at that address names for that moment."""
    with urllib.request.urlopen(feed, timeout=120) as answer:
        events = Calendar.from_ical(answer.read()).walk("VEVENT")
    on = [each for each in events if each["DTSTART"].dt <= at < each["DTEND"].dt and each["STATUS"] == "CONFIRMED"]
    names = [str(each["SUMMARY"]).rsplit(" · ", 1)[1] for each in on]
    assert names, "the calendar names nobody for this minute"
    return names


def mail_of(script: Script) -> dict[str, tuple[str, str]]:
    """Person code → (name, mail address)."""
    listed = script.call("GET", "/people?limit=200")["items"]
    return {each["code"]: (each["full_name"], each["email"]) for each in listed}


def mails(sink: SmtpSink, code: str, count: int, *, step: int) -> list[Arrival]:
    """That step's calls for the incident once there are ``count``: the next step's may come between."""

    def found() -> list[Arrival]:
        said = [(arrival, str(arrival.mail["Subject"])) for arrival in sink.arrivals]
        return [arrival for arrival, subject in said if code in subject and f"bước {step}" in subject]

    wait_until(lambda: len(found()) >= count, seconds=60, what=f"{count} calls of step {step} for {code}")
    return found()


def subjects(sink: SmtpSink, code: str) -> list[str]:
    return [subject for subject in sink.subjects if code in subject]


def one_tap(mail: Arrival) -> str:
    found = re.search(r"https?://\S+/a/[\w-]+", mail.body)
    assert found, mail.body
    assert f'<a class="go" href="{found.group()}">Xem và trả lời</a>' in mail.page, "one button in the letter as a page"
    return found.group()
