"""Numbers as people read them, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from core.i18n import points
from roster.words.labels import number, percent
from roster.words.names import RosterNames


@pytest.mark.parametrize(
    ("language", "sums", "tick", "share"),
    [
        ("vi", "28.515,5", "28.500", "12,34 %"),
        ("en", "28,515.5", "28,500", "12.34 %"),
    ],
)
def test_large_numbers_are_grouped_as_the_reader_writes_them(
    app: Flask, language: str, sums: str, tick: str, share: str
) -> None:
    with app.test_request_context(), force_locale(language):
        assert (points(2851550), number(28500.0), percent(0.1234)) == (sums, tick, share)


def test_small_numbers_keep_their_decimals(app: Flask) -> None:
    with app.test_request_context(), force_locale("vi"):
        assert [points(1750), number(0.5), number(-2.5), number(30.0)] == ["17,5", "0,5", "-2,5", "30"]


def test_a_code_stands_only_beside_a_name_that_two_people_bear() -> None:
    people = {1: ("P1", "Lê Văn An"), 2: ("P2", "Lê Văn An"), 3: ("P3", "Nay Đức")}
    names = RosterNames(people=people, shifts={}, duties={}, units={})
    assert [names.person(each) for each in people] == ["Lê Văn An (P1)", "Lê Văn An (P2)", "Nay Đức"]
