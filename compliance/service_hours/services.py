"""Saying when points are open: by weekday, or of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete

from compliance.service_hours import rules
from compliance.service_hours.models import ServiceHours
from compliance.service_hours.rules import OpeningHours
from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import FieldError, Invalid, ensure_none
from people.access import guard

WEEKDAYS = range(7)


@dataclass(frozen=True)
class TypedHours:
    """Of a weekday (0: Monday) or of a day, as typed. Nothing typed and not ``closed``: nothing is said any more."""

    on: int | date
    opens: str = ""
    closes: str = ""
    last_acceptance: str = ""
    closed: bool = False

    @property
    def silent(self) -> bool:
        return not self.closed and not any(each.strip() for each in (self.opens, self.closes, self.last_acceptance))


def save(unit_id: int, said: list[TypedHours], *, actor: Actor, now: datetime) -> None:
    """What is said replaces what was said of the same weekdays and days of this unit.

    Raises ``Invalid`` at ``opens-<on>``, ``closes-<on>`` or ``last_acceptance-<on>``.
    """
    read = _parse(said)
    with transaction() as session:
        guard.ensure(actor, "point.settle", unit_id, now=now)
        for each, hours in read:
            column = ServiceHours.day if isinstance(each.on, date) else ServiceHours.weekday
            session.execute(delete(ServiceHours).where(ServiceHours.unit_id == unit_id, column == each.on))
            if hours is not None:
                session.add(_row(unit_id, each.on, hours, actor, now=now))
        audit.record(actor, "service_hours.save", "unit", unit_id, now=now, said=[str(each.on) for each in said])


def _row(unit_id: int, on: int | date, hours: OpeningHours, actor: Actor, *, now: datetime) -> ServiceHours:
    return ServiceHours(
        unit_id=unit_id,
        weekday=None if isinstance(on, date) else on,
        day=on if isinstance(on, date) else None,
        opens=hours.opens,
        closes=hours.closes,
        last_acceptance=hours.last_acceptance,
        saved_at=now,
        saved_by=actor.name,
    )


def _parse(said: list[TypedHours]) -> list[tuple[TypedHours, OpeningHours | None]]:
    faults: list[FieldError] = []
    read: list[tuple[TypedHours, OpeningHours | None]] = []
    for each in said:
        if not isinstance(each.on, date) and each.on not in WEEKDAYS:
            raise Invalid("hours.weekday", field="weekday")
        try:
            read.append((each, None if each.silent else _hours(each)))
        except Invalid as fault:
            faults += fault.errors
    ensure_none(faults)
    return read


def _hours(said: TypedHours) -> OpeningHours:
    if said.closed:
        return OpeningHours()
    times = {name: getattr(said, name).strip() for name in ("opens", "closes", "last_acceptance")}
    found = {name: rules.time(typed) if typed else "" for name, typed in times.items()}
    wrong = [name for name, time in found.items() if time is None or (name == "opens" and not time)]
    if wrong:
        raise Invalid("hours.time", errors=[FieldError(f"{name}-{said.on}", "hours.time") for name in wrong])
    hours = OpeningHours(**{name: time or "" for name, time in found.items()})
    fault = rules.fault(hours)
    if fault is not None:
        raise Invalid(f"hours.{fault}", field=f"{fault}-{said.on}")
    return hours


def own_hours(unit_id: int) -> dict[int | date, OpeningHours]:
    """Return what the unit itself says."""
    rows = db.session.query(ServiceHours).filter_by(unit_id=unit_id)
    found: dict[int | date, OpeningHours] = {}
    for row in rows:
        on = row.day if row.weekday is None else row.weekday
        if on is not None:
            found[on] = OpeningHours(row.opens, row.closes, row.last_acceptance)
    return found
