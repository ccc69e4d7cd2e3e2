"""What strangers, colleagues and bad luck do at the doors: one attack for each line of what was found (12 to 19).

The eleventh, 200 half-sent requests, is in tests/journeys/test_serve.py: it needs a whole copy.
"""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from core import clock
from core.db import transaction
from core.models import AuditEntry
from incidents.escalation import engine
from incidents.intake.models import Intake
from incidents.record.models import Incident
from notify.channels import apprise
from notify.channels.base import CarriedLetter, ChannelError
from notify.models import Message
from people.models import Absence, ApiKey, Invitation, Person, User
from tests.support.enterprise import PASSWORD, post_sign_in
from tests.support.html_form import form_of
from tests.support.published import Published
from tests.support.tet_night import NIGHT, Night


def count(db: Any, model: Any, *where: Any) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(model).where(*where)))


def test_12_a_shift_opens_nothing_that_outlives_it(
    app: Flask, db: Any, client: FlaskClient, new_client: Any, night: Night
) -> None:
    """A staff member has leadership duty tonight. He prints an invitation for his chief and has the chief's account for
    good; he makes a source with a key, a person, an account; he releases held mail. None of it may be lent."""
    night.publish("leadership", "BI1")
    with transaction() as session:
        session.query(Message).delete()
    post_sign_in(client, "bi1")
    before = [count(db, model) for model in (Invitation, Intake, Person, User, ApiKey)]
    tries = [
        ("/people/invitations", {"user": str(night.ids["user:an1"])}),
        ("/people/invitations/accounts", {}),
        (f"/people/accounts/{night.ids['user:bi1']}/role", {"role": "manager", "unit_code": "BDA"}),
        ("/incidents/sources/", {"name": "Cửa sau", "kind": "generic", "unit": "BDA", "category": ""}),
        (
            "/people/new",
            {
                "code": "MA1",
                "full_name": "Người Ma",
                "unit_code": "BDA",
                "work_pattern": "shift",
                "phone": "0911222333",
                "share": "100",
                "active": "y",
            },
        ),
        ("/people/units/BDA/edit", {"code": "BDA", "name": "Của tôi", "kind": "district", "parent_code": "BDT"}),
        ("/outbox/send-held", {}),
    ]
    opened = [path for path, sent in tries if client.post(path, data=sent).status_code not in (401, 403, 404)]
    after = [count(db, model) for model in (Invitation, Intake, Person, User, ApiKey)]
    assert (opened, after) == ([], before)
    assert post_sign_in(new_client(), "an1").status_code == 303, "the chief still comes in"
    # What is lent is there: somebody of the unit fell ill this night.
    day = clock.local_date(NIGHT).isoformat()
    absent = {"from_on": day, "to_on": day, "kind": "sick", "note": ""}
    assert client.post("/people/person/EM1/absences", data=absent).status_code == 303
    assert count(db, Absence, Absence.person_id == night.ids["EM1"]) == 1


def test_13_anothers_address_neither_locks_out_nor_shows_mail(
    app: Flask, db: Any, client: FlaskClient, new_client: Any, night: Night, api: Any
) -> None:
    """The manager of a commune writes the duty leader's number and mail down as a clerk's of her own: the leader could
    not sign in by phone any more, and his mail showed on her page of what is sent."""
    post_sign_in(client, "ch1")
    for channel, address in (("phone", "0900000101"), ("email", "an1@buudien.example")):
        place = "/people/person/DU1/reach/address"
        sent = {"channel": channel, "address": address, "password": PASSWORD}
        form = form_of(client.get(place).text, "address")
        assert client.post(place, data=form | sent).status_code < 500
    assert post_sign_in(new_client(), "0900000101").status_code == 303
    assert post_sign_in(new_client(), "an1@buudien.example").status_code == 303

    steps = {
        "steps": [{"duty": "leadership", "after_seconds": 0}],
        "repeat_after_seconds": 300,
        "ack_timeout_seconds": 600,
        "catch_all": [],
    }
    admin = api("admin")
    assert admin("PUT", "/escalation-policies/BDA", steps).status_code == 200
    body = {"title": "Chỉ An được biết", "category": "power", "severity": 3, "unit": "BDA"}
    assert admin("POST", "/incidents", body).status_code == 201
    engine.escalate_due(NIGHT)
    assert count(db, Message, Message.address == "an1@buudien.example"), "the control: An was written to"
    boss = new_client()
    post_sign_in(boss, "qt1")
    assert "Chỉ An được biết" in boss.get("/outbox/?state=all").text
    page = client.get("/outbox/?state=all")
    assert "Chỉ An được biết" not in page.text and "an1@buudien.example" not in page.text


