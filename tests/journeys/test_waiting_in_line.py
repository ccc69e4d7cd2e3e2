"""Two change at once what plans are made of, and one of them a campaign or a person, too: they wait in one line.

On PostgreSQL whoever takes rows in another order than somebody else may wait for them while they wait in turn; one of
the two would be broken off. Everybody takes what plans are made of first (``shared_cache.hold_ground``, or the first
write of it).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.clock import at_local
from core.db import db, transaction
from core.fast_path import shared_cache
from desk.demo import clearing
from duty.illness import services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import deciding, services as swaps
from duty.swaps.services import SwapWanted
from duty.time_off import panel_own
from incidents.policies.drafts import StepSpec
from people import queries as people, services as people_services
from people.access import guard
from people.accounts import queries as account_queries
from people.models import Absence, Person, Unit, User
from roster.campaigns import services as campaigns
from roster.campaigns.models import Campaign
from roster.consents import services as consents
from roster.consents.models import Consent
from roster.days import points_table
from roster.draft import services as drafts
from roster.importing import services as importer
from roster.models import DraftAssignment, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.reasons import remedying, services as explaining
from roster.refit import of_demand, services as refits
from roster.snapshot import plans, snapshot
from roster.solving import jobs
from roster.solving.services import SolveRequest
from roster.sources import services as sources
from tests.support import factories
from tests.support.beside import after, beside, in_the_middle
from tests.support.enterprise import NOW, ROOT
from tests.support.factories import ADMIN
from tests.support.policies import set_policy
from tests.support.published import Published

pytestmark = pytest.mark.both_dbs("two at once: locks")
TODAY = date(2020, 1, 23)
DAWN = at_local(TODAY, 5, 10)


def an(planned: dict[str, int]) -> Actor:
    return guard.actor_of(account_queries.user_by_id(planned["user:an1"]))


def put(planned: dict[str, int], code: str, actor: Actor = ROOT) -> None:
    drafts.set_people(planned["shift"], [code], override_reason="Thiếu người", actor=actor, now=NOW)


def test_who_corrects_a_person_and_who_imports_a_thousand(app: Flask, planned: dict[str, int]) -> None:
    tables = importer.read_uploads(
        [("people.csv", "code,full_name,unit_code,position\nBI1,Trần Thị Bình,BDA,Tổ trưởng\n".encode())]
    )

    def correct() -> None:
        people_services.save_person("BI1", {"position": "Thủ kho"}, now=NOW, actor=ROOT)

    def follow() -> list[Any]:
        return list(importer.import_folder(tables, dry_run=False, now=NOW, actor=ROOT).errors)

    assert beside(app, correct, follow) == [[]]
    db.session.expire_all()
    assert people.person_by_code("BI1").position == "Tổ trưởng"


def test_who_asks_for_one_more_and_who_saves_the_table(app: Flask, planned: dict[str, int]) -> None:
    cell = ("operations", "Ngày", "during")
    stamp = of_demand.effect(people.unit_by_code("BDA"), {cell: 2}, takes_people=False, actor=ROOT, now=NOW).stamp
    row = {"unit_code": "BDA", "duty": "operations", "phase": "during", "shift": "Ngày", "headcount": 3}

    def save() -> str:
        refits.save_demand("BDA", {cell: 2}, stamp=stamp, actor=ROOT, now=NOW)
        return "saved"

    assert beside(app, lambda: sources.save_demand(row, actor=ROOT, now=NOW), save) in (["saved"], ["refit.moved"])


def test_who_names_an_outsider_in_a_policy_and_who_publishes(app: Flask, planned: dict[str, int]) -> None:
    put(planned, "BI1")
    author = an(planned)

    def name() -> None:
        times = {"repeat_after_seconds": 120, "ack_timeout_seconds": 600, "catch_all": ()}
        set_policy(planned["BDA"], [StepSpec(0, person="CH1")], **times, actor=author, now=NOW)

    def publish() -> str:
        publishing.publish(planned["campaign"], PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
        return "published"

    assert beside(app, name, publish) == ["published"]


def test_who_says_no_and_who_deletes_the_draft(
    app: Flask, planned: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(planned, "DU1", an(planned))
    consent, number = db.session.scalars(select(Consent.id)).one(), planned["campaign"]
    dung = guard.actor_of(account_queries.user_by_id(planned["user:du1"]))

    def delete() -> str:
        campaigns.delete_campaign(number, actor=ROOT, now=NOW)
        return "deleted"

    with in_the_middle(app, monkeypatch, consents, "_take_off", delete) as other:
        assert consents.answer(consent, False, actor=dung, now=NOW).state == "refused"
    assert other.said == ["deleted"]


def test_who_clears_the_demo_and_who_edits_it(app: Flask, planned: dict[str, int]) -> None:
    with transaction() as session:
        for model in (Unit, Person, User, Campaign):
            session.execute(update(model).values(is_demo=True))

    said = beside(app, lambda: clearing.clear(now=NOW, actor=ROOT), lambda: put(planned, "BI1"))
    assert said == ["campaign.unknown"]


def test_who_lends_people_and_who_edits(app: Flask, planned: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Bình, the only one of the district A, is away; the desk's people could help there."""
    factories.make_person("N1", people.unit_by_code("BDC"))
    with transaction() as session:
        away = Absence(person_id=people.person_by_code("BI1").id, kind="annual_leave")
        away.from_on, away.to_on = date(2020, 1, 22), date(2020, 1, 27)
        session.add(away)
    campaign = factories.make_campaign(people.unit_by_code("BDT"))
    run = jobs.solve_now(campaign.id, SolveRequest(seconds=2), actor=ROOT, now=NOW)
    last = max(db.session.scalars(select(Shift.id).filter_by(campaign_id=campaign.id)))
    case = explaining.explanation(run.id, actor=ROOT, now=NOW).found.case
    key = next(each for each in case.remedies if "~help~" in each)

    def edit() -> str:
        drafts.set_people(last, ["N1"], override_reason="Thử", actor=ROOT, now=NOW)
        return "edited"

    with in_the_middle(app, monkeypatch, remedying, "_lend", edit, turn=2) as other:
        assert remedying.apply(run.id, [key], actor=ROOT, now=NOW).lent
    assert other.said == ["edited"]


