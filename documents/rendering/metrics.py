"""PURE Which letters the embedded fonts have and how wide they are: read from the font files themselves.

Times New Roman has the same widths (Liberation Serif was made so), so what fits here fits in Word.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
UNKNOWN = "\N{WHITE SQUARE}"
"""Stands for a letter that no font here has: an empty place would hide that something was there."""


class FontFace:
    """One font file."""

    def __init__(self, data: bytes) -> None:
        count = struct.unpack_from(">H", data, 4)[0]
        tables = {}
        for at in range(12, 12 + 16 * count, 16):
            tag, _sum, offset, _length = struct.unpack_from(">4sLLL", data, at)
            tables[tag] = offset
        self.glyphs = _glyphs(data, tables[b"cmap"])
        self._per_em = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
        self._longs = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
        self._widths = struct.unpack_from(">" + "Hh" * self._longs, data, tables[b"hmtx"])[::2]

    def width(self, text: str, size: float) -> float:
        """Points."""
        glyphs = (self.glyphs.get(ord(letter), 0) for letter in text)
        units: int = sum(self._widths[min(glyph, self._longs - 1)] for glyph in glyphs)
        return units * size / float(self._per_em)


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Letters of the basic plane (format 4), which is all that these fonts have."""
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    records = [struct.unpack_from(">HHL", data, cmap + 4 + 8 * each) for each in range(count)]
    start = next(cmap + offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    doubled = struct.unpack_from(">H", data, start + 6)[0]
    columns = [
        struct.unpack_from(f">{doubled // 2}{kind}", data, start + 14 + index * doubled + (2 if index else 0))
        for index, kind in enumerate("HHhH")
    ]
    starts_of_offsets = start + 16 + 3 * doubled
    found = {}
    for segment, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
        for letter in range(first, min(last, 0xFFFE) + 1):
            if offset:
                place = starts_of_offsets + 2 * segment + offset + 2 * (letter - first)
                glyph = struct.unpack_from(">H", data, place)[0]
                glyph = (glyph + delta) % 65536 if glyph else 0
            else:
                glyph = (letter + delta) % 65536
            if glyph:
                found[letter] = glyph
    return found


@cache
def face(*, bold: bool = False, italic: bool = False) -> FontFace:
    style = ("Bold" if bold else "") + ("Italic" if italic else "")
    return FontFace((FONTS / f"LiberationSerif-{style or 'Regular'}.ttf").read_bytes())
