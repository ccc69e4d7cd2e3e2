"""What somebody who is called reads, and where it may be sent."""

from __future__ import annotations

from core.db import transaction
from incidents.escalation import engine
from incidents.policies import drafts
from incidents.record.models import Incident
from notify.channels.base import CarriedLetter
from notify.channels.html import as_html
from people.models import Person
from tests.support.incident_facts import mails
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night


def test_the_mail_says_what_where_how_bad_and_how_to_answer(night: Night) -> None:
    incident = night.log(title="Mất điện <b>trung tâm</b>", description="UPS còn 20 phút", severity=2)
    engine.escalate_due(NIGHT)
    (mail,) = mails()
    assert mail.address == "bi1@buudien.example"
    assert mail.topic == f"incident/{incident.id}"
    assert mail.idempotency_key == f"incident/{incident.id}/1/0/1/{night.ids['BI1']}/email"
    assert mail.urgent and "\n" not in mail.subject
    assert mail.subject == "SC-2020-0001 · mức 2 Nghiêm trọng · Mất điện <b>trung tâm</b> · bước 1"
    for words in (
        "Bưu điện huyện A",
        "UPS còn 20 phút",
        "Mùng 1 tháng Giêng năm Canh Tý",
        "Trong Tết",
        "/a/",
        "Nghiêm trọng",
        "Bước 1, lượt 1",
        "Mất điện <b>trung tâm</b>",
        "02:10 25/01/2020",
    ):
        assert words in mail.body, words
    assert "DIỄN TẬP" not in mail.subject + mail.body and "trễ" not in mail.subject + mail.body


def test_an_account_that_reads_english_gets_english_facts(night: Night) -> None:
    from people.models import User

    with transaction() as session:
        session.query(User).filter_by(person_id=night.ids["BI1"]).one().locale = "en"
    night.log()
    engine.escalate_due(NIGHT)
    assert "Operations duty" in mails()[0].body and "Power cut" in mails()[0].body


def test_demo_people_are_only_called_on_this_machine(night: Night) -> None:
    with transaction() as session:
        session.get(Person, night.ids["BI1"]).is_demo = True
    night.log()
    engine.escalate_due(NIGHT)
    assert mails()[0].local_only


def test_the_letter_says_who_else_is_called_and_never_the_reporters_number(night: Night) -> None:
    """Both of the emergency are called at once; after them An leads. What a sheet adds stays behind the button."""
    night.publish("emergency", "PH1")
    steps = [drafts.StepSpec(duty="emergency", after_seconds=0), drafts.StepSpec(duty="leadership", after_seconds=300)]
    set_policy(night.ids["BDA"], steps, repeat_after_seconds=60, ack_timeout_seconds=60, now=NIGHT, actor=ADMIN)
    incident = night.log(title="Cháy kho")
    with transaction() as session:
        session.get_one(Incident, incident.id).reporter = "Siu Thảo, 0900 000 199"
    engine.escalate_due(NIGHT)
    (mail,) = [each for each in mails() if each.recipient == "Rơ Châm Em"]
    assert "Cùng được gọi ở bước 1:\nKpă Phong · Trực ứng cứu thông tin\n" in mail.body
    assert "Chưa ai nhận thì 02:15 gọi tiếp bước 2:\nNguyễn Văn An · Trực lãnh đạo\n" in mail.body
    assert "Báo bởi: Siu Thảo\n" in mail.body and "0900 000 199" not in mail.body
    page = as_html(
        CarriedLetter(
            mail.address, mail.recipient, mail.subject, mail.body, "<1@x>", True, NIGHT, mail.link, mail.facts
        )
    )
    order = [
        page.index(f"{words}<") for words in ("Mức 3 · Trung bình", "Cháy kho", "Bưu điện huyện A", "Xem và trả lời")
    ]
    assert page.count("<h1>") == 1 and order[0] < order[1] < order[3], "level, title, then the button"
