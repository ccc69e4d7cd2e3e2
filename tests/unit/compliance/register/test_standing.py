"""What moves a requirement, when it is late, and how two letters differ."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from compliance.computed import ComputedFinding
from compliance.register import comparing, standing
from compliance.sources.incidents import HandledIncident, judged

STATES = ("todo", "doing", "done", "not_applicable")
MONDAY = date(2020, 1, 20)


@pytest.mark.parametrize(
    ("state", "why", "holds", "move"),
    [
        ("todo", "", True, "done"),
        ("doing", "", True, "done"),
        ("doing", "computed", True, "done"),
        ("doing", "remark", True, None),  # somebody sent it back: a person says when it is good
        ("doing", "withdrawn", True, None),
        ("doing", "reworded", True, "done"),
        ("done", "", True, None),
        ("not_applicable", "", True, None),
        ("todo", "", False, None),
        ("doing", "", False, None),
        ("done", "", False, "reopened"),
        ("not_applicable", "", False, None),
    ],
)
def test_what_a_finding_moves(state: str, why: str, holds: bool, move: str | None) -> None:
    assert standing.moved(state, why, ComputedFinding(holds, {})) == move


@pytest.mark.parametrize("state", STATES)
def test_late_is_the_day_after_the_deadline_for_what_is_not_met(state: str) -> None:
    is_open = state in ("todo", "doing")
    assert not standing.is_overdue(state, MONDAY, MONDAY)
    assert standing.is_overdue(state, MONDAY, MONDAY + timedelta(days=1)) is is_open
    assert not standing.is_overdue(state, None, MONDAY)
    assert standing.is_met(state) is not is_open


def test_where_nobody_is_asked_all_is_done() -> None:
    assert standing.share(0, 0) == 1 and standing.share(1, 4) == 0.25


@dataclass(frozen=True)
class Row:
    key: str
    text: str = ""
    excerpt: str = ""
    who: str = ""
    wants: list[str] = field(default_factory=list)
    computed: str = ""
    due_on: date | None = None
    phase: str = "all"
    scope: str = "all"
    off_kinds: list[str] = field(default_factory=list)


ROWS = st.lists(
    st.builds(Row, key=st.sampled_from("abcdef"), text=st.sampled_from("xy")), unique_by=lambda row: row.key
)


@given(ROWS, ROWS)
def test_each_requirement_is_new_gone_changed_or_the_same_and_nothing_twice(
    before: list[Row], after: list[Row]
) -> None:
    found = comparing.compare(before, after)
    old, new = {row.key: row.text for row in before}, {row.key: row.text for row in after}
    assert {row.key for row in found.new} == new.keys() - old.keys()
    assert {row.key for row in found.gone} == old.keys() - new.keys()
    assert {each.after.key for each in found.changed} == {
        key for key in old.keys() & new.keys() if old[key] != new[key]
    }
    assert len(found.new) + len(found.changed) + found.same == len(after)


def test_what_changed_is_named() -> None:
    row = Row("a", "Niêm yết")
    [changed] = comparing.compare([row], [replace(row, due_on=MONDAY, wants=["photo"])]).changed
    assert changed.fields == ("wants", "due_on") and comparing.compare([row], [row]).same == 1


def case(waiting: int, taken: int | None, over: int | None) -> HandledIncident:
    """Minutes; to be taken within ten, ended within sixty."""

    def minutes(count: int | None) -> timedelta | None:
        return None if count is None else timedelta(minutes=count)

    return HandledIncident(
        timedelta(minutes=waiting), minutes(taken), minutes(over), timedelta(minutes=10), timedelta(minutes=60)
    )


def test_incident_times_hold_while_nobody_waits_longer_than_was_promised() -> None:
    assert judged([]).holds
    assert judged([case(10, None, None), case(60, 5, None), case(900, 30, 200)]).holds, "late once, over now"
    assert not judged([case(11, None, None)]).holds
    assert not judged([case(61, 5, None)]).holds
    numbers = judged([case(900, 4, 50), case(900, 12, 90), case(20, 6, None)]).numbers
    assert numbers == {"incidents": 3, "taken_in_time": 2, "ended_in_time": 1, "late_now": 0, "median": 360}
