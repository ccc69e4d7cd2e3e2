"""Half past eleven in the night of Mùng 1: An, who leads the district, looks whether it is served.

In the district Bình serves operations, Em emergencies, An leads; Phong serves operations at the point below, and also
emergencies of the district.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, DomainError, Forbidden, Invalid
from duty.duty_checks import disowning, queries, rules, services as checks
from duty.duty_checks.models import DutyCheck, DutyCheckAsk
from duty.duty_checks.services import CheckWanted
from notify import precedence
from notify.models import Message
from people import queries as people
from people.accounts import keys
from people.links import answering
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT
from tests.support.in_parallel import in_parallel
from tests.support.mail import Mail
from tests.support.own_links import own_path
from tests.support.tet_night import Night

LATE = NIGHT - timedelta(hours=2, minutes=40)
"""23:30 on the eve."""


@pytest.fixture
def night(night: Night, mail: Mail) -> Iterator[Night]:
    night.publish("operations", "PH1", "BDA-1")
    night.publish("emergency", "PH1", "BDA")
    with clock.travel(LATE):
        yield night


def both(night: Night) -> list[int]:
    return [night.ids["BDA"], night.ids["BDA-1"]]


def begun(night: Night, **more: Any) -> DutyCheck:
    """Its questions have left."""
    wanted = {"unit_ids": both(night), "second_yes": True} | more
    check = checks.start(CheckWanted(**wanted), actor=night.actor("AN1", "manager"), now=LATE)
    with transaction() as session:
        mine = update(Message).where(Message.topic == queries.topic(check.id))
        session.execute(mine.values(state="sent", sent_at=LATE))
    return check


def ask_of(check: DutyCheck, code: str) -> DutyCheckAsk:
    wanted = select(DutyCheckAsk).where(DutyCheckAsk.check_id == check.id)
    person = people.person_by_code(code)
    return db.session.scalars(wanted.where(DutyCheckAsk.person_id == person.id)).one()


def own_page(code: str) -> str:
    return own_path(code, now=LATE)


def letters(like: str = "duty-check/%") -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.topic.like(like)).order_by(Message.id)))


def test_a_check_at_half_past_eleven_takes_a_second_yes(night: Night, client: Any) -> None:
    enterprise.sign_in(client, "an1")
    page = client.get("/roster/duty-checks/").text
    assert "Tôi vẫn kiểm tra" in page and page.count('" checked>') == 2, "both units are drawn: there are no more"
    form = {"unit": [str(each) for each in both(night)], "minutes": "20", "note": "đêm Giao thừa"}
    refused = client.post("/roster/duty-checks/", data=form)
    assert (
        refused.status_code == 422 and "chỉ kiểm tra khi thật cần" in refused.text and "đêm Giao thừa" in refused.text
    )
    assert letters() == []
    started = client.post("/roster/duty-checks/", data=form | {"second_yes": "y"})
    assert started.status_code == 303
    check = db.session.scalars(select(DutyCheck)).one()
    assert check.at_night and check.closes_at == LATE + timedelta(minutes=20)
    with clock.travel(LATE - timedelta(hours=2)):
        assert "Tôi vẫn kiểm tra" not in client.get("/roster/duty-checks/").text


def test_one_unit_is_silent_one_answered_by_phone_and_the_sheet_says_after_how_long(
    night: Night, new_client: Any
) -> None:
    check = begun(night)
    assert sorted(each.person.code for each in check.asks) == ["AN1", "BI1", "EM1", "PH1"]
    assert all(each.rank == precedence.NOTICE and not each.urgent for each in letters()), "incidents go first"
    own, path = new_client(), own_page("BI1")
    shown = own.get(path).text
    assert "Tôi đang trực" in shown and "trước 23:45" in shown
    device = (LATE + timedelta(minutes=2)).isoformat()
    with clock.travel(LATE + timedelta(minutes=3)):
        said = own.post(path, data={"do": "on_duty", "check": str(check.id), "device_at": device})
        assert said.status_code == 303 and "Tôi đang trực" not in own.get(path).text
    an = new_client()
    enterprise.sign_in(an, "an1")
    sheet = f"/roster/duty-checks/{check.id}"
    with clock.travel(LATE + timedelta(minutes=7)):
        without = an.post(sheet, data={"person": "EM1"})
        assert without.status_code == 422 and "Ghi đã nghe bằng cách nào" in without.text
        assert an.post(sheet, data={"person": "EM1", "note": "máy bàn 23:37"}).status_code == 303
        page = an.get(sheet).text
        assert "trả lời sau 3 phút" in page and "trả lời sau 7 phút" in page and "giờ trên máy 23:32" in page
        assert "Nguyễn Văn An ghi qua điện thoại:" in page and "“máy bàn 23:37”" in page
    for minutes in (14, 15, 16):
        checks.close_due(LATE + timedelta(minutes=minutes))
    result = [each for each in letters() if "Kết quả" in each.subject]
    assert [each.person_id for each in result] == [night.ids["AN1"]], "once, to who asked"
    assert "2 trên 3 người trả lời" in result[0].subject and "Chưa hỏi được 1 người." in result[0].body
    assert "Không ai trả lời" not in result[0].body, "nothing carries words to Phong: nobody asked him"
    unasked = queries.counted(queries.by_id(check.id)).unasked
    sheet_of = queries.sheet(queries.by_id(check.id))
    assert unasked == {night.ids["PH1"]} and [each.is_silent(unasked) for each in sheet_of] == [False, False]
    assert [each.is_silent(()) for each in sheet_of] == [False, True]
    printed = an.get(f"{sheet}/print").text
    assert "KẾT QUẢ KIỂM TRA TRỰC ĐỘT XUẤT" in printed and "chưa hỏi được" in printed and "máy bàn 23:37" in printed
    an.post("/language", data={"language": "en"})
    assert "Duty check of 23:30" in an.get(sheet).text and "It is between 23:00" in an.get("/roster/duty-checks/").text
    an.post("/language", data={"language": "vi"})
    with clock.travel(LATE + timedelta(minutes=20)):
        late = an.post(sheet, data={"person": "PH1", "note": "gọi"})
    assert late.status_code == 409 and "đã kết thúc" in late.text
    assert db.session.scalars(select(Message).where(Message.urgent)).all() == [], "nobody is called because of it"


def test_somebody_on_two_duties_is_asked_once_and_stands_under_both_units(night: Night) -> None:
    check = begun(night)
    mine = ask_of(check, "PH1")
    assert [(each["unit"], each["duty"]) for each in mine.duties] == [
        (night.ids["BDA"], "emergency"),
        (night.ids["BDA-1"], "operations"),
    ]
    assert (queries.counted(check).asked, queries.counted(check).answered) == (3, 0), "Phong has no address"
    assert sum(mine in unit.asks for unit in queries.sheet(check)) == 2
    assert len([each for each in letters() if each.person_id == night.ids["PH1"]]) <= 1


def test_who_has_no_way_to_be_written_to_is_to_be_rung(night: Night) -> None:
    person = people.person_by_code("PH1")
    person.contacts.clear()
    db.session.commit()
    assert ask_of(begun(night), "PH1").channel == ""


def test_never_all_units_and_nobody_outside_ones_reach(night: Night) -> None:
    for unit in ("BDT", "BDC"):
        night.publish("operations", "CH1", unit)
    every = [night.ids[each] for each in ("BDA", "BDA-1", "BDT", "BDC")]
    with pytest.raises(Invalid) as everybody:
        checks.start(CheckWanted(every, second_yes=True), actor=ADMIN, now=LATE)
    assert everybody.value.code == "check.all_units" and everybody.value.params["most"] == 3
    an = night.actor("AN1", "manager")
    for actor in (an, night.actor("BI1"), night.actor("CH1", "manager", "BDT")):
        reached = actor.role == "manager" and actor is not an
        if not reached:
            with pytest.raises(Forbidden):
                checks.start(CheckWanted([night.ids["BDC"]], second_yes=True), actor=actor, now=LATE)
    assert checks.start(CheckWanted(every[:3], second_yes=True), actor=ADMIN, now=LATE).asks


def test_leadership_on_duty_may_and_operations_may_not(night: Night) -> None:
    wanted = CheckWanted([night.ids["BDA-1"]], second_yes=True)
    with pytest.raises(Forbidden):
        checks.start(wanted, actor=night.actor("BI1"), now=LATE)
    leads = replace(night.actor("AN1"), role="staff")
    check = checks.start(wanted, actor=leads, now=LATE)
    after = NIGHT + timedelta(hours=20)
    checks.ensure_visible(check, leads, after)
    assert queries.in_reach(set(), leads.person_id) == [check] and queries.in_reach(set(), night.ids["BI1"]) == []
    with pytest.raises(Forbidden):
        checks.ensure_visible(check, night.actor("BI1"), after)
    with pytest.raises(Forbidden):
        checks.start(wanted, actor=leads, now=NIGHT + timedelta(hours=20))


@pytest.mark.both_dbs("checks are begun one after the other")
def test_two_who_check_the_same_unit_at_once_ask_nobody_twice(night: Night, app: Flask) -> None:
    actor = night.actor("AN1", "manager")

    def begin(_number: int) -> str:
        try:
            return str(checks.start(CheckWanted(both(night), second_yes=True), actor=actor, now=LATE).id)
        except DomainError as fault:
            return fault.code

    assert "check.running" in in_parallel(app, 2, begin)
    assert len(db.session.scalars(select(DutyCheck)).all()) == 1
    assert len({each.person_id for each in letters()}) == len(letters())


@pytest.mark.both_dbs("the first answer stands")
def test_two_answers_at_once_leave_the_first(night: Night, app: Flask) -> None:
    check_id = begun(night).id
    own, operator = replace(night.actor("EM1"), via="link"), night.actor("AN1", "manager")

    def say(number: int) -> str:
        at = LATE + timedelta(minutes=number + 1)
        actor: Actor = operator if number else own
        return checks.answer(check_id, person="EM1", note="gọi", actor=actor, now=at).via

    assert len(set(in_parallel(app, 2, say))) == 1
    again = checks.answer(check_id, person="EM1", note="gọi lại", actor=operator, now=LATE + timedelta(minutes=9))
    assert again.note == "gọi"


def test_the_sheet_says_that_an_answer_came_from_an_address_that_another_gave(night: Night, new_client: Any) -> None:
    """An gives Em an address of his own, and answers the check from there: no slip was printed."""
    check, an = begun(night), night.actor("AN1", "manager")
    own = replace(night.actor("EM1"), via="link", user_id=None)
    checks.answer(check.id, actor=answering.as_slip(own, (an.name, an.ref)), now=LATE)
    client = new_client()
    enterprise.sign_in(client, "an1")
    for path in (f"/roster/duty-checks/{check.id}", f"/roster/duty-checks/{check.id}/print"):
        shown = " ".join(client.get(path).text.split())
        assert f"địa chỉ do {an.name} thêm" in shown and f"in bởi {an.name}" not in shown, path


@pytest.mark.both_dbs("an answer is taken back")
def test_an_answer_that_was_not_theirs_is_taken_back_and_told_above(night: Night, new_client: Any) -> None:
    """An prints Em's slip and says by it that Em is there."""
    check, an = begun(night), night.actor("AN1", "manager")
    by_slip = replace(night.actor("EM1"), via="slip", slip_by=an.name, slip_ref=an.ref, user_id=None)
    said = checks.answer(check.id, actor=by_slip, now=LATE)
    assert (said.how, said.slip_by, said.by_ref) == ("slip", an.name, an.ref)
    _key, secret = keys.create_api_key(keys.NewApiKey("An", "manager", "BDA", "AN1"), now=LATE, actor=ADMIN)
    head = {"Authorization": f"Bearer {secret}"}
    answers = new_client().get(f"/api/v1/duty-checks/{check.id}", headers=head).json["answers"]
    known = next(each for each in answers if each["person"] == "EM1")
    assert (known["via"], known["slip_by"]) == ("slip", an.name)
    own, path = new_client(), own_page("EM1")
    assert f"theo phiếu in bởi {an.name}" in " ".join(own.get(path).text.split())
    assert own.post(path, data={"do": "disown_check", "check": check.id}).status_code == 303
    db.session.expire_all()
    again = ask_of(check, "EM1")
    assert (again.answered_at, again.how, again.answered_by, again.by_ref) == (None, "", "", "")
    assert own.post(path, data={"do": "disown_check", "check": check.id}).status_code == 409
    told = letters("disown/%")
    assert told and people.person_by_code("AN1").id not in {each.person_id for each in told}
    own.post(path, data={"do": "on_duty", "check": check.id})
    with pytest.raises(Conflict) as refused:
        disowning.disown(check.id, person=people.person_by_code("EM1"), actor=by_slip, now=LATE)
    assert refused.value.code == "slip.not_enough"
    with pytest.raises(Conflict) as refused:
        disowning.disown(
            check.id, person=people.person_by_code("EM1"), actor=night.actor("EM1"), now=LATE + timedelta(days=3)
        )
    assert refused.value.code == "check.not_asked", "what has been reported for days is changed by nobody"


