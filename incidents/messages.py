"""Sentences for the error codes of incidents: each room's own."""

from __future__ import annotations

from typing import Any

from incidents.attachments.messages import MESSAGES as ATTACHMENTS
from incidents.board.messages import MESSAGES as BOARD
from incidents.catalogue.messages import MESSAGES as CATALOGUE
from incidents.creation.messages import MESSAGES as CREATION
from incidents.diary.messages import MESSAGES as DIARY
from incidents.figures.messages import MESSAGES as FIGURES
from incidents.grouping.messages import MESSAGES as GROUPING
from incidents.handovers.messages import MESSAGES as HANDOVERS
from incidents.intake.messages import MESSAGES as INTAKE
from incidents.intake_rules.messages import MESSAGES as INTAKE_RULES
from incidents.legal.messages import MESSAGES as LEGAL
from incidents.mailboxes.messages import MESSAGES as MAILBOXES
from incidents.maintenance.messages import MESSAGES as MAINTENANCE
from incidents.merging.messages import MESSAGES as MERGING
from incidents.paging.messages import MESSAGES as PAGING
from incidents.papers.messages import MESSAGES as PAPERS
from incidents.policies.messages import MESSAGES as POLICIES
from incidents.public_reports.messages import MESSAGES as PUBLIC_REPORTS
from incidents.record.messages import MESSAGES as RECORD
from incidents.response.messages import MESSAGES as RESPONSE
from incidents.reviews.messages import MESSAGES as REVIEWS
from incidents.sharing.messages import MESSAGES as SHARING
from incidents.triage.messages import MESSAGES as TRIAGE

MESSAGES: dict[str, Any] = {
    **RECORD,
    **CREATION,
    **RESPONSE,
    **TRIAGE,
    **CATALOGUE,
    **POLICIES,
    **PAGING,
    **ATTACHMENTS,
    **LEGAL,
    **MERGING,
    **BOARD,
    **INTAKE,
    **INTAKE_RULES,
    **MAILBOXES,
    **GROUPING,
    **MAINTENANCE,
    **PUBLIC_REPORTS,
    **DIARY,
    **HANDOVERS,
    **FIGURES,
    **REVIEWS,
    **SHARING,
    **PAPERS,
}
