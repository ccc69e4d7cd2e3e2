"""What ``people.absences.asking`` asks of this room."""

from __future__ import annotations

from duty.time_off.queries import unanswered
from duty.time_off.services import removing, saved

__all__ = ["removing", "saved", "unanswered"]
