"""The demo: alive the minute after it was made, and gone without a trace when it is cleared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Column, Select, Table, delete, event, func, select
from sqlalchemy.sql import visitors

from compliance.parcel_checks import queries as parcels
from compliance.register import matrix
from compliance.register.models import Directive
from compliance.reports import queries as authority_reports
from compliance.reports.models import Report, ReportRequest
from core import clock
from core.db import db as database, transaction
from core.errors import Conflict
from desk.demo import clearing, seed
from desk.demo.letter import canh_ty, coming
from duty.sharing import services as sharing
from duty.swaps.models import Swap
from duty.timekeeping import services as closing
from duty.voice_prompts.models import SpokenAsk
from incidents.catalogue.models import Authority, Route, Vehicle
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport as Told
from incidents.diary.models import DiaryNote
from incidents.escalation import engine
from incidents.intake import sources
from incidents.public_reports import codes, sheets
from incidents.record.models import Incident
from incidents.response import lifecycle as incidents
from notify.delivery import deliver_due
from notify.models import Message
from people import queries as people
from people.models import Person, Unit, User
from planning.engines.local_search import engine as first_roster
from roster.campaigns.models import Campaign
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject
from roster.feeds.models import FeedSubscription
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.resolver.resolver import who_is_on
from scripts.samples import swaps
from tests.support.demo_rows import demo_person, demo_unit
from tests.support.enterprise import post_sign_in, sign_in
from tests.support.factories import ADMIN
from tests.support.published import Published

KEPT = {"audit_entries", "throttles", "settings"}
"""What a removal leaves behind on purpose: the audit, counters of sign-ins, the running number of incidents."""

CUT_LOOSE = {("feed_subscriptions", "unit_id"), ("feed_subscriptions", "person_id")}
"""Emptied by the ids that were found first (``subscriptions.tombstones``)."""


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "SOLVE_SECONDS", 0)  # the first engine fills every seat; no clock ends anything
    monkeypatch.setattr(first_roster, "TRIES_PER_SEAT", 10)  # how fair they are is not asked


def assert_the_coming_tet_is_half_made_and_says_what_is_next(client: Any) -> None:
    coming = database.session.scalars(select(Campaign).where(Campaign.state == "draft")).one()
    of = {
        name: database.session.execute(
            select(func.count(), func.count(DraftAssignment.seat_id), func.count(1).filter(DraftAssignment.pinned))
            .select_from(Seat)
            .join(Shift)
            .outerjoin(DraftAssignment, DraftAssignment.seat_id == Seat.id)
            .where(Shift.campaign_id == coming.id, condition)
        ).one()
        for name, condition in {
            "leaders": Shift.duty == "leadership",
            "before": (Shift.duty != "leadership") & (Shift.phase == "before"),
            "rest": (Shift.duty != "leadership") & (Shift.phase != "before"),
        }.items()
    }
    assert of["leaders"][0] == of["leaders"][1] == of["leaders"][2] > 0
    assert of["before"][0] == of["before"][1] > 0 == of["before"][2]
    assert of["rest"][0] > 0 == of["rest"][1]
    sign_in(client, seed.MANAGER)
    page = client.get(f"/roster/campaigns/{coming.id}").text
    assert "Xếp phần chưa ghim" in page
    assert "tối ưu" not in page and "chứng minh" not in page
    assert f"{of['rest'][0]}" in page, "how much is still to do"


def assert_the_letter_is_told(now: datetime) -> None:
    """Canh Tý as on 29 January, and this year's letter; each page of the letter has something to show."""
    spread = select(Directive).where(Directive.spread_at.is_not(None)).order_by(Directive.season_to)
    first, coming = database.session.scalars(spread).all()
    assert (first.seed, clock.local_date(first.acknowledged_at), first.season_to) == (
        "77-2020",
        date(2020, 1, 17),
        date(2020, 2, 8),
    )
    assert coming.copied_from_id == first.id and coming.season_from > clock.local_date(now)
    top = people.unit_by_code(clearing.UNIT).id
    for letter in (first, coming):
        whole = matrix.build_matrix(letter, top, clock.local_date(now)).whole
        assert 0 < whole.met < whole.asked, letter.number
    reports = database.session.scalars(select(Report).order_by(Report.starts_on)).all()
    assert [row.starts_on.day for row in reports] == [23, 24, 25, 26, 27, 28, 29]
    assert len(authority_reports.documents([row.id for row in reports])) == 7
    requests = database.session.scalars(select(ReportRequest)).all()
    due = authority_reports.dues(requests, date(2020, 1, 23), date(2020, 1, 29), now)
    assert len(due) == 8 and {each.state for each in due} == {"done"}
    days = parcels.by_day(people.subtree_ids(top), date(2020, 1, 23), date(2020, 1, 29)).values()
    assert (sum(day.refused for day in days), sum(day.found_after for day in days)) == (1, 1)


