"""Units × days: what a cell says, how the tree is ordered and folded, which rows are shown."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from roster.by_unit import rows, tree
from roster.by_unit.cells import NOTHING, Doubtful, UnitCell, UnitSeatCounts, cells, together
from roster.by_unit.tree import Node, SeatAnswers, TreeUnit, UnitFacts

DAY = date(2027, 2, 4)
DAYS = (DAY, DAY + timedelta(days=1))
FULL = UnitCell(2)


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        (NOTHING, "none"),
        (FULL, "full"),
        (UnitCell(2, waiting=1), "waiting"),
        (UnitCell(2, waiting=1, unlisted=1), "unlisted"),
        (UnitCell(2, unsure=1, unlisted=1), "unsure"),
        (UnitCell(2, missing=1, unsure=1, waiting=1, unlisted=1), "missing"),
        (UnitCell(unlisted=1), "unlisted"),
    ],
)
def test_a_cell_shows_the_worst_and_never_that_all_is_well_where_something_is_not_known(
    cell: UnitCell, mark: str
) -> None:
    assert cell.mark == mark


@pytest.mark.parametrize(
    ("needed", "held", "doubted", "waits", "lost", "unsure"),
    [
        (1, 1, 0, 0, 0, 0),
        (1, 1, 1, 0, 0, 1),
        (1, 2, 1, 0, 0, 0),
        (2, 3, 2, 0, 0, 1),
        (2, 1, 1, 0, 0, 1),
        (1, 1, 0, 1, 1, 0),
        (1, 2, 0, 1, 0, 0),
        (1, 2, 1, 1, 0, 1),
        (2, 2, 1, 1, 1, 1),
        (0, 1, 1, 0, 0, 0),
    ],
)
def test_whoever_is_there_beyond_what_is_needed_stands_in(
    needed: int, held: int, doubted: int, waits: int, lost: int, unsure: int
) -> None:
    shift = Doubtful(1, DAY, needed, held, doubted, waits)
    assert (shift.lost, shift.unsure) == (lost, unsure)


shifts = st.builds(
    Doubtful,
    unit_id=st.integers(1, 2),
    on=st.sampled_from(DAYS),
    needed=st.integers(0, 3),
    held=st.integers(0, 4),
    doubted=st.just(0),
    waits=st.just(0),
).flatmap(
    lambda one: st.integers(0, one.held).flatmap(
        lambda waits: st.builds(
            Doubtful,
            *map(st.just, (one.unit_id, one.on, one.needed, one.held)),
            doubted=st.integers(0, one.held - waits),
            waits=st.just(waits),
        )
    )
)


@given(st.lists(shifts))
def test_sums_of_the_database_and_single_shifts_come_to_what_each_shift_says(some: list[Doubtful]) -> None:
    """As the foot of the grid counts: filled by those who are sure, unsure by others who are there, else missing."""
    seats, held = Counter[tuple[int, date]](), Counter[tuple[int, date]]()
    missing, unsure = Counter[tuple[int, date]](), Counter[tuple[int, date]]()
    for each in some:
        key, there = (each.unit_id, each.on), each.held - each.waits
        seats[key] += each.needed
        held[key] += min(each.held, each.needed)
        filled = min(there - each.doubted, each.needed)
        unsure[key] += min(there, each.needed) - filled
        missing[key] += each.needed - min(there, each.needed)
    counted = [UnitSeatCounts(unit, day, number, held[unit, day]) for (unit, day), number in seats.items()]
    found = cells(counted, [each for each in some if each.waits or each.doubted], {}, {1, 2})
    assert {key: (cell.seats, cell.missing, cell.unsure) for key, cell in found.items()} == {
        key: (seats[key], missing[key], unsure[key]) for key in seats
    }
    assert together(found.values()).missing == missing.total()


def test_of_a_unit_without_a_list_nothing_is_known_but_what_it_needs() -> None:
    found = cells([UnitSeatCounts(1, DAY, 3, 0), UnitSeatCounts(1, DAYS[1], 0, 0)], [], {(1, DAY): 2}, set())
    assert found == {(1, DAY): UnitCell(3, unlisted=1), (1, DAYS[1]): UnitCell()}


def province(**troubles: UnitCell) -> Node:
    """Districts A (with posts A1, A2 and seats of its own), B (B1) and C (C1, C2), below P; A3 has no shifts."""
    above = {"P": None, "A": "P", "A1": "A", "A2": "A", "A3": "A", "B": "P", "B1": "B", "C": "P", "C1": "C", "C2": "C"}
    ids = {code: number for number, code in enumerate(above, start=1)}
    units = {
        ids[code]: TreeUnit(ids[code], ids[over] if over else None, code, f"Bưu cục {code}")
        for code, over in above.items()
    }
    serving = ["A", "A1", "A2", "B1", "C1", "C2"]
    found = {(ids[code], DAY): troubles.get(code, FULL) for code in serving}
    wanting = [*serving, *(code for code in troubles if code == "A3")]
    said = {ids[code]: SeatAnswers(2, 1, 1) for code in serving}
    listed = frozenset(ids[code] for code in serving if not found[ids[code], DAY].unlisted)
    return tree.build(UnitFacts(DAYS, units, ids["P"], frozenset(ids[each] for each in wanting), listed, found, said))


def outline(node: Node) -> list[str]:
    return [each.key for each in node.children]


def test_those_with_the_most_trouble_stand_first_and_healthy_ones_are_one_line() -> None:
    root = province(A2=UnitCell(2, missing=1), C1=UnitCell(2, unsure=2), A1=UnitCell(2, waiting=3))
    assert outline(root) == ["A", "C", "B"], "one that is well alone is not hidden"
    assert outline(root.children[0]) == ["A2", "A1", "A."], "seats of its own as a line among the others"
    assert outline(root.children[1]) == ["C1", "C2"]
    assert root.total == UnitCell(12, missing=1, unsure=2, waiting=3)
    assert (root.wanting, root.said) == (6, SeatAnswers(12, 6, 6)) and root.said.waiting == 0
    calm = province(A2=UnitCell(2, missing=1))
    assert outline(calm) == ["A", "P~"] and outline(calm.children[1]) == ["B", "C"]
    assert outline(calm.children[0]) == ["A2", "A~"] and calm.children[1].wanting == 3
    assert outline(province()) == ["P~"], "where nothing is wrong there is nothing to read"


def test_a_branch_has_the_sum_of_its_units_day_by_day() -> None:
    root = province(A1=UnitCell(2, missing=1), A2=UnitCell(2, missing=2, unsure=1))
    assert root.children[0].cells == (UnitCell(6, missing=3, unsure=1), NOTHING)


def test_a_unit_for_which_the_campaign_has_no_shifts_has_no_list_on_any_day() -> None:
    root = province(A3=NOTHING)
    shiftless = rows.find(root, "A3")
    assert shiftless is not None and [cell.mark for cell in shiftless.cells] == ["unlisted"] * 2
    assert (root.unlisted, root.total.unlisted, root.wanting) == (1, 1, 7)
    assert [cell.mark for cell in root.cells] == ["unlisted", "unlisted"]


def test_troubled_branches_stand_open_as_far_as_a_screen_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    root = province(A2=UnitCell(2, missing=2), C1=UnitCell(2, missing=1))
    assert rows.opened_first(root) == {"A", "C"}
    monkeypatch.setattr(rows, "SCREEN", 4)
    assert rows.opened_first(root) == {"A"}, "the first whatever there is room for"
    assert rows.opened_first(province()) == frozenset()


def test_rows_of_folded_branches_are_sent_along_hidden_until_there_are_too_many() -> None:
    root = province(A2=UnitCell(2, missing=2), C1=UnitCell(2, missing=1))
    found = rows.shown(root, {"A"})
    seen = [(each.node.key, each.level, each.place, each.places) for each in found if not each.is_hidden]
    assert seen == [("A", 1, 1, 3), ("A2", 2, 1, 2), ("A~", 2, 2, 2), ("C", 1, 2, 3), ("B", 1, 3, 3)]
    hidden = [(each.node.key, each.above) for each in found if each.is_hidden]
    assert hidden == [("A.", "A~"), ("A1", "A~"), ("C1", "C"), ("C2", "C"), ("B1", "B")]
    assert [each.node.key for each in rows.shown(root, {"A"}, most=5)] == [key for key, *_rest in seen]


def test_what_is_above_a_row_has_to_be_open_for_it_to_be_seen() -> None:
    root = province(A2=UnitCell(2, missing=2))
    assert rows.above(root, "A1") == {"A", "A~"}
    assert rows.above(root, "A") == frozenset() == rows.above(root, "nowhere")


def test_a_filter_leaves_the_units_that_have_it_and_the_sums_as_they_are() -> None:
    root = province(A2=UnitCell(2, missing=1), C1=UnitCell(2, unsure=2))
    left = rows.kept(root, ["unsure"])
    assert [each.node.key for each in rows.shown(left, {"C"})] == ["C", "C1"]
    assert left.children[0].total == UnitCell(4, unsure=2) and left.total == root.total
    both = rows.kept(root, ["missing", "unsure"])
    assert [leaf.key for leaf in both.leaves()] == ["A2", "C1"]
    assert rows.kept(root, ["waiting"]).children == (), "all have answered, if not all with yes"


def test_a_campaign_of_one_unit_has_one_row_by_its_name() -> None:
    unit = TreeUnit(1, None, "P", "Bưu điện tỉnh")
    cells_of = {(1, DAY): UnitCell(2, missing=1)}
    root = tree.build(UnitFacts(DAYS, {1: unit}, 1, frozenset({1}), frozenset({1}), cells_of, {}))
    assert [(each.key, each.kind, each.total) for each in root.children] == [("P.", "unit", UnitCell(2, missing=1))]
