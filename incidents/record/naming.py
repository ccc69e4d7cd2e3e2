"""What an incident is called where others may look on: outside a sign-in, and on what many people read.

Whatever leaves the desk (a message, a call, a wall, a link that opens without an account) takes the title from
``outside`` and from nowhere else; tests/journeys/test_titles_outside.py walks them all.
"""

from __future__ import annotations

from flask_babel import gettext as _

from incidents.record.models import Incident

WORST = 1
"""The level at which every incident is taken by itself."""


def outside(incident: Incident) -> str:
    """Its title where nobody has signed in; a neutral one of what only those who open it may read. Level, code and
    place say the rest."""
    if incident.restricted:
        return inside(incident)
    return _("Sự cố phải mở để xem") if wants_reading(incident) else incident.title


def inside(incident: Incident) -> str:
    """Its title on pages and papers that many who have signed in read; a neutral one when only those who need it may
    see it."""
    return _("Sự cố hạn chế xem") if incident.restricted else incident.title


def wants_reading(incident: Incident) -> bool:
    """Whether what stands in it is only for those who need it: KT1, Party and State, what is restricted. It is taken by
    whoever has read it, one by one, and neither said on the telephone nor shown on a wall."""
    return incident.restricted or incident.party_state or incident.category == "kt1"


def is_taken_singly(incident: Incident) -> bool:
    """Whether nobody takes it along with others: it wants reading, or it is of the worst level."""
    return incident.severity == WORST or wants_reading(incident)