def sizes() -> dict[str, int]:
    """Rows by table."""
    database.session.rollback()
    tables = [table for table in database.metadata.sorted_tables if table.name not in KEPT]
    return {t.name: database.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


@pytest.mark.both_dbs
def test_the_demo_lives_at_once_and_leaves_only_what_is_real(
    app: Flask, runner: FlaskCliRunner, new_client: Any
) -> None:
    Published()  # somebody's real enterprise, with a roster of its own
    before = sizes()
    seeded = runner.invoke(args=["demo", "seed"])
    assert seeded.exit_code == 0, seeded.output
    assert seed.PASSWORD in seeded.stdout and "is left out" in seeded.stdout
    letter = database.session.scalars(select(Directive).filter_by(seed=canh_ty.SEED)).one()
    assert (letter.season_from, letter.received_on, letter.spread_at) == (None, None, None), (
        "it is the enterprise's own"
    )

    # Three campaigns: one to look back at, one to work on, one to be on duty in today.
    now = clock.now()
    today = clock.local_date(now)
    campaigns = database.session.scalars(select(Campaign).where(Campaign.is_demo).order_by(Campaign.id)).all()
    assert (campaigns[0].tet_year, campaigns[0].state, campaigns[1].state) == (2020, "published", "draft")
    assert campaigns[1].ends_on >= today and campaigns[1].tet_year > 2020
    assert campaigns[2].state == "published" and campaigns[2].starts_on < today < campaigns[2].ends_on
    messages = database.session.scalar(select(func.count()).select_from(Message)) or 0
    assert messages == before["messages"] + told_of_today(now)

    assert_the_coming_tet_is_half_made_and_says_what_is_next(new_client())

    # Today somebody is on every duty, at every hour.
    unit = people.unit_by_code(clearing.UNIT)
    for hour in range(24):
        for kind in ("leadership", "operations", "emergency", "support"):
            answer = who_is_on(unit.id, kind, clock.at_local(today, hour, 10))
            assert (answer.rule, bool(answer.people)) == ("assigned", True), (hour, kind)

    # Whoever is on duty signs in and sees what is called; nothing leaves the machine.
    on = who_is_on(unit.id, "operations", now).people[0]
    colleague = new_client()
    assert post_sign_in(colleague, on.code.lower(), seed.PASSWORD).status_code == 303
    incident, _created = creation.log(
        Told(title="Xe thư hỏng ở đèo", category="vehicle", severity=3, unit_id=unit.id, actor=ADMIN), now=now
    )
    assert engine.escalate_due(clock.now()) == 1
    deliver_due(owner="test")
    assert database.session.scalars(select(Message.state).filter_by(topic=f"incident/{incident.id}")).all() == ["held"]
    assert "Xe thư hỏng ở đèo" in colleague.get("/").text
    incidents.acknowledge(incident.id, person_id=on.person_id, actor=ADMIN, now=clock.now())
    subscriptions.subscribe(Subject("person", person_id=on.person_id), actor=ADMIN, now=clock.now())
    the_day_after_is_tried(unit)

    again = runner.invoke(args=["demo", "seed"])
    assert (again.exit_code, again.stdout, len(again.stderr.splitlines())) == (1, "", 1)
    cleared = runner.invoke(args=["demo", "clear"])
    assert cleared.exit_code == 0, cleared.output
    # An address that was handed out is remembered for ever, so that it never becomes another's; nothing about anybody.
    assert sizes() == before | {"feed_subscriptions": 1, "feed_addresses": 1}
    left = database.session.scalars(select(FeedSubscription)).one()
    assert (left.owner, left.person_id, left.unit_id, left.last_fetched_by) == (None, None, None, "")
    assert not seed.is_present() and seed.sign_in_lines() == []


@pytest.mark.rest
def test_a_demo_that_is_cut_short_in_its_letters_is_made_again_and_leaves_nothing(
    app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sizes()

    def cut(*_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as first:
        first.setattr(seed, "_plans", lambda _now: ())
        for step in ("_prepare", "_post", "_days", "_week", "_answer"):
            first.setattr(canh_ty, step, lambda *_more: None)
        first.setattr(canh_ty.outside, "call", lambda *_more: None)
        first.setattr(coming, "_post", cut)  # letter 77 is acknowledged, this year's is entered
        with pytest.raises(KeyboardInterrupt):
            seed.seed_if_empty(now=clock.now(), actor=ADMIN, say=print)
    assert database.session.scalar(select(func.count(Directive.id)).where(Directive.acknowledged_at.is_not(None))) == 2

    again = runner.invoke(args=["demo", "seed", "--if-empty"])
    assert again.exit_code == 0, again.output
    assert_the_letter_is_told(clock.now())
    assert database.session.scalar(select(func.count()).where(Message.topic.like("report/%"))) == 14
    assert runner.invoke(args=["demo", "clear"]).exit_code == 0
    assert sizes() == before


def the_day_after_is_tried(unit: Unit) -> None:
    """Somebody asks for a swap and is rung, the list goes to the group chat, and the hours of 2020 are closed."""
    now = clock.now()
    swaps.prepare(people.person_by_id(database.session.scalars(_with_shifts_ahead(now)).first() or 0))
    swap = database.session.scalars(select(Swap)).all()[0]
    with transaction():
        database.session.add(
            SpokenAsk(
                digest="x", person_id=swap.asked[0].person_id, kind="swap", swap_id=swap.id, made_at=now, expires_at=now
            )
        )
    sharing.share(unit.code, 3, actor=ADMIN, now=now)
    past = database.session.scalars(select(Campaign).where(Campaign.is_demo).order_by(Campaign.id)).first()
    assert past is not None and closing.close(past.id, unit.code, actor=ADMIN, now=now)


def _with_shifts_ahead(now: datetime) -> Select[tuple[int]]:
    return select(Duty.person_id).where(Duty.starts_at > now + timedelta(hours=3)).order_by(Duty.starts_at.desc())


def told_of_today(now: Any) -> int:
    """People with duty to come: the only ones for whom publishing the demo was news."""
    return (
        database.session.scalar(
            select(func.count(func.distinct(Duty.person_id)))
            .join(Campaign, Campaign.id == Duty.campaign_id)
            .where(Campaign.is_demo, Duty.ends_at > now)
        )
        or 0
    )


def test_seed_if_empty_keeps_out_of_a_real_enterprise(app: Flask, runner: FlaskCliRunner) -> None:
    Published()
    before = sizes()
    kept = runner.invoke(args=["demo", "seed", "--if-empty"])
    assert (kept.exit_code, kept.stdout, kept.stderr) == (0, "", "")
    assert sizes() == before


def test_sheets_that_were_tried_go_with_the_demo(app: Flask) -> None:
    unit = demo_unit()
    codes.rotate(unit.id, actor=ADMIN, now=clock.now())
    assert sheets.mark_printed([unit.id], actor=ADMIN, now=clock.now()) == 1
    clearing.clear(now=clock.now(), actor=ADMIN)
    assert database.session.scalar(select(func.count()).select_from(Unit)) == 0


def test_real_people_in_a_demo_unit_are_never_taken_along(app: Flask) -> None:
    unit = demo_unit()
    with transaction() as session:
        session.add(Person(code="THAT", full_name="Người Thật", unit_id=unit.id, sort_key="x", search_key="x"))
    with pytest.raises(Conflict, match="demo.in_use"):
        clearing.clear(now=clock.now(), actor=ADMIN)
    assert database.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_real_unit_under_a_demo_unit_is_never_taken_along(app: Flask) -> None:
    unit = demo_unit()
    with transaction() as session:
        session.add(Unit(code="THAT", name="Đơn vị thật", kind="district", parent_id=unit.id))
    with pytest.raises(Conflict, match="demo.in_use"):
        clearing.clear(now=clock.now(), actor=ADMIN)


def test_a_real_incident_keeps_its_story_when_the_demo_people_in_it_go(app: Flask) -> None:
    """Somebody tried the real desk with a person of the demo: the removal says so or manages, but never breaks."""
    real = Published()
    person = demo_person(demo_unit())
    incident, _created = creation.log(
        Told(title="Thật", category="power", severity=2, unit_id=real.unit_id, actor=ADMIN), now=clock.now()
    )
    incidents.acknowledge(incident.id, person_id=person.id, actor=ADMIN, now=clock.now())
    clearing.clear(now=clock.now(), actor=ADMIN)
    database.session.expire_all()
    kept = database.session.get_one(Incident, incident.id)
    assert (kept.status, kept.acknowledged_by, kept.acknowledged_by_id) == ("acknowledged", "Người Mẫu", None)
    assert database.session.scalar(select(func.count()).select_from(Person).where(Person.is_demo)) == 0


@pytest.mark.both_dbs
def test_what_was_tried_on_a_demo_unit_goes_with_it(app: Flask) -> None:
    """Sources that report, authorities, routes, vehicles, the diary: each hangs on the unit, and none holds it back."""
    real, unit, now = Published(), demo_unit(), clock.now()
    before = sizes() | {"units": 1}
    sources.create(sources.NewSource("Zabbix", "generic", unit.id, category="power"), actor=ADMIN, now=now)
    about_the_demo, _created = creation.log(
        Told(title="Thử", category="power", severity=2, unit_id=unit.id, actor=ADMIN), now=now
    )
    with transaction() as session:
        session.add(Authority(name="Công an phường", role="police", unit_id=unit.id, phone="0269113"))
        session.add(Route(code="MAU-1", name="Đường thư mẫu", level="3", unit_id=unit.id))
        session.flush()
        session.add(Vehicle(plate="81C11111", unit_id=unit.id, route="MAU-1"))
        session.add(Vehicle(plate="81C22222", unit_id=real.unit_id, route="MAU-1"))
        first = DiaryNote(unit_id=unit.id, at=now, written_at=now, who="A", text="Thử")
        session.add(first)
        session.flush()
        session.add(DiaryNote(unit_id=unit.id, at=now, written_at=now, who="A", text="Sửa", corrects_id=first.id))
    assert about_the_demo.is_demo
    clearing.clear(now=now, actor=ADMIN)
    assert sizes() == before | {"vehicles": 1}
    assert database.session.scalars(select(Vehicle.route)).all() == [None], "somebody's own lorry has no route now"


def test_a_real_account_of_a_demo_unit_or_person_is_named_first(app: Flask) -> None:
    unit, now = demo_unit(), clock.now()
    person = demo_person(unit)
    for place in ({"unit_id": unit.id}, {"person_id": person.id}):
        with transaction() as session:
            session.add(User(login="that", name="Trần Thật", role="staff", created_at=now, **place))
        with pytest.raises(Conflict) as refused:
            clearing.clear(now=now, actor=ADMIN)
        assert refused.value.params["things"] == "Trần Thật"
        with transaction() as session:
            session.execute(delete(User))


def test_whatever_points_to_units_people_or_accounts_is_thought_of(app: Flask) -> None:
    """A table that is added later and is not would stop the removal: nothing but a question about it lets it pass."""
    asked: set[tuple[str, str]] = set()

    def listen(_connection: Any, statement: Any, *_rest: Any) -> None:
        for part in visitors.iterate(statement):
            where = getattr(part, "whereclause", None)
            for column in visitors.iterate(where) if where is not None else ():
                if isinstance(column, Column) and isinstance(column.table, Table):
                    asked.add((column.table.name, column.name))

    event.listen(database.engine, "before_execute", listen)
    try:
        clearing.clear(now=clock.now(), actor=ADMIN)
    finally:
        event.remove(database.engine, "before_execute", listen)
    pointing = {
        (table.name, key.parent.name)
        for table in database.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("units", "people", "users") and key.ondelete is None
    }
    assert len(pointing) > 40 and not pointing - asked - CUT_LOOSE, sorted(pointing - asked)
