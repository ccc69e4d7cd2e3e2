"""After publishing: whose duty on site is overtime is asked apart from whether they will serve.

Three days of Tết Canh Tý, twelve hours on site at a time. O1 answers by their link, O2 says no, O3 signs on paper.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import duration
from core.models import AuditEntry
from duty.overtime_consent import queries, services
from duty.overtime_consent.queries import ConsentLine
from notify.models import Message
from people import queries as people
from people.absences import services as absence_services
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.links import services as links
from roster.confirmations import queries as confirmations, services as answers
from roster.coverage import unsure
from roster.draft import services as drafts
from roster.models import Duty
from roster.publishing import services as publishing
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.own_links import own_path
from tests.support.published import Published

EVENING = factories.NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _evening(roster: Published) -> Iterator[None]:
    with clock.travel(EVENING):
        yield


def asked(roster: Published, code: str) -> list[ConsentLine]:
    return queries.list_for_person(roster.person[code], now=EVENING)


def states(roster: Published, code: str) -> list[str]:
    return [line.state for line in asked(roster, code)]


def link_of(code: str) -> str:
    return own_path(code, now=EVENING)


def shown(page: str) -> list[str]:
    return re.findall(r'name="overtime" value="(\d+\.\d+\.\d+)"', page)


def text(response: Any) -> str:
    return " ".join(html.unescape(response.text).split())


def sign_in(client: Any, login: str, role: str, person: str | None = None, unit: str | None = "TINH") -> None:
    account = accounts.create_user(
        NewAccount(login, "Lan", role, unit_code=unit, person_code=person), now=EVENING, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, login)


def manager() -> int:
    """Somebody who manages the unit, and reads: their id."""
    made = factories.make_person("QL", people.unit_by_code("TINH"), phone="0900000199")
    accounts.create_user(
        NewAccount("ql", "Quản lý", "manager", unit_code="TINH", person_code="QL"), now=EVENING, actor=factories.ADMIN
    )
    return made.id


@pytest.mark.both_dbs("an answer replaces the one before")
def test_by_the_link_one_agrees_and_the_duty_is_another_question(roster: Published, client: Any) -> None:
    path = link_of("O1")
    page = client.get(path)
    assert "Đồng chí có đồng ý làm thêm giờ?" in page.text and "ca trực vẫn giữ nguyên" in page.text
    assert "Điều 106 Bộ luật Lao động 2012" in page.text, "the law of the day on which they serve"
    each, *_rest = shown(page.text)
    assert client.post(path, data={"do": "overtime_agree", "overtime": each}).status_code == 303
    assert states(roster, "O1")[0] == "agreed"
    assert "đồng chí đã đồng ý làm thêm giờ" in text(client.get(path))
    duties = confirmations.coming(roster.person["O1"], now=EVENING)
    assert confirmations.answers_for(duties) == {}, "agreeing to overtime confirms no duty"
    client.post(path, data={"do": "overtime_refuse", "overtime": each})
    assert states(roster, "O1")[0] == "refused", "who thinks again says so"


def test_a_no_is_no_refusal_of_the_duty_and_the_managers_are_told(roster: Published, client: Any) -> None:
    boss = manager()
    path = link_of("O2")
    each = shown(client.get(path).text)[0]
    assert client.post(path, data={"do": "overtime_refuse", "overtime": each}).status_code == 303
    assert "đồng chí không đồng ý làm thêm giờ. Ca trực vẫn giữ nguyên" in text(client.get(path))
    assert unsure.list_for_campaign(roster.campaign_id, now=EVENING) == [], "nobody doubts that they come"
    assert confirmations.counted(roster.campaign_id, now=EVENING).refused == 0
    [told] = db.session.scalars(select(Message).where(Message.person_id == boss)).all()
    assert "không đồng ý làm thêm giờ trong 1 ca" in told.subject
    assert "Ca trực vẫn giữ nguyên" in told.body and "state=refused" in told.body
    client.post(path, data={"do": "overtime_refuse", "overtime": each})
    assert len(db.session.scalars(select(Message).where(Message.person_id == boss)).all()) == 1, "twice is once"
    client.post(path, data={"do": "overtime_agree", "overtime": each})
    again = db.session.scalars(select(Message.subject).where(Message.person_id == boss)).all()
    assert any("đồng ý làm thêm giờ trong 1 ca" in each and "không" not in each for each in again)


def test_a_moved_seat_asks_again_and_an_old_page_answers_nothing(roster: Published, client: Any) -> None:
    path = link_of("O1")
    each = shown(client.get(path).text)[0]
    client.post(path, data={"do": "overtime_agree", "overtime": each})
    seat = asked(roster, "O1")[0].duty.seat_id
    turn = [roster.seat("operations", number) for number in range(4)].index(seat)
    roster.reassign("operations", turn, "O4", at=EVENING)
    assert seat not in [line.duty.seat_id for line in asked(roster, "O1")]
    roster.reassign("operations", turn, "O1", at=EVENING + timedelta(minutes=5))
    assert states(roster, "O1")[0] == "waiting", "what comes back is another duty"
    stale = client.post(path, data={"do": "overtime_agree", "overtime": each})
    assert stale.status_code == 409 and "vừa đổi" in stale.text
    for wrong in ("", "1.2", "x.y.z", "1.2.3", "99999999999.1.1"):
        assert client.post(path, data={"do": "overtime_agree", "overtime": wrong}).status_code == 409


def test_nobody_answers_for_somebody_else_by_their_own_link(roster: Published, client: Any) -> None:
    others = asked(roster, "O2")[0]
    assert client.post(link_of("O1"), data={"do": "overtime_agree", "overtime": others.shown}).status_code == 409
    assert states(roster, "O2")[0] == "waiting"


def test_who_agreed_to_some_hours_has_not_agreed_to_more(roster: Published) -> None:
    first, *_later = asked(roster, "O1")
    actor = links.visit(link_of("O1").rpartition("/")[2], "").actor
    seen = (first.duty.id, first.duty.sequence, first.minutes)
    services.answer_own(roster.person["O1"], "agreed", seen=seen, actor=actor, now=EVENING)
    row = asked(roster, "O1")[0].said
    assert row is not None
    row.minutes -= 60
    db.session.commit()
    assert states(roster, "O1")[0] == "waiting"


def test_duty_at_home_and_of_normal_hours_is_never_asked(roster: Published) -> None:
    duties = db.session.scalars(select(Duty).where(Duty.form != "onsite")).all()
    assert duties
    assert not {each.id for each in duties} & {each.duty_id for each in queries.asks(roster.campaign_id, now=EVENING)}
    free = asked(roster, "O1")[0]
    assert 0 < free.minutes <= (free.duty.ends_at - free.duty.starts_at).total_seconds() / 60


def test_the_list_counts_and_what_was_said_on_the_telephone_is_noted(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    page = f"/roster/campaigns/{roster.campaign_id}/overtime"
    line = asked(roster, "O1")[0]
    assert people.person_by_code("O1").full_name in client.get(page).text
    said = {"person": "O1", "do": "refused", "how": "phone"}
    without = client.post(f"{page}/{line.duty.seat_id}", data=said)
    assert without.status_code == 422 and "Ghi đã nghe bằng cách nào" in without.text
    assert client.post(f"{page}/{line.duty.seat_id}", data=said | {"note": "gọi 19:40"}).status_code == 303
    refused = client.get(f"{page}?state=refused").text
    assert "gọi 19:40" in refused and "qua điện thoại, Lan ghi" in text(client.get(f"{page}?state=refused"))
    changed = client.post(f"{page}/{line.duty.seat_id}", data=said | {"person": "O2", "note": "gọi"})
    assert changed.status_code == 409
    assert client.post(f"/roster/campaigns/999/overtime/{line.duty.seat_id}", data=said).status_code == 404
    answers = client.get(f"/roster/campaigns/{roster.campaign_id}/confirmations")
    assert answers.status_code == 200 and f'{page}"' in answers.text and "/roster/presence" in answers.text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "overtime.refused")).one()
    assert entry.detail["how"] == "phone" and "gọi" not in str(entry.detail)


def test_signatures_on_paper_are_noted_together(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    page = f"/roster/campaigns/{roster.campaign_id}/overtime"
    form = text(client.get(f"{page}/form?unit=TINH"))
    assert "Trực điều hành, ca" in form
    assert "VĂN BẢN THỎA THUẬN" in form and "không ký không phải là từ chối ca trực" in form
    assert people.person_by_code("O3").full_name in form
    assert f"{page}/form?person=O3" in client.get(page).text
    alone = text(client.get(f"{page}/form?person=O3"))
    assert people.person_by_code("O3").full_name in alone and people.person_by_code("O1").full_name not in alone
    mine = [line.shown for line in asked(roster, "O3")]
    assert client.post(f"{page}/signed", data={"note": "12/TT"}).status_code == 422
    nothing = client.post(f"{page}/signed", data={"signed": mine})
    assert nothing.status_code == 422 and f'value="{mine[0]}" form="signed"' in nothing.text
    assert client.post(f"{page}/signed", data={"signed": [*mine, "0", "x"], "note": "12/TT"}).status_code == 303
    assert set(states(roster, "O3")) == {"agreed"}
    assert {line.said.via for line in asked(roster, "O3") if line.said} == {"paper"}
    assert "ký trên giấy" in text(client.get(f"{page}?state=agreed"))


def test_a_signature_counts_for_what_was_printed_and_nothing_else(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    page = f"/roster/campaigns/{roster.campaign_id}/overtime"
    line = asked(roster, "O3")[0]
    old, seat = line.shown, line.duty.seat_id
    line.duty.sequence += 1  # moved since the form was printed
    db.session.commit()
    answer = client.post(f"{page}/signed", data={"signed": [old], "note": "12/TT"}, follow_redirects=True)
    assert "1 ca vừa đổi, chưa ghi" in answer.text
    said = {"person": "O3", "do": "agreed", "how": "phone", "note": "gọi", "overtime": old}
    assert client.post(f"{page}/{seat}", data=said).status_code == 409
    assert states(roster, "O3")[0] == "waiting"


def test_a_manager_of_another_unit_sees_and_notes_nothing(roster: Published, client: Any) -> None:
    factories.make_unit("KHAC", name="Bưu điện khác")
    sign_in(client, "khac", "manager", unit="KHAC")
    page = f"/roster/campaigns/{roster.campaign_id}/overtime"
    line = asked(roster, "O1")[0]
    name = people.person_by_code("O1").full_name
    assert name not in client.get(page).text and name not in client.get(f"{page}/form").text
    said = {"person": "O1", "do": "agreed", "note": "gọi"}
    assert client.post(f"{page}/{line.duty.seat_id}", data=said).status_code == 403
    assert client.post(f"{page}/signed", data={"signed": [line.shown], "note": "12"}).status_code == 403
    assert states(roster, "O1")[0] == "waiting"


def test_by_the_api_one_answers_for_oneself_and_nobody_else(roster: Published, client: Any) -> None:
    own = keys.create_api_key(keys.NewApiKey("của O1", "staff", None, "O1"), now=EVENING, actor=factories.ADMIN)[1]
    head = {"Authorization": f"Bearer {own}"}
    seat, others = asked(roster, "O1")[0].duty.seat_id, asked(roster, "O2")[0].duty.seat_id
    answer = client.post(f"/api/v1/seats/{seat}/overtime-consent", json={"agrees": False}, headers=head)
    assert answer.status_code == 200, answer.json
    assert (answer.json["state"], answer.json["via"]) == ("refused", "api") and answer.json["overtime_minutes"] > 0
    assert (
        client.post(f"/api/v1/seats/{others}/overtime-consent", json={"agrees": True}, headers=head).status_code == 403
    )
    home = roster.seat("emergency", 0)
    all_of_it = keys.create_api_key(keys.NewApiKey("máy", "admin"), now=EVENING, actor=factories.ADMIN)[1]
    machine = {"Authorization": f"Bearer {all_of_it}"}
    none = client.post(f"/api/v1/seats/{home}/overtime-consent", json={"agrees": True, "note": "gọi"}, headers=machine)
    assert (none.status_code, none.json["code"]) == (409, "overtime.none")
    listed = client.get(f"/api/v1/campaigns/{roster.campaign_id}/overtime-consents", headers=machine).json
    assert [each["state"] for each in listed["items"] if each["seat"] == seat] == ["refused"]


def test_who_is_known_not_to_come_is_asked_nothing_and_is_on_no_form(roster: Published, client: Any) -> None:
    sign_in(client, "bdt", "manager")
    form, path = f"/roster/campaigns/{roster.campaign_id}/overtime/form", link_of("O2")
    first, *others = asked(roster, "O2")
    answers.answer(first.duty.seat_id, "refused", note="gọi", actor=factories.ADMIN, now=EVENING)
    assert [line.shown for line in asked(roster, "O2")] == [line.shown for line in others]
    answers.answer(first.duty.seat_id, "confirmed", note="gọi lại", actor=factories.ADMIN, now=EVENING)
    assert first.shown in [line.shown for line in asked(roster, "O2")], "who can come after all is asked after all"
    assert "Đồng chí có đồng ý" in client.get(path).text
    last = clock.local_date(others[-1].duty.ends_at)
    absence_services.add_absence("O2", clock.local_date(EVENING), last, "sick", actor=factories.ADMIN, now=EVENING)
    assert asked(roster, "O2") == [] and "Đồng chí có đồng ý" not in client.get(path).text
    assert people.person_by_code("O2").full_name not in client.get(form).text


def test_over_is_over_and_empty_is_empty(roster: Published) -> None:
    line = asked(roster, "O1")[0]
    later = line.duty.ends_at + timedelta(minutes=1)
    with pytest.raises(Conflict) as over:
        services.note_for(
            line.duty.seat_id, services.GivenAnswer("agreed", note="gọi", how="phone"), actor=factories.ADMIN, now=later
        )
    assert over.value.code == "seat.over"
    with pytest.raises(Invalid):
        services.note_for(
            line.duty.seat_id,
            services.GivenAnswer("agreed", note="dài " * 200, how="phone"),
            actor=factories.ADMIN,
            now=EVENING,
        )
    actor = links.visit(link_of("O1").rpartition("/")[2], "").actor
    with pytest.raises(Forbidden):
        services.note_for(
            asked(roster, "O2")[0].duty.seat_id,
            services.GivenAnswer("agreed", note="gọi", how="phone"),
            actor=actor,
            now=EVENING,
        )


@pytest.mark.both_dbs("answers of one person wait for each other")
def test_two_answers_at_once_are_one_after_the_other(roster: Published, app: Flask) -> None:
    line = asked(roster, "O1")[0]
    seen = (line.duty.id, line.duty.sequence, line.minutes)
    actor = links.visit(link_of("O1").rpartition("/")[2], "").actor

    def say(number: int) -> None:
        state: services.State = "agreed" if number else "refused"
        services.answer_own(roster.person["O1"], state, seen=seen, actor=actor, now=EVENING)

    in_parallel(app, 2, say)
    assert states(roster, "O1")[0] in ("agreed", "refused")
    kept = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("overtime.%"))).all()
    assert sorted(kept) == ["overtime.agreed", "overtime.refused"]


def test_signed_in_it_is_the_same_card_in_english_too(roster: Published, client: Any) -> None:
    sign_in(client, "o1", "staff", "O1")
    page = client.get("/me/").text
    each = shown(page)[0]
    assert client.post("/me/", data={"do": "overtime_agree", "overtime": each}).status_code == 303
    assert states(roster, "O1")[0] == "agreed"
    assert "VĂN BẢN THỎA THUẬN" in client.get("/me/overtime-form").text
    client.post("/language", data={"language": "en"})
    english = text(client.get("/me/"))
    assert "you agreed to work overtime" in english
    [hours, *_others] = {duration(line.minutes * 60) for line in asked(roster, "O1")}
    paper = text(client.get("/me/overtime-form"))
    assert "giờ" in hours and f"<td>{hours}</td>" in paper, "what is signed is Vietnamese throughout"


def test_the_form_by_the_link_is_ones_own(roster: Published, client: Any, new_client: Any) -> None:
    path = link_of("O1")
    client.post(path, data={"do": "me"})
    form = text(client.get(f"{path}/overtime-form"))
    assert people.person_by_code("O1").full_name in form and people.person_by_code("O2").full_name not in form
    assert new_client().get(f"{path}/overtime-form").status_code == 303
    assert client.get("/p/me/khong-co/overtime-form").status_code == 404


def test_who_has_no_shift_any_more_is_asked_nothing(roster: Published) -> None:
    assert asked(roster, "O1")
    for turn in range(4):
        drafts.set_people(
            roster.shifts("operations")[turn], ["O4"], override_reason="Đổi", actor=factories.ADMIN, now=EVENING
        )
    publishing.publish(roster.campaign_id, actor=factories.ADMIN, now=EVENING)
    assert asked(roster, "O1") == []
