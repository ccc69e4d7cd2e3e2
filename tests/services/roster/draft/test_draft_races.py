"""Two people at one draft in the same moment: the second sees what the first did, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import prepared
from core.clock import local
from core.db import transaction
from core.errors import Conflict, NotFound
from people import queries as people
from people.models import Person
from planning.solve import SolveOptions, solve
from roster.campaigns.models import Campaign
from roster.days import points_table
from roster.draft import services as drafts
from roster.importing import services as importer
from roster.models import DraftAssignment, Duty, Revision, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.solving import leases, services as solving
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support.beside import beside
from tests.support.factories import ADMIN, NOW, make_all_hands
from tests.support.in_parallel import in_parallel

pytestmark = pytest.mark.both_dbs("two at once: locks")


@pytest.fixture
def campaign(db: Any) -> Campaign:
    return make_all_hands(10)


def shift_id(db: Any, campaign_id: int) -> int:
    return int(db.session.scalar(select(func.min(Shift.id)).filter_by(campaign_id=campaign_id, duty="leadership")))


def leadership(db: Any) -> list[tuple[int, str, str]]:
    """Hour, form and who sits there in the draft, of the shifts by day of that duty."""
    db.session.expire_all()
    rows = db.session.scalars(
        select(Shift).filter_by(duty="leadership", template="Ngày").order_by(Shift.starts_at, Shift.id)
    )
    seats = [(row, seat.draft.person.code if seat.draft else "") for row in rows for seat in row.seats]
    return [(local(row.starts_at).hour, row.form, who) for row, who in seats]


def follow(demand: str) -> Callable[[], str]:
    """What follows the imported demand of leadership by day (hour of its start, form), as it was looked at now."""
    hour, form = demand.split()
    text = "duty,unit_code,phase,shift,start,hours,headcount,form\n"
    text += f"leadership,TINH,during,Ngày,{hour}:30,12,1,{form}\n"
    tables = importer.read_uploads([("demand.csv", text.encode())])
    looked_at = importer.import_folder(tables, dry_run=True, now=NOW, actor=ADMIN)
    assert looked_at.errors == []
    follows = {each.campaign_id: each.stamp for each in looked_at.campaigns}

    def run() -> str:
        try:
            done = importer.import_folder(tables, dry_run=False, now=NOW, actor=ADMIN, follows=follows)
        except Conflict as error:
            return error.code
        return f"{len(done.campaigns)} followed"

    return run


def between(monkeypatch: pytest.MonkeyPatch, app: Flask, change: Callable[[], Any]) -> None:
    """``change()`` by somebody else, once, after the next plan is made and before it is written."""
    waiting = [change]

    def hit(place: str) -> None:
        if place == "plan.made" and waiting:
            work = waiting.pop()
            in_parallel(app, 1, lambda _n: work())

    monkeypatch.setattr(prepared, "hit", hit)


def planned_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who plan wait for each other before either writes."""
    gate, mine = threading.Barrier(2), threading.local()

    def hit(place: str) -> None:
        if place == "plan.made" and not hasattr(mine, "met"):
            mine.met = True
            gate.wait(20)

    monkeypatch.setattr(prepared, "hit", hit)


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
        publishing.publish(number, PublishTerms(accept_gaps="Thử"), draft_version=seen, actor=ADMIN, now=NOW)

    assert beside(app, edit, sign) == ["draft.changed"]
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 0


@pytest.mark.parametrize("second", ["edit", "correct"])
def test_who_values_drafts_anew_and_whoever_else_writes_wait_in_one_line(
    app: Flask, db: Any, campaign: Campaign, second: str
) -> None:
    """Each leaves new stamps of drafts and of what they are made of, and takes these and the campaign in one order."""
    shift, person = shift_id(db, campaign.id), people.person_by_code("P02").id

    def edit() -> None:
        drafts.set_people(shift, ["P01"], override_reason="Thử", actor=ADMIN, now=NOW)

    def correct() -> None:
        with transaction() as session:
            session.get_one(Person, person).position = "Trưởng ca"

    acts = {"edit": edit, "correct": correct}
    assert beside(app, lambda: points_table.save({"night": 250}, actor=ADMIN, now=NOW), acts[second]) == [None]
    assert points_table.current().night == 2.5


