"""Steps behind the evening of another, done again after them, over by now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.db import db as handle
from core.errors import Conflict
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.draft import edit_log, services as drafts, undoing
from roster.draft.steps import MOST
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from tests.services.roster.draft.test_undoing import AN, BI, make, put, seen_by, shifts
from tests.support.enterprise import NOW, ROOT

pytestmark = [pytest.mark.both_dbs, pytest.mark.usefixtures("engines_inside")]


@pytest.fixture
def campaign(app) -> Campaign:
    return make()


def test_what_the_keys_would_turn_is_named_behind_an_evening_of_another(campaign):
    first, second = shifts(campaign)[:2]
    put(first, "P1")
    for _ in range(MOST // 2):
        put(second, "BI1", actor=BI)
        put(second, actor=BI)
    mine = seen_by(campaign, AN)
    assert mine.undo is not None and mine.undo.mine and mine.undo in mine.listed
    assert (len(mine.listed), mine.older) == (MOST + 1, 0)
    assert seen_by(campaign, BI).older == 1
    undoing.undo(campaign.id, actor=AN, now=NOW)
    after = seen_by(campaign, AN)
    assert after.undo is None and after.redo is not None and after.listed[0] == after.redo


def test_who_changed_a_seat_last_is_who_did_it_again_not_who_wrote_last(campaign):
    """An's step is undone, Bi fills and empties the seat, An does it again."""
    first = shifts(campaign)[0]
    put(first, "P1")
    undoing.undo(campaign.id, actor=AN, now=NOW)
    for codes in (("P2",), ()):
        drafts.set_people(first, codes, actor=BI, now=NOW + timedelta(minutes=1))
    undoing.redo(campaign.id, actor=AN, now=NOW + timedelta(minutes=2))
    seats = snapshot.take(campaign.id, now=NOW).seats[first]
    makers = edit_log.last_makers(campaigns.get_campaign(campaign.id), seats)
    assert set(makers.values()) == {AN.ref}


def test_nobody_is_asked_to_choose_what_can_no_longer_be_done(campaign):
    """A step on two shifts of what is published: one is over by now, Bi changed the other."""
    one, two = shifts(campaign)[:2]
    put(one, "P2")
    publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
    seats = [handle.session.get_one(Shift, each).seats[0].id for each in (one, two)]
    wanted = [drafts.SeatEdit(seats[0], "P1", "P2"), drafts.SeatEdit(seats[1], "P3", None)]
    drafts.edit_seats(campaign.id, wanted, actor=AN, now=NOW)
    put(two, "BI1", actor=BI)
    late = handle.session.get_one(Shift, one).ends_at + timedelta(minutes=1)
    assert late < handle.session.get_one(Shift, two).ends_at
    for clash in ("refuse", "keep", "put_back"):
        with pytest.raises(Conflict) as refused:
            undoing.undo(campaign.id, clash=clash, actor=AN, now=late)
        assert refused.value.code == "shift.past", clash
