"""PURE What a person's hours ask somebody to look at: rest that is owed, and days that are very long.

Warnings with their source, never findings: what counts as working time, and whether rest was given or paid for instead,
is for the employer to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from duty.timekeeping.reckoning import WorkPiece
from planning.rules.base import Norm
from planning.rules.law import FIRST_OF_NEW, HOURS_OF_A_DAY, LAST_OF_OLD, NEW, OLD

Code = Literal["after_overtime", "substitute", "long_day"]
RUN = 7
"""Days of overtime in a row after which rest is owed at the latest."""
AFTER_OVERTIME = (Norm("Nghị định 45/2013/NĐ-CP, Điều 4 khoản 3", until=LAST_OF_OLD),)
"""The code of 2019 and its decree have no such clause."""
SUBSTITUTE = (
    Norm(f"{OLD}, Điều 115 khoản 3", until=LAST_OF_OLD),
    Norm(f"{NEW}, Điều 111 khoản 3", since=FIRST_OF_NEW),
)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RestOwed:
    """``after_overtime``: after days of overtime in a row from ``first`` to ``last``, so much time off, or pay.
    ``substitute``: worked on a substitute day of a holiday that fell on the weekly rest. ``long_day``: more hours on
    one date than the law sets for work and overtime together, ordinary work besides duty among them."""

    code: Code
    first: date
    last: date
    minutes: int
    basis: str


def notes(pieces: Iterable[WorkPiece], beside: Mapping[date, int] | None = None) -> list[RestOwed]:
    """Return them by date. ``beside``: minutes of ordinary work by date that no duty replaces."""
    rows = list(pieces)
    found = [*_after_overtime(rows), *_substitutes(rows), *_long_days(rows, beside or {})]
    return sorted(found, key=lambda each: (each.first, each.code))


def rest_owed(found: Iterable[RestOwed]) -> int:
    """Minutes of rest that the notes speak of; work on a substitute day is in a run of overtime already, if in any."""
    noted = list(found)
    runs = [each for each in noted if each.code == "after_overtime"]
    alone = [
        each
        for each in noted
        if each.code == "substitute" and not any(run.first <= each.first <= run.last for run in runs)
    ]
    return sum(each.minutes for each in (*runs, *alone))


def _after_overtime(pieces: Sequence[WorkPiece]) -> Iterator[RestOwed]:
    by_date = _by_date(each for each in pieces if each.overtime)
    run: list[date] = []
    for on in sorted(by_date):
        goes_on = run and on - run[-1] == _DAY and on.month == run[-1].month and len(run) < RUN
        if run and not goes_on:
            yield from _owed(run, by_date)
        run = [*run, on] if goes_on else [on]
    if run:
        yield from _owed(run, by_date)


def _owed(run: Sequence[date], by_date: Counter[date]) -> Iterator[RestOwed]:
    norm = _in_force(AFTER_OVERTIME, run[0])
    if norm is not None:
        yield RestOwed("after_overtime", run[0], run[-1], sum(by_date[on] for on in run), norm.basis)


def _substitutes(pieces: Sequence[WorkPiece]) -> Iterator[RestOwed]:
    for on, minutes in _by_date(each for each in pieces if each.day_class == "substitute").items():
        norm = _in_force(SUBSTITUTE, on)
        if norm is not None:
            yield RestOwed("substitute", on, on, minutes, norm.basis)


def _long_days(pieces: Sequence[WorkPiece], beside: Mapping[date, int]) -> Iterator[RestOwed]:
    for on, duty in _by_date(pieces).items():
        minutes = duty + beside.get(on, 0)
        norm = _in_force(HOURS_OF_A_DAY, on)
        if norm is not None and norm.value is not None and minutes > norm.value:
            yield RestOwed("long_day", on, on, minutes, norm.basis)


def _by_date(pieces: Iterable[WorkPiece]) -> Counter[date]:
    found: Counter[date] = Counter()
    for each in pieces:
        found[each.on] += each.minutes
    return found


def _in_force(norms: Iterable[Norm], on: date) -> Norm | None:
    return next((each for each in norms if each.holds(on)), None)
