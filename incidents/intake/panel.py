"""What came along with an alarm, on the page of its incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.db import db
from incidents import panels
from incidents.alarms import along
from incidents.alarms.models import IncidentDetails
from incidents.intake.words import manner
from incidents.record.models import Incident


def _facts(incident: Incident, _now: datetime) -> dict[str, Any] | None:
    found = db.session.get(IncidentDetails, incident.id)
    if found is None or not along.may_be_read(incident):
        return None
    return {"rows": found.rows, "manner": manner(found.form)}


PANELS = (panels.Panel("main", "incidents/intake/_panel_details.html", _facts),)
