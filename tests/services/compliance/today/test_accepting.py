"""Photos and days that sheets sent, accepted many at once by whoever answers for the points."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from compliance.parcel_checks import queries as parcels
from compliance.parcel_checks.models import ParcelCheck, ParcelFinding
from compliance.posting import queries as posting, services as texts
from compliance.posting.models import Posting
from compliance.today import accepting, services as days, waiting
from compliance.today.models import PointDay
from compliance.today.services import CounterReport
from core.db import db as database
from core.errors import Forbidden, Throttled
from core.files import codes
from core.models import AuditEntry
from incidents.legal.models import LegalStep
from incidents.public_reports import services as reports
from people.access import guard
from people.models import User
from tests.support.enterprise import sign_in
from tests.support.service_point import DAY, ServicePoint, incidents, photo
from tests.support.tet_night import ADMIN

pytestmark = pytest.mark.both_dbs("photos and days accepted under lock, upserts of what waits")


def actor(login: str) -> Any:
    return guard.actor_of(database.session.scalars(select(User).where(User.login == login)).one())


def ids(point: ServicePoint) -> list[int]:
    database.session.rollback()
    return [each.id for each in waiting.photos(None, DAY)]


def test_who_answers_for_other_points_accepts_nothing_and_nothing_is_accepted_in_part(point: ServicePoint) -> None:
    point.post("prohibited")
    point.post("hours", expect=409)
    elsewhere = point.night.ids["BDC"]
    other = texts.post(
        elsewhere,
        texts.PostingReport("khac", "prohibited", photo=_file(), sheet="counter"),
        actor=reports.reporter(elsewhere),
        now=point.now,
    )[0].id
    mine = next(each for each in ids(point) if each != other)
    with pytest.raises(Forbidden):
        texts.accept([mine, other], actor=actor("an1"), now=point.now)
    assert len(ids(point)) == 2
    with pytest.raises(Forbidden):  # whoever tells for the point is not who accepts
        texts.accept([mine], actor=actor("bi1"), now=point.now)
    assert texts.accept([mine], actor=actor("an1"), now=point.now) == 1
    assert texts.accept([mine], actor=actor("an1"), now=point.now) == 0
    [row] = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "posting.accept"))
    assert (row.thing, row.thing_id) == ("unit", str(point.unit_id))


def test_a_page_of_photos_is_accepted_at_once_and_shows_those_of_its_reach(
    point: ServicePoint, client: FlaskClient
) -> None:
    point.post("prohibited")
    elsewhere = point.night.ids["BDC"]
    said = texts.PostingReport("khac", "prohibited", photo=_file(), sheet="old", codes=())
    texts.post(elsewhere, said, actor=reports.reporter(elsewhere), now=point.now)
    sign_in(client, "an1")
    page = client.get("/letter/points/waiting").get_data(as_text=True)
    shown = re.findall(r'name="photo" value="(\d+)"', page)
    assert len(shown) == 1 and "không thấy mã, cần xem" in page and "Bưu điện huyện C" not in page
    assert client.post("/letter/points/waiting", data={"do": "accept"}).status_code == 422
    assert client.post("/letter/points/waiting", data={"do": "accept", "photo": shown}).status_code == 303
    assert "Không còn gì chờ duyệt" in client.get("/letter/points/waiting").get_data(as_text=True)
    sign_in(client, "qt1")
    page = client.get("/letter/points/waiting").get_data(as_text=True)
    assert "Bưu điện huyện C" in page and "từ tờ cũ" in page


def test_a_photo_that_is_refused_takes_nothing_from_what_was_accepted(point: ServicePoint) -> None:
    point.post("prohibited")
    point.accept_all()
    point.post("prohibited", photos=(io.BytesIO(photo("white")), "trang.jpg"))
    state = posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"]
    assert state.code == "posted"
    texts.refuse(ids(point), actor=ADMIN, now=point.now)
    assert posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].code == "posted" and ids(point) == []


def test_days_by_a_sheet_of_before_become_the_points_as_they_were_shown(point: ServicePoint) -> None:
    tell(point, 41, "may-1")
    tell(point, 9, "may-2", key="2")
    [shown] = waiting.days([point.unit_id])
    assert (shown.checked, shown.telephones, shown.said) == (50, 2, True)
    tell(point, 12, "may-2", key="3")
    assert accepting.settle_days([shown.shown], "accept", actor=ADMIN, now=point.now) == (0, 1)
    [shown] = waiting.days([point.unit_id])
    assert accepting.settle_days([shown.shown], "accept", actor=ADMIN, now=point.now) == (1, 0)
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 53
    assert not database.session.scalars(select(PointDay)).one().waits
    assert waiting.days([point.unit_id]) == [] and parcels.odd_days([point.unit_id], DAY, DAY) == {}
    tell(point, 600, "may-2", key="4")  # it stays one of before
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 53


def test_what_the_counters_own_sheet_has_said_since_is_not_overwritten(point: ServicePoint) -> None:
    tell_by_counter(point, 30, seconds=1)
    tell(point, 40, "may-1", key="2")
    tell_by_counter(point, 45, seconds=3)
    [shown] = waiting.days([point.unit_id])
    accepting.settle_days([shown.shown], "accept", actor=ADMIN, now=point.now + timedelta(seconds=9))
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 45


def test_as_many_wait_as_are_listed(point: ServicePoint) -> None:
    """A second photo of the same text by the same sheet takes the place of the first."""
    point.post("prohibited")
    point.post("prohibited", photos=(io.BytesIO(photo("white")), "trang.jpg"))
    tell(point, 41, "may-1")
    assert waiting.count([point.unit_id]) == len(ids(point)) + len(waiting.days([point.unit_id])) == 2
    texts.accept(ids(point), actor=ADMIN, now=point.now)
    assert waiting.count([point.unit_id]) == 1


def test_days_that_are_refused_are_gone_and_their_sendings_stay(point: ServicePoint) -> None:
    tell(point, 777, "may-la")
    [shown] = waiting.with_odd(waiting.days([point.unit_id]))
    assert shown.is_odd
    with pytest.raises(Forbidden):
        accepting.settle_days([shown.shown], "refuse", actor=actor("ch1"), now=point.now)
    accepting.settle_days([shown.shown], "refuse", actor=actor("an1"), now=point.now)
    assert waiting.days(None) == [] and parcels.told_days([point.unit_id], DAY, DAY) == set()
    assert database.session.scalars(select(PointDay)).all() == []
    row = database.session.scalars(select(ParcelCheck)).one()
    assert (row.checked, row.unheeded, row.unheeded_at) == (None, None, None)


def test_what_is_found_by_a_sheet_of_before_calls_and_is_no_number_yet(point: ServicePoint) -> None:
    point.has_old_sheets()
    sent = {"form_key": "x", "moment": "after", "goods": "pháo", "category": "1", "parcels": "3", "stopped": "Ai đó"}
    assert point.phone.post(f"{point.outside()}/phat-hien", data=sent).status_code == 303
    assert len(incidents()) == 1, "whoever is on duty is called all the same"
    assert database.session.scalars(select(LegalStep)).all() == []
    assert parcels.by_day([point.unit_id], DAY, DAY) == {} and parcels.by_category([point.unit_id], DAY, DAY) == {}
    [shown] = waiting.days(None)
    accepting.settle_days([shown.shown], "accept", actor=ADMIN, now=point.now)
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].found_after == 3
    assert not database.session.scalars(select(ParcelFinding)).one().waits


def test_a_sheet_sends_so_many_photos_a_day_and_a_strangers_take_no_turn_of_the_counter(point: ServicePoint) -> None:
    for _number in range(days.PHOTOS_PLACE.attempts):
        days.take_photo(point.unit_id, "old", "198.51.100.7", now=point.now)
    with pytest.raises(Throttled):
        days.take_photo(point.unit_id, "old", "198.51.100.7", now=point.now)
    days.take_photo(point.unit_id, "counter", "198.51.100.7", now=point.now)
    point.post("prohibited")
    assert database.session.scalars(select(Posting)).one().sheet == "counter"


def test_a_picture_that_is_hard_to_read_costs_bounded_time_and_is_never_refused(
    point: ServicePoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = Image.effect_noise((2600, 2600), 120).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=60)
    assert codes.read_codes(out.getvalue()) in ([], None)
    assert codes.read_codes(b"no picture") is None
    monkeypatch.setattr(codes.apart, "ask", _died)
    point.post("prohibited")
    assert database.session.scalars(select(Posting)).one().code_read == "unread" and len(ids(point)) == 1


def _died(module: str, *_given: Any, **_more: Any) -> Any:
    raise codes.apart.ChildDied(module)


def tell(point: ServicePoint, checked: int, counter: str, key: str = "1") -> None:
    told = CounterReport(key, DAY, checked, counter, waits=True)
    days.tell(point.unit_id, told, actor=reports.reporter(point.unit_id), now=point.now + timedelta(seconds=int(key)))
    database.session.rollback()


def tell_by_counter(point: ServicePoint, checked: int, seconds: int) -> None:
    told = CounterReport(f"q{seconds}", DAY, checked, "may-1")
    days.tell(point.unit_id, told, actor=reports.reporter(point.unit_id), now=point.now + timedelta(seconds=seconds))
    database.session.rollback()


def _file() -> Any:
    from core.files import content

    return content.read_file(photo(), "a.jpg")
