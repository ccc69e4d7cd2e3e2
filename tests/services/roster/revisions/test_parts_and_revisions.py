"""Parts of publishing beside what else becomes of a revision: withdrawn, supplemented, and two of these at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict
from duty.swaps import deciding, services as swaps
from duty.swaps.services import SwapWanted
from roster.campaigns.models import Campaign
from roster.dividing import amendments
from roster.dividing.parting import SplitSpan
from roster.draft import undoing
from roster.models import Revision
from roster.publishing import services as publishing
from roster.publishing.parts import Only
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.revisions import supplementing, withdrawing
from roster.revisions.supplementing import Attested
from tests.support.districts import ADMIN, NOW, Districts
from tests.support.in_parallel import in_parallel

THIRD_DAY = datetime(2020, 1, 25, 8, 0, tzinfo=VN)
"""Of each district the first four shifts are over."""
BY = Attested("Lê L", "Trưởng phòng", "Sót")


@pytest.fixture
def both(app: Flask) -> Districts:
    return Districts()


def publish(both: Districts, only: Only, now: datetime = NOW, **named: Any) -> Revision:
    terms = PublishTerms(**{"accept_gaps": "Thử", **named})
    return amendments.publish_only(both.campaign_id, only, terms, actor=ADMIN, now=now)


def supplement(both: Districts, letter: str, turn: int, code: str) -> Revision:
    seat = both.seat(letter, turn)
    return supplementing.supplement(both.campaign_id, seat, person=code, attested=BY, actor=ADMIN, now=THIRD_DAY)


def test_undo_goes_on_when_a_revision_is_withdrawn_or_supplemented(both: Districts) -> None:
    """Of what An drafted for the last day nothing was touched: it can still be taken back, one after the other."""
    both.put("A", 1), both.put("C", 0, "C3")
    publish(both, Only(seats=(both.seat("A", 1),)))
    both.put("A", 4, "A3", now=THIRD_DAY), both.put("A", 5, "A4", now=THIRD_DAY)
    supplement(both, "A", 1, "A4")
    undoing.undo(both.campaign_id, actor=both.manager("A"), now=THIRD_DAY)
    assert (both.drafted("A", 4), both.drafted("A", 5)) == ("A3", "A2")
    both.put("C", 5, "C4", now=THIRD_DAY)
    publish(both, Only(units=("BDC",)), now=THIRD_DAY)
    withdrawing.withdraw(both.campaign_id, reason="Nhầm", actor=ADMIN, now=THIRD_DAY)
    undoing.undo(both.campaign_id, actor=both.manager("A"), now=THIRD_DAY)
    undoing.redo(both.campaign_id, actor=both.manager("A"), now=THIRD_DAY)
    assert (both.drafted("A", 4), both.published("A", 4)) == ("A3", "A1")


def test_once_all_is_withdrawn_a_part_is_judged_as_the_first(both: Districts) -> None:
    """Nothing is published any more, so nobody has answered for what is open."""
    withdrawing.withdraw(both.campaign_id, reason="Nhầm", actor=ADMIN, now=NOW)
    assert db.session.get_one(Campaign, both.campaign_id).state == "draft"
    with pytest.raises(Conflict, match="publish.blocked"):
        publish(both, Only(units=("BDA",)), accept_gaps=None)
    assert publish(both, Only(units=("BDA",))).number == 3


def ask(both: Districts, letter: str, turn: int, code: str, *hours: int) -> int:
    """The holder asks for somebody on these hours of the shift (without: on all of it)."""
    at = both.campaign.starts_on
    starts_at = datetime(at.year, at.month, at.day, 7, 30, tzinfo=VN) + timedelta(hours=12 * turn)
    span = SplitSpan(*((starts_at + timedelta(hours=each)).astimezone(UTC) for each in hours)) if hours else None
    wanted, holder = SwapWanted("cover", with_person=code, span=span, note="Gọi"), both.published(letter, turn)
    return swaps.ask(both.seat(letter, turn), wanted, person=holder, actor=ADMIN, now=NOW).id


def accept(swap_id: int, code: str) -> None:
    """By the manager of all, so that it passes at once."""
    deciding.accept(swap_id, person=code, note="Gọi", actor=ADMIN, now=NOW)


def give(both: Districts, turn: int, code: str, *hours: int) -> None:
    accept(ask(both, "A", turn, code, *hours), code)


def on_duty(both: Districts, turn: int) -> list[str]:
    """Codes at each hour of that time of the day in the district, as calls find them."""
    at = both.campaign.starts_on
    starts_at = datetime(at.year, at.month, at.day, 8, tzinfo=VN) + timedelta(hours=12 * turn)
    hours = [starts_at + timedelta(hours=each) for each in range(12)]
    found = [resolver.who_is_on(both.ids["BDA"], "operations", each) for each in hours]
    return [" ".join(who.code for who in each.people) if each.is_assigned else "" for each in found]


@pytest.mark.parametrize("whole", [True, False])
def test_who_comes_back_to_a_shortened_seat_serves_the_hours_that_it_has_now(both: Districts, whole: bool) -> None:
    """A1 had the whole shift once; A3, who had it then, gave its end away."""
    both.put("A", 2, "A3")
    publish(both, Only(units=("BDA",)))
    give(both, 2, "A4", 8, 12)
    both.put("A", 2, "A1")
    if whole:
        publishing.publish(both.campaign_id, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=NOW)
    else:
        publish(both, Only(seats=(both.seat("A", 2),)))
    assert on_duty(both, 2) == ["A1"] * 8 + ["A4"] * 4


def test_what_a_later_revision_did_with_a_piece_can_be_withdrawn(both: Districts) -> None:
    """Not the gift itself: then all pieces of the shift would be nobody's."""
    give(both, 2, "A4", 8, 12)
    with pytest.raises(Conflict, match="withdraw.parted"):
        withdrawing.withdraw(both.campaign_id, reason="Nhầm", actor=ADMIN, now=NOW)
    both.put("A", 2, "A3")
    publish(both, Only(units=("BDA",)))
    assert on_duty(both, 2) == ["A3"] * 8 + ["A4"] * 4
    withdrawing.withdraw(both.campaign_id, reason="Nhầm", actor=ADMIN, now=NOW)
    assert on_duty(both, 2) == ["A1"] * 8 + ["A4"] * 4


