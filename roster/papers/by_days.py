"""A roster by days: dates down, a column for each kind of duty, as it hangs on walls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from core.i18n import named
from documents.paper import Cell, Table
from people.models import DutyKind
from roster.papers import fitting, wording
from roster.papers.fitting import Head
from roster.publishing import sheet
from roster.publishing.sheet import DaySheet, Entry

Phones = Mapping[str, str]
"""Kind of duty → the number of its desk, as it is read."""
Beside = Mapping[int, Sequence[str]]
"""Shift id → names of those who stand beside whoever serves."""


def table(
    days: Sequence[DaySheet],
    kinds: Mapping[str, DutyKind],
    names: Mapping[str, str],
    *,
    phones: Phones,
    beside: Beside,
    taken: float = fitting.TITLE,
) -> Table:
    """``names``: by code, what people are called; ``taken``: points that stand above it."""
    duties = sheet.duties_of(days, kinds)
    heads = [
        Head(_("STT"), "center"),
        Head(_("Thứ, ngày dương lịch")),
        Head(_("Ngày âm lịch")),
        Head(_("Ca trực (giờ)"), whole=True),
        *(Head(_title(kinds[code], phones)) for code in duties),
        Head(_("Ghi chú")),
    ]
    shown = [day for day in days if day.lines]
    rows = [each for number, day in enumerate(shown, 1) for each in _rows(number, day, duties, names, beside)]
    return fitting.fitted(_("Lịch trực theo ngày"), heads, rows, taken=taken)


def _title(kind: DutyKind, phones: Phones) -> str:
    phone = phones.get(kind.code, "")
    return f"{named(kind)}\n{phone}" if phone else named(kind)


def _rows(
    number: int, day: DaySheet, duties: Sequence[str], names: Mapping[str, str], beside: Beside
) -> Iterable[list[Cell]]:
    found = day.rows(duties)
    for place, row in enumerate(found):
        head = [Cell(f"{row.template} {wording.hours(row.starts_at, row.ends_at)}")]
        cells = [Cell(_said(cell.entries, names, beside, timed=cell.timed), rows=cell.rows) for cell in row.cells]
        if place:
            yield [*head, *cells]
            continue
        tall = len(found)
        first = [
            Cell(str(number), rows=tall),
            Cell(wording.weekday_and_date(day.on), rows=tall, bold=day.day is not None and day.day.is_free),
            Cell(wording.lunar_day(day.on), rows=tall),
        ]
        yield [*first, *head, *cells, Cell(wording.remarks(day.on, day.day), rows=tall)]


def _said(entries: Iterable[Entry], names: Mapping[str, str], beside: Beside, *, timed: bool) -> str:
    return "\n".join(_entry(each, names, beside, timed=timed) for each in entries)


def _entry(entry: Entry, names: Mapping[str, str], beside: Beside, *, timed: bool) -> str:
    times = f"{entry.template} {wording.hours(entry.starts_at, entry.ends_at)}: " if timed else ""
    said = times + ", ".join(names[who.code] for who in entry.people)
    if beside.get(entry.shift_id):
        said += " " + _("(kèm trực: %(name)s)", name=", ".join(beside[entry.shift_id]))
    if entry.missing:
        said += " " + _("(còn thiếu %(n)s người)", n=entry.missing)
    return said.strip()
