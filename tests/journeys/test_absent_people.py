"""Illness and calls: who is recorded absent gets one message that does not ring, and nobody waits for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import db, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import forecast, gone_since, preview
from incidents.escalation.models import Ask
from incidents.escalation.preview import Scenario
from incidents.paging import manual_calls
from incidents.record import queries
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify.models import Message
from people.access import guard
from people.models import Absence, ContactMethod, UnitHead, User
from tests.support.cast import name_of
from tests.support.desk_story import DeskStory
from tests.support.enterprise import sign_in
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT

WAITS = {"repeat_after_seconds": 120, "ack_timeout_seconds": 600}
NOTE = "mổ ruột thừa"


def is_ill(story: DeskStory, *people: str) -> None:
    for person in people:
        body = {"person_code": person, "from": "2020-01-24", "to": "2020-01-26", "kind": "sick", "note": NOTE}
        story.api("POST", "/absences", body, 201)


def is_back(story: DeskStory, person: str) -> None:
    with transaction() as session:
        session.query(Absence).filter_by(person_id=story.night.ids[person]).delete()


def policy(story: DeskStory, *steps: dict[str, Any], **more: Any) -> None:
    story.api("PUT", "/escalation-policies/BDA", {"steps": list(steps)} | WAITS | more)


def duties(*after: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"duty": duty, "after_seconds": seconds} for duty, seconds in after]


def lines(story: DeskStory, code: str, kind: str) -> list[str]:
    return [entry["text"] for entry in story.incident(code)["timeline"] if entry["kind"] == kind]


def minutes(story: DeskStory, code: str) -> list[tuple[str, float]]:
    pages = story.incident(code)["pages"]
    return [(each["person"], (datetime.fromisoformat(each["at"]) - NIGHT) / timedelta(minutes=1)) for each in pages]


def called(story: DeskStory, code: str) -> list[str]:
    """Whom this incident called, in order (the one about the roster's gap calls people, too)."""
    return [person for person, _at in minutes(story, code)]


def test_who_is_absent_gets_one_message_and_the_next_step_follows_at_once(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 300), ("leadership", 300)))
    is_ill(story, "BI1")
    code = story.report()
    story.pulse()
    assert minutes(story, code) == [("BI1", 0), ("EM1", 0)], "nobody waits for Bình"
    sign_in(story.client, "an1")
    desk = story.client.get("/").get_data(as_text=True)
    assert f"Đang gọi {name_of('EM1')}<" in desk.replace("\n", ""), "and no screen says that Bình is being called"
    story.until(13)
    assert called(story, code).count("BI1") == 1, "never again, not in later turns"
    assert called(story, code).count("EM1") >= 2
    assert minutes(story, code)[2:4] == [("AN1", 5), ("EM1", 7)]
    [first, *_] = lines(story, code, "away")
    said = "Bước 1, lượt 1 · Trực điều hành: Trần Thị Bình vắng (đã ghi), chuyển bước sau"
    assert first == f"{said}; nhắn một tin để biết: Trần Thị Bình"
    assert all("Không có ai được phân công" not in line for line in lines(story, code, "skipped"))
    told = str(story.incident(code))
    assert NOTE not in told and "sick" not in told and "ốm" not in told


def test_the_answer_of_somebody_absent_counts_like_anybodys(story: DeskStory) -> None:
    is_ill(story, "BI1")
    code = story.report()
    story.pulse()
    mine = next(n for n, subject in enumerate(story.sink.subjects) if code in subject and story.woken()[n] == "BI1")
    assert "đang được ghi là vắng mặt" in story.sink.arrivals[mine].body
    story.press(story.link(mine), "take")
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình"
    story.until(8)
    assert called(story, code) == ["BI1", "EM1"], "nobody is called any more"


def test_the_wait_holds_while_somebody_else_of_the_step_was_called(story: DeskStory) -> None:
    story.night.publish("operations", "AN1")
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    is_ill(story, "BI1")
    code = story.report()
    story.until(4)
    assert minutes(story, code) == [("BI1", 0), ("AN1", 0)]
    story.until(5)
    assert minutes(story, code)[2:] == [("EM1", 5)]
    assert "Trần Thị Bình vắng (đã ghi), còn những người khác" in lines(story, code, "away")[0]


