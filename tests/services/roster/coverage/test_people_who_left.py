"""A published seat whose holder has left, or may not take that duty there any more, is not covered either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.db import db as database, transaction
from desk.audit.findings import findings
from desk.readiness import reading
from people import services
from people.absences import services as absence_services
from people.models import Person
from roster.coverage import covered, unsure
from roster.draft import grid, page_head, services as drafts
from roster.importing import services as importer
from roster.publishing import overview, services as publishing
from roster.resolver import resolver
from roster.rulebook import services as rule_settings
from tests.support import factories
from tests.support.factories import ADMIN
from tests.support.published import Published

EVE = datetime(2020, 1, 23, 5, 0, tzinfo=UTC)
"""Noon of the first of the three days. O1 serves now, from 07:30 to 19:30, and in the night of the 24th."""
AFTER = EVE + timedelta(days=9)


@pytest.fixture
def roster(roster: Published) -> Iterator[Published]:
    with clock.travel(EVE):
        yield roster


def change(code: str, **values: Any) -> None:
    services.save_person(code, values, actor=ADMIN, now=EVE)


def causes(roster: Published, now: datetime = EVE) -> list[tuple[str, str]]:
    return [(each.code, each.cause) for each in unsure.list_for_campaign(roster.campaign_id, now=now)]


def whys(roster: Published) -> set[str]:
    facts = covered.as_facts(covered.covered_time(roster.campaign, now=EVE), with_people=True)
    return {gap["why"] for kind in facts for gap in kind["gaps"] if gap["shift"]}


@pytest.mark.both_dbs
def test_every_claim_hears_that_somebody_left(roster: Published) -> None:
    assert causes(roster) == [] and whys(roster) == set()
    change("O1", active=False)
    assert causes(roster) == [("O1", "left"), ("O1", "left")]
    listed = page_head.all_campaigns(now=EVE)[0]
    assert (listed.filled, listed.unsure, listed.seats) == (16, 2, 18)
    strip = overview.strip(roster.campaign, now=EVE)
    assert strip.cells["operations"] == ("unsure", "unsure", "full") and strip.unsure == 2
    assert whys(roster) == {"left"}
    for source in ("published", "draft"):
        found = grid.load(roster.campaign_id, now=EVE, source=source)
        assert [each.unsure for each in found.cover] == [1, 1, 0]
        assert {each.cause for each in found.doubts.values()} == {"left"}
    assert [each.note for each in reading.facts(None, now=EVE).troubles if each.code == "unsure"] == ["left", "left"]
    assert [each.count for each in findings(now=EVE) if each.kind == "duty_unsure"] == [1]


def test_who_left_and_is_in_the_draft_no_more_is_still_struck_where_the_list_has_them(roster: Published) -> None:
    """Of all kinds, and of the own kind alone; O1 had two shifts, which others take in the draft."""
    for turn in (0, 3):
        drafts.set_people(roster.shifts("operations")[turn], ["O4"], override_reason="Thay", actor=ADMIN, now=EVE)
    change("O1", active=False, duties=[])
    for duty in (None, "operations"):
        rows = {row.person.code: row for row in grid.load(roster.campaign_id, now=EVE, duty=duty).rows}
        assert [len(cell.gone) for cell in rows["O1"].cells] == [1, 1, 0], duty
    assert "O1" not in {row.person.code for row in grid.load(roster.campaign_id, now=EVE, duty="emergency").rows}


def test_the_resolver_calls_somebody_else_and_the_seat_is_not_said_to_be_covered(roster: Published) -> None:
    assert [each.code for each in resolver.who_is_on(roster.unit_id, "operations", EVE).people] == ["O1"]
    change("O1", active=False)
    answer = resolver.who_is_on(roster.unit_id, "operations", EVE)
    assert answer.rule == "standing_chain"
    assert [each.code for each in unsure.serving(now=EVE)] == ["O1"]


def test_what_was_served_before_is_not_written_anew(roster: Published) -> None:
    later = EVE + timedelta(days=1)
    services.save_person("O1", {"active": False}, actor=ADMIN, now=later)
    assert causes(roster, later) == [("O1", "left")], "the night to come; the day of the 23rd was served"
    assert causes(roster, AFTER) == []
    assert overview.strip(roster.campaign, now=later).cells["operations"] == ("full", "unsure", "full")


@pytest.mark.both_dbs
def test_whoever_lost_the_duty_or_the_unit_is_in_doubt_and_still_called(roster: Published) -> None:
    other = factories.make_unit("BDK", name="Bưu điện khác")
    change("O1", duties=["support"])
    change("E1", unit_code=other.code)
    assert set(causes(roster)) == {("O1", "unlisted"), ("E1", "moved")}
    assert whys(roster) == {"unlisted", "moved"}
    assert [each.code for each in resolver.who_is_on(roster.unit_id, "operations", EVE).people] == ["O1"]
    change("O1", duties=["operations"])
    change("E1", unit_code="TINH")
    assert causes(roster) == []


def test_somebody_of_a_unit_below_serves_rightly(roster: Published) -> None:
    below = factories.make_unit("HUYEN", parent=services.queries.unit_by_code("TINH"), kind="district")
    change("O1", unit_code=below.code)
    assert causes(roster) == []


def test_whoever_was_put_there_with_a_reason_is_sure(roster: Published) -> None:
    roster.reassign("operations", 1, "E3", at=EVE)
    assert causes(roster) == [], "not on the list, and somebody said why it shall be so"
    found = grid.load(roster.campaign_id, now=EVE, source="published")
    assert found.unsure == 0 and whys(roster) == set()
    change("E3", active=False)
    assert {each.cause for each in unsure.list_for_campaign(roster.campaign_id, now=EVE)} == {"left"}, (
        "no reason brings them back"
    )


@pytest.mark.both_dbs
def test_a_reason_that_was_signed_holds_whatever_becomes_of_the_draft(roster: Published) -> None:
    roster.reassign("operations", 1, "E3", at=EVE)
    drafts.set_people(roster.shifts("operations")[1], [], override_reason=None, actor=ADMIN, now=EVE)
    assert causes(roster) == [] and whys(roster) == set(), "published is E3 still, and signed with a reason"


def test_where_other_units_may_help_nobody_of_them_is_in_doubt(roster: Published) -> None:
    change("O1", unit_code=factories.make_unit("BDK").code)
    assert {cause for _code, cause in causes(roster)} == {"moved"}
    rule_settings.save(roster.campaign_id, {"eligibility.unit": {"hard": False}}, actor=ADMIN, now=EVE)
    assert causes(roster) == []


def test_ill_and_gone_is_gone_and_ill_and_moved_is_ill(roster: Published) -> None:
    for code in ("O1", "E1"):
        absence_services.add_absence(code, date(2020, 1, 23), date(2020, 1, 24), "sick", actor=ADMIN, now=EVE)
    change("O1", active=False)
    change("E1", duties=["support"])
    assert dict(causes(roster)) == {"O1": "left", "E1": "absent"}


def test_a_draft_that_seats_somebody_who_left_says_so(roster: Published) -> None:
    drafts.set_people(roster.shifts("operations")[1], ["O4"], actor=ADMIN, now=EVE)
    with transaction() as session:
        session.get_one(Person, roster.person["O4"]).active = False
    found = grid.load(roster.campaign_id, now=EVE)
    assert [gap.kind for gap in found.gaps if gap.kind != "open"] == ["left"]
    assert sum(each.unsure for each in found.cover) == 1 and found.missing == 0


def test_covered_by_somebody_else_it_is_sure_again(roster: Published) -> None:
    """The first of the two shifts runs: O4 takes what is left of it, so there is one more."""
    change("O1", active=False)
    drafts.set_people(roster.shifts("operations")[3], ["O2"], override_reason="Đổi ca", actor=ADMIN, now=EVE)
    roster.reassign("operations", 0, "O4", at=EVE)
    publishing.publish(roster.campaign_id, actor=ADMIN, now=EVE)
    assert causes(roster) == [] and page_head.all_campaigns(now=EVE)[0].filled == 19


def test_an_import_in_which_somebody_leaves_counts_their_shifts(roster: Published) -> None:
    rows = "code,full_name,unit_code,duties,active\nO1,Nguyễn Văn O1,TINH,operations,no\n"
    given = importer.read_uploads([("people.csv", rows.encode())])
    report = importer.import_folder(given, dry_run=False, now=EVE, actor=ADMIN)
    assert report.applied and report.unsure == 2
    assert not database.session.get_one(Person, roster.person["O1"]).active
