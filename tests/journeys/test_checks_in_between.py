"""An unannounced check beside late gateways, other checks, answers at the last second, and what its sheet claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid
from duty.duty_checks import queries, services as checks
from duty.duty_checks.models import DutyCheck
from duty.duty_checks.services import CheckWanted
from notify.models import Message
from people.accounts import keys
from people.models import Absence
from roster.presence.models import Presence
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT
from tests.support.in_parallel import in_parallel
from tests.support.statements import statements
from tests.support.tet_night import Night

LATE = NIGHT - timedelta(hours=2, minutes=50)
"""23:20 on the eve."""
HOUR = timedelta(hours=1)
OVER = LATE + timedelta(minutes=15)


@pytest.fixture
def night(night: Night) -> Iterator[Night]:
    with clock.travel(LATE):
        yield night


def begun(night: Night, *units: str) -> DutyCheck:
    ids = [night.ids[each] for each in units or ("BDA",)]
    check = checks.start(CheckWanted(ids, second_yes=True), actor=night.actor("AN1", "manager"), now=LATE)
    stands(check, "sent", *(each.person_id for each in check.asks))
    return check


def asked(person_id: int) -> Message:
    """The message that asked them."""
    mine = select(Message).where(Message.person_id == person_id, Message.subject.not_like("Kết quả%"))
    return db.session.scalars(mine.execution_options(populate_existing=True)).one()


def stands(check: DutyCheck, state: str, *person_ids: int) -> None:
    with transaction() as session:
        mine = Message.topic == queries.topic(check.id), Message.person_id.in_(person_ids)
        session.execute(update(Message).where(*mine).values(state=state, hold_reason=""))


def test_what_a_slow_gateway_has_not_sent_is_taken_back_when_it_is_answered_or_over(night: Night) -> None:
    check = begun(night)
    binh, emergency, an = (night.ids[each] for each in ("BI1", "EM1", "AN1"))
    stands(check, "pending", binh, emergency)
    checks.answer(check.id, person="BI1", note="máy bàn", actor=ADMIN, now=LATE + timedelta(minutes=1))
    assert (asked(binh).state, asked(emergency).state) == ("cancelled", "pending")
    assert checks.close_due(OVER) == 1
    assert asked(emergency).state == "cancelled", "nobody is woken at three for a check of half past eleven"
    result = select(Message.state).where(Message.person_id == an, Message.subject.like("Kết quả%"))
    assert db.session.scalars(result).one() != "cancelled"


def test_the_sheet_says_whom_no_message_has_reached(night: Night, client: Any) -> None:
    check = begun(night)
    binh, emergency, an = (night.ids[each] for each in ("BI1", "EM1", "AN1"))
    stands(check, "sent", binh)
    stands(check, "pending", emergency)
    stands(check, "failed_permanent", an)
    assert queries.delivered(check) == {binh: "sent", emergency: "waiting", an: "failed"}
    enterprise.sign_in(client, "an1")
    page = client.get(f"/roster/duty-checks/{check.id}").text
    for words in ("đã gửi đi", "chờ gửi", "không gửi được"):
        assert len(re.findall(rf"<small>{words}</small>", page)) == 1
    assert "0 / 1 người trả lời." in page and "Chưa hỏi được 2 người." in page and page.count("chưa hỏi được") == 2
    checks.close_due(OVER)
    assert queries.delivered(queries.by_id(check.id)) == {binh: "sent", an: "failed"}, "what waited was taken back"
    printed = client.get(f"/roster/duty-checks/{check.id}/print").text
    assert printed.count("chưa hỏi được") == 2 and "Chưa hỏi được 2 người." in printed


def test_whoever_has_answered_hears_so_again_after_the_end(night: Night) -> None:
    check = begun(night)
    own = replace(night.actor("EM1"), via="link")
    first = checks.answer(check.id, actor=own, now=LATE + timedelta(minutes=14)).answered_at
    checks.close_due(OVER)
    assert checks.answer(check.id, actor=own, now=OVER + timedelta(minutes=1)).answered_at == first
    with pytest.raises(Conflict) as late:
        checks.answer(check.id, actor=night.actor("BI1"), now=OVER + timedelta(minutes=1))
    assert late.value.code == "check.closed"


@pytest.mark.both_dbs("answers and the end meet at the check")
def test_an_answer_at_the_last_second_is_on_the_sheet_that_is_sent_or_refused(night: Night, app: Flask) -> None:
    check_id = begun(night).id

    def meet(number: int) -> str:
        if number:
            return str(checks.close_due(OVER))
        try:
            return checks.answer(check_id, actor=night.actor("EM1"), now=OVER - timedelta(seconds=1)).via
        except Conflict as refused:
            return refused.code

    said = in_parallel(app, 2, meet)[0]
    [result] = db.session.scalars(select(Message.subject).where(Message.subject.like("Kết quả%")))
    assert ("1 trên 3" if said == "page" else "0 trên 3") in result


def test_who_has_checked_out_is_not_asked(night: Night) -> None:
    with transaction() as session:
        for duty, minutes in (("operations", -1), ("emergency", 1)):
            at = LATE + timedelta(minutes=minutes)
            said = {"at": at, "said_at": LATE, "said_by": "Bình", "via": "page", "sequence": 1}
            session.add(Presence(duty_id=night.duty(duty), kind="check_out", **said))
    assert sorted(each.person.code for each in begun(night).asks) == ["AN1", "EM1"]


def test_who_is_recorded_absent_gets_no_message_and_is_not_called_silent(night: Night, client: Any) -> None:
    with transaction() as session:
        on = clock.local_date(LATE)
        for code in ("BI1", "EM1"):
            session.add(Absence(person_id=night.ids[code], from_on=on, to_on=on, kind="sick", recorded_at=LATE - HOUR))
        said = {"at": LATE, "said_at": LATE, "said_by": "Em", "via": "page", "sequence": 1}
        session.add(Presence(duty_id=night.duty("emergency"), kind="check_in", **said))
    check = begun(night)
    assert queries.away(check) == {night.ids["BI1"]}, "Em came after all"
    assert db.session.scalars(select(Message).where(Message.person_id == night.ids["BI1"])).all() == []
    enterprise.sign_in(client, "an1")
    page = client.get(f"/roster/duty-checks/{check.id}").text
    assert page.count("vắng theo ghi nhận") == 1 and "sick" not in page and "ốm" not in page
    assert "vắng theo ghi nhận" in client.get(f"/roster/duty-checks/{check.id}/print").text


def test_one_check_beside_another_leaves_some_unit_out(night: Night) -> None:
    for unit in ("BDA-1", "BDT", "BDC"):
        night.publish("operations", "CH1", unit)
    first = CheckWanted([night.ids["BDA"], night.ids["BDA-1"]], second_yes=True)
    checks.start(first, actor=ADMIN, now=LATE)
    with pytest.raises(Invalid) as rest:
        checks.start(CheckWanted([night.ids["BDT"], night.ids["BDC"]], second_yes=True), actor=ADMIN, now=LATE)
    assert (rest.value.code, rest.value.params["most"]) == ("check.all_units", 1)
    assert checks.start(CheckWanted([night.ids["BDC"]], second_yes=True), actor=ADMIN, now=LATE).asks
    checks.close_due(OVER)
    assert checks.start(CheckWanted([night.ids["BDT"], night.ids["BDC"]], second_yes=True), actor=ADMIN, now=OVER).asks


def test_a_hundred_checks_are_listed_in_a_few_questions(night: Night, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("An", "admin"), now=LATE, actor=ADMIN)[1]

    def listed() -> int:
        db.session.expunge_all()
        with statements() as sent:
            found = client.get("/api/v1/duty-checks", headers={"Authorization": f"Bearer {key}"})
        assert found.status_code == 200
        return len(sent)

    begun(night)
    few = listed()
    for number, unit in enumerate(("BDA-1", "BDT", "BDC")):
        for person in ("PH1", "QT1", "CH1", "DU1"):
            night.publish("support", person, unit)
        checks.start(
            CheckWanted([night.ids[unit]], second_yes=True), actor=ADMIN, now=LATE + timedelta(minutes=16 * number)
        )
    assert listed() <= few + 1
    head = {"Authorization": f"Bearer {key}"}
    first = client.get("/api/v1/duty-checks?limit=3", headers=head).json
    rest = client.get(f"/api/v1/duty-checks?limit=3&cursor={first['next']}", headers=head).json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 1, None]
