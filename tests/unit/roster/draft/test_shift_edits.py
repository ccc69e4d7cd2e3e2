"""Who shall be on a shift, laid out on its seats: who stays keeps the seat, and the pin where it was not decided."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import Conflict, NotFound
from roster.draft.edits import SeatEdit
from roster.draft.shift_edits import ShiftEdit, laid_out
from roster.snapshot.sitting import DraftCell

DAY, NIGHT = 1, 2
PEOPLE = {each: SimpleNamespace(code=f"P{each}") for each in range(1, 6)}


def draft(**sitting: tuple[int, bool]) -> Any:
    """Three seats by day (11–13), one by night (21); ``s11=(person id, pinned)``."""
    cells = {int(seat[1:]): DraftCell(person, pinned, None) for seat, (person, pinned) in sitting.items()}
    problem = SimpleNamespace(person=PEOPLE)
    return SimpleNamespace(seats={DAY: (11, 12, 13), NIGHT: (21,)}, cells=cells, problem=problem, draft_version=7)


def changed(before: Any, *edits: ShiftEdit) -> list[SeatEdit]:
    """Without the seats that stay empty."""
    return [each for each in laid_out(before, edits) if each.person or each.was]


def test_who_stays_keeps_the_seat_and_newcomers_take_the_free_ones_in_order() -> None:
    before = draft(s11=(1, True), s12=(2, True))
    assert changed(before, ShiftEdit(DAY, ["P4", "P2", "P3"])) == [
        SeatEdit(11, "P4", "P1"),
        SeatEdit(12, "P2", "P2"),
        SeatEdit(13, "P3", None),
    ]


def test_a_decision_about_one_leaves_the_pins_of_the_others() -> None:
    before = draft(s11=(1, False), s12=(2, True))
    kept = changed(before, ShiftEdit(DAY, ["P1", "P2", "P3"], keeps_pins=True))
    assert [(each.person, each.pin) for each in kept] == [("P1", False), ("P2", True), ("P3", True)]
    loosened = changed(before, ShiftEdit(DAY, ["P1", "P2"], pin=False))
    assert [each.pin for each in loosened] == [False, False]


def test_of_several_edits_of_one_shift_each_goes_on_from_the_one_before() -> None:
    before = draft(s11=(1, True), s12=(2, True))
    chain = [ShiftEdit(DAY, leaves="P1", comes="P3"), ShiftEdit(DAY, leaves="P3", comes="P4")]
    assert changed(before, *chain) == [SeatEdit(11, "P4", "P1"), SeatEdit(12, "P2", "P2")]


def test_somebody_named_twice_has_one_seat() -> None:
    assert changed(draft(), ShiftEdit(DAY, ["P1", "P1"])) == [SeatEdit(11, "P1", None)]
    both = draft(s11=(1, True), s12=(2, True))
    assert changed(both, ShiftEdit(DAY, leaves="P1", comes="P2"))[0] == SeatEdit(11, None, "P1")


def test_nobody_leaves_every_seat_empty() -> None:
    assert changed(draft(s21=(1, True)), ShiftEdit(NIGHT)) == [SeatEdit(21, None, "P1")]


def test_what_cannot_be_laid_out_is_refused() -> None:
    before = draft(s21=(1, True))
    with pytest.raises(Conflict, match="shift.too_many"):
        laid_out(before, [ShiftEdit(NIGHT, ["P1", "P2"])])
    with pytest.raises(NotFound, match="shift.unknown"):
        laid_out(before, [ShiftEdit(3, ["P1"])])
    with pytest.raises(Conflict, match="draft.changed") as moved:
        laid_out(before, [ShiftEdit(NIGHT, ["P2"], was=["P3"])])
    assert moved.value.state == {"draft_version": 7, "people": ["P1"]}
