"""What is restricted is there for those only who need it: for everybody else it does not even exist.

Every address of the application is asked, so that a page that is added later is asked too. On both databases.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.routing import Rule

from core.db import db as database, transaction
from documents.drafting.services import DraftRequest
from documents.issued import services as issued
from incidents.attachments import services as attachments
from incidents.escalation import engine
from incidents.public_reports import links, services as reports
from incidents.record.models import Incident
from notify.models import Message
from people.accounts import keys, passwords, services as accounts
from people.accounts.services import NewAccount
from tests.support import papers
from tests.support.desk_pages import DeskPages, text_of
from tests.support.enterprise import PASSWORD
from tests.support.refusals_once import refusals_once
from tests.support.tet_night import ADMIN, NIGHT

TITLE = "Kiện hàng có dây điện thò ra"
FILE = "day-dien-tho-ra"
SEARCHES = (
    "/incidents/?q=day+dien",
    "/api/v1/incidents?q=dây+điện",
    "/incidents/new/alike?unit=BDA&category=suspicious_item&title=Ki%E1%BB%87n+h%C3%A0ng+c%C3%B3+d%C3%A2y+%C4%91i%E1%BB%87n",
    "/incidents/diary/BDA?on=2020-01-25",
    "/incidents/figures/?unit=BDA&since=2020-01-01&until=2020-01-31",
    "/desk/live?unit=BDA",
    "/?unit=BDA",
    "/?wall=1",
)
SHOWN_TO_WHOM_IT_CONCERNS = {
    "incidents.board",
    "incidents.detail",
    "incidents.legal_page",
    "incidents.review_page",
    "incidents.share_incident",
    "incidents_api.get_incident",
    "incidents_api.list_incidents",
}


@pytest.fixture
def secret(desk: DeskPages) -> Incident:
    """Called: An, who leads. Phong works in the same unit, is not on duty and was not called."""
    user = accounts.create_user(
        NewAccount("ph1", "Kpă Phong", "staff", unit_code="BDA", person_code="PH1"), now=NIGHT, actor=ADMIN
    )
    with transaction():
        user.password_hash = passwords.hashed(PASSWORD)
    incident = desk.log(TITLE, "suspicious_item", dedup_key="cong-soi-1")
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "brown").save(picture, "JPEG")
    picture.seek(0)
    attachments.add(incident.id, stream=picture, filename=f"{FILE}.jpg", actor=ADMIN, now=NIGHT)
    engine.escalate_due(NIGHT)
    desk.at(3)
    return desk.fresh(incident.code)


def key_of(who: str, role: Any, unit: str) -> dict[str, str]:
    key = keys.create_api_key(keys.NewApiKey(who, role, unit, who.upper()), now=NIGHT, actor=ADMIN)[1]
    return {"Authorization": f"Bearer {key}"}


def addresses(app: Flask, secret: Incident) -> list[tuple[str, str, bool]]:
    """(endpoint, address, whether it is about the secret itself) of everything that can be read."""
    picture = attachments.listed(secret, actor=ADMIN, now=NIGHT)[0].key
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "feed.calendar"):
            continue
        about = "/incidents/<code>" in rule.rule
        names = {"code": secret.code if about else "BDA", "key": picture, "unit": "BDA", "form": "csv"}
        found.append((rule.endpoint, filled(rule, names), about))
    return found + [("search", path, False) for path in SEARCHES]


def filled(rule: Rule, names: dict[str, str]) -> str:
    path = rule.rule
    for part in rule.arguments:
        for written in (f"<{part}>", f"<int:{part}>", f"<path:{part}>"):
            path = path.replace(written, "1" if written.startswith("<int") else names.get(part, "x"))
    return path


@pytest.mark.parametrize(("who", "role", "unit"), [("ch1", "manager", "BDC"), ("ph1", "staff", "BDA")])
def test_nobody_else_finds_it_anywhere(
    app: Flask, desk: DeskPages, secret: Incident, who: str, role: str, unit: str
) -> None:
    """A manager of another unit, and a colleague of the same one who was not called."""
    headers = key_of(who, role, unit)
    open_doors, told = [], []
    with refusals_once(set()):
        answers = [
            (endpoint, path, about, desk.browser(who).get(path, headers=headers if path.startswith("/api/") else {}))
            for endpoint, path, about in addresses(app, secret)
        ]
    for endpoint, path, about, answer in answers:
        if about and answer.status_code != 404:
            open_doors.append(f"{endpoint} → {answer.status_code}")
        body = answer.get_data().decode("utf-8", "replace")
        if TITLE in body or FILE in body or (not about and secret.code in body):
            told.append(f"{endpoint}: {path}")
    assert (open_doors, told) == ([], [])


def test_whom_it_called_finds_it(app: Flask, desk: DeskPages, secret: Incident) -> None:
    """The same walk by An, where it is told of: it sees what the others' walk must not."""
    headers = key_of("an1", "manager", "BDA")
    told = set()
    for endpoint, path, about in addresses(app, secret):
        if not about and endpoint not in SHOWN_TO_WHOM_IT_CONCERNS:
            continue
        answer = desk.browser("an1").get(path, headers=headers if path.startswith("/api/") else {})
        assert not about or answer.status_code == 200, (endpoint, answer.status_code)
        if TITLE in answer.get_data().decode("utf-8", "replace"):
            told.add(endpoint)
    assert told >= SHOWN_TO_WHOM_IT_CONCERNS
    diary = desk.see("an1", "/incidents/diary/BDA")
    assert secret.code in diary and TITLE not in diary, "a sheet that hangs on the wall"


