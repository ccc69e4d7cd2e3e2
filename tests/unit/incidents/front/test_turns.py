"""Calls as turns and as a ladder: nothing is lost, what is alike is one, the newest stands alone."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, strategies as st

from incidents.front.turns import TurnCall, TurnRange, ladder, turns
from tests.support.cast import NIGHT


def call(
    number: int, turn_: int, person: int, state: str = "no_answer", *, answered: bool = False, purpose: str = "call"
) -> TurnCall:
    """The ``number``-th call; calls of one turn were made one after the other."""
    at = NIGHT + timedelta(minutes=number)
    return TurnCall(
        number, turn_, fired=number, person_id=person, at=at, state=state, purpose=purpose, answered=answered
    )


def spans(calls: list[TurnCall]) -> list[tuple[int, int, int]]:
    return [(each.first, each.last, len(each.calls)) for each in turns(calls)]


def test_a_night_of_twenty_five_calls_is_three_lines() -> None:
    """The first turn differed (somebody opened it), four were alike, in the sixth somebody took it."""
    first = [call(1, 1, 1, "opened"), call(2, 1, 2), call(3, 1, 3)]
    alike = [call(10 * r + p, r, p) for r in (2, 3, 4, 5) for p in (1, 2, 3)]
    last = [call(61, 6, 1), call(62, 6, 2, "taken", answered=True)]
    assert spans(first + alike + last) == [(6, 6, 2), (2, 5, 12), (1, 1, 3)]
    merged = turns(first + alike + last)[1]
    assert merged.state == "no_answer" and [call.person_id for call in merged.calls[:3]] == [1, 2, 3]
    assert (merged.starts_at, merged.ends_at) == (NIGHT + timedelta(minutes=21), NIGHT + timedelta(minutes=53))


def test_the_newest_turn_is_never_merged_with_those_before() -> None:
    assert spans([call(r, r, 1) for r in (1, 2, 3)]) == [(3, 3, 1), (1, 2, 2)]


def test_turns_that_differ_in_one_result_stay_apart() -> None:
    calls = [call(1, 1, 1), call(2, 2, 1, "unreachable"), call(3, 3, 1), call(4, 4, 1)]
    assert spans(calls) == [(4, 4, 1), (3, 3, 1), (2, 2, 1), (1, 1, 1)]
    assert turns([call(1, 1, 1), call(2, 1, 2, "opened")])[0].state == ""


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3), st.sampled_from(["no_answer", "opened", "held"]))))
def test_every_call_stands_in_exactly_one_line_and_the_lines_are_in_order(
    made: list[tuple[int, int, str]],
) -> None:
    calls = [call(number, r, person, state) for number, (r, person, state) in enumerate(sorted(made), 1)]
    found: list[TurnRange] = turns(calls)
    assert sorted(each.id for some in found for each in some.calls) == [each.id for each in calls]
    bounds = [bound for some in reversed(found) for bound in (some.first, some.last)]
    assert bounds == sorted(bounds)
    for some in found:
        each_turn = {
            r: {(c.person_id, c.state) for c in some.calls if c.turn == r} for r in {c.turn for c in some.calls}
        }
        assert len({frozenset(who) for who in each_turn.values()}) <= 1


# --- the ladder ----------------------------------------------------------------------------------------------------


def test_nobody_was_called_yet() -> None:
    assert ladder([]) == ladder([call(1, 1, 1, purpose="alive")])
    assert ladder([]).now == ladder([]).past == ()


def test_the_last_step_is_called_now_and_the_one_before_was_tried() -> None:
    calls = [call(1, 1, 1), call(2, 1, 2), call(3, 1, 3, "sent")]
    assert [each.id for each in ladder(calls).past] == [2]
    assert [each.id for each in ladder(calls).now] == [3]


def test_who_has_answered_the_present_step_is_not_being_called() -> None:
    both = [call(3, 1, 3, "passed", answered=True), call(3, 1, 4, "sent")]
    both[1] = TurnCall(4, 1, 3, 4, both[0].at, "sent")
    assert [each.person_id for each in ladder([call(1, 1, 1), *both]).past] == [3]
    assert [each.person_id for each in ladder([call(1, 1, 1), *both]).now] == [4]
    assert ladder([both[0]]).now == ()
