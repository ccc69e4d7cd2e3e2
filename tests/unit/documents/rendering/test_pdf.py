"""PDF read back: the layout of the rules, every letter of our names, nothing that is markup, one typst at a time."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask

from documents.paper import (
    Agency,
    Appendix,
    Form,
    Heading,
    Items,
    LabelledFacts,
    Paper,
    Signatures,
    TableCell,
    TableColumn,
    paragraph,
    table,
)
from documents.rendering import child, pdf as typesetting, pictures, sheet
from tests.support import office_papers, paper, read_back

MM = 72 / 25.4
A4 = (595.3, 841.9)


def pages(document: Paper) -> list[Any]:
    return paper.pages_of(typesetting.pdf(document))


def test_a_page_has_the_margins_of_the_decree(node: Path) -> None:
    first = pages(office_papers.letter())[0]
    assert tuple(round(each, 1) for each in first.get_size()) == A4
    boxes = [each.box for each in paper.letters(first)]
    assert min(left for left, *_others in boxes) == pytest.approx(30 * MM, abs=1.5)
    assert max(right for _left, _bottom, right, _top in boxes) == pytest.approx(A4[0] - 15 * MM, abs=1.5)
    assert max(top for *_others, top in boxes) <= A4[1] - 20 * MM + 0.5  # an accent upon a capital
    assert min(bottom for _left, bottom, *_others in boxes) >= 20 * MM


@pytest.mark.parametrize(
    ("words", "size", "font"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "LiberationSerif-Bold"),
        ("Độc lập - Tự do - Hạnh phúc", 13, "LiberationSerif-Bold"),
        ("BƯU ĐIỆN VIỆT NAM", 12, "LiberationSerif"),
        ("BƯU ĐIỆN TỈNH GIA LAI", 12, "LiberationSerif-Bold"),
        ("Số: 08/TB-BĐGL", 13, "LiberationSerif"),
        (office_papers.DATE, 13, "LiberationSerif-Italic"),
        ("THÔNG BÁO", 14, "LiberationSerif-Bold"),
        ("Lịch trực Tết Nguyên đán Canh Tý năm 2020", 14, "LiberationSerif-Bold"),
        ("Bưu điện tỉnh Gia Lai thông báo", 14, "LiberationSerif"),
        ("1. Yêu cầu", 14, "LiberationSerif-Bold"),
        ("a) Đối với người trực", 14, "LiberationSerif-BoldItalic"),
        ("Thông báo này", 14, "LiberationSerif-Italic"),
        ("KT. GIÁM ĐỐC", 14, "LiberationSerif-Bold"),
        ("Nguyễn Văn Minh", 14, "LiberationSerif-Bold"),
        ("Nơi nhận:", 12, "LiberationSerif-BoldItalic"),
        ("- Lưu: VT, KHNV.", 11, "LiberationSerif"),
    ],
)
def test_each_part_has_the_look_of_the_decree(printed_notice: Any, words: str, size: float, font: str) -> None:
    found = read_back.where(printed_notice, words)
    assert {(round(each.size, 2), each.font) for each in found} == {(size, font)}


@pytest.fixture(scope="module")
def printed_notice(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = Flask("documents")
    app.config["DATA_DIR"] = tmp_path_factory.mktemp("node")
    with app.app_context():
        return pages(office_papers.notice())[0]


def test_parts_stand_where_the_sample_form_has_them(printed_notice: Any) -> None:
    def box(words: str) -> tuple[float, float, float, float]:
        found = [each.box for each in read_back.where(printed_notice, words)]
        return found[0][0], min(each[1] for each in found), found[-1][2], max(each[3] for each in found)

    agency, nation, number, place = map(box, ("BƯU ĐIỆN TỈNH GIA LAI", "CỘNG HÒA", "Số: 08", "Gia Lai, ngày"))
    assert agency[2] < nation[0]
    assert number[2] < place[0]
    assert number[1] == pytest.approx(place[1], abs=3)  # side by side
    assert number[3] < agency[1]
    kind = box("THÔNG BÁO")
    assert (kind[0] + kind[2]) / 2 == pytest.approx((30 * MM + A4[0] - 15 * MM) / 2, abs=2)
    assert box("Bưu điện tỉnh Gia Lai thông báo")[0] == pytest.approx((30 + 12.7) * MM, abs=1.5)
    recipients, signer = box("Nơi nhận:"), box("KT. GIÁM ĐỐC")
    assert recipients[2] < signer[0]
    assert recipients[3] == pytest.approx(signer[3], abs=4)


@pytest.mark.parametrize(("layout", "at_top"), [("nd30-2020", True), ("tt01-2011", False)])
def test_the_first_page_has_no_number_and_others_have_it_where_the_rules_say(
    node: Path, layout: str, at_top: bool
) -> None:
    first, second, *_others = pages(office_papers.letter(14, layout))
    assert not [each for each in paper.letters(first) if each.box[1] > A4[1] - 20 * MM or each.box[3] < 20 * MM]
    [number] = [each for each in paper.letters(second) if each.box[1] > A4[1] - 20 * MM or each.box[3] < 20 * MM]
    assert (number.char, round(number.size, 2)) == ("2", 13)
    if at_top:
        assert number.box[1] > A4[1] - 20 * MM
        assert number.middle[0] == pytest.approx((30 * MM + A4[0] - 15 * MM) / 2, abs=1)
    else:
        assert number.box[3] < 20 * MM
        assert number.box[2] == pytest.approx(A4[0] - 15 * MM, abs=1)


def test_an_appendix_lies_across_counts_its_own_pages_and_repeats_its_titles(node: Path) -> None:
    _text, first, second, *_others = pages(office_papers.notice(60))
    for each in (first, second):
        assert tuple(round(side, 1) for side in each.get_size()) == A4[::-1]
        assert "Trực ứng cứu thông tin" in paper.text_of(each)
    assert paper.text_of(first).startswith("Phụ lục I LỊCH TRỰC TẾT (Kèm theo Thông báo số 08/TB-BĐGL)")
    assert [each.char for each in paper.letters(second) if each.box[1] > A4[0] - 20 * MM] == ["2"]
    assert not [each for each in paper.letters(first) if each.box[1] > A4[0] - 20 * MM]


def test_a_day_and_its_shifts_stay_on_one_page(node: Path) -> None:
    for each in pages(office_papers.notice(60))[1:]:
        rows = [word for word in paper.text_of(each).split() if word == "Chạp"]
        assert len(rows) % 3 == 0


def test_who_signs_and_who_receives_are_never_torn_apart(node: Path) -> None:
    for paragraphs in range(8, 16):
        shown = [paper.text_of(each) for each in pages(office_papers.letter(paragraphs))]
        assert "Nơi nhận:" in shown[-1]
        assert "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" in shown[-1]
        assert "Nguyễn Văn Minh" in shown[-1]
        assert "Lưu: VT, KHNV." in shown[-1]


def test_a_letter_has_its_abstract_under_the_number_its_stamp_and_its_addressees(node: Path) -> None:
    said = paper.text_of(pages(office_papers.letter())[0])
    assert "THÔNG BÁO" not in said
    assert said.index("Số: 77/BĐGL-KHNV") < said.index("V/v bảo đảm") < said.index("HỎA TỐC") < said.index("Kính gửi:")
    assert "- Giám đốc các Bưu điện huyện; - Trưởng các phòng." in said


def test_those_who_sign_minutes_stand_side_by_side(node: Path) -> None:
    first = pages(office_papers.minutes())[0]
    left, right = read_back.where(first, "BÊN GIAO"), read_back.where(first, "BÊN NHẬN")
    assert left[0].box[1] == pytest.approx(right[0].box[1], abs=2)
    assert left[-1].box[2] < right[0].box[0]
    names = [read_back.where(first, each)[0].box[1] for each in ("Nguyễn Thị Hoa", "Nguyễn Văn Minh")]
    assert names[0] == pytest.approx(names[1], abs=0.5)  # though one has a note above it


def test_a_draft_says_so_across_each_page_and_is_no_text_for_readers(node: Path) -> None:
    made = typesetting.pdf(replace(office_papers.letter(14), mark="draft"))
    assert all("DỰ THẢO" in each for each in read_back.pdf_pages(made))
    issued = typesetting.pdf(office_papers.letter(14))
    assert not any("DỰ THẢO" in each for each in read_back.pdf_pages(issued))
    assert read_back.roles(made) == read_back.roles(issued)


def test_sixty_people_and_twenty_three_days_are_two_pages_that_can_be_read(node: Path) -> None:
    both = pages(office_papers.sheet(60, 23))
    assert len(both) == 2
    for each in both:
        assert min(letter.size for letter in paper.letters(each)) >= 7
        assert paper.overprinted(each) == []
        assert paper.is_white_around(each)
    assert "Rơ Châm H'Nhung 59" in paper.text_of(both[1])


def test_a_word_longer_than_its_column_breaks_and_stays_in_it(node: Path) -> None:
    long = "Nguyễnvăndài" * 12
    narrow = table(
        "x", [TableColumn("hẹp", 1), TableColumn("rộng", 9)], [[long, "bên"], [TableCell(long, bold=True), "cạnh"]], 9
    )
    [page] = pages(replace(office_papers.minutes(), blocks=(narrow,)))
    inside = [each for each in paper.letters(page) if round(each.size, 1) == 9]
    assert "".join(each.char for each in inside).count("Nguyễnvăndài") == 24
    edge = 30 * MM + 165 * MM / 10
    assert max(each.box[2] for each in inside if each.char in "Nguyễnvădi" and each.box[0] < edge) <= edge


def test_a_word_longer_than_a_line_breaks_wherever_it_stands(node: Path) -> None:
    long = "xử" * 300
    said = replace(
        office_papers.minutes(), abstract=long, blocks=(paragraph(long), Items((long,)), LabelledFacts(((long, long),)))
    )
    shown = pages(said)
    assert sum(each.char in "xử" for page in shown for each in paper.letters(page)) >= 5 * 600
    assert all(each.box[2] <= A4[0] - 15 * MM + 1 for page in shown for each in paper.letters(page))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_of_kinh_jrai_ede_and_bahnar_names_comes_back(node: Path, form: str) -> None:
    within = [f"m{each}n M{each.upper()}N" for each in office_papers.LETTERS]
    words = [*within, *office_papers.NAMES]
    given = [unicodedata.normalize(form, each) for each in words]
    said = " ".join(read_back.pdf_pages(typesetting.pdf(office_papers.saying(" ".join(given)))))
    assert said.count(read_back.same(" ".join(words))) == 2  # the paragraph and the cell
    assert "□" not in said


@pytest.mark.parametrize("words", office_papers.LIKE_MARKUP)
def test_nothing_that_somebody_types_is_markup(node: Path, words: str) -> None:
    [said] = read_back.pdf_pages(typesetting.pdf(office_papers.saying(words)))
    assert said.count(words) == 2


def test_marks_that_hide_or_turn_are_gone_and_letters_without_a_picture_leave_a_box(node: Path) -> None:
    [said] = read_back.pdf_pages(typesetting.pdf(office_papers.saying("mã\x00\x07 \u202eđảo\u202c \U0001f600 漢")))
    assert said.count("mã đảo □ □") == 2


def test_a_screen_reader_is_told_what_is_what(node: Path) -> None:
    made = typesetting.pdf(office_papers.notice())
    assert pypdfium2.PdfDocument(made).is_tagged()
    assert b"pdfuaid:part" in made
    assert b"/Lang (vi" in made or b"/Lang(vi" in made
    assert pypdfium2.PdfDocument(made).get_metadata_dict()["Title"] == "Thông báo số 08/TB-BĐGL"
    text, appendix = read_back.roles(made), read_back.roles(made, 1)
    assert [each for each in text if each.startswith("H")] == ["H1", "H2", "H3"]
    assert text.count("LI") == 4
    assert appendix.count("Table") == 1
    assert appendix.count("TH") == len(office_papers.COLUMNS)
    assert [each for each in appendix if each.startswith("H")] == ["H1"]


EMPTY: dict[str, Any] = {
    "name": "",
    "agency": Agency(""),
    "kind": " ",
    "abstract": "\n",
    "number": "",
    "place_and_date": "",
    "addressed_to": (),
    "blocks": (
        Heading("", 1),
        Heading("2. Mục", 2),
        Items(()),
        LabelledFacts(()),
        Signatures(()),
        table("x", [TableColumn("")], []),
    ),
    "signature": None,
    "recipients": (),
    "appendices": (Appendix("", (Heading("1. Mục"),)), Appendix("", ())),
}


@pytest.mark.parametrize("form", ["named", "letter", "plain"])
def test_whatever_is_left_out_a_file_comes(form: Form) -> None:
    full = replace(office_papers.letter(1), form=form, appendices=office_papers.notice(1).appendices)
    nothing = replace(full, **EMPTY)
    for name in EMPTY:
        for paper_without in (replace(full, **{name: EMPTY[name]}), replace(nothing, **{name: getattr(full, name)})):
            made = child.compiled(json.loads(json.dumps(sheet.values(paper_without))))
            assert pypdfium2.PdfDocument(made).get_metadata_dict()["Title"]


def test_the_same_paper_gives_the_same_bytes(node: Path) -> None:
    first, again = (hashlib.sha256(typesetting.pdf(office_papers.notice())).hexdigest() for _time in range(2))
    assert first == again
    assert first != hashlib.sha256(typesetting.pdf(office_papers.notice(25))).hexdigest()


def test_every_page_has_a_picture(node: Path) -> None:
    made = typesetting.pdf(office_papers.notice())
    count = pictures.count(made)
    assert count == len(pypdfium2.PdfDocument(made))
    shown = [pictures.page(made, number) for number in range(1, count + 2)]
    assert all(each is not None and each.startswith(b"\x89PNG") for each in shown[:-1])
    assert shown[-1] is None
