"""What the page of an incident says of reports without an account: by which sheet, and whom to call back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidents import panels
from incidents.public_reports import services as reports
from incidents.record import access
from incidents.record.models import Incident
from people.access import guard


def _facts(incident: Incident, now: datetime) -> dict[str, Any] | None:
    if incident.source != reports.SOURCE:
        return None
    may = access.may(guard.current_actor(), "incident.act", incident, now=now)
    return {"reports": reports.list_for_incident(incident.id), "with_phones": may}


PANELS = (panels.Panel("main", "incidents/public_reports/_panel_reports.html", _facts),)
