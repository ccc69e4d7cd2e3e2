"""Re-planning: a draft that people know changes as little as what has happened since asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import transaction
from core.errors import Conflict
from people.models import Absence
from planning.certificate import from_json
from planning.certificate_facts import contradictions, facts_of
from planning.problem import Assignment
from planning.score.check import check, cost_of
from roster.campaigns.models import Campaign
from roster.draft import judging, services as drafts, undoing
from roster.snapshot import snapshot
from roster.solving import fairer, proof_validity, queries as solve_queries, verifying
from roster.solving.jobs import solve_now
from roster.solving.models import SolveRun
from roster.solving.replan import as_replan
from roster.solving.services import SolveRequest
from tests.support import worlds
from tests.support.factories import ADMIN, NOW, make_all_hands, make_unit
from tests.support.kept_solves import solves_kept
from tests.support.uneven import make_uneven

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]
HOUR = 3600
"""Seconds: what ends by itself has them, however busy the machine."""


@pytest.fixture
def campaign(db: Any) -> Iterator[Campaign]:
    """Solved; and what is asked of it again is kept."""
    with solves_kept():
        number = worlds.begin("all hands, solved", solved)
        yield db.session.get_one(Campaign, number)


def solved() -> int:
    found = make_all_hands(12)
    solve_now(found.id, SolveRequest(seconds=HOUR, seed=1), actor=ADMIN, now=NOW)
    return found.id


def drafted(campaign: Any, now: Any = NOW) -> dict[int, int]:
    """Seat id → person id, as the draft says now."""
    with transaction():
        return {seat: cell.person_id for seat, cell in snapshot.take(campaign.id, now=now).cells.items()}


def fall_ill(person_id: int, *days: date) -> None:
    with transaction() as session:
        for day in days:
            session.add(Absence(person_id=person_id, from_on=day, to_on=day, kind="sick"))


def test_only_the_seats_of_whoever_fell_ill_change(campaign: Any) -> None:
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    ill = next(a for a in taken.assignments if taken.problem.shift_of[a.shift_id].local_date == date(2020, 1, 24))
    before = drafted(campaign)
    fall_ill(ill.staff_id, date(2020, 1, 24))
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    after = drafted(campaign)
    changed = {seat for seat in before if before[seat] != after.get(seat)}
    lost = {seat for seat in before if before[seat] == ill.staff_id and after.get(seat) != ill.staff_id}
    assert (run.mode, run.status in ("optimal", "feasible")) == ("replan", True)
    assert len(after) == len(before) == 18
    assert lost and changed == lost
    with transaction():
        found = snapshot.take(campaign.id, now=NOW)
    away = [v for v in judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW).violations if v.hard]
    assert away == [] and ill in taken.assignments and ill not in found.assignments


def test_what_has_begun_stays_even_where_somebody_is_ill_or_missing(campaign: Any) -> None:
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    first = min(taken.problem.shifts, key=lambda shift: (shift.start, shift.id))
    later = first.start + timedelta(hours=1)
    begun = {s.id for s in taken.problem.shifts if s.start <= later}
    (empty, *_), here = sorted(begun), {a.shift_id: a.staff_id for a in taken.assignments}
    drafts.set_people(empty, [], actor=ADMIN, now=NOW)
    ill = here[max(begun)]
    fall_ill(ill, date(2020, 1, 23))
    before = drafted(campaign)
    solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=later)
    after = drafted(campaign)
    kept = {seat for shift_id in begun for seat in taken.seats[shift_id]}
    assert {seat: after.get(seat) for seat in kept} == {seat: before.get(seat) for seat in kept}


def test_pins_and_the_draft_are_the_baseline(campaign: Any) -> None:
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
        problem = as_replan(taken, now=NOW).problem
    assert set(problem.baseline) == set(taken.assignments)
    assert problem.pins == taken.problem.pins and problem.shifts == taken.problem.shifts


def test_the_certificate_is_kept_and_holds(campaign: Any, db: Any) -> None:
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=7, reproducible=True), actor=ADMIN, now=NOW)
    found = from_json(run.certificate)
    assert (run.reproducible, found.reproducible, found.seed) == (True, True, 7)
    assert found.cost == run.objective and found.bound == run.bound
    with transaction():
        now = snapshot.take(campaign.id, now=NOW)
    assert contradictions(found, facts_of(taken.problem, now.assignments)) == ()
    assert db.session.scalar(select(SolveRun.mode).where(SolveRun.id == run.id)) == "whole"


def two_fall_ill(campaign: Any) -> tuple[dict[int, int], set[int]]:
    """The draft before, and the seats of the two on the days they are ill."""
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    shift_of = taken.problem.shift_of
    first, second = [a for a in taken.assignments if shift_of[a.shift_id].local_date >= date(2020, 1, 24)][:2]
    before = drafted(campaign)
    for each in {first, second}:
        fall_ill(each.staff_id, shift_of[each.shift_id].local_date)
    with transaction():
        now = snapshot.take(campaign.id, now=NOW)
    gone = {v.shift_ids[0] for v in check(now.problem, now.assignments) if v.rule == "absence.away"}
    return before, {seat for shift_id in gone for seat in now.seats[shift_id]}


def test_two_who_fall_ill_change_no_more_seats_than_must_and_that_is_proven(campaign: Any) -> None:
    before, seats_of_the_ill = two_fall_ill(campaign)
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    after = drafted(campaign)
    changed = {seat for seat in before if before[seat] != after.get(seat)}
    assert run.changes is not None
    assert changed == seats_of_the_ill and len(changed) == run.changes["changed"] == run.changes["at_least"]
    assert run.changes["is_proved"] and run.changes["is_fairest"]
    with transaction():
        assert fairer.holds(run, snapshot.take(campaign.id, now=NOW))
        verdict = verifying.verify(run, now=NOW)
    assert run.bound is not None and verdict.holds and verdict.same_problem
    assert verdict.bound is not None and verdict.bound <= run.bound, "its bound is worked out again like any other"


def test_what_is_said_of_the_least_change_ends_with_the_next_absence(campaign: Any) -> None:
    two_fall_ill(campaign)
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    fall_ill(next(iter(drafted(campaign).values())), date(2020, 1, 26))
    with transaction():
        assert not fairer.holds(run, snapshot.take(campaign.id, now=NOW))


def an_offer(campaign: Any, run: SolveRun) -> dict[int, tuple[int, ...]]:
    """A roster that is as lawful: two people of one duty trade shifts that neither other duty nor rest forbids."""
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
        for one, other in combinations(taken.assignments, 2):
            moves = {one.shift_id: (other.staff_id,), other.shift_id: (one.staff_id,)}
            rest = [a for a in taken.assignments if a.shift_id not in moves]
            roster = [*rest, *(Assignment(s, p) for s, ids in moves.items() for p in ids)]
            if one.staff_id != other.staff_id and not any(v.hard for v in check(taken.problem, roster)):
                found = solve_queries.get_run(run.id)
                written = {str(shift): list(ids) for shift, ids in moves.items()}
                offer = {"more": 2, "saves": 500, "net": True, "moves": written}
                found.changes = {**(found.changes or {}), "fairer": offer}
                return moves
    raise AssertionError("nobody can trade")


def test_the_fairer_roster_is_taken_by_its_own_button_and_once(campaign: Any) -> None:
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    moves = an_offer(campaign, run)
    fairer.take(run.id, actor=ADMIN, now=NOW)
    with transaction():
        now = {a.shift_id: a.staff_id for a in snapshot.take(campaign.id, now=NOW).assignments}
    assert all(now[shift] == person for shift, (person,) in moves.items())
    with pytest.raises(Conflict, match=r"solve\.offer_gone"):
        fairer.take(run.id, actor=ADMIN, now=NOW)


def test_the_fairer_roster_can_be_undone_like_any_other_change(campaign: Any) -> None:
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    an_offer(campaign, run)
    before = drafted(campaign)
    fairer.take(run.id, actor=ADMIN, now=NOW)
    taken = drafted(campaign)
    told = undoing.undo(campaign.id, actor=ADMIN, now=NOW)
    assert "máy xếp 2 lượt" in told.text and taken != before == drafted(campaign)
    undoing.redo(campaign.id, actor=ADMIN, now=NOW)
    assert drafted(campaign) == taken


def test_an_offer_of_before_somebody_fell_ill_writes_nothing(campaign: Any) -> None:
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    moves = an_offer(campaign, run)
    fall_ill(next(iter(moves.values()))[0], date(2020, 1, 25))
    before = drafted(campaign)
    with pytest.raises(Conflict):
        fairer.take(run.id, actor=ADMIN, now=NOW)
    assert drafted(campaign) == before


@pytest.fixture
def uneven(db: Any) -> Any:
    return make_uneven(make_unit())


def test_of_an_uneven_roster_the_fewest_changes_come_first_and_a_fairer_one_is_offered_then_taken(uneven: Any) -> None:
    before, seats_of_the_ill = two_fall_ill(uneven)
    with clock.travel(NOW):  # what is published and over is history
        run = solve_now(uneven.id, SolveRequest(seconds=HOUR, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    after = drafted(uneven)
    assert {seat for seat in before if before[seat] != after.get(seat)} == seats_of_the_ill
    assert run.changes is not None and run.changes["is_proved"] and run.changes["changed"] == len(seats_of_the_ill)
    offer = fairer.offer_of(run)
    assert offer is not None and offer.more > 0 and offer.saves > 0
    assert run.bound is not None and run.objective is not None and offer.saves <= run.objective - run.bound
    fairer.take(run.id, actor=ADMIN, now=NOW)
    with transaction():
        now = snapshot.take(uneven.id, now=NOW)
    then = drafted(uneven)
    found = check(proof_validity.question(run, now), now.assignments)
    assert not [each for each in found if each.hard] and len(then) == len(before)
    assert cost_of(found) == run.objective - offer.saves, "it is worth what was said, by the measure of the bound"
    moved = {seat for seat in before if before[seat] != then[seat]}
    assert len(moved) == len(seats_of_the_ill) + offer.more, "and changes as many seats as was said"
    assert seats_of_the_ill <= moved


def test_a_replan_that_keeps_all_moves_nobody_and_fills_what_is_empty(campaign: Any) -> None:
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    last = max(taken.problem.shifts, key=lambda each: each.start)
    drafts.set_people(last.id, [], actor=ADMIN, now=NOW)
    before = drafted(campaign)
    run = solve_now(campaign.id, SolveRequest(seconds=HOUR, mode="replan", keeps_all=True), actor=ADMIN, now=NOW)
    after = drafted(campaign)
    assert run.changes is not None and run.changes["changed"] == len(after) - len(before) == 1
    assert {seat: after[seat] for seat in before} == before
