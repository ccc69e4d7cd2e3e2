"""What ``people.absences.asking`` asks of this room."""

from __future__ import annotations

from roster.requests.queries import unanswered
from roster.requests.services import removing, saved

__all__ = ["removing", "saved", "unanswered"]
