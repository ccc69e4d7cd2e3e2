"""The page of the outbox: who sees what, what a click does, what is never shown."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from core.db import transaction
from notify import outbox
from notify.delivery import deliver_due
from notify.models import Message
from tests.support.enterprise import NOW, sign_in
from tests.support.smtp_sink import smtp_sink

TOKEN = "bWF0LWtoYXUtcmllbmctY3VhLW5ndW9pLW5oYW4"


def put(key: str, address: str, **changes: Any) -> Message:
    facts = {
        "topic": f"incident/{key}",
        "channel": "email",
        "recipient": f"Người {key}",
        "subject": f"Sự cố {key}",
        "body": f"Đề nghị tiếp nhận: http://truc.vidu/a/{TOKEN}",
        "urgent": True,
    }
    return outbox.enqueue(key=key, address=address, now=NOW, **{**facts, **changes})


def state(message: Message) -> str:
    with transaction() as session:
        return session.get_one(Message, message.id, populate_existing=True).state


def test_without_a_gateway_the_page_says_so_and_offers_no_sending(client: FlaskClient, ids: dict[str, int]) -> None:
    message = put("1", "an1@buudien.example")
    sign_in(client, "qt1")
    page = client.get("/outbox/").text
    assert "Chưa có máy chủ thư" in page
    assert "Sự cố 1" in page and "Đang giữ lại" in page
    assert f"/outbox/{message.id}/send" not in page
    refused = client.post(f"/outbox/{message.id}/send", follow_redirects=True).text
    assert "Tin nhắn vẫn được giữ lại" in refused
    assert state(message) == "held"


def test_a_click_lets_one_go_another_lets_all_go(app: Flask, client: FlaskClient, ids: dict[str, int]) -> None:
    held = [put(str(number), "an1@buudien.example") for number in range(3)]
    demo = put("demo", "an1@buudien.example", local_only=True)
    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url)
        sign_in(client, "qt1")
        deliver_due(owner="test")
        assert sink.arrivals == []
        assert client.post(f"/outbox/{held[0].id}/send").status_code == 303
        deliver_due(owner="test")
        assert sink.subjects == ["Sự cố 0"]
        app.config.update(MAIL_URL="smtp://mail.vidu.vn")
        page = client.post("/outbox/send-held", follow_redirects=True).text
        assert "Đã chuyển đi gửi 2 tin nhắn." in page and "Còn giữ lại 1 tin nhắn" in page
    assert [state(each) for each in [*held, demo]] == ["sent", "pending", "pending", "held"]


def test_the_answers_are_shown_and_secret_links_are_not(app: Flask, client: FlaskClient, ids: dict[str, int]) -> None:
    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url)
        sink.script[:] = ["550 5.1.1 no such person"]
        message = put("1", "an1@buudien.example")
        deliver_due(owner="test")
    sign_in(client, "qt1")
    page = client.get(f"/outbox/{message.id}").text
    assert "550 5.1.1 no such person" in page
    assert "Nội dung đã xóa sau khi gửi" in page and TOKEN not in page
    assert TOKEN not in client.get("/outbox/?state=refused").text
    waiting = client.get(f"/outbox/{put('2', 'an1@buudien.example').id}").text
    assert "Đề nghị tiếp nhận" in waiting and TOKEN not in waiting


def test_a_manager_sees_and_sends_only_for_people_of_the_own_subtree(
    app: Flask, client: FlaskClient, ids: dict[str, int]
) -> None:
    own = put("1", "AN1@buudien.example", person_id=ids["AN1"])
    other = put("2", "ch1@buudien.example", person_id=ids["CH1"])
    spelt_alike = put("3", "an1@buudien.example", person_id=ids["CH1"])
    app.config.update(MAIL_URL="smtp://127.0.0.1:1")
    sign_in(client, "an1")
    page = client.get("/outbox/?state=all").text
    assert "Sự cố 1" in page and "Sự cố 2" not in page and "Sự cố 3" not in page
    assert client.get(f"/outbox/{spelt_alike.id}").status_code == 404
    assert client.get(f"/outbox/{other.id}").status_code == 404
    assert client.post(f"/outbox/{other.id}/send").status_code == 404
    assert client.post("/outbox/send-held").status_code == 303
    assert (state(own), state(other)) == ("pending", "held")


def test_the_next_page_is_there_however_one_came_to_the_first(client: FlaskClient, ids: dict[str, int]) -> None:
    for number in range(60):
        put(f"m{number}", "an1@buudien.example")
    sign_in(client, "qt1")
    for path in ("/outbox/", "/outbox/?state=all", "/outbox/?state=all&q=an1"):
        following = re.search(r'rel="next" href="([^"]+)"', client.get(path).text)
        assert following is not None, path
        assert client.get(following[1].replace("&amp;", "&")).status_code == 200, path


def test_staff_see_nothing_of_it(client: FlaskClient, ids: dict[str, int]) -> None:
    message = put("1", "an1@buudien.example")
    sign_in(client, "bi1")
    assert client.get("/outbox/").status_code == 403
    assert client.post(f"/outbox/{message.id}/send").status_code == 403
    assert client.post("/outbox/send-held").status_code == 403
    assert state(message) == "held"


def test_looking_needs_signing_in(client: FlaskClient, ids: dict[str, int]) -> None:
    assert client.get("/outbox/").status_code in (302, 303)


def test_states_and_words_filter_the_list(client: FlaskClient, ids: dict[str, int]) -> None:
    put("1", "an1@buudien.example")
    put("2", "ch1@buudien.example")
    outbox.cancel("incident/2", now=NOW)
    sign_in(client, "qt1")
    assert "Sự cố 2" not in client.get("/outbox/").text
    assert "Sự cố 2" in client.get("/outbox/?state=withdrawn").text
    found = client.get("/outbox/?state=all&q=CH1@").text
    assert "Sự cố 2" in found and "Sự cố 1" not in found
    assert "Không tìm thấy tin nhắn nào" in client.get("/outbox/?q=%25").text
    assert client.get("/outbox/?state=nonsense&cursor=").status_code == 200


def test_a_secret_address_is_not_found_out_letter_by_letter(client: FlaskClient, ids: dict[str, int]) -> None:
    put("1", "jsons://chat.vidu/geheim", channel="apprise")
    put("2", "0912345678", channel="sms")
    sign_in(client, "qt1")
    assert "Sự cố 1" in client.get("/outbox/?state=all&q=Người 1").text
    assert "Không tìm thấy tin nhắn nào" in client.get("/outbox/?state=all&q=geheim").text
    assert "Sự cố 2" in client.get("/outbox/?state=all&q=0912").text
