"""What a few letters mean: "cm" is Chư Mang before anything that only has a c and an m."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from core import text
from desk.finding.matching import Rank, SearchEntry, find

ENTRIES = [
    SearchEntry(1, "Bưu điện Chư Mang", "BDCG"),
    SearchEntry(2, "Bưu cục Mang Yang", "MY"),
    SearchEntry(3, "Bưu điện tỉnh Cao Nguyên", "BDT"),
    SearchEntry(4, "Điểm phục vụ Ia Grai", "PV"),
    SearchEntry(5, "Cao Nhật Minh", "NV046", is_person=True),
    SearchEntry(7, "Bưu cục Chư Mang 2", "BC2"),
    SearchEntry(6, "Rơ Châm H'Nhung", "NV010", is_person=True),
]


@pytest.mark.parametrize(
    ("asked", "first", "rank", "marked"),
    [
        ("cm", "Bưu điện Chư Mang", Rank.INITIALS, ["C", "M"]),
        ("CM ", "Bưu điện Chư Mang", Rank.INITIALS, ["C", "M"]),
        ("my", "Bưu cục Mang Yang", Rank.CODE, []),
        ("bdt", "Bưu điện tỉnh Cao Nguyên", Rank.CODE, []),
        ("bdc", "Bưu điện Chư Mang", Rank.CODE_BEGUN, []),
        ("chư m", "Bưu điện Chư Mang", Rank.WORDS, ["Chư", "M"]),
        ("hnh", "Rơ Châm H'Nhung", Rank.WORDS, ["H'Nh"]),
        ("nm", "Cao Nhật Minh", Rank.LATER_INITIALS, ["N", "M"]),
        ("minh cao", "Cao Nhật Minh", Rank.INSIDE, []),
        ("chumang", "Bưu điện Chư Mang", Rank.INSIDE, []),
        ("rai", "Điểm phục vụ Ia Grai", Rank.INSIDE, []),
    ],
)
def test_the_likeliest_comes_first(asked: str, first: str, rank: Rank, marked: list[str]) -> None:
    hit = find(ENTRIES, asked)[0]
    assert (hit.entry.name, hit.rank) == (first, rank)
    assert [hit.entry.name[start:end] for start, end in hit.marks] == marked


def test_one_letter_means_nobody_and_the_others_follow_units_first() -> None:
    assert find(ENTRIES, "c") == [] == find(ENTRIES, "  ") == find(ENTRIES, "'")
    assert [hit.entry.key for hit in find(ENTRIES, "cm")] == [1, 7, 2, 5]


@given(name=st.text(min_size=1, max_size=30), asked=st.text(max_size=6))
def test_any_name_and_any_question_can_be_asked(name: str, asked: str) -> None:
    for hit in find([SearchEntry(1, name, "X1")], asked):
        ends = [0, *(place for mark in hit.marks for place in mark), len(name)]
        assert ends == sorted(ends), "pieces of the name follow each other"
    if len(text.fold(name).split()) == 1 and text.fold(name).isalpha() and len(text.fold(name)) > 1:
        assert find([SearchEntry(1, name, "X1")], name), "whoever types a whole name finds it"
