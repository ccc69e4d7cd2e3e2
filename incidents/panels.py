"""Panels that parts of the incident desk add to the page of one incident, each with its own template and facts.

Views name theirs in ``PANELS``; ``incidents.pages.panels_and_buttons`` puts them in the order of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from incidents.record.models import Incident

Content = Callable[[Incident, datetime], dict[str, Any] | None]
Place = Literal["top", "main", "after", "other"]


@dataclass(frozen=True)
class Panel:
    """``facts(incident, now)`` is what ``template`` reads as ``panel``; ``None``: nothing to show for this incident.

    ``top``: above everything, for what must be seen first. ``main``: before deadlines, calls and log, ``after``: after
    them. ``other``: what is seldom done. All but ``top`` are folds.
    """

    place: Place
    template: str
    facts: Content
