"""What the pages of a roster claim holds of exactly what is shown: this draft, these rules, people and absences."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from core import clock
from core.db import db, transaction
from people import queries as people
from people.accounts import keys
from people.models import Absence, ContactMethod, Person
from planning.codec import fingerprint
from roster.campaigns.models import Campaign
from roster.draft import grid, judging, services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.rulebook import services as rule_settings
from roster.snapshot import snapshot
from roster.solving import proof_validity, queries as solve_queries
from roster.solving.models import SolveRun
from tests.support import factories
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.stores import SqliteStore, prepare
from tests.web.roster.pages.test_roster_pages import first_shift, main, make_solved_campaign, page
from tests.web.roster.solving.test_solve_pages import address, text_of, verified

PROVED = "Máy đã chứng minh không có cách xếp nào tốt hơn."
LOST = "không còn chứng minh"


def make_proved_campaign() -> int:
    """Its certificate says that the roster is the best, as that of a longer solve would."""
    campaign_id = make_solved_campaign()
    with transaction() as session:
        run = session.scalars(select(SolveRun)).one()
        run.status, run.bound = "optimal", run.objective
        run.certificate = {**run.certificate, "bound": run.objective, "proved": True}
    return campaign_id


@pytest.fixture(scope="module")
def proved(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "proved", make_proved_campaign)


@pytest.fixture
def campaign(app: Flask, proved: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = proved
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


@pytest.fixture
def run(campaign: Campaign) -> SolveRun:
    return db.session.scalars(select(SolveRun).filter_by(campaign_id=campaign.id)).one()


def drop_first(campaign: Campaign) -> None:
    drafts.set_people(first_shift(campaign.id).id, [], actor=ROOT, now=NOW)


def grid_of(client: FlaskClient, campaign: Campaign, query: str = "") -> str:
    return text_of(main(page(client, f"/roster/campaigns/{campaign.id}{query}")))


def an_absence(campaign: Campaign) -> None:
    """Of somebody on a day on which they serve nothing: the roster stays as good as it was, its proof does not."""
    code = snapshot.take(campaign.id, now=NOW).problem.staff[0].code
    person, day = people.person_by_code(code).id, date(2020, 1, 23)
    with transaction() as session:
        session.add(Absence(person_id=person, from_on=day, to_on=day, kind="annual_leave"))


def test_a_proof_is_said_while_it_holds_and_comes_back_with_the_draft(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    assert PROVED in grid_of(client, campaign)
    shift = first_shift(campaign.id)
    before = [each.draft for each in shift.seats if each.draft]
    codes, pinned = [row.person.code for row in before], before[0].pinned
    drop_first(campaign)
    told = grid_of(client, campaign)
    assert PROVED not in told and "Đã sửa sau khi xếp: không còn chứng minh" in told
    assert "Xếp lại phần chưa ghim" in told, "and one button asks for it anew"
    drafts.set_people(shift.id, codes, pin=pinned, actor=ROOT, now=NOW)
    assert PROVED in grid_of(client, campaign)


@pytest.mark.parametrize("changes", ["absence", "rules", "person"])
def test_a_proof_ends_when_what_it_rested_on_changes(client: FlaskClient, campaign: Campaign, changes: str) -> None:
    sign_in(client, "an1")
    if changes == "absence":
        an_absence(campaign)
    elif changes == "rules":
        rule_settings.save(campaign.id, {"peaks.second": {"weight": 123_00}}, actor=ROOT, now=NOW)
    else:
        with transaction() as session:
            session.scalars(select(Person).where(Person.code == "P0")).one().no_night = True
    told = grid_of(client, campaign)
    assert PROVED not in told and "Dữ liệu đã đổi sau khi xếp: không còn chứng minh" in told


def test_a_cell_that_is_pinned_leaves_the_proof_and_one_unpinned_ends_it(
    client: FlaskClient, campaign: Campaign, run: SolveRun
) -> None:
    shift_id = first_shift(campaign.id).id
    drafts.set_pinned(shift_id, True, actor=ROOT, now=NOW)
    assert proof_validity.proof_of_run(run, now=NOW).state == "proved", "what was proven of more rosters holds of fewer"
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        taken = snapshot.take(campaign.id, now=NOW).problem
        pins = [[pin.shift_id, pin.staff_id] for pin in taken.pins]
        row.certificate = {**row.certificate, "pins": pins, "problem": fingerprint(taken)}
    assert proof_validity.proof_of_run(solve_queries.get_run(run.id), now=NOW).state == "proved"
    drafts.set_pinned(shift_id, False, actor=ROOT, now=NOW)
    assert proof_validity.proof_of_run(solve_queries.get_run(run.id), now=NOW).state == "outdated"


def test_a_bound_is_no_bound_of_an_edited_draft(client: FlaskClient, campaign: Campaign, run: SolveRun) -> None:
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.status, row.bound = "feasible", row.objective // 2
        row.certificate = {**row.certificate, "bound": row.bound, "proved": False}
    sign_in(client, "an1")
    told = grid_of(client, campaign)
    assert "còn có thể tốt hơn nhiều nhất chừng" in told and "ca đêm (50,00 %)." in told
    drop_first(campaign)
    told = grid_of(client, campaign)
    assert "tốt hơn nhiều nhất" not in told and LOST in told


def test_the_page_of_the_solve_says_that_the_draft_is_another(
    client: FlaskClient, campaign: Campaign, run: SolveRun
) -> None:
    sign_in(client, "an1")
    html = main(page(client, address(run)))
    assert "<h2>Tốt nhất, đã chứng minh</h2>" in html and LOST not in html
    drop_first(campaign)
    html = main(page(client, address(run)))
    told = text_of(html)
    assert "<h2>Tốt nhất, đã chứng minh</h2>" not in html and "Đã chứng minh tốt nhất lúc" in told
    assert "không còn chứng minh gì về dự thảo hiện tại" in told


def test_valid_is_never_said_above_empty_seats(client: FlaskClient, campaign: Campaign, run: SolveRun) -> None:
    shift = first_shift(campaign.id)
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.status, row.certificate = "feasible", {**row.certificate, "proved": False}
    sign_in(client, "an1")
    assert "Lịch này hợp lệ" in page(client, address(run))
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.conflicts = [{"shift": shift.id, "missing": 1, "reasons": {}}]
    html = page(client, address(run))
    assert "Lịch này hợp lệ" not in html and "Lịch này chưa trọn" in html


def test_the_publish_page_says_what_the_solve_can_no_longer_vouch_for(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    assert PROVED in page(client, f"/roster/campaigns/{campaign.id}/publish")
    drop_first(campaign)
    told = page(client, f"/roster/campaigns/{campaign.id}/publish")
    assert PROVED not in told and LOST in told


def test_the_api_says_proved_while_it_holds(client: FlaskClient, campaign: Campaign, run: SolveRun) -> None:
    key = keys.create_api_key(keys.NewApiKey("xem", "viewer", "BDA"), now=NOW, actor=ROOT)[1]

    def asked(path: str) -> Any:
        with clock.travel(NOW):
            return client.get(path, headers={"Authorization": f"Bearer {key}"}).get_json()

    for stands in (True, False):
        whole = asked(f"/api/v1/solve-runs/{run.id}")
        listed = asked(f"/api/v1/campaigns/{campaign.id}/solve-runs")["items"][0]
        assert (whole["proved"], whole["stands"]) == (listed["proved"], listed["stands"]) == (stands, stands)
        drop_first(campaign)


def test_the_bound_is_worked_out_again_from_kept_prices(client: FlaskClient, campaign: Campaign, run: SolveRun) -> None:
    sign_in(client, "an1")
    assert run.certificate["prices"], "the worker asks for them"
    told = verified(client, run)
    assert "chỉ kiểm lại được một phần: kém lời máy nói" in told or "đã kiểm lại" in told
    with transaction() as session:
        row = session.get_one(SolveRun, run.id)
        row.certificate = {**row.certificate, "prices": ""}
    assert "Mức thấp nhất có thể chưa kiểm lại được" in verified(client, run)


def test_an_edit_by_htmx_brings_the_head_anew(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    path, shift = f"/roster/campaigns/{campaign.id}", first_shift(campaign.id)
    before = main(page(client, path))
    assert "Đã ban hành · bản 1" in text_of(before) and "Ban hành bản 2" not in before
    with clock.travel(NOW):
        answer = client.post(
            f"/roster/shifts/{shift.id}?view=people",
            headers={"HX-Request": "true"},
            data={"drop": drafts.get_shift(shift.id).seats[0].draft.person.code, "from_grid": "1", "pin": "1"},
        )
    assert answer.status_code == 200
    head = answer.text[answer.text.index('id="campaign-title" hx-swap-oob="innerHTML"') :]
    assert "Dự thảo khác bản 1: 1 ca" in head and "Ban hành bản 2" in head and "Đã ban hành" not in head
    told = grid_of(client, campaign)
    assert "Dự thảo khác bản 1: 1 ca" in told and "Đã ban hành · bản 1" not in told


def test_a_filter_narrows_cover_and_findings_too(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "an1")
    drop_first(campaign)  # of operations
    whole, other = grid_of(client, campaign), grid_of(client, campaign, "?duty=leadership")
    assert "Còn 1 lượt chưa có người" in whole and "thiếu 1" in whole
    assert "Còn 1 lượt chưa có người" not in other and "thiếu 1 lượt" in other, "the whole is told in one line"
    assert "trên 18 ca" in other and "Đủ người thiếu" not in other
    same = grid_of(client, campaign, "?duty=operations")
    assert "Còn 1 lượt chưa có người" in same


def test_what_publishing_would_refuse_is_said_beside_the_grid(client: FlaskClient, campaign: Campaign) -> None:
    """Every seat has somebody, and one of them has neither mail nor phone."""
    said = {
        "vi": "Người trực chưa có cách nào để hệ thống gọi: ",
        "en": "Person on duty whom the system has no way to call: ",
    }
    of_draft = {
        "vi": "Dự thảo còn {} khoảng hở phải có lý do khi ban hành",
        "en": "Gaps of the draft that need a reason",
    }
    sign_in(client, "an1")

    def shown(query: str = "") -> dict[str, str]:
        found = {}
        for language in said:
            client.post("/language", data={"language": language})
            found[language] = grid_of(client, campaign, query)
        return found

    assert not [language for language, text in shown().items() if said[language] in text]
    who = drafts.get_shift(first_shift(campaign.id).id).seats[0].draft.person_id
    with transaction() as session:
        session.execute(delete(ContactMethod).where(ContactMethod.person_id == who))
    found = grid.load(campaign.id, now=NOW)
    assert (found.missing, found.unsure) == (0, 0) and {gap.kind for gap in found.uncounted} == {"unreachable"}
    assert [language for language, text in shown().items() if said[language] in text] == ["vi", "en"]
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    for language, text in shown("?source=published").items():
        assert said[language] not in text and of_draft[language].format(len(found.uncounted)) in text


def test_a_filter_by_unit_speaks_of_its_seats_and_people(client: FlaskClient, campaign: Campaign) -> None:
    drop_first(campaign)
    below = factories.make_unit("BDA1", parent=people.find_unit("BDA"), kind="district")
    shown = grid.load(campaign.id, now=NOW, unit_id=below.id)
    assert (shown.missing, shown.shifts, shown.rows, shown.spreads) == (0, 0, (), ())
    assert not shown.hard and not shown.gaps and shown.whole.missing == 1
    own = grid.load(campaign.id, now=NOW, unit_id=people.find_unit("BDA").id)
    assert own.missing == 1 and own.shifts == 18 and own.rows


def unknown_overtime(campaign: Campaign) -> None:
    """Everybody works by the office week, and nobody knows what they had worked before."""
    with transaction() as session:
        for row in session.scalars(select(Person)):
            row.work_pattern, row.overtime_month_minutes, row.overtime_year_minutes = "office5", None, None


def test_what_was_not_checked_is_said_wherever_a_verdict_is(client: FlaskClient, campaign: Campaign) -> None:
    unknown_overtime(campaign)
    sign_in(client, "an1")
    count = len(judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW).unchecked)
    assert count > 0
    said = f"Giờ làm thêm của {count} người: chưa kiểm tra được"
    base = f"/roster/campaigns/{campaign.id}"
    for path in (base, f"{base}/publish", f"{base}/print"):
        assert said in text_of(page(client, path)), path
    revision = publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    assert len(revision.proof["unchecked"]) == count
    for path in (f"{base}/revisions/1", f"{base}/print?revision=1"):
        assert said in text_of(page(client, path)), path


def test_a_candidate_without_warnings_says_what_was_not_checked(client: FlaskClient, campaign: Campaign) -> None:
    with transaction() as session:
        for row in session.scalars(select(Person)):
            row.work_pattern, row.overtime_month_minutes, row.overtime_year_minutes = "office5", 0, 0
    sign_in(client, "an1")
    shift = first_shift(campaign.id)
    assert "giờ làm thêm chưa kiểm tra được" not in page(client, f"/roster/shifts/{shift.id}")
    unknown_overtime(campaign)
    assert "giờ làm thêm chưa kiểm tra được" in page(client, f"/roster/shifts/{shift.id}")


def test_an_edit_says_what_was_not_checked_on_the_page_and_in_json(client: FlaskClient, campaign: Campaign) -> None:
    unknown_overtime(campaign)
    sign_in(client, "an1")
    shift = next(each for each in snapshot.take(campaign.id, now=NOW).problem.shifts if each.form == "onsite")
    row = db.session.get_one(Shift, shift.id)
    (seated,) = [seat.draft.person for seat in row.seats if seat.draft]
    code, name, on = seated.code, seated.full_name, row.local_on.isoformat()
    text = text_of(page(client, f"/roster/shifts/{shift.id}"))
    assert "Giờ làm thêm của 1 người: chưa kiểm tra được" in text and name in text
    day = page(client, f"/roster/campaigns/{campaign.id}/cell?person={code}&on={on}")
    assert "giờ làm thêm chưa kiểm tra được" in day
    key = keys.create_api_key(keys.NewApiKey("ghi", "manager", "BDA"), now=NOW, actor=ROOT)[1]
    headers, path = {"Authorization": f"Bearer {key}"}, f"/api/v1/shifts/{shift.id}/people"
    with clock.travel(NOW):
        done = client.put(path, json={"people": [code]}, headers=headers).get_json()
        emptied = client.put(path, json={"people": []}, headers=headers).get_json()
    assert done["unchecked"] == [{"person": code, "rules": ["hours.month", "hours.year"]}]
    assert emptied["unchecked"] == [], "nobody is on it: there is nothing to check"


def test_who_refuses_to_publish_also_says_what_was_not_checked(client: FlaskClient, campaign: Campaign) -> None:
    unknown_overtime(campaign)
    drop_first(campaign)
    key = keys.create_api_key(keys.NewApiKey("ghi", "manager", "BDA"), now=NOW, actor=ROOT)[1]
    with clock.travel(NOW):
        refused = client.post(
            f"/api/v1/campaigns/{campaign.id}/publish", json={}, headers={"Authorization": f"Bearer {key}"}
        )
    assert refused.status_code == 409 and refused.get_json()["unchecked"]
