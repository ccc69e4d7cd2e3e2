"""The quick log on a phone: with photos, asking first whether it is a known one, over a line that comes and goes.

Told as a browser without scripts sees it; what the phone's own part does is in tests/browser/test_offline.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from core.db import db as database
from incidents.attachments.models import Attachment, KeptPhoto
from incidents.creation import quick_log, services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.response import lifecycle
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

NEW = "/incidents/new"
SEND = "/incidents/offline/send"


class Phone(ClockHand):
    """Bình's phone, and a hand on the clock."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.night = client, Night()
        self.at(0)
        sign_in(client, "bi1")

    def form(self, **typed: Any) -> dict[str, Any]:
        """A form as it is shown and filled in."""
        page = self.client.get(NEW).get_data(as_text=True)
        key = re.search(r'name="form_key"[^>]* value="([^"]+)"', page)
        assert key
        return {"form_key": key[1], "title": "Mất điện ở A1", "category": "power", "unit": "BDA-1"} | typed

    def post(self, typed: dict[str, Any], to: str = NEW) -> Any:
        return self.client.post(to, data=typed, content_type="multipart/form-data")


@pytest.fixture
def phone(client: FlaskClient) -> Iterator[Phone]:
    told = Phone(client)
    yield told
    told.close()


def photo(colour: str = "orange") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return out, f"{colour}.jpg"


def incidents() -> list[Incident]:
    database.session.rollback()
    return list(database.session.query(Incident).order_by(Incident.id))


def photos(incident_id: int) -> list[str]:
    database.session.rollback()
    rows = database.session.query(Attachment).filter_by(incident_id=incident_id).order_by(Attachment.id)
    return [row.name for row in rows]


def told(incident_id: int, kind: str) -> list[TimelineEntry]:
    database.session.rollback()
    return list(database.session.query(TimelineEntry).filter_by(incident_id=incident_id, kind=kind))


def test_it_is_logged_with_photos_on_a_phone(phone: Phone) -> None:
    page = phone.client.get(NEW).get_data(as_text=True)
    assert 'capture="environment"' in page and 'enctype="multipart/form-data"' in page
    sent = phone.post(phone.form(photos=[photo(), photo("navy")]))
    [incident] = incidents()
    assert sent.headers["Location"].endswith(incident.code) and photos(incident.id) == ["orange.jpg", "navy.jpg"]
    # What is no picture is told at its field; nothing is half-written and what was typed stays.
    broken = phone.post(phone.form(title="Có khói", category="fire", photos=(io.BytesIO(b"MZ"), "x.jpg")))
    assert broken.status_code == 422 and 'value="Có khói"' in broken.get_data(as_text=True)
    assert 'id="photos-err"' in broken.get_data(as_text=True) and len(incidents()) == 1


def test_names_and_contents_of_party_and_state_are_refused_or_asked_about(phone: Phone) -> None:
    """What was typed and photographed stays; who has said whose name it is not, is not asked."""
    typed = phone.form(title="Túi ướt, gặp Trần Thị Lan", party_state="y", photos=photo())
    asked = phone.post(typed)
    assert asked.status_code == 422 and "đây có phải tên người gửi hay nhận?" in asked.text
    assert "Túi ướt, gặp Trần Thị Lan" in asked.text and "1 ảnh đã giữ" in asked.text
    assert incidents() == []
    typed["photos"] = photo()  # back in the browser, the form still has it
    assert "1 ảnh đã giữ" in phone.post(typed).text
    del typed["photos"]
    assert phone.post(typed | {"severity": "x", "unit": ""}).status_code == 422
    strict = phone.post(typed | {"category": "kt1", "names_ok": "1"})
    assert strict.status_code == 422 and "giống tên người" in strict.text, "about KT1 there is nothing to ask"
    marked = phone.post(typed | {"title": "Túi ướt, nơi nhận là Tỉnh ủy", "names_ok": "1"})
    assert marked.status_code == 422 and "Bỏ “nơi nhận là”" in marked.text
    assert phone.post(typed | {"names_ok": "1", "photos": photo()}).status_code == 303
    first = incidents()[0]
    assert (first.title, photos(first.id)) == ("Túi ướt, gặp Trần Thị Lan", ["orange.jpg"])
    # The same on its way to a known one, and from a phone that was without a line.
    apart = phone.post(phone.form(title="Gặp Nguyễn Văn Ba", party_state="y") | {"distinct": "1"})
    assert apart.status_code == 422 and 'name="distinct" value="1"' in apart.text, (
        "nor asked twice whether it is another"
    )
    again = phone.form(title="Túi 12, của Nguyễn Văn Ba", category="kt1") | {"same": first.code}
    assert phone.post(again).status_code == 422
    kept = phone.post(phone.form(title="Gói của Ksor Phước", category="suspicious_item"), SEND)
    assert kept.status_code == 422 and "giống tên người" in kept.get_json()["problems"][0]
    plain = phone.post(phone.form(title="Xe của Nguyễn Văn Ba hỏng", category="vehicle"))
    assert plain.status_code == 303, "anything else may name people"


