"""How long a connection may keep the web server waiting."""

from __future__ import annotations

from core.server.patience import LEAST_RATE, MOST_OF_ONE, WITHIN, IdleConnection, Phase, to_close

NOW = 1000.0


def waits(key: int, phase: Phase, ago: float, moved: int = 0, address: str = "203.0.113.5") -> IdleConnection:
    return IdleConnection(key, address, phase, NOW - ago, moved)


def test_headers_have_a_deadline_however_they_trickle() -> None:
    within = WITHIN["headers"]
    assert to_close([waits(1, "headers", within - 1, 10_000)], NOW, most=100) == set()
    assert to_close([waits(1, "headers", within + 1, 10_000)], NOW, most=100) == {1}


def test_a_body_on_a_slow_line_earns_its_time_and_single_bytes_do_not() -> None:
    minutes = 5 * 60
    photo = waits(1, "body", minutes, minutes * LEAST_RATE)
    trickle = waits(2, "body", minutes, minutes)
    assert to_close([photo, trickle], NOW, most=100) == {2}


def test_a_reader_who_takes_nothing_is_let_go() -> None:
    assert to_close([waits(1, "answer", WITHIN["answer"] + 1)], NOW, most=100) == {1}


def test_of_too_many_from_one_address_the_slowest_go_and_who_has_just_come_stays() -> None:
    slow = [waits(number, "headers", 5, 40) for number in range(MOST_OF_ONE)]
    upload = waits(1000, "body", 10, 400_000)
    reader = waits(1001, "headers", 0.1, 5)
    closed = to_close([*slow, upload, reader], NOW, most=10_000)
    assert len(closed) == 2
    assert not closed & {1000, 1001}


def test_other_addresses_are_not_counted_together() -> None:
    many = [waits(number, "headers", 5, 40, f"203.0.113.{number % 4}") for number in range(4 * MOST_OF_ONE)]
    assert to_close(many, NOW, most=10_000) == set()


def test_when_all_places_are_taken_the_slowest_of_all_go() -> None:
    many = [waits(number, "body", 5, 1000 - number, f"198.51.100.{number}") for number in range(20)]
    assert to_close(many, NOW, most=15) == {15, 16, 17, 18, 19}
