"""Whatever managers do after publishing, in any order: everybody reads the same roster, and what was served stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import DomainError
from people.models import Person
from roster.campaigns import queries as campaigns
from roster.dividing import amendments
from roster.draft import services as drafts
from roster.models import Duty, Revision, Shift
from roster.publishing import revision_content, services as publishing
from roster.publishing.parts import Only
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.revisions import supplementing, withdrawing
from roster.revisions.supplementing import Attested
from tests.support import factories
from tests.support.examples import seeds
from tests.support.published import Published

ADMIN = factories.ADMIN
FIRST = datetime.fromisoformat("2020-01-22T20:00:00+07:00")
"""The evening before the first of the three days."""
STEPS = 40
CODES = ("O1", "O2", "O3", "O4")


def seats(roster: Published) -> dict[int, Shift]:
    rows = db.session.scalars(select(Shift).where(Shift.campaign_id == roster.campaign_id, Shift.duty == "operations"))
    return {seat.id: shift for shift in rows for seat in shift.seats}


def edit(roster: Published, chance: Random, now: datetime) -> None:
    shift = chance.choice(roster.shifts("operations"))
    codes = chance.sample(CODES, chance.choice((0, 1, 1, 1)))
    drafts.set_people(shift, codes, override_reason="Đổi", actor=ADMIN, now=now)


def publish(roster: Published, _chance: Random, now: datetime) -> None:
    publishing.publish(roster.campaign_id, PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=now)


def publish_part(roster: Published, chance: Random, now: datetime) -> None:
    only = Only(seats=(chance.choice(sorted(seats(roster))),))
    amendments.publish_only(roster.campaign_id, only, PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=now)


def withdraw(roster: Published, _chance: Random, now: datetime) -> None:
    withdrawing.withdraw(roster.campaign_id, reason="Nhầm", actor=ADMIN, now=now)


def supplement(roster: Published, chance: Random, now: datetime) -> None:
    served, person = chance.choice(sorted(seats(roster))), chance.choice(CODES)
    by = Attested("Lê L", "Trưởng phòng", "Sót")
    supplementing.supplement(roster.campaign_id, served, person=person, attested=by, actor=ADMIN, now=now)


DEEDS: tuple[Callable[[Published, Random, datetime], None], ...] = (
    edit,
    edit,
    publish,
    publish_part,
    withdraw,
    withdraw,
    supplement,
)


def held(roster: Published) -> dict[int, str]:
    """Seat → code of who is published there."""
    rows = db.session.execute(
        select(Duty.seat_id, Person.code)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.campaign_id == roster.campaign_id, Duty.cancelled_at.is_(None))
    )
    return dict(rows.tuples().all())


def agree(roster: Published) -> None:
    """Duties, the last revision, the API's published seats and the resolver name the same people."""
    now_on, campaign = held(roster), campaigns.get_campaign(roster.campaign_id)
    last = db.session.scalars(select(Revision).filter_by(campaign_id=campaign.id, number=campaign.revision)).one()
    assert {who["seat"]: who["code"] for row in last.content for who in row["people"]} == now_on
    assert last.content_hash == revision_content.hash_of(campaign, last.content)
    by_api = campaigns.seated_published([row["shift"] for row in last.content])
    assert {seat: each.person for seat, each in by_api.items() if each.person} == now_on
    for seat, shift in seats(roster).items():
        answer = resolver.who_is_on(roster.unit_id, "operations", shift.starts_at + timedelta(hours=1))
        if seat in now_on:
            assert [each.code for each in answer.people] == [now_on[seat]]
        else:
            assert not answer.is_assigned
    assert (campaign.state == "draft") == (not now_on and last.kind == "withdrawal")


@pytest.mark.parametrize("seed", seeds(5))
def test_everybody_reads_the_same_and_the_past_is_only_filled(roster: Published, seed: int) -> None:
    chance, now, done = Random(seed), FIRST, set[str]()  # noqa: S311 - no secret
    for _step in range(STEPS):
        before = held(roster)
        over = {seat for seat, shift in seats(roster).items() if shift.ends_at <= now}
        begun = {seat for seat, shift in seats(roster).items() if shift.starts_at <= now}
        deed = chance.choice(DEEDS)
        with clock.travel(now):
            try:
                deed(roster, chance, now)
                done.add(deed.__name__)
            except DomainError:
                db.session.rollback()
                assert held(roster) == before, "what is refused leaves nothing behind"
            agree(roster)
        after = held(roster)
        assert {seat: after.get(seat) for seat in over & before.keys()} == {
            seat: before[seat] for seat in over & before.keys()
        }
        if deed is withdraw:
            assert {seat: after.get(seat) for seat in begun} == {seat: before.get(seat) for seat in begun}
        now += timedelta(hours=chance.choice((0, 0, 1, 2, 4)))
    assert {"edit", "publish", "withdraw"} <= done
