"""What the script of the grid asks: many seats at once or none of them, one sentence, and the rows that changed."""

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
from core.actor import Actor
from core.db import db
from people.absences.services import add_absence
from people.accounts import keys
from people.queries import person_by_code, unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.draft.edits import SeatEdit
from roster.draft.models import DraftEdit
from roster.models import DraftAssignment, Shift
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.stores import SqliteStore, prepare

FIRST, LAST = "2020-01-23", "2020-01-25"
BAO = Actor(name="Bảo", role="manager", via="web", user_id=902)


def make_draft() -> int:
    """Three empty days of the district BDA, which six more people may serve, and one who only supports."""
    enterprise.make()
    unit = unit_by_code("BDA")
    for number in range(6):
        factories.make_person(f"P{number}", unit, duties=("leadership", "operations", "emergency"))
    factories.make_person("S1", unit, duties=("support",))
    factories.make_round_the_clock(unit)
    return factories.make_campaign(unit, first=FIRST, last=LAST).id


@pytest.fixture(scope="module")
def made(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "grid-edits", make_draft)


@pytest.fixture
def campaign(app: Flask, made: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = made
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


@pytest.fixture
def an(client: FlaskClient, campaign: Campaign) -> FlaskClient:
    sign_in(client, "an1")
    return client


def shifts(campaign: Campaign, duty: str = "operations", on: str = "2020-01-24") -> list[Shift]:
    wanted = select(Shift).filter_by(campaign_id=campaign.id, duty=duty, local_on=date.fromisoformat(on))
    return list(db.session.scalars(wanted.order_by(Shift.starts_at)))


def seat(campaign: Campaign, *, duty: str = "operations", on: str = "2020-01-24", nth: int = 0) -> int:
    return shifts(campaign, duty, on)[nth].seats[0].id


def sitting(*seats: int) -> list[tuple[str, bool] | None]:
    """Who has each of these seats, and whether they are pinned to it."""
    db.session.rollback()
    db.session.expire_all()
    found = (db.session.get(DraftAssignment, each) for each in seats)
    return [(row.person.code, row.pinned) if row else None for row in found]


def ask(client: FlaskClient, campaign_id: int, **sent: Any) -> Any:
    with clock.travel(NOW):
        return client.post(f"/roster/campaigns/{campaign_id}/edits", json=sent)


def get(client: FlaskClient, campaign_id: int, path: str) -> Any:
    with clock.travel(NOW):
        return client.get(f"/roster/campaigns/{campaign_id}/{path}")


def test_one_edit_answers_with_the_rows_that_changed_and_one_sentence(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    answer = ask(an, campaign.id, edits=[{"seat": here, "person": "P1", "was": None}])
    assert answer.status_code == 200, answer.text
    said = answer.json
    assert said["said"].startswith("Đã xếp ") and said["said"].endswith("Ctrl Z để hoàn tác.")
    assert said["rows"].count("<tr") == 2, "one person's row and the foot"
    assert f'data-seat="{here}"' in said["rows"] and 'data-person="P1"' in said["rows"]
    assert said["undo"] and said["undo"] in get(an, campaign.id, "edits/around").json["side"]
    assert len(answer.data) < 8_000 < len(an.get(f"/roster/campaigns/{campaign.id}").data)
    assert sitting(here) == [("P1", True)]
    (noted,) = db.session.scalars(select(DraftEdit))
    assert noted.made_by.startswith("user:")


def test_a_reason_stands_on_the_seat_that_breaks_something_and_on_no_other(an: FlaskClient, campaign: Campaign) -> None:
    """P1 is absent on the 24th: a reason for that day says nothing of the 25th."""
    away, other = seat(campaign), seat(campaign, on="2020-01-25")
    add_absence("P1", date(2020, 1, 24), date(2020, 1, 24), "sick", now=NOW, actor=ROOT)
    ask(an, campaign.id, edits=[{"seat": away, "person": "P1", "was": None}], reason="Đã đồng ý")
    ask(an, campaign.id, edits=[{"seat": other, "person": "P1", "was": None}], reason="Nhầm")
    reasons = dict(db.session.execute(select(DraftAssignment.seat_id, DraftAssignment.override_reason)).tuples().all())
    assert reasons == {away: "Đã đồng ý", other: None}


def test_two_people_exchange_their_shifts_in_one_edit(an: FlaskClient, campaign: Campaign) -> None:
    """Either half alone would give somebody two shifts at once."""
    one, other = seat(campaign, duty="operations"), seat(campaign, duty="emergency")
    ask(
        an,
        campaign.id,
        edits=[{"seat": one, "person": "P1", "was": None}, {"seat": other, "person": "P2", "was": None, "pin": False}],
    )
    assert sitting(one, other) == [("P1", True), ("P2", False)]
    half = ask(an, campaign.id, edits=[{"seat": other, "person": "P1", "was": "P2"}])
    assert half.status_code == 409 and half.json["code"] == "seats.break_rules" and "trùng giờ" in half.json["panel"]
    assert sitting(one, other) == [("P1", True), ("P2", False)]
    whole = [{"seat": one, "person": "P2", "was": "P1"}, {"seat": other, "person": "P1", "was": "P2"}]
    answer = ask(an, campaign.id, edits=whole)
    assert answer.status_code == 200 and answer.json["said"].startswith("Đã đổi chéo ca ")
    assert sitting(one, other) == [("P2", True), ("P1", True)]


def test_what_somebody_else_changed_names_who_and_nothing_is_written(an: FlaskClient, campaign: Campaign) -> None:
    here, free = seat(campaign), seat(campaign, on="2020-01-25")
    with clock.travel(NOW):
        drafts.edit_seats(campaign.id, [drafts.SeatEdit(here, "P3", None)], actor=BAO, now=NOW)
    edits = [{"seat": free, "person": "P2", "was": None}, {"seat": here, "person": "P1", "was": None}]
    answer = ask(an, campaign.id, edits=edits)
    assert answer.status_code == 409 and answer.json["code"] == "seats.changed"
    name = person_by_code("P3").full_name
    assert answer.json["said"].endswith(f"vừa sửa ô này. Ô giờ là {name}.")
    assert 'data-person="P3"' in answer.json["rows"], "the cell as it is now"
    assert sitting(here, free) == [("P3", True), None]
    gone = drafts.edit_seats(campaign.id, [drafts.SeatEdit(here, None, "P3")], actor=ROOT, now=NOW)
    assert gone.edit is not None
    late = ask(an, campaign.id, edits=[{"seat": here, "person": "P1", "was": "P3"}])
    assert late.json["said"].endswith("vừa sửa ô này. Ô giờ để trống.")


def test_a_broken_rule_asks_for_a_reason_and_keeps_it(an: FlaskClient, campaign: Campaign) -> None:
    """Not on the list of a duty is the enterprise's own rule: a reason answers for it."""
    here, free = seat(campaign), seat(campaign, on="2020-01-25")
    edits = [{"seat": free, "person": "P2", "was": None}, {"seat": here, "person": "S1", "was": None}]
    refused = ask(an, campaign.id, edits=edits)
    assert refused.status_code == 409 and "không thuộc danh sách" in refused.json["said"]
    assert 'name="reason"' in refused.json["panel"] and sitting(here, free) == [None, None]
    assert ask(an, campaign.id, edits=edits, reason="Tăng cường").status_code == 200
    assert sitting(here, free) == [("S1", True), ("P2", True)]
    assert [db.session.get_one(DraftAssignment, each).override_reason for each in (here, free)] == ["Tăng cường", None]


def test_what_the_law_forbids_is_not_offered_for_a_reason(an: FlaskClient, campaign: Campaign) -> None:
    long, next_morning = seat(campaign, nth=-1), seat(campaign, on="2020-01-25")
    edits = [{"seat": long, "person": "P1", "was": None}, {"seat": next_morning, "person": "P1", "was": None}]
    refused = ask(an, campaign.id, edits=edits)
    assert refused.status_code == 409 and "quy định của pháp luật" in refused.json["panel"]
    assert 'name="reason"' not in refused.json["panel"] and sitting(long, next_morning) == [None, None]


def test_a_block_of_letters_is_laid_out_whole(an: FlaskClient, campaign: Campaign) -> None:
    first, second = shifts(campaign), shifts(campaign, on="2020-01-25")
    letters = [f"ĐH {shift.template[0]}" for shift in (first[0], second[0])]
    cells = [
        {"person": "P0", "on": "2020-01-24", "text": letters[0].lower()},
        {"person": "P0", "on": "2020-01-25", "text": ""},
        {"person": "P1", "on": "2020-01-24", "text": "–"},
        {"person": "P1", "on": "2020-01-25", "text": letters[1]},
    ]
    answer = ask(an, campaign.id, cells=cells)
    assert answer.status_code == 200 and answer.json["said"].startswith("Đã sửa 2 ca của 2 người.")
    here, there = first[0].seats[0].id, second[0].seats[0].id
    assert sitting(here, there) == [("P0", True), ("P1", True)]
    swapped = [
        {"person": "P0", "on": "2020-01-24", "text": "", "seats": [here]},
        {"person": "P2", "on": "2020-01-24", "text": letters[0]},
    ]
    assert ask(an, campaign.id, cells=swapped).status_code == 200
    assert sitting(here) == [("P2", True)], "a seat that the block empties may be filled by it"


def test_what_does_not_fit_is_listed_and_nothing_is_half_written(an: FlaskClient, campaign: Campaign) -> None:
    shift = shifts(campaign)[0]
    good = {"person": "P0", "on": "2020-01-24", "text": f"ĐH {shift.template}"}
    cells = [
        good,
        {"person": "P1", "on": "2020-01-24", "text": f"ĐH {shift.template}"},
        {"person": "P2", "on": "2020-01-24", "text": "phép"},
        {"person": "S1", "on": "2020-01-24", "text": f"ĐH {shift.template}"},
        {"person": "P3", "on": "2020-01-24", "text": shift.template},
    ]
    answer = ask(an, campaign.id, cells=cells)
    assert answer.status_code == 409 and answer.json["code"] == "seats.misfit"
    assert answer.json["misfits"] == [[code, "2020-01-24"] for code in ("P2", "S1", "P3", "P1")]
    panel = answer.json["panel"]
    for why in ("đã đủ người", "không có ca nào tên “phép”", "không trực loại ấy", "có nhiều loại trực: gõ “"):
        assert why in panel
    assert sitting(shift.seats[0].id) == [None]
    assert ask(an, campaign.id, cells=[good]).status_code == 200


def test_undo_and_redo_answer_in_parts_and_name_what_they_did(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    ask(an, campaign.id, edits=[{"seat": here, "person": "P1", "was": None}])
    with clock.travel(NOW):
        undone = an.post(f"/roster/campaigns/{campaign.id}/edits/undo")
    assert undone.status_code == 200 and undone.json["said"].startswith("Đã hoàn tác: xếp ")
    assert 'data-person="P1"' in undone.json["rows"] and sitting(here) == [None]
    with clock.travel(NOW):
        nothing = an.post(f"/roster/campaigns/{campaign.id}/edits/undo")
        redone = an.post(f"/roster/campaigns/{campaign.id}/edits/redo")
    assert nothing.status_code == 409 and "không còn thay đổi nào" in nothing.json["said"]
    assert redone.json["said"].startswith("Đã làm lại: xếp ") and sitting(here) == [("P1", True)]


def test_pins_are_edits_like_any_other(an: FlaskClient, campaign: Campaign) -> None:
    here, there = seat(campaign), seat(campaign, on="2020-01-25")
    ask(an, campaign.id, edits=[{"seat": each, "person": "P1", "was": None} for each in (here, there)])
    loose = [{"seat": each, "person": "P1", "was": "P1", "pin": False} for each in (here, there)]
    assert ask(an, campaign.id, edits=loose).json["said"] == "Đã bỏ ghim 2 ca. Ctrl Z để hoàn tác."
    assert sitting(here, there) == [("P1", False), ("P1", False)]
    assert ask(an, campaign.id, edits=loose).json["said"] == "Không có gì thay đổi."


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"edits": [{"seat": 999_999, "person": None, "was": None}]}, "Không có chỗ trực số 999999"),
        ({"edits": [{"seat": "x"}]}, "edits.0.seat"),
        ({"cells": [{"person": "P1", "on": "hôm nay"}]}, "cells.0.on"),
        ({"edits": [{"seat": 1, "person": "KHÔNG-CÓ", "was": None}]}, "KHÔNG-CÓ"),
        ({"edits": [{"seat": 1, "was": None}, {"seat": 1, "was": None}]}, "hai lần"),
    ],
)
def test_what_cannot_be_read_says_where(an: FlaskClient, campaign: Campaign, sent: Any, why: str) -> None:
    answer = ask(an, campaign.id, **sent)
    assert answer.status_code in (404, 422) and why in answer.json["said"]


