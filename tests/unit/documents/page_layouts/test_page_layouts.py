"""The looks of documents against the rules' own figures: Nghị định 30/2020, Phụ lục I, and Thông tư 01/2011."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from documents.page_layouts import LAYOUTS, ElementStyle, PageLayout, by_code, on, words

SIZES = {
    "nation": (12, 13),
    "motto": (13, 14),
    "superior": (12, 13),
    "agency": (12, 13),
    "number": (13, 13),
    "place_and_date": (13, 14),
    "urgency": (13, 14),
    "kind": (13, 14),
    "abstract": (13, 14),
    "letter_abstract": (12, 13),
    "addressed": (13, 14),
    "body": (13, 14),
    "heading": (13, 14),
    "subheading": (13, 14),
    "office": (13, 14),
    "signer": (13, 14),
    "recipients_title": (12, 12),
    "recipients": (11, 11),
    "appendix_label": (14, 14),
    "appendix_title": (13, 14),
    "attached": (13, 14),
}
BOLD = {"nation", "motto", "agency", "kind", "abstract", "office", "signer", "recipients_title", "appendix_label"}
BOLD |= {"appendix_title", "urgency", "heading", "subheading"}
ITALIC = {"place_and_date", "recipients_title", "attached", "subheading"}
CAPITALS = {"nation", "superior", "agency", "kind", "office", "appendix_title", "urgency"}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2019, 2, 4), "tt01-2011"),
        (date(2020, 1, 20), "tt01-2011"),
        (date(2020, 3, 4), "tt01-2011"),
        (date(2020, 3, 5), "nd30-2020"),
        (date(2027, 2, 5), "nd30-2020"),
        (date(1999, 1, 1), "tt01-2011"),
    ],
)
def test_a_document_looks_as_the_rules_of_its_day_say(day: date, code: str) -> None:
    assert on(day).code == code
    assert by_code(code) is on(day)


def test_an_unknown_code_is_not_taken_for_another() -> None:
    with pytest.raises(KeyError):
        by_code("nd30")


def test_one_rule_follows_the_other_without_a_gap() -> None:
    for earlier, later in zip(LAYOUTS, LAYOUTS[1:], strict=False):
        assert earlier.until is not None
        assert (later.since - earlier.until).days == 1
    assert LAYOUTS[-1].until is None


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.code)
def test_sizes_and_looks_are_those_of_the_rules(layout: PageLayout) -> None:
    looks: dict[str, ElementStyle] = {each.name: getattr(layout.looks, each.name) for each in fields(layout.looks)}
    assert looks.keys() == SIZES.keys()
    assert {name for name, (least, most) in SIZES.items() if not least <= looks[name].size <= most} == set()
    assert {name for name, look in looks.items() if look.bold} == BOLD
    assert {name for name, look in looks.items() if look.italic} == ITALIC
    assert {name for name, look in looks.items() if look.capitals} == CAPITALS
    assert looks["motto"].rule == 1
    assert all(1 / 3 <= looks[name].rule <= 1 / 2 for name in ("agency", "abstract", "attached"))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.code)
def test_margins_and_spaces_are_those_of_the_rules(layout: PageLayout) -> None:
    margins = layout.margins
    assert 20 <= margins.top <= 25
    assert 20 <= margins.bottom <= 25
    assert 30 <= margins.left <= 35
    assert 15 <= margins.right <= 20
    assert layout.paper == (210, 297)
    assert layout.first_line in (10, 12.7)
    assert layout.space >= 6
    assert 1 <= layout.line <= 1.5
    assert 13 <= layout.page_number.size <= 14
    assert not layout.page_number.on_first


def test_page_numbers_moved_from_the_foot_to_the_head() -> None:
    old, new = on(date(2020, 3, 4)).page_number, on(date(2020, 3, 5)).page_number
    assert (old.place, old.align) == ("bottom", "right")
    assert (new.place, new.align) == ("top", "center")


def test_an_unknown_language_is_vietnamese() -> None:
    assert words("fr").nation == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert words("en").draft == "DRAFT"
