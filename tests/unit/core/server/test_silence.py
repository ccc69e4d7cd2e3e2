"""How long somebody who gives no sign of life is waited for: by the CPU time that is used meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.server import silence
from core.server.silence import Silence

PATIENCE = 60.0


def heard(used: Callable[[float], float | None], last: int = 1000) -> list[tuple[int, str]]:
    """What is said of a silence that begins at 0, second by second, when ``used(second)`` is the CPU time so far; up to
    the end."""
    quiet, told = Silence(0.0, PATIENCE), []
    for second in range(last):
        if quiet.wants_a_look(second) and (verdict := quiet.judge(second, used(second))):
            told.append((second, verdict))
            if verdict != "waits":
                break
    return told


def test_who_does_nothing_is_given_up_after_a_minute() -> None:
    assert heard(lambda _second: 7.0) == [(61, "hangs")]


def test_where_nothing_is_known_of_cpu_time_silence_alone_counts() -> None:
    assert heard(lambda _second: None) == [(61, "hangs")]


def test_the_threads_of_a_worker_whose_pulse_hangs_excuse_nothing() -> None:
    assert heard(lambda second: second * 0.25 / 60) == [(61, "hangs")]


def test_a_loop_that_never_ends_is_given_up_after_a_minute_on_a_machine_that_has_time() -> None:
    assert heard(lambda second: 1.0 * second) == [(61, "spins")]


def test_who_gets_a_twentieth_of_a_cpu_is_waited_for_and_not_for_ever() -> None:
    told = heard(lambda second: second / 20)
    assert {verdict for _second, verdict in told[:-1]} == {"waits"}
    assert told[-1][1] in ("spins", "too long") and told[-1][0] <= silence.LONGEST + PATIENCE + 2


def test_who_worked_and_then_hangs_is_given_up_a_minute_later() -> None:
    assert heard(lambda second: min(second / 20, 4.0)) == [(61, "waits"), (122, "hangs")]


def test_ten_minutes_of_silence_are_excused_by_nothing() -> None:
    assert heard(lambda second: second / 30)[-1] == (610, "too long")


def test_children_who_end_take_nothing_away_from_who_goes_on() -> None:
    """CPU time can fall, when a child of a child ends that nobody had waited for."""
    told = heard(lambda second: second / 20 if second < 70 else second / 20 - 2.0)
    assert told[0] == (61, "waits") and told[-1][0] > 122


def test_much_that_goes_with_a_child_is_no_reason_to_give_up_who_works() -> None:
    told = heard(lambda second: second / 20 if second < 70 else second / 20 - 3.4)
    assert [verdict for _second, verdict in told[:2]] == ["waits", "waits"]
    assert told[-1][1] in ("spins", "too long")


@pytest.mark.parametrize("late", [61.5, 400.0])
def test_who_was_not_looked_at_for_long_is_not_given_up_at_the_first_look(late: float) -> None:
    quiet = Silence(0.0, PATIENCE)
    assert quiet.wants_a_look(late)
    assert quiet.judge(late, 5.0) == ""
    assert not quiet.wants_a_look(late + PATIENCE - 1)
    assert quiet.wants_a_look(late + PATIENCE + 1)
