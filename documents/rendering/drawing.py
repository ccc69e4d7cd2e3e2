"""PURE What both renderers share: texts as they are shown, where lines break in the head, how long rules are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.page_layouts import ElementStyle, PageLayout, by_code, words as words_of
from documents.paper import Appendix, Block, Heading, Paper, PaperTable, TableCell
from documents.rendering import metrics
from documents.rendering.inert import everywhere

POINTS = 72 / 25.4
"""In a millimetre."""
GUTTER = 8.0
"""Points between agency and national title."""
LEAST_LEFT, MOST_LEFT = 0.36, 0.5
"""What the agency's side may take of the width."""
NO_BREAK = "\N{NO-BREAK SPACE}"
TOGETHER = ("TỔNG CÔNG TY", "BƯU ĐIỆN", "VIỆT NAM")
"""Words of agencies' names between which no line breaks unless it was written so."""


@dataclass(frozen=True)
class LetterHead:
    """The two columns above the text, in points, and the lines that stand in them."""

    left: float
    right: float
    superior: tuple[str, ...]
    agency: tuple[str, ...]
    nation: tuple[str, ...]
    motto: tuple[str, ...]
    abstract: tuple[str, ...]
    """Of a letter."""


def shown(paper: Paper) -> Paper:
    """Texts as they are printed: inert, in capitals where the layout says so, levels of headings without a gap."""
    paper, looks = everywhere(paper), by_code(paper.layout).looks

    def cased(text: str, look: ElementStyle) -> str:
        return text.strip().upper() if look.capitals else text.strip()

    agency, signature = paper.agency, paper.signature
    names = (
        " ".join(each.split()) for each in (paper.name, paper.abstract, paper.kind, words_of(paper.language).nation)
    )
    return replace(
        paper,
        # A reader of screens says it first; no file goes without.
        name=next(each for each in names if each),
        agency=replace(agency, name=cased(agency.name, looks.agency), superior=cased(agency.superior, looks.superior)),
        kind=cased(paper.kind, looks.kind),
        abstract=paper.abstract.strip(),
        urgency=cased(paper.urgency, looks.urgency),
        signature=signature and replace(signature, lines=tuple(cased(each, looks.office) for each in signature.lines)),
        recipients=listed(paper.recipients),
        addressed_to=listed(paper.addressed_to) if len(paper.addressed_to) > 1 else paper.addressed_to,
        blocks=_without_gaps(paper.blocks),
        appendices=tuple(_appendix(each, cased(each.title, looks.appendix_title)) for each in paper.appendices),
    )


def listed(lines: Sequence[str]) -> tuple[str, ...]:
    """Each ends with a semicolon, the last with a full stop; the dash before them is the list's."""
    bare = [each.removeprefix("-").strip().rstrip(";.").rstrip() for each in lines]
    return tuple(each + (";" if at < len(bare) else ".") for at, each in enumerate(bare, start=1))


def _appendix(appendix: Appendix, title: str) -> Appendix:
    attached = appendix.attached.strip()
    if attached and not attached.startswith("("):
        attached = f"({attached})"
    return replace(
        appendix, label=appendix.label.strip(), title=title, attached=attached, blocks=_without_gaps(appendix.blocks)
    )


def _without_gaps(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Readers are told a level: one that has none above it is lifted, one that says nothing is left out."""
    kept, above = [], 0
    for each in blocks:
        if isinstance(each, Heading):
            if not each.text.strip():
                continue
            above = min(each.level, above + 1)
            each = replace(each, level=above)
        kept.append(each)
    return tuple(kept)


def width(layout: PageLayout, *, landscape: bool = False) -> float:
    """Points between the margins."""
    return (layout.paper[landscape] - layout.margins.left - layout.margins.right) * POINTS


def head(paper: Paper, layout: PageLayout) -> LetterHead:
    """The national title in one line wherever it fits; the agency wraps into lines of about the same length."""
    total, looks, said = width(layout, landscape=paper.landscape), layout.looks, words_of(paper.language)
    wanted = max(
        wide(said.nation, looks.nation),
        wide(said.motto, looks.motto),
        wide(paper.place_and_date, looks.place_and_date),
    )
    left = min(max(total - wanted - 2 * GUTTER, LEAST_LEFT * total), MOST_LEFT * total)
    right = total - left - GUTTER
    return LetterHead(
        left=left,
        right=right,
        superior=balanced(paper.agency.superior, looks.superior, left),
        agency=balanced(paper.agency.name, looks.agency, left),
        nation=balanced(said.nation, looks.nation, right),
        motto=balanced(said.motto, looks.motto, right),
        abstract=balanced(paper.abstract, looks.letter_abstract, left) if paper.form == "letter" else (),
    )


def wide(text: str, look: ElementStyle) -> float:
    face = metrics.face(bold=look.bold, italic=look.italic)
    return max(face.width(line, look.size) for line in text.split("\n"))


def rule(lines: Sequence[str], look: ElementStyle, available: float) -> float:
    """Points of the line under ``lines``."""
    longest = max((wide(each, look) for each in lines), default=0.0)
    return round(look.rule * min(longest, available), 1)


def balanced(text: str, look: ElementStyle, available: float) -> tuple[str, ...]:
    """Lines that fit, as few as can be, the longest as short as can be; lines that came stay."""
    for words in TOGETHER:
        text = text.replace(words, words.replace(" ", NO_BREAK))
    lines = (line for given in text.split("\n") if given for line in _balanced(given.split(" "), look, available))
    return tuple(each.replace(NO_BREAK, " ") for each in lines)


def _balanced(parts: list[str], look: ElementStyle, available: float) -> list[str]:
    fewest = _filled(parts, look, available)
    limits = sorted({wide(" ".join(parts[a:b]), look) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)})
    for limit in limits if len(fewest) > 1 and len(parts) <= 30 else ():
        lines = _filled(parts, look, limit)
        if len(lines) == len(fewest) and all(wide(each, look) <= limit for each in lines):
            return lines
    return fewest


def _filled(parts: list[str], look: ElementStyle, available: float) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and wide(f"{lines[-1]} {part}", look) <= available:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def placed(table: PaperTable) -> Iterator[list[tuple[int, TableCell]]]:
    """Each row's cells with the column where each begins: past those that reach down from rows above, as in HTML.

    Cells that would go over the edge are cut to it.
    """
    reach = [0] * len(table.columns)
    for number, row in enumerate(table.rows):
        here, column = [], 0
        for cell in row:
            while column < len(reach) and reach[column]:
                column += 1
            if column == len(reach):
                break
            free = next((at for at in range(column, len(reach)) if reach[at]), len(reach)) - column
            columns, rows = min(cell.columns, free), min(cell.rows, len(table.rows) - number)
            reach[column : column + columns] = [rows] * columns
            here.append((column, replace(cell, columns=columns, rows=rows)))
            column += columns
        yield here
        reach = [max(left - 1, 0) for left in reach]


def edges(table: PaperTable, available: float) -> list[float]:
    """Return where columns begin and the last one ends, in points."""
    total, at = sum(each.share for each in table.columns), [0.0]
    for each in table.columns:
        at.append(at[-1] + available * each.share / total)
    return at


def widths(table: PaperTable, available: float) -> list[float]:
    return [right - left for left, right in pairwise(edges(table, available))]