def test_nobody_else_can_touch_it_nor_learn_of_it_by_trying(desk: DeskPages, secret: Incident) -> None:
    path, plain = f"/incidents/{secret.code}", desk.log("Gói hàng rách", "item_damaged")
    headers = key_of("ph1", "staff", "BDA")
    for verb in ("note", "acknowledge", "resolve", "close", "classify", "restrict", "facts", "check", "attach"):
        assert desk.browser("ph1").post(f"{path}/{verb}", data={"note": "?"}).status_code == 404, verb
    assert desk.browser("ph1").post(f"{path}/legal/suspend", data={"by": "Phong"}).status_code == 404
    tries: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", "acknowledge", {}),
        ("POST", "notes", {"note": "?"}),
        ("POST", "resolve", {}),
        ("PUT", "legal/suspend", {}),
        ("PUT", "facts", {"facts": {"place": "x"}}),
        ("POST", "classify", {"category": "other"}),
        ("POST", "checklist", {"item": "113-called"}),
        ("POST", "leadership-told", {"whom": "x"}),
    )
    for method, what, body in tries:
        answer = desk.browser("ph1").open(f"/api/v1{path}/{what}", method=method, json=body, headers=headers)
        assert answer.status_code == 404 and secret.code not in answer.text, what
    # Nor is it offered as one that another may be the same as, or taken as such.
    mine, hers = (
        desk.log("Dây điện thò ra từ kiện hàng", "suspicious_item", unit="BDC"),
        key_of("ch1", "manager", "BDC"),
    )
    join = desk.browser("ch1").post(f"/api/v1/incidents/{mine.code}/join", json={"main": secret.code}, headers=hers)
    assert join.status_code == 404 and desk.fresh(mine.code).joined_to_id is None
    alike = desk.browser("ph1").get(f"/api/v1/incidents/{plain.code}/alike", headers=headers).get_json()
    assert alike == {"items": []} and desk.fresh(secret.code).status == "open"
    # The same key again is an incident of its own: not even that it is known is told.
    body = {"title": "Gói lạ ở cổng soi", "category": "suspicious_item", "unit": "BDA", "dedup_key": "cong-soi-1"}
    again = desk.browser("ph1").post("/api/v1/incidents", json=body, headers=headers)
    assert again.status_code == 201 and TITLE not in again.text and secret.code not in again.text


@pytest.mark.parametrize(("who", "role", "unit"), [("ch1", "manager", "BDC"), ("ph1", "staff", "BDA")])
def test_its_documents_are_gone_like_what_never_was(
    desk: DeskPages, secret: Incident, who: str, role: str, unit: str
) -> None:
    """An issued its record. Pages, files, pictures, calls and lists say to others what they say of a code that was
    never given, in the same words and with the same status."""
    papers.settle(NIGHT)
    leader, record = desk.night.actor("AN1", "manager"), DraftRequest(f"incident:{secret.code}", "incidents.record", {})
    row = issued.issue(record, once="an-at-the-desk", actor=leader, now=NIGHT)
    headers, browser = key_of(who, role, unit), desk.browser(who)

    def said(code: str, number: int) -> list[tuple[int, str]]:
        about, one = f"/documents/about/incident:{code}", f"/documents/{number}"
        draft, calls = f"{about}/incidents.record", "/api/v1/documents"
        asked: list[tuple[str, str, dict[str, Any]]] = [
            *(("GET", path, {}) for path in (about, draft, one, f"{one}/scans/1", "/documents/?q=SC-", "/documents/")),
            *(("GET", f"{draft}/{part}", {}) for part in ("preview", "pages/1.png", "draft.pdf", "draft.docx")),
            *(("GET", f"{one}/{part}", {}) for part in ("file.pdf", "file.docx", "pages/1.png")),
            ("POST", draft, {"data": {"once": "somebody-else"}}),
            ("POST", f"{draft}/batch", {"data": {"each": "to"}}),
            ("POST", f"{one}/withdraw", {"data": {"reason": "?"}}),
            ("POST", f"{one}/scans", {}),
            ("GET", f"{calls}/kinds/incident:{code}", {}),
            *(("GET", f"{calls}{query}", {}) for query in ("", f"?about=incident:{code}", f"/{number}")),
            *(("GET", f"{calls}/{number}?format={form}", {}) for form in ("pdf", "docx")),
            ("POST", calls, {"json": {"about": f"incident:{code}", "kind": "incidents.record"}}),
            ("POST", f"{calls}/{number}/withdraw", {"json": {"reason": "?"}}),
        ]
        found = []
        for method, path, sent in asked:
            more = headers if path.startswith(calls) else {}
            answer = browser.open(path, method=method, headers=more, **sent)
            words = f"{method} {path} {text_of(answer.get_data(as_text=True))}"
            named = words.replace(code, "CODE").replace(f"documents/{number}", "documents/N")
            found.append((answer.status_code, named))
        return found

    with refusals_once(set()):
        there = said(secret.code, row.id)
    with refusals_once(set()):
        never = said("SC-20200125-999", 9_999)
    assert [pair for pair in zip(there, never, strict=True) if pair[0] != pair[1]] == []
    assert row.code and not [words for _status, words in there if row.code in words]
    lists = ("GET /documents/?q", "GET /documents/ ", "GET /api/v1/documents ", "GET /api/v1/documents?about")
    assert {status for status, words in there if not words.startswith(lists)} <= {403, 404}


