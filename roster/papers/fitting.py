"""PURE tables laid out so that they take few pages: the size of their letters and the shares of their columns.

Measured by the letters of the embedded font, so that what is counted here is what is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from documents.layouts import DECREE_30
from documents.paper import SMALLEST, Align, Cell, Column, Table, row
from documents.rendering import drawing, metrics

SIZES = (11.0, 10.0, 9.0, 8.5, 8.0, 7.5, SMALLEST)
"""From what is pleasant to the smallest that is readable."""
LONG = 9.0
"""For what takes more pages anyhow."""
MOST_CELLS = 6000
"""A table of more is long whatever is tried."""
LINE, ABOVE = 1.15, 0.35
"""Of a line, and of what a row takes besides its lines, in letter sizes; rules with it."""
INSET = 0.5
"""At both sides of a cell, in letter sizes."""
STEP = 1.0
"""Letter sizes that a column grows by."""
TITLE = 60.0
"""Points above a table that begins an appendix: its title, and which document it belongs to."""


@dataclass(frozen=True)
class Head:
    """A column to be. Those of one ``group`` are equally wide; ``whole``: its lines do not break; ``least``: letter sizes
    that it has anyhow, as room to write by hand."""

    title: str
    align: Align = "left"
    group: str = ""
    whole: bool = False
    least: float = 0.0


@dataclass(frozen=True)
class Page:
    """Points between the margins."""

    width: float
    height: float


def page(*, landscape: bool) -> Page:
    """Of any layout: their margins are the same."""
    margins, paper = DECREE_30.margins, DECREE_30.paper
    height = paper[not landscape] - margins.top - margins.bottom
    return Page(drawing.width(DECREE_30, landscape=landscape), height * drawing.POINTS)


def fitted(
    name: str,
    heads: Sequence[Head],
    rows: Sequence[Sequence[str | Cell]],
    *,
    landscape: bool = True,
    pages: int = 2,
    taken: float = TITLE,
    sizes: Sequence[float] = SIZES,
) -> Table:
    """With the largest letters by which it takes ``pages``, of which ``taken`` points are taken by something else; with
    those of what is long, where it takes more anyhow."""
    made = tuple(row(*each) for each in rows)
    sheet = page(landscape=landscape)
    if sum(map(len, made)) <= MOST_CELLS:
        for size in sizes:
            found = _laid_out(name, heads, made, size, sheet)
            if _fits(found, sheet, heads) and _pages(found, sheet, taken) <= pages:
                return found
    return _laid_out(name, heads, made, min(LONG, sizes[0]), sheet)


def _pages(table: Table, sheet: Page, taken: float) -> int:
    """How many it takes, the heading on each, rows that a cell holds together not torn apart."""
    head = _title_lines(table, sheet.width) * LINE * table.size + ABOVE * table.size
    count, left = 1, sheet.height - taken - head
    for tall in _together(table, _heights(table, sheet.width)):
        if tall > left:
            count, left = count + 1, sheet.height - head
        left -= tall
    return count


def _together(table: Table, heights: Sequence[float]) -> Iterator[float]:
    """Heights of what stays on one page, in points."""
    until, tall = 0, 0.0
    for number, (placed, own) in enumerate(zip(drawing.placed(table), heights, strict=True)):
        until = max([until, *(number + cell.rows for _column, cell in placed)])
        tall += own
        if number + 1 >= until:
            yield tall
            tall = 0.0


def _fits(table: Table, sheet: Page, heads: Sequence[Head]) -> bool:
    """Whether each word has its place on one line."""
    rooms = drawing.widths(table, sheet.width)
    least = _least(heads, _by_column(heads, table.rows))
    return all(need * table.size <= room + 0.01 for need, room in zip(least, rooms, strict=True))


def _laid_out(name: str, heads: Sequence[Head], rows: tuple[tuple[Cell, ...], ...], size: float, sheet: Page) -> Table:
    texts = _by_column(heads, rows)
    shares = _shared(heads, _least(heads, texts), texts, sheet.width / size)
    columns = tuple(Column(head.title, share, head.align) for head, share in zip(heads, shares, strict=True))
    return Table(name, columns, rows, size)


def _shared(heads: Sequence[Head], least: Sequence[float], texts: Sequence[Sequence[Cell]], room: float) -> list[float]:
    """What each has to have; the rest a bit at a time to the column of which it saves most lines."""
    shares, left = list(least), room - sum(least)
    growing = [at for at, head in enumerate(heads) if not head.whole and not head.group and texts[at]]
    saved = {at: _saved(texts[at], shares[at]) for at in growing}
    while left > 0 and growing and sum(map(len, texts)) <= MOST_CELLS:
        best = max(growing, key=lambda at: (saved[at], -shares[at]))
        step = min(STEP, left)
        shares[best] += step
        left -= step
        saved[best] = _saved(texts[best], shares[best])
        if not any(saved.values()):
            break
    return [each * room / sum(shares) for each in shares]


def _saved(cells: Sequence[Cell], share: float) -> float:
    """Lines that a column of three letters more would take less; of cells over several rows it matters less."""
    before, after = share - INSET, share - INSET + 3 * STEP
    return sum((_lines(each, before) - _lines(each, after)) / each.rows for each in cells)


def _lines(cell: Cell, room: float) -> int:
    return lines(cell.text, room, bold=cell.bold)


def _least(heads: Sequence[Head], texts: Sequence[Sequence[Cell]]) -> list[float]:
    """Of each column, in letter sizes: its widest word, or line."""
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


def _by_column(heads: Sequence[Head], rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Cells of one column that say something."""
    found: list[list[Cell]] = [[] for _head in heads]
    for column, cell in _alone(heads, rows):
        if cell.text:
            found[column].append(cell)
    return found