def test_nobody_waits_for_a_colleague_without_an_address_either(story: DeskStory) -> None:
    story.night.publish("operations", "PH1")
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    is_ill(story, "BI1")
    code = story.report()
    story.until(1)
    assert sorted(minutes(story, code)) == [("BI1", 0), ("EM1", 0), ("PH1", 0)]


def test_it_never_rings_and_is_a_text_message_only_where_nothing_else_is(
    story: DeskStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from people.notification_rules import ladders

    monkeypatch.setattr(ladders, "carried", lambda: frozenset({"email", "sms", "voice"}))
    is_ill(story, "BI1", "EM1", "PH1")
    story.night.publish("operations", "PH1")
    with transaction() as session:
        session.query(ContactMethod).filter_by(person_id=story.night.ids["EM1"], channel="email").delete()
    policy(story, *duties(("operations", 0), ("emergency", 300), ("leadership", 300)))
    code = story.report()
    story.until(6)
    ids = {story.night.ids[code]: code for code in ("BI1", "EM1", "PH1", "AN1")}
    mine = db.session.query(Message).filter(Message.idempotency_key.startswith("incident/1/"))
    assert story.incident(code)["pages"], "the first of the night"
    sent = [(ids[row.person_id], row.channel) for row in mine]
    assert sorted(each for each in sent if each[0] != "AN1") == [("BI1", "email"), ("EM1", "sms"), ("PH1", "sms")]
    assert ("AN1", "voice") in sent, "who is there is rung"


def test_nobody_is_asked_to_ring_somebody_absent(story: DeskStory) -> None:
    story.app.config.update(MAIL_URL="")
    is_ill(story, "BI1")
    code = story.report()
    story.pulse()
    waiting = {line.person.code for line in manual_calls.waiting(ADMIN, now=story.at(3)) if line.incident.code == code}
    assert waiting == {"EM1"} and called(story, code) == ["BI1", "EM1"]


def test_named_people_and_heads_of_units_are_treated_alike(story: DeskStory) -> None:
    with transaction() as session:
        session.add(UnitHead(unit_id=story.night.ids["BDA"], person_id=story.night.ids["AN1"]))
        session.add(UnitHead(unit_id=story.night.ids["BDT"], person_id=story.night.ids["QT1"]))
    policy(story, {"person": "EM1", "after_seconds": 0}, {"targets": [{"head": "each"}], "after_seconds": 60})
    is_ill(story, "EM1", "AN1")
    code = story.report()
    story.until(1)
    assert minutes(story, code) == [("EM1", 0), ("AN1", 0), ("QT1", 0)]
    told = lines(story, code, "away")
    assert "Người được nêu tên: Rơ Châm Em vắng" in told[0] and "Trưởng đơn vị: Nguyễn Văn An vắng" in told[1]


def test_in_a_step_for_all_only_those_who_are_there_must_answer(story: DeskStory) -> None:
    everybody = [{"duty": "operations"}, {"duty": "emergency"}, {"duty": "leadership"}]
    policy(story, {"targets": everybody, "after_seconds": 0, "all_must_acknowledge": True})
    is_ill(story, "EM1")
    code = story.report()
    story.pulse()
    assert sorted(called(story, code)) == ["AN1", "BI1", "EM1"]
    story.takes(code, "BI1")
    story.until(5)
    assert set(called(story, code)[3:]) == {"AN1"}
    db.session.rollback()
    assert {row.person.code for row in db.session.query(Ask).filter_by(kind="confirm")} == {"AN1", "BI1"}
    # An falls ill as well: nobody calls him for it any more; back again, he is asked as before.
    is_ill(story, "AN1")
    before = len(called(story, code))
    story.until(9)
    assert "AN1" not in called(story, code)[before:]
    is_back(story, "AN1")
    story.until(12)
    assert "AN1" in called(story, code)[before:]


def test_where_every_step_is_absent_the_chain_is_called(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    is_ill(story, "BI1", "EM1")
    code = story.report()
    story.pulse()
    assert minutes(story, code) == [("BI1", 0), ("EM1", 0), ("AN1", 0), ("QT1", 0)]
    assert "không bước nào có người: chuyển người dự phòng" in lines(story, code, "away")[0]
    story.until(7)
    assert sorted(called(story, code)[4:]) == ["AN1"] * 3 + ["QT1"] * 3, "the chain at each turn, the absent once"
    assert "nobody" not in story.told(code)


def test_an_absent_member_of_the_chain_is_told_once(story: DeskStory) -> None:
    story.night.withdraw("operations", "emergency", "leadership")
    is_ill(story, "AN1")
    code = story.report()
    story.until(12)
    assert called(story, code).count("AN1") == 1 and called(story, code).count("QT1") > 2


def test_where_everybody_is_absent_the_desk_is_told_loudly_all_turn_by_turn_and_nothing_loops(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    is_ill(story, "BI1", "EM1", "AN1", "QT1")
    code = story.report()
    story.pulse()
    assert sorted(called(story, code)) == ["AN1", "BI1", "EM1", "QT1"]
    for path in ("/", f"/incidents/{code}"):
        assert "ất cả" in read_page(story, path) and "đều vắng" in read_page(story, path), path
    assert 'data-alarm="late"' in read_page(story, "/")
    story.until(8)
    turns = sorted({at for _person, at in minutes(story, code)})
    assert turns[:4] == [0, 2, 4, 6] and len(turns) <= 5, "by the policy's pauses"
    assert story.incident(code)["exhausted"]
    assert any("không còn ai khác: vẫn nhắn tin" in line for line in lines(story, code, "away"))
    assert manual_calls.waiting(ADMIN, now=story.now) == []
    # Only while they are: An is back.
    is_back(story, "AN1")
    for path in ("/", f"/incidents/{code}"):
        assert "đều vắng" not in read_page(story, path), "not a moment longer"
    before = len(called(story, code))
    story.until(11)
    assert set(called(story, code)[before:]) == {"AN1"}, "whoever is there is called, and the absent had their message"


def read_page(story: DeskStory, path: str) -> str:
    """As An reads it, who manages the unit."""
    db.session.rollback()
    sign_in(story.client, "an1")
    answer = story.client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [pytest.param("step", marks=pytest.mark.rest), "chain"])
def test_one_who_is_there_is_rung_by_hand_and_the_absent_are_not_told_again(story: DeskStory, role: str) -> None:
    """Phong has no address: no message reaches him, but he is there, so not everybody is absent."""
    if role == "step":
        story.night.withdraw("emergency")
        story.night.publish("emergency", "PH1")
    else:
        with transaction() as session:
            facts = {"login": "ph1", "name": "Kpă Phong", "role": "admin", "created_at": NIGHT}
            session.add(User(person_id=story.night.ids["PH1"], **facts))
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    is_ill(story, "BI1", "EM1", "AN1", "QT1")
    code = story.report()
    story.until(9)
    absent = ("BI1", "AN1", *(("EM1",) if role == "chain" else ()))
    assert {person: called(story, code).count(person) for person in absent} == dict.fromkeys(absent, 1)
    assert called(story, code).count("PH1") > 2
    waiting = {line.person.code for line in manual_calls.waiting(ADMIN, now=story.now) if line.incident.code == code}
    assert waiting == {"PH1"} and "đều vắng" not in read_page(story, "/")


def test_an_absence_that_ends_or_is_taken_back_counts_no_more(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 60)))
    is_ill(story, "BI1")
    code = story.report()
    story.pulse()
    assert minutes(story, code) == [("BI1", 0), ("EM1", 0)]
    is_back(story, "BI1")
    story.until(2)
    assert minutes(story, code)[2:] == [("BI1", 2)], "called as anybody on duty"
    assert not lines(story, code, "away")[1:]


