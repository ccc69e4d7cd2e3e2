"""Words about seats that nobody can be sure of: that somebody is away, and until when; never why."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from core import clock
from core.i18n import dm, t
from roster.unsure import Unsure

_MOMENT = timedelta(microseconds=1)


def away_words(away_from: datetime, away_until: datetime, now: datetime) -> str:
    """Absences are whole days: said are the first, where it is to come, and the last."""
    last = away_until - _MOMENT
    if away_from <= now:
        return _("vắng đến hết %(day)s", day=dm(last))
    if clock.local_date(away_from) == clock.local_date(last):
        return _("vắng ngày %(day)s", day=dm(last))
    return _("vắng từ %(first)s đến hết %(day)s", first=dm(away_from), day=dm(last))


def line(seat: Unsure) -> str:
    """For a message: where and when, whose, and the last day of the absence."""
    return _(
        "%(unit)s, ca %(shift)s %(time)s %(day)s: %(name)s vắng đến hết %(last)s",
        unit=seat.unit,
        shift=seat.template,
        time=t(seat.starts_at),
        day=dm(seat.starts_at),
        name=seat.name,
        last=dm(seat.away_until - _MOMENT),
    )
