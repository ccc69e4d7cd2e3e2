"""The list of steps beside the grid: what was touched since, both versions, both choices, also without a script."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db
from people.absences.services import add_absence
from people.accounts import keys
from people.queries import person_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.draft.models import DraftEdit
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.statements import statements
from tests.support.stores import SqliteStore, prepare
from tests.web.roster.grid_pages.test_grid_edits import BAO, ask, make_draft, seat, sitting


@pytest.fixture(scope="module")
def made(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "grid-steps", make_draft)


@pytest.fixture
def campaign(app: Flask, made: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = made
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


@pytest.fixture
def an(client: FlaskClient, campaign: Campaign) -> FlaskClient:
    sign_in(client, "an1")
    return client


def other_changes(*edits: tuple[int, str | None, str | None], campaign: Campaign) -> None:
    wanted = [drafts.SeatEdit(at, person, was) for at, person, was in edits]
    drafts.edit_seats(campaign.id, wanted, actor=BAO, now=NOW)


def overtaken(an: FlaskClient, campaign: Campaign) -> tuple[int, int]:
    """An fills two seats in one step; Bảo gives the first to another."""
    one, two = seat(campaign), seat(campaign, on="2020-01-25")
    edits = [{"seat": one, "person": "P1", "was": None}, {"seat": two, "person": "P2", "was": None}]
    assert ask(an, campaign.id, edits=edits).status_code == 200
    other_changes((one, "P3", "P1"), campaign=campaign)
    return one, two


def turn(client: FlaskClient, campaign: Campaign, path: str, **form: Any) -> Any:
    with clock.travel(NOW):
        return client.post(f"/roster/campaigns/{campaign.id}/{path}", data=form)


def test_the_panel_lists_each_step_and_warns_of_the_one_that_was_touched(an: FlaskClient, campaign: Campaign) -> None:
    overtaken(an, campaign)
    with clock.travel(NOW):
        page = an.get(f"/roster/campaigns/{campaign.id}?view=people").text
    assert "Từ khi lập đợt ·" in page and "2 bước" in page
    assert "đã sửa lại: sẽ hỏi giữ của ai" in page
    assert page.count('data-turn="undo"') == 1, "of the two steps one is An's"
    turn(an, campaign, "edits/undo", clash="keep")
    with clock.travel(NOW):
        page = an.get(f"/roster/campaigns/{campaign.id}?view=people").text
    assert "làm lại được 1" in page and page.index('data-turn="redo"') < page.index("902, ")


def test_the_script_is_told_both_versions_and_the_choice_is_made_beside(an: FlaskClient, campaign: Campaign) -> None:
    one, two = overtaken(an, campaign)
    answer = turn(an, campaign, "edits/undo")
    assert answer.status_code == 409 and answer.json["code"] == "undo.changed"
    new = person_by_code("P3").full_name
    assert answer.json["said"].endswith(f"Ô giờ là {new} (đã ghim). Trước đó là trống. Chọn ở bảng bên.")
    panel = answer.json["panel"]
    assert f"Ô giờ là {new}" in panel and "Trước đó là trống." in panel
    assert 'value="keep"' in panel and 'value="put_back"' in panel and "làm 1 ô còn lại" in panel
    assert sitting(one, two) == [("P3", True), ("P2", True)], "nothing was undone"
    kept = turn(an, campaign, "edits/undo", clash="keep")
    assert kept.status_code == 200 and sitting(one, two) == [("P3", True), None]


def test_what_is_put_back_is_a_step_with_a_name(an: FlaskClient, campaign: Campaign) -> None:
    one, two = overtaken(an, campaign)
    step = db.session.scalars(select(DraftEdit.id).order_by(DraftEdit.id)).first()
    done = turn(an, campaign, "edits/undo", edit=step, clash="put_back")
    assert done.status_code == 200 and sitting(one, two) == [None, None]
    assert done.json["undo"].startswith("bỏ ") and 'data-person="P3"' in done.json["rows"]
    turn(an, campaign, "edits/undo")
    assert sitting(one, two) == [("P3", True), ("P2", True)]


def test_without_a_script_a_page_asks_and_each_choice_is_a_button(an: FlaskClient, campaign: Campaign) -> None:
    one, two = overtaken(an, campaign)
    asked = turn(an, campaign, "undo?view=people")
    assert asked.status_code == 409 and "Giữ của ai?" in asked.text
    assert "Ô giờ là" in asked.text and "Đặt lại của tôi" in asked.text and sitting(one, two)[0] == ("P3", True)
    step = db.session.scalars(select(DraftEdit.id).order_by(DraftEdit.id)).first()
    done = turn(an, campaign, "undo?view=people", edit=step, clash="put_back")
    assert done.status_code == 303 and sitting(one, two) == [None, None]


def test_programs_hear_both_versions_and_choose(client: FlaskClient, campaign: Campaign) -> None:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ROOT)
    headers, path = {"Authorization": f"Bearer {secret}"}, f"/api/v1/campaigns/{campaign.id}"
    one, two = seat(campaign), seat(campaign, on="2020-01-25")
    edits = [{"seat": one, "person": "P1", "was": None}, {"seat": two, "person": "P2", "was": None}]
    with clock.travel(NOW):
        made = client.post(f"{path}/edits", json={"edits": edits}, headers=headers)
        other_changes((one, "P3", "P1"), campaign=campaign)
        late = client.post(f"{path}/undo", headers=headers)
        kept = client.post(f"{path}/undo", json={"edit": made.json["edit"], "clash": "keep"}, headers=headers)
    assert late.status_code == 409
    (told,) = late.json["state"]["seats"]
    assert (told["seat"], told["person"], told["then"], told["by"]) == (one, "P3", None, "902")
    assert kept.status_code == 200 and sitting(one, two) == [("P3", True), None]


def since(client: FlaskClient, campaign: Campaign, version: str) -> Any:
    with clock.travel(NOW):
        headers = {"If-None-Match": f'"{version}"', "X-Poll": "1"}
        return client.get(f"/roster/campaigns/{campaign.id}/edits/since?view=people", headers=headers)


def version_in(client: FlaskClient, campaign: Campaign) -> str:
    with clock.travel(NOW):
        page = client.get(f"/roster/campaigns/{campaign.id}?view=people").text
    return re.search(r'data-version="([0-9a-f.]+)"', page)[1]  # type: ignore[index]


def test_an_open_grid_hears_of_what_others_changed_and_of_nothing_else(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    known = version_in(an, campaign)
    quiet = since(an, campaign, known)
    assert quiet.status_code == 304 and not quiet.data
    other_changes((here, "P3", None), campaign=campaign)
    heard = since(an, campaign, known)
    [cell] = heard.json["cells"]
    assert cell | {"shift": ""} == {"person": "P3", "on": "2020-01-24", "by": "902", "shift": ""}
    assert heard.json["said"] == "902 vừa sửa 1 ô."
    assert heard.json["rows"].count("<tr") == 2 and 'data-person="P3"' in heard.json["rows"], "one row and the foot"
    assert heard.headers["ETag"] == f'"{heard.json["version"]}"'
    assert since(an, campaign, heard.json["version"]).status_code == 304


def test_ones_own_edits_are_not_told_once_more(an: FlaskClient, campaign: Campaign) -> None:
    known = version_in(an, campaign)
    mine = ask(an, campaign.id, edits=[{"seat": seat(campaign), "person": "P1", "was": None}]).json
    assert mine["since"] == known and since(an, campaign, mine["version"]).status_code == 304
    missed = since(an, campaign, known).json
    assert missed["cells"] == [] and missed["said"] == "", "though another window of theirs gets the rows"
    assert 'data-person="P1"' in missed["rows"] and missed["rows"].count("<tr") == 2
    undone = turn(an, campaign, "edits/undo").json
    assert undone["since"] == mine["version"] and since(an, campaign, undone["version"]).status_code == 304


def test_what_no_log_tells_of_brings_all_rows(an: FlaskClient, campaign: Campaign) -> None:
    """Rules or points were changed meanwhile; or the page is older than the log."""
    known = version_in(an, campaign)
    other_changes((seat(campaign), "P3", None), campaign=campaign)
    db.session.get_one(Campaign, campaign.id).draft_version += 1
    db.session.commit()
    assert since(an, campaign, known).json["said"] == "902 vừa sửa 1 ô."
    for said in ("0.7", "never", "", "99999999999999999999.0"):
        heard = since(an, campaign, said).json
        assert heard["rows"].count("data-person=") > 6
        assert heard["cells"] == [] and heard["said"] == "Lịch vừa được cập nhật."


def test_an_open_grid_hears_that_somebody_fell_ill(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    other_changes((here, "P3", None), campaign=campaign)
    known = version_in(an, campaign)
    day = date(2020, 1, 24)
    add_absence("P3", day, day, "sick", now=NOW, actor=ROOT)
    heard = since(an, campaign, known).json
    assert heard["said"] == "" and heard["cells"] == []
    with clock.travel(NOW):
        assert "không chắc" in an.get(f"/roster/campaigns/{campaign.id}/edits/around").get_json()["side"]
    row = re.search(r'<tr [^>]*data-person="P3".*?</tr>', heard["rows"], re.S)[0]  # type: ignore[index]
    assert "không chắc, vắng" in row
    assert since(an, campaign, heard["version"]).status_code == 304
    other_changes((here, "P1", "P3"), campaign=campaign)
    add_absence("P2", day, day, "sick", now=NOW, actor=ROOT)
    both = since(an, campaign, heard["version"]).json
    assert both["said"] == "902 vừa sửa 2 ô." and len(both["cells"]) == 2 and both["rows"].count("data-person=") > 6


def test_where_nothing_changed_the_draft_is_not_read(an: FlaskClient, campaign: Campaign) -> None:
    known = version_in(an, campaign)
    path = f"/roster/campaigns/{campaign.id}/edits/since"
    with clock.travel(NOW), statements() as asked:
        assert an.get(path, headers={"If-None-Match": f'"{known}"', "X-Poll": "1"}).status_code == 304
    roster = [each for each in asked if re.search(r"FROM (campaigns|shifts|seats|draft_\w+|duties)\b", each)]
    assert len(roster) == 1 and "FROM campaigns" in roster[0], "\n".join(roster)


def test_who_may_not_edit_is_told_nothing(client: FlaskClient, campaign: Campaign) -> None:
    sign_in(client, "bi1")
    assert since(client, campaign, "0.0").status_code == 403


def test_marks_alone_name_no_unit(an: FlaskClient, campaign: Campaign) -> None:
    """Somebody's input method left an accent without its letter."""
    with clock.travel(NOW):
        for words in ("\u0301", " \u0301 ", "%", "_", "\u202e", "x" * 1000):
            page = an.get(f"/roster/campaigns/{campaign.id}", query_string={"view": "people", "find": words})
            assert page.status_code == 200, "not led to the first unit that there is"
            assert "Không thấy người hay đơn vị nào như" in page.text


