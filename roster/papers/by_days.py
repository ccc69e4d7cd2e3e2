"""A roster by days: dates down, a column for each kind of duty, as it hangs on walls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from core.errors import Invalid
from core.i18n import named
from documents.paper import SMALLEST, Block, Heading, PaperTable, TableCell
from people.models import DutyKind
from roster.draft.shown_days import GridDay
from roster.papers import fitting, wording
from roster.papers.fitting import ColumnHead
from roster.publishing import print_sheet, sheet
from roster.publishing.sheet import DaySheet, SheetShift

MOST = 3000
"""Shifts: of more nobody reads a list by days, and typesetting takes minutes."""
SEVERAL = (9.0, 8.5, 8.0, 7.5, SMALLEST)
"""Sizes where each unit has a table of its own."""
Phones = Mapping[str, str]
"""Kind of duty → the number of its desk, as it is read."""
Beside = Mapping[int, Sequence[str]]
"""Shift id → names of those who stand beside whoever serves."""


def unit_blocks(
    entries: Sequence[SheetShift],
    days: Sequence[GridDay],
    kinds: Mapping[str, DutyKind],
    *,
    phones: Mapping[str, Phones],
    beside: Beside,
    taken: float = fitting.TITLE,
) -> list[Block]:
    """A table for each unit, under its name where there are several. ``phones``: by unit; ``taken``: points that stand
    above the first. Raises Invalid ``papers.long`` at ``layout``."""
    if len(entries) > MOST:
        raise Invalid("papers.long", field="layout", most=MOST, n=len(entries))
    _listed, names = print_sheet.people_of(entries)
    found: list[Block] = []
    by_unit = {
        code: [each for each in entries if each.unit == code] for code in sorted({each.unit for each in entries})
    }
    for number, (code, own) in enumerate(by_unit.items(), 1):
        if len(by_unit) > 1:
            found.append(Heading(f"{number}. {own[-1].unit_name}"))
        shown = sheet.sheet_of_entries(own, days)
        sizes = fitting.SIZES if len(by_unit) == 1 else SEVERAL
        found.append(table(shown, kinds, names, phones.get(code, {}), beside=beside, taken=taken, sizes=sizes))
    return found


def table(
    days: Sequence[DaySheet],
    kinds: Mapping[str, DutyKind],
    names: Mapping[str, str],
    phones: Phones,
    *,
    beside: Beside,
    taken: float,
    sizes: Sequence[float],
) -> PaperTable:
    """``names``: by code, what people are called; ``taken``: points that stand above it."""
    duties = sheet.duties_of(days, kinds)
    heads = [
        ColumnHead(_("STT"), "center"),
        ColumnHead(_("Thứ, ngày dương lịch")),
        ColumnHead(_("Ngày âm lịch")),
        ColumnHead(_("Ca trực (giờ)"), whole=True),
        *(ColumnHead(_title(kinds[code], phones)) for code in duties),
        ColumnHead(_("Ghi chú")),
    ]
    shown = [day for day in days if day.lines]
    rows = [each for number, day in enumerate(shown, 1) for each in _rows(number, day, duties, names, beside=beside)]
    return fitting.fitted(_("Lịch trực theo ngày"), heads, rows, room=fitting.TableRoom(taken=taken), sizes=sizes)


def _title(kind: DutyKind, phones: Phones) -> str:
    phone = phones.get(kind.code, "")
    return f"{named(kind)}\n{phone}" if phone else named(kind)


def _rows(
    number: int, day: DaySheet, duties: Sequence[str], names: Mapping[str, str], *, beside: Beside
) -> Iterable[list[TableCell]]:
    found = day.rows(duties)
    for place, row in enumerate(found):
        head = [TableCell(f"{row.template} {wording.hours(row.starts_at, row.ends_at)}")]
        cells = [TableCell(_said(cell.entries, names, beside, timed=cell.timed), rows=cell.rows) for cell in row.cells]
        if place:
            yield [*head, *cells]
            continue
        tall = len(found)
        first = [
            TableCell(str(number), rows=tall),
            TableCell(wording.weekday_and_date(day.on), rows=tall, bold=day.day is not None and day.day.is_free),
            TableCell(wording.lunar_day(day.on), rows=tall),
        ]
        yield [*first, *head, *cells, TableCell(wording.remarks(day.on, day.day), rows=tall)]


def _said(entries: Iterable[SheetShift], names: Mapping[str, str], beside: Beside, *, timed: bool) -> str:
    return "\n".join(_entry(each, names, beside, timed=timed) for each in entries)


def _entry(entry: SheetShift, names: Mapping[str, str], beside: Beside, *, timed: bool) -> str:
    times = f"{entry.template} {wording.hours(entry.starts_at, entry.ends_at)}: " if timed else ""
    said = times + ", ".join(names[who.code] for who in entry.people)
    if beside.get(entry.shift_id):
        said += " " + _("(kèm trực: %(name)s)", name=", ".join(beside[entry.shift_id]))
    if entry.missing:
        said += " " + _("(còn thiếu %(n)s người)", n=entry.missing)
    return said.strip()
