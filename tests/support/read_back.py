"""What a document says when its file is read: by PDFium, by a reader of screens, by whoever unpacks a DOCX."""

from __future__ import annotations

import ctypes
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdfium2
from lxml import etree
from pypdfium2 import raw

from tests.support.paper import Letter, letters

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def same(words: str) -> str:
    """As readers compare: composed, without what broken lines add."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def pdf_pages(pdf: bytes) -> list[str]:
    return [same(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


def where(page: Any, words: str) -> list[Letter]:
    """The letters of ``words``, which stand on the page in one line; raises ValueError when they do not."""
    found, wanted = list(letters(page)), "".join(words.split())
    at = "".join(each.char for each in found).index(wanted)
    return found[at : at + len(wanted)]


def roles(pdf: bytes, page: int = 0) -> list[str]:
    """What screen readers are told that the parts of a page are, in reading order."""
    shown = pypdfium2.PdfDocument(pdf)[page]
    tree = raw.FPDF_StructTree_GetForPage(shown)
    try:
        count = raw.FPDF_StructTree_CountChildren(tree)
        begun = [raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(count)]
        return [role for each in begun for role in _roles(each)]
    finally:
        raw.FPDF_StructTree_Close(tree)


def _roles(element: Any) -> Iterator[str]:
    name = ctypes.create_string_buffer(100)
    length = raw.FPDF_StructElement_GetType(element, name, len(name))
    yield name.raw[: max(length - 2, 0)].decode("utf-16-le")
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            yield from _roles(child)


def part(docx: bytes, name: str) -> Any:
    """The XML of a part of a DOCX."""
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return etree.fromstring(parts.read(name))


def docx_text(docx: bytes) -> str:
    """All that its body says, in order."""
    said = []
    for each in part(docx, "word/document.xml").iter(f"{WORD}p", f"{WORD}t", f"{WORD}br"):
        said.append(each.text or "" if each.tag == f"{WORD}t" else " ")
    return same("".join(said))
