"""What the record of actions tells of each entry is in the reader's words; files and calls keep the codes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from compliance.posting.words import NAMES as POSTED
from compliance.register.models import STATES as POINT_STATES
from core import audit, clock
from core.actor import Actor
from core.db import transaction
from core.models import AuditEntry
from desk.audit_log import naming, values
from documents import kinds as documents
from duty.swaps.models import KINDS as SWAPS
from incidents.intake.models import INTAKE_KINDS
from incidents.record.models import STATUSES
from people.access.permissions import LENT_BY_DUTY, LENT_TO_LEADERSHIP
from people.access.scopes import SCOPES
from people.models import ABSENCE_KINDS
from tests.support.enterprise import sign_in
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night


@pytest.fixture(autouse=True)
def _tonight(night: Night) -> Iterator[None]:
    with clock.travel(NIGHT + timedelta(minutes=10)):
        yield


def write(action: str, thing: str, thing_id: object, actor: Actor = ADMIN, **detail: object) -> None:
    with transaction():
        audit.record(actor, action, thing, str(thing_id), now=NIGHT, **detail)


def told(client: FlaskClient, kind: str) -> str:
    """What the page tells of the newest entry of an action, below its sentence."""
    answer = client.get("/system/audit/", query_string={"kind": kind})
    assert answer.status_code == 200
    found = re.search(r'<small class="mute">(.*?)</small>', answer.get_data(as_text=True).partition("<tbody>")[2], re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


@pytest.mark.parametrize(
    ("action", "key", "codes"),
    [
        ("absence.add", "kind", ABSENCE_KINDS),
        ("document.issue", "kind", None),
        ("grant.used", "used_for", sorted(LENT_BY_DUTY | LENT_TO_LEADERSHIP)),
        ("incident.log", "severity", (1, 2, 3, 4)),
        ("incident.resolve", "status", STATUSES),
        ("intake.create", "kind", INTAKE_KINDS),
        ("key.create", "scopes", SCOPES),
        ("posting.post", "what", POSTED),
        ("requirement.state", "state", POINT_STATES),
        ("swap.ask", "kind", SWAPS),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_code_has_words(
    client: FlaskClient, action: str, key: str, codes: Iterable[object] | None, language: str
) -> None:
    with client.application.test_request_context(), force_locale(language):
        wanted: Iterable[object] = documents.by_code() if codes is None else codes
        reading = [each for each in wanted if str(each).endswith(".read") or str(each).startswith("person.")]
        known = values.words_of(action, key)
        assert [each for each in wanted if each not in known and each not in reading] == []


@pytest.mark.both_dbs("many names at once")
def test_codes_moments_and_ids_are_words_local_time_and_names(client: FlaskClient, night: Night) -> None:
    sign_in(client, "qt1")
    an, binh = night.ids["AN1"], night.ids["BI1"]
    cases: list[tuple[str, str, dict[str, object], str, str]] = [
        (
            "requirement.state",
            "requirement",
            {"unit": "BDA", "state": "not_applicable"},
            "đơn vị: Bưu điện huyện A · trạng thái: không áp dụng",
            "unit: Bưu điện huyện A · status: not applied",
        ),
        (
            "document.issue",
            "document",
            {"kind": "incidents.record", "about": "incident:SC-1"},
            "Sự cố SC-1",
            "about: Incidents SC-1",
        ),
        ("posting.post", "setting", {"what": "prohibited"}, "việc gì: Danh mục cấm gửi", "what: Prohibited items"),
        ("handover.sign", "handover", {"number": "001/2020", "via": "phone"}, "qua: điện thoại", "via: phone"),
        (
            "duty.check_in",
            "seat",
            {"person": binh, "at": "2020-01-24T19:00:00+00:00"},
            "họ tên: Trần Thị Bình · lúc: 02:00:00 25/01/2020",
            "person: Trần Thị Bình · at: 02:00:00 25/01/2020",
        ),
        (
            "account.role",
            "user",
            {"before": "staff", "role": "manager"},
            "trước: Nhân viên · vai trò: Quản lý",
            "role: Manager",
        ),
        (
            "key.create",
            "api_key",
            {"scopes": ["read"]},
            "Đọc mọi thứ mà vai trò được xem",
            "Read all that the role may see",
        ),
        (
            "crew.make",
            "crew",
            {"people": ["BI1", "AN1"]},
            "các thành viên: Trần Thị Bình, ",
            "members: Trần Thị Bình, ",
        ),
        (
            "swap.ask",
            "seat",
            {"kind": "cover", "asked": [binh]},
            "những người được hỏi: Trần Thị Bình",
            "Trần Thị Bình",
        ),
        (
            "reach.order",
            "person",
            {"order": ["sms+0", "voice+60"]},
            "Tin nhắn SMS ngay; Gọi thoại tự động sau 1 phút",
            "SMS",
        ),
        (
            "grant.used",
            "unit",
            {"used_for": "incident.act", "why": "duty.operations"},
            "xử lý sự cố",
            "handle incidents",
        ),
        ("lists.collect", "campaign", {"units": 1040}, "số đơn vị: 1.040", "units: 1,040"),
        ("duty.disown", "seat", {"by": f"person:{an}"}, "bởi: ", "by: "),
    ]
    for action, thing, detail, _vi, _en in cases:
        write(action, thing, 1, **detail)
    for action, _thing, _detail, vi, _en in cases:
        assert vi in told(client, action), action
    client.post("/language", data={"language": "en"})
    for action, _thing, _detail, _vi, en in cases:
        assert en in told(client, action), action


def test_a_fact_inside_another_is_told_too(client: FlaskClient, night: Night) -> None:
    sign_in(client, "qt1")
    write("import.run", "import", "2020-01-25T02:00:00+00:00", counts={"people": [3, 1, 20]}, unsure=2)
    assert told(client, "import.run") == "số dòng: Nhân sự: mới 3, sửa 1, giữ nguyên 20 · chưa chắc: 2"
    assert "09:00:00 25/01/2020" in client.get("/system/audit/?kind=import.run").get_data(as_text=True)
    rules = {"rest.weekly": {"on": True, "hard": True, "weight": None, "parameters": {}, "pairs": []}}
    write("campaign.rules", "campaign", night.campaign, rules=rules)
    assert "(bật: có, bắt buộc: có)" in told(client, "campaign.rules")
    write("demand.table", "unit", 1, changes=[["operations", "Ca đêm", "during", 1, 2]])
    assert "Ca đêm, Trong Tết: 1 → 2" in told(client, "demand.table")


def test_an_entry_of_another_version_is_shown_as_it_is(client: FlaskClient) -> None:
    sign_in(client, "qt1")
    write("reach.order", "person", 1, order=["carrier pigeon"], wind="north")
    assert told(client, "reach.order") == "thứ tự: carrier pigeon · wind: north"


@pytest.mark.parametrize("typed", ["user:x", "user:1", f"person:{'9' * 25}", "key:٣"])
def test_a_name_that_looks_like_a_reference_is_a_name(client: FlaskClient, typed: str) -> None:
    """Whoever sends a unit's list by its link types their own: nobody else's stands there, and the record opens."""
    sign_in(client, "qt1")
    write("lists.send", "unit", 1, by=typed)
    assert told(client, "lists.send") == f"bởi: {typed}"
    assert client.get("/system/audit/export.csv", query_string={"kind": "lists.send"}).status_code == 200


@pytest.mark.parametrize(("language", "said"), [("vi", "hệ thống"), ("en", "system")])
def test_what_the_worker_did_is_said_in_words(client: FlaskClient, language: str, said: str) -> None:
    sign_in(client, "qt1")
    client.post("/language", data={"language": language})
    write("requirement.state", "requirement", 1, Actor(name="worker", role="admin", via="system"), unit="BDA")
    page = client.get("/system/audit/", query_string={"kind": "requirement.state"}).text
    [(tag, who)] = re.findall(r'<td data-label="(?:Ai|Who)"([^>]*)>([^<]*)</td>', page)
    assert (tag, who) == ("", said)


def test_files_and_calls_keep_the_codes(client: FlaskClient) -> None:
    sign_in(client, "qt1")
    write("requirement.state", "requirement", 1, unit="BDA", state="not_applicable")
    answer = client.get("/system/audit/export.csv", query_string={"kind": "requirement.state"})
    row = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1]
    assert row[8] == "đơn vị: BDA · trạng thái: not_applicable"


@pytest.mark.both_dbs("names of many at once")
def test_more_entries_ask_no_more_statements(night: Night) -> None:
    def asked(many: int) -> int:
        some = [
            AuditEntry(
                at=NIGHT,
                actor="cli:x",
                via="cli",
                action="swap.ask",
                thing="seat",
                thing_id=str(number),
                detail={
                    "person": number,
                    "asked": [number, number + 1],
                    "unit": f"U{number}",
                    "printed_by": f"user:{number}",
                },
                origin="",
            )
            for number in range(1, many + 1)
        ]
        with statements() as seen:
            naming.lines(some)
        return len(seen)

    asked(2)  # what is read once and kept
    assert asked(40) == asked(2)
