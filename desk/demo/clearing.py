"""Removing the demo: everything that it made, and what hangs on its units. What is real stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Executable, delete, or_, select, update

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.models import Setting
from desk.demo import papers, ties
from desk.demo.letter import telling
from desk.demo.ties import Ids
from duty.duty_checks.models import DutyCheck, DutyCheckAsk, DutyCheckUnit
from duty.inbound_messages.models import Reply, TextedChoices
from duty.sharing.models import SharedList
from duty.swaps.models import Swap, SwapAsked
from duty.time_off.models import DayRequest
from duty.timekeeping.models import HoursClosing
from duty.voice_prompts.models import SpokenAsk
from incidents.alarms.models import IncidentAlarm
from incidents.catalogue.models import Authority, Route, Vehicle
from incidents.diary.models import DiaryNote, DiarySheet
from incidents.escalation.models import Ask, CoverageGap
from incidents.handovers.models import Handover, HandoverNote, HandoverPlace
from incidents.intake.models import Intake
from incidents.maintenance.models import HeldAlarm, MaintenanceWindow
from incidents.policies.models import PolicyStep, PolicyTarget, PolicyVersion
from incidents.public_reports.models import CounterCode, ReportCode, ReportSheet
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from incidents.sharing.models import SharedIncident
from notify.models import Delivery, Message
from people.access import guard
from people.models import (
    Absence,
    ApiKey,
    ContactMethod,
    Invitation,
    LoginSession,
    Person,
    PersonDuty,
    Unit,
    User,
)
from people.notification_rules.models import ContactCode, Endpoint, ReachRung
from roster.approvals.models import Approval
from roster.campaigns.models import Campaign
from roster.consents.models import Consent, ConsentLink
from roster.crews.models import Crew, CrewMember
from roster.fairness.models import LedgerEntry
from roster.feeds import services as subscriptions
from roster.feeds.models import FeedDocument, FeedSubscription
from roster.lists.models import ListCollection, ListFile, ListPick, UnitList
from roster.models import DraftAssignment, Duty, Rehearsal, Revision, Seat, Shift
from roster.presence.models import StandIn
from roster.resolver.models import DeskPhone, StandingChain
from roster.shadows.models import Shadow
from roster.sheets.models import SheetCode
from roster.solving.models import SolveRun
from roster.sources.models import Demand, PersonPair, Wish

UNIT = "BDCN"
"""The top unit of the demo."""
REACH = (ContactCode, ReachRung, Endpoint)
"""What hangs on a person's addresses, in the order in which it may go."""


def clear(*, now: datetime, actor: Actor) -> None:
    """Remove everything that the demo made, and what hangs on its units. The audit stays.

    Raises Forbidden, and Conflict when something real hangs on the demo (part them first).
    """
    with transaction() as session:
        guard.ensure(actor, "demo.clear", None, now=now)
        units, people = select(Unit.id).where(Unit.is_demo), select(Person.id).where(Person.is_demo)
        real = ties.real_things(units, people)
        if real:
            raise Conflict("demo.in_use", things=", ".join(real[:5]))
        ties.leave_history(units, people)
        for statement in (*_without_feeds(units, people, now), *_deletions(units, people)):
            session.execute(statement)
        telling.take_back()
        audit.record(actor, "demo.clear", "demo", UNIT, now=now)


def _without_feeds(units: Ids, people: Ids, now: datetime) -> list[Executable]:
    """Their rows stay, without a word about anybody: an address that was handed out never becomes somebody else's."""
    accounts_of = db.session.scalars(select(User.id).where(User.is_demo))
    keys_of = db.session.scalars(select(ApiKey.id).where(or_(ApiKey.person_id.in_(people), ApiKey.unit_id.in_(units))))
    owners = [f"user:{each}" for each in accounts_of] + [f"key:{each}" for each in keys_of]
    feed = FeedSubscription
    of_demo = or_(
        feed.unit_id.in_(units),
        feed.person_id.in_(people),
        feed.owner.in_(owners),
        feed.campaign_id.in_(select(Campaign.id).where(Campaign.unit_id.in_(units))),
    )
    found = list(db.session.scalars(select(feed.id).where(of_demo)))
    nothing = {"unit_id": None, "campaign_id": None}
    return [
        *subscriptions.tombstones(found, now=now),
        update(feed).where(feed.id.in_(found)).values(**nothing),
        delete(FeedDocument),
    ]


