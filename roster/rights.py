"""Rights follow duty: what a shift lends to whoever serves it, while it lasts."""

from __future__ import annotations

from datetime import datetime

from people.guard import Grant
from people.permissions import MANAGER_ACTIONS
from roster import resolver

OPERATIONS_ACTIONS = frozenset({"incident.act", "incident.dispatch", "incident.close", "incident.log"})
BY_DUTY = {"leadership": MANAGER_ACTIONS, "operations": OPERATIONS_ACTIONS}


def grants(person_id: int, now: datetime) -> list[Grant]:
    """Leadership on duty may do what a manager of that subtree may; operations may dispatch and act for others."""
    roles = resolver.on_duty_roles(person_id, now)
    return [Grant(BY_DUTY[duty], unit_id, f"duty.{duty}") for duty, unit_id in roles if duty in BY_DUTY]
