"""PURE A paper as plain values for the templates of typst (templates/documents): nothing is left to decide but places.

Long words come in pieces, between which a line may break; typst itself breaks none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from documents.page_layouts import A4, ElementStyle, PageLayout, layout_for, words
from documents.paper import Code, LabelledFacts, Paper, PaperTable, as_json
from documents.rendering import drawing, metrics, qr
from documents.rendering.inert import everywhere

INSET = 0.22
"""Of a table's cell at each side, in ems."""
LABELS = 0.38
"""Of the width, for the labels of facts."""
RECIPIENTS = 0.46
"""Of the width, for the recipients beside who signs."""
SIGNING_ROOM = 58.0
"""Points for the hand and the stamp."""
KEPT = 8
"""Rows that a cell reaches over and that stay on one page; more may be torn."""


def values(paper: Paper) -> dict[str, Any]:
    """For JSON."""
    layout = layout_for(paper.layout, paper.sheet, paper.scale)
    paper = everywhere(drawing.shown(paper), _with_a_glyph)
    looks, available = layout.looks, drawing.width(layout, landscape=paper.landscape)
    head = drawing.head(paper, layout)
    return {
        "paper": _paper(paper, layout),
        "layout": {key: value for key, value in asdict(layout).items() if key not in ("since", "until")},
        "words": asdict(words(paper.language)),
        "head": asdict(head),
        "sizes": {"inset": INSET, "labels": LABELS, "recipients": RECIPIENTS, "signing": SIGNING_ROOM, "kept": KEPT},
        "rules": {
            "agency": drawing.rule(head.agency, looks.agency, head.left),
            "motto": drawing.rule(head.motto, looks.motto, head.right),
            "abstract": drawing.rule(paper.abstract.split("\n"), looks.abstract, available),
        },
    }


def _with_a_glyph(text: str) -> str:
    """PDF/UA allows no letter without a picture; decomposed letters that have one only together are composed."""
    known = metrics.face().glyphs
    if all(each == "\n" or ord(each) in known for each in text):
        return text
    return "".join(
        each if each == "\n" or ord(each) in known else metrics.UNKNOWN for each in unicodedata.normalize("NFC", text)
    )


def _paper(paper: Paper, layout: PageLayout) -> dict[str, Any]:
    plain = as_json(paper)
    titled = bool(paper.abstract or (paper.kind and paper.form != "letter"))
    plain["shift"] = int(titled)
    plain["blocks"] = list(_blocks(plain["blocks"], paper, layout, drawing.width(layout, landscape=paper.landscape)))
    for each, appendix in zip(plain["appendices"], paper.appendices, strict=True):
        available = drawing.width(layout, landscape=appendix.landscape)
        titled = titled or bool(appendix.label or appendix.title)
        each["shift"] = int(titled)
        each["blocks"] = list(_blocks(each["blocks"], appendix, layout, available))
        each["rule"] = drawing.rule(appendix.attached.split("\n"), layout.looks.attached, available)
    return plain


def _blocks(plain: Sequence[dict[str, Any]], of: Any, layout: PageLayout, available: float) -> Iterator[dict[str, Any]]:
    for each, block in zip(plain, of.blocks, strict=True):
        if isinstance(block, PaperTable):
            yield each | _table(block, available)
        elif isinstance(block, LabelledFacts):
            yield each | {"rows": [_fact(row, layout.looks.body, available) for row in block.rows]}
        elif isinstance(block, Code):
            side = block.size * layout.paper[0] / A4[0]
            yield each | {"size": side, "svg": qr.svg(block.address)}
        else:
            yield each


def _fact(row: tuple[str, str], look: ElementStyle, available: float) -> list[list[str]]:
    label, value = row
    return [
        pieces(f"{label}:", look.size, LABELS * available),
        pieces(value, look.size, (1 - LABELS) * available - drawing.GUTTER),
    ]


def _table(table: PaperTable, available: float) -> dict[str, Any]:
    at, padding = drawing.edges(table, available), 2 * INSET * table.size

    def cell(column: int, given: Any) -> dict[str, Any]:
        room = at[column + given.columns] - at[column] - padding
        return {
            **asdict(given),
            "x": column,
            "align": given.align or table.columns[column].align,
            "text": pieces(given.text, table.size, room, bold=given.bold),
        }

    return {
        "titles": [
            pieces(each.title, table.size, width - padding, bold=True)
            for each, width in zip(table.columns, drawing.widths(table, available), strict=True)
        ],
        "rows": [[cell(column, given) for column, given in row] for row in drawing.placed(table)],
    }


def pieces(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """``text``, cut between the letters of each word that is wider than ``room``."""
    face, found = metrics.face(bold=bold), [""]
    for part in _words(text):
        if face.width(part, size) <= room:
            found[-1] += part
        else:
            found += _letters(part)
    return [each for each in found if each]


def _words(text: str) -> Iterator[str]:
    """Each with the white space after it."""
    begin = 0
    for at, each in enumerate(text, start=1):
        if each in " \n":
            yield text[begin:at]
            begin = at
    yield text[begin:]


def _letters(word: str) -> Iterator[str]:
    """With the marks upon them."""
    letter = ""
    for each in word:
        if letter and not unicodedata.combining(each):
            yield letter
            letter = ""
        letter += each
    yield letter