def _deletions(units: Ids, people: Ids) -> Iterator[Executable]:
    """Children before parents."""
    campaigns_of = select(Campaign.id).where(Campaign.unit_id.in_(units))
    yield from papers.deletions(units)
    yield from _without_incidents(units, people)
    asked = select(Consent.id).where(
        or_(Consent.person_id.in_(people), Consent.unit_id.in_(units), Consent.asked_by_person_id.in_(people))
    )
    yield delete(ConsentLink).where(or_(ConsentLink.consent_id.in_(asked), ConsentLink.person_id.in_(people)))
    yield delete(Consent).where(Consent.id.in_(asked))
    yield delete(Approval).where(or_(Approval.campaign_id.in_(campaigns_of), Approval.approver_id.in_(people)))
    yield from _without_swaps(units, people, campaigns_of)
    yield delete(StandIn).where(StandIn.person_id.in_(people))
    for row in (TextedChoices, Reply):
        yield delete(row).where(row.person_id.in_(people))
    yield from _without_campaigns(units, campaigns_of)
    yield from _without_people(units, people)


def _without_incidents(units: Ids, people: Ids) -> Iterator[Executable]:
    """Real incidents stay, with the timeline that names people; only the people of the demo leave them."""
    incidents = ties.incidents_of(units)
    policies_of = select(PolicyVersion.id).where(PolicyVersion.unit_id.in_(units))
    to_the_demo = select(Message.id).where(Message.local_only)
    accounts_of = select(User.id).where(User.is_demo)
    yield update(Incident).where(Incident.acknowledged_by_id.in_(people)).values(acknowledged_by_id=None)
    yield update(Incident).where(Incident.logged_by_id.in_(accounts_of)).values(logged_by_id=None)
    yield update(Incident).where(Incident.joined_to_id.in_(incidents)).values(joined_to_id=None)
    yield delete(Page).where(or_(Page.incident_id.in_(incidents), Page.person_id.in_(people)))
    yield delete(Ask).where(or_(Ask.incident_id.in_(incidents), Ask.person_id.in_(people)))
    for model in (TimelineEntry, Escalation, SharedIncident):
        yield delete(model).where(model.incident_id.in_(incidents))
    yield delete(Incident).where(Incident.id.in_(incidents))
    yield delete(Delivery).where(Delivery.message_id.in_(to_the_demo))
    yield delete(Message).where(Message.id.in_(to_the_demo))
    yield delete(PolicyTarget).where(PolicyTarget.policy_id.in_(policies_of))
    yield delete(PolicyStep).where(PolicyStep.policy_id.in_(policies_of))
    yield delete(PolicyVersion).where(PolicyVersion.unit_id.in_(units))
    routes = select(Route.code).where(Route.unit_id.in_(units))
    yield update(Vehicle).where(Vehicle.route.in_(routes)).values(route=None)
    yield from _without_handovers(units, people)
    for model in (
        CoverageGap,
        IncidentAlarm,
        HeldAlarm,
        MaintenanceWindow,
        Intake,
        DiaryNote,
        DiarySheet,
        Authority,
        Vehicle,
        Route,
    ):
        yield delete(model).where(model.unit_id.in_(units))


def _without_handovers(units: Ids, people: Ids) -> Iterator[Executable]:
    """Real minutes and checks stay; the people of the demo leave them."""
    minutes = select(Handover.id).where(Handover.unit_id.in_(units))
    yield delete(HandoverNote).where(HandoverNote.handover_id.in_(minutes))
    yield delete(Handover).where(Handover.unit_id.in_(units))
    yield update(Handover).where(Handover.outgoing_id.in_(people)).values(outgoing_id=None)
    yield update(Handover).where(Handover.accepted_by_id.in_(people)).values(accepted_by_id=None)
    yield delete(HandoverPlace).where(HandoverPlace.unit_id.in_(units))
    yield delete(DutyCheckAsk).where(or_(DutyCheckAsk.person_id.in_(people), DutyCheckAsk.unit_id.in_(units)))
    yield update(DutyCheck).where(DutyCheck.asked_by_person_id.in_(people)).values(asked_by_person_id=None)
    yield delete(DutyCheckUnit).where(DutyCheckUnit.unit_id.in_(units))
    yield delete(DutyCheck).where(DutyCheck.id.not_in(select(DutyCheckUnit.check_id)))


