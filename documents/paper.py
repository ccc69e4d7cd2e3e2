"""PURE A document as data: what it says and in which order, never how it looks.

Both renderers (PDF and DOCX) draw from this and from nothing else, so that both say the same. Texts are plain: nothing
in them is markup, whatever characters they hold. Looks come from ``documents.page_layouts`` by the code in ``layout``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Align = Literal["left", "center", "right", "justify"]
Sheet = Literal["a4", "a3"]
Mark = Literal["", "draft", "exercise"]
Form = Literal["named", "letter", "plain"]
"""``named``: the kind's name in capitals above the abstract (notice, decision, minutes). ``letter``: công văn, the
abstract under the number. ``plain``: a working sheet of the agency, without national title, number or recipients."""


@dataclass(frozen=True)
class TextRun:
    """A stretch of text of one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Paragraph:
    """``indent``: the first line, as in the body of a letter."""

    runs: tuple[TextRun, ...]
    align: Align = "justify"
    indent: bool = True


@dataclass(frozen=True)
class Heading:
    """Of a part of the text: level 1 above level 2. ``text`` brings its own numeral ("1. Tình hình chung")."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Items:
    """A list, each beginning with a dash."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class LabelledFacts:
    """Label and value, a line each, without rules."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableColumn:
    """``share``: of the width, beside the shares of the other columns."""

    title: str
    share: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class TableCell:
    """Covers ``rows`` × ``columns``; cells that another covers are left out of their row, as in HTML."""

    text: str
    rows: int = 1
    columns: int = 1
    bold: bool = False
    shaded: bool = False
    align: Align | None = None
    """None: as its column."""


@dataclass(frozen=True)
class PaperTable:
    """Column titles are repeated on each page. ``size``: points of its letters, never under ``SMALLEST``.

    ``name`` says to who cannot see it what the table shows.
    """

    name: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    size: float = 11.0


@dataclass(frozen=True)
class Party:
    """Who signs beside others: "BÊN GIAO", the name below the room for the hand."""

    role: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Signatures:
    """Those who sign a record together, side by side, at most three in a line."""

    parties: tuple[Party, ...]


@dataclass(frozen=True)
class Code:
    """A QR code of an address, in the middle, with words under it. ``size``: millimetres of a side on A4."""

    address: str
    caption: str = ""
    size: float = 40.0


Block = Paragraph | Heading | Items | LabelledFacts | PaperTable | Signatures | Code
BLOCK_NAMES: Mapping[type[Block], str] = {
    Paragraph: "paragraph",
    Heading: "heading",
    Items: "items",
    LabelledFacts: "facts",
    PaperTable: "table",
    Signatures: "signatures",
    Code: "code",
}
"""As templates/documents/blocks.typ calls them."""
SMALLEST = 7.0


@dataclass(frozen=True)
class Agency:
    """Who issues it, and above whom that is: "TỔNG CÔNG TY …", "BƯU ĐIỆN TỈNH GIA LAI" (as written, in any case)."""

    name: str
    superior: str = ""


@dataclass(frozen=True)
class Signature:
    """``lines``: authority and office, "KT. GIÁM ĐỐC" above "PHÓ GIÁM ĐỐC"."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Appendix:
    """``label``: "Phụ lục I", or empty when there is one list only. ``attached``: to which document it belongs."""

    title: str
    blocks: tuple[Block, ...]
    label: str = ""
    attached: str = ""
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """One document. Empty texts and tuples are left out on paper.

    ``number``: whole, "Số: 08/TB-BĐGL". ``place_and_date``: "Gia Lai, ngày 20 tháng 01 năm 2020". ``urgency``: a stamp
    ("KHẨN"). ``addressed_to``: after "Kính gửi". ``mark``: across each page, that it is a draft or of an exercise.
    ``name``: what the file is called by readers and screens; ``language``: vi or en. ``sheet``: A3 is A4 made larger;
    ``scale``: letters of what hangs on a wall are larger than those of a letter.
    """

    layout: str
    name: str
    form: Form
    agency: Agency
    kind: str
    abstract: str
    language: str = "vi"
    number: str = ""
    place_and_date: str = ""
    urgency: str = ""
    addressed_to: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    signature: Signature | None = None
    recipients: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    landscape: bool = False
    mark: Mark = ""
    sheet: Sheet = "a4"
    scale: float = 1.0


def paragraph(words: str, *, align: Align = "justify", indent: bool = True, italic: bool = False) -> Paragraph:
    """One of one look."""
    return Paragraph((TextRun(words, italic=italic),), align, indent)


def row(*cells: str | TableCell) -> tuple[TableCell, ...]:
    return tuple(each if isinstance(each, TableCell) else TableCell(each) for each in cells)


def table(
    name: str, columns: Sequence[TableColumn], rows: Sequence[Sequence[str | TableCell]], size: float = 11.0
) -> PaperTable:
    """Raises ValueError when letters would be too small to read."""
    if size < SMALLEST:
        raise ValueError(f"{size} pt is under {SMALLEST}")
    return PaperTable(name, tuple(columns), tuple(row(*each) for each in rows), size)


def as_json(paper: Paper) -> dict[str, Any]:
    """Plain values for a renderer in another process; each block says its ``block``."""
    plain = asdict(paper)
    plain["blocks"] = _blocks(paper.blocks)
    for each, appendix in zip(plain["appendices"], paper.appendices, strict=True):
        each["blocks"] = _blocks(appendix.blocks)
    return plain


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [{"block": BLOCK_NAMES[type(each)], **asdict(each)} for each in blocks]