def test_who_falls_ill_after_the_call_is_waited_for_no_longer(
    story: DeskStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from people.notification_rules import ladders

    monkeypatch.setattr(ladders, "carried", lambda: frozenset({"email", "voice"}))
    policy(story, *duties(("operations", 0), ("emergency", 300), ("leadership", 300)))
    code = story.report()
    story.pulse()
    story.at(0.5)
    is_ill(story, "BI1")
    story.pulse()
    assert minutes(story, code)[-1][1] == 0.5 and called(story, code)[-1] == "EM1", "not after five minutes"
    assert "Trần Thị Bình vắng (đã ghi), chuyển bước sau" in lines(story, code, "away")[0]
    bell = db.session.query(Message).filter_by(channel="voice", person_id=story.night.ids["BI1"]).one()
    assert bell.state == "cancelled", "and nobody rings her bed"
    db.session.rollback()
    before = len(story.told(code))
    story.at(0.6)
    story.pulse()
    assert len(story.told(code)) == before, "said and done once"
    story.until(12)
    assert called(story, code).count("BI1") == 2, "one letter and one bell, long ago"


def test_who_falls_ill_beside_a_colleague_leaves_the_wait_to_them(story: DeskStory) -> None:
    story.night.publish("operations", "AN1")
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    code = story.report()
    story.pulse()
    story.at(1)
    is_ill(story, "BI1")
    story.until(4)
    assert sorted(called(story, code)) == ["AN1", "BI1"]


def test_a_hand_over_to_somebody_absent_is_put_to_the_next_step_as_well(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    story.night.publish("operations", "PH1", start=NIGHT + timedelta(hours=9), hours=8)
    story.night.publish("emergency", "EM1", start=NIGHT + timedelta(hours=9), hours=8)
    story.mail_of("PH1")
    code = story.report()
    story.pulse()
    story.press(story.link(story.woken().index("BI1")), "take")
    is_ill(story, "PH1")
    story.at(9 * 60 - 1)
    story.api("POST", f"/incidents/{code}/notes", {"note": "Đang xử lý"}, 201)
    story.at(9 * 60)
    before = len(called(story, code))
    story.pulse()
    assert sorted(called(story, code)[before:]) == ["EM1", "PH1"], "she takes it, or whoever comes next"
    story.until(9 * 60 + 9)
    assert called(story, code)[before:].count("PH1") == 1, "asked once"


def test_exercises_know_of_no_absence(story: DeskStory) -> None:
    is_ill(story, "BI1")
    rehearsal = story.night.rehearse(now=story.now)

    incident, _new = creation.log(
        IncidentReport(
            title="Diễn tập", category="power", unit_id=story.night.ids["BDA"], actor=ADMIN, rehearsal=rehearsal
        ),
        now=story.now,
    )
    code = incident.code
    story.pulse()
    assert "away" not in story.told(code)
    assert called(story, code) == ["BI1"]


def test_forecast_and_preview_say_beforehand_what_then_happens(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 60), ("leadership", 90)), repeat_most_seconds=240)
    is_ill(story, "BI1")
    code = story.report(severity=4)
    promised = forecast.next_calls(queries.by_code(code), story.now, lines=6)
    told = [(each.at, person.code) for each in promised for person in (*each.away, *each.people, *each.others)]
    case = Scenario(story.night.ids["BDA"], 4, "power", story.now)
    shown = preview.preview(case)
    assert [person.code for person in shown.calls[0].made.away] == ["BI1"]
    assert [person.code for person in shown.absent] == ["BI1"] and not shown.silent
    assert not any(call.made.away for call in shown.calls[1:]) and not shown.empty
    assert [person.code for call in shown.calls for person in call.made.passed][:1] == ["BI1"], "why, in later turns"
    db.session.rollback()
    story.until((promised[-1].at - NIGHT) / timedelta(minutes=1))
    happened = [(datetime.fromisoformat(page["at"]), page["person"]) for page in story.incident(code)["pages"]]
    assert told and happened[: len(told)] == told