def test_who_reports_somebody_ill_and_who_says_yes_to_another_swap(app: Flask, roster: Published) -> None:
    with clock.travel(DAWN):
        hands(5, 6)
        asked = swaps.ask(
            roster.seat("operations", 4), SwapWanted("cover", note="gọi"), person="O2", actor=ADMIN, now=DAWN
        )
        swap, first = asked.id, asked.asked[0].person.code
        ill = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O5"]}, "gọi điện 05:10")

        def accept() -> str:
            with clock.travel(DAWN):
                return deciding.accept(swap, person=first, note="gọi", actor=ADMIN, now=DAWN).state

        (said,) = beside(app, lambda: illness.report(ill, actor=ADMIN, now=DAWN), accept)
    assert said == "approved"


def test_who_says_that_they_are_ill_and_whose_desk_says_it_too(app: Flask, roster: Published) -> None:
    with clock.travel(DAWN):
        hands(5, 6)
        seat, person = roster.seat("operations", 0), people.person_by_code("O1")
        me = Actor(name="O1", role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
        told = {"absent_from": "2020-01-23", "absent_to": "2020-01-23", "kind": "sick"}

        def decide() -> str:
            illness.decide(IllnessPlan("O1", TODAY, {seat: ["O5"]}, "gọi điện 05:10"), actor=ADMIN, now=DAWN)
            return "decided"

        (said,) = beside(app, lambda: panel_own._absent(person, me, told, DAWN), decide)
    assert said == "decided"


def test_two_changes_of_a_draft_have_a_number_each(app: Flask, db: Any) -> None:
    campaign = factories.make_all_hands(8).id
    shift = db.session.scalar(select(Shift.id).filter_by(campaign_id=campaign, duty="leadership").limit(1))
    drafts.set_people(shift, ["P01"], override_reason="Thử", actor=ADMIN, now=NOW)

    def version() -> int:
        db.session.rollback()
        return int(db.session.get_one(Campaign, campaign, populate_existing=True).draft_version)

    before = version()
    unpin, value = (
        lambda: drafts.set_pinned(shift, False, actor=ADMIN, now=NOW),
        lambda: points_table.save({"night": 250}, actor=ADMIN, now=NOW),
    )
    beside(app, unpin, value)
    assert version() == before + 2


def test_a_look_that_began_before_a_change_keeps_nothing_for_those_after_it(app: Flask, roster: Published) -> None:
    """What is published is asked first, as a page of it does; then a shift gets a seat and somebody on it."""

    def add() -> None:
        with transaction() as session:
            seat = Seat(shift_id=roster.shifts("operations")[0], position=9)
            session.add(seat)
            session.flush()
            facts = {"pinned": False, "source": "manual", "updated_at": NOW, "updated_by": "thử"}
            session.add(DraftAssignment(seat_id=seat.id, person_id=roster.person["O4"], **facts))
            session.get_one(Campaign, roster.campaign_id).draft_version += 1

    drafts.set_pinned(roster.shifts("operations")[1], False, actor=ADMIN, now=NOW)
    snapshot.take(roster.campaign_id, now=NOW)
    db.session.rollback()
    with shared_cache.within_a_block():
        snapshot.holders(roster.campaign_id)
        after(app, add)
        snapshot.take(roster.campaign_id, now=NOW)
    db.session.rollback()
    assert snapshot.take(roster.campaign_id, now=NOW).cells.keys() == set(
        db.session.scalars(select(DraftAssignment.seat_id))
    )


def test_a_look_of_before_a_change_and_one_of_after_it_take_nothing_from_each_other(
    app: Flask, roster: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, real = [], plans._read_plan
    monkeypatch.setattr(plans, "_read_plan", lambda *asked: built.append(1) or real(*asked))

    def correct() -> None:
        with transaction() as session:
            session.get_one(Person, roster.person["O4"]).position = "Trưởng ca"

    def look() -> None:
        with shared_cache.within_a_block():
            snapshot.take(roster.campaign_id, now=NOW)

    db.session.rollback()
    with shared_cache.within_a_block():
        snapshot.take(roster.campaign_id, now=NOW)
        after(app, correct)
        for _turn in range(3):
            after(app, look)
            snapshot.take(roster.campaign_id, now=NOW)
    assert len(built) <= 2


def hands(*numbers: int) -> None:
    unit = people.unit_by_code("TINH")
    for number in numbers:
        factories.make_person(f"O{number}", unit, duties=("operations",), phone=f"090000020{number}")
    db.session.commit()
