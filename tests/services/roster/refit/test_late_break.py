"""The break is decided after the campaign was made: said first, by day and seat; written knowingly; published stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import prepared
from core.actor import Actor
from core.db import db as database, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import AuditEntry
from people.models import Person, Unit
from planning.problem import Assignment
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.consents import queries as consent_queries
from roster.consents.models import Consent
from roster.days import hour_percents as percents
from roster.draft import reduce_headcount, services as drafts, undoing
from roster.draft.edits import SeatEdit
from roster.models import Duty, Revision, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.refit import of_break, services
from roster.refit.deciding import BreakChoice, decide
from roster.refit.of_break import BreakEffect, CampaignBreak
from roster.snapshot import snapshot
from roster.solving import applying
from roster.sources.models import Demand, HolidayDay, HolidaySet
from tests.support import factories
from tests.support.factories import ADMIN, NOW
from tests.support.in_parallel import in_parallel

FIRST, LAST = date(2020, 1, 23), date(2020, 1, 29)
"""The break of Canh Tý as it was announced."""
DAY = timedelta(days=1)


@pytest.fixture
def campaign(db: Any) -> Campaign:
    """28/01–01/02: two days of the break and three after it. In the break two serve by day, after it one."""
    unit = factories.make_unit("BDA")
    for number in (1, 2, 3):
        factories.make_person(f"P{number}", unit)
    factories.make_demand(unit, headcount=2, phases=("during",))
    factories.make_demand(unit, headcount=1, phases=("after",))
    factories.make_demand(unit, template="Đêm", start="19:30", phases=("during", "after"))
    factories.make_demand(unit, template="Trực Tết", start="08:00", hours=4, phases=("during",))
    return factories.make_campaign(unit, first="2020-01-28", last="2020-02-01")


def asked(first: date = FIRST, last: date = LAST, status: str = "official") -> BreakChoice:
    return BreakChoice(2020, first, last, status, "Thông báo 5015")


def look(first: date = FIRST, last: date = LAST, now: datetime = NOW, **chosen: bool) -> BreakEffect:
    return of_break.effect(
        decide(asked(first, last)), **{"follows": True, "takes_people": False} | chosen, actor=ADMIN, now=now
    )


def save(first: date = FIRST, last: date = LAST, now: datetime = NOW, **chosen: bool) -> BreakEffect:
    stamp = look(first, last, now, **chosen).stamp
    chosen = {"follows": True, "takes_people": False} | chosen
    return services.save_break(asked(first, last), stamp=stamp, **chosen, actor=ADMIN, now=now)


def effect_on(found: BreakEffect) -> CampaignBreak:
    return found.campaigns[0]


def rows(campaign: Campaign) -> dict[tuple[int, str], Shift]:
    """By day of the month and name."""
    database.session.expire_all()
    return {(row.local_on.day, row.template): row for row in database.session.scalars(select(Shift))}


def state() -> list[Any]:
    """Shifts, seats and listed days as they are."""
    database.session.expire_all()
    shifts = database.session.scalars(select(Shift).order_by(Shift.starts_at, Shift.template))
    told: list[Any] = [
        (row.starts_at, row.template, row.phase, row.points, row.points_by, row.headcount, len(row.seats))
        for row in shifts
    ]
    days = database.session.scalars(select(HolidayDay).order_by(HolidayDay.on_date))
    return [*told, *((each.on_date, each.day_class, each.name) for each in days)]


def put(shift: Shift, *codes: str) -> None:
    drafts.set_people(shift.id, codes, override_reason="Thử", actor=ADMIN, now=NOW)


def test_a_day_less_at_the_end_is_said_by_day_points_seats_and_percents(campaign: Campaign) -> None:
    before = state()
    found = effect_on(look(last=LAST - DAY))
    assert state() == before  # looking writes nothing
    night, day = found.days
    assert (night.on, night.kinds) == (LAST - DAY, ("substitute", "substitute"))  # its night ends on what is no holiday
    assert night.points[0] > night.points[1]
    assert (day.on, day.phases, day.kinds) == (LAST, ("during", "after"), ("substitute", "ordinary"))
    assert day.seats == 4 and day.points[0] > day.points[1]
    assert day.percents == (200, 150)
    assert percents.rate(LAST, "rest", "day", overtime=True).percent == day.percents[0]
    # By day one seat less; the short shift of the break goes.
    assert (found.refit.added, len(found.refit.removed)) == (0, 2)
    assert [each.key[2] for each in found.refit.dropped] == ["Trực Tết"]


def test_it_is_not_written_unless_it_was_looked_at(campaign: Campaign) -> None:
    before = state()
    for stamp in (None, "", "0" * 16):
        with pytest.raises(Conflict, match="refit.moved"):
            services.save_break(asked(last=LAST - DAY), stamp=stamp, follows=True, actor=ADMIN, now=NOW)
    stamp = look(last=LAST - DAY).stamp
    put(rows(campaign)[29, "Ngày"], "P1")  # meanwhile
    with pytest.raises(Conflict, match="refit.moved"):
        services.save_break(asked(last=LAST - DAY), stamp=stamp, follows=True, actor=ADMIN, now=NOW)
    assert state() == before


def test_written_it_is_one_entry_and_the_draft_asks_for_another_look(campaign: Campaign) -> None:
    version = campaign.draft_version
    save(last=LAST - DAY)
    now = rows(campaign)
    assert (now[29, "Ngày"].phase, now[29, "Ngày"].headcount, len(now[29, "Ngày"].seats)) == ("after", 1, 1)
    assert (29, "Trực Tết") not in now and (28, "Trực Tết") in now
    assert now[29, "Ngày"].points == now[30, "Ngày"].points
    assert campaign.draft_version == version + 1
    assert campaign.look_again is not None and campaign.look_again["why"] == "break"
    (entry,) = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "holiday.break"))
    assert entry.detail["campaigns"] == [
        {"id": campaign.id, "days": 2, "shifts": 4, "added": 0, "removed": 2, "people": 0, "asks": 0}
    ]
    services.looked_again(campaign.id, actor=ADMIN, now=NOW)
    assert campaigns.get_campaign(campaign.id).look_again is None


@pytest.mark.parametrize(
    ("first", "last"), [(FIRST, LAST - DAY), (FIRST, LAST + DAY), (FIRST - DAY, LAST), (FIRST + DAY, LAST)]
)
def test_moved_at_either_end_and_moved_back_all_is_as_it_was(campaign: Campaign, first: date, last: date) -> None:
    before = state()
    save(first, last)
    assert state() != before
    save()
    assert state() == before


def test_seats_with_people_stay_and_are_named_unless_it_is_meant(campaign: Campaign) -> None:
    put(rows(campaign)[29, "Ngày"], "P1", "P2"), put(rows(campaign)[29, "Trực Tết"], "P3")
    found = effect_on(look(last=LAST - DAY))
    assert [(each.why, each.seats) for each in found.refit.kept] == [("held", 1), ("held", 1)]
    assert not found.refit.removed
    meant = effect_on(look(last=LAST - DAY, takes_people=True))
    assert len([seat for _shift, seat in meant.refit.removed if seat.person_id]) == 2
    save(last=LAST - DAY, takes_people=True)
    assert (29, "Trực Tết") not in rows(campaign)
    assert [seat.draft.person.code for seat in rows(campaign)[29, "Ngày"].seats if seat.draft] == ["P1"]


def test_shifts_may_keep_their_demand_and_change_phase_and_points_alone(campaign: Campaign) -> None:
    found = effect_on(look(last=LAST - DAY, follows=False))
    assert found.refit.is_nothing and len(found.values) == 4
    save(last=LAST - DAY, follows=False)
    now = rows(campaign)[29, "Ngày"]
    assert (now.phase, now.headcount, len(now.seats)) == ("after", 2, 2)


def test_what_was_published_stays_until_it_is_published_again(campaign: Campaign) -> None:
    put(rows(campaign)[29, "Ngày"], "P1")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=NOW)
    signed = database.session.scalars(select(Revision)).one().content
    worth = rows(campaign)[29, "Ngày"].points
    duty = database.session.scalars(select(Duty)).one()
    facts = duty.seat_id, duty.starts_at, duty.sequence
    with transaction() as session:
        session.scalars(select(Demand).filter_by(template="Ngày", phase="after")).one().form = "standby"
    found = effect_on(look(last=LAST - DAY, takes_people=True))
    assert found.as_was == 1
    [kept] = found.refit.kept
    assert (kept.why, kept.columns) == ("signed", {"form": "onsite"})
    save(last=LAST - DAY, takes_people=True)
    now = rows(campaign)[29, "Ngày"]
    assert (now.phase, now.form, now.points, now.headcount) == ("after", "onsite", worth, 1)
    assert [seat.id for seat in now.seats] == [duty.seat_id]
    assert database.session.scalars(select(Revision)).one().content == signed
    same = database.session.scalars(select(Duty)).one()
    assert (same.seat_id, same.starts_at, same.sequence, same.cancelled_at) == (*facts, None)
    assert campaigns.get_campaign(campaign.id).look_again is not None
    put(rows(campaign)[30, "Ngày"], "P2")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=NOW)
    assert campaigns.get_campaign(campaign.id).look_again is None


def test_what_runs_or_was_served_is_left(campaign: Campaign) -> None:
    at = rows(campaign)[29, "Ngày"].starts_at + timedelta(hours=1)  # and the short one runs, too
    found = effect_on(look(last=LAST - DAY, now=at))
    assert {database.session.get_one(Shift, each).template for each in found.values} == {"Đêm"}
    assert found.refit.is_nothing and found.days[0].begun == 3
    save(last=LAST - DAY, now=at)
    assert rows(campaign)[29, "Ngày"].phase == "during"


def test_undo_knows_nothing_of_seats_that_went(campaign: Campaign) -> None:
    keep, gone = rows(campaign)[30, "Ngày"].seats[0].id, rows(campaign)[29, "Trực Tết"].seats[0].id
    edits = [SeatEdit(keep, "P1", None), SeatEdit(gone, "P2", None)]
    drafts.edit_seats(campaign.id, edits, reason="Thử", actor=ADMIN, now=NOW)
    save(last=LAST - DAY, takes_people=True)
    undoing.undo(campaign.id, actor=ADMIN, now=NOW)
    assert database.session.get_one(Seat, keep).draft is None


def test_redo_knows_nothing_of_shifts_that_went(campaign: Campaign) -> None:
    """A smaller demand was taken back; the shift that it was about goes with the break."""
    stays, goes = rows(campaign)[30, "Ngày"].id, rows(campaign)[29, "Trực Tết"].id
    reduce_headcount.lessen(campaign.id, {stays: 1, goes: 1}, actor=ADMIN, now=NOW)
    undoing.undo(campaign.id, actor=ADMIN, now=NOW)
    save(last=LAST - DAY)
    undoing.redo(campaign.id, actor=ADMIN, now=NOW)
    assert rows(campaign)[30, "Ngày"].headcount == 0


@pytest.mark.parametrize("leaves", [False, True])
def test_who_was_asked_on_a_seat_that_goes_is_still_to_answer_if_they_stay(campaign: Campaign, leaves: bool) -> None:
    """P1 was asked on the second seat and moved to the first; or P2 sits on it, and goes with it."""
    shift = rows(campaign)[29, "Ngày"]
    first, second = (seat.id for seat in shift.seats)
    sitting = [SeatEdit(first, "P1", None), *([SeatEdit(second, "P2", None)] if leaves else [])]
    drafts.edit_seats(campaign.id, sitting, reason="Thử", actor=ADMIN, now=NOW)
    person = database.session.scalars(select(Person).filter_by(code="P2" if leaves else "P1")).one()
    with transaction() as session:
        asked_for = {"shift_id": shift.id, "seat_id": second, "unit_id": shift.unit_id, "person_id": person.id}
        by = {"asked_by": "user:1", "asked_by_name": "Chi", "asked_at": NOW, "expires_at": NOW + DAY}
        session.add(Consent(**asked_for, **by))
    save(last=LAST - DAY, takes_people=True)
    assert len(rows(campaign)[29, "Ngày"].seats) == 1
    assert database.session.scalars(select(Consent)).one().state == ("withdrawn" if leaves else "asked")
    assert consent_queries.states_of(campaign.id, now=NOW).keys() == (set() if leaves else {(shift.id, person.id)})


def test_a_phase_that_has_no_day_left_is_told(campaign: Campaign) -> None:
    assert effect_on(look(last=date(2020, 1, 27))).unused == ("during",)


def test_a_closed_campaign_and_one_of_another_tet_are_left_alone(campaign: Campaign) -> None:
    with transaction() as session:
        session.get_one(Campaign, campaign.id).state = "closed"
    assert not look(last=LAST - DAY).campaigns


def test_only_the_status_is_written_at_once(campaign: Campaign) -> None:
    services.save_break(asked(status="unverified"), stamp=None, actor=ADMIN, now=NOW)
    row = database.session.scalars(select(HolidaySet).filter_by(year=2020)).one()
    assert (row.status, {each.status for each in row.days if FIRST <= each.on_date <= LAST}) == (
        "unverified",
        {"unverified"},
    )
    assert campaigns.get_campaign(campaign.id).look_again is None


def test_a_break_that_is_none_and_a_stranger_are_refused(campaign: Campaign) -> None:
    with pytest.raises(Invalid, match="holiday.break_span"):
        look(FIRST, FIRST - DAY)
    staff = Actor(name="Nhân viên", role="staff", via="session", unit_id=campaign.unit_id)
    with pytest.raises(Forbidden):
        services.save_break(asked(), stamp=None, actor=staff, now=NOW)


def test_what_somebody_lessened_in_the_campaign_is_their_own_word(campaign: Campaign) -> None:
    with transaction() as session:
        shift = session.get_one(Shift, rows(campaign)[29, "Ngày"].id)
        shift.headcount, shift.wanted = 1, 2
        assert session.scalars(select(Demand).filter_by(template="Ngày", phase="during")).one().headcount == 2
    found = effect_on(look(last=LAST - DAY))
    assert [(each.key[2], each.why) for each in found.refit.kept] == [("Ngày", "own")]


def test_whose_campaign_it_is_not_changes_no_seats_there(campaign: Campaign) -> None:
    """A break holds for everybody; which seats follow it is for those who plan them."""
    other = factories.manager_of(factories.make_unit("BDE").id)
    found = of_break.effect(decide(asked(last=LAST - DAY)), follows=True, takes_people=True, actor=other, now=NOW)
    theirs = effect_on(found)
    assert (theirs.is_theirs, theirs.refit.is_nothing, bool(theirs.values)) == (False, True, True)


def test_a_solve_that_ends_afterwards_knows_what_is_left(campaign: Campaign) -> None:
    """It was asked about shifts and seats that are gone by the time it is written."""
    taken = snapshot.take(campaign.id, now=NOW)
    people = [person.id for person in taken.problem.staff]
    found = [
        Assignment(shift.id, people[(n + turn) % 3])
        for n, shift in enumerate(taken.problem.shifts)
        for turn in range(shift.headcount)
    ]
    save(last=LAST - DAY)
    planned = applying.plan(taken, found, now=NOW)
    left = {seat.id for row in rows(campaign).values() for seat in row.seats}
    assert planned.target.keys() <= left and planned.target
    with transaction():
        applying.write(planned, now=NOW)


@pytest.mark.both_dbs("two at once: locks of every campaign that is touched")
def test_two_who_save_the_same_break_at_once_leave_it_as_one_would(app: Flask, campaign: Campaign) -> None:
    campaign_id = campaign.id
    put(rows(campaign)[28, "Ngày"], "P1")
    stamp = look(last=LAST - DAY).stamp

    def work(_n: int) -> str:
        try:
            services.save_break(asked(last=LAST - DAY), stamp=stamp, follows=True, actor=ADMIN, now=NOW)
        except Conflict as error:
            return error.code
        return "saved"

    assert sorted(in_parallel(app, 2, work)) == ["saved", "saved"]  # the second has nothing left to change
    now = rows(campaigns.get_campaign(campaign_id))
    assert (now[29, "Ngày"].headcount, len(now[29, "Ngày"].seats)) == (1, 1)
    assert campaigns.get_campaign(campaign_id).draft_version == 2  # of P1, and of one break


@pytest.mark.both_dbs("two at once: a seat that goes while somebody is put there")
def test_a_break_and_an_edit_at_once_lose_nobody_unsaid(app: Flask, campaign: Campaign) -> None:
    shift, stamp = rows(campaign)[29, "Trực Tết"].id, look(last=LAST - DAY).stamp

    def work(n: int) -> str:
        try:
            if n:
                drafts.set_people(shift, ["P1"], override_reason="Thử", actor=ADMIN, now=NOW)
            else:
                services.save_break(asked(last=LAST - DAY), stamp=stamp, follows=True, actor=ADMIN, now=NOW)
        except (Conflict, NotFound) as error:
            return error.code
        return "done"

    done = sorted(in_parallel(app, 2, work))
    database.session.expire_all()
    gone = database.session.get(Shift, shift) is None
    assert done == (["done", "shift.unknown"] if gone else ["done", "refit.moved"])


def meanwhile(monkeypatch: pytest.MonkeyPatch, change: Callable[[], Any]) -> None:
    """``change()`` by somebody else, once, between thinking and writing."""
    waiting = [change]
    monkeypatch.setattr(prepared, "hit", lambda place: place == "plan.made" and waiting and waiting.pop()())


def made() -> Campaign:
    unit = database.session.scalars(select(Unit)).one()
    return factories.make_campaign(unit, first="2020-01-29", last="2020-01-30")


def closed() -> None:
    with transaction() as session:
        session.scalars(select(Campaign)).one().state = "closed"


@pytest.mark.parametrize("change", [made, closed])
def test_a_campaign_that_is_made_or_closed_meanwhile_is_looked_at_anew(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, change: Callable[[], Any]
) -> None:
    """Nobody has seen what the break does to the new one; and a closed one stays as it is."""
    before, stamp = state(), look(last=LAST - DAY).stamp
    meanwhile(monkeypatch, change)
    chosen = {"follows": True, "actor": ADMIN, "now": NOW}
    if change is made:
        with pytest.raises(Conflict, match="refit.moved"):
            services.save_break(asked(last=LAST - DAY), stamp=stamp, **chosen)
        assert len(look(last=LAST - DAY).campaigns) == 2
    else:
        assert not services.save_break(asked(last=LAST - DAY), stamp=stamp, **chosen).campaigns
        assert state()[: len(rows(campaign))] == before[: len(rows(campaign))]


@pytest.mark.parametrize("year", [1900, 2200])
def test_a_year_without_a_lunar_calendar_has_no_break(db: Any, year: int) -> None:
    with pytest.raises(Invalid, match="campaign.date_range"):
        decide(BreakChoice(year, date(year, 1, 23), date(year, 1, 29), "official"))


def test_days_of_another_year_are_no_break_of_this_one(campaign: Campaign) -> None:
    """Typed by mistake they would be listed among that year's own, with no campaign to show it."""
    before = state()
    with pytest.raises(Invalid, match="holiday.break_without_tet"):
        save(date(2021, 2, 10), date(2021, 2, 16))
    assert state() == before
