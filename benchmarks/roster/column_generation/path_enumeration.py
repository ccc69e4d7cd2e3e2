"""Every path whose price is within a limit: with all of them, a whole-number programme proves what is best.

The tables of a programme that has run give the exact least cost of every beginning, so going back from the ends
only along what can stay within the limit never leads into a dead end: the work is in proportion to what is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.roster.column_generation.dynamic_programme import Programme
from benchmarks.roster.column_generation.model import Array


@dataclass
class _Ends:
    """Ends of paths: `parent` is the place among the longer ones, `kind` what is worked on the day just gone over."""

    parent: Array
    number: Array
    run: Array
    cell: Array
    spent: Array
    kind: Array


def near_paths(programme: Programme, cost: Array, limit: float, most: int) -> Array | None:
    """(n, days of the span): all paths of the one person of the last run up to the limit; None: more than `most`.

    `cost` (days of the span, kinds + 1) is what the programme ran on. Caps of kinds not counted are not looked at.
    """
    length = programme.span.length
    ends = _last(programme, limit)
    paths = np.full((len(ends.cell), length), programme.model.kinds)
    for index in range(length - 1, -1, -1):
        if len(ends.cell) > most:
            return None
        ends = _earlier(programme, cost, index, ends, limit)
        paths = paths[ends.parent]
        paths[:, index] = ends.kind
    return paths


def _last(programme: Programme, limit: float) -> _Ends:
    off = len(programme.classes.members)
    none: Array = np.zeros(0, dtype=int)
    closed = programme.closed_in_last_run[:, 0]
    number, run, cell = np.nonzero(programme.work[-1][:, :, :, 0] + closed <= limit)
    rest, free = np.nonzero(programme.off[-1][:, :, 0] + closed <= limit)
    count = len(number) + len(rest)
    return _Ends(
        none,
        np.append(number, np.full(len(rest), off)),
        np.append(run, rest),
        np.append(cell, free),
        np.zeros(count),
        none,
    )


def _earlier(programme: Programme, cost: Array, index: int, ends: _Ends, limit: float) -> _Ends:
    """All ends that are one day longer and can still stay within the limit."""
    off = len(programme.classes.members)
    found: list[_Ends] = []
    for number, kinds in enumerate(programme.classes.members):
        at = np.flatnonzero(ends.number == number)
        for kind in kinds if len(at) else ():
            spent = ends.spent[at] + cost[index, kind]
            found += _before_work(programme, index, number, kind, at, ends, spent, limit)
    at = np.flatnonzero(ends.number == off)
    if len(at):
        found += _before_off(programme, index, at, ends, ends.spent[at] + cost[index, -1], limit)
    return _Ends(
        *(
            np.concatenate([getattr(each, name) for each in found])
            for name in ("parent", "number", "run", "cell", "spent", "kind")
        )
    )


def _before_work(
    programme: Programme, index: int, number: int, kind: int, at: Array, ends: _Ends, spent: Array, limit: float
) -> list[_Ends]:
    off, last = len(programme.classes.members), programme.runs - 1
    start, on = programme.moves_of(index, number)
    run, cell = ends.run[at], ends.cell[at]
    origin, since = (np.clip(cell - move.distance, 0, len(move.closed) - 1) for move in (start, on))
    fresh = np.where(run == 0, start.closed[cell], np.inf) + spent
    rested = np.full(len(at), programme.rests - 1)
    found = [_kept(programme.off[index][-1, origin, 0] + fresh, limit, at, off, rested, origin, spent, kind)]
    for other in np.flatnonzero(programme.classes.before[number]).tolist():
        work = programme.work[index][other, :, :, 0]
        going = np.where(run > 0, on.closed[cell], np.inf) + spent
        shorter = np.maximum(run - 1, 0)
        found.append(_kept(work[shorter, since] + going, limit, at, other, shorter, since, spent, kind))
        if programme.is_endless:
            staying = np.where(run == last, on.closed[cell], np.inf) + spent
            found.append(_kept(work[run, since] + staying, limit, at, other, run, since, spent, kind))
    return found


def _before_off(programme: Programme, index: int, at: Array, ends: _Ends, spent: Array, limit: float) -> list[_Ends]:
    rests, kind, off = programme.rests, programme.model.kinds, programme.off[index][:, :, 0]
    move = programme.move(index, None, False)
    run, reached = ends.run[at], ends.cell[at]
    cell = np.clip(reached - move.distance, 0, len(move.closed) - 1)
    spent_here = spent + move.closed[reached]
    found = []
    usable = programme.usable_runs(index)
    first = np.where(run == 0, 0.0, np.inf) + spent_here
    for number in range(len(programme.classes.members)):
        for length in usable:
            value = programme.work[index][number, length, cell, 0] + first
            found.append(_kept(value, limit, at, number, np.full(len(at), length), cell, spent, kind))
    shorter, number = np.maximum(run - 1, 0), len(programme.classes.members)
    longer = np.where(run > 0, 0.0, np.inf) + spent_here
    found.append(_kept(off[shorter, cell] + longer, limit, at, number, shorter, cell, spent, kind))
    staying = np.where(run == rests - 1, 0.0, np.inf) + spent_here
    found.append(_kept(off[run, cell] + staying, limit, at, number, run, cell, spent, kind))
    return found


def _kept(
    value: Array, limit: float, parent: Array, number: int, run: Array, cell: Array, spent: Array, kind: int
) -> _Ends:
    keep = np.flatnonzero(value <= limit)
    count = len(keep)
    return _Ends(parent[keep], np.full(count, number), run[keep], cell[keep], spent[keep], np.full(count, kind))
