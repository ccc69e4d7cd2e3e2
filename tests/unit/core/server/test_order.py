"""Who goes next when more is asked than can be answered at once."""

from __future__ import annotations

import pytest

from core.server.order import FAIR, Addresses, ServingTurn, WaitingLine

ROOM = {ServingTurn.FIRST: 4, ServingTurn.SECOND: 3, ServingTurn.LAST: 2}


def line_of(*asked: tuple[str, ServingTurn]) -> WaitingLine[str]:
    """They came in this order, a second apart."""
    line: WaitingLine[str] = WaitingLine(ROOM)
    for second, (name, turn) in enumerate(asked):
        line.join(name, turn, float(second))
    return line


def begun(line: WaitingLine[str], count: int) -> list[str]:
    """Who goes, each done before the next."""
    names = []
    for _each in range(count):
        waiting = line.begin()
        assert waiting is not None
        names.append(waiting.asked)
        line.end(waiting.turn)
    return names


def test_an_alarm_goes_before_what_came_earlier_and_pages_go_last() -> None:
    line = line_of(("page", ServingTurn.LAST), ("form", ServingTurn.SECOND), ("alarm", ServingTurn.FIRST))
    assert begun(line, 3) == ["alarm", "form", "page"]


def test_of_one_turn_who_came_first_goes_first() -> None:
    line = line_of(("one", ServingTurn.LAST), ("two", ServingTurn.LAST), ("three", ServingTurn.LAST))
    assert begun(line, 3) == ["one", "two", "three"]


def test_nothing_waits_for_ever_behind_alarms_that_go_on_coming() -> None:
    line = line_of(
        ("page", ServingTurn.LAST),
        ("form", ServingTurn.SECOND),
        *((f"alarm {n}", ServingTurn.FIRST) for n in range(100)),
    )
    went = begun(line, 3 * FAIR)
    assert went.index("page") < FAIR
    assert went.index("form") < 2 * FAIR
    assert sum(name.startswith("alarm") for name in went) == 3 * FAIR - 2


def test_pages_leave_room_for_forms_and_both_for_alarms() -> None:
    line = line_of(*((f"page {n}", ServingTurn.LAST) for n in range(9)))
    assert [line.begin() is not None for _each in range(3)] == [True, True, False]
    line.join("form", ServingTurn.SECOND, 10.0)
    line.join("another form", ServingTurn.SECOND, 11.0)
    assert line.can_begin()
    assert [each.asked for each in (line.begin(), line.begin()) if each] == ["form"]
    line.join("alarm", ServingTurn.FIRST, 12.0)
    assert [each.asked for each in (line.begin(), line.begin()) if each] == ["alarm"]
    assert not line.can_begin()


def test_what_ends_makes_room_for_the_next() -> None:
    line = line_of(*((f"page {n}", ServingTurn.LAST) for n in range(3)))
    assert [line.begin() is not None for _each in range(3)] == [True, True, False]
    line.end(ServingTurn.LAST)
    following = line.begin()
    assert following is not None and following.asked == "page 2"


def test_who_leaves_is_gone_and_the_others_keep_their_places() -> None:
    line = line_of(
        ("one", ServingTurn.LAST), ("two", ServingTurn.LAST), ("three", ServingTurn.LAST), ("form", ServingTurn.SECOND)
    )
    assert [each.asked for each in line.leave(lambda each: each.asked in ("two", "form"))] == ["form", "two"]
    assert line.waiting() == 2
    assert begun(line, 2) == ["one", "three"]


@pytest.mark.parametrize(
    ("method", "path", "turn"),
    [
        ("POST", "/tell/abc", ServingTurn.FIRST),
        ("GET", "/tell/abc", ServingTurn.FIRST),
        ("POST", "/new", ServingTurn.FIRST),
        ("GET", "/new", ServingTurn.LAST),
        ("POST", "/news", ServingTurn.SECOND),
        ("DELETE", "/anything", ServingTurn.SECOND),
        ("GET", "/static/css/app.css", ServingTurn.SECOND),
        ("HEAD", "/anything", ServingTurn.LAST),
        ("OPTIONS", "/new", ServingTurn.LAST),
        ("GET", "/about/tell/abc", ServingTurn.LAST),
    ],
)
def test_the_turn_of_an_address(method: str, path: str, turn: ServingTurn) -> None:
    assert Addresses(["/tell/"], ["/new$"]).turn(method, path) is turn


def test_where_nothing_goes_first_everything_has_a_turn_all_the_same() -> None:
    nobody = Addresses([], [])
    assert (nobody.turn("GET", "/"), nobody.turn("POST", "/")) == (ServingTurn.LAST, ServingTurn.SECOND)
