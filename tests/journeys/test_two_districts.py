"""Two districts in the province's campaign: An and Chi edit and publish their own, at once, and tell people or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.calendar.dates import VN
from core.db import db
from notify.models import Message
from people.accounts import keys
from roster.approvals import services as approvals
from roster.draft_diff import views
from roster.models import Duty, Revision
from roster.resolver import resolver
from tests.support.districts import ADMIN, NOW, Districts
from tests.support.enterprise import sign_in
from tests.support.isolation import IsolatedClient
from tests.support.web_form import WebForm

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def both(app: Flask) -> Iterator[Districts]:
    with clock.travel(NOW):
        yield Districts()


@pytest.fixture
def browser(app: Flask) -> Browser:
    def signed_in(who: str) -> FlaskClient:
        client = IsolatedClient(app)
        sign_in(client, who)
        return client

    return signed_in


def part_of(both: Districts) -> str:
    return f"/roster/campaigns/{both.campaign_id}/publish/part"


def test_an_edits_and_publishes_while_chi_is_at_it(both: Districts, browser: Browser) -> None:
    """An has the page of a shift open, then that of the part; Chi edits and publishes in between, both times."""
    an, chi = browser("an1"), browser("ch1")
    own, theirs = (f"/roster/shifts/{both.shift(letter, 0)}" for letter in "AC")
    page, readable = an.get(own).text, an.get(theirs).text
    assert 'name="put"' in page
    assert "Trực C1" in readable and 'name="put"' not in readable
    both.put("C", 0, "C3")
    put = {"put": "A3>A1", "was": "A1", "version": 0, "reason": "Đổi"}
    assert an.post(own, data=put).status_code == 303
    assert an.post(own, data={**put, "put": "A4>A1"}).status_code == 409, "A1 is not on it any more"
    refused = an.post(theirs, data={"put": "C4>C3", "was": "C3"})
    assert refused.status_code == 403
    assert "Bưu điện huyện C" in refused.text
    assert "Ban hành phần của đơn vị" in an.get(f"/roster/campaigns/{both.campaign_id}").text
    form = WebForm.open(an, part_of(both), "part")
    assert "Trực C3" not in form.page and "Trực A3" in form.page
    assert chi.post(part_of(both), data={"person": "C3"}).status_code == 303
    both.put("C", 1, "C4")
    form.tick("person", "A3")
    form.press("publish", expect=303)
    assert [both.published(letter, 0) for letter in "AC"] == ["A3", "C3"]
    starts_at = db.session.scalars(select(Duty.starts_at).where(Duty.seat_id == both.seat("A", 0))).first()
    assert starts_at is not None
    on = resolver.who_is_on(both.ids["BDA"], "operations", starts_at)
    assert [person.code for person in on.people] == ["A3"]


def test_somebody_else_changed_just_this(both: Districts, browser: Browser) -> None:
    both.put("A", 0, "A3")
    an = browser("an1")
    form = WebForm.open(an, part_of(both), "part")
    both.put("A", 0, "A4", actor=ADMIN)
    form.tick("person", "A3")
    assert "vừa đổi phần này" in form.press("publish", expect=409).page
    assert both.published("A", 0) == "A1"


def test_an_illness_at_ten_past_five_leaves_the_half_made_draft_of_the_province_as_it_is(
    both: Districts, browser: Browser
) -> None:
    """The province has emptied Chi's district and given An's second day to A4; A1 rings that they are ill today."""
    both.put("C", 0, actor=ADMIN), both.put("C", 1, "C3", actor=ADMIN), both.put("A", 2, "A4", actor=ADMIN)
    an, path, seat = browser("an1"), "/roster/illness/A1", both.seat("A", 0)
    with clock.travel(datetime(2020, 1, 23, 5, 10, tzinfo=VN)):
        assert f'name="first-{seat}"' in an.get(path).text
        form = {"do": "decide", "until": "2020-01-23", "note": "gọi điện 05:10", f"first-{seat}": "A3"}
        assert an.post(path, data=form).status_code == 303
        named = resolver.who_is_on(both.ids["BDA"], "operations", datetime(2020, 1, 23, 8, tzinfo=VN))
    assert [each.code for each in named.people] == [both.drafted("A", 0)] == ["A3"]
    assert (both.published("C", 0), both.published("C", 1), both.published("A", 2)) == ("C1", "C2", "A1")
    assert (both.drafted("C", 0), both.drafted("C", 1), both.drafted("A", 2)) == ("", "C3", "A4")
    told = db.session.scalars(select(Message.recipient).where(Message.idempotency_key.like("%/r2/person/%")))
    assert {name.split()[-1] for name in told} == {"A1", "A3"}


def test_a_look_says_what_it_comes_to_and_publishes_nothing(both: Districts, browser: Browser) -> None:
    """One side of a swap is ticked without scripts: both come back ticked, and what stays open is said."""
    both.put("A", 0, "A2"), both.put("A", 1, "A1"), both.put("A", 4), both.put("C", 0, "C3")
    an = browser("an1")
    form = WebForm.open(an, part_of(both), "part")
    form.tick("person", "A2")
    looked = form.press("look")
    assert sorted(looked.sent.getlist("person")) == ["A1", "A2"]
    assert "Ban hành 2 người, 5 thay đổi" in looked.page
    assert "Chưa có người trực" in looked.page and 'name="accept_gaps"' in looked.page
    assert both.published("A", 0) == "A1"
    nobody = an.post(part_of(both), data={"do": "look"})
    assert nobody.status_code == 422
    assert "Chọn ít nhất một người" in nobody.text


def test_what_hangs_with_another_unit_is_shown_and_not_offered(both: Districts, browser: Browser) -> None:
    """The province lends C1 to An's district. The own shifts can be published without what Chi gets."""
    both.put("A", 0, "C1", actor=ADMIN), both.put("C", 0, "C3", actor=ADMIN)
    an = browser("an1")
    form = WebForm.open(an, part_of(both), "part")
    assert "Gắn với ca của Bưu điện huyện C" in form.page
    assert 'value="publish"' not in form.page
    assert an.post(part_of(both), data={"person": "A1"}).status_code == 403
    form.press("units", expect=303)  # that C1 has two shifts at once then was answered for in the draft
    assert (both.published("A", 0), both.published("C", 0)) == ("C1", "C1")
    assert both.drafted("C", 0) == "C3"


