"""Empty seats by cause and unit on one page; ticking adds up; one button changes the rules and fills those seats."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock, prepared
from core.db import db, transaction
from core.errors import Conflict
from people.accounts import keys
from people.models import Absence, Person
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import editor, services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.reasons import remedying, services as explaining
from roster.rulebook import queries as rule_queries, services as rule_settings
from roster.solving import jobs, services as solving
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.sources.models import Demand
from tests.support import enterprise, factories, worlds
from tests.support.enterprise import NOW, ROOT, sign_in

HTMX = {"HX-Request": "true"}
HOUR = 60


@pytest.fixture
def short(app: Flask) -> SolveRun:
    """One duty a day in BDA; with one hour of overtime a month nobody may serve but P0, who sits on the first day."""
    return db.session.get_one(SolveRun, worlds.begin("short of people", make_short))


def make_short() -> int:
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    for number in range(3):
        factories.make_person(f"P{number}", unit, work_pattern="office5")
    made = factories.make_campaign(unit)
    drafts.set_people(shifts()[0].id, ["P0"], actor=ROOT, now=NOW)
    with transaction() as session:
        for each in session.scalars(select(Person).where(Person.code == "BI1")):
            each.work_pattern = "office5"
    rule_settings.save(made.id, {"hours.month": {"parameters": {"most": HOUR}}}, actor=ROOT, now=NOW)
    with clock.travel(NOW):
        return jobs.solve_now(made.id, SolveRequest(seconds=2), actor=ROOT, now=NOW).id


def shifts() -> list[Shift]:
    return list(db.session.scalars(select(Shift).order_by(Shift.starts_at)))


def where(run: SolveRun, last: str = "explanation") -> str:
    return f"/roster/campaigns/{run.campaign_id}/solve/{run.id}/{last}"


def page(client: FlaskClient, path: str, **options: Any) -> str:
    with clock.travel(NOW):
        answer = client.get(path, **options)
    assert answer.status_code == 200, answer.text[-800:]
    return html.unescape(answer.text)


def keys_in(text: str) -> list[str]:
    return re.findall(r'name="r" value="([^"]+)"', text)


def version_in(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


def apply(client: FlaskClient, run: SolveRun, keys: list[str], version: str) -> Any:
    with clock.travel(NOW):
        return client.post(where(run, "remedies"), data={"r": keys, "version": version})


def most_of(campaign: Campaign) -> int | None:
    rule = next(each for each in rule_queries.listed(campaign.id) if each.rule.code == "hours.month")
    return rule.parameters[0].value


def test_the_page_groups_by_cause_and_unit_and_says_what_helps_at_what_price(
    client: FlaskClient, short: SolveRun
) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    assert "Làm thêm trong tháng: mức" in text and "1 đơn vị · 2 lượt" in text
    assert "phủ 2/2" in text and "phải đồng ý bằng văn bản; luật cho tới" in text and "làm thêm" in text
    assert "Bưu điện huyện A" in text and '2</b> <span class="mute">→</span> <b class="good">0' in text
    assert "Áp dụng 1 cách và xếp 2 lượt" in text
    assert "Đã chứng minh lúc" in text and "triệu" not in text
    assert text.index('<details class="flat fold">') < text.index("Tìm tập mâu thuẫn nhỏ nhất")
    client.post("/language", data={"language": "en", "next": "/"})
    text = page(client, where(short))
    assert "covers 2/2" in text and "each must agree in writing" in text and "Apply and fill 2 seats" in text


def test_what_is_not_ticked_is_not_added_up(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(short) + "?chosen=1", headers=HTMX)
    assert "<html" not in text and "Phủ 0/2" in text and "Chọn ít nhất một cách" in text


def test_what_is_chosen_already_is_said_until_somebody_chooses(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    checked = re.findall(r'name="r" value="([^"]+)" id="[^"]+" checked', text)
    assert checked and "Đã chọn sẵn cách giúp nhiều nhất mà nút này áp dụng được." in text
    by_hand = page(client, where(short) + "?chosen=1&" + "&".join(f"r={key}" for key in checked), headers=HTMX)
    assert by_hand.count(" checked>") == len(checked) and "chọn sẵn" not in by_hand
    assert "Chưa chọn cách nào." in page(client, where(short) + "?chosen=1", headers=HTMX)
    client.post("/language", data={"language": "en", "next": "/"})
    assert "Of what this button can apply, what helps most is chosen already." in page(client, where(short))


def test_one_button_raises_the_limit_and_fills_only_what_was_empty(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    answer = apply(client, short, keys_in(text)[:1], version_in(text))
    assert answer.status_code == 303 and re.search(r"/solve/\d+$", answer.location)
    raised = most_of(short.campaign)
    assert raised is not None and HOUR < raised <= 30 * HOUR  # the law of 2020 ends there
    with clock.travel(NOW):
        assert jobs.run_queued_solves(NOW) == 1
    assert [len(editor.seated_codes(each)) for each in shifts()] == [1, 1, 1]
    assert editor.seated_codes(drafts.get_shift(shifts()[0].id)) == ["P0"]


def test_what_was_chosen_on_an_older_draft_changes_nothing(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    drafts.set_people(shifts()[0].id, [], actor=ROOT, now=NOW)
    apply(client, short, keys_in(text)[:1], version_in(text))
    assert most_of(short.campaign) == HOUR
    assert db.session.scalar(select(SolveRun).where(SolveRun.status == "queued")) is None


def test_an_edit_between_reading_and_the_lock_is_not_passed_over(short: SolveRun, monkeypatch: Any) -> None:
    carry_out = prepared.restartable

    def after_an_edit(act: Any) -> Any:
        drafts.set_people(shifts()[0].id, [], actor=ROOT, now=NOW)
        return carry_out(act)

    monkeypatch.setattr(prepared, "restartable", after_an_edit)
    with clock.travel(NOW):
        whole = explaining.explanation(short.id, actor=ROOT, now=NOW)
        assert whole.found.case is not None
        key = next(key for key, each in whole.found.case.remedies.items() if each.can_be_applied)
        with pytest.raises(Conflict, match="draft.changed"):
            remedying.apply(short.id, [key], draft_version=whole.draft_version, actor=ROOT, now=NOW)
    assert most_of(short.campaign) == HOUR


def test_an_invented_remedy_and_a_solve_that_runs_change_nothing(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    apply(client, short, ["hours.month~soft~protected.no_night"], version_in(text))
    solving.request_solve(short.campaign_id, actor=ROOT, now=NOW)
    apply(client, short, keys_in(text)[:1], version_in(text))
    assert most_of(short.campaign) == HOUR


def test_the_proof_is_gone_once_the_draft_could_be_filled(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    assert "còn đúng" in page(client, where(short))
    rule_settings.save(short.campaign_id, {"hours.month": {"parameters": {"most": 20 * HOUR}}}, actor=ROOT, now=NOW)
    assert "còn đúng" not in page(client, where(short))


def test_strangers_and_colleagues_who_only_read_are_refused(client: FlaskClient, short: SolveRun) -> None:
    for login in ("ch1", "bi1", "du1"):
        sign_in(client, login)
        assert client.get(where(short)).status_code == 403
        assert client.post(where(short, "remedies"), data={"r": "x"}).status_code == 403
        client.post("/logout")


def test_people_lent_by_another_unit_are_named_pinned_and_asked(client: FlaskClient, app: Flask) -> None:
    """BDA's own people are all away on 23/01; a neighbour of BDC stands in, by the button, with a reason."""
    enterprise.make()
    unit, other = unit_by_code("BDA"), unit_by_code("BDC")
    factories.make_demand(unit)
    factories.make_person("N1", other)
    run = _nobody_at_home(unit)
    sign_in(client, "qt1")
    text = page(client, where(run))
    key = next(each for each in keys_in(text) if "~help~" in each)
    assert "chuyến" in text
    apply(client, run, [key], version_in(text))
    first = drafts.get_shift(shifts()[0].id)
    assert editor.seated_codes(first) == ["N1"]
    (seat,) = [each for each in first.seats if each.draft]
    assert seat.draft is not None and seat.draft.pinned and seat.draft.override_reason