@pytest.mark.both_dbs("two at once: the order of locks")
def test_parts_beside_duty_that_is_entered_afterwards(app: Flask, both: Districts) -> None:
    """Both write duties, so both lock what plans rest on before the campaign; neither waits for the other for ever."""
    for turn in range(4):
        both.put("A", turn)
    publish(both, Only(units=("BDA",)))
    both.put("C", 4, "C3"), both.put("C", 5, "C4")
    seats = [both.seat("C", turn) for turn in (4, 5)]

    def work(n: int) -> int:
        if n % 2:
            return supplement(both, "A", n // 2, f"A{n // 2 + 1}").number
        if n < 4:
            return publish(both, Only(seats=(seats[n // 2],)), now=THIRD_DAY).number
        return 0

    done = in_parallel(app, 8, work)
    assert sorted(done) == [0, 0, 3, 4, 5, 6, 7, 8]
    last = db.session.scalars(select(Revision).order_by(Revision.number.desc())).first()
    assert last is not None
    said = {each["shift"]: [one["code"] for one in each["people"]] for each in last.content}
    assert [said[both.shift("A", turn)] for turn in range(4)] == [["A1"], ["A2"], ["A3"], ["A4"]]
    # The fifth shift runs: what was served of it stays, and what is left stands behind it.
    assert [said[both.shift("C", turn)] for turn in (4, 5, 6)] == [["C1"], ["C3"], ["C4"]]


@pytest.mark.both_dbs("two at once: the order of locks")
def test_whole_shifts_and_parts_of_shifts_change_hands_at_once(app: Flask, both: Districts) -> None:
    """A part is cut inside the transaction, a whole shift is thought of before it: both hold what plans rest on first,
    then the asks, then the campaign."""
    takers = {("A", 0): "A3", ("C", 0): "C3", ("A", 2): "A4", ("C", 2): "C4", ("A", 4): "A3", ("C", 4): "C3"}
    asked = [(ask(both, *each, code, *((8, 12) if each[0] == "A" else ())), code) for each, code in takers.items()]
    in_parallel(app, len(asked), lambda n: accept(*asked[n]))
    assert [both.published("C", turn) for turn in (0, 2, 4)] == ["C3", "C4", "C3"]
    assert [on_duty(both, turn)[-1] for turn in (0, 2, 4)] == ["A3", "A4", "A3"]
