"""A roster as people × days, with a short code for each kind and time of duty, and what the codes stand for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from flask_babel import gettext as _

from core import clock
from core.i18n import lunar_short, named, weekday
from core.text import format_phone, name_sort_key
from documents.paper import SMALLEST, Block, TableCell, paragraph
from people.models import DutyKind
from roster.draft.shown_days import GridDay
from roster.papers import fitting, wording
from roster.papers.fitting import ColumnHead
from roster.publishing import print_sheet
from roster.publishing.sheet import SheetShift, Somebody
from roster.words.labels import short

SIZES = (9.0, 8.5, 8.0, 7.5, SMALLEST)
LONG = 7.5
TIGHTEST = 7.2
"""Of the codes' explanation, which is read once."""


MOST = 90
"""People whom two pages can hold at all."""
FEW = 5
"""People a unit, below which its name stands beside them instead of above."""
KEY = 26.0
"""Points for the words above it."""


class ShiftSort(NamedTuple):
    """What shifts with the same code have in common: kind, name, and hours of the day."""

    duty: str
    template: str
    hours: str


@dataclass(frozen=True)
class PersonLine:
    """One person of one unit; ``held``: by day, the sorts of their shifts."""

    who: Somebody
    held: Mapping[date, Sequence[ShiftSort]]


@dataclass(frozen=True)
class _Shape:
    """Which columns and rows there are besides people and days: ``beside``: the unit in a column of its own; ``above``:
    in a line above its people."""

    positions: bool
    phones: bool
    beside: bool
    above: bool


def blocks(
    entries: Sequence[SheetShift], days: Sequence[GridDay], kinds: Mapping[str, DutyKind], *, phones: bool
) -> list[Block]:
    """Return the table by unit where there are several, people by name. ``phones``: with a column of their numbers.
    Positions are left out where the list would take two pages without them, and more with them."""
    codes, groups = codes_of(entries, kinds), lines(entries)
    several = len(groups) > 1
    many = sum(len(own) for _name, own in groups.values()) >= FEW * len(groups)
    explained = {code: _meaning(sort, kinds) for sort, code in codes.items()}
    below = (len(explained) / 3 + 2) * TIGHTEST * 1.7 + KEY
    for positions in (True, False):
        shape = _Shape(positions, phones, several and not many, several and many)
        rows, name = list(_rows(groups, days, codes, shape)), _("Lịch trực theo người")
        table = fitting.fitted(
            name, _heads(days, shape), rows, room=fitting.TableRoom(taken=fitting.TITLE + below), sizes=SIZES, long=LONG
        )
        if len(rows) > MOST or fitting.pages_of(table, fitting.TITLE + below) <= 2:
            break
    key = fitting.legend(explained, (_("Ký hiệu"), _("Nghĩa")), _("Ký hiệu"), min(TIGHTEST, table.size))
    return [table, paragraph(_("Ký hiệu:"), indent=False), key]


def _heads(days: Sequence[GridDay], shape: _Shape) -> list[ColumnHead]:
    return [
        *([ColumnHead(_("Đơn vị"))] if shape.beside else []),
        ColumnHead(_("STT"), "center"),
        ColumnHead(_("Họ và tên")),
        *([ColumnHead(_("Chức vụ"))] if shape.positions else []),
        *([ColumnHead(_("Điện thoại"), whole=True)] if shape.phones else []),
        *(ColumnHead(_heading(day.on), "center", group="day") for day in days),
        ColumnHead(_("Số ca"), "center"),
    ]


