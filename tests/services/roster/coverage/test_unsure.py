"""Illness: a published seat whose holder is recorded absent is unsure, wherever somebody speaks of coverage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from desk.audit.findings import findings
from desk.readiness import judging, reading
from incidents.figures import morning_words, night
from people import queries as people
from people.absences import services as absence_services
from people.models import Absence
from roster.coverage import unsure
from roster.draft import grid, page_head, services as drafts
from roster.importing import services as importer
from roster.models import Seat, Shift
from roster.publishing import overview, services as publishing
from roster.reachability import report as reachability
from tests.support.factories import ADMIN
from tests.support.published import Published

EVE = datetime(2020, 1, 23, 5, 0, tzinfo=UTC)
"""Noon of the first of the three days: the day shifts run, 07:30 to 19:30."""


@pytest.fixture
def roster(roster: Published) -> Iterator[Published]:
    with clock.travel(EVE):
        yield roster


def away(code: str, first: date, last: date | None = None, *, now: datetime = EVE) -> None:
    absence_services.add_absence(code, first, last or first, "sick", note="sốt xuất huyết", actor=ADMIN, now=now)


def day(number: int) -> date:
    return date(2020, 1, number)


def listed() -> page_head.ListedCampaign:
    return page_head.all_campaigns(now=EVE)[0]


@pytest.mark.both_dbs
def test_every_minute_counts_and_shifts_over_by_then_are_history(roster: Published) -> None:
    """O1 serves 23/01 by day and 24/01 by night (19:30 to 07:30 of the 25th), O2 the night of the 23rd."""
    assert unsure.list_for_campaign(roster.campaign_id, now=EVE) == []
    away("O1", day(25))
    away("O2", day(24))
    found = [
        (each.code, each.starts_at, each.away_until) for each in unsure.list_for_campaign(roster.campaign_id, now=EVE)
    ]
    night = datetime(2020, 1, 23, 12, 30, tzinfo=UTC)
    assert found == [
        ("O2", night, clock.at_local(day(25))),
        ("O1", night + timedelta(days=1), clock.at_local(day(26))),
    ]
    # Noted when the shift was over: what was shown then is not written anew.
    away("E1", day(23), now=EVE + timedelta(days=1))
    assert [each.code for each in unsure.list_for_campaign(roster.campaign_id, now=EVE)] == ["O2", "O1"]


def test_days_that_follow_each_other_are_one_absence(roster: Published) -> None:
    away("O1", day(23), day(24))
    away("O1", day(25), day(28))
    assert {each.away_until for each in unsure.coming(None, now=EVE)} == {clock.at_local(day(29))}


def test_the_list_does_not_count_them_as_covered(roster: Published) -> None:
    assert (listed().filled, listed().unsure, listed().seats) == (18, 0, 18)
    away("O1", day(23), day(24))
    assert (listed().filled, listed().unsure, listed().seats) == (16, 2, 18)


def test_the_strip_has_a_state_of_its_own_for_them(roster: Published) -> None:
    away("O1", day(23))
    found = overview.strip(roster.campaign, now=EVE)
    assert found.cells["operations"] == ("unsure", "full", "full")
    assert found.cells["leadership"] == ("full", "full", "full")
    assert (found.missing, found.unsure) == (0, 1)


def test_somebody_extra_on_the_same_shift_stands_in(roster: Published) -> None:
    """Two serve where one is needed: one of them may be ill."""
    shift_id = roster.shifts("operations")[2]
    with transaction() as session:
        session.get_one(Shift, shift_id).wanted = 2
        session.add(Seat(shift_id=shift_id, position=2))
    drafts.set_people(shift_id, ["O3", "O4"], actor=ADMIN, now=EVE)
    publishing.publish(roster.campaign_id, actor=ADMIN, now=EVE)
    away("O3", day(24))
    assert [each.code for each in unsure.list_for_campaign(roster.campaign_id, now=EVE)] == ["O3"]
    assert overview.strip(roster.campaign, now=EVE).unsure == 0


@pytest.mark.parametrize("source", ["published", "draft"])
def test_the_grid_counts_them_apart(roster: Published, source: str) -> None:
    away("O1", day(23))
    found = grid.load(roster.campaign_id, now=EVE, source=source)
    assert [(each.filled, each.unsure, each.missing) for each in found.cover] == [(5, 1, 0), (6, 0, 0), (6, 0, 0)]
    assert found.unsure == 1 and found.doubts.keys() == {(roster.shifts("operations")[0], roster.person["O1"])}


def test_managers_hear_of_them_every_morning(roster: Published) -> None:
    away("O1", day(23))
    found = reading.facts(None, now=EVE)
    assert [(each.code, each.note) for each in found.troubles if each.code in ("unsure", "gaps")] == [
        ("unsure", "absent")
    ]
    elsewhere = judging.judge(found, {roster.unit_id + 1}, whole=False)
    assert "unsure" not in {item.code for item in elsewhere.items}
    told = night.night_of(people.unit_by_id(roster.unit_id), now=EVE)
    assert [each.code for each in told.unsure] == ["O1"]
    _subject, body = morning_words.words(people.person_by_code("L1"), told, EVE, brief=False)
    assert "Nguyễn Văn O1 vắng đến hết 23/01" in body
    assert "sốt" not in body, "why is nobody's business"


def test_the_week_ahead_counts_them_and_not_as_missing(roster: Published) -> None:
    away("O1", day(23))
    assert reachability.short(None, now=EVE) == []
    assert len(unsure.coming({roster.unit_id}, now=EVE, days=reachability.DAYS)) == 1
    assert unsure.coming({roster.unit_id + 1}, now=EVE, days=reachability.DAYS) == []


def test_the_auditor_knows_who_should_be_on_duty_and_is_away(roster: Published) -> None:
    def kinds() -> dict[str, int]:
        return {each.kind: each.count for each in findings(now=EVE) if each.kind == "duty_unsure"}

    away("O2", day(23))
    assert kinds() == {}, "the night has not begun"
    away("O1", day(23))
    assert kinds() == {"duty_unsure": 1}
    assert not next(each for each in findings(now=EVE) if each.kind == "duty_unsure").grave


def test_covered_again_it_is_sure(roster: Published) -> None:
    away("O1", day(23))
    roster.reassign("operations", 0, "O4", at=EVE)
    assert unsure.coming(None, now=EVE) == []
    assert listed().filled == 19, "the shift runs: the other has what is left of it"


def test_back_again_it_is_sure(roster: Published) -> None:
    away("O1", day(23))
    absence_services.remove_absence(database.session.scalars(select(Absence.id)).one(), actor=ADMIN, now=EVE)
    assert unsure.coming(None, now=EVE) == []


def test_an_import_says_how_many_shifts_it_made_unsure(roster: Published) -> None:
    away("O2", day(23))
    rows = "person_code,from,to,kind,note\nO1,2020-01-23,2020-01-24,sick,\nO2,2020-01-23,2020-01-23,sick,\n"
    given = importer.read_uploads([("absences.csv", rows.encode())])
    report = importer.import_folder(given, dry_run=False, now=EVE, actor=ADMIN)
    assert report.applied and report.unsure == 2, "the day of the 23rd and the night of the 24th; O2's night was known"