def test_a_form_does_the_same_without_a_script(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    with clock.travel(NOW):
        answer = an.post(f"/roster/campaigns/{campaign.id}/edits", data={"seat": here, "person": "P1", "was": ""})
    assert answer.status_code == 200 and sitting(here) == [("P1", True)]


def test_who_may_not_edit_the_campaign_may_not_ask(client: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    sign_in(client, "bi1")
    assert ask(client, campaign.id, edits=[{"seat": here, "person": "P1", "was": None}]).status_code == 403
    for path in (f"hand?seat={here}", "offers?person=P1&on=2020-01-24"):
        assert get(client, campaign.id, path).status_code == 403
    assert sitting(here) == [None]


def test_offers_say_what_each_shift_changes_or_why_not(an: FlaskClient, campaign: Campaign) -> None:
    here, at_once = seat(campaign), seat(campaign, duty="emergency")
    ask(an, campaign.id, edits=[{"seat": here, "person": "P1", "was": None}])
    offers = get(an, campaign.id, "offers?person=P2&on=2020-01-24").json["offers"]
    by_seat = {each["edits"][-1]["seat"]: each for each in offers}
    assert by_seat[here]["says"].startswith(f"thay {person_by_code('P1').full_name}") and by_seat[here]["ok"]
    assert by_seat[at_once]["says"].startswith("chỗ còn trống")
    mine = get(an, campaign.id, "offers?person=P1&on=2020-01-24").json["offers"]
    refused = next(each for each in mine if each["edits"][-1]["seat"] == at_once)
    assert not refused["ok"] and "đang trực ca khác cùng giờ" in refused["says"] and refused["why"]
    instead = get(an, campaign.id, f"offers?person=P1&on=2020-01-24&seat={here}").json["offers"]
    taken = next(each for each in instead if each["edits"][-1]["seat"] == at_once)
    assert taken["ok"], "what is typed takes the place of what stood there"
    assert taken["edits"][0] == {"seat": here, "person": None, "was": "P1"}
    assert get(an, campaign.id, "offers?person=P1&on=x").status_code == 404


def test_a_shift_in_the_hand_knows_every_row(an: FlaskClient, campaign: Campaign) -> None:
    here, same_time = seat(campaign), seat(campaign, duty="emergency")
    edits = [{"seat": here, "person": "P1", "was": None}, {"seat": same_time, "person": "P2", "was": None}]
    ask(an, campaign.id, edits=edits)
    held = get(an, campaign.id, f"hand?seat={here}&rows=P0,P1,P2,S1").json
    assert set(held["rows"]) == {"P0", "P2", "S1"} and held["person"] == "P1"
    assert "w" not in held["rows"]["P0"] and held["rows"]["S1"]["w"] == "nghề"
    assert held["rows"]["P2"]["w"] == "trùng" and "trùng giờ" in held["rows"]["P2"]["s"]
    assert held["swaps"] == {str(same_time): {"person": "P2", "d": held["swaps"][str(same_time)]["d"]}}
    assert held["said"].startswith("Đang cầm ca ") and "1 người nhận được, 1 cách đổi chéo" in held["said"]
    assert "Đặt" in held["panel"]
    empty = seat(campaign, on="2020-01-25")
    assert get(an, campaign.id, f"hand?seat={empty}&rows=P0").status_code == 409
    assert get(an, campaign.id, "hand?seat=999999&rows=P0").status_code == 404


def test_programs_edit_many_seats_in_one_call(client: FlaskClient, campaign: Campaign) -> None:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ROOT)
    headers, path = {"Authorization": f"Bearer {secret}"}, f"/api/v1/campaigns/{campaign.id}/edits"
    one, other = seat(campaign), seat(campaign, duty="emergency")
    edits = [{"seat": one, "person": "P1", "was": None}, {"seat": other, "person": "P2", "was": None, "pin": False}]
    with clock.travel(NOW):
        done = client.post(path, json={"edits": edits}, headers=headers)
        late = client.post(path, json={"edits": edits}, headers=headers)
        twice = client.post(path, json={"edits": [edits[0], edits[0]]}, headers=headers)
        clash = [{"seat": other, "person": "P1", "was": "P2"}]
        broken = client.post(path, json={"edits": clash}, headers=headers)
    assert done.status_code == 200, done.text
    assert [(each["person"], each["pinned"]) for each in done.json["changed"]] == [("P1", True), ("P2", False)]
    assert [each["filled"] for each in done.json["coverage"]] == [1, 1] and done.json["edit"]
    assert late.status_code == 409 and {each["seat"] for each in late.json["state"]["seats"]} == {one, other}
    assert twice.status_code == 409 and twice.json["code"] == "edits.same_seat"
    assert broken.status_code == 409 and broken.json["state"]["violations"][0]["rule"] == "overlap.shifts"
    assert sitting(one, other) == [("P1", True), ("P2", False)]


def test_whoever_came_from_outside_can_be_taken_off_again(an: FlaskClient, campaign: Campaign) -> None:
    """They are of no unit of the campaign: once off, the draft does not know them any more."""
    here = seat(campaign)
    factories.make_person("X1", unit_by_code("BDC"), duties=("operations",))
    put = ask(an, campaign.id, edits=[{"seat": here, "person": "X1", "was": None}], reason="Tăng cường")
    assert put.status_code == 200, put.text
    off = ask(an, campaign.id, edits=[{"seat": here, "person": None, "was": "X1"}])
    assert off.status_code == 200 and off.json["said"].startswith(f"Đã bỏ {person_by_code('X1').full_name} khỏi ")
    assert sitting(here) == [None]


def test_a_code_that_is_no_more_is_no_obstacle_to_being_told(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    answer = ask(an, campaign.id, edits=[{"seat": here, "person": "P1", "was": "CŨ"}])
    assert answer.status_code == 409 and answer.json["code"] == "seats.changed"


def test_a_day_is_pasted_over_itself_though_its_kind_is_not_theirs(an: FlaskClient, campaign: Campaign) -> None:
    """Put there with a reason: what was copied from a cell may go back into it."""
    here = seat(campaign)
    ask(an, campaign.id, edits=[{"seat": here, "person": "S1", "was": None}], reason="Tăng cường")
    letters = f"ĐH {shifts(campaign)[0].template}"
    cells = [{"person": "S1", "on": "2020-01-24", "text": letters, "seats": [here]}]
    answer = ask(an, campaign.id, cells=cells)
    assert answer.status_code == 200, answer.text
    assert answer.json["said"] == "Không có gì thay đổi." and sitting(here) == [("S1", True)]


def test_what_somebody_took_meanwhile_is_told_even_where_the_text_keeps_it(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    with clock.travel(NOW):
        drafts.edit_seats(campaign.id, [drafts.SeatEdit(here, "P3", None)], actor=BAO, now=NOW)
    letters = f"ĐH {shifts(campaign)[0].template}"
    answer = ask(an, campaign.id, cells=[{"person": "P1", "on": "2020-01-24", "text": letters, "seats": [here]}])
    assert answer.status_code == 409 and answer.json["code"] == "seats.changed"


def test_refusals_are_sentences_for_the_script_too(client: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    sign_in(client, "bi1")
    asked = [
        ask(client, campaign.id, edits=[{"seat": here, "person": "P1", "was": None}]),
        client.post(f"/roster/campaigns/{campaign.id}/edits/undo"),
        get(client, campaign.id, f"hand?seat={here}"),
        get(client, campaign.id, "offers?person=P1&on=2020-01-24"),
    ]
    assert [each.status_code for each in asked] == [403] * 4
    assert all(each.is_json and each.json["said"] for each in asked)


def test_too_much_at_once_says_how_much_is_possible(an: FlaskClient, campaign: Campaign) -> None:
    cells = [{"person": "P1", "on": "2020-01-24", "text": "x"}] * 10_000
    answer = ask(an, campaign.id, cells=cells)
    assert answer.status_code == 422 and answer.json["code"] == "edits.too_many"
    assert "nhiều nhất 2.000 ô, đây là 10.000 ô" in answer.json["said"]


def test_whoever_left_can_be_taken_off(an: FlaskClient, campaign: Campaign) -> None:
    here = seat(campaign)
    ask(an, campaign.id, edits=[{"seat": here, "person": "P1", "was": None}])
    person_by_code("P1").active = False
    db.session.commit()
    off = ask(an, campaign.id, edits=[{"seat": here, "person": None, "was": "P1"}])
    assert off.status_code == 200, off.text
    assert sitting(here) == [None]


def test_why_others_may_not_is_for_who_may_give_the_shift_away(client: FlaskClient, campaign: Campaign) -> None:
    """CH1 manages a unit of the campaign: shifts of other units are neither taken up nor exchanged for theirs."""
    for code in ("BDT", "BDC"):
        factories.make_person(f"{code}-X", unit_by_code("BDC"), duties=("operations",))
        factories.make_demand(unit_by_code(code))
    whole = factories.make_campaign(unit_by_code("BDT"), first="2020-01-26", last="2020-01-27")
    of_unit = {each.unit.code: each.seats[0].id for each in shifts(whole, on="2020-01-26")}
    edits = [{"seat": of_unit[code], "person": f"{code}-X", "was": None} for code in ("BDT", "BDC")]
    with clock.travel(NOW):
        made = [drafts.SeatEdit(each["seat"], each["person"], None) for each in edits]
        drafts.edit_seats(whole.id, made, reason="Tăng cường", actor=ROOT, now=NOW)
    sign_in(client, "ch1")
    other = get(client, whole.id, f"hand?seat={of_unit['BDT']}&rows=BDC-X,BDT-X")
    assert other.status_code == 403 and other.json["code"] == "shift.other_unit"
    own = get(client, whole.id, f"hand?seat={of_unit['BDC']}&rows=BDC-X,BDT-X")
    assert own.status_code == 200 and own.json["person"] == "BDC-X" and own.json["swaps"] == {}
    sign_in(client, "qt1")
    whole_reach = get(client, whole.id, f"hand?seat={of_unit['BDC']}&rows=BDC-X,BDT-X")
    assert list(whole_reach.json["swaps"]) == [str(of_unit["BDT"])]


def columns_of(rows: str) -> set[int]:
    """How many cells its rows have, that of the name aside."""
    return {row.count("<td") for row in rows.split("</tr>")[:-1]}


@pytest.mark.parametrize("view", ["people", "duties"])
def test_days_that_are_hidden_stay_hidden_in_every_answer_and_are_told_of_at_the_foot(
    an: FlaskClient, campaign: Campaign, view: str
) -> None:
    """Words are told by dates at once: an edit that changes what holds of a day moves no column."""
    base, hiding = f"/roster/campaigns/{campaign.id}", "hide=2020-01-23..2020-01-24"
    with clock.travel(NOW):
        asked = an.get(f"{base}?view={view}&hide=2020-01-24&hide=2020-01-23")
        assert asked.headers["Location"] == f"{base}?view={view}&{hiding}"
        shown = an.get(f"{base}?view={view}&{hiding}").text
        assert re.findall(r'data-on="(\d[^"]+)"', shown) == ["2020-01-25"] and "(2 ngày ẩn)" in shown
        foot = shown.partition("<tfoot>")[2].partition("</tfoot>")[0]
        assert columns_of(foot) == {2} and 'class="hid miss"' in foot
        edits = [{"seat": seat(campaign), "person": "P1", "was": None}]
        done = an.post(f"{base}/edits?view={view}&{hiding}", json={"edits": edits}).get_json()
        heard = an.get(f"{base}/edits/since?view={view}&{hiding}", headers={"If-None-Match": '"0.0"'}).get_json()
        after = an.get(f"{base}?view={view}&{hiding}").text
    for answer in (done, heard):
        body, _, foot = answer["rows"].partition("<tfoot>")
        assert columns_of(body) == {2} and "-0124" not in answer["rows"]
        assert all(cell in after for cell in foot_cells(foot))
    assert columns_of(heard["rows"].partition("<tfoot>")[2]) == {2}
    assert [cell[:18] for cell in foot_cells(done["rows"])] == ['<td id="foot-0123"'], "of the stretch with its day"


def foot_cells(foot: str) -> list[str]:
    """Every cell of the foot, whole."""
    return re.findall(r'<td id="foot-.*?</td>', foot, re.S)


def test_an_edit_tells_at_the_foot_of_its_own_day_as_the_page_does(an: FlaskClient, campaign: Campaign) -> None:
    base = f"/roster/campaigns/{campaign.id}"
    with clock.travel(NOW):
        before = foot_cells(an.get(base).text)
        edits = [{"seat": seat(campaign), "person": "P1", "was": None}]
        done = foot_cells(an.post(f"{base}/edits", json={"edits": edits}).get_json()["rows"])
        after = foot_cells(an.get(base).text)
        undone = foot_cells(an.post(f"{base}/edits/undo", json={}).get_json()["rows"])
    assert len(done) == 1 and done == [cell for cell in after if cell not in before]
    assert undone == [cell for cell in before if cell not in after]


def test_what_hides_nothing_or_everything_is_said(an: FlaskClient, campaign: Campaign) -> None:
    base = f"/roster/campaigns/{campaign.id}"
    with clock.travel(NOW):
        wrong = an.get(f"{base}?hide=hôm-qua", follow_redirects=True)
        all_of_it = an.get(f"{base}?hide=2020-01-01..2020-12-31", follow_redirects=True)
        strange = an.get(f"{base}?hide=before&campaign_id=1&endpoint=x&_scheme=ftp&view=duties")
    assert "Không hiểu “hôm-qua” trong phần ngày ẩn" in wrong.text and '<td class="hid' not in wrong.text
    assert "mọi ngày đều ẩn" in all_of_it.text and all_of_it.text.count('data-on="2020-') == 3
    # What an edit sends along hides as much as the page does, whatever has become of the days since.
    assert "hide" not in wrong.request.url + all_of_it.request.url
    assert strange.status_code == 302 and strange.headers["Location"].startswith(f"{base}?view=duties")


def test_only_days_to_look_at_are_those_of_the_moment(an: FlaskClient, campaign: Campaign) -> None:
    """Of the support there is no shift, so nothing is wrong; of the emergencies one day is filled."""
    base = f"/roster/campaigns/{campaign.id}"
    filled = [each.seats[0].id for each in shifts(campaign, "emergency")]
    drafts.edit_seats(
        campaign.id, [SeatEdit(filled[0], "P1", None), SeatEdit(filled[1], "P2", None)], actor=BAO, now=NOW
    )
    with clock.travel(NOW):
        assert "mọi ngày đều ẩn" in an.get(f"{base}?hide=calm&duty=support", follow_redirects=True).text
        found = an.get(f"{base}?hide=calm&duty=emergency")
    assert found.headers["Location"] == f"{base}?duty=emergency&hide=2020-01-24"


def hears(client: FlaskClient, campaign: Campaign, known: str, query: str = "part=days") -> Any:
    with clock.travel(NOW):
        answer = client.get(f"/roster/campaigns/{campaign.id}/edits/since?{query}", headers={"If-None-Match": known})
    return answer.get_json() if answer.status_code == 200 else None


def test_a_phone_is_told_of_the_days_that_changed_and_of_nothing_else(an: FlaskClient, campaign: Campaign) -> None:
    with clock.travel(NOW):
        page = an.get(f"/roster/campaigns/{campaign.id}").text
    known = re.search(r'data-version=("[0-9a-f.]+")', page)[1]  # type: ignore[index]
    assert hears(an, campaign, known) is None
    drafts.edit_seats(campaign.id, [SeatEdit(seat(campaign), "P1", None)], actor=BAO, now=NOW)
    told = hears(an, campaign, known)
    assert re.findall(r'<section [^>]*id="([^"]+)"', told["days"]) == ["d2020-01-24"] and not told["whole"]
    assert "Ksor Phước" in told["days"] and "rows" not in told and told["said"].endswith(" vừa sửa 1 ô.")
    assert "Cần xem" in told["side"] and hears(an, campaign, f'"{told["version"]}"') is None
    assert re.findall(r"<section", hears(an, campaign, known, "part=days&unit=BDC")["days"]) == ["<section"]


def test_a_phone_that_has_missed_too_much_is_told_of_all_days(an: FlaskClient, campaign: Campaign) -> None:
    drafts.edit_seats(campaign.id, [SeatEdit(seat(campaign), "P1", None)], actor=BAO, now=NOW)
    told = hears(an, campaign, '"x"')
    assert told["whole"] and told["days"].count("<section") == 3 and 'class="agenda"' in told["days"]