def test_a_target_that_means_nobody_leaves_a_line(story: DeskStory) -> None:
    story.night.withdraw("emergency")
    policy(story, {"targets": [{"duty": "operations"}, {"duty": "emergency"}, {"head": "own"}], "after_seconds": 0})
    code = story.report()
    shown = preview.preview(Scenario(story.night.ids["BDA"], 3, "power", story.now))
    assert [(n, target.duty, target.head) for n, target in shown.vacant] == [(1, "emergency", None), (1, None, "own")]
    assert not shown.empty
    db.session.rollback()
    story.pulse()
    assert lines(story, code, "vacant") == [
        "Bước 1, lượt 1: không có ai ở Trực ứng cứu thông tin, Trưởng đơn vị; còn những người khác của bước"
    ]


def test_while_a_colleague_is_waited_for_a_look_asks_one_thing_and_writes_nothing(story: DeskStory) -> None:
    story.night.publish("operations", "AN1")
    policy(story, *duties(("operations", 0), ("emergency", 300)))
    code = story.report()
    story.pulse()
    assert called(story, code) == ["BI1", "AN1"]
    with transaction() as session:
        wanted = session.query(Message).filter_by(person_id=story.night.ids["BI1"]).first()
        assert wanted is not None
        ring = {each.name: getattr(wanted, each.name) for each in Message.__table__.columns if each.name != "id"}
        session.add(Message(**ring | {"idempotency_key": "ring", "channel": "voice", "state": "pending", "rung": 9}))
    story.at(1)
    is_ill(story, "BI1")
    gone_since.look(story.now)
    db.session.rollback()
    assert [row.state for row in db.session.query(Message).filter_by(channel="voice")] == ["cancelled"]
    db.session.rollback()
    with statements() as seen:
        assert gone_since.look(story.now) == 0
    assert len([each for each in seen if each != "BEGIN"]) == 1, seen
    is_ill(story, "AN1")
    assert gone_since.look(story.now) == 1, "nobody is left to wait for"
    db.session.rollback()
    with statements() as seen:
        assert gone_since.look(story.now) == 0
    assert len([each for each in seen if each != "BEGIN"]) == 1, seen


