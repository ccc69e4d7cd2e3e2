"""Crews without a database: whose turn it is on which day, and who of a crew takes which seat."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, strategies as st

from roster.crews.filling import CrewTurn, Member, filled
from roster.crews.queries import in_order
from roster.crews.rotating import OFF, Rotation, stints, turned
from roster.patterns.dealing import SeatToDeal

FIRST = date(2020, 1, 23)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
START = datetime(2020, 1, 23, 0, tzinfo=UTC)


def plan(rotation: Rotation) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for each in stints(rotation, DAYS):
        found.setdefault(each.crew, []).append(each.template)
    return found


def test_four_crews_go_round_three_shifts_and_a_day_of_rest() -> None:
    found = plan(Rotation((1, 2, 3, 4), ("Sáng", "Chiều", "Đêm", OFF), FIRST))
    assert found[1] == ["Sáng", "Chiều", "Đêm", OFF] * 3
    assert found[4] == [OFF, "Sáng", "Chiều", "Đêm"] * 3
    for day in range(12):
        assert sorted(found[crew][day] for crew in (1, 2, 3, 4)) == sorted(("Sáng", "Chiều", "Đêm", OFF))


def test_a_turn_may_be_several_days_and_ends_when_it_is_said_to() -> None:
    found = plan(Rotation((1, 2), ("Ngày", "Đêm"), DAYS[1], days=3, until=DAYS[8]))
    assert found[1] == ["Ngày"] * 3 + ["Đêm"] * 3 + ["Ngày"] * 2
    assert found[2] == ["Đêm"] * 3 + ["Ngày"] * 3 + ["Đêm"] * 2


@given(st.integers(1, 6), st.lists(st.sampled_from(["S", "C", "Đ", OFF]), min_size=1, max_size=6), st.integers(1, 4))
def test_over_whole_rounds_every_crew_has_every_shift_as_often(crews: int, cycle: list[str], days: int) -> None:
    """Independent of how it is reckoned: after len(cycle) turns all crews have had the same shifts."""
    length = len(cycle) * days
    some = [FIRST + timedelta(days=n) for n in range(length)]
    rotation = Rotation(tuple(range(crews)), tuple(cycle), FIRST, days)
    had: dict[int, list[str]] = {crew: [] for crew in range(crews)}
    for each in stints(rotation, some):
        had[each.crew].append(each.template)
    assert all(sorted(each) == sorted(cycle * days) for each in had.values())


def test_who_comes_first_changes_with_each_round() -> None:
    assert [turned([1, 2, 3], n)[0] for n in range(4)] == [1, 2, 3, 1]
    assert turned([], 3) == []


def test_kip_ten_comes_after_kip_nine() -> None:
    assert sorted(["Kíp 10", "Kíp 9", "Kíp 1", "Đội 2"], key=in_order)[:3] == ["Kíp 1", "Kíp 9", "Kíp 10"]


class Allowing:
    """Lets everybody take everything but what is named."""

    def __init__(self, forbidden: dict[int, set[int]] | None = None) -> None:
        self.forbidden, self.took = forbidden or {}, dict[int, int]()

    def hinders(self, place: SeatToDeal, person: int) -> tuple[str, ...]:
        return ("rest.between_shifts",) if place.seat in self.forbidden.get(person, ()) else ()

    def take(self, place: SeatToDeal, person: int) -> None:
        self.took[place.seat] = person


def place(seat: int, duty: str = "operations") -> SeatToDeal:
    return SeatToDeal(seat, 1 if duty == "operations" else 2, FIRST, START, duty, night=False)


def turn(members: list[Member], places: list[SeatToDeal], there: frozenset[int] = frozenset()) -> CrewTurn:
    return CrewTurn(1, FIRST, "Sáng", tuple(members), tuple(places), there)


def test_more_people_than_seats_leave_the_last_to_spare() -> None:
    found = filled(turn([Member(n) for n in (1, 2, 3)], [place(11), place(12)]), Allowing())
    assert ({who for _place, who in found.seated}, found.spare, found.empty) == ({1, 2}, (3,), ())


def test_fewer_people_than_seats_leave_a_seat_empty() -> None:
    found = filled(turn([Member(1)], [place(11), place(12)]), Allowing())
    assert [each.seat for each in found.empty] == [12] and found.spare == ()


def test_whoever_can_serve_only_one_kind_finds_it_free() -> None:
    """The first could take either seat; taking the other's would leave one empty."""
    members = [Member(1), Member(2, frozenset({"operations"}))]
    found = filled(turn(members, [place(11), place(21, "emergency")]), Allowing())
    assert {who: each.seat for each, who in found.seated} == {1: 21, 2: 11}


def test_a_kind_that_they_do_not_serve_in_the_crew_is_not_given_to_them() -> None:
    found = filled(turn([Member(1, frozenset({"emergency"}))], [place(11)]), Allowing())
    assert (found.seated, found.passed, found.spare) == ((), (), ())


def test_whoever_is_there_stays_and_is_no_spare() -> None:
    found = filled(turn([Member(1), Member(2)], [place(12)], there=frozenset({1})), Allowing())
    assert found.serving == {1, 2} and found.spare == ()


@given(st.integers(1, 5), st.integers(0, 5), st.dictionaries(st.integers(1, 5), st.sets(st.integers(1, 5)), max_size=5))
def test_as_many_serve_as_can_together(people: int, seats: int, forbidden: dict[int, set[int]]) -> None:
    """Against trying all orders: no way of seating them seats more."""
    members = [Member(n) for n in range(1, people + 1)]
    found = filled(turn(members, [place(n) for n in range(1, seats + 1)]), Allowing(forbidden))
    numbers = range(1, people + 1)
    padded = [*range(1, seats + 1), *([0] * people)]
    best = max(
        sum(bool(seat) and seat not in forbidden.get(who, ()) for who, seat in zip(numbers, some, strict=False))
        for some in set(permutations(padded, people))
    )
    assert len(found.seated) == best
    assert len({each.seat for each, _who in found.seated}) == best
    seated, passed = {who for _place, who in found.seated}, {who for who, _why in found.passed}
    assert seated | passed | set(found.spare) == set(numbers) and not seated & passed


@pytest.mark.parametrize("people", [0, 3])
def test_without_seats_nobody_is_hindered(people: int) -> None:
    found = filled(turn([Member(n) for n in range(people)], []), Allowing())
    assert len(found.spare) == people and not found.passed
