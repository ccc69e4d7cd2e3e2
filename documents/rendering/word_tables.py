"""Tables with rules, written as XML at once: python-docx looks each cell up anew, and a roster has thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from documents.paper import PaperTable, TableCell
from documents.rendering import drawing, word_styles
from documents.rendering.sheet import INSET, KEPT
from documents.rendering.word_xml import child, described

TWENTIETHS = 20
"""Word's unit of lengths in tables, of a point."""
SIDES = {"left": "left", "center": "center", "right": "right", "justify": "left"}


class Ruled:
    """One table while it is written."""

    def __init__(self, document: Document, table: PaperTable, available: float) -> None:
        self.table = table
        self.widths = [round(each * TWENTIETHS) for each in drawing.widths(table, available)]
        self.title_style = word_styles.in_table(document, table.size, title=True)
        self.cell_style = word_styles.in_table(document, table.size, title=False)
        self.tbl: Any = OxmlElement("w:tbl")
        self._properties()
        self._titles()
        self._rows()
        document.element.body.insert_element_before(self.tbl, "w:sectPr")

    def _properties(self) -> None:
        properties = child(self.tbl, "w:tblPr")
        child(properties, "w:tblW", w=str(sum(self.widths)), type="dxa")
        borders = child(properties, "w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            child(borders, f"w:{side}", val="single", sz="4", space="0", color="auto")
        child(properties, "w:tblLayout", type="fixed")
        margins = child(properties, "w:tblCellMar")
        inset = str(round(INSET * self.table.size * TWENTIETHS))
        for side, size in (("top", "20"), ("left", inset), ("bottom", "20"), ("right", inset)):
            child(margins, f"w:{side}", w=size, type="dxa")
        child(properties, "w:tblLook", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0", noHBand="1")
        described(self.tbl, self.table.name)
        grid = child(self.tbl, "w:tblGrid")
        for width in self.widths:
            child(grid, "w:gridCol", w=str(width))

    def _row(self, *, title: bool = False) -> Any:
        row = child(self.tbl, "w:tr")
        properties = child(row, "w:trPr")
        child(properties, "w:cantSplit")
        if title:
            child(properties, "w:tblHeader")
        return row

    def _titles(self) -> None:
        row = self._row(title=True)
        for at, column in enumerate(self.table.columns):
            tc = self._cell(row, at)
            self._text(tc, column.title, "center", self.title_style)

    def _rows(self) -> None:
        reach: dict[int, tuple[int, TableCell]] = {}
        for here in drawing.placed(self.table):
            row, begun = self._row(), dict(here)
            tied = any(1 < each.rows <= KEPT for each in begun.values()) or any(
                left > 1 and each.rows <= KEPT for left, each in reach.values()
            )
            for at in sorted(begun.keys() | reach.keys()):
                self._one(row, at, begun.get(at), reach, tied=tied)
            self._fill(row, begun, reach)
            reach |= {at: (each.rows, each) for at, each in begun.items() if each.rows > 1}
            reach = {at: (left - 1, each) for at, (left, each) in reach.items() if left > 1}

    def _one(
        self, row: Any, at: int, cell: TableCell | None, reach: dict[int, tuple[int, TableCell]], *, tied: bool
    ) -> None:
        if cell is None:
            above = reach[at][1]
            tc = self._cell(row, at, above, merge="continue")
            child(tc, "w:p")
            return
        tc = self._cell(row, at, cell, merge="restart" if cell.rows > 1 else "")
        side = SIDES[cell.align or self.table.columns[at].align]
        self._text(tc, cell.text, side, self.cell_style, bold=cell.bold, tied=tied)

    def _fill(self, row: Any, begun: dict[int, TableCell], reach: dict[int, tuple[int, TableCell]]) -> None:
        """A row that is too short ends at the edge all the same."""
        covered = sum(each.columns for each in begun.values()) + sum(
            each.columns for at, (_left, each) in reach.items() if at not in begun
        )
        for at in range(covered, len(self.widths)):
            child(self._cell(row, at), "w:p")

    def _cell(self, row: Any, at: int, cell: TableCell | None = None, merge: str = "") -> Any:
        columns = cell.columns if cell else 1
        tc = child(row, "w:tc")
        properties = child(tc, "w:tcPr")
        child(properties, "w:tcW", w=str(sum(self.widths[at : at + columns])), type="dxa")
        if columns > 1:
            child(properties, "w:gridSpan", val=str(columns))
        if merge:
            child(properties, "w:vMerge", val=merge)
        if cell and cell.shaded:
            child(properties, "w:shd", val="clear", color="auto", fill="E1E1E1")
        child(properties, "w:vAlign", val="center")
        return tc

    def _text(self, tc: Any, text: str, side: str, style: str, *, bold: bool = False, tied: bool = False) -> None:
        paragraph = child(tc, "w:p")
        properties = child(paragraph, "w:pPr")
        child(properties, "w:pStyle", val=style)
        if tied:
            child(properties, "w:keepNext")
        child(properties, "w:jc", val=side)
        if text:
            run = child(paragraph, "w:r")
            if bold:
                child(child(run, "w:rPr"), "w:b")
            run.text = text


def borderless(document: Document, widths: Sequence[float], rows: int = 1) -> Any:
    """For things that stand side by side, without rules or margins of cells; rows are never torn."""
    table = document.add_table(rows, len(widths))
    table.autofit = False
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        child(margins, f"w:{side}", w="0", type="dxa")
    look = properties.find(qn("w:tblLook"))
    look.addprevious(margins) if look is not None else properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = round(width * 12700)
    for row in table.rows:
        child(row._tr.get_or_add_trPr(), "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = round(width * 12700)
    return table