def test_who_has_it_and_falls_ill_is_asked_once_without_ringing_and_the_steps_go_on(
    story: DeskStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from people.notification_rules import ladders

    monkeypatch.setattr(ladders, "carried", lambda: frozenset({"email", "voice"}))
    policy(story, *duties(("operations", 0), ("emergency", 60)), alive_seconds=600)
    code = story.report()
    story.pulse()
    story.press(story.link(), "take")
    story.at(5)
    story.api("POST", f"/incidents/{code}/notes", {"note": "Đang kiểm tra máy phát"}, 201)
    is_ill(story, "BI1")
    promised = forecast.next_calls(queries.by_code(code), story.now, lines=2)
    assert [(call.rule, [each.code for each in call.people]) for call in promised][0] == ("assigned", ["EM1"])
    db.session.rollback()
    before = len(called(story, code))
    story.at(5.5)
    story.pulse()
    assert minutes(story, code)[before:] == [("BI1", 5.5), ("EM1", 5.5), ("EM1", 5.5)], "not after her ten minutes"
    assert story.incident(code)["status"] == "open"
    held = "Trần Thị Bình đang giữ sự cố nhưng vắng (đã ghi): không đổ chuông, không chờ, gọi lại từ đầu"
    assert lines(story, code, "away")[0] == f"{held}; nhắn một tin để biết: Trần Thị Bình"
    mine = db.session.query(Message).filter_by(person_id=story.night.ids["BI1"]).order_by(Message.id)
    assert mine.all()[-1].channel == "email", "nothing that rings"
    hers = [n for n, woken in enumerate(story.woken()) if woken == "BI1" and code in story.sink.arrivals[n].body]
    asked = hers[-1]
    said = story.sink.arrivals[asked].body
    assert "đang được ghi là vắng mặt" in said and "đề nghị đồng chí nhận lại" in said and NOTE not in said
    db.session.rollback()
    story.until(16)
    assert called(story, code)[before:].count("BI1") == 1, "never repeated"
    story.press(story.link(asked), "take")
    story.pulse()
    assert story.incident(code)["acknowledged_by"] == "Trần Thị Bình", "her answer counts"
    assert story.incident(code)["status"] == "acknowledged", "she knew of her absence when she took it"
    story.api("POST", f"/incidents/{code}/notes", {"note": "Vẫn theo dõi ở nhà"}, 201)
    story.until(28)
    assert called(story, code)[before:].count("BI1") == 1, "nor asked a second time: once an incident"
    assert story.incident(code)["status"] == "open"


def test_who_goes_although_absent_is_not_rung_about_the_arrival(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 60)))
    code = story.report()
    story.pulse()
    link = story.link()
    is_ill(story, "BI1")
    story.press(link, "take")
    story.press(link, "arrival", arrives="02:30")
    before = len(called(story, code))
    story.until(24)
    assert minutes(story, code)[before:][:2] == [("BI1", 20), ("EM1", 20)], "whoever comes next is asked at once"
    assert called(story, code)[before:].count("BI1") == 1


