"""What a draft is judged by is read once, and again as soon as any of it has changed; what is found is the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.db import db as database, transaction
from people.models import Absence, Person
from planning import codec
from planning.codec import fingerprint
from planning.problem import Absence as Away, Pin, Problem
from planning.score.check import check
from roster.campaigns.queries import get_campaign
from roster.campaigns.services import create_campaign
from roster.importing import services as importer
from roster.models import Shift
from roster.rulebook import services as rule_settings
from roster.snapshot import plans, snapshot
from roster.solving.jobs import solve_now
from roster.solving.services import SolveRequest
from tests.support import big_folder, factories
from tests.support.factories import ADMIN, NOW

pytestmark = pytest.mark.both_dbs
FIRST = date(2020, 1, 20)


@pytest.fixture
def campaign(db: Any, tmp_path: Path) -> int:
    big_folder.write(tmp_path, districts=1)
    importer.import_folder(importer.read_path(tmp_path), dry_run=False, now=NOW, actor=ADMIN)
    made = create_campaign(
        name="Tết", tet_year=2020, unit="BDX", starts_on=FIRST, ends_on=FIRST + timedelta(days=2), actor=ADMIN, now=NOW
    )
    solve_now(made.id, SolveRequest(seconds=0, seed=1), actor=ADMIN, now=NOW)
    return made.id


def plan(campaign: int) -> Problem:
    database.session.rollback()
    return snapshot.take(campaign, now=NOW).problem


def ill(campaign: int) -> None:
    with transaction() as session:
        who = session.query(Person).order_by(Person.id).first()
        session.add(Absence(person_id=who.id, from_on=FIRST, to_on=FIRST, kind="sick", recorded_at=NOW))


def stricter(campaign: int) -> None:
    rule_settings.save(campaign, {"fairness.load": {"parameters": {"step": 20_00}}}, actor=ADMIN, now=NOW)


def longer(campaign: int) -> None:
    with transaction() as session:
        session.execute(text("UPDATE shifts SET points = points + 100"))


@pytest.mark.parametrize("change", [ill, stricter, longer])
def test_a_change_of_people_rules_or_shifts_is_seen_at_once(campaign: int, change: Callable[[int], None]) -> None:
    before = plan(campaign)
    assert plan(campaign).shifts is before.shifts, "nothing has changed: nothing is read again"
    change(campaign)
    assert fingerprint(plan(campaign)) != fingerprint(before)


def test_what_a_transaction_has_changed_itself_is_seen_in_it_and_by_nobody_after_it_failed(campaign: int) -> None:
    before = plan(campaign)
    row = database.session.query(Shift).order_by(Shift.id).first()
    row.points += 100
    assert snapshot.take(campaign, now=NOW).problem.shift_of[row.id].points == row.points
    assert plan(campaign).shifts is before.shifts


def test_after_an_edit_the_checker_finds_what_a_fresh_one_finds(campaign: int) -> None:
    taken = snapshot.take(campaign, now=NOW)
    check(taken.problem, taken.assignments)
    shift = taken.assignments[0].shift_id
    crowded = [replace(each, shift_id=shift) if each == taken.assignments[-1] else each for each in taken.assignments]
    for roster in (crowded, taken.assignments[3:], [*taken.assignments[3:], crowded[0]], []):
        pinned = taken.problem.pinned([Pin(each.shift_id, each.staff_id) for each in taken.assignments[:2]])
        assert check(pinned, roster) == check(replace(pinned), roster)


def test_the_fingerprint_made_of_kept_parts_is_that_of_the_whole(campaign: int) -> None:
    problem = plan(campaign)
    for each in (problem, problem, problem.pinned([Pin(problem.shifts[0].id, problem.staff[0].id)])):
        values = asdict(each)
        if not values["closed"]:
            del values["closed"]  # problems of before had none, and keep their fingerprints
        whole = json.dumps(values, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert fingerprint(each) == hashlib.sha256(whole.encode()).hexdigest()


def test_what_is_used_is_kept_and_what_was_not_used_for_longest_is_forgotten(
    campaign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "KEPT", 2)
    outside = factories.make_unit("NGOAI", name="Bưu điện khác")
    others = [factories.make_person(f"NG{number}", outside).id for number in range(2)]
    database.session.rollback()
    row = get_campaign(campaign)
    first, second = plans.plan_for(row), plans.plan_for(row, [others[0]])
    assert plans.plan_for(row) is first, "used again"
    plans.plan_for(row, [others[1]])
    assert plans.plan_for(row) is first and plans.plan_for(row, [others[0]]) is not second


def test_a_list_that_many_problems_share_is_written_out_once(campaign: int, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    text_of = codec._text

    def noted(value: object) -> str:
        written.append(value)
        return text_of(value)

    problem = plan(campaign)
    fingerprint(problem)
    monkeypatch.setattr(codec, "_text", noted)
    for number in range(codec.KEPT + 1):
        who = problem.staff[number % 2].id
        pinned = problem.pinned([Pin(problem.shifts[0].id, who)])
        fingerprint(replace(pinned, absences=(*problem.absences, Away(who, NOW, NOW + timedelta(days=1)))))
    assert not any(each is problem.staff or each is problem.shifts for each in written)
    pins = {id(each) for each in written if each and isinstance(each, tuple) and isinstance(each[0], Pin)}
    assert pins and not pins & codec._known.keys()


def _plain(value: Any) -> Any:
    return sorted(map(_plain, value)) if isinstance(value, frozenset) else getattr(value, "isoformat", lambda: value)()
