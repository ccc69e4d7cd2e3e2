"""Reading approvals: who may be asked, what waits for whom, and whether what was submitted is still the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from core.calendar.moments import parse_moment
from core.db import db
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person, PersonDuty, Unit
from roster.approvals.models import Approval
from roster.campaigns import approval, queries as campaigns
from roster.campaigns.models import Campaign
from roster.revisions import difference, queries as revisions
from roster.revisions.difference import Difference

_Later = aliased(Approval)

REMEMBERED = timedelta(days=2)
"""For how long an approver sees what they answered."""


@dataclass(frozen=True)
class ApprovalView:
    """One approval as its approver sees it: ``found``: what it changes against what was published when it was
    submitted; ``gaps``: as proofs keep them, with aware times; ``is_current``: the draft is still what was submitted.
    """

    approval: Approval
    campaign: Campaign
    found: Difference
    gaps: Sequence[dict[str, Any]]
    seats: int
    is_current: bool
    has_pin: bool


def approvers(campaign: Campaign, *, but: int | None = None) -> list[Person]:
    """Active people who serve leadership in the campaign's unit or one above it, nearest unit first; ``but``: the
    id of one who is not asked, because they submit."""
    units = people.ancestor_ids(campaign.unit_id)
    leads = exists().where(PersonDuty.person_id == Person.id, PersonDuty.duty == "leadership")
    rows = db.session.scalars(select(Person).where(Person.unit_id.in_(units), Person.active, leads))
    asked = (row for row in rows if row.id != but)
    return sorted(asked, key=lambda row: (units.index(row.unit_id), row.sort_key))


def is_current(found: Approval, *, now: datetime) -> bool:
    """Whether publishing the draft now would publish just what was submitted."""
    campaign = campaigns.get_campaign(found.campaign_id)
    return approval.hash_of(revisions.draft_content(campaign, now=now)) == found.content_hash


def asked_of(person: Person, *, now: datetime) -> list[ApprovalView]:
    """Return what waits for the person, and what they answered a short while ago and nobody has published or
    replaced."""
    newest = ~exists().where(_Later.campaign_id == Approval.campaign_id, _Later.id > Approval.id)
    mine = select(Approval).where(Approval.approver_id == person.id, Approval.published_as.is_(None), newest)
    mine = mine.join(Campaign).where(Campaign.needs_approval, Campaign.state != "closed")
    rows = db.session.scalars(mine.options(joinedload(Approval.submitter)).order_by(Approval.id)).all()
    shown = [row for row in rows if row.state == "submitted" or _is_recent(row, now)]
    has_pin = bool(shown) and bool(accounts.users_with_pins([person.id]))
    return [asked(row, has_pin=has_pin, now=now) for row in shown]


def asked(row: Approval, *, has_pin: bool, now: datetime) -> ApprovalView:
    """``has_pin``: whether whoever is asked could sign by link."""
    campaign = campaigns.get_campaign(row.campaign_id)
    before = revisions.content_of(campaign, row.revision, now=now)
    names = dict(db.session.execute(select(Unit.code, Unit.name)).tuples().all()) if row.gaps else {}
    gaps = [
        {
            **gap,
            "starts_at": parse_moment(gap["starts_at"]),
            "ends_at": parse_moment(gap["ends_at"]),
            "unit_name": names.get(gap["unit"], gap["unit"]),
        }
        for gap in row.gaps
    ]
    return ApprovalView(
        row,
        campaign,
        difference.between(before, row.content),
        gaps,
        seats=sum(len(each["people"]) for each in row.content),
        is_current=stands(row, campaign, now),
        has_pin=has_pin,
    )


def stands(row: Approval, campaign: Campaign, now: datetime) -> bool:
    """A draft that nobody touched need not be worked out anew; answering looks again in any case."""
    untouched = (campaign.draft_version, campaign.revision) == (row.draft_version, row.revision)
    return untouched or is_current(row, now=now)


def _is_recent(row: Approval, now: datetime) -> bool:
    return row.answered_at is not None and row.answered_at > now - REMEMBERED