@pytest.mark.both_dbs("closing is claimed by one worker")
def test_two_workers_close_it_once(night: Night, app: Flask) -> None:
    begun(night)
    assert sum(in_parallel(app, 2, lambda _n: checks.close_due(LATE + timedelta(minutes=15)))) == 1
    assert len([each for each in letters() if "Kết quả" in each.subject]) == 1


def test_it_is_answered_only_for_oneself_or_with_how_it_was_heard(night: Night) -> None:
    check = begun(night)
    with pytest.raises(Forbidden):
        checks.answer(check.id, person="EM1", note="gọi", actor=night.actor("CH1", "manager", "BDC"), now=LATE)
    with pytest.raises(Conflict) as not_asked:
        checks.answer(check.id, person="CH1", note="gọi", actor=ADMIN, now=LATE)
    assert not_asked.value.code == "check.not_asked"
    odd = datetime(2031, 1, 1, tzinfo=UTC)
    said = checks.answer(check.id, device_at=odd, actor=night.actor("BI1"), now=LATE)
    assert (said.via, said.device_at) == ("page", None), "a clock that is years off says nothing"


def test_at_a_rehearsal_it_says_so_and_asks_whom_that_roster_names(night: Night, client: Any) -> None:
    noon = NIGHT + timedelta(days=20)
    night.rehearse(now=noon)
    enterprise.sign_in(client, "qt1")
    with clock.travel(noon):
        page = client.get("/roster/duty-checks/").text
        link = re.search(r"/roster/duty-checks/\?rehearsal=(\d+)", page)
        assert link is not None and "Lúc này không có ai đang trực" in page
        assert "Bưu điện huyện A" in client.get(link[0]).text
        form = {"unit": str(night.ids["BDA"]), "minutes": "15", "rehearsal": link[1]}
        assert client.post("/roster/duty-checks/", data=form).status_code == 303
        check = db.session.scalars(select(DutyCheck)).one()
        assert check.exercise and "DIỄN TẬP" in client.get(f"/roster/duty-checks/{check.id}").text
        assert all(each.subject.startswith("DIỄN TẬP. ") for each in letters())
        assert "DIỄN TẬP" in client.get(own_page("BI1")).text
    assert queries.last_checked(both(night)) == {}, "an exercise is no check of the unit"


