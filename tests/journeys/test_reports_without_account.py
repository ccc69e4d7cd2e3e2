"""Giao thừa at a counter: somebody without an account scans the sheet on the wall, and sees that help comes.

Told through the pages that a phone opens, with the real resolver, policy and timeline, on both databases.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from core.db import db as database, transaction
from core.errors import Forbidden
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.public_reports import links, services as reports
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from notify import queries as outbox_queries
from notify.models import Message
from people import queries as people
from people.models import Unit
from roster.resolver.models import DeskPhone
from tests.support.counter import Counter, incidents, timeline
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT


def test_a_new_hire_scans_the_sheet_and_sees_that_help_comes(counter: Counter) -> None:
    sheet = counter.sheet()
    form = counter.text(sheet)
    for words in ("Báo sự cố", "Điểm phục vụ A1", "Hỏng phương tiện", "Có ai bị thương không?", "0269 3824 999"):
        assert words in form, words

    # 02:10 – the truck with KT1 on board does not start. One tap on the kind, one on the question, sent.
    answer = counter.send(sheet, title="Xe thư không nổ máy", q_kt1="yes", name="Siu Thảo", phone="0912345678")
    link = answer.headers["Location"]
    [incident] = incidents()
    assert (incident.title, incident.category, incident.unit.code) == ("Xe thư không nổ máy", "vehicle", "BDA-1")
    assert incident.severity <= 2 and incident.party_state  # the floor of the law, from what she answered
    assert (incident.source, incident.reporter) == ("qr", "Siu Thảo, 0912 345 678")
    assert "Đang tìm người trực để gọi" in counter.text(link)

    # The worker calls operations; she sees which duty is called, and nobody's number.
    counter.pulse()
    page = counter.text(link)
    assert "Đến lượt Trực điều hành" in page and "Chưa có người nhận" in page
    assert "0900000102" not in page and "Bình" not in page

    # 02:11 – Bình has it, and says when he is there.
    counter.at(1)
    lifecycle.acknowledge(incident.id, actor=counter.night.actor("BI1"), now=counter.now)
    with transaction() as session:
        session.get_one(Incident, incident.id).escalation.arrives_at = NIGHT + timedelta(minutes=31)
    page = counter.text(link)
    assert "Đã có người nhận" in page and "Bình · Trực điều hành" in page
    assert "Trần Thị" not in page and "0900000102" not in page  # a given name and a duty, no more
    assert "Dự kiến có mặt lúc 02:41" in page

    # She says more; it stands in the diary of the incident, and whoever is on duty reads who said it.
    assert counter.phone.post(link, data={"do": "more", "note": "Có 3 túi KT1"}).status_code == 303
    assert ("reporter_added", "Có 3 túi KT1") in timeline(incident.id)
    told_at_length = "Xe đổ ở đèo An Khê. " * 100 + "Hết."
    refused = counter.phone.post(link, data={"do": "more", "note": told_at_length})
    assert refused.status_code == 422 and told_at_length in refused.text
    assert "Nói thêm cho người trực: 2.004 ký tự, nhiều nhất 2.000" in refused.text
    [told] = outbox_queries.by_topic(f"incident/{incident.id}/told")  # he is on the road and looks at no page
    assert told.recipient == "Trần Thị Bình" and "Người báo nói thêm" in told.body and "Có 3 túi KT1" in told.body

    counter.at(40)
    lifecycle.resolve(incident.id, actor=counter.night.actor("BI1"), now=counter.now)
    assert "Đã xử lý xong" in counter.text(link)


def test_the_desk_sees_that_it_came_by_the_sheet_and_whom_to_call_back(counter: Counter) -> None:
    counter.send(counter.sheet(), title="Mất điện", category="power", name="Siu Thảo", phone="0912345678")
    counter.pulse()
    [incident] = incidents()
    staff = counter.phone
    sign_in(staff, "an1")
    page = counter.text(f"/incidents/{incident.code}")
    assert "Báo qua mã QR" in page and "tel:0912345678" in page and "Tờ số 1" in page
    mail = database.session.query(Message).filter(Message.topic == f"incident/{incident.id}").first()
    # A letter is forwarded and printed: who reported is named there, their number stays behind its button.
    assert "Báo qua mã QR" in mail.body and "Siu Thảo" in mail.body and "0912 345 678" not in mail.body


def test_a_form_sent_twice_is_one_report(counter: Counter) -> None:
    sheet = counter.sheet()
    typed = {"form_key": counter.form_key(sheet), "category": "fire", "title": "Cháy bãi xe"}
    first, again = (counter.phone.post(sheet, data=typed).headers["Location"] for _ in range(2))
    assert first == again and len(incidents()) == 1


def test_what_is_typed_wrong_stays_and_nothing_is_half_written(counter: Counter) -> None:
    answer = counter.send(counter.sheet(), 422, category="", title="Có khói", phone="12")
    page = answer.get_data(as_text=True)
    assert "Chọn loại gần đúng nhất" in page and 'value="Có khói"' in page and incidents() == []
    page = counter.send(counter.sheet(), 422, title="Có khói", phone="12").get_data(as_text=True)
    assert "Số điện thoại chưa đúng" in page and incidents() == []


def test_a_storm_of_reports_calls_once_and_loses_no_word(counter: Counter) -> None:
    """Beyond the limit the report joins the open one of its kind; something else that burns still calls."""
    most = reports.ONE_PLACE.attempts
    for number in range(most):
        counter.send(counter.sheet(), category="power", title=f"Mất điện lần {number}")
    assert len(incidents()) == most
    answer = counter.send(counter.sheet(), category="power", title="Vẫn mất điện")
    assert len(incidents()) == most
    assert ("reported_again", "Vẫn mất điện") in timeline(incidents()[-1].id)
    assert "đề nghị gọi điều hành ngay" in counter.text(answer.headers["Location"])
    # One of the storm knows more than the others: that counts, though it calls for nothing new.
    counter.send(counter.sheet(), category="power", title="Có người bị điện giật", q_hurt="yes")
    assert len(incidents()) == most and incidents()[-1].severity == 1
    counter.send(counter.sheet(), category="fire", title="Cháy tủ điện")
    assert [each.category for each in incidents()][most:] == ["fire"]


def test_a_flood_is_told_to_telephone(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FLOOD", reports.AttemptLimit(1, timedelta(hours=1)))
    counter.send(counter.sheet(), category="power")
    page = counter.send(counter.sheet(), 429, category="fire", title="Cháy").get_data(as_text=True)
    assert "Đề nghị gọi điều hành ngay" in page and "0269 3824 999" in page and 'value="Cháy"' in page
    assert len(incidents()) == 1


def test_a_restricted_report_tells_only_that_somebody_has_it(counter: Counter) -> None:
    link = counter.send(counter.sheet(), category="suspicious_item", title="Gói có dây").headers["Location"]
    counter.pulse()
    [incident] = incidents()
    assert incident.restricted
    lifecycle.acknowledge(incident.id, actor=counter.night.actor("BI1"), now=counter.now)
    page = counter.text(link)
    assert "Đã có người nhận" in page
    for secret in ("Bình", "Trực điều hành", "Gói có dây", "nghi vấn"):
        assert secret not in page, secret


def test_a_mistake_is_recorded_and_closes_nothing(counter: Counter) -> None:
    link = counter.send(counter.sheet(), category="fire").headers["Location"]
    counter.pulse()
    counter.phone.post(link, data={"do": "mistaken"})
    counter.phone.post(link, data={"do": "mistaken"})
    [incident] = incidents()
    assert incident.status == "open"
    assert [kind for kind, _note in timeline(incident.id)].count("reporter_mistaken") == 1
    assert "Người báo đã cho biết là báo nhầm" in counter.text(link)
    # The next step is called as if nothing had been said.
    counter.at(3)
    counter.pulse()
    assert database.session.query(Page).filter_by(incident_id=incident.id).count() > 1


def test_a_sheet_is_replaced_and_withdrawn_and_the_old_one_says_so(counter: Counter, new_client: Any) -> None:
    manager = new_client()
    sign_in(manager, "an1")
    assert "Tờ số 1" in manager.get("/incidents/qr/").get_data(as_text=True)
    manager.post("/incidents/qr/BDA-1/rotate")
    old = counter.phone.get(counter.sheet())
    assert old.status_code == 410 and "đã được thay hoặc thu hồi" in old.get_data(as_text=True)
    counter.send(counter.sheet(2), category="power")
    manager.post("/incidents/qr/BDA-1/revoke")
    assert counter.phone.get(counter.sheet(2)).status_code == 410
    assert counter.phone.post(counter.sheet(2), data={"form_key": "a", "category": "fire"}).status_code == 410
    # A new generation ends the withdrawal; a code that nobody signed opens nothing; nobody else's unit is hers.
    manager.post("/incidents/qr/BDA-1/rotate")
    assert counter.phone.get(counter.sheet(3)).status_code == 200
    forged = counter.sheet(3)[:-3] + "AAA"
    assert counter.phone.get(forged).status_code == 404
    assert manager.post("/incidents/qr/BDC/rotate").status_code == 403
    assert len(incidents()) == 1


def test_sheets_of_all_post_offices_are_printed_at_once(counter: Counter) -> None:
    sign_in(counter.phone, "an1")
    for size in ("a4", "a6"):
        page = counter.text(f"/incidents/qr/print?size={size}")
        assert page.count("BÁO SỰ CỐ</h2>") == len(people.subtree_ids(counter.night.ids["BDA"]))
        assert counter.sheet() in page and "0269 3824 999" in page and "Tờ số 1" in page
    assert counter.sheet(unit="BDC") not in page


@pytest.mark.both_dbs("written by ON CONFLICT")
def test_the_sheet_says_a_desks_number_and_the_list_says_which_must_be_printed_again(counter: Counter) -> None:
    """The district's own telephone once stood on sheets as that of "Trực điều hành"."""
    ids = counter.night.ids
    with transaction() as session:
        session.execute(delete(DeskPhone))
        for code, phone in (("BDA", "02693111222"), ("BDA-1", "")):
            session.get_one(Unit, ids[code]).phone = phone
        session.add(DeskPhone(unit_id=ids["BDT"], duty="operations", phone="02693999888"))
    sign_in(counter.phone, "an1")
    page = counter.text("/incidents/qr/print?unit=BDA-1")
    assert "0269 3999 888" in page and "0269 3111 222" not in page and "Tờ số 1, bản 1" in page
    assert "0269 3999 888" in counter.text(counter.sheet()), "the form behind the sheet says the same"
    assert "không rõ tờ đang treo in số nào" in counter.text("/incidents/qr/")

    # It is printed and hangs; then the desk gets another number, and the post office another name.
    counter.phone.post("/incidents/qr/printed", data={"sheet": re.findall(r'name="sheet" value="(\w+)"', page)})
    assert "Phải in lại" not in counter.text("/incidents/qr/")
    with transaction() as session:
        session.get_one(DeskPhone, (ids["BDT"], "operations")).phone = "02693777666"
        session.get_one(Unit, ids["BDA-1"]).name = "Điểm phục vụ Chợ"
    listed = counter.text("/incidents/qr/")
    assert "1 tờ đang treo không còn đúng" in listed and "Số máy: 0269 3999 888 → 0269 3777 666" in listed
    assert "Tên: Điểm phục vụ A1 → Điểm phục vụ Chợ" in listed
    again = counter.text("/incidents/qr/print?again=1")
    assert again.count("BÁO SỰ CỐ</h2>") == 1 and "Tờ số 1, bản 2" in again

    # A page that was shown before the change is not what hangs now.
    old = re.findall(r'name="sheet" value="(\w+)"', page)
    counter.phone.post("/incidents/qr/printed", data={"sheet": old})
    assert "Phải in lại" in counter.text("/incidents/qr/")
    counter.phone.post("/incidents/qr/printed", data={"sheet": re.findall(r'name="sheet" value="(\w+)"', again)})
    assert "Phải in lại" not in counter.text("/incidents/qr/") and "bản 2, in" in counter.text("/incidents/qr/")


