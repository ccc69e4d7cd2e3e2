"""A unit's list in two hands in the same moment: who comes second hears of it, on both databases."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from core.db import db as database, transaction
from core.errors import NotFound
from core.files import content as reading
from people.queries import unit_by_code
from roster.draft import undoing
from roster.lists import filling, papers, queries, services as lists, typed_over
from roster.lists.filling import FilledList
from roster.lists.models import UnitList
from tests.support.beside import beside
from tests.support.districts import ADMIN, NOW, Districts

pytestmark = pytest.mark.both_dbs("two at one list: locks")


@pytest.fixture
def made(db: Any) -> Districts:
    found = Districts()
    units = [unit_by_code("BDA").id]
    lists.collect(found.campaign_id, units=units, due_at=NOW + timedelta(days=2), message="", actor=ADMIN, now=NOW)
    database.session.rollback()
    return found


def the_list(made: Districts) -> UnitList:
    collection = queries.collection_for(made.campaign_id)
    assert collection is not None
    (row,) = collection.lists
    return row


def sends(made: Districts, who: str, turns: dict[int, str], *, seen: str | None = None) -> Callable[[], str]:
    def send() -> str:
        row = the_list(made)
        picks = {made.seat("A", turn): made.ids[code] for turn, code in turns.items()}
        lists.send(row, filling.ground(row, now=NOW), FilledList(picks), lists.SenderWords(who, "", seen=seen), now=NOW)
        return "sent"

    return send


def test_two_phones_that_saw_none_send_one_list(app: Flask, made: Districts) -> None:
    first, second = (sends(made, who, {0: code}, seen="") for who, code in (("An", "A3"), ("Bình", "A4")))
    assert beside(app, first, second) == ["lists.sent_meanwhile"]
    database.session.rollback()
    row = the_list(made)
    assert (row.sent_by, [each.person_id for each in row.picks]) == ("An", [made.ids["A3"]])


def test_a_list_is_answered_once(app: Flask, made: Districts) -> None:
    def give_back() -> Any:
        return lists.send_back(made.campaign_id, the_list(made).id, "Thiếu", actor=ADMIN, now=NOW)

    sends(made, "An", {0: "A3"})()
    assert beside(app, give_back, lambda: give_back() and "twice") == ["lists.not_sent"]
    database.session.rollback()
    assert the_list(made).state == "returned"


def test_a_merge_that_is_taken_back_is_no_merge_and_is_one_again(app: Flask, made: Districts) -> None:
    sends(made, "An", {0: "A3"})()
    row = the_list(made)
    assert row.sent_at is not None
    sent_at = row.sent_at.isoformat()
    lists.merge(made.campaign_id, row.id, sent_at=sent_at, reason="Đổi", actor=ADMIN, now=NOW)
    assert (the_list(made).state, made.drafted("A", 0)) == ("merged", "A3")
    undoing.undo(made.campaign_id, actor=ADMIN, now=NOW)
    assert (the_list(made).state, made.drafted("A", 0)) == ("sent", "A1")
    undoing.redo(made.campaign_id, actor=ADMIN, now=NOW)
    assert (the_list(made).state, made.drafted("A", 0)) == ("merged", "A3")


def test_a_paper_is_dropped_by_one_and_typed_over_by_one(app: Flask, made: Districts) -> None:
    """Two at the photo of a list: whoever comes second hears that it has moved on."""
    photo = reading.read_file(_photo(), "danh-sach.jpg")
    with transaction():
        papers.keep(the_list(made), [photo, replace(photo, sent_sha256="b")], now=NOW)
    keys = [each.key for each in the_list(made).files]
    papers.drop(the_list(made), keys[0], now=NOW)
    with pytest.raises(NotFound):
        papers.drop(the_list(made), keys[0], now=NOW)
    sends(made, "An", {0: "A3"})()
    seen = the_list(made).sent_at
    assert seen is not None

    def type_over() -> None:
        filled = FilledList({made.seat("A", 0): made.ids["A4"]})
        typed_over.type_over(
            made.campaign_id, the_list(made).id, filled, seen=seen.isoformat(), actor=ADMIN, now=NOW + timedelta(1)
        )

    assert beside(app, type_over, type_over) == ["lists.moved"]


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()
