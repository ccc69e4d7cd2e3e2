"""Whether the parts of a workbook are built as spreadsheets build them, asked before a parser makes objects of them.

Parsers of workbooks build a row, or a text with all its pieces, before they hand it out: a file of a hundred kilobytes
in which one row has millions of cells costs them two gigabytes. Here nothing is built: elements are counted as they
pass, and the first that is too many ends it.
"""

from __future__ import annotations

import zipfile
from typing import Any
from xml.parsers import expat

from core.errors import Conflict

MOST_INSIDE = 100_000
"""Elements of one row, or of one text: a row has 16,384 cells at most."""
MOST_ROWS = 1_100_000
"""Rows, or texts: more than a spreadsheet has."""
MOST_OUTSIDE = 300_000
"""Elements of a part beside these: styles, merged cells, rules."""
DEEPEST = 100
CHUNK = 65_536
_WHOLE = frozenset(("row", "si"))
"""What a parser builds whole, and forgets then."""


class _Count:
    """Of one part. Raises ``Conflict``."""

    def __init__(self) -> None:
        self.depth = self.rows = self.inside = self.outside = self.within = 0

    def begin(self, name: str, _attributes: Any) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_much()
        if name.rpartition(":")[2] in _WHOLE and not self.within:
            self.within, self.inside, self.rows = self.depth, 0, self.rows + 1
            if self.rows > MOST_ROWS:
                raise Conflict("import.too_many_rows", limit=MOST_ROWS)
        elif self.within:
            self.inside += 1
            if self.inside > MOST_INSIDE:
                raise _too_much()
        else:
            self.outside += 1
            if self.outside > MOST_OUTSIDE:
                raise _too_much()

    def end(self, _name: str) -> None:
        if self.within == self.depth:
            self.within = 0
        self.depth -= 1


def ensure_usual(archive: zipfile.ZipFile) -> None:
    """Raises ``Conflict``. What is no XML, or not to its end, is the parser's to say: it comes no further than we."""
    for part in archive.infolist():
        if part.is_dir():
            continue
        with archive.open(part) as content:
            reader, count = expat.ParserCreate(), _Count()
            reader.StartElementHandler, reader.EndElementHandler = count.begin, count.end
            reader.EntityDeclHandler = _declared
            try:
                while chunk := content.read(CHUNK):
                    reader.Parse(chunk)
            except expat.ExpatError:
                continue


def _declared(*_entity: Any) -> None:
    raise Conflict("import.not_import_file", file="XLSX")


def _too_much() -> Conflict:
    return Conflict("import.unusual_workbook", file="XLSX")
