"""Duty that was served and stood on no roster is entered the day after, attested; what is recorded stays as it is.

Three days of Tết Canh Tý. The second night of operations was published empty; O4 came all the same. At the desk of the
first day somebody helped out on a shift that the roster never had.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import AuditEntry
from notify.models import Message
from people import queries as people
from people.accounts import keys
from roster.campaigns import queries as campaigns
from roster.draft import grid, page_head, services as drafts
from roster.fairness import closing
from roster.fairness.models import LedgerEntry
from roster.feeds import services as subscriptions
from roster.models import Duty, Revision, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.revisions import supplementing, withdrawing
from roster.revisions.supplementing import Attested, SupplementShift
from tests.journeys.test_withdrawn_revisions import account
from tests.services.roster.publishing.test_amending import drafted, leader, on
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.published import NOW, Published, feed

ADMIN = factories.ADMIN
DAY_AFTER = datetime(2020, 1, 25, 3, 0, tzinfo=UTC)
"""10:00 on the third day: turns 0 to 3 are over, turn 4 runs."""
EMPTY_NIGHT = datetime(2020, 1, 24, 16, 0, tzinfo=UTC)
"""23:00 of the night that was published empty."""
BY = Attested("Nguyễn Văn L3", "Phó Giám đốc", "Ban hành thiếu, đồng chí Bốn đã trực")


@pytest.fixture(autouse=True)
def _day_after(roster: Published) -> Iterator[None]:
    with clock.travel(DAY_AFTER):
        yield


@pytest.fixture
def thin(roster: Published) -> Published:
    """Revision 2 leaves the second night of operations to nobody."""
    drafts.set_people(roster.shifts("operations")[3], [], actor=ADMIN, now=NOW)
    publishing.publish(roster.campaign_id, PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=NOW)
    return roster


def enter(roster: Published, served: int | SupplementShift, person: str = "O4", **named: Any) -> Revision:
    given = {"attested": BY, "actor": ADMIN, "now": DAY_AFTER, **named}
    return supplementing.supplement(roster.campaign_id, served, person=person, **given)


def recorded(roster: Published) -> dict[tuple[int, int], tuple[int, bool]]:
    """(seat, person) → (sequence, whether it holds), of every duty of the campaign."""
    rows = db.session.scalars(select(Duty).where(Duty.campaign_id == roster.campaign_id)).all()
    return {(row.seat_id, row.person_id): (row.sequence, row.cancelled_at is None) for row in rows}


def new_demand(headcount: int = 1) -> None:
    """Since yesterday the unit asks for a midday shift of operations."""
    factories.make_demand(people.unit_by_code("TINH"), "operations", "Trưa", "11:00", 2, headcount=headcount)


@pytest.mark.both_dbs("duty, revision and draft are one commit")
def test_an_empty_night_is_filled_and_everything_reads_it(thin: Published, client: Any) -> None:
    shift, seat = thin.shifts("operations")[3], thin.seat("operations", 3)
    before, letters = recorded(thin), len(db.session.scalars(select(Message)).all())
    calendar = feed("person", person_id=thin.person["O4"], now=DAY_AFTER)
    made = enter(thin, seat)
    assert (made.number, made.kind, made.attested_by, made.attested_as) == (3, "supplement", BY.name, BY.position)
    assert on(shift) == ["O4"] and drafted(shift) == ["O4"]
    after = recorded(thin)
    assert {key: value for key, value in after.items() if key in before} == before, "what is recorded stays"
    assert set(after) - set(before) == {(seat, thin.person["O4"])}
    assert len(db.session.scalars(select(Message)).all()) == letters, "nobody is told"
    assert ("operations", thin.unit_id) in resolver.on_duty_roles(thin.person["O4"], EMPTY_NIGHT)
    said = {row["shift"]: [who["code"] for who in row["people"]] for row in made.content}
    assert said[shift] == ["O4"]
    assert not page_head.is_changed(thin.campaign, grid.load(thin.campaign_id, now=DAY_AFTER))
    account("L1", "manager")
    enterprise.sign_in(client, "l1")
    printed = client.get(f"/roster/campaigns/{thin.campaign_id}/print").text
    assert "Nguyễn Văn O4" in printed
    token = subscriptions.url_of(calendar).rpartition("/")[2]
    assert client.get(f"/feeds/{token}").text.count("BEGIN:VEVENT") == 1, "their calendar has it as history"
    audited = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "duty.supplement")).one()
    assert (audited.detail["person"], audited.detail["attested_by"]) == ("O4", BY.name)


def test_the_ledger_counts_it(thin: Published) -> None:
    enter(thin, thin.seat("operations", 3))
    over = datetime(2020, 1, 27, tzinfo=UTC)
    closing.close(thin.campaign_id, actor=ADMIN, now=over)
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == thin.person["O4"])).one()
    assert entry.nights == 1 and entry.points > 0
    with pytest.raises(Conflict, match="campaign.cannot_publish"):
        enter(thin, thin.seat("operations", 1), "O4", now=over)


@pytest.mark.both_dbs("the second waits, and finds the seat taken")
def test_two_at_once_fill_it_once(thin: Published, app: Flask) -> None:
    seat = thin.seat("operations", 3)

    def press(number: int) -> str:
        try:
            enter(thin, seat, ("O4", "E1")[number])
            return "entered"
        except Conflict as fault:
            return fault.code

    assert sorted(in_parallel(app, 2, press)) == ["entered", "supplement.filled"]


def test_nothing_that_is_recorded_is_changed(thin: Published) -> None:
    before = recorded(thin)
    for served, person, error in (
        (thin.seat("operations", 1), "O4", "supplement.filled"),
        (thin.seat("operations", 4), "O4", "supplement.not_over"),
        (thin.seat("operations", 5), "O4", "supplement.not_over"),
    ):
        with pytest.raises(Conflict, match=error):
            enter(thin, served, person)
    for attested, field in (
        (Attested(" ", "PGĐ", "x"), "attested_by"),
        (Attested("An", "", "x"), "attested_as"),
        (Attested("An", "PGĐ", " "), "reason"),
        (Attested("An" * 61, "PGĐ", "x"), "attested_by"),
    ):
        with pytest.raises(Invalid) as fault:
            enter(thin, thin.seat("operations", 3), attested=attested)
        assert fault.value.field == field
    for seat, person in ((999_999, "O4"), (thin.seat("operations", 3), "KHONG")):
        with pytest.raises(NotFound):
            enter(thin, seat, person)
    with pytest.raises(Forbidden):
        enter(thin, thin.seat("operations", 3), actor=leader(thin))
    assert recorded(thin) == before and thin.campaign.revision == 2


def test_a_shift_that_the_roster_never_had(thin: Published) -> None:
    new_demand()
    helped = SupplementShift("TINH", "operations", "Trưa", date(2020, 1, 23))
    made = enter(thin, helped)
    shift = db.session.scalars(select(Shift).where(Shift.template == "Trưa")).one()
    assert on(shift.id) == ["O4"]
    assert (shift.starts_at, shift.points > 0) == (datetime(2020, 1, 23, 4, 0, tzinfo=UTC), True)
    row = next(each for each in made.content if each["shift"] == shift.id)
    assert row["people"][0]["code"] == "O4"
    times = [each["starts_at"] for each in made.content]
    assert times == sorted(times)
    with pytest.raises(Conflict, match="supplement.full"):
        enter(thin, helped, "E1")
    with pytest.raises(Conflict, match="publish.nothing_changed"):
        publishing.publish(thin.campaign_id, PublishTerms(accept_gaps="Như trước"), actor=ADMIN, now=DAY_AFTER)


def test_two_who_helped_on_it_take_a_seat_each(thin: Published) -> None:
    new_demand(headcount=2)
    helped = SupplementShift("TINH", "operations", "Trưa", date(2020, 1, 23))
    enter(thin, helped, "O4")
    with pytest.raises(Conflict, match="supplement.on_it"):
        enter(thin, helped, "O4")
    enter(thin, helped, "E1")
    shift = db.session.scalars(select(Shift).where(Shift.template == "Trưa")).one()
    assert sorted(on(shift.id)) == ["E1", "O4"]


def test_what_the_demand_does_not_know_is_refused_by_its_field(thin: Published) -> None:
    factories.make_unit("KHAC", name="Đơn vị khác")
    new_demand()
    for served, field in (
        (SupplementShift("TINH", "operations", "Không có", date(2020, 1, 23)), "shift"),
        (SupplementShift("KHAC", "operations", "Trưa", date(2020, 1, 23)), "unit"),
        (SupplementShift("TINH", "operations", "Trưa", date(2020, 1, 22)), "on"),
        (SupplementShift("TINH", "operations", "Trưa", date(2020, 1, 26)), "on"),
    ):
        with pytest.raises(Conflict) as fault:
            enter(thin, served)
        assert fault.value.field == field
    assert db.session.scalars(select(Shift).where(Shift.template == "Trưa")).all() == []


def test_a_draft_is_filled_and_published_instead(thin: Published) -> None:
    withdrawn = thin.campaign
    with transaction():
        campaigns.get_campaign(withdrawn.id).state = "draft"
    with pytest.raises(Conflict, match="supplement.draft"):
        enter(thin, thin.seat("operations", 3))


def test_withdrawing_leaves_it_alone(thin: Published) -> None:
    """Revision 3 changes the last night; afterwards 4 enters the empty one; 5 takes 3 back and nothing else."""
    drafts.set_people(thin.shifts("operations")[5], ["O4"], override_reason="Đổi", actor=ADMIN, now=DAY_AFTER)
    publishing.publish(thin.campaign_id, PublishTerms(accept_gaps="Tỉnh trực thay"), actor=ADMIN, now=DAY_AFTER)
    enter(thin, thin.seat("operations", 3))
    made = withdrawing.withdraw(thin.campaign_id, reason="Nhầm", actor=ADMIN, now=DAY_AFTER)
    assert (made.number, made.withdraws) == (5, 3)
    assert on(thin.shifts("operations")[5]) == ["O3"] and on(thin.shifts("operations")[3]) == ["O4"]


def test_the_page_offers_what_is_empty_and_keeps_what_was_typed(thin: Published, client: Any) -> None:
    new_demand()
    account("L1", "manager")
    account("L2", "staff")
    path = f"/roster/campaigns/{thin.campaign_id}/supplements"
    enterprise.sign_in(client, "l2")
    assert client.get(path).status_code == 403
    enterprise.sign_in(client, "l1")
    page = client.get(path).text
    seat = str(thin.seat("operations", 3))
    assert f'<option value="{seat}"' in page and "O4 · Nguyễn Văn O4" in page and "1 chỗ trống" in page
    sent = {"seat": seat, "person": "O4 · Nguyễn Văn O4", "attested_by": "Lê L", "attested_as": "Trưởng phòng"}
    bare = client.post(path, data=sent)
    assert bare.status_code == 422 and "Ghi lý do" in bare.text and "Trưởng phòng" in bare.text
    nobody = client.post(path, data={**sent, "person": "ai đó", "reason": "Sót"})
    assert nobody.status_code == 404 and "ai đó" in nobody.text
    neither = client.post(path, data={**sent, "seat": "", "reason": "Sót"})
    assert neither.status_code == 422 and "Chọn một chỗ trống" in neither.text
    typed = {**sent, "seat": "", "asked": "TINH · operations · Trưa", "reason": "Sót"}
    undated = client.post(path, data={**typed, "on": "hôm kia"})
    assert undated.status_code == 422 and "Ghi ngày trực" in undated.text
    done = client.post(path, data={**sent, "reason": "Sót"})
    assert done.status_code == 303
    shown = client.get(done.headers["Location"]).text
    assert "ghi bổ sung" in shown and "Lê L, Trưởng phòng, xác nhận: Sót" in shown and "chưa có số" not in shown


def test_by_api(thin: Published, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("Máy", "manager", "TINH"), now=DAY_AFTER, actor=ADMIN)[1]
    headers, address = {"Authorization": f"Bearer {key}"}, f"/api/v1/campaigns/{thin.campaign_id}/supplements"
    body = {
        "served": thin.seat("operations", 3),
        "person": "O4",
        "attested_by": {"name": "Lê L", "position": "Trưởng phòng"},
        "reason": "Sót",
    }
    made = client.post(address, json=body, headers=headers)
    assert made.status_code == 201 and (made.json["kind"], made.json["attested_by"]) == ("supplement", "Lê L")
    again = client.post(address, json={**body, "person": "E1"}, headers=headers)
    assert again.status_code == 409 and again.json["code"] == "supplement.filled"
    new_demand()
    unlisted = {"unit": "TINH", "duty": "operations", "shift": "Trưa", "on": "2020-01-23"}
    assert client.post(address, json={**body, "served": unlisted}, headers=headers).status_code == 201
    assert client.post(address, json={**body, "served": None}, headers=headers).status_code == 422
