"""Money runs out before Tết: providers that tell are asked what is left, texts are counted against the day's limit, and
nobody is left without a message because of either."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database
from core.models import AuditEntry
from notify.credit import services as credit
from notify.gateways.models import Gateway
from tests.support.enterprise import sign_in
from tests.support.html_form import form_of
from tests.support.http_sink import http_sink
from tests.support.reach_story import ReachStory

WARNINGS = ("gateway.low", "gateway.enough")


def test_what_is_left_is_asked_shown_and_warned_of_and_the_last_provider_is_still_tried(
    reach: ReachStory, client: FlaskClient
) -> None:
    sign_in(client, "qt1")
    assert "Số dư cổng gửi tin" not in client.get("/start/").text, "nothing is watched yet"
    sink = reach.stack.enter_context(http_sink())
    form = form_of(client.get("/gateways/new?recipe=esms").text, "url")
    asked = f"{sink.url}{urlsplit(form['balance_url']).path}"
    assert asked.endswith("/GetBalance/{secret.api_key}/{secret.secret_key}")
    form |= {"url": f"{sink.url}/gui", "balance_url": asked, "allow_private": "1", "daily_limit": "10"}
    form |= {"secret_api_key": "khoa-1", "secret_secret_key": "khoa-2", "name": "eSMS"}
    for wrong, why in (
        ({"daily_limit": "mười"}, "Cần một số nguyên"),
        ({"balance_at": ""}, "Chưa dùng được"),
        ({"balance_url": "ftp://la.example/so-du"}, "Chưa dùng được"),
    ):
        refused = client.post("/gateways/new?recipe=esms", data=form | wrong)
        assert refused.status_code == 422 and why in refused.text and "khoa-1" not in refused.text
    assert client.post("/gateways/new?recipe=esms", data=form).status_code == 303
    assert "Chưa hỏi được số dư của eSMS" in client.get("/start/").text, "what nobody asked yet is not enough"
    sink.script[:] = ['200 {"Balance":"1,250,000.5","CodeResponse":"100"}']
    credit.look(reach.now)
    assert sink.asked[0].method == "GET" and sink.asked[0].path.endswith("/GetBalance/khoa-1/khoa-2")
    assert "Còn 1.250.000, lúc 02:10" in client.get("/gateways/").text
    assert "Các cổng có theo dõi đều còn đủ" in client.get("/start/").text
    # Not asked again before half an hour is over; then it is little, and a fault does not make it forgotten.
    reach.at(600)
    credit.look(reach.now)
    assert len(sink.asked) == 1
    sink.script[:] = ['200 {"Balance":150000}', '200 {"CodeResponse":"101","key":"khoa-1"}']
    reach.at(1801)
    credit.look(reach.now)
    reach.at(3700)
    credit.look(reach.now)
    page = client.get("/gateways/").text
    assert "Còn ít" in page and "Còn 150.000, lúc 02:40" in page and "Chưa hỏi được số dư: 200" in page
    assert "khoa-1" not in page
    assert "Sắp hết tiền hoặc hạn mức: eSMS" in client.get("/start/").text
    sink.answer = '200 {"CodeResult":"100","SMSID":"e-{n}"}'
    incident = reach.log()
    reach.pulse()
    assert reach.states(incident)["sms"] == "sent", "tried all the same"
    sink.script[:] = ['200 {"Balance":900000}']
    reach.at(5600)
    credit.look(reach.now)
    page = client.get("/gateways/").text
    assert "Còn ít" not in page and "Hôm nay đã gửi 1/10 tin" in page
    verbs = database.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.in_(WARNINGS)).order_by(AuditEntry.id)
    )
    assert list(verbs) == ["gateway.low", "gateway.enough"]
    # Whoever wants the question asked elsewhere has to know the secrets that it carries.
    row = database.session.scalars(select(Gateway)).one()
    form = form_of(client.get(f"/gateways/{row.id}").text, "url")
    there = {"balance_url": "https://noi-khac.example/{secret.api_key}"}
    elsewhere = client.post(f"/gateways/{row.id}", data=form | there)
    assert elsewhere.status_code == 422 and "Cần giá trị bí mật" in elsewhere.text
