"""A paper as a Word document. Imported by the first one, not at the start."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from docx.document import Document as Made
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm

from documents.page_layouts import PageLayout, layout_for, words
from documents.paper import Appendix, Paper
from documents.rendering import drawing, word_styles, word_xml
from documents.rendering.word_blocks import Writer

NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP file can say: the same paper gives the same bytes."""


def made(paper: Paper) -> bytes:
    layout, paper = layout_for(paper.layout, paper.sheet, paper.scale), drawing.shown(paper)
    document = Document()
    word_styles.add(document, layout, paper.language)
    _properties(document, paper)
    _page(document.sections[0], layout, landscape=paper.landscape)
    _margins(document.sections[0], layout, paper)
    writer = Writer(document, paper, layout)
    writer.head()
    writer.blocks(paper.blocks, last=True)
    writer.foot()
    for appendix in paper.appendices:
        _appendix(document, writer, appendix, layout)
    return _same_bytes(document)


def _appendix(document: Made, writer: Writer, appendix: Appendix, layout: PageLayout) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    writer.shrink_break()
    _page(section, layout, landscape=appendix.landscape)
    _count_anew(section)
    writer.appendix(appendix)


def _page(section: Section, layout: PageLayout, *, landscape: bool) -> None:
    width, height = layout.paper[::-1] if landscape else layout.paper
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for side in ("top", "bottom", "left", "right"):
        setattr(section, f"{side}_margin", Mm(getattr(layout.margins, side)))
    section.header_distance = section.footer_distance = Mm(10)
    section.gutter = 0


def _margins(section: Section, layout: PageLayout, paper: Paper) -> None:
    """What stands in the margins of each page; later sections go on with it."""
    number = layout.page_number
    section.different_first_page_header_footer = not number.on_first
    if not number.on_first:
        # Said to be empty: LibreOffice would repeat the others there.
        section.first_page_header.is_linked_to_previous = section.first_page_footer.is_linked_to_previous = False
    paragraph = (section.header if number.place == "top" else section.footer).paragraphs[0]
    paragraph.style = word_styles.PAGE
    word_xml.page_field(paragraph)
    if paper.mark:
        said = words(paper.language)
        says = {"draft": said.draft, "exercise": said.exercise}[paper.mark]
        word_xml.mark(section.header.paragraphs[0], says, 1)
        if not number.on_first:
            word_xml.mark(section.first_page_header.paragraphs[0], says, 2)


def _count_anew(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    made = OxmlElement("w:pgNumType")
    made.set(qn("w:start"), "1")
    # In the order of the schema: after the margins.
    properties.find(qn("w:pgMar")).addnext(made)


def _properties(document: Made, paper: Paper) -> None:
    """Who reads the file's properties finds the document's name and whose it is, and nothing of our tools or hours."""
    core = document.core_properties
    for each in list(core._element):
        core._element.remove(each)
    core.title, core.author = paper.name, paper.agency.name
    core.language = word_styles.LANGUAGES.get(paper.language, word_styles.LANGUAGES["vi"])
    relations: Any = document.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        del relations[key]


def _same_bytes(document: Made) -> bytes:
    written, kept = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as out:
        for name in given.namelist():
            out.writestr(zipfile.ZipInfo(name, NO_TIME), given.read(name), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
