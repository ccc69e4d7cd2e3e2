"""Bình's telephone is to know who calls at night: our numbers come with the first letter, as a card that a telephone
keeps, and on a page for anybody."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from hypothesis import given, strategies as st

from core.db import db as database, transaction
from duty.contact_card import vcard
from duty.contact_card.vcard import TelephoneLine
from people.models import Unit
from roster.resolver.models import DeskPhone
from tests.support.enterprise import sign_in
from tests.support.http_sink import HttpSink
from tests.support.reach_story import ReachStory


def unfolded(content: str) -> list[str]:
    assert "\n" not in content.replace("\r\n", ""), "lines end as RFC 2426 wants them"
    assert all(len(line.encode()) <= vcard.MOST for line in content.split("\r\n"))
    return content.replace("\r\n ", "").split("\r\n")


def test_our_numbers_come_with_the_first_letter_and_with_no_other(
    reach: ReachStory, client: FlaskClient, new_client: Any
) -> None:
    reach.sink("voice", sender="842473000000")
    sms: HttpSink = reach.sink("sms", sender="BUUDIEN")
    with transaction() as session:
        session.add(DeskPhone(unit_id=reach.night.ids["BDT"], duty="operations", phone="02693 824 999"))
        session.add(DeskPhone(unit_id=reach.night.ids["BDA"], duty="operations", phone="0269 3777 111"))
    reach.log()
    reach.pulse()
    reach.at(1)
    reach.log("Cháy kho")
    reach.pulse()
    first, second = [each.body for each in reach.mail.arrivals if "AN1" not in each.body][:2]
    base = reach.app.config["PUBLIC_URL"]
    assert f"đề nghị lưu số của chúng tôi: {base}/contact" in first and "/contact" not in second
    assert "/contact" not in sms.asked[0].json["text"], "a registered wording has no room"
    # Without signing in: the page, in both languages, and the card.
    anybody = new_client()
    page = anybody.get("/contact").text
    for words in ("Lưu vào danh bạ", "0269 3824 999", "024 7300 0000", "BUUDIEN", "Bỏ qua khẩn cấp", "Tự khởi chạy"):
        assert words in page
    anybody.post("/language", data={"language": "en"})
    assert "Emergency Bypass" in anybody.get("/contact").text and "Save to contacts" in anybody.get("/contact").text
    answer = new_client().get("/contact.vcf")
    assert answer.content_type == "text/vcard; charset=utf-8"
    lines = unfolded(answer.get_data().decode())
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"] and lines[-2:] == ["END:VCARD", ""]
    assert [line for line in lines if line.startswith("TEL")] == [
        "TEL;TYPE=WORK,VOICE,PREF:+842693824999",
        "TEL;TYPE=WORK,VOICE:+842473000000",
    ]
    assert "BUUDIEN" not in "".join(lines), "no telephone keeps a brand name"
    # The own page leads to the own unit's desk; a unit that is not there tells nothing.
    sign_in(client, "bi1")
    assert "/contact?unit=BDA" in client.get("/me/").text and "/contact?unit=BDA" in client.get("/me/reach").text
    assert "+842693777111" in client.get("/contact.vcf?unit=BDA").text
    assert client.get("/contact.vcf?unit=KHONG-CO").text == answer.text


def test_without_any_number_nothing_is_offered(reach: ReachStory, client: FlaskClient) -> None:
    with transaction() as session:
        for unit in session.query(Unit):
            unit.phone = ""
    reach.log()
    reach.pulse()
    assert reach.mail.arrivals and "/contact" not in reach.mail.arrivals[0].body
    assert "Chưa có số nào để lưu" in client.get("/contact").text
    assert client.get("/contact.vcf").location == "/contact", "a contact without a number is kept by no telephone"
    database.session.rollback()


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_name_breaks_out_of_its_line(name: str, note: str) -> None:
    made = vcard.card(name, name, [TelephoneLine("0912345678", "voice")], uid="u", url="https://a.vn/", note=note)
    lines = unfolded(made)
    assert len(lines) == 11 and lines[6] == "TEL;TYPE=WORK,VOICE:+84912345678"
    assert vcard.international("19001234") == "19001234" and vcard.international("114") == "114"
