"""Plans of network and labour: written, submitted, returned, accepted; and the duty that is made from one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from compliance.plans.models import NetworkPlan
from core import audit
from core.actor import Actor
from core.calendar import dates, lunar
from core.db import db, transaction
from core.errors import Conflict, FieldError, Invalid, NotFound, ensure_none
from core.text import nfc
from people import queries as people
from people.access import guard
from roster.sources import services as sources

COUNTS = ("extra_shifts", "vehicles", "temporary_staff")
TEXTS = ("power_backup", "line_backup", "note")
MOST, LONGEST, MOST_DAYS = 10_000, 1000, 40


@dataclass(frozen=True)
class PlanText:
    """What a form, a sheet or a call says of one unit's plan."""

    extra_shifts: int = 0
    vehicles: int = 0
    temporary_staff: int = 0
    peak_days: Sequence[date] = ()
    power_backup: str = ""
    line_backup: str = ""
    note: str = ""


def peak_days(typed: str) -> list[date]:
    """Days as they are typed, one behind the other. Raises ``Invalid`` ``hours.day``."""
    written = [part for part in re.split(r"[;,\n]", typed) if part.strip()]
    found = [dates.day(part) for part in written]
    if None in found:
        raise Invalid("hours.day", field="peak_days")
    return [day for day in found if day is not None]


def find_plan(unit_id: int, tet_year: int) -> NetworkPlan | None:
    return db.session.scalar(
        select(NetworkPlan).where(NetworkPlan.unit_id == unit_id, NetworkPlan.tet_year == tet_year)
    )


def save(
    unit_id: int, tet_year: int, said: PlanText, *, upon: int | None = None, actor: Actor, now: datetime
) -> NetworkPlan:
    """Write it; ``upon``: the version that was read (0: none; None: whatever is there). What was accepted stays until
    it is returned.

    Raises ``Invalid`` at the fields, ``Conflict``.
    """
    values = _checked(said, tet_year)
    try:
        with transaction() as session:
            guard.ensure(actor, "plan.write", unit_id, now=now)
            row = _held(unit_id, tet_year)
            version = row.version if row is not None else 0
            if upon is not None and upon != version:
                raise Conflict("plan.changed", state={"version": version})
            if row is not None and row.state == "accepted":
                raise Conflict("plan.accepted", state={"state": row.state})
            if row is None:
                row = NetworkPlan(unit_id=unit_id, tet_year=tet_year, version=0)
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)
            row.version, row.saved_at, row.saved_by = version + 1, now, actor.name
            if row.state == "submitted":  # what was handed in is no longer what is written
                row.state = "draft"
            audit.record(actor, "plan.save", "unit", unit_id, now=now, year=tet_year)
            session.flush()
            return row
    except IntegrityError:  # two began it at the same moment
        raise Conflict("plan.changed", state={"version": 1}) from None


def submit(unit_id: int, tet_year: int, *, actor: Actor, now: datetime) -> NetworkPlan:
    with transaction():
        guard.ensure(actor, "plan.write", unit_id, now=now)
        row = _must(unit_id, tet_year, ("draft", "returned"))
        row.state, row.submitted_at, row.submitted_by, row.submitted_ref = "submitted", now, actor.name, actor.ref
        row.reason, row.decided_at, row.decided_by = "", None, ""
        audit.record(actor, "plan.submit", "unit", unit_id, now=now, year=tet_year)
        return row


def give_back(unit_id: int, tet_year: int, reason: str, *, actor: Actor, now: datetime) -> NetworkPlan:
    """Give a plan back to be mended; also what was accepted. Raises ``Invalid`` at ``reason``."""
    said = " ".join(nfc(reason).split())
    if not said or len(said) > LONGEST:
        raise Invalid("plan.reason", field="reason", most=LONGEST)
    return _decide(unit_id, tet_year, "returned", said, out_of=("submitted", "accepted"), actor=actor, now=now)


def accept(unit_id: int, tet_year: int, *, actor: Actor, now: datetime) -> NetworkPlan:
    """Raises ``Conflict`` for whoever submitted it."""
    return _decide(unit_id, tet_year, "accepted", "", out_of=("submitted",), actor=actor, now=now)


def _decide(
    unit_id: int, tet_year: int, state: str, reason: str, *, out_of: Sequence[str], actor: Actor, now: datetime
) -> NetworkPlan:
    with transaction():
        guard.ensure(actor, "plan.decide", unit_id, now=now)
        row = _must(unit_id, tet_year, out_of)
        if state == "accepted" and row.submitted_ref == actor.ref:
            raise Conflict("plan.own", state={"state": row.state})
        row.state, row.reason, row.decided_at, row.decided_by = state, reason, now, actor.name
        audit.record(actor, f"plan.{state}", "unit", unit_id, now=now, year=tet_year)
        return row


@dataclass(frozen=True)
class ExtraShift:
    """A shift of the peak days: the code of its duty, its name, when it begins (minutes of the day), how long."""

    duty: str
    shift: str
    start_minute: int
    minutes: int


def make_demand(unit_id: int, tet_year: int, extra: ExtraShift, *, actor: Actor, now: datetime) -> bool:
    """One row of demand for the extra shifts of the peak days before Tết; whether it is new."""
    row = find_plan(unit_id, tet_year)
    if row is None or row.state != "accepted" or not row.extra_shifts:
        raise Conflict("plan.no_shifts", state={"state": row.state if row else "none"})
    values: dict[str, Any] = {
        "unit_code": people.unit_by_id(unit_id).code,
        "duty": extra.duty,
        "phase": "before",
        "shift": extra.shift,
        "start": extra.start_minute,
        "hours": extra.minutes,
        "headcount": row.extra_shifts,
        "form": "onsite",
    }
    _row, is_new = sources.save_demand(values, actor=actor, now=now)
    return is_new


def _held(unit_id: int, tet_year: int) -> NetworkPlan | None:
    wanted = select(NetworkPlan).where(NetworkPlan.unit_id == unit_id, NetworkPlan.tet_year == tet_year)
    return db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def _must(unit_id: int, tet_year: int, states: Sequence[str]) -> NetworkPlan:
    row = _held(unit_id, tet_year)
    if row is None:
        raise NotFound("plan.unknown")
    if row.state not in states:
        raise Conflict("plan.state", state={"state": row.state})
    return row


def _checked(said: PlanText, tet_year: int) -> dict[str, Any]:
    faults: list[FieldError] = []
    if not lunar.FIRST.year <= tet_year <= lunar.LAST.year:
        faults.append(FieldError("tet_year", "plan.year"))
    for name in COUNTS:
        if not 0 <= getattr(said, name) <= MOST:
            faults.append(FieldError(name, "plan.count", {"most": MOST}))
    texts = {name: nfc(getattr(said, name)).strip() for name in TEXTS}
    faults += [FieldError(name, "plan.long", {"most": LONGEST}) for name, text in texts.items() if len(text) > LONGEST]
    if len(said.peak_days) > MOST_DAYS:
        faults.append(FieldError("peak_days", "plan.days", {"most": MOST_DAYS}))
    ensure_none(faults)
    days = sorted({day.isoformat() for day in said.peak_days})
    return {**{name: getattr(said, name) for name in COUNTS}, **texts, "peak_days": days}
