"""Values of approved templates: what providers refuse never stands in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from notify.gateways import template_words
from notify.gateways.template_words import MOST, MOST_ELSE, value, words_for_letter

CALL = {"code": "SC-2020-0001", "severity": 1, "step": 1, "title": "Cháy", "unit": "Đak Đoa", "asks": "Tiếp nhận"}
LINK = "https://truc.example/a/abc?x=1"


def test_a_letter_finds_its_template_and_the_rest_is_left_to_others() -> None:
    found = words_for_letter(CALL, LINK)
    assert found is not None and found[0] == "incident" and found[1]["token"] == "abc"
    several = words_for_letter(
        {"calls": [{"code": f"SC-2020-{n:04}"} for n in range(40)]}, "https://truc.example/b/def"
    )
    assert several is not None and several[0] == "several" and several[1]["count"] == "40"
    assert len(several[1]["codes"]) <= MOST_ELSE and several[1]["codes"].endswith(", +26")
    shift = words_for_letter({"shift": "Trực", "when": "thứ bảy", "unit": ""}, "https://truc.example/p/me/ghi")
    assert shift == ("shift", {"token": "ghi", "shift": "Trực", "when": "thứ bảy", "unit": "–"})
    assert words_for_letter({}, LINK) is None and words_for_letter(CALL, "") is None


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("gọi 0905.123.456 ngay", "gọi – ngay"),
        ("gọi +84 905 123 456", "gọi –"),
        ("xem http://a.vn/b và buudien.vn", "xem – và –"),
        ("22:00 25/01/2020 đến 06:00 26/01/2020", "22:00 25/01/2020 đến 06:00 26/01/2020"),
        ("xe 81C-123.45", "xe 81C-123.45"),
        ("  hai\ndòng ", "hai dòng"),
        ("gọi 0905\u200b123\u200b456, xem a\u200bbuudien.vn", "gọi –, xem a –"),
        ("", "–"),
    ],
)
def test_links_and_telephone_numbers_are_taken_out_and_nothing_else(words: str, kept: str) -> None:
    assert value(words, "title") == kept


@given(st.text(max_size=400), st.sampled_from(["title", "unit", "asks", "shift", "severity"]))
def test_no_value_is_empty_too_long_or_holds_a_link(words: str, name: str) -> None:
    made = value(words, name)
    assert 0 < len(made) <= MOST.get(name, MOST_ELSE)
    assert "://" not in made or not re.search(r"\w://\S", made)
    assert made.isprintable()


def test_every_place_of_a_template_is_filled() -> None:
    for kind, facts in (("incident", CALL), ("shift", {"shift": "a", "when": "b", "unit": "c"})):
        found = words_for_letter(facts, LINK)
        assert found is not None and found[1].keys() == template_words.PLACES[kind]
