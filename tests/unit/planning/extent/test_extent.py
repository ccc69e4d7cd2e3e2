"""From when to when an obligatory kind has shifts; what lies before and after is listed, and is no gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from planning.coverage import Place, prove, union
from planning.extent import extents

T0 = datetime(2020, 1, 23, 17, tzinfo=UTC)
"""Midnight in Việt Nam."""


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def place(start: float, end: float, duty: str = "operations", unit: str = "U") -> Place:
    return Place(1, unit, duty, at(start), at(end), "A")


def found(*places: Place, must: tuple[str, ...] = ("operations", "emergency")) -> list[tuple[str, str, list[object]]]:
    return [
        (each.unit, each.duty, [(edge.is_before, *(_hours(moment) for moment in edge.span)) for edge in each.edges])
        for each in extents(places, obligatory=must)
    ]


def _hours(moment: datetime) -> float:
    return (moment - T0) / timedelta(hours=1)


def test_a_kind_that_begins_later_and_ends_earlier_than_others_has_minutes_around_it() -> None:
    assert found(place(6, 70, "emergency"), place(7.5, 19.5), place(31.5, 43.5)) == [
        ("U", "emergency", []),
        ("U", "operations", [(True, 6, 7.5), (False, 43.5, 70)]),
    ]


def test_the_morning_into_which_the_last_night_reaches_is_looked_at_as_well() -> None:
    """One kind hands over at 6:00, another at 7:30: the page says that it has checked until 7:30."""
    assert found(place(6, 79.5, "emergency"), place(6, 78)) == [
        ("U", "emergency", []),
        ("U", "operations", [(False, 78, 79.5)]),
    ]


KINDS, UNITS = st.sampled_from(["operations", "emergency", "support"]), st.sampled_from(["U", "D"])
SOME = st.tuples(st.integers(0, 80), st.integers(1, 24), KINDS, UNITS)


@given(st.lists(SOME.map(lambda s: place(s[0], s[0] + s[1], s[2], s[3])), max_size=8))
def test_whatever_the_proof_has_checked_is_within_the_shifts_of_a_kind_or_listed(places: list[Place]) -> None:
    must = {"operations", "emergency"}
    checked = prove(places, obligatory=must, unit="U", above={}).checked
    reaches = extents(places, obligatory=must)
    assert {(each.unit, each.duty) for each in reaches} == {(p.unit, p.duty) for p in places if p.duty in must}
    for each in reaches:
        assert union([each.span, *(edge.span for edge in each.edges)]) == [checked]


def test_the_night_before_the_first_change_of_shift_asks_for_nobody() -> None:
    assert found(place(7.5, 72), must=("operations",)) == [("U", "operations", [])]


def test_each_unit_by_itself_and_only_obligatory_kinds() -> None:
    places = [place(0, 72, unit="U"), place(8, 17, unit="D"), place(0, 5, "support")]
    assert found(*places) == [("D", "operations", [(True, 0, 8), (False, 17, 72)]), ("U", "operations", [])]


def test_without_shifts_there_is_nothing_to_say() -> None:
    assert found() == []