def test_14_wrong_guesses_of_others_keep_nobody_out(client: FlaskClient, new_client: Any, night: Night) -> None:
    """Behind the office's one address somebody guesses An's password: An, whose computer has signed in before, is kept
    out. And from forty addresses 160 guesses at one account go through without any slowing down."""

    def guess(who: FlaskClient, password: str, address: str = "198.51.100.7") -> int:
        sent = {"identifier": "an1", "password": password}
        return int(who.post("/login", data=sent, environ_base={"REMOTE_ADDR": address}).status_code)

    assert guess(client, PASSWORD) == 303
    client.post("/logout")
    stranger = new_client()
    for number in range(6):
        guess(stranger, f"sai-{number}")
    assert guess(client, PASSWORD) == 303, "An's own computer is kept out by a stranger's guesses"
    answers = (guess(new_client(), f"sai-{number}", f"203.0.113.{number % 40 + 1}") for number in range(160))
    assert any(status == 429 for status in answers), "160 guesses, and nobody was told to wait"
    assert guess(client, PASSWORD) == 303


RINGING = {
    "opsgenie://9c1f0000-aaaa-bbbb-cccc-000000000000/@truc": "/v2/alerts",
    "jira://9c1f0000-aaaa-bbbb-cccc-000000000000/@truc": "/v2/alerts",
    f"pagerduty://{'a' * 32}@{'b' * 32}": "/v2/enqueue",
}
"""Services that ring phones, and where each takes an alert."""


