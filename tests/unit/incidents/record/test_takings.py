"""Taken, let go, taken back: what the lines of one timeline make of it, with calls by hand that never were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.record import held
from incidents.record.takings import Takings

AT = datetime(2027, 3, 2, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LAN, HOA = {"person": "Lan", "person_id": 1}, {"person": "Hoa", "person_id": 2}
TAKEN_BACK = {"outcome": "taken", "given_back": True}

Told = tuple[int, str, dict[str, Any]]


def told(*lines: Told) -> Takings:
    found = Takings()
    for minute, kind, params in lines:
        found.tell(AT + minute * MINUTE, kind, params)
    return found


def spans(*lines: Told) -> list[tuple[str, int, int | None]]:
    """Who had it from which minute to which."""
    found = held.spans(held.TimelineLine(AT + minute * MINUTE, kind, params) for minute, kind, params in lines)
    return [
        (each.name, (each.starts_at - AT) // MINUTE, (each.ends_at - AT) // MINUTE if each.ends_at else None)
        for each in found
    ]


def test_a_wrong_tap_while_it_waits_to_be_taken_again_leaves_it_waiting_since_then() -> None:
    before: list[Told] = [(0, "acknowledged", LAN), (10, "timed_out", {"person": "Lan"})]
    found = told(*before, (12, "acknowledged", HOA), (13, "call_undone", HOA | TAKEN_BACK))
    assert found.let_go_at == AT + 10 * MINUTE
    assert (found.moments, found.forgotten) == ([AT], 1)
    assert found == told(*before), "as if it had not been"


def test_taken_from_her_by_mistake_it_is_hers_to_give_back() -> None:
    lines: list[Told] = [
        (0, "acknowledged", LAN),
        (5, "taken_over", HOA),
        (6, "call_undone", HOA | TAKEN_BACK),
        (9, "passed", LAN),
    ]
    assert told(*lines).let_go_at == AT + 9 * MINUTE
    assert told(*lines[:3], (9, "passed", HOA)).let_go_at is None, "it was not Hoa's to give back"
    assert spans(*lines) == [("Lan", 0, 9)]


def test_one_wrong_tap_after_another_is_taken_back_one_after_another() -> None:
    lines: list[Told] = [
        (0, "acknowledged", LAN),
        (1, "taken_over", HOA),
        (2, "call_undone", HOA | TAKEN_BACK),
        (2, "call_undone", LAN | TAKEN_BACK),
    ]
    assert told(*lines) == Takings() and spans(*lines) == []


def test_what_took_nothing_from_anybody_takes_nothing_back() -> None:
    """Nobody answered, or somebody had it already: the taking stays."""
    for params in ({"outcome": "no_answer", "given_back": False}, {"outcome": "taken", "given_back": False}):
        lines: list[Told] = [(0, "acknowledged", LAN), (1, "call_undone", LAN | params)]
        assert told(*lines).moments == [AT] and spans(*lines) == [("Lan", 0, None)]


def test_an_older_line_that_does_not_say_so_is_read_alike_by_both() -> None:
    lines: list[Told] = [(0, "acknowledged", LAN), (1, "call_undone", LAN | {"outcome": "taken"})]
    assert told(*lines).moments == [] and spans(*lines) == []
    lines = [(0, "acknowledged", LAN), (1, "call_undone", HOA | {"outcome": "taken"})]
    assert told(*lines).moments == [AT] and spans(*lines) == [("Lan", 0, None)], "Hoa did not have it"


def test_a_namesake_who_cannot_go_does_not_let_it_go() -> None:
    assert told((0, "acknowledged", LAN), (1, "passed", {"person": "Lan", "person_id": 3})).let_go_at is None
    assert told((0, "acknowledged", LAN), (1, "passed", {"person": "Lan"})).let_go_at == AT + MINUTE


@pytest.mark.parametrize("back", held.BACK)
def test_put_off_before_the_wrong_tap_was_taken_back_it_gives_nobody_hours_when_it_returns(back: str) -> None:
    lines: list[Told] = [
        (0, "acknowledged", HOA),
        (1, "snoozed", {}),
        (2, "call_undone", HOA | TAKEN_BACK),
        (30, back, {"person": ""}),
    ]
    assert spans(*lines) == []
    assert spans(*lines, (40, "acknowledged", LAN)) == [("Lan", 40, None)]


def test_put_off_by_whoever_seemed_to_have_it_is_work_of_whoever_had_it() -> None:
    lines: list[Told] = [
        (0, "acknowledged", LAN),
        (5, "reassigned", HOA),
        (6, "snoozed", {}),
        (7, "call_undone", HOA | TAKEN_BACK),
        (20, "resolved", {}),
    ]
    assert spans(*lines) == [("Lan", 0, 20)]


def test_put_off_and_then_taken_by_mistake_it_is_work_again_from_the_correction_on() -> None:
    lines: list[Told] = [
        (0, "acknowledged", LAN),
        (5, "snoozed", {}),
        (10, "reassigned", HOA),
        (11, "call_undone", HOA | TAKEN_BACK),
        (20, "resolved", {}),
    ]
    assert spans(*lines) == [("Lan", 0, 5), ("Lan", 11, 20)]
