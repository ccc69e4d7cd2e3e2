"""Somebody takes over in the middle of a shift: what was served stays with whom it was with, whatever reads it.

Three days of Tết Canh Tý. On 23 January O2 serves operations from 19:30, and falls ill at 21:00.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict
from core.i18n import span
from duty.swaps import rights, services as swaps
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from duty.timekeeping import queries as hours
from notify.models import Message
from people import queries as people
from people.models import Person, User
from roster.campaigns.models import Campaign
from roster.covers import services as covering
from roster.dividing.parting import SplitSpan
from roster.draft import services as drafts
from roster.models import Duty, Seat
from roster.publishing import amending
from roster.reasons import services as reasons
from roster.resolver import resolver
from tests.support import factories
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

NIGHT = datetime(2020, 1, 23, 21, 0, 20, tzinfo=VN)
AFTER = datetime(2020, 2, 10, 8, 0, tzinfo=VN)


def leader() -> Actor:
    """L2 leads the night."""
    person = people.person_by_code("L2")
    return Actor(name="L2", role="staff", via="session", person_id=person.id, unit_id=person.unit_id)


def cover(roster: Published, comes: str = "O4", now: datetime = NIGHT, *more: tuple[int, str, str]) -> None:
    shift = roster.shifts("operations")[1]
    covering.cover_now(shift, [(shift, "O2", comes), *more], override_reason="Ốm", actor=leader(), now=now)


def served(roster: Published) -> list[tuple[str, str]]:
    """Who serves operations in that night, and when."""
    dusk = datetime(2020, 1, 23, 12, 30, tzinfo=UTC)
    wanted = select(Duty).where(Duty.duty == "operations", Duty.cancelled_at.is_(None), Duty.starts_at >= dusk)
    rows = db.session.scalars(wanted.where(Duty.starts_at < dusk + timedelta(hours=12)).order_by(Duty.starts_at))
    return [(row.person.code, span(row.starts_at, row.ends_at)) for row in rows]


def test_what_is_left_of_the_night_changes_hands_and_no_minute_is_nobodys(roster: Published) -> None:
    with clock.travel(NIGHT):
        seat = roster.seat("operations", 1)
        cover(roster)
        assert served(roster) == [("O2", "19:30 23/01 – 21:00"), ("O4", "21:00 23/01 – 07:30 24/01")]
        kept = db.session.get_one(Seat, seat)
        assert kept.shift.starts_at == datetime(2020, 1, 23, 12, 30, tzinfo=UTC), "the calendar of who leaves stays"
    for at, code in ((datetime(2020, 1, 23, 20, tzinfo=VN), "O2"), (NIGHT, "O4"), (NIGHT.replace(hour=23), "O4")):
        found = resolver.who_is_on(roster.unit_id, "operations", at.astimezone(UTC))
        assert [each.code for each in found.people] == [code]


def test_both_have_the_hours_that_they_served(roster: Published) -> None:
    def worth(code: str) -> int:
        row = db.session.get_one(Campaign, roster.campaign_id)
        return hours.hours_for_people(row, [people.person_by_code(code)], now=AFTER)[roster.person[code]].sums.on_site

    was = worth("O2")
    with clock.travel(NIGHT):
        cover(roster)
    assert was - worth("O2") == 10 * 60 + 30 and worth("O4") == 10 * 60 + 30


def test_a_chain_moves_the_rest_of_the_night_and_the_whole_of_the_next_shift(roster: Published) -> None:
    """O3 takes over, and O4 serves the day after in their place: one revision."""
    with clock.travel(NIGHT):
        next_day = roster.shifts("operations")[2]
        cover(roster, "O3", NIGHT, (next_day, "O3", "O4"))
        assert served(roster)[1:] == [("O3", "21:00 23/01 – 07:30 24/01")]
        on = select(Person.code).join(Duty, Duty.person_id == Person.id).where(Duty.shift_id == next_day)
        assert db.session.scalars(on.where(Duty.cancelled_at.is_(None))).all() == ["O4"]
        assert db.session.get_one(Campaign, roster.campaign_id).revision == 2


def test_who_could_take_over_is_judged_by_what_is_left(roster: Published) -> None:
    """O1 served until 19:30: all of the night besides is too much for a day and a month, its last half hour is not."""
    breaks = dict[int, list[str]]()
    shift = roster.shifts("operations")[1]
    for at in (datetime(2020, 1, 23, 19, 0, tzinfo=VN), datetime(2020, 1, 24, 7, 0, tzinfo=VN)):
        with clock.travel(at):
            found = reasons.ways_to_cover(shift, leaving="O2", actor=factories.ADMIN, now=at).found
        [way] = [each for each in found if len(each.moves) == 1 and each.moves[0].into == roster.person["O1"]]
        assert way.moves[0].shift_id == shift
        breaks[at.hour] = [each.rule for each in way.breaks]
    assert {"hours.month", "hours.continuous"} <= set(breaks[19]) - set(breaks[7])


def test_before_it_begins_all_of_it_moves(roster: Published) -> None:
    dusk = datetime(2020, 1, 23, 19, 30, 20, tzinfo=VN)
    with clock.travel(dusk):
        cover(roster, "O4", dusk)
        assert served(roster) == [("O4", "19:30 23/01 – 07:30 24/01")], "in its first minute nothing was served"


def test_over_is_over(roster: Published) -> None:
    morning = datetime(2020, 1, 24, 7, 30, tzinfo=VN)
    with clock.travel(morning), pytest.raises(Exception) as refused:
        cover(roster, "O4", morning)
    assert getattr(refused.value, "code", "") in ("amend.not_of_the_day", "forbidden")


@pytest.mark.both_dbs("two put somebody on the same running seat: the second sees the campaign moved, and is refused")
def test_two_covers_at_once_cut_the_shift_once(roster: Published, app: Flask) -> None:
    def put(number: int) -> str:
        with clock.travel(NIGHT):
            try:
                cover(roster, ("O4", "O3")[number])
            except Conflict as refused:
                return refused.code
            return "done"

    assert sorted(in_parallel(app, 2, put)) == ["done", "shift.not_on_it"]
    assert len(served(roster)) == 2


@pytest.mark.both_dbs("the draft is edited while a cover is judged: nothing is cut from a plan that is stale")
def test_who_edits_the_draft_meanwhile_makes_it_judge_again(roster: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    judged, real = list[int](), amending.judged
    elsewhere = roster.shifts("operations")[4]

    def judge(*given: Any, **named: Any) -> amending.AmendedPart:
        part = real(*given, **named)
        judged.append(part.draft_version)
        if len(judged) == 1:
            drafts.set_people(elsewhere, ["O4"], override_reason="Đổi", actor=factories.ADMIN, now=NIGHT)
        return part

    monkeypatch.setattr(amending, "judged", judge)
    with clock.travel(NIGHT):
        cover(roster)
    assert len(judged) == 2 and judged[1] > judged[0]
    assert [code for code, _when in served(roster)] == ["O2", "O4"]


def test_it_is_judged_while_nobody_waits(roster: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    real, held = amending.judged, list[bool]()

    def judge(*given: Any, **named: Any) -> amending.AmendedPart:
        held.append(bool(db.session().info.get("writing")))
        return real(*given, **named)

    monkeypatch.setattr(amending, "judged", judge)
    with clock.travel(NIGHT):
        cover(roster)
    assert held == [False]


def test_managers_read_which_part_changed_hands(roster: Published) -> None:
    with clock.travel(NIGHT):
        manager = factories.make_person("QL", people.unit_by_code("TINH"), duties=(), phone="0900000199")
        row = User(
            login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=NIGHT
        )
        db.session.add(row)
        db.session.commit()
        cover(roster)
    bodies = db.session.scalars(select(Message.body).where(Message.person_id == manager.id)).all()
    assert ["21:00 23/01 – 07:30 24/01" in body for body in bodies] == [True]


def test_an_ask_that_was_judged_before_the_night_was_cut_is_not_written(
    roster: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O2 wants to give the hours after midnight; once that is judged, the shift ends at 21:00 for them."""
    start = datetime(2020, 1, 24, 0, 0, tzinfo=VN)
    before, real = NIGHT - timedelta(hours=2), rights.passes
    person = people.person_by_code("O2")
    own = Actor(name="O2", role="staff", via="link", person_id=person.id, unit_id=person.unit_id)

    def passes(*given: Any) -> bool:
        found = real(*given)
        cover(roster)
        return found

    monkeypatch.setattr(rights, "passes", passes)
    wanted = SwapWanted("cover", span=SplitSpan(start, start + timedelta(hours=3)))
    with clock.travel(before), pytest.raises(Conflict, match=r"confirmation\.changed"):
        swaps.ask(roster.seat("operations", 1), wanted, actor=own, now=before)
    assert db.session.scalars(select(Swap)).all() == []
