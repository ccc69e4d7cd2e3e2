"""Documents as an office of Gia Lai would send them before Tết of Canh Tý."""

from __future__ import annotations

import re
from dataclasses import replace

from documents.paper import (
    Agency,
    Appendix,
    Heading,
    Items,
    LabelledFacts,
    Paper,
    Paragraph,
    Party,
    Signature,
    Signatures,
    TableCell,
    TableColumn,
    TextRun,
    paragraph,
    table,
)

AGENCY = Agency("Bưu điện tỉnh Gia Lai", "Tổng công ty Bưu điện Việt Nam")
DATE = "Gia Lai, ngày 20 tháng 01 năm 2020"
BODY = "Bưu điện tỉnh Gia Lai thông báo lịch trực của lãnh đạo, điều hành và ứng cứu thông tin trong dịp Tết như sau:"
COLUMNS = (
    TableColumn("STT", 0.5, "center"),
    TableColumn("Thứ, ngày", 1.4),
    TableColumn("Ngày âm lịch", 1.2),
    TableColumn("Ca trực", 1.1, "center"),
    TableColumn("Trực lãnh đạo", 2),
    TableColumn("Trực ứng cứu thông tin", 1.5),
)


def roster(rows: int) -> list[list[str | TableCell]]:
    """Three shifts a day, whose date stands once."""
    made: list[list[str | TableCell]] = []
    for number in range(rows):
        day = TableCell(f"Ngày thứ {number // 3 + 1}", rows=min(3, rows - number))
        begin: list[str | TableCell] = [str(number + 1)] + ([day] if number % 3 == 0 else [])
        made.append([*begin, "30 tháng Chạp", "22:00–06:00", "Nguyễn Văn Minh – 0900 000 001", "Ksor Phước"])
    return made


def notice(rows: int = 24, layout: str = "nd30-2020") -> Paper:
    return Paper(
        layout=layout,
        name="Thông báo số 08/TB-BĐGL",
        form="named",
        agency=AGENCY,
        kind="Thông báo",
        abstract="Lịch trực Tết Nguyên đán Canh Tý năm 2020",
        number="Số: 08/TB-BĐGL",
        place_and_date=DATE,
        blocks=(
            paragraph(BODY),
            Heading("1. Yêu cầu"),
            Heading("a) Đối với người trực", 2),
            Items(("Có mặt trước giờ nhận ca;", "Báo cáo ngay sự cố;")),
            Paragraph(
                (
                    TextRun("Lịch trực "),
                    TextRun("kèm theo", bold=True),
                    TextRun(" Thông báo này", italic=True),
                    TextRun("./."),
                )
            ),
        ),
        signature=Signature(("KT. Giám đốc", "Phó Giám đốc"), "Nguyễn Văn Minh"),
        recipients=("Tổng công ty (để báo cáo)", "Lưu: VT, KHNV"),
        appendices=(
            Appendix(
                "Lịch trực Tết",
                (table("Lịch trực từng ngày", COLUMNS, roster(rows)),),
                label="Phụ lục I",
                attached="Kèm theo Thông báo số 08/TB-BĐGL",
                landscape=True,
            ),
        ),
    )


def letter(paragraphs: int = 12, layout: str = "nd30-2020") -> Paper:
    return replace(
        notice(layout=layout),
        name="Công văn số 77/BĐGL-KHNV",
        form="letter",
        number="Số: 77/BĐGL-KHNV",
        abstract="V/v bảo đảm an toàn mạng lưới trong dịp Tết Nguyên đán Canh Tý năm 2020",
        urgency="Hỏa tốc",
        addressed_to=("Giám đốc các Bưu điện huyện", "Trưởng các phòng"),
        blocks=tuple(paragraph(f"{number}. {BODY} {BODY}") for number in range(1, paragraphs + 1)),
        appendices=(),
    )


def minutes() -> Paper:
    return replace(
        notice(),
        name="Biên bản giao ca",
        kind="Biên bản",
        blocks=(
            paragraph("Hôm nay, tại Bưu điện tỉnh Gia Lai, chúng tôi gồm:"),
            LabelledFacts((("Bên giao", "Ông Ksor Phước"), ("Bên nhận", "Bà Rơ Châm H'Nhung"))),
            Signatures(
                (Party("BÊN GIAO", "Nguyễn Thị Hoa", "(Ký, ghi rõ họ tên)"), Party("BÊN NHẬN", "Nguyễn Văn Minh"))
            ),
        ),
        signature=None,
        recipients=(),
        appendices=(),
    )


def sheet(rows: int, columns: int, *, size: float = 7.5) -> Paper:
    """Everybody's days: a code of one letter each."""
    days = [TableColumn(f"{day + 1:02d}", 1, "center") for day in range(columns)]
    people = [
        [f"Rơ Châm H'Nhung {at}", *(["S", "C", "Đ", "N"][(at + day) % 4] for day in range(columns))]
        for at in range(rows)
    ]
    return replace(
        minutes(),
        name="Bảng trực",
        form="plain",
        kind="Bảng phân công trực",
        abstract="Tết Canh Tý",
        number="",
        place_and_date="",
        blocks=(table("Bảng trực", [TableColumn("Họ và tên", 6), *days], people, size),),
        landscape=True,
    )


def saying(*words: str) -> Paper:
    """A sheet that says these, a paragraph and a cell each."""
    return replace(
        minutes(),
        form="plain",
        abstract="",
        blocks=(*(paragraph(each) for each in words), table("Chữ", [TableColumn("Chữ")], [[each] for each in words])),
    )


LETTERS = re.split(
    r"\s+",
    "a à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ e è ẻ ẽ é ẹ ê ề ể ễ ế ệ i ì ỉ ĩ í ị o ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ "
    "u ù ủ ũ ú ụ ư ừ ử ữ ứ ự y ỳ ỷ ỹ ý ỵ đ b c d f g h j k l m n p q r s t v w x z "
    # Jrai, Ê-đê, Bahnar
    "ă â č ĕ ê̆ ĭ ñ ŏ ô̆ ơ̆ ŭ ư̆ ƀ ŋ",
)
"""Of names in Gia Lai and Đắk Lắk."""
NAMES = (
    "Rơ Châm H'Nhung",
    "Ksor Phước",
    "Y Thŭt Niê Kdăm",
    "Hơ̆ Ƀlao",
    "Đinh Ƀyơ̆n",
    "Siu Hyưr",
    "Nay Đŏ̆",
    "Nguyễn Thị Ngọc Ửng",
)

LIKE_MARKUP = (
    '=HYPERLINK("http://x.vn","y")',
    '#link("x")',
    "<&>",
    "$x$",
    "*đậm* _nghiêng_ `mã`",
    "@nguồn <nhãn>",
    "// lời /* lời */",
    "= Đề mục",
    "+ mục",
    "\\u{41} [x] {x}",
    '#import "x"',
    "~ -- '\"",
    "&amp; <w:p/>",
    "{{ 7 * 7 }} %(x)s",
)
"""Of typst, of XML, of spreadsheets, of our own templates."""
