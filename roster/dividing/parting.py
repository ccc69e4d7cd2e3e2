"""PURE a shift cut into pieces, so that a part of it can change hands, judged as the whole plan is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from core.calendar.dates import VN
from planning.problem import Assignment, Problem, Shift
from planning.time.points import is_night, peaks

GIVEN = -1
"""Id of the piece that changes hands, in a plan that is only thought of; what is kept has ids below it."""


@dataclass(frozen=True)
class SplitSpan:
    """Half-open [start, end), aware UTC."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


def between(whole: SplitSpan, start: time, end: time, zone: tzinfo) -> SplitSpan:
    """Return the span from the first moment of ``whole`` when clocks of ``zone`` show ``start`` to the next when they
    show ``end``."""
    begins = _next(whole.start, start, zone)
    return SplitSpan(begins, _next(begins + timedelta(minutes=1), end, zone))


def _next(moment: datetime, at: time, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    found = datetime.combine(local.date(), at, zone)
    return (found if found >= local else found + timedelta(days=1)).astimezone(UTC)


def left_of(whole: SplitSpan, given: SplitSpan) -> list[SplitSpan]:
    """Return what stays when ``given`` is cut out of ``whole``: a piece before it, one after it, or both."""
    pieces = [SplitSpan(whole.start, given.start), SplitSpan(given.end, whole.end)]
    return [each for each in pieces if each.start < each.end]


def left_from(whole: SplitSpan, now: datetime) -> SplitSpan:
    """Return what is left of a running shift, from the minute on that has begun: whoever takes over is on duty at
    once."""
    return SplitSpan(max(whole.start, now.replace(second=0, microsecond=0)), whole.end)


def parted(
    problem: Problem, seated: Iterable[Assignment], shift_id: int, person_id: int, *, given: SplitSpan
) -> tuple[Problem, tuple[Assignment, ...]]:
    """The plan as if this seat of the shift were pieces, all of them the person's: ``GIVEN`` and what is left.

    Others on the shift keep it whole. Points go by the minutes.
    """
    shift = problem.shift_of[shift_id]
    pieces = pieces_of(shift, given, GIVEN)
    others = [each for each in seated if each != Assignment(shift_id, person_id)]
    stay = any(each.shift_id == shift_id for each in others)
    plan = cut(problem, shift_id, pieces, stays=stay or shift.headcount > 1)
    return plan, (*others, *(Assignment(piece.id, person_id) for piece in pieces))


def cut(problem: Problem, shift_id: int, pieces: Sequence[Shift], *, stays: bool) -> Problem:
    """The plan with one seat less on the shift, which others keep or not (``stays``), and these pieces besides."""
    shift = problem.shift_of[shift_id]
    kept = [replace(shift, headcount=max(0, shift.headcount - 1), wanted=None)] if stays else []
    shifts = [each for each in problem.shifts if each.id != shift_id]
    pins = tuple(pin for pin in problem.pins if pin.shift_id != shift_id)
    baseline = tuple(each for each in problem.baseline if each.shift_id != shift_id)
    return replace(problem, shifts=(*shifts, *kept, *pieces), pins=pins, baseline=baseline)


def beside(shift: Shift, given: SplitSpan, number: int) -> Shift:
    """Return a shift for one more than is needed (``Shift.wanted``): a piece on which nobody has to be."""
    wanted = None if shift.wanted is None else replace(shift.wanted, number=1)
    return replace(_piece(shift, number, given), headcount=0, wanted=wanted)


def pieces_of(shift: Shift, given: SplitSpan, first: int) -> list[Shift]:
    """The given piece with the id ``first``, and what is left with the ids below it."""
    spans = [given, *left_of(SplitSpan(shift.start, shift.end), given)]
    return [_piece(shift, first - number, span) for number, span in enumerate(spans)]


def _piece(shift: Shift, number: int, span: SplitSpan) -> Shift:
    share = span.minutes / shift.minutes
    return replace(
        shift,
        id=number,
        start=span.start,
        end=span.end,
        headcount=1,
        wanted=None,
        skills={},
        points=round(shift.points * share),
        points_by={pattern: round(points * share) for pattern, points in shift.points_by.items()},
        night=is_night(span.start, span.end),
        peak=peaks(span.start, span.end),
        local_date=span.start.astimezone(VN).date(),
    )
