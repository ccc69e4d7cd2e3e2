"""A unit's grid is read without the rest of the province, and says of the unit what the whole says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from core.db import transaction
from people import queries as people
from people.models import Absence, Person
from roster.draft import grid, judging, page_head
from roster.fairness import report
from roster.models import Shift
from roster.snapshot import snapshot
from tests.support.districts import NOW, Districts

UNITS = ("BDT", "BDA", "BDA-1", "BDC")


@pytest.fixture
def both(app: Flask) -> Districts:
    """A2 is ill on the second day, C's first shift has nobody, and a shift of A's begins an hour late: a minute is
    open there."""
    made = Districts()
    made.put("C", 0)
    with transaction() as session:
        session.add(Absence(person_id=made.ids["A2"], from_on=date(2020, 1, 24), to_on=date(2020, 1, 24), kind="sick"))
        late = session.get_one(Shift, made.shift("A", 2))
        late.starts_at = late.starts_at.replace(minute=45)
    return made


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_open_empty_or_in_doubt_there_is_so_in_the_whole(both: Districts, unit: str) -> None:
    taken = snapshot.take(both.campaign_id, now=NOW)
    within = frozenset(each.code for each in people.units(people.subtree_ids(both.ids[unit])))
    alone = judging.looked_at(taken, within, now=NOW)
    whole = judging.looked_at(taken, None, now=NOW)
    assert set(alone.gaps) == {gap for gap in whole.gaps if gap.unit in within}
    assert alone.violations == whole.violations and alone.obligatory == whole.obligatory
    assert {gap.kind for gap in whole.gaps} >= {"empty", "at_risk", "open"}


@pytest.mark.parametrize("source", ["draft", "published"])
def test_its_cells_cover_and_doubts_are_those_of_the_whole(both: Districts, source: str) -> None:
    def told(found: grid.Grid) -> dict[str, Any]:
        return {row.person.code: row.cells for row in found.rows}

    whole = grid.load(both.campaign_id, now=NOW, source=source)
    parts = [grid.load(both.campaign_id, now=NOW, source=source, unit_id=both.ids[unit]) for unit in ("BDA", "BDC")]
    assert told(whole).items() >= {**told(parts[0]), **told(parts[1])}.items()
    assert {**parts[0].doubts, **parts[1].doubts} == whole.doubts != {}
    for n, day in enumerate(whole.cover):
        there = [part.cover[n] for part in parts]
        assert (day.seats, day.filled, day.unsure) == (
            sum(each.seats for each in there),
            sum(each.filled for each in there),
            sum(each.unsure for each in there),
        )
    assert parts[0].whole == parts[1].whole == whole.whole


def test_who_has_left_is_on_the_published_list_until_it_changes(both: Districts) -> None:
    """Although the draft has somebody else there already: nobody else is told to come yet."""
    with transaction() as session:
        session.get_one(Person, both.ids["A1"]).active = False
    for turn in (0, 2, 4):
        both.put("A", turn, "A3")
    seen = grid.load(both.campaign_id, now=NOW, source="published", unit_id=both.ids["BDA"])
    assert "A1" in {row.person.code for row in seen.rows}
    assert (both.shift("A", 0), both.ids["A1"]) in seen.doubts and seen.missing == 0
    told = report.ledger_for(both.campaign_id, source="published", now=NOW)
    assert {each.person.code: each.line.shifts for each in told.entries}["A1"] == 3


def test_a_draft_that_drops_who_has_left_differs_from_what_is_published(both: Districts) -> None:
    """Or the campaign's page would not offer to publish it."""
    before = page_head.changed_shifts(both.campaign, grid.load(both.campaign_id, now=NOW))
    with transaction() as session:
        session.get_one(Person, both.ids["A1"]).active = False
    for turn in (0, 2, 4):
        both.put("A", turn)
    # The one whose hours had changed since it was published counts as before.
    assert page_head.changed_shifts(both.campaign, grid.load(both.campaign_id, now=NOW)) == before + 2
