"""The way back through a programme's tables: from the cells where paths end to the paths themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.roster.column_generation.dynamic_programme import Programme
from benchmarks.roster.column_generation.model import Array


@dataclass
class _State:
    """Where some paths stand after a day: class (or the number of classes, for off), place in the run, cell."""

    number: Array
    run: Array
    cell: Array


def trace(programme: Programme, columns: Array, cells: Array) -> Array:
    """(n, days of the span): the paths of the people at `columns` of the last run that end at these cells."""
    length, off = programme.span.length, len(programme.classes.members)
    paths = np.full((len(columns), length), programme.model.kinds)
    state = _end(programme, columns, cells)
    for index in range(length - 1, -1, -1):
        for number in range(off):
            at = np.flatnonzero(state.number == number)
            paths[at, index] = programme.choice[number][columns[at], index]
        if index:
            state = _back(programme, index, columns, state)
    return paths


def _end(programme: Programme, columns: Array, cells: Array) -> _State:
    work, off = programme.work[-1], programme.off[-1]
    count = len(programme.classes.members) * programme.runs
    both = np.concatenate([work[:, :, cells, columns].reshape(count, len(columns)), off[:, cells, columns]])
    best = both.argmin(axis=0)
    number = np.where(best < count, best // programme.runs, len(programme.classes.members))
    run = np.where(best < count, best % programme.runs, best - count)
    return _State(number, run, cells.copy())


def _back(programme: Programme, index: int, columns: Array, state: _State) -> _State:
    """The states one day earlier."""
    off = len(programme.classes.members)
    before = _State(np.full_like(state.number, off), np.full_like(state.run, programme.rests - 1), state.cell.copy())
    for number in range(off):
        at = np.flatnonzero(state.number == number)
        if len(at):
            _before_work(programme, index, number, at, columns[at], state, before)
    at = np.flatnonzero(state.number == off)
    if len(at):
        _before_off(programme, index, at, columns[at], state, before)
    return before


def _before_work(
    programme: Programme, index: int, number: int, at: Array, columns: Array, state: _State, before: _State
) -> None:
    """A first day comes after enough days off, any other after a worked day that allows it."""
    start, on = programme.moves_of(index, number)
    run, cell = state.run[at], state.cell[at]
    allowed = np.where(programme.classes.before[number], 0.0, np.inf)[:, None] + on.closed[cell]
    work, since = programme.work[index], np.clip(cell - on.distance, 0, len(on.closed) - 1)
    shorter = np.maximum(run - 1, 0)
    options = work[:, shorter, since, columns] + np.where((run > 0)[None], allowed, np.inf)
    if programme.is_endless:
        longer = work[:, -1, since, columns] + np.where((run == programme.runs - 1)[None], allowed, np.inf)
        stays = longer.min(axis=0) < options.min(axis=0)
        options, shorter = np.where(stays, longer, options), np.where(stays, programme.runs - 1, shorter)
    origin = np.clip(cell - start.distance, 0, len(start.closed) - 1)
    fresh = programme.off[index][-1, origin, columns] + np.where(run == 0, start.closed[cell], np.inf)
    starts = fresh <= options.min(axis=0)
    before.number[at] = np.where(starts, len(programme.classes.members), options.argmin(axis=0))
    before.run[at] = np.where(starts, programme.rests - 1, shorter)
    before.cell[at] = np.where(starts, origin, since)


def _before_off(programme: Programme, index: int, at: Array, columns: Array, state: _State, before: _State) -> None:
    off, rests, runs = programme.off[index], programme.rests, programme.runs
    run, cell = state.run[at], state.cell[at] - programme.move(index, None, False).distance
    work = programme.work[index]
    usable = np.full((runs, 1), np.inf)
    usable[programme.usable_runs(index)] = 0
    ended = (work[:, :, cell, columns] + usable).reshape(len(work) * runs, len(at))
    best, here = (ended.argmin(axis=0), ended.min(axis=0)) if len(ended) else (run * 0, np.full(len(at), np.inf))
    rested, shorter = off[-1, cell, columns], off[np.maximum(run - 1, 0), cell, columns]
    if rests == 1:
        from_work, own = here < rested, np.zeros_like(run)
    else:
        from_work = run == 0
        own = np.where((run == rests - 1) & (rested < shorter), rests - 1, np.maximum(run - 1, 0))
    before.number[at] = np.where(from_work, best // runs, len(programme.classes.members))
    before.run[at] = np.where(from_work, best % runs, own)
    before.cell[at] = cell
