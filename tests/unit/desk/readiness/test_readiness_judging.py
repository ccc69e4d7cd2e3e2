"""The score of readiness: points are shown, add up, and nothing is hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from desk.readiness.judging import ReadinessFacts, ReadinessTrouble, UnderstaffedShift, judge
from desk.readiness.weights import ENTERPRISE, NOBODY_CALLED, NOBODY_CALLED_MOST, WEIGHTS, WHOLE, Code

NOW = datetime(2027, 2, 2, tzinfo=UTC)
DAYS = tuple(date(2027, 2, 2) + timedelta(days=n) for n in range(7))
CODES = list(WEIGHTS)
UNITS = frozenset({1, 2, 3})


def facts(
    *troubles: ReadinessTrouble, places: tuple[UnderstaffedShift, ...] = (), looked: frozenset[int] = UNITS
) -> ReadinessFacts:
    return ReadinessFacts(NOW, DAYS, UNITS, troubles, places, dict.fromkeys(WEIGHTS, looked), {})


@st.composite
def trouble(draw: st.DrawFn) -> ReadinessTrouble:
    code = draw(st.sampled_from(CODES))
    units = frozenset[int]() if code in ENTERPRISE else draw(st.frozensets(st.sampled_from(sorted(UNITS)), min_size=1))
    due = draw(st.none() | st.integers(-99, 99).map(lambda hours: NOW + timedelta(hours=hours)))
    return ReadinessTrouble(code, str(draw(st.integers(0, 999))), units, draw(st.integers(1, 40)), due=due)


def test_all_of_it_at_its_worst_leaves_nothing() -> None:
    shared = {WEIGHTS[code].most for code in NOBODY_CALLED}
    assert shared == {NOBODY_CALLED_MOST}
    assert sum(each.most for code, each in WEIGHTS.items() if code not in NOBODY_CALLED) + NOBODY_CALLED_MOST == WHOLE
    worst = facts(
        *(ReadinessTrouble(code, "x", frozenset() if code in ENTERPRISE else UNITS, 10_000) for code in CODES)
    )
    assert judge(worst, None, whole=True).score == 0


@pytest.mark.parametrize(
    ("code", "count", "points"),
    [("gaps", 0, 0), ("gaps", 1, 2), ("gaps", 3, 2), ("gaps", 4, 3), ("gaps", 9, 4), ("gaps", 999, 10)]
    + [("unsure", 4, 3), ("unconfirmed", 18, 3), ("unproven", 31, 2), ("copies", 1, 1), ("engine", 5, 60)],
)
def test_the_table(code: Code, count: int, points: int) -> None:
    assert WEIGHTS[code].points(count) == points


@given(st.lists(trouble(), max_size=40), st.sampled_from([None, {1}, {2, 3}, set()]), st.booleans())
def test_points_add_up(troubles: list[ReadinessTrouble], units: set[int] | None, whole: bool) -> None:
    found = judge(facts(*troubles), units, whole=whole)
    assert found.score == WHOLE - sum(item.points for item in found.items) and 0 <= found.score <= WHOLE
    assert all(item.points > 0 and item.count == sum(each.count for each in item.troubles) for item in found.items)
    assert found.after(len(found.items)) == WHOLE
    assert [item.points for item in found.items] == sorted((item.points for item in found.items), reverse=True)
    said = [*(item.code for item in found.items), *found.fine, *found.unjudged]
    assert sorted(said) == sorted(CODES), "each is left to do, fine or not judged, and only one of these"


@given(st.lists(trouble(), max_size=20), trouble())
def test_one_more_trouble_never_helps(troubles: list[ReadinessTrouble], more: ReadinessTrouble) -> None:
    before, after = (judge(facts(*some), None, whole=True) for some in (troubles, [*troubles, more]))
    assert after.score <= before.score


@given(st.lists(trouble(), max_size=20, unique_by=lambda each: (each.code, each.thing)), st.randoms())
def test_the_same_things_in_another_order_and_later_are_no_news(
    troubles: list[ReadinessTrouble], chance: object
) -> None:
    shuffled = list(troubles)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    aged = [
        ReadinessTrouble(each.code, each.thing, each.units, each.count, since=NOW - timedelta(days=9))
        for each in shuffled
    ]
    before, after = (judge(facts(*some), None, whole=True) for some in (troubles, aged))
    assert before.fingerprint == after.fingerprint


def test_another_person_in_the_same_trouble_is_news() -> None:
    one, other = (judge(facts(ReadinessTrouble("unproven", who, UNITS)), None, whole=True) for who in ("7", "8"))
    assert one.score == other.score and one.fingerprint != other.fingerprint


def test_what_belongs_elsewhere_is_not_counted_and_never_called_fine() -> None:
    found = judge(
        facts(ReadinessTrouble("gaps", "1", frozenset({2})), ReadinessTrouble("copies", "late")), {1}, whole=False
    )
    assert found.score == WHOLE and found.items == () and "gaps" in found.fine
    assert found.unjudged == {code: "elsewhere" for code in CODES if code in ENTERPRISE}


def test_where_nothing_was_looked_at_nothing_is_fine() -> None:
    found = judge(facts(looked=frozenset()), None, whole=True)
    assert set(found.unjudged) == set(CODES) - ENTERPRISE and set(found.fine) == ENTERPRISE
    unconnected = ReadinessFacts(NOW, DAYS, UNITS, (), (), {}, {"channels": "unconnected"})
    assert judge(unconnected, None, whole=True).unjudged["channels"] == "unconnected"


def test_days_count_the_units_asked_about() -> None:
    places = (
        UnderstaffedShift(1, DAYS[0], 2, 1, 0, 1),
        UnderstaffedShift(2, DAYS[0], 3, 0, 1, 0),
        UnderstaffedShift(1, DAYS[6], 1),
    )
    first, *_rest, last = judge(facts(places=places), {1}, whole=False).days
    assert (first.seats, first.missing, first.unsure, first.waiting, last.seats) == (2, 1, 0, 1, 1)
    assert judge(facts(places=places), None, whole=True).days[0].seats == 5
