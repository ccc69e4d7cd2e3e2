"""The incident of an address, for whoever opens a page of it."""

from __future__ import annotations

from datetime import datetime

from flask import g

from incidents.record import queries
from incidents.record.models import Incident
from people.access import guard


def readable(code: str, now: datetime) -> Incident:
    """The incident if the reader may see it; raises ``NotFound``, ``Forbidden``. Marks a rehearsal's page as such."""
    incident = queries.readable(code, guard.current_actor(), now)
    rehearsal = incident.rehearsal
    if rehearsal is not None:
        g.rehearsal = {"name": rehearsal.campaign.name, "url": ""}
    return incident