def test_a_step_that_is_undone_elsewhere_is_told_so(an: FlaskClient, campaign: Campaign) -> None:
    """Two windows show the same step, both undo it; another step of theirs still stands."""
    one, two = overtaken(an, campaign)
    ask(an, campaign.id, edits=[{"seat": two, "person": None, "was": "P2"}])
    step = db.session.scalars(select(DraftEdit.id).order_by(DraftEdit.id.desc())).first()
    assert turn(an, campaign, "edits/undo", edit=step).status_code == 200
    late = turn(an, campaign, "edits/undo", edit=step)
    assert late.status_code == 409 and late.json["said"].startswith("Bước này không còn để hoàn tác")
    assert sitting(one, two) == [("P3", True), ("P2", True)], "and no other step in its place"


def test_what_was_kept_is_not_told_as_undone(an: FlaskClient, campaign: Campaign) -> None:
    one, two = overtaken(an, campaign)
    other_changes((two, "P4", "P2"), campaign=campaign)
    kept = turn(an, campaign, "edits/undo", clash="keep")
    assert kept.json["said"] == "Giữ như bây giờ: không đổi ô nào."
    assert sitting(one, two) == [("P3", True), ("P4", True)]


def test_what_came_after_both_versions_were_shown_is_not_overwritten(an: FlaskClient, campaign: Campaign) -> None:
    one, two = overtaken(an, campaign)
    shown = re.search(r'name="seen" value="(\d+)"', turn(an, campaign, "edits/undo").json["panel"])[1]  # type: ignore[index]
    other_changes((one, "P4", "P3"), campaign=campaign)
    step = db.session.scalars(select(DraftEdit.id).order_by(DraftEdit.id)).first()
    late = turn(an, campaign, "edits/undo", edit=step, clash="put_back", seen=shown)
    assert late.status_code == 409 and person_by_code("P4").full_name in late.json["panel"]
    assert sitting(one, two) == [("P4", True), ("P2", True)]
    anew = re.search(r'name="seen" value="(\d+)"', late.json["panel"])[1]  # type: ignore[index]
    other_changes((seat(campaign, on="2020-01-25", nth=1), "P3", None), campaign=campaign)
    done = turn(an, campaign, "edits/undo", edit=step, clash="put_back", seen=anew)
    assert done.status_code == 200 and sitting(one, two) == [None, None], "what is changed elsewhere is in nobody's way"
