"""Call-outs case by case, as docs/rules.md shows them; and what must hold of any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from incidents.record import held
from roster.call_outs.called import Home, IncidentHolding, Onsite, call_outs
from tests.unit.roster.call_outs.call_out_cases import DOCS, CallOutCase, cases, table, told

AT = datetime(2027, 3, 2, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.case)
def test_hours_are_what_was_worked_out_by_hand(case: CallOutCase) -> None:
    assert told(case.found) == (case.called, case.then)


def test_the_page_of_rules_shows_the_cases_as_they_are() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), (
        "python -m tests.unit.roster.call_outs.call_out_cases writes them"
    )


def test_a_rest_is_short_only_against_what_the_rules_ask() -> None:
    home = Home(1, 1, "emergency", AT, AT + 480 * MINUTE)
    (out,) = call_outs(
        [IncidentHolding(1, AT, AT + 60 * MINUTE)],
        [home],
        [Onsite(AT + 300 * MINUTE, AT + 400 * MINUTE, 7)],
        AT + 90 * MINUTE,
    )
    assert (out.minutes, out.rest) == (60, 240)
    assert out.is_short(241) and not out.is_short(240) and not out.is_short(None), "switched off: nothing is asked"


def test_older_lines_without_an_id_are_told_apart_by_name() -> None:
    lines = [
        held.TimelineLine(AT, "acknowledged", {"person": "Lan", "person_id": 1}),
        held.TimelineLine(AT + MINUTE, "passed", {"person": "Hoa"}),
        held.TimelineLine(AT + 2 * MINUTE, "passed", {"person": "Lan"}),
    ]
    assert held.spans(lines) == [held.HeldIncident(1, AT, AT + 2 * MINUTE, "Lan")]


def test_a_namesake_who_cannot_go_takes_it_from_nobody() -> None:
    lines = [
        held.TimelineLine(AT, "acknowledged", {"person": "Nguyễn Thị Lan", "person_id": 1}),
        held.TimelineLine(AT + MINUTE, "passed", {"person": "Nguyễn Thị Lan", "person_id": 2}),
    ]
    assert held.spans(lines) == [held.HeldIncident(1, AT, None, "Nguyễn Thị Lan")]


KINDS = st.sampled_from([*held.KINDS])


@given(st.lists(st.tuples(st.integers(0, 600), KINDS, st.sampled_from([None, 1, 2])), max_size=12))
def test_of_one_incident_nobody_has_it_beside_another(events: list[tuple[int, str, int | None]]) -> None:
    lines = [
        held.TimelineLine(AT + at * MINUTE, kind, {"person": str(who), "person_id": who, "outcome": "taken"})
        for at, kind, who in sorted(events, key=lambda each: each[0])
    ]
    found = held.spans(lines)
    assert all(one.ends_at is not None and one.ends_at <= other.starts_at for one, other in pairwise(found))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 500)), min_size=1, max_size=9))
def test_no_minute_is_lost_while_one_takes_it_from_the_other(taken: list[tuple[int, int]]) -> None:
    order = sorted(taken, key=lambda each: each[1])
    lines = [held.TimelineLine(AT + at * MINUTE, "taken_over", {"person_id": person}) for person, at in order]
    found = held.spans(lines)
    assert [each.starts_at for each in found] == [line.at for line in lines]
    assert [each.ends_at for each in found] == [*(line.at for line in lines[1:]), None]


SPAN = st.tuples(st.integers(0, 1000), st.integers(0, 300))


@given(st.lists(SPAN, max_size=5), st.lists(SPAN, max_size=4), st.lists(SPAN, max_size=4))
def test_each_minute_counts_once_and_never_beside_work_on_site(
    had: list[tuple[int, int]], homes: list[tuple[int, int]], onsite: list[tuple[int, int]]
) -> None:
    def at(minute: int) -> datetime:
        return AT + minute * MINUTE

    busy = [Onsite(at(since), at(since + lasts), 1) for since, lasts in onsite if lasts]
    found = call_outs(
        [IncidentHolding(1, at(since), at(since + lasts)) for since, lasts in had],
        [Home(1, 1, "emergency", at(since), at(since + lasts)) for since, lasts in homes],
        busy,
        at(2000),
    )
    assert all(one.ends_at < other.starts_at for one, other in pairwise(found))
    minutes = {minute for since, lasts in had for minute in range(since, since + lasts)}
    counted = {minute for each in found for minute in range(1400) if each.starts_at <= at(minute) < each.ends_at}
    assert counted <= minutes and sum(each.minutes for each in found) == len(counted)
    assert not [each for each in busy for m in counted if each.starts_at <= at(m) < each.ends_at]
