"""Whoever has photographed the sheet of a point: what they can do with it; what a phone without a line sends late."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from compliance.parcel_checks.models import ParcelCheck, ParcelFinding
from compliance.posting import queries as posting, services as texts
from core.db import db, transaction
from incidents.record.models import Incident, TimelineEntry
from people.models import Unit
from tests.support.cast import ADMIN
from tests.support.service_point import DAY, ServicePoint, incidents


def test_a_machine_that_reports_findings_does_not_wake_everybody_each_time(point: ServicePoint) -> None:
    for number in range(20):
        point.find("after", goods=f"pháo hộp {number}", stopped="Chị Bình")
    found = incidents()
    assert len(found) == 6  # as many as the sheet "BÁO SỰ CỐ" calls for in ten minutes
    assert db.session.scalar(select(func.count(ParcelFinding.id))) == 20  # each is written all the same
    newest = found[-1].id
    again = select(TimelineEntry.note).where(
        TimelineEntry.incident_id == newest, TimelineEntry.kind == "reported_again"
    )
    assert "pháo hộp 19 · Chị Bình" in set(db.session.scalars(again)) and len(list(db.session.scalars(again))) == 14
    joined = select(func.count(ParcelFinding.id)).where(ParcelFinding.incident_id == newest)
    assert db.session.scalar(joined) == 15


def test_when_nothing_runs_any_more_the_next_one_calls_again(point: ServicePoint) -> None:
    for _number in range(6):
        point.find("after")
    for each in incidents():
        each.status = "closed"
    db.session.commit()
    point.find("after", goods="bình ga mini")
    assert db.session.scalar(select(func.count(Incident.id))) == 7


def test_refusals_wake_nobody_and_are_not_counted_with_them(point: ServicePoint) -> None:
    for _number in range(10):
        point.find("before")
    point.find("after")
    assert len(incidents()) == 1


def test_a_photo_that_waited_for_a_line_proves_the_text_that_hung_when_it_was_taken(point: ServicePoint) -> None:
    old = posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].edition.mark
    assert re.search(rf'name="edition-prohibited"\s+value="{old}"', point.text())
    examples = {"examples": {"vi": "Pháo các loại", "en": ""}}
    texts.save(point.night.ids["BDT"], "prohibited", examples, upon=0, actor=ADMIN, now=point.now)
    point.at(1)
    point.post("prohibited", at=(point.now - timedelta(hours=3)).isoformat(), **{"edition-prohibited": old})
    assert posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].code == "outdated"
    point.post("prohibited", **{"edition-prohibited": "<script>"})  # no mark at all: as it is now
    assert posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].code == "posted"


def test_a_point_that_closed_tells_the_days_on_which_it_was_open_and_none_after(point: ServicePoint) -> None:
    point.at(2)
    with transaction() as session:
        session.query(Unit).filter_by(code="BDA-1").one().valid_to = DAY + timedelta(days=1)
    assert "không hoạt động ngày đó" in point.tap(3, 422).get_data(as_text=True)
    point.tap(3, day=(DAY + timedelta(days=1)).isoformat())
    assert "không hoạt động ngày đó" in point.post("prohibited", 422).get_data(as_text=True)
    assert [row.day for row in db.session.scalars(select(ParcelCheck))] == [DAY + timedelta(days=1)]
    # What is found in a parcel is never turned away.
    point.find("after")
    assert len(incidents()) == 1
