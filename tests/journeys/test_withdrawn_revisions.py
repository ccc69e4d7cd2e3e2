"""A revision was a mistake: it is taken back while the first night is under way, and whoever it concerned is told.

21:00 on the first day of three: L2 leads, O2 and E2 serve until 07:30.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.errors import Conflict
from core.models import AuditEntry
from notify.models import Message
from people import queries as people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import User
from roster.campaigns import services as campaigns
from roster.confirmations import queries as confirmations
from roster.draft import services as drafts
from roster.models import Revision
from roster.publishing import overview, services as publishing
from roster.resolver import resolver
from roster.revisions import withdrawing
from tests.services.roster.publishing.test_amending import NIGHT, drafted, on
from tests.support import enterprise, factories, signing
from tests.support.desk_pages import text_of
from tests.support.in_parallel import in_parallel
from tests.support.published import NOW, Published

ADMIN = factories.ADMIN
WHY = "Ban hành nhầm dự thảo"


@pytest.fixture(autouse=True)
def _night(roster: Published) -> Iterator[None]:
    with clock.travel(NIGHT):
        yield


@pytest.fixture
def mistaken(roster: Published) -> Published:
    """Revision 2, made in the afternoon: O4 has the running night and the next one."""
    for turn in (1, 3):
        drafts.set_people(
            roster.shifts("operations")[turn],
            ["O4"],
            override_reason="Đổi",
            actor=ADMIN,
            now=NIGHT - timedelta(hours=5),
        )
    publishing.publish(roster.campaign_id, actor=ADMIN, now=NIGHT - timedelta(hours=5))
    return roster


def account(code: str, role: str, unit: str = "TINH", person: str | None = None) -> None:
    user = accounts.create_user(
        NewAccount(code.lower(), code, role, unit_code=unit, person_code=person or code), now=NIGHT, actor=ADMIN
    )
    with transaction() as session:
        session.get_one(User, user.id).password_hash = enterprise.password_hash()


def letters(number: int) -> dict[str, str]:
    """Last word of the name → body."""
    rows = select(Message).where(Message.idempotency_key.like(f"%/r{number}/person/%"))
    return {row.recipient.split()[-1]: row.body for row in db.session.scalars(rows)}


@pytest.mark.both_dbs("duties, revision and messages are one commit")
def test_what_has_not_begun_goes_back_and_whoever_it_concerns_is_told(mistaken: Published) -> None:
    tonight, next_night = mistaken.shifts("operations")[1], mistaken.shifts("operations")[3]
    made = withdrawing.withdraw(mistaken.campaign_id, reason=WHY, revision=2, actor=ADMIN, now=NIGHT)
    assert (made.number, made.kind, made.withdraws, made.note) == (3, "withdrawal", 2, WHY)
    assert on(tonight) == ["O4"], "it has begun: who serves it is not rewritten"
    assert on(next_night) == ["O1"]
    assert drafted(next_night) == ["O4"], "the draft is mended by its manager"
    told = letters(3)
    assert set(told) == {"O1", "O4"}
    assert all("Bản số 2" in body and WHY in body for body in told.values())
    said = {each["shift"]: [who["code"] for who in each["people"]] for each in made.content}
    assert (said[tonight], said[next_night]) == (["O4"], ["O1"])
    audited = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.withdraw")).one()
    assert (audited.detail["withdraws"], audited.detail["reason"]) == (2, WHY)
    ahead = confirmations.coming(mistaken.person["O1"], now=NIGHT)
    back = next(each for each in ahead if each.shift_id == next_night)
    assert back.sequence == 3, "who gets it back is asked anew, and calendars see it move"


@pytest.mark.both_dbs("who is second waits, looks again and is refused")
def test_two_at_once_and_twice_in_a_row_withdraw_once(mistaken: Published, app: Flask) -> None:
    def withdraw(_number: int) -> str:
        try:
            return str(
                withdrawing.withdraw(mistaken.campaign_id, reason=WHY, revision=2, actor=ADMIN, now=NIGHT).number
            )
        except Conflict as refused:
            return refused.message()

    answers = sorted(in_parallel(app, 2, withdraw))
    assert answers[0] == "3" and "đã được" in answers[1] and "thu hồi" in answers[1]
    with pytest.raises(Conflict, match="withdraw.already"):
        withdrawing.withdraw(mistaken.campaign_id, reason=WHY, actor=ADMIN, now=NIGHT)
    assert db.session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2, 3]


def test_the_first_revision_leaves_a_draft_that_is_published_again(roster: Published) -> None:
    before = NOW + timedelta(hours=2)
    withdrawing.withdraw(roster.campaign_id, reason=WHY, actor=ADMIN, now=before)
    assert (roster.campaign.state, roster.campaign.revision) == ("draft", 2)
    assert on(roster.shifts("operations")[0]) == []
    assert resolver.on_duty_roles(roster.person["O1"], NIGHT) == []
    assert overview.current_campaign(roster.unit_id, now=NIGHT) is None
    assert not overview.is_published(None)
    with pytest.raises(Conflict, match="campaign.cannot_delete"):
        campaigns.delete_campaign(roster.campaign_id, actor=ADMIN, now=before)
    with pytest.raises(Conflict, match="campaign.cannot_withdraw"):
        withdrawing.withdraw(roster.campaign_id, reason=WHY, actor=ADMIN, now=before)
    again = publishing.publish(roster.campaign_id, actor=ADMIN, now=before + timedelta(hours=1))
    assert (again.number, roster.campaign.state) == (3, "published")
    assert on(roster.shifts("operations")[0]) == ["O1"]


def test_the_first_revision_under_way_keeps_what_has_begun(roster: Published) -> None:
    made = withdrawing.withdraw(roster.campaign_id, reason=WHY, actor=ADMIN, now=NIGHT)
    assert [on(shift) for shift in roster.shifts("operations")] == [["O1"], ["O2"], [], [], [], []]
    assert roster.campaign.state == "published", "somebody serves by it, and has served"
    assert not made.proof["complete"] and made.accept_gaps == WHY
    assert all("không còn ca trực nào sắp tới" in body for who, body in letters(2).items() if who in ("O1", "O3"))


def test_nothing_is_left_to_withdraw_when_all_has_begun(mistaken: Published) -> None:
    with pytest.raises(Conflict, match="withdraw.all_begun"):
        withdrawing.withdraw(mistaken.campaign_id, reason=WHY, actor=ADMIN, now=NIGHT + timedelta(days=2))


def test_nobody_comes_back_who_has_left(mistaken: Published) -> None:
    with transaction():
        people.person_by_code("O1").active = False
    withdrawing.withdraw(mistaken.campaign_id, reason=WHY, actor=ADMIN, now=NIGHT)
    assert on(mistaken.shifts("operations")[3]) == []


def test_the_page_says_what_it_does_and_asks_why(mistaken: Published, client: Any) -> None:
    account("L1", "manager")
    enterprise.sign_in(client, "l1")
    path = f"/roster/campaigns/{mistaken.campaign_id}/withdraw"
    page = client.get(path).text
    assert "Thu hồi bản số 2" in page and "1 chỗ trực của bản này đã bắt đầu" in page
    assert "thêm 1 ca" in page and "bớt 1 ca" in page
    refused = client.post(path, data={"revision": "2", "reason": " "})
    assert refused.status_code == 422 and "Ghi lý do thu hồi" in refused.text
    moved = client.post(path, data={"revision": "1", "reason": WHY})
    assert moved.status_code == 409 and "đã có bản số 2" in moved.text and WHY in moved.text
    done = client.post(path, data={"revision": "2", "reason": WHY})
    assert done.status_code == 303
    shown = client.get(done.headers["Location"]).text
    assert "thu hồi bản 2" in shown and WHY in shown
    again = client.post(path, data={"revision": "2", "reason": WHY})
    assert again.status_code == 409 and "đã được" in again.text


def test_others_may_not(mistaken: Published, client: Any) -> None:
    other = factories.make_unit("KHAC", name="Đơn vị khác")
    factories.make_person("Q9", other)
    account("Q9", "manager", unit="KHAC")
    account("L2", "staff")
    path = f"/roster/campaigns/{mistaken.campaign_id}/withdraw"
    for login in ("q9", "l2"):
        enterprise.sign_in(client, login)
        assert client.get(path).status_code == 403
        assert client.post(path, data={"revision": "2", "reason": WHY}).status_code == 403
    assert mistaken.campaign.revision == 2


def test_by_api(mistaken: Published, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("Máy", "manager", "TINH"), now=NIGHT, actor=ADMIN)[1]
    headers = {"Authorization": f"Bearer {key}"}
    address = f"/api/v1/campaigns/{mistaken.campaign_id}"
    compared = client.get(f"{address}/difference?from=1&to=2", headers=headers).json
    assert {each["person"]: (len(each["lost"]), len(each["gained"])) for each in compared["people"]} == {
        "O1": (1, 0),
        "O2": (1, 0),
        "O4": (0, 2),
    }
    assert client.get(f"{address}/difference?from=1&to=x", headers=headers).status_code == 422
    assert client.get(f"{address}/difference?from=1&to=9", headers=headers).status_code == 404
    assert client.post(f"{address}/withdraw", json={"reason": ""}, headers=headers).status_code == 422
    made = client.post(f"{address}/withdraw", json={"reason": WHY}, headers=headers)
    assert made.status_code == 200 and (made.json["kind"], made.json["withdraws"]) == ("withdrawal", 2)
    again = client.post(f"{address}/withdraw", json={"reason": WHY}, headers=headers)
    assert again.status_code == 409 and again.json["code"] == "withdraw.already"


def test_the_number_follows_the_publishing_and_stays(mistaken: Published, client: Any) -> None:
    """The paper comes back from the director a day later: first its number, then its date, each once."""
    account("L1", "manager")
    account("L2", "staff")
    enterprise.sign_in(client, "l2")
    page, path = f"/roster/campaigns/{mistaken.campaign_id}/revisions/2", "/paper"
    assert client.get(page + path).status_code == 403
    assert client.post(page + path, data={"document_number": "1/KH"}).status_code == 403
    assert "chưa có số" in client.get(page).text and "Ghi số và ngày ký" not in client.get(page).text
    enterprise.sign_in(client, "l1")
    assert "Đã ban hành – chưa có số" in client.get(page).text
    for sent, told in (
        ({"signed_on": ""}, "Ghi số văn bản hoặc ngày ký"),
        ({"document_number": "77/KH", "signed_on": "hôm nọ"}, "Ghi ngày ký như"),
        ({"document_number": "77/KH", "signed_on": "25/01/2020"}, "không thể sau hôm nay"),
        ({"document_number": "7" * 61}, "không quá 60 chữ"),
    ):
        refused = client.post(page + path, data=sent)
        assert refused.status_code in (409, 422) and told in refused.text
        assert sent.get("document_number", "") in refused.text, "what was typed is kept"
    assert client.post(page + path, data={"document_number": " 77/KH-BĐT "}).status_code == 303
    assert "Văn bản số 77/KH-BĐT" in client.get(page).text and "chưa có số" in client.get(page).text
    assert client.post(page + path, data={"signed_on": "23/01/2020"}).status_code == 303
    shown = client.get(page).text
    assert "ký ngày 23/01/2020" in shown and "chưa có số" not in shown
    again = client.post(page + path, data={"document_number": "78/KH"})
    assert again.status_code == 409 and "đã ghi số 77/KH-BĐT" in again.text
    key = keys.create_api_key(keys.NewApiKey("Máy", "manager", "TINH"), now=NIGHT, actor=ADMIN)[1]
    by_api = client.post(
        f"/api/v1/campaigns/{mistaken.campaign_id}/revisions/2/paper",
        json={"signed_on": "2020-01-22"},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert by_api.status_code == 409 and by_api.json["code"] == "paper.has_date"
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "revision.paper")).all()) == 2


def test_the_signed_paper_says_who_signed_it_and_whether_it_is_as_it_was(
    mistaken: Published, client: Any, tmp_path: Path
) -> None:
    """The office wrote the notice itself and signs it with a token; somebody types into the file afterwards."""
    account("L1", "manager")
    account("O3", "viewer")
    enterprise.sign_in(client, "l1")
    page = f"/roster/campaigns/{mistaken.campaign_id}/revisions/2"
    paper = signing.sign(signing.blank(), signing.key(tmp_path))

    def send(content: bytes, name: str) -> Any:
        return client.post(f"{page}/scans", data={"file": (BytesIO(content), name)})

    refused = send(b"GIF89a", "ky.gif")
    assert refused.status_code == 422 and "Bản đã ký" in refused.text
    changed = bytearray(paper)
    changed[paper.index(b"595")] = ord("4")
    for content, name in ((paper, "77-KH da ky.pdf"), (paper, "lan hai.pdf"), (bytes(changed), "sua.pdf")):
        assert send(content, name).status_code == 303
    shown = text_of(client.get(page).text)
    assert shown.count("Nguyễn Văn An") == shown.count("Chứng thư do") * 2 == 4, "the same file twice is one"
    assert shown.count("Nguyên vẹn") == shown.count("Đã sửa sau khi ký") == 1
    assert "Chưa kiểm được chuỗi tin cậy" in shown
    file = client.get(f"{page}/scans/1")
    assert file.data == paper and "attachment" in file.headers["Content-Disposition"]
    assert client.get(f"{page}/scans/9").status_code == 404
    enterprise.sign_in(client, "o3")
    seen = client.get(page)
    assert "Nguyên vẹn" in seen.text and f"{page}/scans" not in seen.text
    assert client.get(f"{page}/scans/1").status_code == send(paper, "ky.pdf").status_code == 403
    assert (
        db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "revision.scan")).first()["signatures"]
        == 1
    )