def test_by_the_api_with_times(night: Night, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("An", "manager", "BDA", "AN1"), now=LATE, actor=ADMIN)[1]
    head = {"Authorization": f"Bearer {key}"}
    body: dict[str, Any] = {"unit": "BDA", "units": ["BDA-1"], "note": "đêm"}
    refused = client.post("/api/v1/duty-checks", json=body, headers=head)
    assert (refused.status_code, refused.json["code"]) == (409, "check.second_yes")
    nobody = client.post("/api/v1/duty-checks", json=body | {"second_yes": True, "who": ["CH1"]}, headers=head)
    assert (nobody.status_code, nobody.json["code"]) == (409, "check.not_on_duty")
    some = client.post("/api/v1/duty-checks", json=body | {"second_yes": True, "who": ["BI1", "PH1"]}, headers=head)
    assert some.status_code == 201 and [each["person"] for each in some.json["answers"]] == ["BI1", "PH1"]
    path = f"/api/v1/duty-checks/{some.json['id']}"
    with clock.travel(LATE + timedelta(minutes=4)):
        said = client.post(f"{path}/answers", json={"person": "PH1", "note": "máy bàn"}, headers=head)
    assert (said.status_code, said.json["after_seconds"], said.json["via"]) == (200, 240, "phone")
    assert said.json["units"] == ["BDA", "BDA-1"]
    read = client.get(path, headers=head).json
    assert (read["asked"], read["answered"], read["unasked"]) == (1, 1, 1), "it has not left yet"
    assert [each["id"] for each in client.get("/api/v1/duty-checks", headers=head).json["items"]] == [read["id"]]
    other = keys.create_api_key(keys.NewApiKey("Chi", "manager", "BDC", "CH1"), now=LATE, actor=ADMIN)[1]
    assert client.get(path, headers={"Authorization": f"Bearer {other}"}).status_code == 403
    assert client.get("/api/v1/duty-checks", headers={"Authorization": f"Bearer {other}"}).json["items"] == []


