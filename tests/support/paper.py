"""What a printed page holds: the letters of a PDF with their sizes and places, and its ink as a picture."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw

MARGIN = 20.0
"""Points at each edge that stay white: printers reach no further."""


@dataclass(frozen=True)
class Letter:
    """``size`` in points as printed; ``box``: left, bottom, right, top."""

    char: str
    size: float
    box: tuple[float, float, float, float]
    font: str

    @property
    def middle(self) -> tuple[float, float]:
        left, bottom, right, top = self.box
        return (left + right) / 2, (bottom + top) / 2


def pages_of(pdf: bytes) -> list[Any]:
    return list(pypdfium2.PdfDocument(pdf))


def text_of(page: Any) -> str:
    """On one line, so that it does not matter where a line was broken."""
    return " ".join(page.get_textpage().get_text_range().split())


def letters(page: Any) -> Iterator[Letter]:
    text = page.get_textpage()
    for number in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, number))
        if char.isspace() or raw.FPDFText_IsGenerated(text, number):
            continue
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text, number, matrix)
        size = raw.FPDFText_GetFontSize(text, number) * abs(matrix.d)
        font = ctypes.create_string_buffer(100)
        raw.FPDFText_GetFontInfo(text, number, font, len(font), None)
        yield Letter(char, size, text.get_charbox(number), font.value.decode().split("+")[-1])


def overprinted(page: Any) -> list[str]:
    """Letters that stand on one another: whatever was torn apart and put on top of something else."""
    seen = Counter((round(one.middle[0]), round(one.middle[1])) for one in letters(page) if one.char.isalpha())
    return [one.char for one in letters(page) if seen[round(one.middle[0]), round(one.middle[1])] > 1]


def is_white_around(page: Any) -> bool:
    """Whether the edges of the page, as they are rendered, have no ink: nothing runs out of it."""
    picture = page.render(scale=2).to_pil().convert("L")
    width, height, edge = *picture.size, round(2 * MARGIN)
    edges = ((0, 0, width, edge), (0, height - edge, width, height), (0, 0, edge, height))
    boxes = (*edges, (width - edge, 0, width, height))
    return all(picture.crop(box).getextrema()[0] > 250 for box in boxes)
