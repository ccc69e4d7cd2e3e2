"""PURE where things stand in a sheet: the row with the days, the columns of names and codes, the rows of people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.text import fold
from roster.sheets import days as headings
from roster.sheets.days import WEIGHT, DayHeading, Note

LOOKED_AT = 40
"""Rows from the top among which the one with the days is looked for."""
NAME = frozenset(
    ("ho va ten", "ho ten", "ten", "ho va ten nguoi truc", "nguoi truc", "nhan su", "can bo", "full name", "name")
)
CODE = frozenset(("ma", "ma nv", "ma nhan vien", "ma so", "ma can bo", "ma nhan su", "code", "person code"))
PHONE = frozenset(("dien thoai", "so dien thoai", "sdt", "dt", "phone", "di dong"))

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class ChosenLayout:
    """What somebody said of the sheet, where it was not found: numbers from 0; a column ↦ ``None``: no day."""

    header: int | None = None
    name: int | None = None
    code: int | None = None
    columns: Mapping[int, date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class LayoutColumn:
    """``on``: the day that it stands for; ``None``: not known, or none of the campaign's."""

    number: int
    text: str
    on: date | None
    note: Note = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class PersonRow:
    """One person's row; ``marks``: column → what is in it, of columns that stand for a day; ``more``: it has something
    under headings that may stand for one."""

    number: int
    name: str
    code: str
    phone: str
    marks: Mapping[int, str]
    more: bool = False

    @property
    def says(self) -> bool:
        """Whether it says anything of days."""
        return self.more or any(self.marks.values())


@dataclass(frozen=True)
class SheetLayout:
    """``header``: the row with the days, ``None`` where none was found. ``stray``: (row, column) of what is written
    under a heading that may stand for a day and is known to stand for none; ``passed``: column → rows of all else that
    is not taken, under words or under nothing."""

    header: int | None
    name: int | None
    code: int | None
    phone: int | None
    columns: tuple[LayoutColumn, ...]
    lines: tuple[PersonRow, ...]
    stray: tuple[tuple[int, int], ...]
    passed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def days(self) -> dict[int, date]:
        return {column.number: column.on for column in self.columns if column.on is not None}


def find(
    rows: Rows, days: Sequence[date], names: Collection[str], codes: Collection[str], *, chosen: ChosenLayout
) -> SheetLayout:
    """``names``: folded, and ``codes``: in small letters, of the people that there are."""
    header = chosen.header if chosen.header is not None else _header(rows, days)
    if header is None or header >= len(rows):
        return SheetLayout(None, None, None, None, (), (), ())
    columns = _columns(rows[header], days, chosen)
    columns = tuple(sorted((*columns, *_unheaded(rows, header, columns, chosen)), key=lambda each: each.number))
    dated = {column.number for column in columns if column.on is not None}
    above = rows[max(0, header - 2) : header + 2]
    below = rows[header + 1 :]
    taken = set(dated)
    code = _column(chosen.code, above, CODE, taken) if chosen.code is None else chosen.code
    if code is None:
        code = _fullest(below, taken, lambda text: text.lower() in codes)
    taken |= {code} if code is not None else set()
    name = _column(chosen.name, above, NAME, taken) if chosen.name is None else chosen.name
    if name is None:
        name = _fullest(below, taken, lambda text: bare_name(text) in names)
    phone = _column(None, above, PHONE, taken | ({name} if name is not None else set()))
    known = {each for each in (name, code, phone) if each is not None}
    shown = tuple(column for column in columns if column.number not in known)
    unread = _unread(shown, min(dated, default=0))
    stray = tuple(
        (row, number) for row in range(header + 1, len(rows)) for number in unread if _cell(rows[row], number)
    )
    lines = _lines(rows, header, (name, code, phone), shown, stray=frozenset(row for row, _number in stray))
    taken = {*known, *unread, *dated, *chosen.columns}
    return SheetLayout(header, name, code, phone, shown, lines, stray, _passed(rows, header, taken))


def bare_name(text: str) -> str:
    """The name without what is put before and after it: "Đ/c Nguyễn Văn An (GĐ)", folded."""
    plain = fold(text.split("(")[0].split(" - ")[0].split(" – ")[0])
    for title in ("d/c ", "dc ", "dong chi ", "ong ", "ba ", "anh ", "chi "):
        # Ông, Bà may be what somebody is called: what is left must still be a name of two words.
        if plain.startswith(title) and len(plain.removeprefix(title).split()) > 1:
            return plain.removeprefix(title)
    return plain


