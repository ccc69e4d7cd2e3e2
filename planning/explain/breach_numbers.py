"""Reads from breaches how far beyond a rule they go, and which days of leave they are about."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from planning.explain.what_if import EditEffect
from planning.outcome import Violation
from planning.problem import Shift
from planning.time.points import LOCAL

# (the limit, what the row comes to) in the words of the rules; of the first kind less is better, of the second more
_MOST = (("limit", "count"), ("limit", "minutes"), ("most", "minutes"))
_LEAST = (("required_minutes", "gap_minutes"), ("required_minutes", "longest_minutes"))
_DAY = timedelta(days=1)

Numbers = tuple[int | None, int | None]


def number_of(change: EditEffect) -> Numbers:
    """(what the rule allows, what the change comes to); of several breaches the worst. None where rules have none."""
    found = [pair for pair in (_pair(violation) for violation in change.breaks) if pair is not None]
    return max(found, key=lambda pair: abs(pair[0] - pair[1])) if found else (None, None)


def within(change: EditEffect, was: int | None, now: int | None) -> bool:
    """Whether a limit moved from `was` to `now` would allow it; always where the rule has no number."""
    if was is None or now is None:
        return True
    reached = [pair[1] for pair in (_pair(violation) for violation in change.breaks) if pair is not None]
    return all(number <= now if now > was else number >= now for number in reached)


def reached(violation: Violation) -> int | None:
    """Return what a row comes to where a rule has a limit in numbers."""
    pair = _pair(violation)
    return None if pair is None else pair[1]


def _pair(violation: Violation) -> tuple[int, int] | None:
    for limit, reached in (*_MOST, *_LEAST):
        if limit in violation.params and reached in violation.params:
            return int(violation.params[limit]), int(violation.params[reached])
    return None


def away_days(shift: Shift, change: EditEffect) -> tuple[date, ...]:
    """The days of leave that the shift touches."""
    leave = [
        (datetime.fromisoformat(str(v.params["away_start"])), datetime.fromisoformat(str(v.params["away_end"])))
        for v in change.breaks
        if v.rule == "absence.away"
    ]
    day, last = shift.start.astimezone(LOCAL).date(), (shift.end - timedelta(microseconds=1)).astimezone(LOCAL).date()
    found = []
    while day <= last:
        midnight = datetime(day.year, day.month, day.day, tzinfo=LOCAL)
        if any(since < midnight + _DAY and midnight < until for since, until in leave):
            found.append(day)
        day += _DAY
    return tuple(found)
