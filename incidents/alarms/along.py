"""What came along with the alarm that an incident was made of, as far as all who see the incident may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incidents.record import discreet
from incidents.record.models import Incident

Details = Sequence[Sequence[str]]
"""[(name, value), …] in the order in which they came."""


def may_be_read(incident: Incident) -> bool:
    return not discreet.concerns(incident)


def row(incident: Incident, form: str, details: Details) -> dict[str, Any] | None:
    """A row of ``IncidentDetails``, or None where there is nothing to keep."""
    if not details or not may_be_read(incident):
        return None
    return {"incident_id": incident.id, "form": form, "rows": [list(pair) for pair in details]}
