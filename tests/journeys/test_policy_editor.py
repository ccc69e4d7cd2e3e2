"""A manager writes escalation policies by hand: conditions, several targets, a try, and what runs follows them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database
from roster.consents import services as consents
from roster.consents.models import Consent
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.isolation import IsolatedClient
from tests.support.tet_night import ADMIN
from tests.support.web_form import WebForm

HOME = "/incidents/policy/BDA"


@pytest.fixture
def an(app: Flask, story: DeskStory) -> FlaskClient:
    """The manager of the district, at her own browser."""
    client = IsolatedClient(app)
    sign_in(client, "an1")
    return client


def head_of(story: DeskStory, unit: str, person: str) -> None:
    known = next(each for each in story.api("GET", "/units?limit=100")["items"] if each["code"] == unit)
    named = {name: known[name] for name in ("code", "name", "kind")} | {"head_code": person}
    assert story.api("POST", "/units", named)["head_code"] == person


def page(client: FlaskClient, path: str = HOME) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def post(client: FlaskClient, path: str, **data: Any) -> str:
    """A button of the page; the page after it."""
    answer = client.post(path, data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return page(client)


def conditional(story: DeskStory) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = story.api("GET", "/escalation-policies/BDA/conditional")["items"]
    return found


def add(client: FlaskClient, name: str, person: str, **ticked: list[str]) -> None:
    form = WebForm.open(client, f"{HOME}/new", "policy")
    form.fill("name", name)
    for each, values in ticked.items():
        form.tick(each, *values)
    while "step-2-wait" in form.sent:
        form = form.press("drop.2")
    form.untick("step-1-duty", "operations", "emergency", "leadership")
    form.fill("step-1-person", person)
    form.press("save", expect=303)


def test_a_policy_built_by_hand_calls_the_right_people_in_what_runs(story: DeskStory, an: FlaskClient) -> None:
    head_of(story, "BDA", "AN1")
    head_of(story, "BDT", "QT1")
    fire = story.report(category="fire", title="Cháy kho", severity=2)
    power = story.report()
    story.pulse()
    assert sorted(story.woken()) == ["BI1", "BI1"]
    # Fires at night during Tết: operations and Em together, all must answer; then the heads, one level at a time.
    form = WebForm.open(an, f"{HOME}/new", "policy")
    form.fill("name", "Cháy ban đêm trong Tết")
    form.tick("severity", "1", "2")
    form.tick("category", "fire")
    form.tick("phase", "during")
    form.fill("hours_from", "22:00")
    form.fill("hours_to", "06:00")
    while "step-2-wait" in form.sent:
        form = form.press("drop.2")
    form.untick("step-1-duty", "emergency", "leadership")
    form.tick("step-1-duty", "operations")
    form.fill("step-1-person", "EM1 · Rơ Châm Em")
    form.tick("step-1-all", "1")
    form = form.press("add")
    form.fill("step-2-wait", "1,5")
    form.fill("step-2-wait-unit", "m")
    form.tick("step-2-head", "each")
    for name, number, unit in (
        ("repeat_after", "4", "m"),
        ("repeat_most", "20", "m"),
        ("urgent_most", "300", "s"),
        ("ack_timeout", "1", "h"),
        ("alive", "45", "m"),
        ("snooze-1", "0", "m"),
        ("snooze-2", "10", "m"),
    ):
        form.fill(name, number)
        form.fill(f"{name}-unit", unit)
    form.fill("catch_all", "qt1")
    # A try before anything is kept.
    form.fill("try-severity", "2")
    form.fill("try-category", "fire")
    form = form.press("preview")
    shown = form.page[form.page.index('class="policy-calls"') :]
    told = ("02:10:00", "Rơ Châm Em", "02:11:30", "Trưởng đơn vị Bưu điện huyện A", "02:13:00", "Lê Quản Trị")
    places = [shown.index(each) for each in told]
    assert places == sorted(places), "everybody, in their turn"
    assert conditional(story) == [], "nothing was saved"
    form.press("save", expect=303)
    [saved] = conditional(story)
    assert saved["conditions"] == {
        "severities": [1, 2],
        "categories": ["fire"],
        "phases": ["during"],
        "hours": ["22:00", "06:00"],
    }
    assert [step["after_seconds"] for step in saved["steps"]] == [0, 90]
    assert saved["steps"][0]["all_must_acknowledge"] and saved["steps"][1]["targets"] == [
        {"duty": None, "person": None, "head": "each"}
    ]
    times = ("repeat_after", "repeat_most", "urgent_most", "ack_timeout", "alive")
    assert [saved[f"{name}_seconds"] for name in times] == [240, 1200, 300, 3600, 2700]
    assert saved["snooze_most_seconds"][:2] == [0, 600] and saved["catch_all"] == ["QT1"]
    # One of the two that run would follow it; after the button it does, and nobody else is called about the other.
    assert "1 trong 2 sự cố đang chạy" in page(an)
    assert "1 sự cố đang chạy đã chuyển" in post(an, f"{HOME}/apply")
    assert "đều theo quy trình hiện hành" in page(an)
    assert "policy" in story.told(fire) and "policy" not in story.told(power)
    story.until(8)
    called = [(each["person"], each["rule"]) for each in story.incident(fire)["pages"]]
    assert {("AN1", "head"), ("QT1", "head"), ("BI1", "assigned"), ("EM1", "person")} <= set(called)
    assert not any(each["rule"] == "head" for each in story.incident(power)["pages"])


def test_bad_input_keeps_what_was_typed_and_says_what_to_do(story: DeskStory, an: FlaskClient) -> None:
    form = WebForm.open(an, f"{HOME}/new", "policy")
    form.fill("hours_from", "22:00")
    form.fill("repeat_after", "năm")
    form.fill("step-1-person", "Người Lạ <b>")
    form.fill("step-2-wait", "")
    form = form.press("save", expect=422)
    for said in (
        "Chưa đặt tên.",
        "ghi cả hai ô Từ và Đến",
        "“năm” không phải là số",
        "không có ai là “Người Lạ &lt;b&gt;”",
        "Bước 2: chưa ghi thời gian chờ",
    ):
        assert said in form.page, said
    assert (form.sent["hours_from"], form.sent["repeat_after"]) == ("22:00", "năm")
    assert form.sent.getlist("step-1-person") == ["Người Lạ <b>", ""]
    # Mended one by one: what was right the first time is still there.
    form.fill("name", "Đêm")
    form.fill("hours_to", "06:00")
    form.fill("repeat_after", "5")
    form.fill("step-1-person", "Em")
    form.fill("step-2-wait", "8")
    form.fill("step-2-wait-unit", "h")
    form.fill("step-2-wait", "800")
    form = form.press("save", expect=422)
    assert "thời gian chờ từ 0 giây đến 7 ngày" in form.page and form.sent["step-2-wait"] == "800"
    form.fill("step-2-wait", "8")
    form.press("save", expect=303)
    [saved] = conditional(story)
    assert saved["steps"][1]["after_seconds"] == 8 * 3600 and saved["steps"][0]["targets"][-1]["person"] == "EM1"


def test_steps_are_moved_and_the_waits_stay(story: DeskStory, an: FlaskClient) -> None:
    form = WebForm.open(an, f"{HOME}/edit/0", "policy")
    before = [form.sent.getlist(f"step-{n}-duty") for n in (1, 2)]
    wait = form.sent["step-2-wait"]
    form = form.press("up.2")
    assert [form.sent.getlist(f"step-{n}-duty") for n in (1, 2)] == before[::-1] and form.sent["step-2-wait"] == wait
    form = form.press("down.1")
    assert [form.sent.getlist(f"step-{n}-duty") for n in (1, 2)] == before
    assert story.api("GET", "/escalation-policies/BDA")["unit"] is None, "nothing was saved"


def test_the_first_call_may_wait_and_whoever_becomes_first_waits_as_long(story: DeskStory, an: FlaskClient) -> None:
    form = WebForm.open(an, f"{HOME}/edit/0", "policy")
    assert "Chờ sau khi ghi nhận" in form.page and form.sent["step-1-wait"] == "0"
    form.fill("step-1-wait", "90")
    form.fill("step-1-wait-unit", "s")
    form.fill("try-severity", "2")
    shown = form.press("preview")
    assert "02:11:30" in shown.page[shown.page.index('class="policy-calls"') :]
    form.press("save", expect=303)
    assert "Sau 90 giây" in page(an)
    assert story.api("GET", "/escalation-policies/BDA")["steps"][0]["after_seconds"] == 90
    # Kept while the rest is edited, and by whoever comes first when that step is taken out.
    form = WebForm.open(an, f"{HOME}/edit/0", "policy")
    second = form.sent.getlist("step-2-duty")
    form = form.press("drop.1")
    assert (form.sent["step-1-wait"], form.sent["step-1-wait-unit"]) == ("90", "s")
    form.fill("step-1-wait", "năm")
    form = form.press("save", expect=422)
    assert "“năm” không phải là số" in form.page
    form.fill("step-1-wait", "")
    form.press("save", expect=303)
    saved = story.api("GET", "/escalation-policies/BDA")["steps"][0]
    assert saved["after_seconds"] == 0 and [each["duty"] for each in saved["targets"] or [saved]] == second


def test_policies_are_tried_in_order_moved_withdrawn_and_taken_up_again(story: DeskStory, an: FlaskClient) -> None:
    add(an, "Nặng", "EM1", severity=["1", "2"])
    add(an, "Cháy", "QT1", category=["fire"])
    add(an, "Cháy nặng", "CH1", severity=["1", "2"], category=["fire"])
    shown = page(an)
    assert shown.index('id="slot-3"') < shown.index('id="slot-1"') < shown.index('id="slot-2"'), "the most specific"
    fire = {"category": "fire", "severity": "2"}

    def would_call() -> str:
        preview = page(an, f"{HOME}?category={fire['category']}&severity={fire['severity']}").partition("policy-calls")
        return preview[2]

    assert "(CH1)" in would_call()
    post(an, f"{HOME}/3/withdraw")
    assert "(EM1)" in would_call(), "of two that fit equally well the first"
    shown = post(an, f"{HOME}/2/move/up")
    assert shown.index('id="slot-2"') < shown.index('id="slot-1"') and "(QT1)" in would_call()
    history = page(an, f"{HOME}/history")
    assert history.index("Bản 4 · Cháy nặng") < history.index("Bản 3 · Cháy nặng") < history.index("Bản 1 · Nặng")
    form = WebForm.open(an, f"{HOME}/edit/3?version=3", "policy")
    form.path = f"{HOME}/edit/3"
    form.press("save", expect=303)
    assert "(CH1)" in would_call()


@pytest.mark.both_dbs("two at once: locks")
def test_two_managers_do_not_overwrite_each_other_unseen(story: DeskStory, an: FlaskClient) -> None:
    mine = WebForm.open(an, f"{HOME}/edit/0", "policy")
    theirs = WebForm.open(an, f"{HOME}/edit/0", "policy")
    theirs.fill("repeat_after", "9")
    theirs.press("save", expect=303)
    mine.fill("repeat_after", "11")
    again = mine.press("save", expect=409)
    assert "đã lưu bản 1" in again.page and again.sent["repeat_after"] == "11"
    assert story.api("GET", "/escalation-policies/BDA")["repeat_after_seconds"] == 540
    again.press("save", expect=303)
    assert story.api("GET", "/escalation-policies/BDA")["repeat_after_seconds"] == 660


def test_a_conditional_policys_own_last_resort_is_called_when_nobody_hears(story: DeskStory, an: FlaskClient) -> None:
    for chained in ("AN1", "QT1"):
        story.change(chained, lambda person: person.contacts.clear())
    form = WebForm.open(an, f"{HOME}/new", "policy")
    form.fill("name", "Xe hỏng")
    form.tick("category", "vehicle")
    while "step-2-wait" in form.sent:
        form = form.press("drop.2")
    form.untick("step-1-duty", "operations", "emergency", "leadership")
    form.fill("step-1-person", "PH1")
    form.fill("catch_all", "CH1")
    form.fill("try-category", "vehicle")
    form = form.press("preview")
    assert "chưa có cách liên lạc" in form.page and "Hệ thống gọi thêm: Phạm Thị Chi." in form.page
    assert "chỉ gọi tay được: " in form.page
    form.press("save", expect=303)
    for asked in database.session.scalars(select(Consent)).all():  # she is of another unit, and agrees
        consents.answer(asked.id, True, actor=ADMIN, now=story.now)
    code = story.report(category="vehicle", title="Xe hỏng")
    story.pulse()
    assert "CH1" in {each["person"] for each in story.incident(code)["pages"]}


def test_who_may_only_read_sees_no_editor(app: Flask, story: DeskStory) -> None:
    bi = IsolatedClient(app)
    sign_in(bi, "bi1")
    story.night.withdraw("operations")
    shown = page(bi)
    assert "Đang theo quy trình mặc định của doanh nghiệp" in shown and f"{HOME}/new" not in shown
    for path in (f"{HOME}/edit/0", f"{HOME}/new"):
        assert bi.get(path).status_code == 403
    for path in ("apply", "0/withdraw", "1/move/up"):
        assert bi.post(f"{HOME}/{path}").status_code == 403
