"""What python-docx has no words for: fonts of every script, fields, rules, repeated titles, marks across the page."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
SCRIPTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_MARK = (
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="draft" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;'
    "width:400pt;height:110pt;"
    "rotation:315;z-index:-251654144;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#e0e0e0" stroked="f">'
    '<v:textpath style="font-family:&quot;Times New Roman&quot;;font-weight:bold"/><w10:wrap anchorx="margin"'
    ' anchory="margin"/></v:shape></w:pict>'
)


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """A new element at the end of ``parent``; names and attributes in w:."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def fonts(properties: Any) -> None:
    """Every script in the same font; what themes say about it goes."""
    old = properties.find(qn("w:rFonts"))
    if old is not None:
        properties.remove(old)
    made = OxmlElement("w:rFonts")
    for each in SCRIPTS:
        made.set(qn(each), FONT)
    properties.insert(0, made)


def page_field(paragraph: Paragraph) -> None:
    for kind, words in (("begin", ""), ("", "PAGE"), ("separate", ""), ("shown", "2"), ("end", "")):
        run = paragraph.add_run(words if kind == "shown" else "")
        if kind == "":
            child(run._r, "w:instrText").text = words
        elif kind != "shown":
            child(run._r, "w:fldChar", fldCharType=kind)


def rule(paragraph: Paragraph) -> None:
    """The line that the layout asks for under a text: the upper border of an empty paragraph as wide as it."""
    borders = OxmlElement("w:pBdr")
    child(borders, "w:top", val="single", sz="5", space="1", color="auto")
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def frame(run: Any) -> None:
    child(run._r.get_or_add_rPr(), "w:bdr", val="single", sz="8", space="3", color="auto")


def mark(paragraph: Paragraph, words: str, number: int) -> None:
    """``words`` across the page: the WordArt that Word and LibreOffice make of a watermark."""
    drawn = parse_xml(_MARK)
    shape = next(each for each in drawn.iter() if each.get("id") == "draft")
    shape.set("id", f"draft{number}")
    shape.set("alt", "")
    next(each for each in shape if each.tag.endswith("textpath")).set("string", words)
    paragraph.add_run()._r.append(drawn)


def described(table: Any, name: str) -> None:
    """What the table shows, for those who cannot see it."""
    for tag in ("w:tblCaption", "w:tblDescription"):
        child(table.find(qn("w:tblPr")), tag, val=name)
