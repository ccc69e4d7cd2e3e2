"""When an incident was taken, and when the holder let it go, as the timelines of many tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import db
from incidents.record.held import TAKEN, UNDONE, is_same, is_taken_back
from incidents.record.models import TimelineEntry

FORGOTTEN = "timed_out"
ANEW = "called_anew"
LET_GO = (FORGOTTEN, "escalated", ANEW, "passed")
"""Timeline kinds after which nobody has it; "cannot go" only of the holder, "called anew" only if somebody had it."""


@dataclass
class Takings:
    """Of one incident. ``moments``: when somebody took it, machines and what was undone left out. ``let_go_at``: since
    when nobody has it again. ``forgotten``: how often the holder gave no sign, so that it was called anew."""

    moments: list[datetime] = field(default_factory=list)
    let_go_at: datetime | None = None
    forgotten: int = 0
    _holder: Mapping[str, Any] | None = None
    """What the line says by which they took it."""
    _before: list[tuple[list[datetime], datetime | None, Mapping[str, Any] | None]] = field(default_factory=list)
    """``moments``, ``let_go_at`` and ``_holder`` as they were before each taking."""

    def first(self, since: datetime | None = None) -> datetime | None:
        """Return when somebody first took it, of all that happened from ``since`` on."""
        return next((at for at in self.moments if since is None or at >= since), None)

    def tell(self, at: datetime, kind: str, params: Mapping[str, Any]) -> None:
        """The next line of the timeline, in the order in which they were written."""
        if kind == UNDONE:
            if is_taken_back(params) and self._is_holder(params):
                self.moments, self.let_go_at, self._holder = self._before.pop()
        elif kind in TAKEN:
            self._before.append((self.moments, self.let_go_at, self._holder))
            self.moments = self.moments if params.get("machine") else [*self.moments, at]
            self.let_go_at, self._holder = None, params
        elif kind == ANEW and self._holder is None:
            return
        elif kind != "passed" or self._is_holder(params):
            self.let_go_at, self._holder = self.let_go_at or at, None
            self.forgotten += kind == FORGOTTEN

    def _is_holder(self, params: Mapping[str, Any]) -> bool:
        return self._holder is not None and is_same(self._holder, params)


NONE = Takings()


def takings_for(ids: Collection[int]) -> dict[int, Takings]:
    """Incident id → its takings; without those of which nothing of that kind was ever written."""
    found: defaultdict[int, Takings] = defaultdict(Takings)
    if not ids:
        return found
    rows = db.session.execute(
        select(TimelineEntry.incident_id, TimelineEntry.at, TimelineEntry.kind, TimelineEntry.params)
        .where(TimelineEntry.incident_id.in_(ids), TimelineEntry.kind.in_((*TAKEN, UNDONE, *LET_GO)))
        .order_by(TimelineEntry.id)
    )
    for incident_id, at, kind, params in rows:
        found[incident_id].tell(at, kind, params)
    return found
