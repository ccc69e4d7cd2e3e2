"""Escalation policies as tests write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.actor import Actor
from incidents.policies import versions
from incidents.policies.drafts import PolicySpec, StepSpec
from incidents.policies.models import PolicyVersion


def set_policy(
    unit_id: int, steps: Sequence[StepSpec], *, slot: int | None = 0, actor: Actor, now: datetime, **spec: Any
) -> PolicyVersion:
    """Return the version that is written; ``spec``: the other fields of ``PolicySpec``."""
    return versions.write(unit_id, PolicySpec(steps, **spec), slot=slot, actor=actor, now=now)
