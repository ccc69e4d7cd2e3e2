"""After the night: what is asked for, what is promised, how fast it went, and who carried it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from core import clock
from core.errors import Conflict
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine, requests
from incidents.figures import queries as figures
from incidents.merging import services as merging
from incidents.record.models import Incident
from incidents.response import lifecycle, responders
from incidents.reviews import services as reviews
from notify import queries
from people import queries as people
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night


class Story:
    def __init__(self) -> None:
        self.night = Night()
        self.unit = people.unit_by_id(self.night.ids["BDA"])

    def incident(
        self, title: str, *, at: int = 0, taken: int | None = None, done: int | None = None, **more: Any
    ) -> Incident:
        """Logged ``at`` minutes after ten past two; Em takes it and resolves it so many minutes later."""
        start = NIGHT + timedelta(minutes=at)
        more = {"category": "power", "severity": 2} | more
        made, _created = creation.log(IncidentReport(title=title, unit_id=self.unit.id, actor=ADMIN, **more), now=start)
        with clock.travel(start):
            engine.escalate_due(start)
        if taken is not None:
            lifecycle.acknowledge(
                made.id, person_id=self.night.ids["EM1"], actor=ADMIN, now=start + timedelta(minutes=taken)
            )
        if done is not None:
            lifecycle.resolve(made.id, actor=ADMIN, now=start + timedelta(minutes=done))
        return made


@pytest.fixture
def past(app: Flask) -> Iterator[Story]:
    with clock.travel(NIGHT + timedelta(hours=10)):
        yield Story()


@pytest.mark.both_dbs("reviews and what was promised are written behind locks")
def test_a_bad_incident_asks_for_a_review_until_it_is_written_and_what_was_promised_is_followed(
    past: Story, client: FlaskClient
) -> None:
    bad = past.incident("Mất điện trung tâm khai thác", taken=4, done=90)
    past.incident("Hết giấy in", done=30, severity=4)
    sign_in(client, "bi1")
    assert 'href="/incidents/reviews/"' in client.get("/incidents/").get_data(as_text=True), "for owners too"
    sign_in(client, "an1")
    listed = client.get("/incidents/reviews/").get_data(as_text=True)
    assert bad.code in listed.split("Đã tổng kết")[0]
    assert "Hết giấy in" not in listed
    assert "cần tổng kết" in client.get(f"/incidents/{bad.code}").get_data(as_text=True)

    kept = client.post(
        f"/incidents/{bad.code}/review",
        data={"version": "0", "happened": "Mất điện lưới.", "cause": "Ắc quy hỏng.", "remedy": "Đã thay."},
    )
    promised = client.post(
        f"/incidents/{bad.code}/review/actions",
        data={"text": "Thử máy nổ hằng tháng", "owner": "BI1", "due_on": "2020-02-01"},
    )
    assert (kept.status_code, promised.status_code) == (303, 303)
    listed = client.get("/incidents/reviews/").get_data(as_text=True)
    assert bad.code not in listed.split("Đã tổng kết")[0] and "Thử máy nổ hằng tháng" in listed
    [told] = queries.by_topic(f"incident/{bad.id}/told")
    assert (told.recipient, told.address) == ("Trần Thị Bình", "bi1@buudien.example")
    assert told.subject == f"Việc phải làm sau sự cố {bad.code}, hạn 01/02/2020"
    assert "Thử máy nổ hằng tháng" in told.body
    sign_in(client, "bi1")
    desk = client.get("/").get_data(as_text=True)
    assert "Việc của tôi sau sự cố" in desk and f"/incidents/{bad.code}/review" in desk
    sign_in(client, "an1")

    with clock.travel(NIGHT + timedelta(days=30)):
        assert "quá hạn" in client.get("/incidents/reviews/").get_data(as_text=True)
        (action,) = reviews.open_actions(ADMIN, now=clock.now())
        reviews.finish_action(bad.id, action.id, actor=past.night.actor("BI1"), now=clock.now())
        assert "Thử máy nổ hằng tháng" not in client.get("/incidents/reviews/").get_data(as_text=True)
    sheet = client.get(f"/incidents/{bad.code}/review/print").get_data(as_text=True)
    assert (
        "Ắc quy hỏng." in sheet and "Thử máy nổ hằng tháng" in sheet and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in sheet
    )


@pytest.mark.both_dbs("two at once: locks")
def test_two_who_write_at_once_lose_nothing(past: Story, client: FlaskClient) -> None:
    bad = past.incident("Mất điện", done=60)
    reviews.save(bad.id, {"cause": "Ắc quy hỏng."}, version=0, actor=ADMIN, now=clock.now())
    sign_in(client, "an1")
    answer = client.post(f"/incidents/{bad.code}/review", data={"version": "0", "cause": "Chuột cắn dây."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Chuột cắn dây." in page and "Ắc quy hỏng." in page and 'name="version" value="1"' in page
    with pytest.raises(Conflict):
        reviews.save(bad.id, {}, version=0, actor=ADMIN, now=clock.now())


def test_how_fast_by_what_and_who_carried_it(past: Story, client: FlaskClient) -> None:
    past.incident("Mất điện A", taken=2, done=60)
    past.incident("Mất điện B", at=20, taken=8, done=200)
    past.incident("=CMD()", at=400, taken=30, done=700, category="vehicle")
    period = figures.Period(date(2020, 1, 25), date(2020, 1, 25))
    found = figures.read_figures(past.unit, period, actor=ADMIN, now=clock.now())
    assert sorted(case.taken for case in found.cases if case.taken) == [timedelta(minutes=each) for each in (2, 8, 30)]
    carried = {person.code: load for person, load in found.loads}
    assert carried["EM1"].taken == 3 and carried["EM1"].held == timedelta(minutes=58 + 192 + 670)
    assert carried["BI1"].night == 2 and carried["BI1"].calls == 3

    sign_in(client, "an1")
    page = client.get("/incidents/figures/?unit=BDA&since=2020-01-25&until=2020-01-25&by=category").get_data(
        as_text=True
    )
    assert "<svg" in page and "Mất điện" in page and "8 phút" in page
    text = (
        client.get("/incidents/figures/export.csv?unit=BDA&since=2020-01-25&until=2020-01-25")
        .get_data()
        .decode("utf-8-sig")
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert next(row for row in rows if row[:1] == ["Bưu điện huyện A"])[:5] == [
        "Bưu điện huyện A",
        "3",
        "3",
        "480",
        "1800",
    ]
    book = load_workbook(
        io.BytesIO(client.get("/incidents/figures/export.xlsx?unit=BDA&since=2020-01-25&until=2020-01-25").get_data())
    )
    assert len(book.sheetnames) == 7


def test_who_took_it_over_carried_it_from_then_on_and_what_was_joined_counts_once(past: Story) -> None:
    made, same = past.incident("Mất điện A", taken=2), past.incident("Mất điện A, lần nữa")
    merging.join(same.id, main_id=made.id, actor=ADMIN, now=NIGHT + timedelta(minutes=3))
    unclaimed = past.incident("Mất mạng B", severity=3)
    for incident, minutes in ((made, 20), (unclaimed, 5)):
        responders.reassign(
            incident.id, person_id=past.night.ids["AN1"], actor=ADMIN, now=NIGHT + timedelta(minutes=minutes)
        )
        (ask,) = requests.mine(incident.id, past.night.ids["AN1"])
        responders.answer(incident.id, ask.id, accept=True, actor=ADMIN, now=NIGHT + timedelta(minutes=minutes))
        lifecycle.resolve(incident.id, actor=ADMIN, now=NIGHT + timedelta(minutes=60))
    found = figures.read_figures(
        past.unit, figures.Period(date(2020, 1, 25), date(2020, 1, 25)), actor=ADMIN, now=clock.now()
    )
    assert sorted(case.taken for case in found.cases if case.taken) == [timedelta(minutes=2), timedelta(minutes=5)]
    assert len(found.cases) == 2
    held = {person.code: load.held for person, load in found.loads if load.taken}
    assert held == {"EM1": timedelta(minutes=18), "AN1": timedelta(minutes=40 + 55)}
    assert [each.code for each in reviews.missing(ADMIN, now=clock.now())] == [made.code], "the other asks for none"


def test_exercises_and_what_one_may_not_see_are_not_counted(past: Story) -> None:
    rehearsal = past.night.rehearse(now=NIGHT, minutes=900)
    past.incident("Diễn tập mất điện", rehearsal=rehearsal)
    past.incident("Bưu gửi nghi có chất nổ", category="harmful_material", severity=1)
    period = figures.Period(date(2020, 1, 25), date(2020, 1, 25))
    assert len(figures.read_figures(past.unit, period, actor=ADMIN, now=clock.now()).cases) == 1
    chi = past.night.actor("DU1", unit="BDC", role="staff")
    assert figures.read_figures(past.unit, period, actor=chi, now=clock.now()).cases == []


@pytest.mark.both_dbs("two at once: locks")
def test_what_somebody_was_to_do_is_given_to_somebody_else_who_is_told(past: Story, client: FlaskClient) -> None:
    bad = past.incident("Mất điện", done=60)
    due = date(2020, 2, 1)
    first = reviews.add_action(
        bad.id, text="Thử máy nổ", owner_id=past.night.ids["BI1"], due_on=due, actor=ADMIN, now=clock.now()
    )
    sign_in(client, "an1")
    page = client.get(f"/incidents/{bad.code}/review").text
    form = page.partition("Giao người khác")[2].partition("</form>")[0]
    assert f"/review/actions/{first.id}/owner" in form and "Rơ Châm Em" in form
    path, field = f"/incidents/{bad.code}/review/actions/{first.id}/owner", f"owner-{first.id}"

    nobody = client.post(path, data={field: ""})
    assert nobody.status_code == 422 and "<details open>" in nobody.text and "Chọn" in nobody.text
    assert client.post(path, data={field: "EM1"}).status_code == 303
    assert "Rơ Châm Em" in client.get("/incidents/reviews/").text
    told = queries.by_topic(f"incident/{bad.id}/told")
    assert [each.recipient for each in told] == ["Trần Thị Bình", "Rơ Châm Em", "Trần Thị Bình"]
    assert "Thử máy nổ" in told[1].body and "cho Rơ Châm Em" in told[2].body

    # And back: each is told again, as if for the first time.
    assert client.post(path, data={field: "EM1"}).status_code == 303
    assert len(queries.by_topic(f"incident/{bad.id}/told")) == 3, "nothing was given to anybody"
    with clock.travel(clock.now() + timedelta(minutes=5)):
        assert client.post(path, data={field: "BI1"}).status_code == 303
    told = queries.by_topic(f"incident/{bad.id}/told")[3:]
    assert [(each.recipient, "Thử máy nổ" in each.body) for each in told] == [
        ("Trần Thị Bình", True),
        ("Rơ Châm Em", False),
    ]
    with clock.travel(clock.now() + timedelta(minutes=10)):
        assert client.post(path, data={field: "EM1"}).status_code == 303
    assert len(queries.by_topic(f"incident/{bad.id}/told")) == 7

    # Done is done; who only reads gives nothing to anybody.
    assert client.post(f"/incidents/{bad.code}/review/actions/{first.id}", data={"done": "1"}).status_code == 303
    late = client.post(path, data={field: "BI1"})
    assert late.status_code == 409 and "đã ghi xong" in late.text
    client.post("/language", data={"language": "en", "next": "/"})
    assert "This is marked done" in client.post(path, data={field: "BI1"}).text
    assert reviews.find_review(bad.id).actions[0].owner_said == "Rơ Châm Em"  # type: ignore[union-attr]
    assert client.post(path.replace(f"/{first.id}/", "/999/"), data={"owner-999": "BI1"}).status_code == 404
