"""Whoever stays keeps the seat."""

from planning.seating import seated


def test_newcomers_take_free_seats_in_order():
    assert seated([1, 2, 3], {}, ["a", "b"]) == {1: "a", 2: "b"}


def test_whoever_stays_keeps_the_seat_whatever_the_order():
    assert seated([1, 2], {1: "a", 2: "b"}, ["b", "c"]) == {2: "b", 1: "c"}
    assert seated([1, 2], {1: "a", 2: "b"}, ["b", "a"]) == {1: "a", 2: "b"}


def test_a_person_named_twice_sits_once_and_too_many_are_left_out():
    assert seated([1], {}, ["a", "a", "b"]) == {1: "a"}
