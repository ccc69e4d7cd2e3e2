"""Part of what is pasted or emptied is out of reach: it is listed, nothing is written, the rest is one more call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db
from roster.draft.models import DraftEdit
from roster.models import Shift
from tests.support.districts import NOW, Districts
from tests.support.enterprise import sign_in


@pytest.fixture
def both(app: Flask) -> Districts:
    return Districts()


@pytest.fixture
def an(client: FlaskClient, both: Districts) -> FlaskClient:
    sign_in(client, "an1")
    return client


def ask(client: FlaskClient, both: Districts, *, at: datetime = NOW, **sent: Any) -> Any:
    with clock.travel(at):
        return client.post(f"/roster/campaigns/{both.campaign_id}/edits", json=sent)


def emptied(both: Districts, letter: str, turn: int, person: str) -> dict[str, Any]:
    on = db.session.get_one(Shift, both.shift(letter, turn)).local_on
    return {"person": person, "on": on.isoformat(), "text": "", "seats": [both.seat(letter, turn)]}


def test_cells_of_another_unit_are_listed_and_ones_own_are_still_offered(an: FlaskClient, both: Districts) -> None:
    own, others = emptied(both, "A", 2, "A1"), emptied(both, "C", 2, "C1")
    answer = ask(an, both, cells=[own, others])
    assert answer.status_code == 409 and answer.json["code"] == "seats.misfit"
    assert answer.json["misfits"] == [["C1", others["on"]]]
    panel = answer.json["panel"]
    assert "là của Bưu điện huyện C" in panel and "Chỉ ghi những ô xếp được" in panel and "(1)" in panel
    assert "Trực C1" in answer.json["said"]
    assert (both.drafted("A", 2), both.drafted("C", 2)) == ("A1", "C1"), "nothing is half-written"
    assert ask(an, both, cells=[own]).status_code == 200
    assert (both.drafted("A", 2), both.drafted("C", 2)) == ("", "C1")
    steps = [edit.cells for edit in db.session.scalars(select(DraftEdit).where(DraftEdit.made_by.startswith("user:")))]
    assert len(steps[-1]) == 1, "the rest is one step, undone as one"


def test_what_is_over_is_listed_too_by_cell_and_by_seat(an: FlaskClient, both: Districts) -> None:
    """The first day has been served and was published; the paste runs on into the next."""
    later = db.session.get_one(Shift, both.shift("A", 0)).ends_at + timedelta(hours=1)
    past, ahead = emptied(both, "A", 0, "A1"), emptied(both, "A", 4, "A1")
    by_cell = ask(an, both, at=later, cells=[past, ahead])
    assert by_cell.status_code == 409 and by_cell.json["misfits"] == [["A1", past["on"]]]
    assert "ca này đã qua và đã ban hành" in by_cell.json["panel"] and "(1)" in by_cell.json["panel"]
    edits = [{"seat": both.seat("A", turn), "person": None, "was": "A1"} for turn in (0, 4)]
    by_seat = ask(an, both, at=later, edits=edits)
    assert by_seat.status_code == 409 and by_seat.json["seats"] == [edits[0]["seat"]]
    assert "(1)" in by_seat.json["panel"] and (both.drafted("A", 0), both.drafted("A", 4)) == ("A1", "A1")
    assert ask(an, both, at=later, edits=edits[1:]).status_code == 200
    assert (both.drafted("A", 0), both.drafted("A", 4)) == ("A1", "")


def test_where_nothing_is_left_nothing_is_offered(an: FlaskClient, both: Districts) -> None:
    answer = ask(an, both, cells=[emptied(both, "C", 2, "C1")])
    assert answer.status_code == 409 and "Chỉ ghi những ô xếp được" not in answer.json["panel"]
    single = ask(an, both, edits=[{"seat": both.seat("C", 2), "person": None, "was": "C1"}])
    assert single.status_code == 403 and "Bưu điện huyện C" in single.json["said"]