def test_units_that_were_checked_lately_are_not_drawn_again(night: Night) -> None:
    for unit in ("BDT", "BDC"):
        night.publish("operations", "CH1", unit)
    first = {each.unit.id for each in queries.choices(None, now=LATE) if each.is_drawn}
    assert len(first) == rules.DRAWN
    checks.start(CheckWanted(sorted(first), second_yes=True), actor=ADMIN, now=LATE)
    [left] = {night.ids[each] for each in ("BDA", "BDA-1", "BDT", "BDC")} - first
    later = queries.choices(None, now=LATE + timedelta(hours=1))
    assert left in {each.unit.id for each in later if each.is_drawn}


@given(
    st.sets(st.integers(1, 40), max_size=12),
    st.dictionaries(st.integers(1, 40), st.datetimes(datetime(2020, 1, 1), datetime(2020, 2, 1)), max_size=12),
)
def test_what_is_drawn_was_never_checked_later_than_what_is_left(on_duty: set[int], last: dict[int, datetime]) -> None:
    at = {unit: when.replace(tzinfo=UTC) for unit, when in last.items()}
    drawn = rules.drawn(on_duty, at, str)
    assert len(drawn) == min(rules.DRAWN, len(on_duty)) and set(drawn) <= on_duty
    assert len(on_duty) <= rules.DRAWN or not rules.is_everybody(drawn, on_duty)
    never = datetime(2000, 1, 1, tzinfo=UTC)
    newest = max((at.get(unit, never) for unit in drawn), default=never)
    assert all(at.get(unit, never) >= newest for unit in on_duty - set(drawn))


@pytest.mark.parametrize(
    ("clock_says", "needs"), [("22:59", False), ("23:00", True), ("00:59", True), ("01:00", False)]
)
def test_the_hours_of_the_second_yes(clock_says: str, needs: bool) -> None:
    at = datetime.fromisoformat(f"2020-01-25T{clock_says}:00+07:00")
    assert rules.needs_second_yes(at) is needs and rules.needs_second_yes(at.astimezone(UTC)) is needs