def _alone(heads: Sequence[Head], rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, Cell]]:
    """Cells of one column."""
    columns = tuple(Column(head.title) for head in heads)
    for placed in drawing.placed(Table("", columns, tuple(tuple(each) for each in rows))):
        yield from ((column, cell) for column, cell in placed if cell.columns == 1)


def _widest(texts: Iterable[str], *, bold: bool) -> float:
    return max((_em(each, bold) for each in texts), default=0.0)


@lru_cache(maxsize=20_000)
def _em(text: str, bold: bool) -> float:
    return metrics.face(bold=bold).width(text, 1.0)


def _title_lines(table: Table, width: float) -> int:
    rooms = [each / table.size - INSET for each in drawing.widths(table, width)]
    return max(lines(column.title, room, bold=True) for column, room in zip(table.columns, rooms, strict=True))


def _heights(table: Table, width: float) -> list[float]:
    """Of each row, in points."""
    at = [each / table.size for each in drawing.edges(table, width)]
    tall, open_yet = list[float](), dict[int, tuple[int, float]]()
    for number, placed in enumerate(drawing.placed(table)):
        own = 1.0
        for column, cell in placed:
            needed = lines(cell.text, at[column + cell.columns] - at[column] - INSET, bold=cell.bold) * LINE + ABOVE
            if cell.rows == 1:
                own = max(own, needed)
            else:
                open_yet[column] = (number + cell.rows - 1, max(needed, open_yet.get(column, (0, 0.0))[1]))
        tall.append(max(own, LINE + ABOVE))
        _reach_down(tall, open_yet, number)
    return [each * table.size for each in tall]


def _reach_down(tall: list[float], open_yet: dict[int, tuple[int, float]], number: int) -> None:
    """The last row of a cell over several is as high as the others leave it to be."""
    for column, (last, needed) in list(open_yet.items()):
        if last == number:
            del open_yet[column]
            begun = number
            while begun > 0 and sum(tall[begun:]) < needed and number - begun < 30:
                begun -= 1
            tall[-1] += max(0.0, needed - sum(tall[begun:]))


def lines(text: str, room: float, *, bold: bool = False) -> int:
    """As many as words broken at spaces take; ``room`` in letter sizes."""
    return sum(_lines_of(each, max(room, 0.5), bold) for each in text.split("\n"))


def _lines_of(text: str, room: float, bold: bool) -> int:
    space, used, count = _em(" ", bold), 0.0, 1
    for word in text.split(" "):
        wide = _em(word, bold)
        if used and used + space + wide > room:
            count, used = count + 1, 0.0
        used += wide + (space if used else 0.0)
    return count


def legend(titles: Mapping[str, str], head: tuple[str, str], name: str, size: float) -> Table:
    """Short words and what they stand for, three beside each other."""
    pairs = list(titles.items())
    rows = [pairs[at : at + 3] for at in range(0, len(pairs), 3)]
    columns = (Column(head[0], 1.0, "center"), Column(head[1], 4.0)) * min(3, len(pairs))
    width = len(columns)
    cells = [row(*(text for pair in some for text in pair), *[""] * (width - 2 * len(some))) for some in rows]
    return Table(name, columns, tuple(cells), size)