def test_who_falls_ill_on_the_way_is_not_waited_for_until_the_hour_they_promised(story: DeskStory) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 60)))
    code = story.report()
    story.pulse()
    link = story.link()
    story.press(link, "take")
    story.press(link, "arrival", arrives="02:30")
    before = len(called(story, code))
    story.at(1)
    is_ill(story, "BI1")
    story.pulse()
    assert minutes(story, code)[before:][:2] == [("BI1", 1), ("EM1", 1)] and story.incident(code)["status"] == "open"
    told = len(story.told(code))
    story.at(1.5)
    assert gone_since.look(story.now) == 0
    db.session.rollback()
    assert len(story.told(code)) == told, "asked once"


@pytest.mark.parametrize("sign", ["alive", "note", "arrival"])
def test_who_has_it_and_says_so_after_their_absence_was_noted_is_not_asked(story: DeskStory, sign: str) -> None:
    """Leave was noted for today; twenty seconds later she presses "still on it"."""
    policy(story, *duties(("operations", 0), ("emergency", 60)), alive_seconds=1200)
    code = story.report()
    story.pulse()
    link = story.link()
    story.press(link, "take")
    story.at(1)
    is_ill(story, "BI1")
    story.at(1.3)
    if sign == "note":
        with transaction() as session:
            account = session.query(User).filter_by(person_id=story.night.ids["BI1"]).one()
            account.name = "Tài khoản của Bình"
            hers = guard.actor_of(account)
        lifecycle.add_note(queries.by_code(code).id, note="Đang ở trạm", actor=hers, now=story.now)
    else:
        story.press(link, sign, arrives="02:30")
    before = len(called(story, code))
    story.pulse()
    assert story.incident(code)["status"] == "acknowledged" and len(called(story, code)) == before
    # What others write is no word of hers: noted absent anew, she is asked.
    is_back(story, "BI1")
    story.at(2)
    is_ill(story, "BI1")
    story.at(2.3)
    story.api("POST", f"/incidents/{code}/notes", {"note": "Gọi chị Bình không được"}, 201)
    story.pulse()
    assert story.incident(code)["status"] == "open" and "EM1" in called(story, code)[before:]


@pytest.mark.parametrize("other", ["absence of tomorrow", "noted before", "put off", "exercise"])
def test_whoever_has_it_keeps_it_where_no_absence_of_today_came_after(story: DeskStory, other: str) -> None:
    policy(story, *duties(("operations", 0), ("emergency", 60)), alive_seconds=1200)
    code = story.report()
    story.pulse()
    link = story.link()
    if other == "noted before":
        is_ill(story, "BI1")
        story.at(0.5)
    story.press(link, "take")
    if other == "put off":
        story.press(link, "snooze", until="02:25", reason="Chờ trời sáng")
    elif other == "exercise":
        rehearsal = story.night.rehearse(now=story.now)
        with transaction() as session:
            session.query(Incident).filter_by(code=code).one().rehearsal_id = rehearsal.id
    story.at(1)
    if other == "absence of tomorrow":
        body = {"person_code": "BI1", "from": "2020-01-26", "to": "2020-01-26", "kind": "sick", "note": NOTE}
        story.api("POST", "/absences", body, 201)
    elif other != "noted before":
        is_ill(story, "BI1")
    assert gone_since.look(story.now) == 0
    db.session.rollback()
    assert story.incident(code)["status"] == "acknowledged"