def test_the_place_is_where_one_is(phone: Phone, new_client: Any) -> None:
    """At home, then on a shift of the province."""

    def place() -> str:
        chosen = re.search(r'<option selected value="([^"]+)"', phone.client.get(NEW).text.split('name="unit"')[1])
        assert chosen
        return chosen[1]

    phone.night.withdraw("operations")
    assert place() == "BDA"
    phone.night.publish("operations", "BI1", "BDT")
    assert place() == "BDT"


def test_before_a_duplicate_is_made_the_likely_one_is_shown(phone: Phone, new_client: Any) -> None:
    phone.post(phone.form())
    engine.escalate_due(phone.now)
    [first] = incidents()
    calls = database.session.query(Page).count()

    # Five minutes later An reports the same thing, with a photo. Nothing is written yet.
    phone.at(5)
    other = Phone.__new__(Phone)
    other.client, other.now = new_client(), phone.now
    sign_in(other.client, "an1")
    typed = other.form(title="Mất điện, máy phát không chạy", photos=photo(), description="Từ 02:05")
    asked = other.post(typed).get_data(as_text=True)
    assert "Có phải sự cố này không?" in asked and first.code in asked and "1 ảnh đã giữ" in asked
    assert len(incidents()) == 1 and told(first.id, "reported_again") == []

    # "Đúng": what was typed and photographed goes to the known one, and nobody is called anew.
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked))
    assert hidden["description"] == "Từ 02:05"
    added = other.post(hidden | {"same": first.code})
    assert added.headers["Location"].endswith(first.code)
    [note] = told(first.id, "reported_again")
    assert note.who == "Nguyễn Văn An" and note.note == "Mất điện, máy phát không chạy\nTừ 02:05"
    assert photos(first.id) == ["orange.jpg"] and len(incidents()) == 1
    assert database.session.query(Page).count() == calls and database.session.query(KeptPhoto).count() == 0
    # Pressed twice it is written once.
    other.post(hidden | {"same": first.code})
    assert len(told(first.id, "reported_again")) == 1


def test_whoever_reports_it_again_may_know_that_it_is_worse(phone: Phone) -> None:
    """What the second clerk answers counts, though nothing new is made: worse it may become, never milder."""
    phone.post(phone.form(title="Xe thư hỏng trên đèo", category="vehicle"))
    engine.escalate_due(phone.now)
    [first] = incidents()
    assert first.severity == 3 and first.escalation.next_at > phone.now + timedelta(minutes=2)
    phone.at(1)
    worse = phone.form(title="Xe thư hỏng trên đèo, lái xe bị thương", category="vehicle")
    phone.post(worse | {"same": first.code, "answers.hurt": "yes", "answers.kt1": "yes"})
    [first] = incidents()
    assert (first.severity, first.party_state) == (1, True) and first.answers == {"hurt": "yes", "kt1": "yes"}
    assert first.escalation.next_at <= phone.now + timedelta(minutes=2), "and the next call comes as soon as that asks"
    [line] = told(first.id, "reclassified")
    assert line.who == "Trần Thị Bình" and line.params["after"]["severity"] == 1
    milder = phone.form(title="Xe thư hỏng", category="vehicle")
    phone.post(milder | {"same": first.code, "answers.hurt": "no", "severity": "4"})
    [first] = incidents()
    assert first.severity == 1 and first.answers["hurt"] == "yes" and len(told(first.id, "reclassified")) == 1
    # What they add may be what hides it from them: then they are back at the board, not before a page that is gone.
    sent = phone.post(phone.form(title="Trên xe có gói hàng lạ", category="suspicious_item") | {"same": first.code})
    assert incidents()[0].restricted and sent.headers["Location"] in ("/incidents/", f"/incidents/{first.code}")
    assert phone.client.get(sent.headers["Location"]).status_code == 200


def test_it_is_another_one_after_all(phone: Phone) -> None:
    phone.post(phone.form())
    typed = phone.form(title="Cháy tủ điện ở A1", photos=photo())
    asked = phone.post(typed).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked))
    phone.post(hidden | {"distinct": "1"})
    first, second = incidents()
    assert second.title == "Cháy tủ điện ở A1" and photos(second.id) == ["orange.jpg"] and photos(first.id) == []
    # The browser's back button and the same form again: still the same incident, without a question.
    assert phone.post(hidden).headers["Location"].endswith(second.code) and len(incidents()) == 2


def test_the_likely_one_is_shown_while_one_types(phone: Phone) -> None:
    phone.post(phone.form())
    shown = phone.client.get("/incidents/new/alike?title=mat+dien&category=power&unit=BDA-1").get_data(as_text=True)
    assert incidents()[0].code in shown and 'name="same"' in shown
    for nothing in ("", "?title=x&category=power", "?title=x&category=power&unit=KHONG", "?unit=BDA-1&category="):
        assert "Có phải" not in phone.client.get(f"/incidents/new/alike{nothing}").get_data(as_text=True)


