"""Re-planning: a draft that people know changes as little as what has happened since asks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import transaction
from people.models import Absence
from roster import services, snapshot
from roster.jobs import solve_now
from roster.models import SolveRun
from roster.planning.certificate import from_json, verify
from roster.replan import as_replan
from tests.support.factories import ADMIN, NOW, make_campaign, make_person, make_round_the_clock, make_unit

pytestmark = pytest.mark.both_dbs
ALL = ("leadership", "operations", "emergency")


@pytest.fixture
def campaign(db: Any) -> Any:
    unit = make_unit()
    make_round_the_clock(unit)
    for number in range(1, 13):
        make_person(f"P{number:02d}", unit, duties=ALL)
    found = make_campaign(unit)
    solve_now(found.id, seconds=2, seed=1, actor=ADMIN, now=NOW)
    return found


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
    run = solve_now(campaign.id, seconds=4, seed=1, mode="replan", actor=ADMIN, now=NOW)
    after = drafted(campaign)
    changed = {seat for seat in before if before[seat] != after.get(seat)}
    lost = {seat for seat in before if before[seat] == ill.staff_id and after.get(seat) != ill.staff_id}
    assert (run.mode, run.status in ("optimal", "feasible")) == ("replan", True)
    assert len(after) == len(before) == 18
    assert lost and changed == lost
    with transaction():
        found = snapshot.take(campaign.id, now=NOW)
    away = [v for v in services.readiness(campaign.id, now=NOW).violations if v.hard]
    assert away == [] and ill in taken.assignments and ill not in found.assignments


def test_what_has_begun_stays_even_where_somebody_is_ill_or_missing(campaign: Any) -> None:
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    first = min(taken.problem.shifts, key=lambda shift: (shift.start, shift.id))
    later = first.start + timedelta(hours=1)
    begun = {s.id for s in taken.problem.shifts if s.start <= later}
    (empty, *_), here = sorted(begun), {a.shift_id: a.staff_id for a in taken.assignments}
    services.set_people(empty, [], actor=ADMIN, now=NOW)
    ill = here[max(begun)]
    fall_ill(ill, date(2020, 1, 23))
    before = drafted(campaign)
    solve_now(campaign.id, seconds=3, seed=1, mode="replan", actor=ADMIN, now=later)
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
    run = solve_now(campaign.id, seconds=4, seed=7, reproducible=True, actor=ADMIN, now=NOW)
    found = from_json(run.certificate)
    assert (run.reproducible, found.reproducible, found.seed) == (True, True, 7)
    assert found.cost == run.objective and found.bound == run.bound
    with transaction():
        now = snapshot.take(campaign.id, now=NOW)
    assert verify(found, taken.problem, now.assignments) == ()
    assert db.session.scalar(select(SolveRun.mode).where(SolveRun.id == run.id)) == "whole"