def test_an_offices_own_telephone_is_not_called_a_desk(counter: Counter) -> None:
    with transaction() as session:
        session.execute(delete(DeskPhone))
        session.get_one(Unit, counter.night.ids["BDA-1"]).phone = "02693111222"
    sign_in(counter.phone, "an1")
    page = counter.text("/incidents/qr/print?unit=BDA-1")
    assert "Điện thoại Điểm phục vụ A1" in page and "0269 3111 222" in page and "<small>Trực điều hành" not in page


def test_a_rehearsal_does_not_swallow_what_is_real(counter: Counter) -> None:
    counter.night.rehearse(now=counter.now)
    counter.send(counter.sheet(), category="fire", title="Cháy thật")
    [incident] = incidents()
    assert incident.rehearsal_id is None


def test_a_link_of_thirty_days_ago_shows_nothing(counter: Counter) -> None:
    link = counter.send(counter.sheet(), category="power").headers["Location"]
    counter.at(links.STATUS_LIFE.total_seconds() / 60 + 1)
    assert counter.phone.get(link).status_code == 410
    assert counter.phone.get(link[:-3] + "AAA").status_code == 404


def test_the_sheet_opens_nothing_else(counter: Counter) -> None:
    """Whoever scanned may report about that unit: not read, not act, not report elsewhere."""
    actor = reports.reporter(counter.night.ids["BDA-1"])
    with pytest.raises(Forbidden):
        creation.log(
            IncidentReport(title="x", category="fire", unit_id=counter.night.ids["BDC"], actor=actor), now=NIGHT
        )
    made, _ = creation.log(
        IncidentReport(title="x", category="fire", unit_id=counter.night.ids["BDA-1"], actor=ADMIN), now=NIGHT
    )
    for act in (lifecycle.acknowledge, lifecycle.resolve, lifecycle.close, lifecycle.escalate_now):
        with pytest.raises(Forbidden):
            act(made.id, actor=actor, now=NIGHT)
