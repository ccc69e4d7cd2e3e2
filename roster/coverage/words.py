"""Words about seats that nobody can be sure of: that somebody is away, and until when, never why; has left; may not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _

from core import clock
from core.i18n import dm, t
from roster.coverage import unsure
from roster.coverage.doubt import Cause, Doubt
from roster.coverage.unsure import UnsureSeat
from roster.models import Duty
from roster.resolver.resolution import OnDuty
from roster.words.labels import DOUBTS

_MOMENT = timedelta(microseconds=1)


def away_words(away_from: datetime, away_until: datetime, now: datetime) -> str:
    """Absences are whole days: said are the first, where it is to come, and the last."""
    last = away_until - _MOMENT
    if away_from <= now:
        return _("vắng đến hết %(day)s", day=dm(last))
    if clock.local_date(away_from) == clock.local_date(last):
        return _("vắng ngày %(day)s", day=dm(last))
    return _("vắng từ %(first)s đến hết %(day)s", first=dm(away_from), day=dm(last))


def why(doubt: Doubt, now: datetime) -> str:
    """Beside "không chắc"."""
    if doubt.away_from is not None and doubt.away_until is not None:
        return away_words(doubt.away_from, doubt.away_until, now)
    return str(DOUBTS[doubt.cause])


def reasons_for_answers(answers: Iterable[OnDuty], now: datetime) -> dict[int, str]:
    """Seat id → why nobody can be sure of whoever the resolver names for it, or names as next.

    It marks the absent itself; of those who lost the duty or the unit, and are called all the same, it knows nothing.
    """
    seats = {who.seat_id for answer in answers for who in (*answer.people, *answer.next) if who.seat_id is not None}
    found = unsure.found(Duty.seat_id.in_(sorted(seats)), Duty.ends_at > now, now=now) if seats else ()
    return {each.seat_id: why(each.doubt, now) for each in found}


def reasons_for_person(person_id: int, now: datetime) -> dict[int, tuple[Cause, str]]:
    """Return why nobody can be sure of somebody's own coming shifts: seat id → the cause, and that in words."""
    seats = unsure.coming(None, now=now, person_id=person_id)
    return {each.seat_id: (each.cause, why(each.doubt, now)) for each in seats}


def line(seat: UnsureSeat) -> str:
    """Return the line for a message: where and when, whose, and the last day of the absence, or the other cause."""
    until = seat.away_until
    return _(
        "%(unit)s, ca %(shift)s %(time)s %(day)s: %(name)s %(why)s",
        unit=seat.unit,
        shift=seat.template,
        time=t(seat.starts_at),
        day=dm(seat.starts_at),
        name=seat.name,
        why=_("vắng đến hết %(day)s", day=dm(until - _MOMENT)) if until else why(seat.doubt, seat.starts_at),
    )
