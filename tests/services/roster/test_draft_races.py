"""Two people at one draft in the same moment: the second sees what the first did, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from roster.draft import services as drafts
from roster.models import Campaign, DraftAssignment, Revision, Shift, SolveRun
from roster.planning.solve import solve
from roster.publishing import services as publishing
from roster.solving import leases, services as solving
from tests.support.beside import beside
from tests.support.factories import ADMIN, NOW, make_all_hands

pytestmark = pytest.mark.both_dbs("two at once: locks")


@pytest.fixture
def campaign(db: Any) -> Campaign:
    return make_all_hands(10)


def shift_id(db: Any, campaign_id: int) -> int:
    return int(db.session.scalar(select(Shift.id).filter_by(campaign_id=campaign_id, duty="leadership").limit(1)))


def test_only_one_solve_of_a_campaign_is_live(app: Flask, db: Any, campaign: Campaign) -> None:
    def ask() -> None:
        solving.request_solve(number, actor=ADMIN, now=NOW)

    number = campaign.id
    assert beside(app, ask, ask) == ["solve.already_running"]
    assert db.session.scalar(select(func.count()).select_from(SolveRun)) == 1


def test_the_second_of_two_editors_hears_of_the_first(app: Flask, db: Any, campaign: Campaign) -> None:
    shift, seen = shift_id(db, campaign.id), campaign.draft_version

    def put(code: str) -> None:
        drafts.set_people(shift, [code], draft_version=seen, actor=ADMIN, now=NOW)

    assert beside(app, lambda: put("P01"), lambda: put("P02")) == ["draft.changed"]


def test_nothing_is_signed_that_the_signer_has_not_read(app: Flask, db: Any, campaign: Campaign) -> None:
    number, shift, seen = campaign.id, shift_id(db, campaign.id), campaign.draft_version

    def edit() -> None:
        drafts.set_people(shift, ["P01"], actor=ADMIN, now=NOW)

    def sign() -> None:
        publishing.publish(number, accept_gaps="Thử", draft_version=seen, actor=ADMIN, now=NOW)

    assert beside(app, edit, sign) == ["draft.changed"]
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 0


def test_a_finished_solve_respects_an_edit_that_is_being_written(app: Flask, db: Any, campaign: Campaign) -> None:
    number, shift = campaign.id, shift_id(db, campaign.id)
    solving.request_solve(number, seconds=1, actor=ADMIN, now=NOW)
    claimed = leases.claim("a", now=NOW)
    assert claimed is not None
    outcome = solve(claimed.taken.problem, seconds=0, seed=1)
    placed = {each.staff_id for each in outcome.assignments if each.shift_id == shift}
    other = next(each for each in claimed.taken.problem.staff if each.id not in placed)

    def edit() -> None:
        drafts.set_people(shift, [other.code], override_reason="Thử", actor=ADMIN, now=NOW)

    beside(app, edit, lambda: leases.finish(claimed, outcome, now=NOW))
    assert [each.person.code for each in _draft(db, shift)] == [other.code]


def _draft(db: Any, shift: int) -> list[DraftAssignment]:
    return [seat.draft for seat in db.session.get(Shift, shift, populate_existing=True).seats if seat.draft]