def test_what_leaves_the_house_says_nothing_about_it(desk: DeskPages, secret: Incident, client: FlaskClient) -> None:
    """Messages, the page of a reporter without an account, and who is shown to see it."""
    bodies = [f"{each.subject} {each.body}" for each in database.session.query(Message)]
    assert bodies and not [each for each in bodies if "dây điện" in each]
    assert any("hạn chế xem" in each.lower() for each in bodies)
    told = reports.WrittenReport("qr", "suspicious_item", "Túi lạ trước cửa", "Siu Thảo", "0900000199", {})
    unit = desk.night.ids["BDA"]
    made, _created = reports.report(told, unit_id=unit, generation=1, address="192.0.2.1", now=desk.now)
    database.session.rollback()
    engine.escalate_due(desk.now)
    page = client.get(f"/bao/xem/{links.link_of(made)}").get_data(as_text=True)
    assert desk.newest().restricted and "An" not in text_of(page).split() and "Trực lãnh đạo" not in page
    page = desk.see("an1", f"/incidents/{secret.code}")
    seen = page.split("Chỉ những người sau đọc được")[1].split("Bỏ hạn chế xem")[0]
    assert "Nguyễn Văn An" in seen and "Kpă Phong" not in seen


def test_it_can_be_shown_to_all_again_with_a_reason(desk: DeskPages, secret: Incident) -> None:
    plain = desk.log("Nghi lộ dữ liệu khách hàng", "data_leak")
    path = f"/incidents/{plain.code}"
    assert plain.restricted and desk.browser("ch1").get(path).status_code == 404
    desk.post("an1", f"{path}/restrict", 422, restricted="no", reason=" ")
    desk.post("an1", f"{path}/restrict", restricted="no", reason="Không có dữ liệu thật")
    assert "Không có dữ liệu thật" in desk.see("ch1", path)
    desk.post("an1", f"{path}/restrict", restricted="yes", reason="Có dữ liệu thật")
    assert desk.browser("ch1").get(path).status_code == 404


def test_guessing_its_key_tells_nothing(desk: DeskPages, secret: Incident) -> None:
    """Somebody else's alarm with the same key is an incident of its own, once, and the hidden one stays untouched."""
    _row, other = keys.create_api_key(keys.NewApiKey("cổng khác", "staff", "BDC"), now=NIGHT, actor=ADMIN)
    body = {"title": "Thử khóa", "category": "power", "unit": "BDC", "dedup_key": "cong-soi-1"}
    asker, headers = desk._new_client(), {"Authorization": f"Bearer {other}"}
    first = asker.post("/api/v1/incidents", json=body, headers=headers)
    again = asker.post("/api/v1/incidents", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["code"] == again.json["code"] != secret.code
    assert first.json["dedup_key"] == "cong-soi-1"
    database.session.refresh(secret)
    assert secret.dedup_key == "cong-soi-1" and secret.title == TITLE


def test_the_wall_names_what_is_late_by_its_level_and_nothing_that_only_few_may_see(
    desk: DeskPages, secret: Incident
) -> None:
    """Both are past their time, so the wall is red; An may read the secret one, whoever passes by may not."""
    desk.log("Xe thư hỏng ở đèo", "vehicle", severity=2)
    desk.at(90)
    page = desk.browser("an1").get("/?unit=BDA&wall=1").text
    assert 'data-alarm="late"' in page and "Chưa ai nhận:" in page and "và 1 sự cố khác" in page
    assert "Xe thư hỏng ở đèo" in page and "Sự cố hạn chế xem" in page and TITLE not in page
    assert 'class="level s2"' in page and "Mất kết nối: số liệu có thể đã cũ." in page
