"""The parts of a Word document, from the agency's name to the recipients."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.shared import Mm, Pt

from documents.page_layouts import A4, PageLayout, words
from documents.paper import (
    Appendix,
    Block,
    Code,
    Heading,
    Items,
    LabelledFacts,
    Paper,
    PaperTable,
    Paragraph,
    Signatures,
)
from documents.rendering import drawing, qr, word_xml
from documents.rendering.sheet import LABELS, RECIPIENTS, SIGNING_ROOM
from documents.rendering.word_styles import ADDRESSED, ALIGNED, BODY, FACT, GAP, HEAD, ITEM, RULE
from documents.rendering.word_tables import Ruled, borderless

AT_ONCE = 3
"""Of those who sign side by side."""


class Writer:
    """Writes at the end of ``document``."""

    def __init__(self, document: Document, paper: Paper, layout: PageLayout) -> None:
        self.document, self.paper, self.layout = document, paper, layout
        self.said, self.looks = words(paper.language), layout.looks
        self.available = drawing.width(layout, landscape=paper.landscape)

    def _line(self, text: str, style: str, *, before: float = 0) -> Any:
        paragraph = self.document.add_paragraph(text, style)
        if before:
            paragraph.paragraph_format.space_before = Pt(before)
        return paragraph

    def _rule(self, place: Any, length: float, available: float) -> None:
        if length:
            paragraph = place.add_paragraph(style=RULE)
            word_xml.rule(paragraph)
            side = Pt((available - length) / 2)
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side

    def head(self) -> None:
        if self.paper.form == "plain":
            self._working()
        else:
            self._official()
        if self.paper.form != "letter":
            self._named()
        self._addressed()

    def _working(self) -> None:
        for text, name in ((self.paper.agency.superior, "superior"), (self.paper.agency.name, "agency")):
            if text:
                self._line(text, HEAD[name]).alignment = ALIGNED["left"]
        if self.paper.place_and_date:
            self._line(self.paper.place_and_date, HEAD["place_and_date"]).alignment = ALIGNED["right"]

    def _official(self) -> None:
        paper, looks, head = self.paper, self.looks, drawing.head(self.paper, self.layout)
        table = borderless(self.document, (head.left, self.available - head.left), rows=2)
        right = self.available - head.left
        agency, nation, number, place = (cell for row in table.rows for cell in row.cells)
        _fill(agency, [("\n".join(head.superior), HEAD["superior"]), ("\n".join(head.agency), HEAD["agency"])])
        self._rule(agency, drawing.rule(head.agency, looks.agency, head.left), head.left)
        _fill(nation, [("\n".join(head.nation), HEAD["nation"]), ("\n".join(head.motto), HEAD["motto"])])
        self._rule(nation, drawing.rule(head.motto, looks.motto, right), right)
        _fill(number, [(paper.number, HEAD["number"]), ("\n".join(head.abstract), HEAD["letter_abstract"])], before=4)
        if paper.urgency:
            stamp = number.add_paragraph(style=HEAD["urgency"])
            stamp.paragraph_format.space_before = Pt(10)
            word_xml.frame(stamp.add_run(f" {paper.urgency} "))
        _fill(place, [(paper.place_and_date, HEAD["place_and_date"])], before=4)

    def _named(self) -> None:
        paper = self.paper
        if paper.kind:
            self._line(paper.kind, HEAD["kind"], before=16)
        if paper.abstract:
            self._line(paper.abstract, HEAD["abstract"], before=0 if paper.kind else 16)
            self._rule(
                self.document,
                drawing.rule(paper.abstract.split("\n"), self.looks.abstract, self.available),
                self.available,
            )
        self._gap()

    def _addressed(self) -> None:
        names, label = self.paper.addressed_to, f"{self.said.addressed}:"
        if len(names) == 1:
            line = self._line(f"{label} {names[0]}", ADDRESSED, before=16)
            line.alignment, line.paragraph_format.space_after = ALIGNED["center"], Pt(12)
        elif names:
            beside = drawing.wide(f"{label} ", self.looks.addressed)
            longest = max(drawing.wide(f"- {each}", self.looks.addressed) for each in names)
            left = max((self.available - beside - longest) / 2, 0) + beside
            first, second = borderless(self.document, (left, self.available - left)).rows[0].cells
            _fill(first, [(f"{label} ", ADDRESSED)], before=10)
            first.paragraphs[0].alignment = ALIGNED["right"]
            _fill(second, [(f"- {each}", ADDRESSED) for each in names], before=10)
            second.paragraphs[-1].paragraph_format.space_after = Pt(6)
            self._gap()

    def _gap(self) -> None:
        """Between tables too: two that touch would be one."""
        self.document.add_paragraph(style=GAP)

    def shrink_break(self) -> None:
        """The paragraph that ends a section takes no line of its own, lest a full page be followed by an empty one."""
        self.document.paragraphs[-1].style = self.document.styles[RULE]

    def blocks(self, blocks: Sequence[Block], *, last: bool = False) -> None:
        for at, each in enumerate(blocks, start=1):
            self._block(each, stays=last and at == len(blocks))

    def _block(self, block: Block, *, stays: bool) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block).paragraph_format.keep_with_next = stays or None
        elif isinstance(block, Heading):
            self.document.add_paragraph(block.text, f"Heading {block.level + 1}")
        elif isinstance(block, Items):
            for each in block.lines:
                self._line(f"- {each}", ITEM)
        elif isinstance(block, LabelledFacts):
            self._facts(block)
        elif isinstance(block, PaperTable):
            Ruled(self.document, block, self.available)
            self._gap()
        elif isinstance(block, Code):
            self._code(block)
        else:
            self._signatures(block)

    def _code(self, block: Code) -> None:
        picture = self.document.add_paragraph()
        picture.alignment = ALIGNED["center"]
        side = block.size * self.layout.paper[0] / A4[0]
        shape = picture.add_run().add_picture(io.BytesIO(qr.png(block.address)), width=Mm(side))
        shape._inline.docPr.set("descr", block.address)
        if block.caption:
            self._line(block.caption, BODY).alignment = ALIGNED["center"]

    def _paragraph(self, block: Paragraph) -> Any:
        made = self.document.add_paragraph(style=BODY)
        if block.align != "justify":
            made.alignment = ALIGNED[block.align]
        if not block.indent:
            made.paragraph_format.first_line_indent = 0
        for each in block.runs:
            run = made.add_run(each.text)
            run.bold, run.italic = each.bold or None, each.italic or None
        return made

    def _facts(self, block: LabelledFacts) -> None:
        widths = (LABELS * self.available, (1 - LABELS) * self.available)
        table = borderless(self.document, widths, rows=len(block.rows))
        for row, (label, value) in zip(table.rows, block.rows, strict=True):
            _fill(row.cells[0], [(f"{label}:", FACT)])
            _fill(row.cells[1], [(value, FACT)])
        self._gap()

    def _signatures(self, block: Signatures) -> None:
        for begin in range(0, len(block.parties), AT_ONCE):
            self._gap()
            beside = block.parties[begin : begin + AT_ONCE]
            table = borderless(self.document, [self.available / len(beside)] * len(beside))
            noted = any(each.note for each in beside)
            for cell, party in zip(table.rows[0].cells, beside, strict=True):
                _fill(cell, [(party.role, HEAD["office"]), (party.note, HEAD["place_and_date"])])
                if noted and not party.note:
                    cell.add_paragraph(style=HEAD["place_and_date"])  # so that names stand in one line
                _signed(cell, party.name)
        self._gap()

    def foot(self) -> None:
        paper = self.paper
        if not (paper.signature or paper.recipients):
            return
        self._gap()
        left = RECIPIENTS * self.available
        recipients, signature = borderless(self.document, (left, self.available - left)).rows[0].cells
        if paper.recipients:
            lines = [(f"- {each}", HEAD["recipients"]) for each in paper.recipients]
            _fill(recipients, [(f"{self.said.recipients}:", HEAD["recipients_title"]), *lines])
        if paper.signature:
            _fill(signature, [(each, HEAD["office"]) for each in paper.signature.lines])
            _signed(signature, paper.signature.name)
        self._gap()

    def appendix(self, appendix: Appendix) -> None:
        self.available = drawing.width(self.layout, landscape=appendix.landscape)
        if appendix.label:
            self._line(appendix.label, HEAD["appendix_label"]).paragraph_format.keep_with_next = True
        if appendix.title:
            self._line(appendix.title, HEAD["appendix_title"])
        if appendix.attached:
            self._line(appendix.attached, HEAD["attached"], before=4)
            length = drawing.rule(appendix.attached.split("\n"), self.looks.attached, self.available)
            self._rule(self.document, length, self.available)
        self._gap()
        self.blocks(appendix.blocks)


def _fill(cell: Any, lines: Sequence[tuple[str, str]], *, before: float = 0) -> None:
    """Paragraphs of a cell, the first in the one that each cell has."""
    written = [(text, style) for text, style in lines if text]
    for at, (text, style) in enumerate(written):
        paragraph = cell.add_paragraph(style=style) if at else cell.paragraphs[0]
        paragraph.style = style
        paragraph.add_run(text)
    if written and before:
        cell.paragraphs[0].paragraph_format.space_before = Pt(before)


def _signed(cell: Any, name: str) -> None:
    """Below the room for the hand."""
    cell.add_paragraph(name, HEAD["signer"]).paragraph_format.space_before = Pt(SIGNING_ROOM)
