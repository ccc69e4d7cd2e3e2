"""DOCX read back by python-docx and as XML: real styles in Times New Roman, the layout of the rules, nothing hidden."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.paper import TableCell, TableColumn, table
from documents.rendering.docx import docx
from tests.support import office_papers, read_back

NOTICE = docx(office_papers.notice())


def opened(made: bytes = NOTICE) -> Any:
    return Document(io.BytesIO(made))


def test_pages_have_the_margins_of_the_decree() -> None:
    text, appendix = opened().sections
    for each in (text, appendix):
        margins = (each.top_margin, each.bottom_margin, each.left_margin, each.right_margin)
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (round(text.page_width.mm), round(text.page_height.mm)) == (210, 297)
    assert (round(appendix.page_width.mm), round(appendix.page_height.mm)) == (297, 210)
    assert (text.orientation, appendix.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)


@pytest.mark.parametrize(
    ("words", "style", "size", "bold", "italic"),
    [
        ("THÔNG BÁO", "Tên loại", 14, True, False),
        ("Lịch trực Tết Nguyên đán Canh Tý năm 2020", "Trích yếu", 14, True, False),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu", 12, True, False),
        ("Độc lập - Tự do - Hạnh phúc", "Tiêu ngữ", 13, True, False),
        ("TỔNG CÔNG TY\nBƯU ĐIỆN VIỆT NAM", "Cơ quan chủ quản", 12, False, False),
        ("BƯU ĐIỆN TỈNH GIA LAI", "Cơ quan ban hành", 12, True, False),
        ("Số: 08/TB-BĐGL", "Số, ký hiệu", 13, False, False),
        (office_papers.DATE, "Địa danh, ngày tháng", 13, False, True),
        (office_papers.BODY, "Nội dung", 14, False, False),
        ("1. Yêu cầu", "Heading 2", 14, True, False),
        ("a) Đối với người trực", "Heading 3", 14, True, True),
        ("- Báo cáo ngay sự cố;", "Gạch đầu dòng", 14, False, False),
        ("KT. GIÁM ĐỐC", "Chức vụ người ký", 14, True, False),
        ("Nguyễn Văn Minh", "Họ tên người ký", 14, True, False),
        ("Nơi nhận:", "Nơi nhận", 12, True, True),
        ("- Lưu: VT, KHNV.", "Danh sách nơi nhận", 11, False, False),
        ("Phụ lục I", "Số phụ lục", 14, True, False),
        ("LỊCH TRỰC TẾT", "Tên phụ lục", 14, True, False),
        ("(Kèm theo Thông báo số 08/TB-BĐGL)", "Kèm theo", 14, False, True),
        ("Trực ứng cứu thông tin", "Tiêu đề cột 11", 11, True, False),
        ("Ksor Phước", "Ô bảng 11", 11, False, False),
    ],
)
def test_each_part_has_a_style_with_the_look_of_the_decree(
    words: str, style: str, size: float, bold: bool, italic: bool
) -> None:
    document = opened()
    inside = [each for one in document.tables for row in one.rows for cell in row.cells for each in cell.paragraphs]
    [found, *_again] = [each for each in (*document.paragraphs, *inside) if each.text == words]
    assert found.style.name == style
    assert (found.style.font.size.pt, found.style.font.bold, found.style.font.italic) == (size, bold, italic)


def test_every_style_in_use_names_times_new_roman_for_every_script() -> None:
    document = opened()
    used = {each.get(qn("w:val")) for each in document.element.body.iter(qn("w:pStyle"))}
    for each in document.styles:
        if each.style_id in used:
            fonts = each.element.rPr.rFonts
            assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
                "Times New Roman"
            }
    assert b"Theme" not in read_back.etree.tostring(document.styles["Nội dung"].element.rPr)


def test_the_body_is_justified_indented_and_spaced() -> None:
    form = opened().styles["Nội dung"].paragraph_format
    assert form.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert form.first_line_indent == Mm(12.7)
    assert form.space_after >= Pt(6)
    assert 1 <= form.line_spacing <= 1.5


def test_a_kind_is_a_heading_that_can_be_jumped_to() -> None:
    styles = opened().styles
    assert {styles[each].base_style.name for each in ("Tên loại", "Tên phụ lục", "Trích yếu công văn")} == {"Heading 1"}


@pytest.mark.parametrize(
    ("layout", "part", "empty"), [("nd30-2020", "header", "footer"), ("tt01-2011", "footer", "header")]
)
def test_page_numbers_are_fields_and_the_first_page_bears_none(layout: str, part: str, empty: str) -> None:
    text, appendix = opened(docx(office_papers.notice(layout=layout))).sections
    assert text.different_first_page_header_footer
    assert appendix.different_first_page_header_footer
    assert "PAGE" in {each.text for each in getattr(text, part)._element.iter(qn("w:instrText"))}
    for each in (getattr(text, empty), text.first_page_header, text.first_page_footer):
        assert list(each._element.iter(qn("w:instrText"))) == []
    assert getattr(appendix, part).is_linked_to_previous
    assert appendix._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    size = getattr(text, part).paragraphs[0].style.font.size.pt
    assert 13 <= size <= 14


def test_column_titles_are_repeated_and_rows_and_signatures_are_never_torn() -> None:
    body = read_back.part(NOTICE, "word/document.xml")
    rows = list(body.iter(f"{read_back.WORD}tr"))
    assert all(each.find(f"{read_back.WORD}trPr/{read_back.WORD}cantSplit") is not None for each in rows)
    titles = [each for each in rows if each.find(f"{read_back.WORD}trPr/{read_back.WORD}tblHeader") is not None]
    assert ["".join(each.itertext()) for each in titles] == ["".join(each.title for each in office_papers.COLUMNS)]


def test_spans_of_rows_and_columns_are_those_of_the_paper() -> None:
    rows: list[list[str | TableCell]] = [
        [TableCell("ngày", rows=2), TableCell("hai ca", columns=2, bold=True)],
        ["sáng", "chiều"],
    ]
    made = opened(
        docx(
            replace(
                office_papers.minutes(),
                blocks=(table("x", [TableColumn("a"), TableColumn("b"), TableColumn("c")], rows),),
            )
        )
    )
    [found] = [each for each in made.tables if each.cell(0, 0).text == "a"]
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["a", "b", "c"],
        ["ngày", "hai ca", "hai ca"],
        ["ngày", "sáng", "chiều"],
    ]
    assert found.cell(1, 1).paragraphs[0].runs[0].bold


def test_who_cannot_see_a_table_is_told_what_it_shows() -> None:
    assert 'w:tblCaption w:val="Lịch trực từng ngày"' in read_back.etree.tostring(
        read_back.part(NOTICE, "word/document.xml"), encoding="unicode"
    )


@pytest.mark.parametrize(("language", "tag"), [("vi", "vi-VN"), ("en", "en-GB")])
def test_properties_say_the_name_and_the_language_and_nothing_of_tools(language: str, tag: str) -> None:
    made = docx(replace(office_papers.notice(), language=language))
    core = opened(made).core_properties
    assert (core.title, core.language, core.author) == ("Thông báo số 08/TB-BĐGL", tag, "BƯU ĐIỆN TỈNH GIA LAI")
    assert (core.comments, core.last_modified_by, core.created) == ("", "", None)
    styles = read_back.part(made, "word/styles.xml")
    assert {each.get(qn("w:val")) for each in styles.iter(qn("w:lang"))} == {tag}


def test_a_draft_says_so_on_first_and_other_pages() -> None:
    section = opened(docx(replace(office_papers.letter(), mark="draft"))).sections[0]
    for each in (section.header, section.first_page_header):
        assert 'string="DỰ THẢO"' in read_back.etree.tostring(each._element, encoding="unicode")
    issued = opened().sections[0]
    assert "DỰ THẢO" not in read_back.etree.tostring(issued.header._element, encoding="unicode")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_of_our_names_is_kept_as_it_was_typed(form: str) -> None:
    words = unicodedata.normalize(form, " ".join((*office_papers.LETTERS, *office_papers.NAMES)))
    assert opened(docx(office_papers.saying(words))).tables[-1].cell(1, 0).text == words


@pytest.mark.parametrize("words", office_papers.LIKE_MARKUP)
def test_nothing_that_somebody_types_is_markup(words: str) -> None:
    made = docx(office_papers.saying(words))
    assert read_back.docx_text(made).count(words) == 2
    body = read_back.part(made, "word/document.xml")
    assert not list(body.iter(f"{read_back.WORD}hyperlink", f"{read_back.WORD}instrText"))


def test_marks_that_xml_forbids_or_that_turn_the_line_are_gone() -> None:
    said = read_back.docx_text(docx(office_papers.saying("mã\x00\x07\x1b \u202eđảo\u202c \ud800\uffff 😀")))
    assert said.count("mã đảo 😀") == 2


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert docx(office_papers.notice()) == NOTICE
    assert docx(office_papers.notice(25)) != NOTICE
    with zipfile.ZipFile(io.BytesIO(NOTICE)) as parts:
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [each for each in parts.namelist() if "thumbnail" in each]
