"""A published seat whose holder is recorded absent has a coverage incident before any other incident meets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import db, transaction
from incidents.coverage import seats_at_risk
from people.models import Absence, PersonDuty
from roster.models import Duty
from tests.support.desk_story import DeskStory
from tests.support.statements import statements
from tests.support.tet_night import NIGHT

HOUR = timedelta(hours=1)


def is_ill(story: DeskStory, person: str, first: str = "2020-01-24", last: str = "2020-01-26") -> int:
    body = {"person_code": person, "from": first, "to": last, "kind": "sick", "note": "mổ ruột thừa"}
    return int(story.api("POST", "/absences", body, 201)["id"])


def at(story: DeskStory, hours: float) -> list[tuple[str, str]]:
    """What stands ``hours`` after ten past two: (title, status) of the incidents about seats at risk."""
    story.at(hours * 60)
    story.pulse()
    return known(story)


def known(story: DeskStory) -> list[tuple[str, str]]:
    found = story.api("GET", "/incidents?q=không chắc có người&limit=100")["items"]
    assert all(" · từ " in each["title"] for each in found), "two gaps of one duty are told apart"
    return sorted((each["title"].partition(": ")[2].partition(" · từ ")[0], each["status"]) for each in found)


def detail(story: DeskStory) -> dict[str, Any]:
    return story.incident(story.api("GET", "/incidents?q=không chắc có người")["items"][0]["code"])


EMERGENCY, OPERATIONS = "Trực ứng cứu thông tin · Bưu điện huyện A", "Trực điều hành · Bưu điện huyện A"


def test_who_is_on_duty_now_falls_ill_and_it_is_raised_at_once(story: DeskStory) -> None:
    is_ill(story, "BI1")
    assert at(story, 0) == [(OPERATIONS, "open")]
    told = detail(story)
    assert (told["category"], told["unit"]) == ("coverage", "BDA")
    assert "Ca 23:10 24/01 – 11:10 25/01: Trần Thị Bình vắng (đã ghi)." in told["description"]
    assert "mổ" not in str(told) and "sick" not in str(told)
    assert story.woken(), "somebody hears of it"
    assert at(story, 1) == [(OPERATIONS, "open")], "one incident, however often it is looked at"


def test_by_night_a_later_shift_waits_for_the_morning(story: DeskStory) -> None:
    story.night.publish("emergency", "PH1", start=NIGHT + 18 * HOUR, hours=8)
    is_ill(story, "PH1")
    assert at(story, 0) == [] and at(story, 4.8) == [], "nobody is woken for it"
    assert at(story, 4.84) == [(EMERGENCY, "open")], "at seven"


def test_late_in_the_evening_a_shift_of_the_small_hours_is_raised_when_it_is_near(story: DeskStory) -> None:
    story.night.publish("emergency", "PH1", start=NIGHT + 26 * HOUR, hours=8)
    story.at(19.5 * 60)  # 21:40
    is_ill(story, "PH1")
    assert at(story, 19.6) == []
    assert at(story, 20) == [(EMERGENCY, "open")], "six hours before it begins"


def test_by_day_it_is_raised_at_once_up_to_seven_days_ahead(story: DeskStory) -> None:
    story.night.publish("emergency", "PH1", start=NIGHT + 7 * 24 * HOUR, hours=8)
    story.night.publish("operations", "BI1", start=NIGHT + 9 * 24 * HOUR, hours=8)
    story.at(8 * 60)
    is_ill(story, "PH1", "2020-02-01", "2020-02-01")
    is_ill(story, "BI1", "2020-02-03", "2020-02-04")
    assert at(story, 8) == [(EMERGENCY, "open")]
    assert at(story, 2 * 24 + 1) == [(EMERGENCY, "open")], "night: the other one has come near enough, but can wait"
    assert at(story, 2 * 24 + 5) == [(OPERATIONS, "open"), (EMERGENCY, "open")], "in the morning"


def test_it_resolves_itself_when_the_absence_is_taken_back(story: DeskStory) -> None:
    absence = is_ill(story, "BI1")
    at(story, 0)
    story.api("DELETE", f"/absences/{absence}", status=204)
    assert at(story, 0.1) == [(OPERATIONS, "resolved")]
    assert [entry["note"] for entry in detail(story)["timeline"] if entry["kind"] == "resolved"] == [
        "Đã có người trực."
    ]
    is_ill(story, "BI1")
    assert at(story, 0.2) == [(OPERATIONS, "open"), (OPERATIONS, "resolved")], "ill once more is a new gap"


def test_it_resolves_itself_when_somebody_else_takes_the_seat(story: DeskStory) -> None:
    is_ill(story, "BI1")
    at(story, 0)
    with transaction() as session:  # what a cover publishes
        session.add(PersonDuty(person_id=story.night.ids["EM1"], duty="operations"))
        row = session.query(Duty).filter_by(person_id=story.night.ids["BI1"]).one()
        row.cancelled_at = story.now
        session.add(
            Duty(
                seat_id=row.seat_id,
                shift_id=row.shift_id,
                campaign_id=row.campaign_id,
                unit_id=row.unit_id,
                person_id=story.night.ids["EM1"],
                duty=row.duty,
                template=row.template,
                form=row.form,
                sequence=2,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                changed_at=story.now,
            )
        )
    assert at(story, 0.1) == [(OPERATIONS, "resolved")]


def test_it_resolves_itself_when_the_shift_is_over(story: DeskStory) -> None:
    is_ill(story, "BI1")
    at(story, 0)
    assert at(story, 8.9) == [(OPERATIONS, "open")] and at(story, 9) == [(OPERATIONS, "resolved")]
    assert "Ca trực đã qua." in str(detail(story)["timeline"])


def test_a_shift_that_leaves_the_roster_is_not_said_to_be_covered(story: DeskStory) -> None:
    is_ill(story, "BI1")
    at(story, 0)
    story.night.withdraw("operations")
    assert at(story, 0.1) == [(OPERATIONS, "resolved")]
    assert "Ca này không còn trong lịch đã ban hành." in str(detail(story)["timeline"])


def test_gaps_that_grow_together_go_on_as_the_oldest_incident(story: DeskStory) -> None:
    """Ill in the first and the third shift, then whoever has the one between: the people who work on it are not
    rung about two."""
    for turn, person in enumerate(("BI1", "PH1", "BI1")):
        story.night.publish("emergency", person, start=NIGHT + (30 + 8 * turn) * HOUR, hours=8)
    at(story, 8)
    story.night.withdraw("operations")
    is_ill(story, "BI1", last="2020-01-27")
    assert at(story, 8.1) == [(EMERGENCY, "open")] * 2
    first, second = sorted(
        each["code"] for each in story.api("GET", "/incidents?q=không chắc có người&limit=100")["items"]
    )
    is_ill(story, "PH1")
    assert at(story, 8.2) == [(EMERGENCY, "open"), (EMERGENCY, "resolved")]
    assert story.incident(first)["status"] == "open"
    [ended] = [entry for entry in story.incident(second)["timeline"] if entry["kind"] == "resolved"]
    assert ended["note"] == f"Các ca trống nay liền nhau, theo dõi tiếp ở {first}."
    assert at(story, 9) == [(EMERGENCY, "open"), (EMERGENCY, "resolved")]


def test_shifts_that_follow_each_other_are_one_gap_and_pass_one_by_one(story: DeskStory) -> None:
    story.night.publish("operations", "BI1", start=NIGHT + 9 * HOUR, hours=8)
    story.night.publish("operations", "BI1", start=NIGHT + 30 * HOUR, hours=8)
    is_ill(story, "BI1", last="2020-01-27")
    assert at(story, 0) == [(OPERATIONS, "open")], "the one of tomorrow waits for the morning"
    assert at(story, 6) == [(OPERATIONS, "open")] * 2
    assert at(story, 10) == [(OPERATIONS, "open")] * 2, "the first shift is over, the second is the same gap"
    assert at(story, 17.1) == [(OPERATIONS, "open"), (OPERATIONS, "resolved")]


def test_what_people_resolved_is_not_raised_again(story: DeskStory) -> None:
    is_ill(story, "BI1")
    at(story, 0)
    code = detail(story)["code"]
    story.api("POST", f"/incidents/{code}/resolve", {"note": "Trưởng ca ở lại"})
    assert at(story, 1) == [(OPERATIONS, "resolved")] and at(story, 9.1) == [(OPERATIONS, "resolved")]


def test_an_absence_noted_after_the_shift_is_no_gap(story: DeskStory) -> None:
    story.at(9.5 * 60)
    is_ill(story, "BI1", last="2020-01-25")
    assert at(story, 9.6) == []


def test_somebody_who_left_is_a_gap_too_and_its_own_word_is_said(story: DeskStory) -> None:
    person = {"code": "BI1", "full_name": "Trần Thị Bình", "unit_code": "BDA", "duties": ["operations", "emergency"]}
    told = story.api("POST", "/people", person | {"active": False}, 200)
    assert [(each["unit"], each["duty"]) for each in told["affected"]] == [("BDA", "operations")]
    assert at(story, 0) == [(OPERATIONS, "open")]
    assert "Ca 23:10 24/01 – 11:10 25/01: Trần Thị Bình đã nghỉ việc." in detail(story)["description"]
    story.api("POST", "/people", person | {"active": True}, 200)
    assert at(story, 0.1) == [(OPERATIONS, "resolved")]


def test_whoever_lost_the_duty_is_still_called_and_nobody_is_woken_for_it(story: DeskStory) -> None:
    person = {"code": "BI1", "full_name": "Trần Thị Bình", "unit_code": "BDA", "duties": ["emergency"]}
    told = story.api("POST", "/people", person, 200)
    assert [(each["unit"], each["duty"]) for each in told["affected"]] == [("BDA", "operations")]
    assert at(story, 0) == []


@pytest.mark.both_dbs("two workers at once, behind a lock")
def test_a_second_worker_raises_nothing_twice(story: DeskStory) -> None:
    is_ill(story, "BI1")
    at(story, 0)
    story.app.extensions.pop(seats_at_risk.__name__)  # another process, which remembers nothing
    assert at(story, 0) == [(OPERATIONS, "open")]
    assert detail(story)["timeline"][-1]["kind"] != "reported_again"


def test_what_failed_once_is_raised_with_the_next_look(story: DeskStory, monkeypatch: pytest.MonkeyPatch) -> None:
    is_ill(story, "BI1")
    with monkeypatch.context() as broken:
        broken.setattr(seats_at_risk, "_begin", lambda *_given: 1 / 0)
        assert at(story, 0) == []
    assert at(story, 0) == [(OPERATIONS, "open")], "nothing was written meanwhile, and no moment has come"


def test_exercises_are_no_matter_of_it(story: DeskStory) -> None:
    story.night.rehearse(now=NIGHT + 30 * 24 * HOUR)
    story.at(30 * 24 * 60)
    is_ill(story, "BI1", "2020-02-20", "2020-02-25")
    assert at(story, 30 * 24 + 0.1) == []


def test_an_idle_look_asks_one_question(story: DeskStory) -> None:
    is_ill(story, "BI1")
    at(story, 0)
    db.session.rollback()
    with statements() as asked:
        for _each in range(10):
            assert seats_at_risk.look(story.now) == 0
    assert sum(each.startswith("SELECT") for each in asked) == len(asked) - asked.count("BEGIN") == 10
    # And however many absences there are, a look after a change asks a handful.
    with transaction() as session:
        for days in range(1, 60):
            day = datetime(2020, 3, 1).date() + timedelta(days=3 * days)
            person_id = story.night.ids["EM1"]
            session.add(Absence(person_id=person_id, from_on=day, to_on=day, kind="other", note=""))
    with statements() as asked:
        seats_at_risk.look(story.now)
    assert len(asked) <= 17
