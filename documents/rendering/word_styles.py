"""The paragraph styles of a Word document, named as an office calls them, by the layout."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from documents.page_layouts import ElementStyle, PageLayout
from documents.paper import Align
from documents.rendering import word_xml

ALIGNED: dict[Align, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
HEAD = {
    "nation": "Quốc hiệu",
    "motto": "Tiêu ngữ",
    "superior": "Cơ quan chủ quản",
    "agency": "Cơ quan ban hành",
    "number": "Số, ký hiệu",
    "place_and_date": "Địa danh, ngày tháng",
    "urgency": "Mức độ khẩn",
    "letter_abstract": "Trích yếu công văn",
    "kind": "Tên loại",
    "abstract": "Trích yếu",
    "office": "Chức vụ người ký",
    "signer": "Họ tên người ký",
    "recipients_title": "Nơi nhận",
    "recipients": "Danh sách nơi nhận",
    "appendix_label": "Số phụ lục",
    "appendix_title": "Tên phụ lục",
    "attached": "Kèm theo",
}
"""Of the elements that the rules name (``documents.page_layouts.Looks``)."""
HEADINGS = frozenset(("kind", "letter_abstract", "appendix_title"))
AT_LEFT = frozenset(("recipients_title", "recipients"))
BODY, ADDRESSED, ITEM, FACT, PAGE, RULE, GAP = (
    "Nội dung",
    "Kính gửi",
    "Gạch đầu dòng",
    "Thông tin",
    "Số trang",
    "Đường kẻ",
    "Khoảng cách",
)


def add(document: Document, layout: PageLayout, language: str) -> None:
    _defaults(document, layout.looks.body, LANGUAGES.get(language, LANGUAGES["vi"]))
    first = _plain(document.styles["Heading 1"], layout.looks.kind)
    first.paragraph_format.alignment = ALIGNED["center"]
    first.paragraph_format.keep_with_next = True
    for name, called in HEAD.items():
        style = _new(document, called, getattr(layout.looks, name), "Heading 1" if name in HEADINGS else "Normal")
        style.paragraph_format.alignment = ALIGNED["left" if name in AT_LEFT else "center"]
    for level, look in ((2, layout.looks.heading), (3, layout.looks.subheading)):
        style = _spaced(_plain(document.styles[f"Heading {level}"], look), layout)
        style.paragraph_format.first_line_indent = Mm(layout.first_line)
        style.paragraph_format.keep_with_next = True
    _text(document, layout)


def _text(document: Document, layout: PageLayout) -> None:
    body = _spaced(_new(document, BODY, layout.looks.body), layout)
    body.paragraph_format.alignment = ALIGNED["justify"]
    body.paragraph_format.first_line_indent = Mm(layout.first_line)
    item = _spaced(_new(document, ITEM, layout.looks.body), layout)
    item.paragraph_format.first_line_indent = Mm(layout.first_line)
    item.paragraph_format.alignment = ALIGNED["justify"]
    _new(document, FACT, layout.looks.body).paragraph_format.space_after = Pt(layout.space)
    _new(document, ADDRESSED, layout.looks.addressed)
    _new(document, PAGE, ElementStyle(layout.page_number.size)).paragraph_format.alignment = ALIGNED[
        layout.page_number.align
    ]
    for name, points in ((RULE, 4), (GAP, 6)):
        style = _new(document, name, ElementStyle(1))
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = Pt(points)
    document.styles[RULE].paragraph_format.space_before = Pt(2)


def in_table(document: Document, size: float, *, title: bool) -> str:
    """The id of the style of a table's cells, or of its column titles, of this size."""
    name = f"{'Tiêu đề cột' if title else 'Ô bảng'} {size:g}"
    if name not in document.styles:
        _new(document, name, ElementStyle(size, bold=title))
    return str(document.styles[name].style_id)


def _defaults(document: Document, body: ElementStyle, language: str) -> None:
    properties = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    word_xml.fonts(properties)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    word_xml.child(properties, "w:lang", val=language, eastAsia=language, bidi="ar-SA")
    normal = document.styles["Normal"]
    _letters(normal, body)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0


def _new(document: Document, name: str, look: ElementStyle, base: str = "Normal") -> ParagraphStyle:
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[base]
    style.quick_style = True
    return _plain(style, look)


def _plain(style: Any, look: ElementStyle) -> ParagraphStyle:
    """Without space around it."""
    _letters(style, look)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    return style  # type: ignore[no-any-return]


def _letters(style: Any, look: ElementStyle) -> None:
    word_xml.fonts(style.element.get_or_add_rPr())
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, look.italic
    style.font.color.rgb = RGBColor(0, 0, 0)


def _spaced(style: ParagraphStyle, layout: PageLayout) -> ParagraphStyle:
    style.paragraph_format.space_after = Pt(layout.space)
    style.paragraph_format.line_spacing = layout.line
    return style