def test_a_restricted_incident_is_not_betrayed_by_the_question(phone: Phone, new_client: Any) -> None:
    """Bình is on duty and may know of it; Chi, from the next district, may not."""
    creation.log(
        IncidentReport(title="Gói có dây", category="suspicious_item", unit_id=phone.night.ids["BDA-1"], actor=ADMIN),
        now=NIGHT,
    )
    [secret] = incidents()
    assert secret.restricted
    typed = {"title": "Gói có dây", "category": "suspicious_item"}
    assert secret.code in phone.post(phone.form(**typed)).get_data(as_text=True)
    phone.client = new_client()
    sign_in(phone.client, "ch1")
    phone.post(phone.form(**typed))
    assert len(incidents()) == 2
    # Nor can it be added to by guessing its code.
    refused = phone.post(phone.form(same=secret.code))
    assert refused.status_code == 422 and told(secret.id, "reported_again") == []


def test_what_is_finished_meanwhile_takes_no_more_reports(phone: Phone) -> None:
    phone.post(phone.form())
    [first] = incidents()
    lifecycle.resolve(first.id, actor=ADMIN, now=phone.now)
    typed = phone.form(title="Lại mất điện", same=first.code)
    answer = phone.post(typed)
    assert answer.status_code == 422 and "xử lý xong" in answer.get_data(as_text=True)
    assert 'value="Lại mất điện"' in answer.get_data(as_text=True)
    phone.post({name: value for name, value in typed.items() if name != "same"})
    assert len(incidents()) == 2


def test_photos_that_nobody_decided_about_are_forgotten_after_a_day(phone: Phone) -> None:
    phone.post(phone.form())
    phone.post(phone.form(photos=photo()))
    assert database.session.query(KeptPhoto).count() == 1
    quick_log.forget_before(NIGHT + timedelta(hours=23))
    assert database.session.query(KeptPhoto).count() == 1
    quick_log.forget_before(NIGHT + timedelta(hours=25))
    assert database.session.query(KeptPhoto).count() == 0


def test_what_a_phone_kept_without_a_line_is_logged_once_when_it_is_back(phone: Phone) -> None:
    """The server's half: the same report over either door, as often as the line breaks, is one incident."""
    kept = phone.form(photos=photo()) | {"kept_at": phone.now.isoformat()}
    phone.at(50)  # fifty minutes later there is a line
    assert phone.client.get("/incidents/offline/account").get_json()["account"].startswith("user:")
    first = phone.post(kept, SEND)
    assert first.status_code == 201
    for again in (SEND, NEW):
        kept["photos"] = photo()
        assert phone.post(kept, again).status_code in (200, 303)
    [incident] = incidents()
    assert first.get_json() == {"code": incident.code, "created": True} and photos(incident.id) == ["orange.jpg"]
    # It happened when it was written down, and the timeline says why it is only here now.
    assert (incident.detected_at, incident.created_at) == (NIGHT, NIGHT + timedelta(minutes=50))
    assert len(told(incident.id, "sent_later")) == 1
    assert "khi không có mạng" in phone.client.get(f"/incidents/{incident.code}").get_data(as_text=True)


def test_the_form_came_through_and_its_answer_was_lost(phone: Phone) -> None:
    typed = phone.form()
    phone.post(typed)
    assert phone.post(typed | {"kept_at": NIGHT.isoformat()}, SEND).get_json()["created"] is False
    # Corrected on the phone meanwhile: what is new is added, nothing is logged twice.
    edited = typed | {"title": "Mất điện, có khói", "edited": "1", "kept_at": NIGHT.isoformat()}
    for _turn in range(2):
        assert phone.post(edited, SEND).get_json()["created"] is False
    [incident] = incidents()
    assert [entry.note for entry in told(incident.id, "reported_again")] == ["Mất điện, có khói"]


def test_only_the_account_that_wrote_it_may_send_it_and_faults_are_named(phone: Phone, new_client: Any) -> None:
    stranger = new_client()
    assert stranger.get("/incidents/offline/account").status_code == 401
    assert stranger.post(SEND, data=phone.form()).status_code in (302, 303)
    refused = phone.post(phone.form(title=""), SEND)
    assert refused.status_code == 422 and "Ghi ngắn gọn" in refused.get_json()["problems"][0]
    broken = phone.post(phone.form(photos=(io.BytesIO(b"MZ"), "x.jpg")), SEND)
    assert broken.status_code == 422 and broken.get_json()["problems"]
    assert incidents() == []
    # Somebody else signed in on the same phone meanwhile: refused in words, and nothing is logged for them.
    mine = phone.client.get("/incidents/offline/account").get_json()["account"]
    theirs = phone.form() | {"account": "user:999"}
    foreign = phone.client.post(SEND, data=theirs, headers={"Accept": "application/json"})
    assert foreign.status_code == 409 and "do tài khoản khác ghi" in foreign.text and incidents() == []
    assert phone.post(theirs | {"account": mine, "title": ""}, SEND).status_code == 422
    # The same key of another account is another report: keys are not shared.
    typed = phone.form()
    phone.post(typed, SEND)
    sign_in(stranger, "an1")
    assert stranger.post(SEND, data=typed).status_code == 201 and len(incidents()) == 2