def test_why_no_part_can_be_published_is_said_before_anybody_chooses(both: Districts, browser: Browser) -> None:
    both.put("A", 0, "A3")
    an, why = browser("an1"), "không ban hành riêng một phần"
    assert why not in an.get(part_of(both)).text
    approvals.set_needed(both.campaign_id, True, actor=ADMIN, now=NOW)
    assert why in an.get(part_of(both)).text
    assert an.post(part_of(both), data={"person": "A3"}).status_code == 409
    assert both.published("A", 0) == "A1"


def test_many_people_are_chosen_by_unit(both: Districts, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MANY", 1), monkeypatch.setattr(views, "MOST", 3)
    both.put("A", 0, "A3"), both.put("C", 0, "C3"), both.put("C", 1, "C4")
    admin = browser("qt1")
    form = WebForm.open(admin, part_of(both), "part")
    assert "Bưu điện huyện A" in form.page and 'value="A3"' not in form.page
    assert 'value="A3"' in admin.get(part_of(both) + "?unit=BDA").text
    form.tick("unit", "BDC")
    looked = form.press("look")
    assert "Ban hành 4 người, 4 thay đổi" in looked.page
    looked.press("publish", expect=303)
    assert [both.published(*each) for each in (("A", 0), ("C", 0), ("C", 1))] == ["A1", "C3", "C4"]


def test_in_english_and_for_those_who_may_not(both: Districts, browser: Browser) -> None:
    both.put("A", 0, "A3")
    an = browser("an1")
    an.post("/language", data={"language": "en"})
    page = an.get(part_of(both) + "?pick=all").text
    assert "Publish (people: 2, changes: 2)" in page and "Choose all" in page
    for stranger in ("bi1", "du1"):
        assert browser(stranger).get(part_of(both)).status_code == 403
    assert browser("du1").post(part_of(both), data={"person": "A3"}).status_code == 403


def test_telling_nobody_and_telling_them_after_all(both: Districts, browser: Browser) -> None:
    both.put("A", 0, "A3")
    an, answers = browser("an1"), f"/roster/campaigns/{both.campaign_id}/confirmations"
    silent = {"person": "A3", "silent": "1"}
    refused = an.post(part_of(both), data={**silent, "note": "Đêm"})
    assert refused.status_code == 409
    assert "Ghi lý do ban hành mà không báo tin" in refused.text and 'value="Đêm"' in refused.text
    assert an.post(part_of(both), data={**silent, "tell_reason": "Đã gọi từng người"}).status_code == 303
    assert "Đã gọi từng người" in an.get(f"/roster/campaigns/{both.campaign_id}/revisions/2").text
    listed, chi = an.get(answers).text, browser("ch1")
    assert "Trực A1, Trực A3" in listed and "Báo tin cho 2 người" in listed
    assert "Báo tin cho" not in chi.get(answers).text
    assert chi.post(f"{answers}/tell").status_code == 409
    assert an.post(f"{answers}/tell").status_code == 303
    assert an.post(f"{answers}/tell").status_code == 409
    wanted = select(Message.recipient).where(Message.idempotency_key.like("%/r2/person/%"))
    assert sorted(db.session.scalars(wanted)) == ["Trực A1", "Trực A3"]
    assert "không báo tin" not in an.get(answers).text


def test_by_api_people_and_silence(app: Flask, both: Districts) -> None:
    both.put("A", 0, "A3"), both.put("C", 0, "C3")
    secret = keys.create_api_key(keys.NewApiKey("an", "manager", "BDA", "AN1"), now=NOW, actor=ADMIN)[1]
    client, publish = app.test_client(), f"/api/v1/campaigns/{both.campaign_id}/publish"

    def call(body: object) -> tuple[int, dict[str, object]]:
        answer = client.post(publish, json=body, headers={"Authorization": f"Bearer {secret}"})
        return answer.status_code, answer.json

    people = {"only": {"people": ["A3"]}}
    assert call({**people, "tell": False})[0] == 409
    assert call({"only": {"people": []}})[0] == 422
    assert call({"only": {"people": ["A3"], "units": ["BDA"]}})[0] == 422
    assert call({"only": {"people": ["C3"]}})[1]["code"] == "shift.other_unit"
    status, done = call({**people, "tell": False, "tell_reason": "Đã gọi"})
    assert (status, done["revision"], done["tell"], done["tell_reason"], done["told_at"]) == (
        200,
        2,
        False,
        "Đã gọi",
        None,
    )
    assert (both.published("A", 0), both.published("C", 0)) == ("A3", "C1")
    status, again = call(people)
    assert (status, again["code"]) == (409, "publish.nothing_changed")
    assert db.session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2]
