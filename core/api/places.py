"""Who may do something to the thing that an address of the API names, asked when what was sent is wrong.

A caller without the right to the thing is told so, and not of the faults of their body: those tell what exists. With a
good body the service asks the same, in its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core.actor import Actor

Check = Callable[[Mapping[str, Any], str, Actor, datetime], None]
"""``(path parts, action, actor, now)`` → raises what the service would raise for somebody without the right there."""
_checks: dict[str, Check] = {}


def add_checks(checks: Mapping[str, Check]) -> None:
    """Add checks by the first part of an address (``incidents``)."""
    _checks.update(checks)


def ensure(path: str, parts: Mapping[str, Any], action: str, actor: Actor, *, now: datetime) -> None:
    """``path`` as Flask writes it (``/incidents/<code>/notes``), ``parts`` what stands in it."""
    check = _checks.get(path.split("/")[1])
    if check is not None and parts:
        check(parts, action, actor, now)
