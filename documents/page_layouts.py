"""PURE How official documents look, by the rules in force on a day: margins, sizes, looks, the place of page numbers.

Where a rule leaves a range ("12–13") one value of it stands here, named beside it. Sizes are in points, other lengths
in millimetres. The next rule is one more ``PageLayout``; a document keeps the code of the one it was made by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

A4, A3 = (210.0, 297.0), (297.0, 420.0)
_SHEETS = {"a4": 1.0, "a3": 297.0 / 210.0}


@dataclass(frozen=True)
class ElementStyle:
    """Of one element. ``rule``: the line under it, as a share of the width of its letters; 0 for none."""

    size: float
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    rule: float = 0.0


@dataclass(frozen=True)
class Margins:
    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True)
class PageNumber:
    """In the margin ``place``. Each appendix counts from 1 anew."""

    place: Literal["top", "bottom"]
    align: Literal["center", "right"]
    size: float
    on_first: bool = False


@dataclass(frozen=True)
class Looks:
    """Of each element that the rules name."""

    nation: ElementStyle
    motto: ElementStyle
    superior: ElementStyle
    agency: ElementStyle
    number: ElementStyle
    place_and_date: ElementStyle
    urgency: ElementStyle
    kind: ElementStyle
    abstract: ElementStyle
    letter_abstract: ElementStyle
    addressed: ElementStyle
    body: ElementStyle
    heading: ElementStyle
    subheading: ElementStyle
    office: ElementStyle
    signer: ElementStyle
    recipients_title: ElementStyle
    recipients: ElementStyle
    appendix_label: ElementStyle
    appendix_title: ElementStyle
    attached: ElementStyle


@dataclass(frozen=True)
class PrintedWords:
    """What is printed on every document."""

    nation: str
    motto: str
    addressed: str
    recipients: str
    draft: str
    exercise: str


@dataclass(frozen=True)
class PageLayout:
    """``until``: the last day; None while in force. ``line``: of single spacing."""

    code: str
    name: str
    since: date
    until: date | None
    margins: Margins
    page_number: PageNumber
    looks: Looks
    first_line: float = 12.7  # 1 or 1.27 cm
    space: float = 6.0  # at least 6 pt between paragraphs
    line: float = 1.1  # from single to 1.5
    paper: tuple[float, float] = A4


WORDS: Mapping[str, PrintedWords] = {
    "vi": PrintedWords(
        nation="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        motto="Độc lập - Tự do - Hạnh phúc",
        addressed="Kính gửi",
        recipients="Nơi nhận",
        draft="DỰ THẢO",
        exercise="DIỄN TẬP",
    ),
    "en": PrintedWords(
        nation="SOCIALIST REPUBLIC OF VIET NAM",
        motto="Independence - Freedom - Happiness",
        addressed="To",
        recipients="Recipients",
        draft="DRAFT",
        exercise="EXERCISE",
    ),
}
_LOOKS = Looks(
    nation=ElementStyle(12, bold=True, capitals=True),  # 12–13
    motto=ElementStyle(13, bold=True, rule=1.0),  # 13–14, the line as long as the words
    superior=ElementStyle(12, capitals=True),  # 12–13
    agency=ElementStyle(12, bold=True, capitals=True, rule=0.4),  # 12–13, the line 1/3 to 1/2 of the words
    number=ElementStyle(13),
    place_and_date=ElementStyle(13, italic=True),  # 13–14
    urgency=ElementStyle(13, bold=True, capitals=True),  # 13–14
    kind=ElementStyle(14, bold=True, capitals=True),
    abstract=ElementStyle(14, bold=True, rule=0.4),  # the line 1/3 to 1/2 of the words
    letter_abstract=ElementStyle(12),  # 12–13
    addressed=ElementStyle(14),  # 13–14, as the body
    body=ElementStyle(14),  # 13–14
    heading=ElementStyle(14, bold=True),
    subheading=ElementStyle(14, bold=True, italic=True),
    office=ElementStyle(14, bold=True, capitals=True),  # 13–14
    signer=ElementStyle(14, bold=True),  # 13–14
    recipients_title=ElementStyle(12, bold=True, italic=True),
    recipients=ElementStyle(11),
    appendix_label=ElementStyle(14, bold=True),
    appendix_title=ElementStyle(14, bold=True, capitals=True),  # 13–14
    attached=ElementStyle(14, italic=True, rule=0.4),  # 13–14
)
DECREE_30 = PageLayout(
    code="nd30-2020",
    name="Nghị định số 30/2020/NĐ-CP, Phụ lục I",
    since=date(2020, 3, 5),
    until=None,
    margins=Margins(top=20, bottom=20, left=30, right=15),  # 20–25, 20–25, 30–35, 15–20
    page_number=PageNumber("top", "center", 13),  # 13–14
    looks=_LOOKS,
)
CIRCULAR_01 = replace(
    DECREE_30,
    code="tt01-2011",
    name="Thông tư số 01/2011/TT-BNV",
    since=date(2011, 3, 5),  # 45 days after it was signed
    until=DECREE_30.since - timedelta(days=1),
    page_number=PageNumber("bottom", "right", 13),  # 13–14
)
LAYOUTS = (CIRCULAR_01, DECREE_30)


def on(day: date) -> PageLayout:
    """The one in force; before the first of them, the first."""
    return next((each for each in reversed(LAYOUTS) if each.since <= day), LAYOUTS[0])


def by_code(code: str) -> PageLayout:
    """Raises KeyError."""
    return {each.code: each for each in LAYOUTS}[code]


def layout_for(code: str, sheet: str = "a4", scale: float = 1.0) -> PageLayout:
    """The layout for a sheet: everything larger in one measure on A3, and letters by ``scale`` besides."""
    layout, sheets = by_code(code), _SHEETS[sheet]
    if sheets == 1.0 and scale == 1.0:
        return layout
    looks = {
        name: replace(look, size=round(look.size * sheets * scale, 1)) for name, look in vars(layout.looks).items()
    }
    margins = {side: round(length * sheets, 1) for side, length in vars(layout.margins).items()}
    return replace(
        layout,
        margins=Margins(**margins),
        page_number=replace(layout.page_number, size=round(layout.page_number.size * sheets, 1)),
        looks=Looks(**looks),
        first_line=round(layout.first_line * sheets, 1),
        space=round(layout.space * sheets * scale, 1),
        paper=A3 if sheet == "a3" else layout.paper,
    )


def words(language: str) -> PrintedWords:
    return WORDS.get(language, WORDS["vi"])
