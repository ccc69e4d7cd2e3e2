"""Pages of a PDF of our own as pictures: telephones show no PDF inside a page.

PDFium works in one thread at a time, and is given nothing but what we made ourselves.
"""

from __future__ import annotations

import io
import threading

PPI = 110
"""A page of A4 is 910 pixels wide: as sharp as a phone shows it, 60 KB."""
_one_at_a_time = threading.Lock()


def count(pdf: bytes) -> int:
    import pypdfium2  # only here: its library costs every process a twentieth of its start

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page(pdf: bytes, number: int, ppi: int = PPI) -> bytes | None:
    """PNG of page ``number`` (from 1); None when there is no such page."""
    import pypdfium2

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                return None
            picture = document[number - 1].render(scale=ppi / 72).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    picture.convert("P", palette=1, colors=64).save(out, "PNG", optimize=False)
    return out.getvalue()
