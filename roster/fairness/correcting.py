"""Correcting the ledger: a further entry with a reason, beside what it corrects; nothing is rewritten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.clock import local_date
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.security import throttle, tokens
from people import queries as people
from people.access.guard import ensure
from roster.fairness import years
from roster.fairness.models import LedgerEntry
from roster.fairness.years import Year

FIRST_YEAR = 2000
LONGEST_REASON = 500
ONCE = 12
"""Characters by which a form is known again."""
MOST = Year(points=1000_00, giao_thua=1, mung_1=1, nights=60)
"""What one correction may add or take at most."""


def correct(
    person: str, tet_year: int, change: Year, reason: str, *, once: str = "", actor: Actor, now: datetime
) -> LedgerEntry:
    """Add ``change`` (which may be below zero) to what somebody (a code) carried at one Tết.

    ``once``: of the form that was filled in; sent a second time it is answered with what was written the first time.
    Whoever may close a campaign of the person's unit may correct what was closed, but not their own. Raises NotFound,
    Forbidden; Invalid ``ledger.too_much``, ``ledger.reason``; Conflict ``ledger.own``, ``ledger.nothing``,
    ``ledger.year`` of a Tết that is not planned yet, and ``ledger.below_zero`` when less than nothing would be left.
    """
    why = " ".join(reason.split())
    with transaction():
        who = people.person_by_code(person)
        ensure(actor, "campaign.publish", who.unit_id, now=now)
        if who.id == actor.person_id:
            raise Conflict("ledger.own", state={"person": who.code})
        _check(tet_year, change, why, now)
        throttle.hold(throttle.key_of("ledger", str(who.id)))
        source = f"correction/{once[:ONCE] or new_once()}"
        written = select(LedgerEntry).filter_by(person_id=who.id, tet_year=tet_year, source=source)
        if (known := db.session.scalar(written)) is not None:
            return known
        _ensure_not_below_zero(who.id, tet_year, change)
        row = LedgerEntry(person_id=who.id, tet_year=tet_year, source=source, reason=why, **asdict(change))
        row.recorded_at, row.recorded_by = now, actor.name
        db.session.add(row)
        db.session.flush()
        facts = {"person": who.code, "year": tet_year, "reason": why, **asdict(change)}
        audit.record(actor, "ledger.correct", "person", who.id, now=now, **facts)
        return row


def new_once() -> str:
    return tokens.new_token()[:ONCE]


def _check(tet_year: int, change: Year, reason: str, now: datetime) -> None:
    last = local_date(now).year + 1
    if not FIRST_YEAR <= tet_year <= last:
        raise Conflict("ledger.year", field="tet_year", first=FIRST_YEAR, last=last)
    if not any(asdict(change).values()):
        raise Conflict("ledger.nothing", field="points")
    for name, most in asdict(MOST).items():
        if abs(getattr(change, name)) > most:
            raise Invalid("ledger.too_much", field=name, most=most // 100 if name == "points" else most)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("ledger.reason", field="reason", limit=LONGEST_REASON)


def _ensure_not_below_zero(person_id: int, tet_year: int, change: Year) -> None:
    before = years.years_of_people([person_id]).get(person_id, {}).get(tet_year, Year(0, 0, 0, 0))
    for name, more in asdict(change).items():
        if more < 0 and getattr(before, name) + more < 0:
            raise Conflict("ledger.below_zero", field=name, year=tet_year)
