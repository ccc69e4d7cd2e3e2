"""The printed roster: its people once each, by names that tell them apart, and the layout that its length asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.clock import local
from core.text import name_sort_key
from roster.publishing import print_fit
from roster.publishing.print_fit import Fit, Text
from roster.publishing.sheet import DaySheet, SheetCell, SheetShift, Somebody


@dataclass(frozen=True)
class SheetNames:
    """``names``: by code, what the table says; those who share a name are told apart by their codes."""

    listed: tuple[Somebody, ...]
    names: Mapping[str, str]
    fit: Fit


Beside = Mapping[int, Sequence[str]]
"""Shift id → names of those who stand beside whoever serves."""


def names_on_sheet(days: Sequence[DaySheet], duties: Sequence[str], unit: str, beside: Beside) -> SheetNames:
    """``unit``: code of the campaign's unit; entries of others say theirs."""
    listed, names = people_of(entry for day in days for entry in day.entries)
    table = [
        [
            [_text(cell, duties.index(cell.duty), names, unit, beside=beside) for cell in row.cells]
            for row in day.rows(duties)
        ]
        for day in days
        if day.lines
    ]
    longest = max((len(row.template) for day in days for row in day.rows(duties)), default=0) + len(" 14:00–22:00")
    return SheetNames(listed, names, print_fit.fit(table, len(duties), len(listed), longest))


def people_of(entries: Iterable[SheetShift]) -> tuple[tuple[Somebody, ...], Mapping[str, str]]:
    """Who serves, once each by name; and by code what lists call them: those who share a name with their codes."""
    found = {who.code: who for entry in entries for who in entry.people}
    shared = Counter(who.name for who in found.values())
    names = {code: f"{who.name} ({code})" if shared[who.name] > 1 else who.name for code, who in found.items()}
    return tuple(sorted(found.values(), key=lambda who: (name_sort_key(who.name), who.code))), names


def _text(cell: SheetCell, column: int, names: Mapping[str, str], unit: str, *, beside: Beside) -> Text:
    words = (_words(entry, names, unit, cell.timed) + _with(entry, beside) for entry in cell.entries)
    return Text(column, tuple(words), cell.rows)


def _with(entry: SheetShift, beside: Beside) -> str:
    names = beside.get(entry.shift_id, ())
    return f" (kèm trực: {', '.join(names)})" if names else ""


def _words(entry: SheetShift, names: Mapping[str, str], unit: str, timed: bool) -> str:
    """About as long as what is printed."""
    times = f"{entry.template} {local(entry.starts_at):%H:%M}–{local(entry.ends_at):%H:%M}: " if timed else ""
    lacking = " (còn thiếu 1 người)" if entry.missing else ""
    place = f" ({entry.unit_name})" if entry.unit != unit else ""
    return times + ", ".join(names[who.code] for who in entry.people) + lacking + place