def _without_swaps(units: Ids, people: Ids, campaigns_of: Ids) -> Iterator[Executable]:
    """Yield what the people of the demo asked of each other, and of others; whom others asked leaves only the list."""
    swaps = select(Swap.id).where(
        or_(Swap.campaign_id.in_(campaigns_of), Swap.unit_id.in_(units), Swap.person_id.in_(people))
    )
    yield delete(SpokenAsk).where(or_(SpokenAsk.person_id.in_(people), SpokenAsk.swap_id.in_(swaps)))
    yield delete(SwapAsked).where(or_(SwapAsked.person_id.in_(people), SwapAsked.swap_id.in_(swaps)))
    yield delete(Swap).where(Swap.id.in_(swaps))
    yield update(Swap).where(Swap.taker_id.in_(people)).values(taker_id=None)
    yield update(Swap).where(Swap.asked_by_id.in_(people)).values(asked_by_id=None)


def _without_campaigns(units: Ids, campaigns_of: Ids) -> Iterator[Executable]:
    shifts = select(Shift.id).where(Shift.campaign_id.in_(campaigns_of))
    seats = select(Seat.id).where(Seat.shift_id.in_(shifts))
    yield delete(Duty).where(Duty.campaign_id.in_(campaigns_of))
    yield delete(DraftAssignment).where(DraftAssignment.seat_id.in_(seats))
    yield delete(Shadow).where(Shadow.seat_id.in_(seats))
    collections = select(ListCollection.id).where(ListCollection.campaign_id.in_(campaigns_of))
    lists = select(UnitList.id).where(or_(UnitList.collection_id.in_(collections), UnitList.unit_id.in_(units)))
    yield delete(ListPick).where(or_(ListPick.list_id.in_(lists), ListPick.seat_id.in_(seats)))
    yield delete(ListFile).where(ListFile.list_id.in_(lists))
    yield delete(UnitList).where(UnitList.id.in_(lists))
    yield delete(ListCollection).where(ListCollection.id.in_(collections))
    yield delete(Seat).where(Seat.shift_id.in_(shifts))
    for model in (Shift, SolveRun, Revision, Rehearsal):
        yield delete(model).where(model.campaign_id.in_(campaigns_of))
    yield delete(Campaign).where(Campaign.unit_id.in_(units))
    yield delete(CrewMember).where(CrewMember.crew_id.in_(select(Crew.id).where(Crew.unit_id.in_(units))))
    codes = (SheetCode, ReportCode, CounterCode, ReportSheet)
    for model in (Crew, Demand, DeskPhone, HoursClosing, SharedList, StandingChain, *codes):
        yield delete(model).where(model.unit_id.in_(units))


def _without_people(units: Ids, people: Ids) -> Iterator[Executable]:
    accounts_of = select(User.id).where(User.is_demo)
    for model in (Invitation, LoginSession):
        yield delete(model).where(model.user_id.in_(accounts_of))
    yield delete(User).where(User.is_demo)
    yield delete(ApiKey).where(or_(ApiKey.person_id.in_(people), ApiKey.unit_id.in_(units)))
    yield delete(PersonPair).where(or_(PersonPair.first_id.in_(people), PersonPair.second_id.in_(people)))
    for model in (
        CrewMember,
        StandingChain,
        Wish,
        LedgerEntry,
        ListPick,
        Shadow,
        Absence,
        DayRequest,
        *REACH,
        ContactMethod,
        PersonDuty,
    ):
        yield delete(model).where(model.person_id.in_(people))
    yield delete(Person).where(Person.is_demo)
    # The tree is cut loose first: parents and children go in one statement.
    yield update(Unit).where(Unit.is_demo).values(parent_id=None)
    yield delete(Unit).where(Unit.is_demo)
    yield delete(Setting).where(Setting.key == "demo")
