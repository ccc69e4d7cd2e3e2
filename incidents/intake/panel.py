"""What came along with an alarm, on the page of its incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidents import panels
from incidents.alarms import queries as alarms
from incidents.intake.words import manner
from incidents.record.models import Incident


def _facts(incident: Incident, _now: datetime) -> dict[str, Any] | None:
    found = alarms.came_along(incident)
    return {"rows": found.rows, "manner": manner(found.form)} if found is not None else None


PANELS = (panels.Panel("main", "incidents/intake/_panel_details.html", _facts),)