def codes_of(entries: Iterable[SheetShift], kinds: Mapping[str, DutyKind]) -> dict[ShiftSort, str]:
    """The kind's letters, with that of the shift where the kind has several; no two alike."""
    sorts = list(dict.fromkeys(map(sort_of, entries)))
    order = {code: place for place, code in enumerate(kinds)}
    sorts.sort(key=lambda each: (order.get(each.duty, len(order)), each.hours, each.template))
    many, found, used = Counter(each.duty for each in sorts), dict[ShiftSort, str](), set[str]()
    for each in sorts:
        letters = kinds[each.duty].letter if each.duty in kinds else each.duty[:2].upper()
        code = letters if many[each.duty] == 1 else f"{letters}{short(each.template)}"
        tried, number = code, 1
        while tried in used:
            number += 1
            tried = f"{code}{number}"
        used.add(tried)
        found[each] = tried
    return found


def sort_of(entry: SheetShift) -> ShiftSort:
    return ShiftSort(entry.duty, entry.template, _hours(entry.starts_at, entry.ends_at))


@lru_cache(maxsize=4096)
def _hours(starts_at: datetime, ends_at: datetime) -> str:
    """With how long it is, where the hours alone do not tell."""
    said = wording.hours(starts_at, ends_at)
    return said if ends_at - starts_at <= timedelta(days=1) else f"{said} {ends_at - starts_at}"


def _meaning(sort: ShiftSort, kinds: Mapping[str, DutyKind]) -> str:
    kind = kinds.get(sort.duty)
    return f"{named(kind) if kind else sort.duty}, {sort.template} {sort.hours}"


def _heading(on: date) -> str:
    """T6, 24/1, M1: as narrow as can be."""
    return f"{weekday(on, short=True)}\n{on.day}/{on.month}\n{lunar_short(on)}"


def _rows(
    groups: Mapping[str, tuple[str, Sequence[PersonLine]]],
    days: Sequence[GridDay],
    codes: Mapping[ShiftSort, str],
    shape: _Shape,
) -> Iterable[list[TableCell]]:
    number, width = 0, len(_heads(days, shape))
    for name, own in groups.values():
        if shape.above:
            yield [TableCell(name, columns=width, bold=True, shaded=True)]
        for place, line in enumerate(own):
            number += 1 if line.who.code else 0
            unit = [TableCell(name, rows=len(own))] if shape.beside and not place else []
            yield [*unit, *_row(number, line, days, codes, shape=shape)]


def _row(
    number: int, line: PersonLine, days: Sequence[GridDay], codes: Mapping[ShiftSort, str], *, shape: _Shape
) -> Iterable[TableCell]:
    who = line.who
    yield from (TableCell(str(number) if who.code else ""), TableCell(who.name))
    if shape.positions:
        yield TableCell(who.position)
    if shape.phones:
        yield TableCell(format_phone(who.phone) if who.phone else "")
    for day in days:
        yield TableCell(" ".join(codes[each] for each in line.held.get(day.on, ())), shaded=day.is_free)
    yield TableCell(str(sum(map(len, line.held.values()))))


def lines(entries: Iterable[SheetShift]) -> dict[str, tuple[str, list[PersonLine]]]:
    """Code of a unit → its name and its people by name; who serves two units stands under both. Seats that nobody has
    are a line of their own, the last."""
    ordered = sorted(entries, key=lambda each: each.starts_at)
    _listed, names = print_sheet.people_of(ordered)
    units, known = dict[str, str](), dict[str, Somebody]()
    held: defaultdict[str, defaultdict[str, defaultdict[date, list[ShiftSort]]]]
    held = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for entry in ordered:
        units[entry.unit] = entry.unit_name
        for who in (*entry.people, *[_nobody()] * entry.missing):
            if who.code not in known:
                known[who.code] = replace(who, name=names.get(who.code, who.name))
            held[entry.unit][who.code][clock.local_date(entry.starts_at)].append(sort_of(entry))
    return {
        unit: (
            units[unit],
            [PersonLine(known[code], own[code]) for code in sorted(own, key=lambda code: _by_name(known[code]))],
        )
        for unit, own in sorted(held.items())
    }


def _nobody() -> Somebody:
    return Somebody("", _("(còn thiếu người)"), "")


def _by_name(who: Somebody) -> tuple[bool, str, str]:
    return not who.code, name_sort_key(who.name), who.code
