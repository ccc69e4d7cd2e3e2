"""After Tết Canh Tý: what the night of Giao thừa was worth, chốt công, and what is entered after it was closed.

O1 served the day of the 23rd and the night of Giao thừa, O2 the night of the 23rd and the day of Mùng 1, O3 the 24th
and the night of Mùng 1. Leadership and emergency served at home.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from duty.overtime_consent import queries as consents
from duty.timekeeping import queries, services
from duty.timekeeping.models import HoursClosing
from people import queries as people
from people.absences import services as absence_services
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Person, WorkPattern
from roster.campaigns.models import Campaign
from roster.confirmations import services as confirmations
from roster.covers import moving
from roster.dividing.parting import SplitSpan
from roster.models import Duty, Seat, Shift
from roster.presence.models import NoShow, Presence
from tests.journeys.test_one_tap import link_of
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

AFTER = datetime(2020, 2, 3, 2, tzinfo=UTC)
JANUARY = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _after_tet(roster: Published) -> Iterator[None]:
    with clock.travel(AFTER):
        yield


def sign_in(client: FlaskClient, role: str = "manager", unit: str = "TINH", person: str | None = None) -> str:
    """The name of whoever has signed in."""
    login = f"{role}-{unit}".lower()
    account = accounts.create_user(
        NewAccount(login, f"Tài khoản {login}", role, unit_code=unit, person_code=person),
        now=AFTER,
        actor=factories.ADMIN,
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, login)
    return account.name


def key(role: str = "manager", unit: str | None = "TINH", person: str | None = None) -> dict[str, str]:
    secret = keys.create_api_key(keys.NewApiKey("kế toán", role, unit, person), now=AFTER, actor=factories.ADMIN)[1]
    return {"Authorization": f"Bearer {secret}"}


def hours_of(roster: Published, code: str) -> queries.CampaignHours:
    person = people.person_by_code(code)
    return queries.hours_for_people(roster.campaign, [person], now=AFTER)[person.id]


def head(unit_id: int) -> Actor:
    return Actor(name="Trưởng bưu điện", role="manager", via="session", unit_id=unit_id)


def entered_afterwards(roster: Published, turn: int, code: str) -> None:
    """Somebody else served the ``turn``-th shift of operations after all: noted as duty already served is."""
    seat = roster.seat("operations", turn)
    row = db.session.scalars(select(Duty).where(Duty.seat_id == seat, Duty.cancelled_at.is_(None))).one()
    row.cancelled_at = AFTER
    facts = {name: getattr(row, name) for name in ("seat_id", "shift_id", "campaign_id", "unit_id", "duty", "template")}
    times = {name: getattr(row, name) for name in ("form", "starts_at", "ends_at")}
    person_id = roster.person[code]
    db.session.add(Duty(**facts, **times, person_id=person_id, sequence=row.sequence + 1, changed_at=AFTER))
    db.session.commit()


def sheet_of(answer: Any) -> dict[str, list[Any]]:
    """Code → the row of the first sheet."""
    assert answer.status_code == 200, answer.text
    page = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    return {str(row[2]): list(row) for row in page.iter_rows(min_row=9, values_only=True) if row[2]}


def test_the_night_of_giao_thua_is_told_alike_by_page_api_and_sheet(roster: Published, client: FlaskClient) -> None:
    sign_in(client)
    listed = client.get(f"/roster/campaigns/{roster.campaign_id}/hours").text
    assert "79,2" in listed, "12 hours by day at 300 %, and 18:00 to 06:00 as in the worked example beside 3 hours more"
    page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/O1").text
    assert "22:00 24/01 – 00:00 25/01" in page and "2 × 390\u00a0% = 7,8" in page and "6 × 390\u00a0% = 23,4" in page
    assert "Bộ luật Lao động 10/2012/QH13, Điều 97" in page and "hợp pháp" not in page
    answer = client.get(f"/api/v1/campaigns/{roster.campaign_id}/hours?person=O1", headers=key())
    [told] = answer.get_json()["items"]
    assert (told["onsite"], told["holiday"], told["night"], told["converted"]) == (24.0, 24.0, 8.0, 79.2)
    assert round(sum(each["converted"] for each in told["pieces"]), 2) == 79.2
    row = sheet_of(client.get(f"/roster/campaigns/{roster.campaign_id}/hours.xlsx"))["O1"]
    assert [row[3 + day - 1] for day in (23, 24, 25)] == [12, 4.5, 7.5]
    assert row[34:39] == [None, None, 24, 8, 79.2]
    assert told["converted_overtime"] == row[38] and told["overtime"] == 24.0


def test_duty_at_home_is_no_working_time(roster: Published, client: FlaskClient) -> None:
    own = hours_of(roster, "L1")
    assert own.pieces == () and len(own.served) == 2
    sign_in(client)
    page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/L1").text
    assert "Không tính giờ làm việc" in page


def test_only_what_is_over_counts_and_the_whole_roster_is_there_to_be_asked_for(
    roster: Published, client: FlaskClient
) -> None:
    sign_in(client)
    giao_thua = datetime(2020, 1, 24, 17, tzinfo=UTC)
    with clock.travel(giao_thua):
        page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/O1").text
        assert "36" in page and "79,2" not in page and "Còn 1 ca chưa trực xong" in page
        planned = client.get(f"/roster/campaigns/{roster.campaign_id}/hours?state=planned").text
        assert "79,2" in planned
        refused = client.post(
            f"/api/v1/campaigns/{roster.campaign_id}/hours/close", json={"unit": "TINH"}, headers=key()
        )
        assert (refused.status_code, refused.json["code"]) == (409, "hours.not_over")


def test_real_times_count_instead_of_the_planned_ones(roster: Published) -> None:
    person = people.person_by_code("O1")
    seat = roster.seat("operations", 3)
    [duty] = db.session.scalars(select(Duty).where(Duty.seat_id == seat)).all()
    late = {duty.id: (duty.starts_at, duty.ends_at + timedelta(hours=1))}
    own = queries.hours_for_people(roster.campaign, [person], now=AFTER, real=lambda _ids: late)[person.id]
    assert own.sums.worth / 6000 == pytest.approx(79.2 + 3)


def test_whoever_was_recorded_absent_or_said_no_has_not_served_unless_somebody_noted_that_they_came(
    roster: Published, client: FlaskClient
) -> None:
    evening = datetime(2020, 1, 24, 3, tzinfo=UTC)
    giao_thua = date(2020, 1, 24)
    absence_services.add_absence("O1", giao_thua, giao_thua, "sick", actor=factories.ADMIN, now=evening)
    assert hours_of(roster, "O1").sums.worth == 36 * 6000
    confirmations.answer(roster.seat("operations", 5), "refused", note="gọi", actor=factories.ADMIN, now=evening)
    assert [each.missed for each in hours_of(roster, "O3").served] == ["", "refused"]
    sign_in(client)
    page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/O1").text
    assert "Không tính: đã ghi vắng." in page
    said_no = hours_of(roster, "O3").served[1]
    page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/O3").text
    assert f'name="duty" value="{said_no.id}"' in page and "25/01/2020 19:30" in page
    address = f"/roster/campaigns/{roster.campaign_id}/hours/people/O3"
    noted = {"duty": str(said_no.id), "at": "2020-01-25T19:40", "note": ""}
    silent = client.post(address, data=noted)
    assert silent.status_code == 422 and "Ghi lý do" in silent.text and "25/01/2020 19:40" in silent.text
    assert client.post(address, data=noted | {"at": "hôm qua", "note": "x"}).status_code == 422
    assert client.post(address, data=noted | {"duty": "0", "note": "x"}).status_code == 404
    noted = noted | {"at": "2020-01-25T19:30", "note": "vẫn trực, có anh Nam làm chứng"}
    assert client.post(address, data=noted).status_code == 303
    assert [each.missed for each in hours_of(roster, "O3").served] == ["", ""], (
        "the kind of duty never asked to check in"
    )
    came = {each.id: (each.starts_at, each.ends_at) for each in hours_of(roster, "O1").served}
    person = people.person_by_code("O1")
    own = queries.hours_for_people(roster.campaign, [person], now=AFTER, real=lambda _ids: came)[person.id]
    assert own.sums.worth == 79.2 * 6000


def test_closing_freezes_and_what_comes_after_is_a_difference_and_another_number(
    roster: Published, client: FlaskClient
) -> None:
    name = sign_in(client)
    page = f"/roster/campaigns/{roster.campaign_id}/hours/close?unit=TINH"
    fields = {"month": "", "seen": seen(client.get(page).text)}
    assert client.post(page, data=fields).status_code == 303
    closed = client.get(page).text
    assert "đã chốt lần 1" in closed and name in closed
    again = client.post(page, data=fields)
    assert again.status_code == 409 and "đã chốt lúc" in again.text and name in again.text
    first = db.session.scalars(select(HoursClosing)).one()
    assert (first.number, first.month, len(first.figures_hash)) == (1, JANUARY, 64)

    entered_afterwards(roster, 5, "O1")  # O1 served the night of Mùng 1 for O3
    changed = client.get(page).text
    assert "đổi sau lần chốt 1" in changed and "24 giờ, quy đổi 79,2 → 36 giờ" in changed
    listed = client.get(f"/roster/campaigns/{roster.campaign_id}/hours").text
    assert listed.count("đổi sau khi chốt") == 2 and listed.count("đã chốt") == 1
    fields["seen"] = seen(changed)
    silent = client.post(page, data=fields)
    assert silent.status_code == 422 and "nêu lý do chốt lại" in silent.text
    assert client.post(page, data=fields | {"reason": "O1 trực thay O3"}).status_code == 303
    assert "O1 trực thay O3" in client.get(page).text

    kept = sheet_of(client.get(f"/roster/campaigns/{roster.campaign_id}/hours/closings/{first.id}.xlsx"))
    now = sheet_of(client.get(f"/roster/campaigns/{roster.campaign_id}/hours.xlsx?unit=TINH&month=2020-01"))
    assert (kept["O1"][38], now["O1"][38]) == (79.2, 122.4)
    closings = select(AuditEntry).where(AuditEntry.action == "hours.close").order_by(AuditEntry.id)
    assert [each.detail["number"] for each in db.session.scalars(closings)] == [1, 2]


def seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_what_changed_while_somebody_looked_is_not_closed(roster: Published, client: FlaskClient) -> None:
    sign_in(client)
    page = f"/roster/campaigns/{roster.campaign_id}/hours/close?unit=TINH"
    looked = seen(client.get(page).text)
    entered_afterwards(roster, 5, "O1")
    answer = client.post(page, data={"month": "", "seen": looked, "reason": "xong"})
    assert answer.status_code == 409 and "vừa đổi" in answer.text and 'value="xong"' in answer.text
    assert db.session.scalars(select(HoursClosing)).all() == []


@pytest.mark.both_dbs("two heads close the same month at once: one row, one refusal")
def test_of_two_at_once_one_wins(app: Flask, roster: Published) -> None:
    campaign_id, unit_id = roster.campaign_id, roster.unit_id

    def close(_n: int) -> str:
        try:
            return str(services.close(campaign_id, "TINH", actor=head(unit_id), now=AFTER)[0].number)
        except Conflict as fault:
            return fault.code

    assert sorted(in_parallel(app, 2, close)) == ["1", "hours.closed"]
    assert [row.number for row in db.session.scalars(select(HoursClosing))] == [1]


def test_by_the_api(roster: Published, client: FlaskClient) -> None:
    address, headers = f"/api/v1/campaigns/{roster.campaign_id}/hours/close", key()
    answer = client.post(address, json={"unit": "TINH", "month": "2020-01"}, headers=headers)
    [made] = answer.get_json()["closings"]
    assert (made["unit"], made["month"], made["number"], made["people"]) == ("TINH", "2020-01", 1, 3)
    again = client.post(address, json={"unit": "TINH"}, headers=headers)
    assert (again.status_code, again.json["code"], again.json["number"]) == (409, "hours.closed", 1)
    entered_afterwards(roster, 5, "O1")
    silent = client.post(address, json={"unit": "TINH"}, headers=headers)
    assert (silent.status_code, silent.json["errors"][0]["field"]) == (422, "reason")
    listed = client.get(f"/api/v1/campaigns/{roster.campaign_id}/hours?unit=TINH", headers=headers).get_json()["items"]
    told = {each["person"]: each for each in listed}
    assert told["O1"]["closed"][0]["changed"] and not told["O2"]["closed"][0]["changed"]
    assert told["O1"]["closed"][0]["converted"] == 79.2 and told["O1"]["converted"] == 122.4
    assert told["O1"]["pieces"] is None
    never = client.post(address, json={"unit": "TINH", "month": "2021-05"}, headers=headers)
    assert (never.status_code, never.json["code"]) == (409, "hours.nothing")


def test_nobody_sees_or_closes_the_hours_of_others(roster: Published, client: FlaskClient, new_client: Any) -> None:
    province = people.unit_by_code("TINH")
    factories.make_unit("XA", parent=province, kind="district")
    sign_in(client, "staff", "TINH", "O1")
    base = f"/roster/campaigns/{roster.campaign_id}/hours"
    mine = client.get(base).text
    assert people.person_by_code("O1").full_name in mine and people.person_by_code("O2").full_name not in mine
    assert client.get(f"{base}/people/O1").status_code == 200
    assert client.get(f"{base}/people/O2").status_code == 403
    assert client.get(f"{base}?unit=TINH").status_code == 403
    assert client.get(f"{base}/close").status_code == client.get(f"{base}.xlsx").status_code == 403
    other = new_client()
    sign_in(other, "manager", "XA")
    assert other.get(f"{base}/people/O1").status_code == 403
    assert other.get(f"{base}/close?unit=TINH").status_code == 403
    assert other.post(f"{base}/close?unit=TINH").status_code == 403
    with pytest.raises(Forbidden):
        services.close(roster.campaign_id, "TINH", actor=head(people.unit_by_code("XA").id), now=AFTER)
    services.close(roster.campaign_id, "TINH", actor=head(roster.unit_id), now=AFTER)
    row = db.session.scalars(select(HoursClosing)).one()
    assert other.get(f"{base}/closings/{row.id}.xlsx").status_code == 403
    assert (
        new_client()
        .get(f"/api/v1{base.removeprefix('/roster')}", headers=key("staff", "TINH", "O2"))
        .get_json()["items"][0]["person"]
        == "O2"
    )


def test_a_head_closes_units_below_each_under_its_own_number(roster: Published) -> None:
    below = factories.make_unit("XA", parent=people.unit_by_code("TINH"), kind="district")
    person = people.person_by_code("O2")
    person.unit_id = below.id
    db.session.commit()
    services.close(roster.campaign_id, "XA", actor=head(below.id), now=AFTER)
    made = services.close(roster.campaign_id, "TINH", actor=head(roster.unit_id), now=AFTER)
    assert [(row.unit_id, row.number) for row in made] == [(roster.unit_id, 1)], "what is closed below is left alone"
    db.session.get_one(Person, person.id).unit_id = roster.unit_id
    db.session.commit()
    with pytest.raises(Invalid):
        services.close(roster.campaign_id, "TINH", actor=head(roster.unit_id), now=AFTER)
    again = services.close(roster.campaign_id, "TINH", reason="chuyển đơn vị", actor=head(roster.unit_id), now=AFTER)
    assert sorted((row.unit_id, len(row.figures)) for row in again) == sorted([(roster.unit_id, 3), (below.id, 0)])


def test_each_person_sees_their_own_with_and_without_signing_in(
    roster: Published, client: FlaskClient, new_client: Any
) -> None:
    sign_in(client, "staff", "TINH", "O1")
    page = client.get("/me/").text
    assert "Giờ đã trực: 24, quy đổi 79,2" in page and "2 × 390\u00a0% = 7,8" in page
    path = link_of(roster.person["O1"])
    assert "Giờ đã trực: 24, quy đổi 79,2" in new_client().get(path).text
    with clock.travel(factories.NOW + timedelta(hours=3)):
        assert "Giờ đã trực" not in new_client().get(path).text


def test_in_english_too(roster: Published, client: FlaskClient) -> None:
    sign_in(client)
    client.post("/language", data={"language": "en"})
    page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/O1").text
    assert "79.2" in page and "overtime" in page
    assert "Giờ trực" not in page


def serve(campaign: Campaign, turn: int, code: str, starts_at: datetime, hours: int) -> None:
    """Somebody holds the ``turn``-th seat of operations in a campaign, at these times."""
    wanted = select(Seat).join(Shift).where(Shift.campaign_id == campaign.id, Shift.duty == "operations")
    seat = db.session.scalars(wanted.order_by(Shift.starts_at).offset(turn).limit(1)).one()
    row = Duty(
        seat_id=seat.id,
        shift_id=seat.shift_id,
        campaign_id=campaign.id,
        unit_id=campaign.unit_id,
        person_id=people.person_by_code(code).id,
        duty="operations",
        template="Ngày",
        form="onsite",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        sequence=1,
        changed_at=AFTER,
    )
    db.session.add(row)
    db.session.commit()


def test_work_beside_another_campaign_is_reckoned_with_it(roster: Published) -> None:
    person = people.person_by_code("O1")
    other = factories.make_campaign(people.unit_by_code("TINH"), first="2020-01-20", last="2020-01-21")
    [first, *_others] = hours_of(roster, "O1").served
    before = hours_of(roster, "O1").sums.worth
    serve(other, 0, "O1", first.starts_at, 12)
    both = [hours_of(roster, "O1").sums, queries.hours_for_people(other, [person], now=AFTER)[person.id].sums]
    assert sum(each.worth for each in both) == before, "the same minutes do not count in two campaigns"


def test_a_month_that_is_over_is_closed_while_the_next_one_runs(roster: Published, client: FlaskClient) -> None:
    unit = people.unit_by_code("TINH")
    other = factories.make_campaign(unit, first="2020-01-30", last="2020-02-03")
    serve(other, 0, "O1", datetime(2020, 1, 31, 12, tzinfo=UTC), 12)  # 19:00 to 07:00, five hours of it in January
    serve(other, 7, "O2", AFTER - timedelta(hours=1), 8)
    with pytest.raises(Conflict) as running:
        services.close(other.id, "TINH", actor=head(unit.id), now=AFTER)
    assert running.value.code == "hours.not_over"
    [january] = services.close(other.id, "TINH", JANUARY, actor=head(unit.id), now=AFTER)
    assert [sum(line[6] for line in each["lines"]) for each in january.figures] == [5 * 60]
    [february] = services.close(other.id, "TINH", actor=head(unit.id), now=AFTER + timedelta(hours=8))
    assert (february.month, [each["code"] for each in february.figures]) == (date(2020, 2, 1), ["O1", "O2"])
    sign_in(client)
    page = client.get(f"/roster/campaigns/{other.id}/hours/close?month=2020-01").text
    assert "01/2020" in page and page.count("đã chốt lần 1") == 1
    assert client.get(f"/roster/campaigns/{other.id}/hours/close?month=sai").status_code == 200


def test_who_left_early_is_paid_for_the_hours_that_they_served(roster: Published) -> None:
    whole = hours_of(roster, "O1").sums.worth
    duty = db.session.scalars(
        select(Duty).where(Duty.person_id == roster.person["O1"], Duty.cancelled_at.is_(None)).order_by(Duty.starts_at)
    ).first()
    assert duty is not None
    left_at = duty.ends_at - timedelta(hours=2)
    for kind, at in (("check_in", duty.starts_at), ("check_out", left_at)):
        row = Presence(
            duty_id=duty.id, kind=kind, sequence=duty.sequence, at=at, said_at=at, said_by="Bàn trực", via="page"
        )
        db.session.add(row)
    db.session.commit()
    served = hours_of(roster, "O1").served[0]
    assert (served.starts_at, served.ends_at) == (duty.starts_at, left_at)
    assert hours_of(roster, "O1").sums.worth < whole


def test_who_never_came_has_no_hours_and_sees_why_before_they_are_closed(
    roster: Published, client: FlaskClient
) -> None:
    first, *_later = hours_of(roster, "O1").served
    duty = db.session.get_one(Duty, first.id)
    facts = {"called_at": duty.starts_at, "ended_at": duty.ends_at, "ended_as": "over", "deputies": []}
    db.session.add(NoShow(duty_id=duty.id, sequence=duty.sequence, **facts))
    db.session.commit()
    served = hours_of(roster, "O1").served[0]
    assert (served.missed, served.starts_at, served.ends_at) == ("never", duty.starts_at, duty.ends_at)
    assert hours_of(roster, "O1").pieces_of(duty.id) == []
    sign_in(client)
    page = client.get(f"/roster/campaigns/{roster.campaign_id}/hours/people/O1").text
    assert "đã ghi không có mặt trong ca" in page and "Trùng với ca khác" not in page
    assert "đã ghi không có mặt trong ca" in client.get(link_of(roster.person["O1"])).text


def test_who_works_by_a_pattern_without_hours_works_by_the_roster_alone(roster: Published) -> None:
    """As the rules, and the question about overtime, have it."""
    other = factories.make_campaign(people.unit_by_code("TINH"), first="2020-01-06", last="2020-01-12")
    serve(other, 0, "O1", datetime(2020, 1, 6, 0, tzinfo=UTC), 12)
    person = people.person_by_code("O1")
    by_roster = queries.hours_for_people(other, [person], now=AFTER)[person.id].sums
    assert (by_roster.normal, by_roster.overtime) == (10 * 60, 2 * 60)
    db.session.add(WorkPattern(code="ca-kip", name_vi="Ca kíp", name_en="Crews", hours={}))
    db.session.flush()
    person.work_pattern = "ca-kip"
    db.session.commit()
    assert queries.hours_for_people(other, [person], now=AFTER)[person.id].sums.rows == by_roster.rows


def beside_the_office(roster: Published, starts_at: datetime, hours: int, *, replaces: bool) -> Campaign:
    """O1 works in an office, and has one duty in a week without holidays."""
    other = factories.make_campaign(people.unit_by_code("TINH"), first="2020-01-06", last="2020-01-12")
    people.person_by_code("O1").work_pattern = "office5"
    serve(other, 0, "O1", starts_at, hours)
    for shift in db.session.scalars(select(Shift).where(Shift.campaign_id == other.id)):
        shift.replaces_work = replaces
    db.session.commit()
    return other


def test_a_day_of_the_office_and_an_evening_on_duty_are_a_long_day(roster: Published, client: FlaskClient) -> None:
    other = beside_the_office(roster, datetime(2020, 1, 7, 11, tzinfo=UTC), 6, replaces=False)
    person = people.person_by_code("O1")
    notes = queries.hours_for_people(other, [person], now=AFTER)[person.id].notes
    assert [each.minutes for each in notes if each.code == "long_day"] == [14 * 60]
    sign_in(client)
    page = client.get(f"/roster/campaigns/{other.id}/hours/people/O1").text
    assert "14 giờ trong ngày 07/01, kể cả giờ làm việc ngoài ca trực" in page
    for shift in db.session.scalars(select(Shift).where(Shift.campaign_id == other.id)):
        shift.replaces_work = True
    db.session.commit()
    assert "long_day" not in [
        each.code for each in queries.hours_for_people(other, [person], now=AFTER)[person.id].notes
    ]


def test_leave_that_is_entered_after_a_duty_that_replaced_work_changes_no_hours(roster: Published) -> None:
    other = beside_the_office(roster, datetime(2020, 1, 7, 15, tzinfo=UTC), 8, replaces=True)  # 22:00 to 06:00
    person = people.person_by_code("O1")
    before = queries.hours_for_people(other, [person], now=AFTER)[person.id].lines
    assert {each.percent for each in before} == {130}
    morning, later = date(2020, 1, 8), datetime(2020, 1, 8, 1, tzinfo=UTC)
    absence_services.add_absence("O1", morning, morning, "sick", actor=factories.ADMIN, now=later)
    assert queries.hours_for_people(other, [people.person_by_code("O1")], now=AFTER)[person.id].lines == before


def test_a_part_given_away_moves_its_hours_and_nothing_is_lost(roster: Published) -> None:
    whole = hours_of(roster, "O1").sums
    night = roster.shifts("operations")[3]
    middle = SplitSpan(
        datetime(2020, 1, 24, 15, tzinfo=UTC), datetime(2020, 1, 24, 17, tzinfo=UTC)
    )  # 22:00 to midnight
    before = factories.NOW + timedelta(hours=2)
    with clock.travel(before):
        moving.publish(
            roster.campaign_id,
            [(night, "O1", "O4")],
            moving.MoveHooks(note=lambda _changes: "", before=lambda: None, after=lambda _changes, _revision: None),
            spans={night: middle},
            reason="Đổi",
            actor=factories.ADMIN,
            now=before,
        )
    left, given = hours_of(roster, "O1").sums, hours_of(roster, "O4").sums
    assert (left.on_site, given.on_site) == (whole.on_site - 120, 120)
    assert left.worth + given.worth == whole.worth and given.worth == 120 * 390


@pytest.mark.parametrize(
    ("starts", "hours", "overtime"),
    [
        (datetime(2020, 1, 7, 0, tzinfo=UTC), 12, 4),  # 07:00 to 19:00
        (datetime(2020, 1, 7, 7, tzinfo=UTC), 12, 2),  # 14:00 to 02:00: eight of ten hours before midnight
        (datetime(2020, 1, 7, 12, 30, tzinfo=UTC), 12, 0),  # 19:30 to 07:30: neither day is longer than work
        (datetime(2020, 1, 7, 0, 30, tzinfo=UTC), 24, 8.5),  # 07:30 to 07:30
    ],
)
def test_who_is_asked_about_overtime_is_asked_about_what_will_count(
    roster: Published, starts: datetime, hours: int, overtime: float
) -> None:
    """Duty that replaces work, and is longer than the work of a day."""
    other = beside_the_office(roster, starts, hours, replaces=True)
    person, before = people.person_by_code("O1"), datetime(2020, 1, 6, tzinfo=UTC)
    with clock.travel(before):
        asked = {each.duty_id: each.minutes for each in consents.asks(other.id, [person.id], now=before)}
        found = queries.hours_for_people(other, [person], planned=True, now=before)[person.id]
    counted = {each.id: sum(p.minutes for p in found.pieces_of(each.id) if p.overtime) for each in found.served}
    assert sum(asked.values()) == overtime * 60
    assert asked == {duty_id: minutes for duty_id, minutes in counted.items() if minutes}
