"""Who would be called about an alarm: what joins an incident is called about by the people of that incident's unit."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from incidents.escalation import preview
from incidents.escalation.lookups import EscalationLookups
from incidents.escalation.preview import Scenario
from incidents.escalation.targets import TargetDirectory
from incidents.policies import selection

Called = tuple[frozenset[int], ...]


class Answering:
    """Look-ups of one transaction: nothing in it may change rosters or policies."""

    def __init__(self, now: datetime) -> None:
        self._now, self._known = now, EscalationLookups()
        self._called = cache(self._look_up)

    def is_same(self, unit_id: int, other_id: int, *, category: str, level: int) -> bool:
        """Whether the same people would be called, step by step, about such an alarm at either unit."""
        if unit_id == other_id:
            return True
        return self._called(unit_id, category, level) == self._called(other_id, category, level)

    def _look_up(self, unit_id: int, category: str, level: int) -> Called:
        """Person ids of each step."""
        incident = preview.imagined(Scenario(unit_id, level, category, self._now))
        policy, at = selection.policy_of(incident), TargetDirectory(incident, self._now, known=self._known)
        return tuple(
            frozenset(person.person_id for target in step.targets for person in at.meant(target).people)
            for step in policy.steps
        )