def _nobody_at_home(unit: Any) -> SolveRun:
    """The campaign of BDT, which both districts belong to; Bình is its only one of BDA and away all the time."""
    made = factories.make_campaign(unit_by_code("BDT"))
    with transaction() as session:
        person = session.scalars(select(Person).where(Person.code == "BI1")).one()
        session.add(
            Absence(person_id=person.id, from_on=date(2020, 1, 22), to_on=date(2020, 1, 27), kind="annual_leave")
        )
    with clock.travel(NOW):
        return jobs.solve_now(made.id, SolveRequest(seconds=2), actor=ROOT, now=NOW)


def test_asking_less_is_warned_of_applied_to_this_campaign_alone_and_undone(
    client: FlaskClient, short: SolveRun
) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    (key,) = [each for each in keys_in(text) if "~bare~" in each]
    assert "Bỏ trống 2 lượt trực bắt buộc ở 1 đơn vị" in text and f'value="{key}" id="r-{key}" checked' not in text
    assert "2 ca không còn ai" in text and "Bưu điện huyện A · Trực điều hành Ngày: 24/01/2020, 25/01/2020" in text
    chosen = page(client, where(short) + f"?chosen=1&r={key}", headers=HTMX)
    assert "2 ca trực bắt buộc (lãnh đạo, điều hành, ứng cứu) sẽ không có ai" in chosen
    assert "bớt nhu cầu 2 lượt" in chosen and "Giảm nhu cầu của đợt này" in chosen
    answer = apply(client, short, [key], version_in(text))
    assert answer.location.endswith(where(short)), "nothing is left to solve"
    assert [each.headcount for each in shifts()] == [1, 0, 0]
    assert db.session.scalars(select(Demand.headcount).distinct()).all() == [1]
    assert db.session.scalar(select(SolveRun).where(SolveRun.status == "queued")) is None
    after = page(client, where(short))
    assert "bớt 2 lượt khỏi nhu cầu; hoàn tác được" in after and "Mọi ca đều đủ người" in after
    assert "Hoàn tác: bớt 2 lượt khỏi nhu cầu của 2 ca" in after
    with clock.travel(NOW):
        client.post(f"/roster/campaigns/{short.campaign_id}/undo")
    db.session.rollback()
    assert [each.headcount for each in shifts()] == [1, 1, 1]
    assert "phủ 2/2" in page(client, where(short))


