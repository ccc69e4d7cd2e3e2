"""Who was refused: counted per actor and local day; the audit shows the first ones and then every tenfold.

Somebody who tries every door a thousand times leaves a number and a dozen entries, not a thousand.
"""

from __future__ import annotations

from datetime import datetime

from core import audit, clock
from core.actor import Actor
from core.db import insert_into, transaction
from core.models import Refusal

WHOLE = 5
"""So many of a day are written down one by one."""


def note(actor: Actor, route: str, method: str, *, now: datetime) -> int:
    """Count one refusal; answers how many ``actor`` has had on this day."""
    first = insert_into(Refusal).values(
        actor=actor.ref, on_day=clock.local_date(now), count=1, first_at=now, last_at=now
    )
    again = {"count": Refusal.count + 1, "last_at": now}
    with transaction() as session:
        counted: int = session.scalars(
            first.on_conflict_do_update(index_elements=["actor", "on_day"], set_=again).returning(Refusal.count)
        ).one()
        if counted <= WHOLE or set(str(counted)[1:]) <= {"0"} and str(counted)[0] == "1":
            audit.record(actor, "access.refused", "route", route, now=now, method=method, today=counted)
        return counted
