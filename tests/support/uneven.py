"""A published roster that was made by hand: eight people do everything, as they always have; four more do nothing."""

from __future__ import annotations

from typing import Any

from core.db import transaction
from people.models import Unit
from roster.draft import services as drafts
from roster.publishing import services as publishing
from roster.snapshot import snapshot
from tests.support.factories import ADMIN, NOW, make_campaign, make_person, make_round_the_clock

ALL = ("leadership", "operations", "emergency")
ALWAYS = {
    ("leadership", "Ngày"): ("P01",),
    ("leadership", "Đêm"): ("P02",),
    ("operations", "Ngày"): ("P03", "P04"),
    ("operations", "Đêm"): ("P05", "P06"),
    ("emergency", "Ngày"): ("P07",),
    ("emergency", "Đêm"): ("P08",),
}
"""Who takes which shift, in turn."""


def make_uneven(unit: Unit) -> Any:
    """The campaign of three days, its first revision published; nobody is pinned."""
    make_round_the_clock(unit)
    for number in range(1, 13):
        make_person(f"P{number:02d}", unit, duties=ALL)
    campaign = make_campaign(unit)
    with transaction():
        taken = snapshot.take(campaign.id, now=NOW)
    first = min(shift.local_date for shift in taken.problem.shifts)
    for shift in taken.problem.shifts:
        turns = ALWAYS[shift.duty, shift.template]
        who = turns[(shift.local_date - first).days % len(turns)]
        drafts.set_people(shift.id, [who], pin=False, actor=ADMIN, now=NOW)
    publishing.publish(campaign.id, actor=ADMIN, now=NOW)
    return campaign