def _header(rows: Rows, days: Sequence[date]) -> int | None:
    best, found = 1, None
    for number, row in enumerate(rows[:LOOKED_AT]):
        score = _score(headings.in_order(headings.parse_heading(cell, days) if cell else None for cell in row))
        if score > best:
            best, found = score, number
    return found


def _score(said: Sequence[DayHeading | None]) -> int:
    """Each day counts once: a row of the code 24 is not a row of days."""
    worth = dict[date, int]()
    for each in said:
        if each is not None and each.days:
            worth[each.days[0]] = max(worth.get(each.days[0], 0), WEIGHT[each.how])
    return sum(worth.values())


def _columns(row: Sequence[str], days: Sequence[date], chosen: ChosenLayout) -> tuple[LayoutColumn, ...]:
    said = headings.in_order(headings.parse_heading(cell, days) if cell else None for cell in row)
    found = list[LayoutColumn]()
    for number, (cell, each) in enumerate(zip(row, said, strict=True)):
        if number in chosen.columns:
            found.append(LayoutColumn(number, cell, chosen.columns[number], is_chosen=True))
        elif each is not None:
            found.append(LayoutColumn(number, cell, each.days[0] if each.days else None, each.note))
    seen = set[date]()
    for place, column in enumerate(found):
        if column.on in seen and not column.is_chosen:  # which of the two is meant is for a person to say
            found[place] = LayoutColumn(column.number, column.text, None, "clash")
        elif column.on is not None:
            seen.add(column.on)
    return tuple(found)


def _unheaded(rows: Rows, header: int, found: Sequence[LayoutColumn], chosen: ChosenLayout) -> list[LayoutColumn]:
    """Columns among the days with something in them and nothing over them: a heading drawn over two columns is in the
    first of them alone, and what the second is somebody has to say."""

    def text(row: Sequence[str], number: int) -> str:
        return row[number] if number < len(row) else ""

    dated = [column.number for column in found if column.on is not None]
    have = {column.number for column in found}
    over, below = rows[max(0, header - 2) : header + 1], rows[header + 1 :]
    return [
        LayoutColumn(number, "", chosen.columns.get(number), "blank", number in chosen.columns)
        for number in range(min(dated, default=0), max(dated, default=-2) + 2)
        if number not in have and not any(text(row, number) for row in over) and any(text(row, number) for row in below)
    ]


def _column(given: int | None, above: Rows, words: Collection[str], taken: Collection[int]) -> int | None:
    if given is not None:
        return given
    for row in above:
        for number, cell in enumerate(row):
            if number not in taken and fold(cell).strip(" .:") in words:
                return number
    return None


def _fullest(rows: Rows, taken: Collection[int], is_one: Callable[[str], bool]) -> int | None:
    """The column that has most of what is looked for."""
    counts = dict[int, int]()
    for row in rows:
        for number, cell in enumerate(row):
            if cell and number not in taken and is_one(cell):
                counts[number] = counts.get(number, 0) + 1
    return max(counts, key=lambda number: (counts[number], -number), default=None)


def _cell(row: Sequence[str], number: int | None) -> str:
    return row[number] if number is not None and number < len(row) else ""


def _lines(
    rows: Rows,
    header: int,
    who: tuple[int | None, int | None, int | None],
    columns: Sequence[LayoutColumn],
    *,
    stray: Collection[int],
) -> tuple[PersonRow, ...]:
    """``who``: the columns of name, code and telephone; ``stray``: rows with something under no known day."""
    found = list[PersonRow]()
    for number in range(header + 1, len(rows)):
        row = rows[number]
        marks = {each.number: _cell(row, each.number) for each in columns if each.on is not None}
        name, code, phone = (_cell(row, each) for each in who)
        line = PersonRow(number, name, code, phone, marks, number in stray)
        if line.name or line.code or any(marks.values()):
            found.append(line)
    return tuple(found)


def _unread(columns: Sequence[LayoutColumn], first: int) -> list[int]:
    """Columns under headings that were read as days, but of none of this campaign, or of one that is there twice. Bare
    numbers before the first day number columns."""
    return [
        column.number
        for column in columns
        if column.on is None and not column.is_chosen and (column.number >= first or column.note)
    ]


def _passed(rows: Rows, header: int, taken: Collection[int]) -> dict[int, tuple[int, ...]]:
    found = dict[int, list[int]]()
    for number in range(header + 1, len(rows)):
        for column, text in enumerate(rows[number]):
            if text and column not in taken:
                found.setdefault(column, []).append(number)
    return {column: tuple(there) for column, there in sorted(found.items())}
