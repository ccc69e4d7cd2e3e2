"""What both renderers share: lines of the head, lists, spans of tables, pieces of long words, and what is no letter."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies
from PIL import ImageFont

from documents.page_layouts import ElementStyle, by_code
from documents.paper import Appendix, Heading, Signature, TableCell, TableColumn, table
from documents.rendering import drawing, metrics, sheet
from documents.rendering.inert import everywhere, inert
from tests.support import office_papers as papers

LAYOUT = by_code("nd30-2020")


def test_widths_are_those_of_the_font() -> None:
    for bold, italic, name in ((False, False, "Regular"), (True, False, "Bold"), (True, True, "BoldItalic")):
        font = ImageFont.truetype(metrics.FONTS / f"LiberationSerif-{name}.ttf", 2048)
        face = metrics.face(bold=bold, italic=italic)
        for letter in papers.LETTERS:
            if len(letter) == 1:
                assert face.width(letter, 2048) == font.getlength(letter), letter


def test_every_letter_of_our_names_is_in_each_font() -> None:
    for bold in (False, True):
        for italic in (False, True):
            known = metrics.face(bold=bold, italic=italic).glyphs
            assert {
                part for letter in papers.LETTERS for part in letter + letter.upper() if ord(part) not in known
            } == set()


def test_an_agency_wraps_into_lines_of_about_one_length() -> None:
    look = ElementStyle(12)
    assert drawing.balanced("SỞ THÔNG TIN VÀ TRUYỀN THÔNG TỈNH", look, 200) == ("SỞ THÔNG TIN VÀ", "TRUYỀN THÔNG TỈNH")
    assert drawing.balanced("SỞ THÔNG TIN", look, 200) == ("SỞ THÔNG TIN",)
    assert drawing.balanced("MỘT\nHAI BA", look, 200) == ("MỘT", "HAI BA")
    assert drawing.balanced("", look, 200) == ()


def test_the_words_of_a_name_stay_together() -> None:
    lines = drawing.balanced("TỔNG CÔNG TY BƯU ĐIỆN VIỆT NAM", ElementStyle(12), 200)
    assert lines == ("TỔNG CÔNG TY", "BƯU ĐIỆN VIỆT NAM")


@given(strategies.text(" ABC\n", max_size=60), strategies.floats(5, 200))
def test_wrapping_loses_no_word(words: str, available: float) -> None:
    assert " ".join(drawing.balanced(words, ElementStyle(12), available)).split() == words.split()


def test_the_national_title_has_one_line_and_both_sides_fill_the_width() -> None:
    head = drawing.head(drawing.shown(papers.notice()), LAYOUT)
    assert head.nation == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",)
    assert head.agency == ("BƯU ĐIỆN TỈNH GIA LAI",)
    assert round(head.left + head.right + drawing.GUTTER, 3) == round((210 - 30 - 15) * 72 / 25.4, 3)


def test_recipients_end_as_the_rules_want_however_they_were_typed() -> None:
    assert drawing.listed(["- Như trên;", "Sở TTTT", "- Lưu: VT, KHNV."]) == ("Như trên;", "Sở TTTT;", "Lưu: VT, KHNV.")
    assert drawing.listed([]) == ()


def test_capitals_and_brackets_come_from_the_layout() -> None:
    shown = drawing.shown(replace(papers.notice(), appendices=(Appendix("Lịch trực", (), attached="(Kèm theo)"),)))
    assert (shown.kind, shown.agency.name) == ("THÔNG BÁO", "BƯU ĐIỆN TỈNH GIA LAI")
    assert shown.signature == Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn Minh")
    assert (shown.appendices[0].title, shown.appendices[0].attached) == ("LỊCH TRỰC", "(Kèm theo)")
    assert drawing.shown(papers.notice()).appendices[0].attached == "(Kèm theo Thông báo số 08/TB-BĐGL)"


def test_levels_of_headings_have_no_gap() -> None:
    blocks = (Heading("a", 2), Heading("b", 2), Heading("c", 1), Heading("d", 2))
    shown = drawing.shown(replace(papers.notice(), blocks=blocks)).blocks
    assert [each.level for each in shown if isinstance(each, Heading)] == [1, 2, 1, 2]


def columns(rows: list[list[str | TableCell]]) -> list[list[tuple[int, str, int, int]]]:
    made = table("x", [TableColumn("a"), TableColumn("b"), TableColumn("c")], rows)
    return [[(at, cell.text, cell.rows, cell.columns) for at, cell in row] for row in drawing.placed(made)]


def test_cells_stand_past_those_that_reach_down() -> None:
    assert columns([[TableCell("day", rows=2), "1", "2"], ["3", "4"], ["5", "6", "7"]]) == [
        [(0, "day", 2, 1), (1, "1", 1, 1), (2, "2", 1, 1)],
        [(1, "3", 1, 1), (2, "4", 1, 1)],
        [(0, "5", 1, 1), (1, "6", 1, 1), (2, "7", 1, 1)],
    ]


def test_what_would_leave_the_table_is_cut_to_it() -> None:
    assert columns([["1", TableCell("wide", columns=5)], [TableCell("tall", rows=9), "2", "3", "4"]]) == [
        [(0, "1", 1, 1), (1, "wide", 1, 2)],
        [(0, "tall", 1, 1), (1, "2", 1, 1), (2, "3", 1, 1)],
    ]


def test_only_words_that_do_not_fit_are_cut_and_marks_stay_on_their_letters() -> None:
    assert sheet.pieces("Ksor Phước", 11, 60) == ["Ksor Phước"]
    assert sheet.pieces("ở ê\u0306a\u0302b", 11, 10) == ["ở ", "ê\u0306", "a\u0302", "b"]
    assert "".join(sheet.pieces("một " + "x" * 50, 11, 100)) == "một " + "x" * 50


def test_what_is_no_letter_is_left_out() -> None:
    assert inert("a\x00b\x1b[31m\u202ec\u200b\ufeff\ud800\ufffe") == "ab[31mc"
    assert inert("dòng\r\nhai\tba\u2028bốn") == "dòng\nhai ba\nbốn"
    assert inert('=HYPERLINK("x") <&> $x$ #link *b*') == '=HYPERLINK("x") <&> $x$ #link *b*'


def test_every_text_of_a_paper_is_changed() -> None:
    counted: list[str] = []
    everywhere(papers.notice(1), lambda text: counted.append(text) or text)
    for words in ("Lịch trực từng ngày", "Thứ, ngày", "Ksor Phước", "Lưu: VT, KHNV", "Phó Giám đốc", "kèm theo"):
        assert words in counted
