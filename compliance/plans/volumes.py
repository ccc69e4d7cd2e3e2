"""What lies undelivered at the end of a day: one number, and from a threshold on an incident."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from compliance.plans import queries
from compliance.plans.models import MOST_ITEMS, Backlog, BacklogLimit
from core import audit
from core.actor import SYSTEM, Actor
from core.clock import local_date
from core.db import insert_into, transaction
from core.errors import Invalid
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record.models import Incident
from people import queries as people
from people.access import guard

BACK = timedelta(days=31)
CATEGORY = "overload"


def tell(unit_id: int, day: date, items: int, *, actor: Actor, now: datetime) -> Incident | None:
    """The unit's number of that day; the incident that its overload is, when it is today's and over the limit.

    Raises ``Invalid`` at ``day`` or ``items``.
    """
    today = local_date(now)
    if not today - BACK <= day <= today:
        raise Invalid("parcels.day", field="day", days=BACK.days)
    if not 0 <= items <= MOST_ITEMS:
        raise Invalid("volumes.items", field="items", most=MOST_ITEMS)
    with transaction() as session:
        guard.ensure(actor, "plan.write", unit_id, now=now)
        values = {"items": items, "saved_at": now, "saved_by": actor.name}
        new = insert_into(Backlog).values(unit_id=unit_id, day=day, **values)
        session.execute(new.on_conflict_do_update(index_elements=["unit_id", "day"], set_=values))
        audit.record(actor, "backlog.tell", "unit", unit_id, now=now, day=day.isoformat(), items=items)
        limit = queries.limit_of(unit_id)
        if day != today or limit is None or items < limit:
            return None
        return _overload(unit_id, items, limit, now)


def _overload(unit_id: int, items: int, limit: int, now: datetime) -> Incident:
    """Raised by the desk itself, once while it is open."""
    unit = people.unit_by_id(unit_id)
    title = f"Ùn ứ bưu gửi: {items:,} cái, ngưỡng {limit:,}".replace(",", ".")
    report = IncidentReport(
        title=title, category=CATEGORY, unit_id=unit_id, actor=SYSTEM, dedup_key=f"overload/{unit.code}", by_source=True
    )
    incident, _created = creation.log(report, now=now)
    return incident


def set_limit(unit_id: int, items: int | None, *, actor: Actor, now: datetime) -> None:
    """Set from how many items on the unit, and all below it without a number of their own, is overloaded; None:
    never."""
    if items is not None and not 1 <= items <= MOST_ITEMS:
        raise Invalid("volumes.limit", field="limit", most=MOST_ITEMS)
    with transaction() as session:
        guard.ensure(actor, "plan.decide", unit_id, now=now)
        row = session.get(BacklogLimit, unit_id)
        if row is not None and items is None:
            session.delete(row)
        elif items is not None:
            row = row or BacklogLimit(unit_id=unit_id)
            row.items, row.saved_at, row.saved_by = items, now, actor.name
            session.add(row)
        audit.record(actor, "backlog.limit", "unit", unit_id, now=now, items=items)