def test_15_a_call_by_apprise_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opsgenie and Jira are told of a call as of a piece of information: nothing leaves, the call counts as sent, and
    no phone rings. What counts is what arrives there: a new alert that is more than information."""
    asked: list[tuple[str, str]] = []

    def answer(_self: Any, request: requests.PreparedRequest, **_more: Any) -> requests.Response:
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        asked.append((request.url or "", body))
        response = requests.Response()
        response.status_code, response.request, response.url = 202, request, request.url or ""
        response._content = b'{"result": "Request will be processed", "requestId": "r1", "id": "1"}'
        return response

    monkeypatch.setattr(requests.Session, "send", answer)
    channel = apprise.from_settings({"OUTGOING_ALLOW": ""})
    silent = []
    for address, place in RINGING.items():
        asked.clear()
        letter = CarriedLetter(address, "An", "SC-2020-0001 Mất điện", "Bước 1", "<1@x>", True, NIGHT)
        with suppress(ChannelError):  # what counts is what arrives there
            channel.send(letter, channel.gateways(address)[0])
        alerts = [body for url, body in asked if url.rstrip("/").endswith(place) and "SC-2020-0001" in body]
        if not alerts or '"severity": "info"' in alerts[0]:
            silent.append(address.partition(":")[0])
    assert silent == [], "a call that is told there rings nobody"


def test_16_a_small_file_costs_no_memory(db: Any, client: FlaskClient, night: Night) -> None:
    """Whoever may import uploads some kilobytes: a ZIP of empty cells, a workbook with one cell in its last row. Each
    cost more than a gigabyte. It must be refused before anything is built of it."""
    post_sign_in(client, "an1")
    people = count(db, Person)
    unpacked = 8 * 1024 * 1024
    row = b"," * 199 + b"\n"
    heading = b"code,full_name,unit_code" + b"," * 197 + b"\n"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", heading + row * (unpacked // len(row)))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "people"
    sheet.append(["code", "full_name", "unit_code"])
    sheet.cell(row=100_000, column=1, value="X1")
    workbook = io.BytesIO()
    book.save(workbook)

    def upload(content: bytes, name: str) -> tuple[int, int]:
        """The answer, and the most memory that was held meanwhile."""
        sent = {"files": (io.BytesIO(content), name)}
        tracemalloc.start()
        try:
            answer = client.post("/import/", data=sent, content_type="multipart/form-data")
            return answer.status_code, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert len(bomb.getvalue()) < 64 * 1024 > len(workbook.getvalue())
    upload(b"code,full_name,unit_code\n", "people.csv")  # what is loaded late is loaded now
    status, peak = upload(bomb.getvalue(), "folder.zip")
    assert peak < 5 * unpacked, f"{peak / 2**20:.0f} MB for a ZIP of {len(bomb.getvalue()) / 2**10:.0f} KB"
    if status == 303:  # the preview says what is wrong, and then nothing can be written
        shown = client.get(
            client.post("/import/", data={"files": (io.BytesIO(bomb.getvalue()), "folder.zip")}).location
        )
        assert shown.status_code == 200 and client.post(shown.request.path).status_code == 303
        assert count(db, Person) == people
    else:
        assert status in (400, 409, 413, 422)
    _status, peak = upload(workbook.getvalue(), "people.xlsx")
    assert peak < 20 * 2**20, f"{peak / 2**20:.0f} MB for a workbook of {len(workbook.getvalue()) / 2**10:.0f} KB"


def test_17_the_ledger_is_for_managers_safe_and_audited(db: Any, client: FlaskClient, runner: Any, api: Any) -> None:
    """Any viewer downloads what everybody carried, nobody hears of it, and a name that begins like a formula runs in
    the manager's spreadsheet."""
    roster = Published()
    formula = '-1+HYPERLINK("http://x.example","O1")'
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "O1").values(full_name=formula))
    for login, role in (("xem", "viewer"), ("quan", "manager")):
        arguments = ["users", "create", "--login", login, "--name", login, "--role", role, "--unit", "TINH"]
        made = runner.invoke(args=[*arguments, "--password-stdin"], input=PASSWORD + "\n")
        assert made.exit_code == 0, made.output
    file = f"/roster/campaigns/{roster.campaign_id}/fairness.csv"
    post_sign_in(client, "xem")
    assert "Nguyễn Văn O2" not in client.get(file).text
    client.post("/logout")
    post_sign_in(client, "quan")
    noted = count(db, AuditEntry)
    export = client.get(file)
    assert export.status_code == 200 and "Nguyễn Văn O2" in export.text
    cells = [cell for row in csv.reader(io.StringIO(export.text)) for cell in row]
    risky = [each for each in cells if each[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert [each for each in risky if not re.fullmatch(r"-?\d+([.,]\d+)?", each)] == []
    assert count(db, AuditEntry) > noted, "an export that nobody will ever know of"


def test_18_nobody_is_called_by_name_for_strangers_unasked(db: Any, night: Night, api: Any) -> None:
    """The manager of BDC names An of BDA as the first to be called at night for incidents of hers. Until An or his
    manager agrees, her own unit is called."""
    chi = api("manager", unit="BDC", person="CH1")
    policy = {
        "steps": [{"person": "AN1", "after_seconds": 0}],
        "repeat_after_seconds": 300,
        "ack_timeout_seconds": 600,
        "catch_all": [],
    }
    assert chi("PUT", "/escalation-policies/BDC", policy).status_code < 500
    made = chi("POST", "/incidents", {"title": "Mất điện", "category": "power", "severity": 3, "unit": "BDC"})
    assert made.status_code == 201, made.text
    engine.escalate_due(NIGHT)
    pages = chi("GET", f"/incidents/{made.json['code']}").json["pages"]
    called = {str(page["person"]) for page in pages}
    assert pages, "somebody is called at once"
    assert not [each for each in called if "AN1" in each or "Nguyễn Văn An" in each], called


def test_19_no_question_makes_the_server_fail(app: Flask, db: Any, client: FlaskClient, night: Night, api: Any) -> None:
    """Dates at the end of time, numbers beyond any, cursors of another list: a clear answer, never a 500."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    admin = api("admin")
    for number in range(2):
        body = {"title": f"Sự cố {number}", "category": "power", "severity": 3, "unit": "BDA"}
        assert admin("POST", "/incidents", body).status_code == 201
    cursor = admin("GET", "/people?limit=1").json["next"]
    assert cursor
    huge = "9" * 30
    dates = ("9999-12-31", "0001-01-01", "0000-00-00")
    pages = [f"/incidents/figures/?{name}={day}" for name in ("since", "until") for day in dates]
    pages += [f"/incidents/diary/?day={day}" for day in dates]
    pages += [f"/incidents/diary/BDA?day={day}" for day in dates]
    pages += [f"/roster/campaigns/{night.campaign}/revisions/{huge}", f"/roster/campaigns/{huge}"]
    pages += [
        f"/roster/campaigns/{night.campaign}?revision={huge}",
        f"/roster/campaigns/{night.campaign}/print?revision={huge}",
    ]
    pages += [
        f"/roster/campaigns/{night.campaign}/revisions/1/diff?from={huge}",
        f"/roster/campaigns/{night.campaign}?from={huge}",
    ]
    calls = [f"/{name}?limit=1&cursor={cursor}" for name in ("incidents", "absences", "units", "campaigns", "wishes")]
    calls += [f"/on-duty?at={day}T00:00:00%2B07:00" for day in dates]
    calls += [f"/campaigns/{huge}/shifts", f"/feeds/{huge}", f"/incidents?severity={huge}", f"/incidents?limit={huge}"]
    post_sign_in(client, "qt1")
    failed = []
    for place in pages:
        if client.get(place).status_code >= 500:
            failed.append(place)
    for place in calls:
        if admin("GET", place).status_code >= 500:
            failed.append(place)
    assert failed == []
    foreign = admin("GET", f"/incidents?limit=1&cursor={cursor}")
    assert foreign.status_code in (400, 404, 422), "a cursor belongs to its list"
    assert count(db, Incident) == 2
