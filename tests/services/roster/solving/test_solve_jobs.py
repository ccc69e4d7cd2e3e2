"""Solving beside people who work: leases, cancels, and edits made while the engine was thinking."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import transaction
from people.models import Absence, Person
from planning.outcome import Progress
from planning.solve import SolveOptions, solve
from roster.campaigns import services as campaigns
from roster.draft import judging, services as drafts
from roster.models import DraftAssignment, Seat, Shift
from roster.snapshot import snapshot
from roster.solving import (
    jobs,
    leases,
    proof_validity,
    queries as solve_queries,
    run_facts,
    services as solving,
    verifying,
)
from roster.solving.jobs import run_queued_solves, solve_now
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support.factories import ADMIN, NOW, make_all_hands
from tests.support.kept_solves import kept
from tests.unit.planning.in_process import engines_inside

pytestmark = pytest.mark.both_dbs("leases of solves are taken by locks")


@pytest.fixture
def campaign(db):
    return make_all_hands(10)


def drafted(db):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(DraftAssignment))


def code_on(seat_id, db):
    db.session.rollback()
    row = db.session.get(DraftAssignment, seat_id, populate_existing=True)
    return row.person.code if row else None


def ask(campaign):
    return solving.request_solve(campaign.id, SolveRequest(seconds=1, seed=1), actor=ADMIN, now=NOW)


think_once = kept(solve)


def think(claimed):
    with engines_inside(brief=True):
        return think_once(claimed.taken.problem, SolveOptions(claimed.seconds, claimed.seed))


def test_one_worker_takes_a_run_and_another_only_after_its_lease(db, campaign):
    ask(campaign)
    first = leases.claim("a", now=NOW)
    assert first is not None
    assert leases.claim("b", now=NOW + leases.LEASE - timedelta(seconds=1)) is None
    second = leases.claim("b", now=NOW + leases.LEASE)
    assert second is not None and second.run_id == first.run_id


def test_a_worker_that_lost_its_lease_writes_nothing(db, campaign):
    run = ask(campaign)
    late = leases.claim("a", now=NOW)
    leases.claim("b", now=NOW + leases.LEASE)
    assert leases.renew(late, [], now=NOW + leases.LEASE) is False
    leases.finish(late, think(late), now=NOW + leases.LEASE)
    assert drafted(db) == 0
    assert solve_queries.get_run(run.id).status == "running"


def test_progress_is_stored_and_a_cancel_is_heard_and_writes_nothing(db, campaign):
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    assert leases.renew(claimed, [Progress(0.5, 1200, 900, 0, (), "highs", 3, 1)], now=NOW)
    assert solve_queries.get_run(run.id).progress == [[0.5, 1200, 900, 0, "highs", 3, 1]]
    solving.cancel_solve(run.id, actor=ADMIN, now=NOW)
    assert leases.renew(claimed, [], now=NOW) is False
    leases.finish(claimed, think(claimed), now=NOW)
    assert solve_queries.get_run(run.id).status == "cancelled" and drafted(db) == 0


def test_cells_edited_while_the_engine_thought_stay_as_the_manager_left_them(db, campaign):
    ids = db.session.scalars(
        select(Shift.id).filter_by(campaign_id=campaign.id).order_by(Shift.starts_at, Shift.id)
    ).all()
    solve_now(campaign.id, SolveRequest(seconds=0, seed=1), actor=ADMIN, now=NOW)
    ask(campaign)
    claimed = leases.claim("a", now=NOW)
    outcome = think(claimed)
    seat = {shift: claimed.taken.seats[shift][0] for shift in ids}
    other = "P08" if code_on(seat[ids[0]], db) == "P09" else "P09"  # saying again who is there would edit nothing
    drafts.set_people(ids[0], [other], pin=False, override_reason="Đổi", actor=ADMIN, now=NOW)
    drafts.set_people(ids[1], [], actor=ADMIN, now=NOW)
    leases.finish(claimed, outcome, now=NOW)
    assert code_on(seat[ids[0]], db) == other
    assert code_on(seat[ids[1]], db) is None
    found = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW).violations
    chosen = next(person.id for person in claimed.taken.problem.staff if person.code == other)
    assert not [v for v in found if v.hard and v.staff_id == chosen and v.rule == "overlap.shifts"]


def until_told(problem, _options, *, should_cancel, **_asked):
    """A search of hours."""
    while not should_cancel():
        sleep(0.01)
    return solve(problem, SolveOptions(seconds=0), should_cancel=should_cancel)


@pytest.mark.usefixtures("engines_inside")
def test_a_worker_going_down_gives_its_run_back(db, campaign, monkeypatch):
    run = ask(campaign)
    calls = iter([False])
    with monkeypatch.context() as thinking:
        thinking.setattr(jobs, "solve", until_told)
        thinking.setattr(jobs, "LOOK_EVERY", 0.01)
        run_queued_solves(NOW, should_stop=lambda: next(calls, True))
    assert solve_queries.get_run(run.id).status == "queued" and drafted(db) == 0
    with clock.travel(NOW):
        assert run_queued_solves(NOW) == 1
    assert drafted(db) == 18


def test_a_solve_of_a_deleted_campaign_ends_quietly(db, campaign):
    ask(campaign)
    claimed = leases.claim("a", now=NOW)
    campaigns.delete_campaign(campaign.id, actor=ADMIN, now=NOW)
    leases.finish(claimed, think(claimed), now=NOW)
    assert db.session.scalar(select(func.count()).select_from(SolveRun)) == 0


def test_an_engine_that_breaks_is_told_and_leaves_the_draft_alone(db, campaign):
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    leases.fail(claimed, "ValueError: x", now=NOW)
    assert solve_queries.get_run(run.id).status == "failed" and drafted(db) == 0
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Seat)) == 18


def test_an_engine_that_dies_is_in_the_log_and_the_roster_in_the_draft(db, campaign, monkeypatch, caplog):
    monkeypatch.setattr(
        jobs, "solve", lambda problem, _options, **_told: replace(solve(problem, SolveOptions(seconds=0)), fault="gone")
    )
    run = solve_now(campaign.id, SolveRequest(seconds=1, seed=1), actor=ADMIN, now=NOW)
    assert run.status in ("feasible", "infeasible") and drafted(db)
    assert f"solve run {run.id} went on without an engine: gone" in caplog.text


def learn(**absence):
    with transaction() as session:
        session.add(Absence(kind="sick", **absence))


def on_shift(shift_id, db):
    db.session.rollback()
    shift = db.session.get(Shift, shift_id, populate_existing=True)
    return [seat.draft.person_id for seat in shift.seats if seat.draft]


def test_sick_leave_entered_while_the_engine_thought_leaves_those_seats_empty(db, campaign):
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    outcome = think(claimed)
    placed = outcome.assignments[0]
    day = claimed.taken.problem.shift_of[placed.shift_id].local_date
    learn(person_id=placed.staff_id, from_on=day, to_on=day)
    leases.finish(claimed, outcome, now=NOW)
    run = solve_queries.get_run(run.id)
    assert placed.staff_id not in on_shift(placed.shift_id, db)
    assert drafted(db) < len(outcome.assignments)
    assert (run.status, run.bound, run_facts.facts_changed(run)) == ("infeasible", None, True)
    assert placed.shift_id in [row["shift"] for row in run.conflicts]
    assert not run_facts.is_proved(run)
    assert not [
        v
        for v in judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW).violations
        if v.rule == "absence.away"
    ]


def test_a_lower_limit_learnt_meanwhile_frees_as_many_seats_as_it_must(db, campaign):
    ask(campaign)
    claimed = leases.claim("a", now=NOW)
    outcome = think(claimed)
    person, had = Counter(each.staff_id for each in outcome.assignments).most_common(1)[0]
    with transaction() as session:
        session.get(Person, person).max_shifts = had - 1
    leases.finish(claimed, outcome, now=NOW)
    assert drafted(db) == len(outcome.assignments) - 1


def test_somebody_pinned_who_fell_ill_meanwhile_stays_and_is_told(db, campaign):
    shift = db.session.scalar(select(Shift).filter_by(campaign_id=campaign.id).order_by(Shift.starts_at).limit(1))
    number, day = shift.id, shift.local_on
    drafts.set_people(number, ["P01"], actor=ADMIN, now=NOW)
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    outcome = think(claimed)
    (person,) = on_shift(number, db)
    learn(person_id=person, from_on=day, to_on=day)
    leases.finish(claimed, outcome, now=NOW)
    assert on_shift(number, db) == [person]
    assert "absence.away" in [row["rule"] for row in solve_queries.get_run(run.id).violations]


def test_people_put_on_a_shift_made_while_the_engine_thought_stay(db, campaign):
    ask(campaign)
    claimed = leases.claim("a", now=NOW)
    outcome = think(claimed)
    with transaction() as session:
        old = session.scalar(select(Shift).filter_by(campaign_id=campaign.id).limit(1))
        kept = {c.key: getattr(old, c.key) for c in Shift.__mapper__.column_attrs if c.key != "id"}
        made = Shift(**kept | {"template": "Thêm"})
        made.starts_at, made.ends_at = made.starts_at + timedelta(hours=1), made.ends_at + timedelta(hours=1)
        session.add(made)
        session.flush()
        session.add(Seat(shift_id=made.id, position=1))
        number = made.id
    drafts.set_people(number, ["P10"], pin=False, override_reason="Thêm ca", actor=ADMIN, now=NOW)
    (person,) = on_shift(number, db)
    leases.finish(claimed, outcome, now=NOW)
    assert on_shift(number, db) == [person]


def test_what_is_told_of_a_run_without_news_is_the_word_of_the_engine(db, campaign):
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    outcome = think(claimed)
    leases.finish(claimed, outcome, now=NOW)
    run = solve_queries.get_run(run.id)
    assert (run.status, run.bound, run.error) == (outcome.status, outcome.bound, "")


def stopped(campaign, *, keep):
    """A run that was stopped while it ran, with what its engines had found by then."""
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    solving.cancel_solve(run.id, keep=keep, actor=ADMIN, now=NOW)
    assert leases.renew(claimed, [], now=NOW) is False
    outcome = solve(claimed.taken.problem, SolveOptions(seconds=1, seed=1), should_cancel=lambda: True)
    assert outcome.status == "cancelled"
    leases.finish(claimed, outcome, now=NOW)
    return solve_queries.get_run(run.id), outcome


def test_a_cancelled_run_keeps_its_certificate_and_claims_nothing_of_the_draft(db, campaign):
    run, outcome = stopped(campaign, keep=False)
    assert run.status == "cancelled" and drafted(db) == 0
    assert run.certificate == outcome.certificate.as_json() and run.certificate["stopped_by"] == "cancel"
    run.certificate = {**run.certificate, "proved": True, "bound": run.objective}
    assert not run_facts.is_proved(run), "its roster is not the draft"
    assert run_facts.soft_rules(run, in_words=True) == ()


def test_a_run_that_is_stopped_to_take_its_best_writes_it(db, campaign):
    run, outcome = stopped(campaign, keep=True)
    assert run.status == "feasible" and drafted(db) == len(outcome.assignments) == 18
    assert (run.objective, run.certificate["stopped_by"]) == (outcome.objective, "cancel")
    assert verifying.verify(run, now=NOW).holds


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"proved": True}, "optimal"),
        ({"proved": False}, "feasible"),
        ({"missing_bound": 1}, "infeasible"),
    ],
)
def test_a_stop_that_keeps_the_best_says_what_was_proven_of_it(db, campaign, facts, status):
    run = ask(campaign)
    claimed = leases.claim("a", now=NOW)
    solving.cancel_solve(run.id, keep=True, actor=ADMIN, now=NOW)
    outcome = solve(claimed.taken.problem, SolveOptions(seconds=0, seed=1))
    proof = replace(outcome.certificate, **facts)
    leases.finish(claimed, replace(outcome, status="cancelled", certificate=proof), now=NOW)
    assert solve_queries.get_run(run.id).status == status and drafted(db) == 18


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ((True, False), False),
        ((False, True), False),
        ((True, True), True),
    ],
)
def test_a_stop_that_leaves_the_draft_cannot_be_taken_back(db, campaign, asked, kept):
    run = ask(campaign)
    leases.claim("a", now=NOW)
    for keep in asked:
        solving.cancel_solve(run.id, keep=keep, actor=ADMIN, now=NOW)
    run = solve_queries.get_run(run.id)
    assert run.cancel_requested and run.keep_best is kept


def test_a_waiting_run_has_nothing_to_keep(db, campaign):
    run = ask(campaign)
    assert solving.cancel_solve(run.id, keep=True, actor=ADMIN, now=NOW).status == "cancelled"


def test_a_stop_asked_of_a_worker_that_died_ends_the_run_and_touches_nothing(db, campaign):
    run = ask(campaign)
    assert leases.claim("a", now=NOW) is not None
    solving.cancel_solve(run.id, keep=True, actor=ADMIN, now=NOW)
    assert leases.claim("b", now=NOW + leases.LEASE) is None
    assert solve_queries.get_run(run.id).status == "cancelled" and drafted(db) == 0


def test_who_asked_for_the_best_gets_it_from_a_worker_that_is_told_to_stop(db, campaign, monkeypatch):
    run = solving.request_solve(campaign.id, SolveRequest(seconds=600, seed=1), actor=ADMIN, now=NOW)
    monkeypatch.setattr(jobs, "LOOK_EVERY", 0.05)
    asked = []

    def told_to_stop_after_the_keep():
        if asked:
            return True
        if solve_queries.get_run(run.id).status == "running":
            asked.append(solving.cancel_solve(run.id, keep=True, actor=ADMIN, now=NOW))
        return False

    with clock.travel(NOW):
        assert run_queued_solves(NOW, should_stop=told_to_stop_after_the_keep) == 1
    assert solve_queries.get_run(run.id).status in ("feasible", "optimal") and drafted(db) == 18


@pytest.mark.usefixtures("engines_inside")
def test_a_certificate_is_about_the_draft_until_somebody_changes_it(db, campaign):
    with clock.travel(NOW):
        run = solve_now(campaign.id, SolveRequest(seconds=1), actor=ADMIN, now=NOW)
    taken = snapshot.take(campaign.id, now=NOW)
    assert proof_validity.held(run, taken).stands
    last = max(taken.cells)
    other = snapshot.take(campaign.id, now=NOW, cells={s: c for s, c in taken.cells.items() if s != last})
    assert proof_validity.held(run, other).state == "edited"
    run.status = "cancelled"
    assert proof_validity.proof_of_run(run, now=NOW) is None and proof_validity.proof_of_draft(taken) is None


def test_the_worker_hears_of_a_stop_and_writes_the_best(db, campaign, monkeypatch):
    run = solving.request_solve(campaign.id, SolveRequest(seconds=600, seed=1), actor=ADMIN, now=NOW)
    monkeypatch.setattr(jobs, "LOOK_EVERY", 0.05)

    def stop_while_it_runs():
        if solve_queries.get_run(run.id).status == "running":
            solving.cancel_solve(run.id, keep=True, actor=ADMIN, now=NOW)
        return False

    with clock.travel(NOW):
        assert run_queued_solves(NOW, should_stop=stop_while_it_runs) == 1
    assert solve_queries.get_run(run.id).status in ("feasible", "optimal") and drafted(db) == 18
