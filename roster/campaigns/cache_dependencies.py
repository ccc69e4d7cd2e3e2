"""What rosters are planned and judged by: a change to any of it makes what was prepared before stale.

A draft and its rules have a version of their own (``Campaign.draft_version``). Messages that fail are no part of it.
"""

from __future__ import annotations

from core.fast_path import shared_cache
from people.models import Absence, ContactMethod, DutyKind, Person, PersonDuty, Unit, UnitKind, WorkPattern
from people.notification_rules.models import Endpoint, ReachRung
from roster.consents.models import Consent
from roster.fairness.models import LedgerEntry
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.rulebook.models import CampaignRule
from roster.sources.models import Demand, HolidayDay, HolidaySet, PersonPair, PointsFactor, Wish

GROUND = (
    Absence,
    Consent,
    ContactMethod,
    Demand,
    Duty,
    DutyKind,
    Endpoint,
    HolidayDay,
    HolidaySet,
    LedgerEntry,
    Person,
    PersonDuty,
    PersonPair,
    PointsFactor,
    ReachRung,
    Unit,
    UnitKind,
    Wish,
    WorkPattern,
)
OF_CAMPAIGNS = (CampaignRule, Seat, Shift)
OF_DRAFTS = (DraftAssignment, Person, Seat, Shift)
"""A person, a seat or a shift that is deleted takes along who sat there."""


def watch() -> None:
    """Every commit that changes it leaves a new stamp."""
    # A thousand people show in one evening that their address works: no roster is judged by that.
    for model in (ContactMethod, Endpoint):
        shared_cache.leave_out(model.__tablename__, "verified_at")
    shared_cache.watch(*(model.__tablename__ for model in GROUND), key=shared_cache.GROUND)
    shared_cache.watch(*(model.__tablename__ for model in (*GROUND, *OF_CAMPAIGNS)), key=shared_cache.PLAN)
    shared_cache.watch(*(model.__tablename__ for model in OF_DRAFTS), key=shared_cache.DRAFT)
