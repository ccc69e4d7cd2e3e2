"""Chốt công: whoever manages a unit answers for the hours of its people, and below it, month by month.

What was closed stays as it is. Duty that changes afterwards shows as a difference, and is closed again, with a reason,
under the next number. Of two who close at once one wins; the other hears who it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import audit, prepared
from core.actor import Actor
from core.db import db, to_json
from core.errors import Conflict, Invalid
from core.i18n import dt
from core.security import throttle
from duty.timekeeping import books
from duty.timekeeping.books import ClosedMonths
from duty.timekeeping.models import HoursClosing
from people import queries as people
from people.access import guard
from roster.campaigns.queries import get_campaign

LONGEST_REASON = 500
Key = tuple[int, date]


@dataclass(frozen=True)
class _Due:
    """What is to be closed, by unit and month, with the number that it gets."""

    rows: list[tuple[Key, int, books.Figures]]


def close(
    campaign_id: int,
    unit: str,
    month: date | None = None,
    *,
    reason: str = "",
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> Sequence[HoursClosing]:
    """Freeze the hours of the unit (code) and those below it for one month (its first day), or each of the campaign.

    What is closed already and has not changed is left as it is. ``seen``: what was looked at (``books.digest``).
    Raises NotFound, Forbidden; Conflict ``hours.nothing``, ``hours.not_over``, ``hours.closed`` (with who and when),
    ``hours.changed`` (not what was ``seen``); Invalid ``hours.reason`` (closed anew without), ``hours.long_reason``.
    """
    said = " ".join(reason.split())
    if len(said) > LONGEST_REASON:
        raise Invalid("hours.long_reason", field="reason", limit=LONGEST_REASON)

    def prepare() -> _Due:
        found = _books(campaign_id, unit, month, actor, now=now)
        due = [each for each in found if each.is_due]
        _refuse(found, due, said, seen)
        rows = [((each.unit.id, each.month), each.last.number + 1 if each.last else 1, each.figures) for each in due]
        return _Due(rows)

    def act(due: _Due) -> list[HoursClosing]:
        throttle.hold(throttle.key_of("hours", str(campaign_id)))
        guard.ensure(actor, "hours.close", people.unit_by_code(unit).id, now=now)
        last = books.newest(campaign_id, {unit_id for (unit_id, _month), _number, _figures in due.rows})
        if any(number != (last[key].number + 1 if key in last else 1) for key, number, _figures in due.rows):
            raise prepared.Stale
        made = [
            _row(campaign_id, key, number, figures, reason=said, actor=actor, now=now)
            for key, number, figures in due.rows
        ]
        db.session.add_all(made)
        db.session.flush()
        for each in made:
            audit.record(
                actor,
                "hours.close",
                "hours_closing",
                each.id,
                now=now,
                unit=each.unit_id,
                month=each.month.isoformat(),
                number=each.number,
                hash=each.figures_hash,
                reason=said,
            )
        return made

    return prepared.write(("hours.close", campaign_id, unit, month), prepare, act)


def _books(campaign_id: int, unit: str, month: date | None, actor: Actor, *, now: datetime) -> list[ClosedMonths]:
    campaign, top = get_campaign(campaign_id), people.unit_by_code(unit)
    guard.refuse_unless(actor, "hours.close", top.id, now=now)
    return books.books(campaign, people.subtree_ids(top.id), month, now=now)


def _refuse(found: Sequence[ClosedMonths], due: Sequence[ClosedMonths], reason: str, seen: str | None) -> None:
    if not found:
        raise Conflict("hours.nothing")
    if not due:
        last = max((each.last for each in found if each.last), key=lambda row: row.id)
        state = {"closed_at": last.closed_at.isoformat(), "closed_by": last.closed_by, "number": last.number}
        raise Conflict("hours.closed", state=state, name=last.closed_by, time=dt(last.closed_at), number=last.number)
    running = [each.open_until for each in due if each.open_until is not None]
    if running:
        raise Conflict("hours.not_over", state={"ends_at": max(running).isoformat()}, time=dt(max(running)))
    if seen is not None and seen != books.digest(found):
        raise Conflict("hours.changed")
    if not reason and any(each.last for each in due):
        raise Invalid("hours.reason", field="reason")


def _row(
    campaign_id: int, key: Key, number: int, figures: books.Figures, *, reason: str, actor: Actor, now: datetime
) -> HoursClosing:
    unit_id, month = key
    signed = to_json([campaign_id, unit_id, month.isoformat(), number, figures])
    return HoursClosing(
        campaign_id=campaign_id,
        unit_id=unit_id,
        month=month,
        number=number,
        closed_at=now,
        closed_by=actor.name,
        reason=reason,
        figures=figures,
        figures_hash=hashlib.sha256(signed.encode()).hexdigest(),
    )
