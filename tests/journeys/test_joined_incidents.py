"""The same power cut, reported twice: two incidents become one, and are two again when they were not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core import clock
from core.db import db as database
from core.errors import Conflict, NotFound
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.merging import services as merging
from incidents.public_reports import links, services as reports
from incidents.record import queries
from incidents.record.models import Incident, TimelineEntry
from incidents.response import lifecycle
from incidents.triage import classification
from notify.models import Message
from people.accounts import keys
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

MIN = timedelta(minutes=1)


def log(
    night: Night, title: str, category: str = "power", unit: str = "BDA", minutes: int = 0, **more: object
) -> Incident:
    return night.log(title, category, unit, now=NIGHT + minutes * MIN, **more)


def fresh(incident: Incident) -> Incident:
    database.session.rollback()
    return database.session.get_one(Incident, incident.id, populate_existing=True)


def kinds(incident: Incident) -> list[str]:
    database.session.rollback()
    return [
        row.kind
        for row in database.session.query(TimelineEntry).filter_by(incident_id=incident.id).order_by(TimelineEntry.id)
    ]


def test_two_reports_of_one_power_cut_become_one_incident(night: Night, client: FlaskClient) -> None:
    """Its calls stop, its link says so and takes the main one, notes and resolves follow, and it can be undone."""
    main = log(night, "Mất điện trung tâm khai thác")
    other = log(night, "Trung tâm khai thác mất điện, tối om", minutes=2, dedup_key="ups-1")
    engine.escalate_due(NIGHT + 2 * MIN)
    database.session.rollback()
    link = re.search(
        r"/a/[\w-]+", database.session.query(Message).filter(Message.subject.contains(other.code)).first().body
    )
    sign_in(client, "an1")
    with clock.travel(NIGHT + 3 * MIN):
        page = client.get(f"/incidents/{main.code}").get_data(as_text=True)
        assert f"Gộp {other.code} vào {main.code}" in page, "offered with one tap, the newer into the older"
        assert client.post(f"/incidents/{other.code}/join", data={"main": main.code}).status_code == 303
        joined = fresh(other)
        assert (joined.status, joined.joined_to_id, joined.escalation.next_at) == ("resolved", main.id, None)
        page = client.get(f"/incidents/{other.code}").get_data(as_text=True)
        assert "Sự cố này đã gộp vào" in page and main.title in page
        assert other.title in client.get(f"/incidents/{main.code}").get_data(as_text=True)
        # No act on the joined one: it would stay without effect, or worse, with one.
        assert client.post(f"/incidents/{other.code}/acknowledge").status_code == 409
        assert "Ghi vào diễn biến" not in page and "Viết tổng kết" not in page
        # Whoever was called by it is told on their link page, and what they press holds for the main one.
        told = client.get(link.group()).get_data(as_text=True)
        assert f"{other.code} đã gộp vào {main.code}" in told and "Tôi nhận" in told
        client.post(link.group(), data={"do": "take"})
    assert fresh(main).acknowledged_by == "Trần Thị Bình" and fresh(other).acknowledged_by == ""
    # The source says it again: it lands on the main one.
    again, created = creation.log(
        IncidentReport(title="UPS 1", category="power", unit_id=night.ids["BDA"], dedup_key="ups-1", actor=ADMIN),
        now=NIGHT + 4 * MIN,
    )
    assert (again.id, created) == (main.id, False)
    lifecycle.add_note(other.id, note="Điện lực hẹn 03:00", actor=ADMIN, now=NIGHT + 5 * MIN)
    lifecycle.resolve(main.id, actor=ADMIN, now=NIGHT + 50 * MIN)
    lifecycle.close(main.id, actor=ADMIN, now=NIGHT + 60 * MIN)
    assert fresh(other).status == "closed"
    assert kinds(other)[-3:] == ["main_note", "main_resolved", "main_closed"]
    assert "note" in kinds(main)


def test_to_a_reporter_it_is_done_when_the_main_one_is(night: Night, client: FlaskClient) -> None:
    """Joined is not done; and what the reporter says more comes to where it is worked on."""
    main = log(night, "Mất điện cả phố")
    row, _made = reports.report(
        reports.WrittenReport("a-form", "power"), unit_id=night.ids["BDA-1"], generation=1, address="", now=NIGHT + MIN
    )
    link = f"/bao/xem/{links.link_of(row)}"
    merging.join(row.incident_id, main_id=main.id, actor=ADMIN, now=NIGHT + 2 * MIN)
    with clock.travel(NIGHT + 3 * MIN):
        page = client.get(link).get_data(as_text=True)
        assert "Chưa có người nhận" in page and "Đã xử lý xong" not in page
        client.post(link, data={"do": "more", "note": "Có khói trong kho"})
        assert kinds(main)[-1] == "reporter_added"
        lifecycle.acknowledge(main.id, person_id=night.ids["BI1"], actor=ADMIN, now=NIGHT + 3 * MIN)
        page = client.get(f"{link}?live=1").get_data(as_text=True)
        assert "Đã có người nhận" in page and "Đã xử lý xong" not in page
        lifecycle.resolve(main.id, actor=ADMIN, now=NIGHT + 3 * MIN)
        assert "Đã xử lý xong" in client.get(link).get_data(as_text=True)


def test_they_were_not_the_same_after_all(night: Night) -> None:
    main, other = log(night, "Mất điện"), log(night, "Mất điện ở kho", minutes=1)
    merging.join(other.id, main_id=main.id, actor=ADMIN, now=NIGHT + 2 * MIN)
    lifecycle.resolve(main.id, actor=ADMIN, now=NIGHT + 3 * MIN)
    back = merging.split(other.id, actor=ADMIN, now=NIGHT + 9 * MIN)
    assert (back.status, back.joined_to_id, back.escalation.next_at) == ("open", None, NIGHT + 9 * MIN)
    assert engine.escalate_due(NIGHT + 9 * MIN) == 1, "what nobody looked at calls again"
    with pytest.raises(Conflict, match=r"join\.none"):
        merging.split(other.id, actor=ADMIN, now=NIGHT + 9 * MIN)


def test_nothing_open_disappears_into_what_is_finished_nor_law_into_what_has_none(night: Night) -> None:
    done, other = log(night, "Mất điện"), log(night, "Lại mất điện", minutes=30)
    lifecycle.resolve(done.id, actor=ADMIN, now=NIGHT + 20 * MIN)
    item = log(night, "Bưu gửi nghi vi phạm", "prohibited_item", minutes=31)
    refused = (
        (other, done, "main_finished"),
        (other, other, "itself"),
        (item, other, "legal"),
    )
    for one, into, code in refused:
        with pytest.raises(Conflict, match=rf"join\.{code}"):
            merging.join(one.id, main_id=into.id, actor=ADMIN, now=NIGHT + 40 * MIN)
    assert fresh(other).status == "open"
    # The other way round the steps stay asked for.
    merging.join(other.id, main_id=item.id, actor=ADMIN, now=NIGHT + 41 * MIN)
    lifecycle.resolve(item.id, actor=ADMIN, now=NIGHT + 42 * MIN)
    with pytest.raises(Conflict, match=r"legal\.incomplete"):
        lifecycle.close(item.id, actor=ADMIN, now=NIGHT + 43 * MIN)


def test_what_is_secret_or_worse_about_one_holds_for_both(night: Night, client: FlaskClient) -> None:
    main = log(night, "Gói hàng lạ", "item_damaged", severity=4)
    secret = log(night, "Gói hàng lạ có mùi", "suspicious_item", minutes=1)
    log(night, "Gói hàng lạ khác", "harmful_material", minutes=2)
    chi = night.actor("CH1", "manager", "BDC")
    assert queries.board(actor=chi, now=NIGHT) is not None
    assert [each.code for each in merging.alike_to(main, actor=chi, now=NIGHT + 3 * MIN)] == []
    merging.join(main.id, main_id=secret.id, actor=ADMIN, now=NIGHT + 4 * MIN)
    assert fresh(main).restricted and fresh(secret).restricted
    with pytest.raises(NotFound):
        merging.join(main.id, main_id=secret.id, actor=chi, now=NIGHT + 5 * MIN)
    sign_in(client, "ch1")
    for code in (main.code, secret.code):
        assert client.get(f"/incidents/{code}").status_code == 404
    # Hidden later on, it takes along what was joined to it: that page names it.
    plain, same = (
        log(night, "Mất dữ liệu", "software", minutes=5),
        log(night, "Mất dữ liệu ở quầy", "software", minutes=5),
    )
    merging.join(same.id, main_id=plain.id, actor=ADMIN, now=NIGHT + 6 * MIN)
    assert client.get(f"/incidents/{same.code}").status_code == 200
    classification.restrict(plain.id, restricted=True, reason="Có tên khách", actor=ADMIN, now=NIGHT + 7 * MIN)
    assert fresh(same).restricted and client.get(f"/incidents/{same.code}").status_code == 404
    first, worse = (
        log(night, "Đường truyền chậm", "connectivity", severity=4),
        log(night, "Mất mạng", "connectivity", severity=1),
    )
    merging.join(worse.id, main_id=first.id, actor=ADMIN, now=NIGHT + 6 * MIN)
    assert fresh(first).severity == 1
    with clock.travel(NIGHT + 7 * MIN):
        sign_in(client, "an1")
        told = client.get(f"/incidents/{first.code}").get_data(as_text=True)
    assert f"{worse.code} được gộp vào đây; mức 4 thành mức 1" in told, "what changed is written down"


def test_is_it_this_one_is_asked_of_what_is_near_and_recent(night: Night) -> None:
    power = log(night, "Mất điện trung tâm khai thác, máy phát không nổ")
    log(night, "Mất điện", unit="BDC")
    log(night, "Khách khiếu nại phát chậm", "complaint")
    ask = lambda unit, kind, title, after=5: [  # noqa: E731
        each.code for each in merging.alike(night.ids[unit], kind, title, NIGHT + after * MIN, actor=ADMIN)
    ]
    assert ask("BDA", "power", "mat dien") == [power.code]
    assert ask("BDA-1", "power", "Mất điện cả phố") == [power.code], "below it"
    assert power.code in ask("BDT", "power", "Mất điện huyện A"), "above it"
    assert ask("BDA", "injury", "Có người ngã thang") == []
    assert ask("BDA", "power", "Mất điện", after=13 * 60) == []
    lifecycle.resolve(power.id, actor=ADMIN, now=NIGHT + MIN)
    assert ask("BDA", "power", "Mất điện") == []


def test_tools_join_split_and_find(night: Night, client: FlaskClient) -> None:
    main, other = log(night, "Mất điện"), log(night, "Mất điện toàn bộ", minutes=1)
    key = keys.create_api_key(keys.NewApiKey("Điều hành", "manager", "BDA"), now=NIGHT, actor=ADMIN)[1]
    headers = {"Authorization": f"Bearer {key}"}
    base = f"/api/v1/incidents/{other.code}"
    with clock.travel(NIGHT + 3 * MIN):
        found = client.get(f"{base}/alike", headers=headers).get_json()["items"]
        assert [each["code"] for each in found] == [main.code]
        done = client.post(f"{base}/join", json={"main": main.code}, headers=headers)
        assert done.status_code == 200 and done.get_json()["code"] == main.code
        assert client.get(base, headers=headers).get_json()["joined_to"] == main.code
        act = client.post(f"{base}/acknowledge", json={}, headers=headers)
        assert act.status_code == 409 and act.get_json()["joined_to"] == main.code
        assert client.post(f"{base}/split", json={}, headers=headers).get_json()["status"] == "open"