def test_what_has_been_published_is_not_asked_less_of(client: FlaskClient, short: SolveRun) -> None:
    drafts.set_people(shifts()[0].id, [], actor=ROOT, now=NOW)
    with clock.travel(NOW):
        publishing.publish(short.campaign_id, PublishTerms("", accept_gaps="Thử"), actor=ROOT, now=NOW)
    sign_in(client, "an1")
    assert not [each for each in keys_in(page(client, where(short))) if "~less~" in each or "~bare~" in each]


def test_the_same_by_the_api_with_the_numbers_of_the_page(client: FlaskClient, short: SolveRun) -> None:
    sign_in(client, "an1")
    text = page(client, where(short))
    client.post("/logout")
    with clock.travel(NOW):
        _row, key = keys.create_api_key(keys.NewApiKey("Máy", "manager", "BDA"), now=NOW, actor=ROOT)
        auth = {"Authorization": f"Bearer {key}"}
        found = client.get(f"/api/v1/solve-runs/{short.id}/explanation", headers=auth).json
        (cause,) = found["causes"]
        assert (cause["cause"], cause["count"], cause["units"]) == ("hours.month", 2, ["BDA"])
        applied = [each for each in cause["remedies"] if each["applies"]]
        assert [each["key"] for each in applied] == keys_in(text)
        assert all(f"phủ {each['fills']}/2" in text and each["text"] in text for each in applied)
        together = found["together"]
        assert together["text"] in text and together["remedies"] == [cause["best"]] and together["fills"] == 2
        bare = next(each for each in applied if each["kind"] == "bare")
        assert [(each["seats"], each["bare"]) for each in bare["less"]] == [(1, True), (1, True)]

        address = f"/api/v1/solve-runs/{short.id}/remedies"
        old = {"remedies": together["remedies"], "draft_version": found["draft_version"] - 1}
        assert client.post(address, json=old, headers=auth).status_code == 409
        assert client.post(address, json={"remedies": ["no~such~key"]}, headers=auth).status_code == 409
        done = client.post(address, json=old | {"draft_version": found["draft_version"]}, headers=auth)
        assert done.status_code == 200 and (done.json["lent"], done.json["less"]) == (0, 0)
        assert jobs.run_queued_solves(NOW) == 1
        assert client.get(f"/api/v1/solve-runs/{done.json['run']}", headers=auth).json["conflicts"] == []
