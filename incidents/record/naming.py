"""What an incident is called where others may look on: in messages, feeds, screens and answers to those who may not
see it."""

from __future__ import annotations

from flask_babel import gettext as _

from incidents.record.models import Incident


def outside(incident: Incident) -> str:
    """Its title as typed; a neutral one when only those who need it may see it."""
    return _("Sự cố hạn chế xem") if incident.restricted else incident.title


def wants_reading(incident: Incident) -> bool:
    """Whether what stands in it is only for those who need it: KT1, Party and State, what is restricted. It is taken by
    whoever has read it, one by one, and neither said on the telephone nor shown on a wall."""
    return incident.restricted or incident.party_state or incident.category == "kt1"
