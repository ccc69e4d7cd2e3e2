"""Campaigns: shifts from demand, edits of the draft, the gate, and what a revision leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.actor import Actor
from core.calendar import lunar
from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import AuditEntry
from notify.models import Message
from people.models import Absence
from people.queries import person_by_code, unit_by_code
from planning.engines.local_search import engine as first_roster
from roster.campaigns import services as campaigns
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.draft.shift_edits import ShiftEdit
from roster.importing import services as importer
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from roster.solving import jobs, services as solving
from roster.solving.jobs import solve_now
from roster.solving.services import SolveRequest
from roster.sources.models import Demand, HolidaySet
from tests.support.factories import (
    ADMIN,
    DATA,
    NOW,
    make_all_hands,
    make_campaign,
    make_demand,
    make_person,
    make_round_the_clock,
    make_unit,
    manager_of,
)
from tests.support.kept_solves import solves_kept
from tests.unit.planning.in_process import solved_by_count

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]
ALL = ("leadership", "operations", "emergency")


def shifts(campaign, db):
    return db.session.scalars(
        select(Shift).filter_by(campaign_id=campaign.id).order_by(Shift.starts_at, Shift.id)
    ).all()


@pytest.fixture
def small(db):
    """One unit, ten people who may do everything, three days round the clock. What was solved is kept."""
    with solves_kept():
        yield make_all_hands(10)


def fill(campaign):
    run = solve_now(campaign.id, SolveRequest(seconds=1, seed=1), actor=ADMIN, now=NOW)
    assert run.status in ("optimal", "feasible"), run.error
    return run


def person_on(shift_id, db):
    db.session.rollback()
    return [
        row.person.code
        for row in db.session.scalars(
            select(DraftAssignment)
            .join(Seat, Seat.id == DraftAssignment.seat_id)
            .where(Seat.shift_id == shift_id)
            .order_by(Seat.position)
        )
    ]


# --- creating -------------------------------------------------------------------------------------------------------


def test_shifts_and_seats_come_from_the_demand_of_the_phase(db):
    unit = make_unit()
    make_demand(unit, headcount=1, phases=("before",))
    make_demand(unit, headcount=3, phases=("during",))
    campaign = make_campaign(unit, first="2020-01-21", last="2020-01-23")  # the break begins on 23/01
    found = shifts(campaign, db)
    assert [(s.local_on.day, s.phase, s.headcount, len(s.seats)) for s in found] == [
        (21, "before", 1, 1),
        (22, "before", 1, 1),
        (23, "during", 3, 3),
    ]
    assert found[0].starts_at == datetime(2020, 1, 21, 0, 30, tzinfo=UTC)
    assert found[0].ends_at - found[0].starts_at == timedelta(hours=12)
    assert found[2].points > found[0].points


def test_units_below_are_asked_too_and_a_later_demand_changes_nothing(db):
    unit = make_unit()
    below = make_unit("HUYEN", parent=unit, kind="district")
    make_demand(unit)
    make_demand(below, template="Đêm", start="22:00", hours=8)
    campaign = make_campaign(unit)
    assert len(shifts(campaign, db)) == 6
    with transaction() as session:
        session.execute(Demand.__table__.update().values(headcount=9))
    assert {s.headcount for s in shifts(campaign, db)} == {1}


@pytest.mark.parametrize(("year", "status"), [(2020, "official"), (2027, "projected"), (2040, "projected")])
def test_a_year_without_holidays_gets_what_is_known_of_its_break(db, year, status):
    make_demand(make_unit())
    first = lunar.tet(year)
    campaigns.create_campaign(
        name="Tết",
        tet_year=year,
        unit="TINH",
        starts_on=first - timedelta(days=3),
        ends_on=first + timedelta(days=3),
        actor=ADMIN,
        now=NOW,
    )
    known = db.session.scalars(select(HolidaySet).filter_by(year=year)).one()
    assert known.status == status and known.source
    assert (status == "official") == ("socongthuong" in known.source)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": date(2020, 1, 1)}, "campaign.dates_reversed"),
        ({"ends_on": date(2020, 12, 1)}, "campaign.too_long"),
        ({"name": "  "}, "campaign.name_missing"),
        ({"tet_year": 1200}, "campaign.year_range"),
    ],
)
def test_what_cannot_be_a_campaign(db, change, code):
    make_demand(make_unit())
    fields = {
        "name": "T",
        "tet_year": 2020,
        "unit": "TINH",
        "starts_on": date(2020, 1, 23),
        "ends_on": date(2020, 1, 24),
    }
    with pytest.raises(Invalid) as error:
        campaigns.create_campaign(**{**fields, **change}, actor=ADMIN, now=NOW)
    assert error.value.code == code


def test_without_demand_there_is_nothing_to_plan_and_nothing_is_written(db):
    unit = make_unit()
    with pytest.raises(Invalid) as error:
        make_campaign(unit)
    assert error.value.code == "campaign.no_demand"
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_a_manager_plans_the_own_subtree_only(db, small):
    stranger = make_unit("KHAC")
    make_demand(stranger)
    with pytest.raises(Forbidden):
        campaigns.create_campaign(
            name="T",
            tet_year=2020,
            unit="TINH",
            starts_on=date(2020, 1, 23),
            ends_on=date(2020, 1, 24),
            actor=manager_of(stranger.id),
            now=NOW,
        )
    with pytest.raises(Forbidden):
        publishing.publish(small.id, actor=manager_of(stranger.id), now=NOW)


# --- the draft ------------------------------------------------------------------------------------------------------


def test_who_stays_keeps_the_seat_and_the_version_grows(db):
    unit = make_unit()
    make_demand(unit, headcount=2)
    for code in ("A", "B", "C"):
        make_person(code, unit)
    campaign = make_campaign(unit)
    first = shifts(campaign, db)[0].id
    one = drafts.set_people(first, ["A", "B"], actor=ADMIN, now=NOW)
    two = drafts.set_people(first, ["C", "B"], pin=False, draft_version=one.draft_version, actor=ADMIN, now=NOW)
    assert (one.people, two.people) == (("A", "B"), ("C", "B"))
    assert (one.pinned, two.pinned) == (("A", "B"), ())
    assert two.draft_version == one.draft_version + 1
    same = drafts.set_people(first, ["B", "C"], pin=False, actor=ADMIN, now=NOW)
    assert same.draft_version == two.draft_version
    with pytest.raises(Conflict) as error:
        drafts.set_people(first, ["A"], draft_version=one.draft_version, actor=ADMIN, now=NOW)
    assert error.value.code == "draft.changed"
    assert person_on(first, db) == ["C", "B"]


def test_the_audit_names_whoever_is_pinned_after_an_edit(db):
    unit = make_unit()
    make_demand(unit, headcount=2)
    for code in ("A", "B", "C"):
        make_person(code, unit)
    first = shifts(make_campaign(unit), db)[0].id
    steps = ((["A"], False), (["A", "B"], True), (["A", "C"], False))
    for codes, pin in steps:  # what is asked is asked of whoever comes
        drafts.edit_shifts([ShiftEdit(first, codes, pin=pin, keeps_pins=True)], actor=ADMIN, now=NOW)
    drafts.set_people(first, ["A", "C"], actor=ADMIN, now=NOW)
    entries = db.session.scalars(select(AuditEntry).filter_by(action="shift.people").order_by(AuditEntry.id))
    assert [(entry.detail["people"], entry.detail["pinned"]) for entry in entries] == [
        (["A"], []),
        (["A", "B"], ["B"]),
        (["A", "C"], []),
        (["A", "C"], ["A", "C"]),
    ]


def test_a_hard_violation_needs_a_reason_and_is_told_in_words(db, small):
    shift = shifts(small, db)[0]
    with transaction() as session:
        on = date(2020, 1, 23)
        session.add(Absence(person_id=_id("P01", db), from_on=on, to_on=on, kind="sick"))
    with pytest.raises(Conflict) as error:
        drafts.set_people(shift.id, ["P01"], actor=ADMIN, now=NOW)
    [told] = error.value.state["violations"]
    assert told["rule"] == "absence.away" and told["person"] == "P01"
    assert "Nguyễn Văn P01" in told["text"] and "23/01/2020" in told["text"]
    assert person_on(shift.id, db) == []
    done = drafts.set_people(shift.id, ["P01"], override_reason="Không còn ai", actor=ADMIN, now=NOW)
    assert [each.rule for each in done.violations] == ["absence.away"]
    assert person_on(shift.id, db) == ["P01"]


def test_too_many_unknown_people_and_unknown_shifts(db, small):
    shift = shifts(small, db)[0].id
    with pytest.raises(Conflict) as error:
        drafts.set_people(shift, ["P01", "P02"], actor=ADMIN, now=NOW)
    assert error.value.code == "shift.too_many"
    with pytest.raises(NotFound):
        drafts.set_people(shift, ["nobody"], actor=ADMIN, now=NOW)
    with pytest.raises(NotFound):
        drafts.set_people(999999, [], actor=ADMIN, now=NOW)


def _id(code, db):
    return person_by_code(code).id


# --- solving --------------------------------------------------------------------------------------------------------


def test_solve_fills_what_is_not_pinned(db, small):
    first = shifts(small, db)[0].id
    drafts.set_people(first, ["P07"], actor=ADMIN, now=NOW)
    run = fill(small)
    assert person_on(first, db) == ["P07"]
    assert db.session.scalar(select(func.count()).select_from(DraftAssignment)) == 18
    assert run.conflicts == [] and run.progress and run.objective is not None
    assert not [v for v in run.violations if v["hard"]]


def test_one_solve_at_a_time_and_a_waiting_one_is_cancelled_at_once(db, small):
    run = solving.request_solve(small.id, SolveRequest(seconds=1), actor=ADMIN, now=NOW)
    with pytest.raises(Conflict) as error:
        solving.request_solve(small.id, SolveRequest(seconds=1), actor=ADMIN, now=NOW)
    assert error.value.state == {"id": run.id, "status": "queued"}
    assert solving.cancel_solve(run.id, actor=ADMIN, now=NOW).status == "cancelled"


def test_what_cannot_be_filled_is_named_and_the_rest_is_kept(db):
    unit = make_unit()
    make_demand(unit, headcount=2, form="standby")  # on site the month's overtime would keep the third day empty
    make_person("A", unit)
    campaign = make_campaign(unit)
    run = solve_now(campaign.id, SolveRequest(seconds=1, seed=1), actor=ADMIN, now=NOW)
    assert run.status == "infeasible"
    assert [each["missing"] for each in run.conflicts] == [1, 1, 1]
    assert db.session.scalar(select(func.count()).select_from(DraftAssignment)) == 3


# --- publishing -----------------------------------------------------------------------------------------------------


def test_publish_writes_duties_proof_mails_and_audit(db, small):
    fill(small)
    revision = publishing.publish(small.id, PublishTerms("Bản đầu"), actor=ADMIN, now=NOW)
    duties = db.session.scalars(select(Duty)).all()
    assert revision.number == 1 and revision.proof["complete"] and len(revision.content_hash) == 64
    assert {d.sequence for d in duties} == {1} and len(duties) == 18
    told = db.session.scalars(select(Message)).all()
    assert len(told) == len({d.person_id for d in duties})
    assert all("/me/" in m.body for m in told)
    assert db.session.scalar(select(AuditEntry).filter_by(action="campaign.publish")) is not None
    db.session.refresh(small)
    assert (small.state, small.revision) == ("published", 1)


def test_an_empty_seat_blocks_until_a_reason_is_given(db, small):
    with pytest.raises(Conflict) as error:
        publishing.publish(small.id, actor=ADMIN, now=NOW)
    assert error.value.code == "publish.blocked"
    assert {gap["kind"] for gap in error.value.state["gaps"]} == {"empty"}
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 0
    revision = publishing.publish(small.id, PublishTerms(accept_gaps="Diễn tập"), actor=ADMIN, now=NOW)
    assert revision.accept_gaps == "Diễn tập" and not revision.proof["complete"]


def test_somebody_who_cannot_be_reached_is_a_gap(db):
    unit = make_unit()
    make_round_the_clock(unit)
    for number in range(8):
        make_person(f"P{number}", unit, duties=ALL, email=None)
    campaign = make_campaign(unit)
    fill(campaign)
    with pytest.raises(Conflict) as error:
        publishing.publish(campaign.id, actor=ADMIN, now=NOW)
    assert {gap["kind"] for gap in error.value.state["gaps"]} == {"unreachable"}


def test_a_second_revision_moves_only_the_seat_that_changed(db, small):
    fill(small)
    publishing.publish(small.id, actor=ADMIN, now=NOW)
    with pytest.raises(Conflict) as error:
        publishing.publish(small.id, actor=ADMIN, now=NOW)
    assert error.value.code == "publish.nothing_changed"
    last = shifts(small, db)[-1]
    [was] = person_on(last.id, db)
    other = next(f"P{n:02d}" for n in range(1, 11) if f"P{n:02d}" not in {was})
    drafts.set_people(last.id, [other], override_reason="Đổi ca", actor=ADMIN, now=NOW)
    before = db.session.scalar(select(func.count()).select_from(Message))
    later = NOW + timedelta(hours=1)
    publishing.publish(small.id, actor=ADMIN, now=later)
    rows = db.session.scalars(select(Duty).filter_by(shift_id=last.id).order_by(Duty.id)).all()
    assert [(r.person.code, r.sequence, r.cancelled_at is None) for r in rows] == [(was, 2, False), (other, 2, True)]
    assert rows[0].seat_id == rows[1].seat_id and rows[1].changed_at == later
    others = db.session.scalars(select(Duty).where(Duty.shift_id != last.id)).all()
    assert {d.sequence for d in others} == {1}
    assert db.session.scalar(select(func.count()).select_from(Message)) == before + 2


def test_who_was_swapped_out_and_in_again_has_the_old_seat_back(db):
    unit = make_unit()
    make_round_the_clock(unit)
    make_demand(unit, "support", headcount=2)
    for number in range(8):
        make_person(f"P{number}", unit, duties=ALL)
    for code in ("A", "B", "C"):
        make_person(code, unit, duties=("support",))
    campaign = make_campaign(unit, first="2020-01-23", last="2020-01-23")
    fill(campaign)
    shift = next(s for s in shifts(campaign, db) if s.duty == "support")
    drafts.set_people(shift.id, ["A", "B"], actor=ADMIN, now=NOW)
    publishing.publish(campaign.id, actor=ADMIN, now=NOW)
    drafts.set_people(shift.id, ["B"], actor=ADMIN, now=NOW)
    drafts.set_people(shift.id, ["B", "C"], actor=ADMIN, now=NOW)
    drafts.set_people(shift.id, ["C", "A"], actor=ADMIN, now=NOW)  # C sits on A's published seat for now
    publishing.publish(campaign.id, actor=ADMIN, now=NOW)
    rows = db.session.scalars(select(Duty).filter_by(shift_id=shift.id).order_by(Duty.seat_id, Duty.id)).all()
    told = [(r.person.code, r.sequence, r.cancelled_at is None) for r in rows]
    assert told == [("A", 1, True), ("B", 2, False), ("C", 2, True)]


def test_past_duty_tells_nobody_and_is_never_rewritten(db, small):
    fill(small)
    after = datetime(2020, 3, 1, tzinfo=UTC)
    publishing.publish(small.id, actor=ADMIN, now=after)
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    first = shifts(small, db)[0]
    with pytest.raises(Conflict) as error:
        drafts.set_people(first.id, ["P01"], actor=ADMIN, now=after)
    assert error.value.code == "seats.past"


def test_an_override_passes_the_gate_and_is_kept_in_the_proof(db, small):
    fill(small)
    shift = shifts(small, db)[0]
    [who] = person_on(shift.id, db)
    with transaction() as session:
        session.add(Absence(person_id=_id(who, db), from_on=date(2020, 1, 23), to_on=date(2020, 1, 23), kind="sick"))
    with pytest.raises(Conflict) as error:
        publishing.publish(small.id, actor=ADMIN, now=NOW)
    assert {v["rule"] for v in error.value.state["violations"]} == {"absence.away"}
    drafts.set_people(shift.id, [who], override_reason="Đã đồng ý trực", actor=ADMIN, now=NOW)
    proof = publishing.publish(small.id, actor=ADMIN, now=NOW).proof
    assert "Đã đồng ý trực" in {each["reason"] for each in proof["overridden"]}


def test_a_draft_is_deleted_whole_and_a_published_one_never(db, small):
    solving.request_solve(small.id, SolveRequest(seconds=1), actor=ADMIN, now=NOW)
    number = small.id
    campaigns.delete_campaign(number, actor=ADMIN, now=NOW)
    for table in (Campaign, Shift, Seat):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    with pytest.raises(NotFound):
        campaigns.delete_campaign(number, actor=ADMIN, now=NOW)


def test_a_viewer_changes_nothing(db, small):
    viewer = Actor(name="Khách", role="viewer", via="cli")
    with pytest.raises(Forbidden):
        drafts.set_people(shifts(small, db)[0].id, ["P01"], actor=viewer, now=NOW)
    with pytest.raises(Forbidden):
        solving.request_solve(small.id, actor=viewer, now=NOW)


@pytest.mark.parametrize(("folder", "unit"), [("gia-lai-2020", "BDGL"), ("small-2020", "BDAN")])
def test_the_sample_folders_imported_solve_whole_and_publish(db, folder, unit, monkeypatch):
    report = importer.import_folder(importer.read_path(DATA / folder), dry_run=False, now=NOW, actor=ADMIN)
    assert report.errors == []
    campaign = make_campaign(unit_by_code(unit), first="2020-01-17", last="2020-02-08")
    problem = snapshot.take(campaign.id, now=NOW).problem
    # Neither the clock nor a busy machine ends it; how fair it is is not asked.
    monkeypatch.setattr(first_roster, "TRIES_PER_SEAT", 25)
    monkeypatch.setattr(jobs, "solve", lambda problem, options, **_asked: solved_by_count(problem, seed=options.seed))
    run = solve_now(campaign.id, SolveRequest(seconds=8, seed=1), actor=ADMIN, now=NOW)
    assert run.status in ("optimal", "feasible") and run.conflicts == []
    assert not [v for v in run.violations if v["hard"]]
    assert run.certificate["gap"] is not None
    if folder == "gia-lai-2020":
        assert problem.work and any(person.overtime_month for person in problem.staff), "ordinary work and overtime"
        assert publishing.publish(campaign.id, actor=ADMIN, now=NOW).proof["complete"]
        return
    with pytest.raises(Conflict) as error:
        publishing.publish(campaign.id, actor=ADMIN, now=NOW)
    assert {(gap["kind"], gap["duty"]) for gap in error.value.state["gaps"]} == {("open", "operations")}
    assert (
        publishing.publish(campaign.id, PublishTerms(accept_gaps="Đêm do tỉnh trực"), actor=ADMIN, now=NOW).number == 1
    )
