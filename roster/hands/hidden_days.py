"""Days of a grid that are not looked at: named in the address, so that they stay hidden whatever an edit changes.

``2020-01-17..2020-01-20,2020-01-25`` are dates and runs of dates; ``before``, ``during``, ``after`` (phases of Tết) and
``calm`` (nothing is wrong that day) are words for the days of which that holds when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from core.calendar.holidays import Phase
from roster.draft.shown_days import GridDay

CALM = "calm"
PHASES: tuple[Phase, ...] = ("before", "during", "after")


@dataclass(frozen=True)
class Hidden:
    """``wrong``: what of the address means no day and no word. ``everything``: it would have left no day at all, so
    none is hidden."""

    dates: frozenset[date]
    wrong: str = ""
    everything: bool = False


@dataclass(frozen=True)
class SeenDay:
    """A day that is seen; ``at``: its place among all days."""

    at: int
    day: GridDay
    stretch: Literal[False] = False


@dataclass(frozen=True)
class HiddenDays:
    """Days in a row that are hidden, from the one ``at`` on; ``without``: the address in which they are seen again."""

    at: int
    days: tuple[GridDay, ...]
    without: str
    stretch: Literal[True] = True


@dataclass(frozen=True)
class SeenDays:
    """Days in a row that are seen, of one phase; ``without``: the address in which its days are hidden, too."""

    phase: Phase
    length: int
    without: str
    stretch: Literal[False] = False


@dataclass(frozen=True)
class Columns:
    """``address``: what is hidden, said as shortly as it can be. ``phases``: what stands over the columns."""

    every: tuple[SeenDay | HiddenDays, ...]
    phases: tuple[SeenDays | HiddenDays, ...]
    address: str
    hidden: Hidden


def asked(words: Iterable[str], days: Sequence[GridDay], is_calm: Callable[[GridDay], bool]) -> Hidden:
    """``words``: as the address has them. Days that there are not are passed over."""
    found: set[date] = set()
    wrong: list[str] = []
    for part in filter(None, (each.strip() for word in words for each in word.split(","))):
        means = _means(part, days, is_calm)
        if means is None:
            wrong.append(part[:40])
        else:
            found |= means
    if found and len(found) == len(days):
        return Hidden(frozenset(), ", ".join(wrong), everything=True)
    return Hidden(frozenset(found), ", ".join(wrong))


def _means(part: str, days: Sequence[GridDay], is_calm: Callable[[GridDay], bool]) -> set[date] | None:
    if part == CALM:
        return {day.on for day in days if is_calm(day)}
    if part in PHASES:
        return {day.on for day in days if day.phase == part}
    try:
        first, last = (date.fromisoformat(each) for each in (part.split("..") if ".." in part else (part, part)))
    except ValueError:
        return None
    return {day.on for day in days if first <= day.on <= last}


def address(dates: Collection[date]) -> str:
    """Runs of dates, in order."""
    runs: list[list[date]] = []
    for on in sorted(dates):
        if runs and on - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(on)
        else:
            runs.append([on])
    return ",".join(f"{run[0]}..{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def columns(days: Sequence[GridDay], hidden: Hidden) -> Columns:
    """A column for each day that is seen, and one for each stretch of those that are not."""
    every: list[SeenDay | HiddenDays] = []
    for is_hidden, some in groupby(enumerate(days), key=lambda each: each[1].on in hidden.dates):
        run = list(some)
        if is_hidden:
            among = tuple(day for _n, day in run)
            every.append(HiddenDays(run[0][0], among, address(hidden.dates - {day.on for day in among})))
        else:
            every += [SeenDay(n, day) for n, day in run]
    return Columns(tuple(every), tuple(_phases(every, days, hidden)), address(hidden.dates), hidden)


def _phases(
    every: Sequence[SeenDay | HiddenDays], days: Sequence[GridDay], hidden: Hidden
) -> Iterable[SeenDays | HiddenDays]:
    for _key, some in groupby(every, key=lambda each: each.at if each.stretch else each.day.phase):
        run = list(some)
        if isinstance(run[0], HiddenDays):
            yield run[0]
            continue
        phase = run[0].day.phase
        more = hidden.dates | {day.on for day in days if day.phase == phase}
        yield SeenDays(phase, len(run), address(more) if len(more) < len(days) else "")
