"""What letters, reports and documents hold of the demo, and how it goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Executable, Text, cast, delete, literal, or_, select, update

from compliance.coordination.models import ContactCall, Coordination, LoggedFile, StateCustomer
from compliance.inspector.models import InspectorLink, InspectorLook, InspectorVisit
from compliance.parcel_checks.models import FindingRule, ParcelCheck, ParcelCorrection, ParcelFinding
from compliance.plans.models import Backlog, BacklogLimit, NetworkPlan
from compliance.posting.models import Posting, PostingText
from compliance.public_pages.models import PublicNotice
from compliance.register.models import Evidence, RequirementEvent, RequirementPoint, RequirementUnit
from compliance.reports.models import Report, ReportAlarm, ReportRequest, ReportSent
from compliance.service_hours.models import ServiceHours
from compliance.today.models import PointDay, PointSend
from compliance.visits.models import Inspection, Recommendation
from desk.demo.ties import Ids
from documents.models import (
    Document,
    DocumentAgency,
    DocumentBatch,
    DocumentCounter,
    DocumentScan,
    DocumentSignatory,
)
from incidents.catalogue.models import Authority
from people.models import User

POINTS = (
    ParcelFinding,
    ParcelCheck,
    ParcelCorrection,
    FindingRule,
    PointDay,
    PointSend,
    Posting,
    PostingText,
    ServiceHours,
    NetworkPlan,
    Backlog,
    BacklogLimit,
)
"""What was said of points of service."""


def deletions(units: Ids) -> Iterator[Executable]:
    """Children before parents."""
    yield from _without_letters(units)
    yield from _without_others(units)
    for model in POINTS:
        yield delete(model).where(model.unit_id.in_(units))
    yield from _without_documents(units)


def _without_letters(units: Ids) -> Iterator[Executable]:
    """Letters stay, which are the enterprise's; what units of the demo said of them goes."""
    links = select(InspectorLink.id).where(InspectorLink.unit_id.in_(units))
    visits = select(InspectorVisit.id).where(InspectorVisit.link_id.in_(links))
    yield delete(InspectorLook).where(InspectorLook.visit_id.in_(visits))
    yield delete(InspectorVisit).where(InspectorVisit.link_id.in_(links))
    for model in (InspectorLink, Evidence, RequirementEvent, RequirementPoint, RequirementUnit):
        yield delete(model).where(model.unit_id.in_(units))


def _without_documents(units: Ids) -> Iterator[Executable]:
    """Numbers that the demo gave are given again by nobody: its agencies go with it."""
    theirs = select(Document.id).where(or_(Document.unit_id.in_(units), Document.agency_unit_id.in_(units)))
    yield delete(DocumentScan).where(DocumentScan.document_id.in_(theirs))
    yield update(Document).where(Document.replaces_id.in_(theirs)).values(replaces_id=None)
    yield delete(Document).where(or_(Document.unit_id.in_(units), Document.agency_unit_id.in_(units)))
    for model in (DocumentAgency, DocumentSignatory, DocumentCounter):
        yield delete(model).where(model.unit_id.in_(units))
    yield delete(DocumentBatch).where(DocumentBatch.user_id.in_(select(User.id).where(User.is_demo)))


def _without_others(units: Ids) -> Iterator[Executable]:
    """Yield what was told to authorities and the public, before the authorities themselves and before the mails go."""
    reports, requests = (select(model.id).where(model.unit_id.in_(units)) for model in (Report, ReportRequest))
    yield delete(ReportSent).where(or_(ReportSent.report_id.in_(reports), ReportSent.request_id.in_(requests)))
    yield delete(ReportAlarm).where(ReportAlarm.request_id.in_(requests))
    for kind, model in (("coordination", Coordination), ("inspection", Inspection)):
        theirs = select(literal(f"{kind}:") + cast(model.id, Text)).where(model.unit_id.in_(units))
        yield delete(LoggedFile).where(LoggedFile.about.in_(theirs))
    visits = select(Inspection.id).where(Inspection.unit_id.in_(units))
    yield delete(Recommendation).where(Recommendation.inspection_id.in_(visits))
    customers = select(StateCustomer.id).where(StateCustomer.unit_id.in_(units))
    bodies = select(Authority.id).where(Authority.unit_id.in_(units))
    yield delete(ContactCall).where(or_(ContactCall.customer_id.in_(customers), ContactCall.authority_id.in_(bodies)))
    yield update(Coordination).where(Coordination.authority_id.in_(bodies)).values(authority_id=None)
    for model in (Report, ReportRequest, Coordination, Inspection, StateCustomer, PublicNotice):
        yield delete(model).where(model.unit_id.in_(units))
