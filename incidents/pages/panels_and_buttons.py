"""What rooms add to the page of one incident: panels in the order of the page, and what its buttons do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents.actions import Action
from incidents.attachments import views as views_attachments
from incidents.intake import panel as panel_intake
from incidents.legal import views as views_legal
from incidents.maintenance import views as views_maintenance
from incidents.merging import views as views_merging
from incidents.pages import views_grouping
from incidents.panels import Panel
from incidents.public_reports import panel as panel_reports
from incidents.record.models import Incident
from incidents.response import views as views_response, views_buttons
from incidents.reviews import views as views_reviews
from incidents.triage import views as views_triage

PANELS: tuple[Panel, ...] = (
    *views_grouping.PANELS,
    *views_legal.PANELS,
    *views_response.PANELS,
    *views_attachments.PANELS,
    *views_triage.PANELS,
    *views_merging.PANELS,
    *views_maintenance.PANELS,
    *views_reviews.PANELS,
    *panel_intake.PANELS,
    *panel_reports.PANELS,
)
BUTTONS: Mapping[str, Action] = {
    **views_buttons.BUTTONS,
    **views_response.BUTTONS,
    **views_triage.BUTTONS,
    **views_attachments.BUTTONS,
    **views_merging.BUTTONS,
}
"""By verb: the last part of the address."""


def shown(incident: Incident, now: datetime) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return place → (template, facts) of every panel that has something to show."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {"top": [], "main": [], "after": [], "other": []}
    for panel in PANELS:
        facts = panel.facts(incident, now)
        if facts is not None:
            found[panel.place].append((panel.template, facts))
    return found
