"""Who is recorded absent, as spans of time: what every claim about coverage and every call asks.

Absences are whole local days; the spans are half-open and aware UTC. Kind and note stay out of it: those who ask this
may often not read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import batched, db
from people.models import Absence

CHAIN = timedelta(days=800)
"""So far ahead the end of absences that follow each other is looked for."""


@dataclass(frozen=True)
class Away:
    """``recorded_at``: when somebody noted it; None: nobody knows."""

    starts_at: datetime
    ends_at: datetime
    recorded_at: datetime | None = None

    def hits(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a shift of [starts_at, ends_at) is touched for any minute.

        A shift that was over when the absence was noted is history, and is not written anew.
        """
        late = self.recorded_at is not None and self.recorded_at >= ends_at
        return self.starts_at < ends_at and starts_at < self.ends_at and not late


Aways = Mapping[int, Collection[Away]]
"""Person id → their absences."""


def during(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> dict[int, list[Away]]:
    """The absences of these people that touch [starts_at, ends_at), in order of time."""
    first, last = clock.local_date(starts_at), clock.local_date(ends_at)
    found: defaultdict[int, list[Away]] = defaultdict(list)
    for some in batched(sorted(set(person_ids))):
        rows = db.session.execute(
            select(Absence.person_id, Absence.from_on, Absence.to_on, Absence.recorded_at)
            .where(Absence.person_id.in_(some), Absence.from_on <= last, Absence.to_on >= first)
            .order_by(Absence.from_on)
        )
        for person_id, from_on, to_on, recorded_at in rows:
            span = Away(clock.at_local(from_on), clock.at_local(to_on + timedelta(days=1)), recorded_at)
            found[person_id].append(span)
    return dict(found)


def hit(aways: Iterable[Away], starts_at: datetime, ends_at: datetime) -> Away | None:
    """The first of one person's absences that touches a shift."""
    return next((away for away in aways if away.hits(starts_at, ends_at)), None)


def until(aways: Iterable[Away], at: datetime) -> datetime | None:
    """Return when somebody absent at ``at`` is back: absences that follow each other are one. None: not absent."""
    back = None
    for away in sorted(aways, key=lambda each: each.starts_at):
        if away.starts_at <= (back or at) < away.ends_at:
            back = away.ends_at
    return back
