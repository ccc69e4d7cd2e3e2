"""Minutes of duty and of ordinary work: by day, by seven days, in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import excludes
from planning.engines.mip.formulations.rest import kept_work
from planning.problem import Shift, Staff
from planning.rules.hours.total import total_bounds
from planning.rules.hours.week import windows
from planning.time.minutes import plan_days, slots

MOST_TRIED = 8  # shifts that touch one date
Minutes = dict[int, list[tuple[int, int]]]


def _minutes(builder: Builder, person: Staff) -> Minutes:
    """Ordinal of a date → (column, minutes on it) of the person's on-site shifts."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for shift in builder.own[person.id]:
        if shift.form == "onsite":
            for day, minutes in slots(builder.problem)[shift.id].days:
                found[day].append((builder.pair_column[shift.id, person.id], minutes))
    return found


def day(builder: Builder, person: Staff) -> None:
    minutes, work = _minutes(builder, person), kept_work(builder, person)
    for ordinal in sorted(minutes):
        limit = builder.value("hours.day", "most", person, date.fromordinal(ordinal))
        if limit is not None and (ordinal in work or not _is_implied(builder, person, ordinal, limit)):
            _within(builder, person, "hours.day", minutes, work=work, days=[ordinal], limit=limit)


def _is_implied(builder: Builder, person: Staff, ordinal: int, limit: int) -> bool:
    """Do shifts that exclude each other keep the day within the limit anyway?"""
    every = slots(builder.problem)
    own = [
        (s, dict(every[s.id].days)[ordinal])
        for s in builder.own[person.id]
        if s.form == "onsite" and any(day == ordinal for day, _ in every[s.id].days)
    ]
    if len(own) > MOST_TRIED or any((s.id, person.id) in builder.pins for s, _ in own):
        return False
    return _most_minutes(builder, own, []) <= limit


def _most_minutes(builder: Builder, left: list[tuple[Shift, int]], taken: list[Shift]) -> int:
    if not left:
        return 0
    (shift, minutes), *rest = left
    best = _most_minutes(builder, rest, taken)
    if not any(excludes(builder, shift, other) for other in taken):
        best = max(best, minutes + _most_minutes(builder, rest, [*taken, shift]))
    return best


def week(builder: Builder, person: Staff) -> None:
    limit, minutes = builder.value("hours.week", "most", person), _minutes(builder, person)
    if limit is None or not minutes:
        return
    work, last = kept_work(builder, person), plan_days(builder.problem)[1]
    for first in windows(builder.problem):
        _within(
            builder, person, "hours.week", minutes, work=work, days=range(first, min(first + 6, last) + 1), limit=limit
        )


def _within(
    builder: Builder,
    person: Staff,
    code: str,
    minutes: Minutes,
    *,
    work: dict[int, tuple[int, int | None]],
    days: Iterable[int],
    limit: int,
) -> None:
    """Duty on these dates, and the ordinary work that is not replaced, stay within the limit wherever there is duty."""
    total: defaultdict[int, int] = defaultdict(int)
    days = list(days)
    for ordinal in days:
        for column, amount in minutes.get(ordinal, ()):
            total[column] += amount
    ordinary = [work[ordinal] for ordinal in days if ordinal in work]
    beyond = sum(amount for amount, _ in ordinary)
    terms = list(total.items())
    if sum(total.values()) + beyond <= limit:
        return
    pinned = builder.pinned(terms)
    if beyond and terms:
        duty = builder.any_of([(column, 1) for column in total], staff_id=person.id)
        drops: defaultdict[int, int] = defaultdict(int)
        for amount, drop in ordinary:
            if drop is not None:
                drops[drop] -= amount
        pinned += (beyond + sum(drops[c] for c in drops if builder.model.lower[c] > 0)) if pinned else 0
        for column, amount in drops.items():
            total[column] += amount
        terms = [*total.items(), (duty, beyond)]
    builder.at_most(code, terms, limit, staff_id=person.id, excuse=pinned)


def total(builder: Builder, person: Staff) -> None:
    least, most = total_bounds(builder.problem, person)
    terms = [(builder.pair_column[s.id, person.id], s.minutes) for s in builder.own[person.id] if s.form == "onsite"]
    if most is not None:
        builder.at_most("hours.total", terms, most, staff_id=person.id)
    if least is not None:
        builder.at_least("hours.total", terms, least, staff_id=person.id)
