"""Which entries a reader may see: those about things of the units that they answer for.

By the thing and never by whoever acted: an administrator who works in a unit does not do the unit's business. What
belongs to no unit (gateways, settings, keys) is for those who answer for the whole enterprise.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, false, func, literal, or_, select, true

from compliance.coordination.models import ContactCall, Coordination, LoggedFile, StateCustomer
from compliance.public_pages.models import PublicNotice
from compliance.reports.models import Report, ReportRequest, ReportSent
from compliance.visits.models import Inspection
from core.actor import Actor
from core.db import db
from core.models import AuditEntry
from documents.models import Document
from duty.duty_checks.models import DutyCheckUnit
from duty.inbound_messages.models import Reply
from duty.swaps.models import Swap
from duty.timekeeping.models import HoursClosing
from incidents.catalogue.models import Authority, Route, Vehicle
from incidents.handovers.models import Handover
from incidents.intake.models import Intake
from incidents.maintenance.models import MaintenanceWindow
from incidents.record import access
from incidents.record.models import Incident
from people.access import guard
from people.models import ApiKey, Person, Unit, User
from roster.campaigns.models import Campaign
from roster.consents.models import Consent
from roster.crews.models import Crew
from roster.feeds.models import FeedSubscription
from roster.models import Seat, Shift
from roster.solving.models import SolveRun
from roster.sources.models import Demand

ACTION = "audit.read"
MANY = 20
"""From a twentieth of all units on a reader answers for many."""
Units = Collection[int]
_OF_A_UNIT: dict[str, tuple[Any, Any]] = {
    "api_key": (ApiKey.id, ApiKey.unit_id),
    "authority": (Authority.id, Authority.unit_id),
    "campaign": (Campaign.id, Campaign.unit_id),
    "coordination": (Coordination.id, Coordination.unit_id),
    "crew": (Crew.id, Crew.unit_id),
    "demand": (Demand.id, Demand.unit_id),
    "document": (Document.id, Document.agency_unit_id),
    "handover": (Handover.id, Handover.unit_id),
    "hours_closing": (HoursClosing.id, HoursClosing.unit_id),
    "inspection": (Inspection.id, Inspection.unit_id),
    "intake": (Intake.id, Intake.unit_id),
    "maintenance": (MaintenanceWindow.id, MaintenanceWindow.unit_id),
    "person": (Person.id, Person.unit_id),
    "public_notice": (PublicNotice.id, PublicNotice.unit_id),
    "report": (Report.id, Report.unit_id),
    "route": (Route.code, Route.unit_id),
    "report_request": (ReportRequest.id, ReportRequest.unit_id),
    "shift": (Shift.id, Shift.unit_id),
    "state_customer": (StateCustomer.id, StateCustomer.unit_id),
    "unit": (Unit.id, Unit.id),
    "vehicle": (Vehicle.plate, Vehicle.unit_id),
}
"""What is told by its own unit: its id as the record keeps it, and that unit."""
_BY_THE_ENTRY = ("requirement", "directive")
"""Things of the whole enterprise to which units do something: the entry names the unit by its code."""


def visible(actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """The condition under which an entry is shown to ``actor``."""
    units = guard.reach(actor, ACTION, now=now)
    if units is None or guard.allowed(actor, ACTION, None, now=now):
        return true()
    if not units:
        return false()
    of = {thing: select(key).where(unit.in_(units)) for thing, (key, unit) in _OF_A_UNIT.items()}
    of |= _through_others(units, actor, now)
    thing = _kind(units)
    codes = select(Unit.code).where(Unit.id.in_(units))
    named = and_(thing.in_(_BY_THE_ENTRY), AuditEntry.detail["unit"].as_string().in_(codes))
    return or_(named, *(and_(thing == kind, AuditEntry.thing_id.in_(_written(ids))) for kind, ids in of.items()))


def _kind(units: Units) -> ColumnElement[str]:
    """Return the kind of thing in the words of its index, or in others. Of many units most entries are shown: read by
    time and looked at one by one. Of a few units they are found by the index of things; the other way round a page of
    two million entries takes seconds."""
    every = db.session.scalar(select(func.count()).select_from(Unit)) or 0
    return func.coalesce(AuditEntry.thing, "") if len(units) * MANY >= every else AuditEntry.thing.expression


def _through_others(units: Units, actor: Actor, now: datetime) -> dict[str, Select[Any]]:
    """Return what belongs to a unit by something else; accounts of administrators to none."""
    shifts, people = (
        select(Shift.id).where(Shift.unit_id.in_(units)),
        select(Person.id).where(Person.unit_id.in_(units)),
    )
    seats = select(Seat.id).where(Seat.shift_id.in_(shifts))
    campaigns = select(Campaign.id).where(Campaign.unit_id.in_(units))
    theirs = or_(User.person_id.in_(people), and_(User.person_id.is_(None), User.unit_id.in_(units)))
    return _paper_scopes(units, people, campaigns) | {
        "consent": select(Consent.id).where(Consent.person_id.in_(people)),
        "incident": select(Incident.code).where(Incident.unit_id.in_(units), access.visible_to(actor, now=now)),
        "reply": select(Reply.id).where(Reply.person_id.in_(people)),
        "seat": seats,
        "solve_run": select(SolveRun.id).where(SolveRun.campaign_id.in_(campaigns)),
        "swap": select(Swap.id).where(Swap.seat_id.in_(seats)),
        "user": select(User.id).where(User.role != "admin", theirs),
    }


def _paper_scopes(units: Units, people: Select[Any], campaigns: Select[Any]) -> dict[str, Select[Any]]:
    """Checks, feeds, test calls, papers and receipts. A check is of those to whom all its units belong."""
    authorities, customers, requests, reports, inspections, coordinations = (
        select(model.id).where(model.unit_id.in_(units))
        for model in (Authority, StateCustomer, ReportRequest, Report, Inspection, Coordination)
    )
    checks = select(DutyCheckUnit.check_id).group_by(DutyCheckUnit.check_id)
    return {
        "contact_call": select(ContactCall.id).where(
            or_(ContactCall.authority_id.in_(authorities), ContactCall.customer_id.in_(customers))
        ),
        "duty-check": checks.having(func.count() == func.sum(case((DutyCheckUnit.unit_id.in_(units), 1), else_=0))),
        "feed": select(FeedSubscription.id).where(
            or_(
                FeedSubscription.unit_id.in_(units),
                FeedSubscription.person_id.in_(people),
                FeedSubscription.campaign_id.in_(campaigns),
            )
        ),
        "logged_file": select(LoggedFile.id).where(
            or_(
                LoggedFile.about.in_(_about("coordination", coordinations)),
                LoggedFile.about.in_(_about("inspection", inspections)),
            )
        ),
        "report_sent": select(ReportSent.id).where(
            or_(ReportSent.request_id.in_(requests), ReportSent.report_id.in_(reports))
        ),
    }


def _about(kind: str, ids: Select[Any]) -> Select[Any]:
    """As logged files name what they are about."""
    (key,) = ids.selected_columns
    return ids.with_only_columns(literal(f"{kind}:") + cast(key, Text))


def _written(ids: Select[Any]) -> Select[Any]:
    """The ids as the record keeps them."""
    (key,) = ids.selected_columns
    return ids.with_only_columns(cast(key, Text))
