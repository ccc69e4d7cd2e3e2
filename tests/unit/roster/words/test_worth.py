"""Points in the unit that everybody knows: nights on duty, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from roster.words import worth

STEPS = [
    (1, "chưa tới một ca đêm", "less than a night shift"),
    (899, "chưa tới một ca đêm", "less than a night shift"),
    (900, "chừng một ca đêm", "about a night shift"),
    (1200, "chừng một ca đêm", "about a night shift"),
    (1201, "hơn một ca đêm", "more than a night shift"),
    (1800, "chừng 2 ca đêm", "about 2 night shifts"),
    (-6475, "chừng 6 ca đêm", "about 6 night shifts"),
    (2_849_450, "chừng 2.849 ca đêm", "about 2,849 night shifts"),
    (worth.SEAT, "một lượt trực để trống", "an empty seat"),
    (3 * worth.SEAT + 50_000, "3 lượt trực để trống", "3 empty seats"),
]


@pytest.mark.parametrize(("hundredths", "vi", "en"), STEPS)
def test_points_are_said_in_nights_and_from_an_empty_seat_on_in_seats(
    app: Flask, hundredths: int, vi: str, en: str
) -> None:
    for language, words in (("vi", vi), ("en", en)):
        with app.test_request_context(), force_locale(language):
            assert worth.nights(hundredths) == words


def test_points_stand_beside_what_they_weigh_and_nothing_weighs_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert worth.told(1250) == "12,5 điểm (hơn một ca đêm)"
        assert worth.told(0) == "0 điểm"
        assert (worth.left(None), worth.left(0), worth.left(40)) == ("chưa biết", "không còn gì", "chưa tới một ca đêm")