def test_a_finished_solve_respects_an_edit_that_is_being_written(app: Flask, db: Any, campaign: Campaign) -> None:
    number, shift = campaign.id, shift_id(db, campaign.id)
    solving.request_solve(number, SolveRequest(seconds=1), actor=ADMIN, now=NOW)
    claimed = leases.claim("a", now=NOW)
    assert claimed is not None
    outcome = solve(claimed.taken.problem, SolveOptions(seconds=0, seed=1))
    placed = {each.staff_id for each in outcome.assignments if each.shift_id == shift}
    other = next(each for each in claimed.taken.problem.staff if each.id not in placed)

    def edit() -> None:
        drafts.set_people(shift, [other.code], override_reason="Thử", actor=ADMIN, now=NOW)

    beside(app, edit, lambda: leases.finish(claimed, outcome, now=NOW))
    assert [each.person.code for each in _draft(db, shift)] == [other.code]


def test_two_who_follow_one_import_at_once_change_the_campaign_once(
    app: Flask, db: Any, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, followed = campaign.id, follow("08 standby")
    planned_together(monkeypatch)
    assert sorted(in_parallel(app, 2, lambda _n: followed())) == ["1 followed", "refit.moved"]
    assert leadership(db) == [(8, "standby", "")] * 3
    assert db.session.get(Campaign, number, populate_existing=True).draft_version == 1


def test_nobody_is_lost_who_is_put_on_a_shift_that_goes_with_an_import(app: Flask, db: Any, campaign: Campaign) -> None:
    """Whoever follows has seen that shift empty, and waits while the edit is written."""
    shift, followed = shift_id(db, campaign.id), follow("08 standby")

    def put() -> None:
        drafts.set_people(shift, ["P01"], override_reason="Thử", actor=ADMIN, now=NOW)

    assert beside(app, put, followed) == ["refit.moved"]
    assert leadership(db) == [(7, "standby", "P01"), (7, "standby", ""), (7, "standby", "")]
    assert follow("08 standby")() == "1 followed"
    assert [each for each in leadership(db) if each[0] == 7] == [(7, "standby", "P01")]


def test_whoever_is_put_on_a_shift_that_has_gone_meanwhile_is_told(
    app: Flask, db: Any, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = shift_id(db, campaign.id)
    between(monkeypatch, app, follow("08 standby"))
    with pytest.raises(NotFound, match="shift.unknown"):
        drafts.set_people(shift, ["P01"], override_reason="Thử", actor=ADMIN, now=NOW)
    assert leadership(db) == [(8, "standby", "")] * 3


def test_what_is_published_meanwhile_keeps_the_form_that_people_were_told(
    app: Flask, db: Any, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, shift = campaign.id, shift_id(db, campaign.id)
    drafts.set_people(shift, ["P01"], override_reason="Thử", actor=ADMIN, now=NOW)
    followed = follow("07 onsite")
    between(monkeypatch, app, lambda: publishing.publish(number, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=NOW))
    assert followed() == "refit.moved"
    assert leadership(db) == [(7, "standby", "P01"), (7, "standby", ""), (7, "standby", "")]
    assert follow("07 onsite")() == "1 followed"
    assert [form for _hour, form, _who in leadership(db)] == ["standby", "onsite", "onsite"]
    assert db.session.scalars(select(Duty.form).filter_by(shift_id=shift)).all() == ["standby"]


def _draft(db: Any, shift: int) -> list[DraftAssignment]:
    return [seat.draft for seat in db.session.get(Shift, shift, populate_existing=True).seats if seat.draft]
