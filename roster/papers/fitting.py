"""PURE tables laid out so that they take few pages: the size of their letters and the shares of their columns.

Measured by the letters of the embedded font, so that what is counted here is what is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from documents.page_layouts import DECREE_30
from documents.paper import SMALLEST, Align, PaperTable, TableCell, TableColumn, row
from documents.rendering import drawing, metrics

SIZES = (11.0, 10.0, 9.0, 8.5, 8.0, 7.5, SMALLEST)
"""From what is pleasant to the smallest that is readable."""
LONG = 9.0
"""For what takes more pages anyhow."""
MOST_CELLS = 6000
"""A table of more is long whatever is tried."""
SAMPLE = 200
"""Texts of a column of such a table that say how wide it should be."""
LINE, ABOVE = 1.15, 0.36
"""Of a line, and of what a row takes besides its lines, in letter sizes; rules with it."""
INSET = 0.5
"""At both sides of a cell, in letter sizes."""
STEP = 1.0
"""Letter sizes that a column grows by."""
TITLE = 60.0
"""Points above a table that begins an appendix: its title, and which document it belongs to."""


@dataclass(frozen=True)
class ColumnHead:
    """A column to be. Those of one ``group`` are equally wide; ``whole``: its lines do not break; ``least``: letter
    sizes that it has anyhow, as room to write by hand."""

    title: str
    align: Align = "left"
    group: str = ""
    whole: bool = False
    least: float = 0.0


@dataclass(frozen=True)
class PageMargins:
    """Points between the margins."""

    width: float
    height: float


def page(*, landscape: bool) -> PageMargins:
    """Return the margins of a page, which are the same in any layout."""
    margins, paper = DECREE_30.margins, DECREE_30.paper
    height = paper[not landscape] - margins.top - margins.bottom
    return PageMargins(drawing.width(DECREE_30, landscape=landscape), height * drawing.POINTS)


@dataclass(frozen=True)
class TableRoom:
    """So many pages, of which so many points are taken by something else."""

    pages: int = 2
    taken: float = TITLE


def fitted(
    name: str,
    heads: Sequence[ColumnHead],
    rows: Sequence[Sequence[str | TableCell]],
    *,
    landscape: bool = True,
    room: TableRoom = TableRoom(),
    sizes: Sequence[float] = SIZES,
    long: float = LONG,
) -> PaperTable:
    """Return the table with the largest letters by which it takes the ``room``; with those of ``long``, where it takes
    more anyhow."""
    made = tuple(row(*each) for each in rows)
    sheet, texts = page(landscape=landscape), _by_column(heads, made)
    least, is_long = _least(heads, texts), sum(map(len, texts)) > MOST_CELLS
    some = [cells[:: max(1, len(cells) // SAMPLE)] for cells in texts] if is_long else texts
    readable = [each for each in sizes if sum(least) * each <= sheet.width] or [sizes[-1]]

    def at(size: float) -> PaperTable:
        shares = _shared(heads, least, some, sheet.width / size)
        columns = tuple(TableColumn(head.title, share, head.align) for head, share in zip(heads, shares, strict=True))
        return PaperTable(name, columns, made, size)

    tried = (at(size) for size in (() if is_long else readable))
    found = next((each for each in tried if _pages(each, sheet, room.taken) <= room.pages), None)
    return found or at(next((each for each in readable if each <= long), readable[-1]))


def pages_of(table: PaperTable, taken: float = TITLE, *, landscape: bool = True) -> int:
    """Return how many pages it will take."""
    return _pages(table, page(landscape=landscape), taken)


def _pages(table: PaperTable, sheet: PageMargins, taken: float) -> int:
    """How many it takes, the heading on each, rows that a cell holds together not torn apart."""
    head = _title_lines(table, sheet.width) * LINE * table.size + ABOVE * table.size
    count, left = 1, sheet.height - taken - head
    for tall in _together(table, _heights(table, sheet.width)):
        if tall > left:
            count, left = count + 1, sheet.height - head
        left -= tall
    return count


def _together(table: PaperTable, heights: Sequence[float]) -> Iterator[float]:
    """Heights of what stays on one page, in points."""
    until, tall = 0, 0.0
    for number, (placed, own) in enumerate(zip(drawing.placed(table), heights, strict=True)):
        until = max([until, *(number + cell.rows for _column, cell in placed)])
        tall += own
        if number + 1 >= until:
            yield tall
            tall = 0.0


def _shared(
    heads: Sequence[ColumnHead], least: Sequence[float], texts: Sequence[Sequence[TableCell]], room: float
) -> list[float]:
    """Return what each has to have; the rest a bit at a time to the column of which it saves most lines."""
    shares, left = list(least), room - sum(least)
    growing = [at for at, cells in enumerate(texts) if cells and not heads[at].whole and not heads[at].group]
    saved = {at: _saved(texts[at], shares[at]) for at in growing}
    while left > 0 and any(saved.values()):
        best = max(growing, key=lambda at: (saved[at], -shares[at]))
        step = min(STEP, left)
        shares[best] += step
        left -= step
        saved[best] = _saved(texts[best], shares[best])
    return [each * room / sum(shares) for each in shares]


def _saved(cells: Sequence[TableCell], share: float) -> float:
    """Lines that a column of three letters more would take less; of cells over several rows it matters less."""
    before, after = share - INSET, share - INSET + 3 * STEP
    return sum((_lines(each, before) - _lines(each, after)) / each.rows for each in cells)


def _lines(cell: TableCell, room: float) -> int:
    return lines(cell.text, room, bold=cell.bold)


def _least(heads: Sequence[ColumnHead], texts: Sequence[Sequence[TableCell]]) -> list[float]:
    """Return what each column needs, in letter sizes: its widest word, or line."""
    least = []
    for head, cells in zip(heads, texts, strict=True):
        parts = [_widest(each.text.split("\n") if head.whole else each.text.split(), bold=each.bold) for each in cells]
        least.append(max(_widest(head.title.split(), bold=True), *parts, head.least) + INSET)
    for group in {head.group for head in heads if head.group}:
        own = [at for at, head in enumerate(heads) if head.group == group]
        widest = max(least[at] for at in own)
        for at in own:
            least[at] = widest
    return least


def _by_column(heads: Sequence[ColumnHead], rows: Sequence[Sequence[TableCell]]) -> list[list[TableCell]]:
    """Cells of one column that say something."""
    found: list[list[TableCell]] = [[] for _head in heads]
    for column, cell in _alone(heads, rows):
        if cell.text:
            found[column].append(cell)
    return found


def _alone(heads: Sequence[ColumnHead], rows: Sequence[Sequence[TableCell]]) -> Iterator[tuple[int, TableCell]]:
    """Cells of one column."""
    columns = tuple(TableColumn(head.title) for head in heads)
    for placed in drawing.placed(PaperTable("", columns, tuple(tuple(each) for each in rows))):
        yield from ((column, cell) for column, cell in placed if cell.columns == 1)


def _widest(texts: Iterable[str], *, bold: bool) -> float:
    return max((_em(each, bold) for each in texts), default=0.0)


@lru_cache(maxsize=20_000)
def _em(text: str, bold: bool) -> float:
    return metrics.face(bold=bold).width(text, 1.0)


def _title_lines(table: PaperTable, width: float) -> int:
    rooms = [each / table.size - INSET for each in drawing.widths(table, width)]
    return max(lines(column.title, room, bold=True) for column, room in zip(table.columns, rooms, strict=True))


def _heights(table: PaperTable, width: float) -> list[float]:
    """Return the height of each row, in points. The last row of a cell over several is as high as the others leave it
    to be."""
    at = [each / table.size for each in drawing.edges(table, width)]
    tall = list[float]()
    reaching = list[tuple[int, int, float]]()
    for number, placed in enumerate(drawing.placed(table)):
        tall.append(LINE + ABOVE)
        for column, cell in placed:
            needed = _lines(cell, at[column + cell.columns] - at[column] - INSET) * LINE + ABOVE
            if cell.rows == 1:
                tall[-1] = max(tall[-1], needed)
            else:
                reaching.append((number, number + cell.rows - 1, needed))
        for first, _last, needed in (each for each in reaching if each[1] == number):
            tall[-1] += max(0.0, needed - sum(tall[first:]))
        reaching = [each for each in reaching if each[1] > number]
    return [each * table.size for each in tall]


def lines(text: str, room: float, *, bold: bool = False) -> int:
    """Return how many lines words broken at spaces take; ``room`` in letter sizes."""
    return sum(_lines_of(each, max(room, 0.5), bold) for each in text.split("\n"))


def _lines_of(text: str, room: float, bold: bool) -> int:
    space, used, count = _em(" ", bold), 0.0, 1
    for word in text.split(" "):
        wide = _em(word, bold)
        if used and used + space + wide > room:
            count, used = count + 1, 0.0
        used += wide + (space if used else 0.0)
    return count


def legend(titles: Mapping[str, str], head: tuple[str, str], name: str, size: float) -> PaperTable:
    """Short words and what they stand for, three beside each other."""
    pairs = list(titles.items())
    rows = [pairs[at : at + 3] for at in range(0, len(pairs), 3)]
    columns = (TableColumn(head[0], 1.0, "center"), TableColumn(head[1], 4.0)) * min(3, len(pairs))
    width = len(columns)
    cells = [row(*(text for pair in some for text in pair), *[""] * (width - 2 * len(some))) for some in rows]
    return PaperTable(name, columns, tuple(cells), size)
