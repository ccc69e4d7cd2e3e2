"""Nobody who presses a button keeps the calls waiting: what takes long is thought out before the writer is taken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import prepared, sweeping
from core.api import idempotency
from core.models import IdempotencyKey
from notify.models import Message
from people.accounts import services as accounts
from people.imports.read import Tables
from people.models import Absence, Person, User
from planning.solve import SolveOptions, solve
from roster.campaigns import demand_expansion, services as campaigns
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.fairness import closing
from roster.fairness.models import LedgerEntry
from roster.importing import services as importer
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from roster.solving import leases, services as solving
from roster.solving.services import SolveRequest
from roster.sources.models import Demand
from tests.support import factories
from tests.support.factories import ADMIN, NOW
from tests.support.published import Published
from tests.support.writer import Probe, died_at, listening

pytestmark = pytest.mark.both_dbs("who waits for whose lock")
LATER = NOW + timedelta(days=60)


def province(people: int = 8) -> Any:
    unit = factories.make_unit()
    factories.make_round_the_clock(unit)
    for number in range(people):
        duties = ("leadership", "operations", "emergency")
        factories.make_person(f"P{number:02d}", unit, duties=duties, phone=f"0900{number:06d}")
    return unit


def make(first: int = 23, last: int = 25) -> int:
    return campaigns.create_campaign(
        name="Tết",
        tet_year=2020,
        unit="TINH",
        starts_on=date(2020, 1, first),
        ends_on=date(2020, 1, last),
        actor=ADMIN,
        now=NOW,
    ).id


def filled(campaign_id: int) -> leases.RunLease:
    run = solving.request_solve(campaign_id, SolveRequest(seconds=1), actor=ADMIN, now=NOW)
    claimed = leases.claim("me", now=NOW, run_id=run.id)
    assert claimed is not None
    return claimed


def publish(campaign_id: int) -> Revision:
    return publishing.publish(campaign_id, PublishTerms(accept_gaps="thử"), actor=ADMIN, now=NOW)


def folder(people: int) -> Tables:
    rows = "".join(f"X{n},Người {n},U{n % 7},x{n}@buudien.example,operations\n" for n in range(people))
    units = "".join(f"U{n},U0,Bưu cục {n},service_point\n" for n in range(1, 7))
    wishes = "".join(f"X{n},2020-01-{day},any,off\n" for n in range(people) for day in (24, 25))
    return importer.read_uploads(
        [
            ("units.csv", f"code,parent_code,name,kind\nU0,,Tỉnh,province\n{units}".encode()),
            ("people.csv", f"code,full_name,unit_code,email,duties\n{rows}".encode()),
            ("wishes.csv", f"person_code,date,shift,want\n{wishes}".encode()),
        ]
    )


def bring(people: int) -> importer.ImportReport:
    return importer.import_folder(folder(people), dry_run=False, now=NOW, actor=ADMIN)


# --- as many statements for many rows as for few ---------------------------------------------------------------------


def longest(act: Callable[[], Any]) -> int:
    with listening() as told:
        act()
    return told.longest


def test_a_campaign_of_many_shifts_is_written_by_as_many_statements_as_one_of_few(db: Any) -> None:
    province()
    make()  # writes the year's holidays down
    assert longest(lambda: make(20, 21)) == longest(lambda: make(17, 31)) <= 8
    few, many = db.session.scalars(select(Campaign.id).order_by(Campaign.id)).all()[1:]
    seats = select(func.count(Seat.id)).join(Shift, Shift.id == Seat.shift_id)
    assert db.session.scalar(seats.where(Shift.campaign_id == few)) == 2 * 6
    assert db.session.scalar(seats.where(Shift.campaign_id == many)) == 15 * 6


def test_so_is_a_solved_roster_and_so_is_a_revision_with_its_messages(db: Any) -> None:
    province(24)
    counts = []
    for first, last in ((23, 23), (24, 31)):
        claimed = filled(make(first, last))
        outcome = solve(claimed.taken.problem, SolveOptions(seconds=0))
        written = longest(lambda c=claimed, o=outcome: leases.finish(c, o, now=NOW))
        counts.append((written, longest(lambda c=claimed: publish(c.taken.campaign_id))))
    assert counts[0] == counts[1], "8 times as many shifts"
    assert max(counts[0]) <= 16
    assert db.session.scalar(select(func.count(Duty.id))) > 40
    assert db.session.scalar(select(func.count(Message.id))) > 6


def test_so_is_an_import_and_so_are_its_accounts_and_their_invitations(db: Any) -> None:
    few, more = longest(lambda: bring(20)), longest(lambda: bring(120))
    assert more <= few <= 40, "the first one brings the units too"
    ids = db.session.scalars(select(User.id).order_by(User.id)).all()
    assert len(ids) == 120
    few, more = (longest(lambda n=n: accounts.invite(ids[:n], now=NOW, actor=ADMIN)) for n in (10, 100))
    assert few == more <= 12


# --- others write while it is thought out ----------------------------------------------------------------------------


@pytest.fixture
def probe(app: Flask) -> Probe:
    return Probe(app)


def test_others_write_while_a_campaign_is_planned(db: Any, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    province()
    monkeypatch.setattr(demand_expansion, "Worth", probe.wrap(demand_expansion.Worth))
    make()
    assert probe.turns == [True]


def test_others_write_while_an_import_is_checked(db: Any, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    check = importer.people_importer.check
    monkeypatch.setattr(importer.people_importer, "check", probe.wrap(check))
    assert bring(3).applied
    assert probe.turns == [True]


def test_others_write_while_a_roster_is_read_judged_and_published(
    db: Any, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    province()
    number = make()
    monkeypatch.setattr(snapshot, "take", probe.wrap(snapshot.take))
    claimed = filled(number)
    leases.finish(claimed, solve(claimed.taken.problem, SolveOptions(seconds=0)), now=NOW)
    publish(number)
    shift = db.session.scalars(select(Shift.id).order_by(Shift.id)).first()
    drafts.set_people(shift, ["P01"], override_reason="thử", actor=ADMIN, now=NOW)
    closing.close(number, actor=ADMIN, now=LATER)
    assert len(probe.turns) >= 5 and all(probe.turns)
    assert db.session.scalar(select(func.count(LedgerEntry.id))) > 0


def test_others_write_while_a_call_that_may_be_repeated_thinks(
    app: Flask, client: Any, db: Any, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    from people.accounts import keys

    province()
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=ADMIN)
    monkeypatch.setattr(demand_expansion, "Worth", probe.wrap(demand_expansion.Worth))
    body = {"name": "Tết", "tet_year": 2020, "unit": "TINH", "starts_on": "2020-01-23", "ends_on": "2020-01-25"}
    head = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "một"}
    first = client.post("/api/v1/campaigns", json=body, headers=head)
    again = client.post("/api/v1/campaigns", json=body, headers=head)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert probe.turns == [True], "thought once, with the writer free"
    assert db.session.scalar(select(func.count(Campaign.id))) == 1


# --- the world changes in between -------------------------------------------------------------------------------------


def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch, change: Callable[[], Any]) -> None:
    """``change()`` by somebody else, once, between the first plan and its writing."""
    waiting = [change]

    def hit(place: str) -> None:
        if place == "plan.made" and waiting:
            thread = threading.Thread(target=_beside, args=(app, waiting.pop()))
            thread.start()
            thread.join()

    monkeypatch.setattr(prepared, "hit", hit)


def _beside(app: Flask, change: Callable[[], Any]) -> None:
    with app.app_context():
        change()


def test_demand_that_came_meanwhile_is_in_the_campaign(app: Flask, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = province()
    meanwhile(app, monkeypatch, lambda: factories.make_demand(unit, "operations", "Chiều", "13:00", 4))
    number = make()
    names = select(Shift.template).where(Shift.campaign_id == number).distinct()
    assert "Chiều" in db.session.scalars(names).all()


def test_what_is_signed_is_the_draft_as_it_is_then(app: Flask, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    province()
    number = make()
    shift = db.session.scalars(select(Shift.id).order_by(Shift.id)).first()
    edit = {"override_reason": "thử", "actor": ADMIN, "now": NOW}
    meanwhile(app, monkeypatch, lambda: drafts.set_people(shift, ["P03"], **edit))
    revision = publish(number)
    listed = next(each for each in revision.content if each["shift"] == shift)
    assert [each["code"] for each in listed["people"]] == ["P03"]
    assert db.session.scalars(select(Duty.shift_id)).all() == [shift]


def test_somebody_who_went_on_leave_meanwhile_is_judged_absent(
    app: Flask, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = Published()
    shift = roster.shifts("operations")[0]
    drafts.set_people(shift, ["O4"], override_reason="thử", actor=ADMIN, now=NOW)

    def leave() -> None:
        with prepared.transaction() as session:
            away = date(2020, 1, 23)
            session.add(Absence(person_id=roster.person["O4"], from_on=away, to_on=away, kind="sick", note=""))

    meanwhile(app, monkeypatch, leave)
    with pytest.raises(prepared.Conflict) as refused:
        publishing.publish(roster.campaign_id, actor=ADMIN, now=NOW)
    assert refused.value.code == "publish.blocked"


def test_a_world_that_never_holds_still_is_said_and_nothing_is_written(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = province()
    count = iter(range(100))
    monkeypatch.setattr(
        prepared,
        "hit",
        lambda place: place != "plan.made" or factories.make_person(f"N{next(count)}", unit),
    )
    with pytest.raises(prepared.Conflict) as refused:
        make()
    assert refused.value.code == "prepared.unsettled"
    assert db.session.scalar(select(func.count(Campaign.id))) == 0


# --- killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["plan.made", "plan.written"])
def test_killed_on_the_way_it_leaves_nothing_half_done(db: Any, place: str) -> None:
    province()
    number = make()
    claimed = filled(number)
    outcome = solve(claimed.taken.problem, SolveOptions(seconds=0))
    shifts = db.session.scalar(select(func.count(Shift.id)))
    for act in (lambda: make(17, 31), lambda: bring(30), lambda: publish(number)):
        assert died_at(place, act)
    assert died_at(place, lambda: leases.finish(claimed, outcome, now=NOW))
    for model in (Duty.id, Revision.id, Message.id, DraftAssignment.seat_id):
        assert db.session.scalar(select(func.count(model))) == 0
    assert db.session.scalar(select(func.count(Campaign.id))) == 1
    assert db.session.scalar(select(func.count(Shift.id))) == shifts
    assert db.session.scalar(select(func.count(Person.id)).where(Person.code.like("X%"))) == 0
    leases.finish(claimed, outcome, now=NOW)
    assert publish(number).number == 1, "and the next one does it all"


# --- forgetting -------------------------------------------------------------------------------------------------------


def test_what_is_forgotten_goes_piece_by_piece(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 10)
    old = {"actor": "a", "body_hash": "", "status": 200, "answer": ""}
    with sweeping.transaction() as session:
        session.add_all(IdempotencyKey(key=str(n), created_at=NOW - timedelta(n), **old) for n in range(35))
    with listening() as told:
        assert idempotency.forget_before(NOW - timedelta(hours=1)) == 34
    assert len(told.transactions) == 4
    assert db.session.scalar(select(func.count(IdempotencyKey.key))) == 1
    assert db.session.scalar(select(func.count(Demand.id))) == 0
