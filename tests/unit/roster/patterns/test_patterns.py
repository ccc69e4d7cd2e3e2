"""People in turn: everybody as many as the others or one more, in the chosen order; who is hindered stays first."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings, strategies as st

from planning.problem import Absence, Problem, Shift, Staff
from roster.patterns import dealing
from roster.patterns.dealing import Dealt, SeatToDeal, Turn, Why, dealt, from_first
from roster.patterns.rules import THERE, ByRules

START = datetime(2020, 1, 23, 0, 30, tzinfo=UTC)


class Free:
    """Nothing hinders anybody, but that nobody has two seats of one shift; ``away``: person → days."""

    def __init__(self, away: dict[int, set[date]] | None = None) -> None:
        self.away, self.on = away or {}, set[tuple[int, int]]()

    def hinders(self, place: SeatToDeal, person: int) -> Why:
        if (place.shift_id, person) in self.on:
            return (THERE,)
        return ("absence.away",) if place.on in self.away.get(person, ()) else ()

    def take(self, place: SeatToDeal, person: int) -> None:
        self.on.add((place.shift_id, person))


def places(days: int, seats: int = 1, *, nights: bool = True) -> list[SeatToDeal]:
    """Of each day a shift by day and one by night; ids count up."""
    found, number = list[SeatToDeal](), 0
    for n in range(days):
        for shift, night in enumerate((False, True) if nights else (False,)):
            start = START + timedelta(days=n, hours=12 * night)
            for position in range(1, seats + 1):
                number += 1
                on = date(2020, 1, 23) + timedelta(days=n)
                found.append(SeatToDeal(number, 2 * n + shift + 1, on, start, "operations", night, position))
    return found


def who(found: list[Dealt]) -> list[int | None]:
    return [each.person for each in found]


def test_shifts_in_turn_from_whom_it_shall_begin() -> None:
    order = from_first([1, 2, 3], 2)
    assert who(dealt(places(2), order, turn="shift", judge=Free())) == [2, 3, 1, 2]


def test_a_day_in_turn_has_all_its_shifts() -> None:
    assert who(dealt(places(3), [1, 2], turn="day", judge=Free())) == [1, 1, 2, 2, 1, 1]


def test_days_and_nights_go_round_apart_and_nobody_has_both_of_one_day() -> None:
    found = dealt(places(4), [1, 2, 3, 4], turn="day_night", judge=Free())
    assert who(found) == [1, 3, 2, 4, 3, 1, 4, 2]


def test_who_is_away_is_passed_over_and_has_the_next() -> None:
    found = dealt(places(4, nights=False), [1, 2, 3], turn="shift", judge=Free({1: {date(2020, 1, 23)}}))
    assert who(found) == [2, 1, 3, 2]
    assert found[0].passed == ((1, ("absence.away",)),)


def test_one_person_has_all_and_what_they_cannot_stays_empty() -> None:
    found = dealt(places(3, nights=False), [7], turn="shift", judge=Free({7: {date(2020, 1, 24)}}))
    assert who(found) == [7, None, 7]


def test_one_person_has_one_seat_of_a_shift_for_two() -> None:
    assert who(dealt(places(1, seats=2, nights=False), [7], turn="shift", judge=Free())) == [7, None]


@settings(deadline=None, max_examples=120)
@given(
    st.integers(1, 30),
    st.integers(1, 3),
    st.lists(st.integers(1, 99), min_size=3, max_size=8, unique=True),
    st.integers(0, 7),
    st.sampled_from(["shift", "day"]),
)
def test_unhindered_everybody_has_floor_or_ceiling_in_order(
    days: int, seats: int, order: list[int], first: int, turn: Turn
) -> None:
    begun = from_first(order, order[first % len(order)])
    there = places(days, seats)
    found = dealt(there, begun, turn=turn, judge=Free())
    assert [each.place for each in found] == sorted(there, key=lambda each: (each.start, each.shift_id, each.position))
    rounds = [of_turn[0].seat for _line, of_turn in dealing.turns(there, turn)]
    by_seat = {each.place.seat: each.person for each in found}
    assert [by_seat[seat] for seat in rounds] == [begun[n % len(begun)] for n in range(len(rounds))]
    counts = Counter(by_seat[seat] for seat in rounds)
    assert all(len(rounds) // len(begun) <= counts[each] <= -(-len(rounds) // len(begun)) for each in begun)


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 20), st.integers(1, 2), st.integers(2, 7))
def test_days_and_nights_apart_are_even_each(days: int, seats: int, people: int) -> None:
    found = dealt(places(days, seats), list(range(people)), turn="day_night", judge=Free())
    for night in (False, True):
        counts = Counter(each.person for each in found if each.place.night is night)
        assert max(counts.values()) - min(counts.get(each, 0) for each in range(people)) <= 1


@settings(deadline=None, max_examples=80)
@given(
    st.integers(1, 15),
    st.dictionaries(st.integers(1, 5), st.sets(st.dates(date(2020, 1, 23), date(2020, 2, 6)), max_size=10)),
    st.sampled_from(dealing.TURNS),
)
def test_nobody_is_seated_while_away_and_empty_means_that_all_were(
    days: int, away: dict[int, set[date]], turn: Turn
) -> None:
    for each in dealt(places(days), [1, 2, 3, 4, 5], turn=turn, judge=Free(away)):
        if each.person is None:
            assert {person for person, _why in each.passed} == {1, 2, 3, 4, 5}
        else:
            assert each.place.on not in away.get(each.person, ())


# --- by the rules of the roster ------------------------------------------------------------------------------------


def problem(**facts: object) -> Problem:
    shifts = tuple(
        Shift(
            id=n + 1,
            duty="operations",
            unit="BDA",
            start=START + timedelta(hours=12 * n),
            end=START + timedelta(hours=12 * n + 12),
            form="onsite",
            headcount=1,
            points=100,
            night=n % 2 == 1,
            peak=frozenset(),
            local_date=date(2020, 1, 23) + timedelta(days=n // 2),
            template="Ngày",
            replaces_work=True,
        )
        for n in range(4)
    )
    units = frozenset({"BDA"})
    staff = tuple(Staff(n, f"P{n}", f"P{n}", frozenset({"operations"}), units, unit="BDA") for n in (1, 2))
    return Problem(shifts, (*staff, Staff(3, "P3", "P3", frozenset({"support"}), units, unit="BDA")), **facts)  # type: ignore[arg-type]


def at(number: int) -> SeatToDeal:
    shift = problem().shift_of[number]
    return SeatToDeal(number, number, shift.local_date, shift.start, shift.duty, shift.night)


def test_rules_see_what_was_dealt_before() -> None:
    judge = ByRules(problem(), (), [1, 2, 3], [1, 2, 3, 4])
    assert judge.hinders(at(1), 1) == ()
    judge.take(at(1), 1)
    assert judge.hinders(at(1), 1) == (THERE,)
    assert "rest.between_shifts" in judge.hinders(at(2), 1)
    assert judge.hinders(at(2), 2) == ()
    assert judge.hinders(at(2), 3) == ("eligibility.duty",)


def test_a_reason_answers_for_rules_but_not_for_law_absence_and_lists() -> None:
    away = (Absence(2, START, START + timedelta(days=1)),)
    judge = ByRules(problem(absences=away), (), [1, 2, 3], [1, 2], answered=True)
    judge.take(at(1), 1)
    assert judge.hinders(at(2), 1) == ()
    assert (judge.hinders(at(1), 2), judge.hinders(at(1), 3)) == (("absence.away",), ("eligibility.duty",))
    by_law = ByRules(problem(), (), [1], [1, 2], answered=True, law=["rest.between_shifts"])
    by_law.take(at(1), 1)
    assert by_law.hinders(at(2), 1) == ("rest.between_shifts",)
