"""Two people at one matter in the same moment: nobody waits for somebody who waits for them, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db as database
from core.errors import Conflict
from incidents.merging import services as merging
from incidents.public_reports import codes
from incidents.record import timeline, transitions
from incidents.record.models import Incident, TimelineEntry
from incidents.triage import classification
from tests.support.beside import beside
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs("two at once: locks")


def log(night: Night, category: str = "power") -> int:
    return night.log(category=category).id


def work_on(main: int) -> Callable[[], Any]:
    """As everybody does who changes the main one: it first, with a line; what follows it afterwards."""

    def begin() -> None:
        session = database.session()
        timeline.write(session, transitions.exclusively(session, main), "note", ADMIN, now=NIGHT, note="Đang xem")
        session.flush()

    return begin


def follow(main: int) -> Callable[[], Any]:
    def go_on() -> None:
        session = database.session()
        incident = transitions.exclusively(session, main)
        merging.follow(session, incident, "note", ADMIN, now=NIGHT, note="Đang xem")
        session.flush()

    return go_on


@pytest.mark.parametrize("joined_first", [False, True])
@pytest.mark.parametrize("what", ["split", "restrict", "join again"])
def test_what_is_joined_is_taken_after_the_one_it_is_joined_to(
    app: Flask, night: Night, what: str, joined_first: bool
) -> None:
    one, other = log(night), log(night)
    joined, main = (one, other) if joined_first else (other, one)
    merging.join(joined, main_id=main, actor=ADMIN, now=NIGHT)
    database.session.rollback()
    acts: dict[str, Callable[[], Any]] = {
        "split": lambda: merging.split(joined, actor=ADMIN, now=NIGHT).code,
        "restrict": lambda: classification.restrict(joined, restricted=True, reason="Kín", actor=ADMIN, now=NIGHT).code,
        "join again": lambda: merging.join(joined, main_id=main, actor=ADMIN, now=NIGHT),
    }
    (said,) = beside(app, work_on(main), acts[what], follow(main))
    database.session.rollback()
    if what == "join again":
        assert said == "join.already"
    else:
        assert said == database.session.get_one(Incident, joined).code
    told = database.session.scalars(select(TimelineEntry.kind).where(TimelineEntry.incident_id == joined)).all()
    assert "main_note" in told


def test_what_is_joined_does_not_show_what_the_main_one_hides(app: Flask, night: Night) -> None:
    """Whatever is written about the main one is written in those joined to it as well."""
    main, joined = log(night), log(night)
    merging.join(joined, main_id=main, actor=ADMIN, now=NIGHT)
    classification.restrict(main, restricted=True, reason="Kín", actor=ADMIN, now=NIGHT)
    with pytest.raises(Conflict, match=r"join\.joined"):
        classification.restrict(joined, restricted=False, reason="Mở", actor=ADMIN, now=NIGHT)
    database.session.rollback()
    assert database.session.get_one(Incident, joined, populate_existing=True).restricted
    classification.restrict(main, restricted=False, reason="Mở", actor=ADMIN, now=NIGHT)
    assert not classification.restrict(joined, restricted=False, reason="Mở", actor=ADMIN, now=NIGHT).restricted


def test_two_first_new_sheets_of_a_unit_are_two_generations(app: Flask, night: Night) -> None:
    unit = night.ids["BDA"]
    rotate = lambda: codes.rotate(unit, actor=ADMIN, now=NIGHT).generation  # noqa: E731
    assert beside(app, rotate, rotate) == [3]
