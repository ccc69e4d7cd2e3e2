"""Who is on duty, by rows: nearest unit, chains, last resort, rehearsals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from duty.on_duty import rehearsals
from people.models import Person, Unit, User
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.resolver import resolver
from roster.resolver.models import DeskPhone, StandingChain
from tests.support import enterprise
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs
NOVEMBER = NIGHT + timedelta(days=2131)


def codes(answer: Any) -> list[str]:
    return [person.code for person in answer.people]


def deactivate(*codes: str) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.code.in_(codes)).values(active=False))


def test_a_unit_answers_with_its_own_people(night: Night) -> None:
    answer = resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)
    assert (answer.rule, answer.unit_id, codes(answer)) == ("assigned", night.ids["BDA"], ["BI1"])
    assert answer.people[0].until == NIGHT + timedelta(hours=9)
    assert answer.people[0].phone == "0900000102"


def test_a_unit_without_duty_of_its_own_answers_with_its_ancestors(night: Night) -> None:
    answer = resolver.who_is_on(night.ids["BDA-1"], "operations", NIGHT)
    assert (answer.rule, answer.unit_id, codes(answer)) == ("assigned", night.ids["BDA"], ["BI1"])
    night.publish("operations", "QT1", "BDT")
    assert codes(resolver.who_is_on(night.ids["BDC"], "operations", NIGHT)) == ["QT1"]
    assert codes(resolver.who_is_on(night.ids["BDA-1"], "operations", NIGHT)) == ["BI1"]


def test_the_end_of_a_duty_is_outside_it_and_the_next_one_is_announced(night: Night) -> None:
    end = NIGHT + timedelta(hours=9)
    night.publish("operations", "EM1", start=end)
    before = resolver.who_is_on(night.ids["BDA"], "operations", end - timedelta(seconds=1))
    assert (codes(before), [person.code for person in before.next]) == (["BI1"], ["EM1"])
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", end)) == ["EM1"]


def test_nobody_assigned_means_the_default_chain_own_leaders_first_then_those_above(night: Night) -> None:
    night.withdraw("operations")
    answer = resolver.who_is_on(night.ids["BDA-1"], "operations", NIGHT)
    assert (answer.rule, codes(answer)) == ("standing_chain", ["AN1", "QT1"])
    assert answer.people[0].until is None


def test_the_default_chain_is_by_code_and_of_active_leaders_only(night: Night) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "CH1").values(unit_id=night.ids["BDA"], code="AA1"))
    assert [person.code for person in resolver.standing_chain(night.ids["BDA"])] == ["AA1", "AN1", "QT1"]
    deactivate("AN1")
    assert [person.code for person in resolver.standing_chain(night.ids["BDA"])] == ["AA1", "QT1"]


def test_a_chain_of_its_own_replaces_the_default(night: Night) -> None:
    night.withdraw("operations")
    with transaction() as session:
        for position, code in enumerate(("PH1", "BI1"), 1):
            session.add(StandingChain(unit_id=night.ids["BDA"], position=position, person_id=night.ids[code]))
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)) == ["PH1", "BI1"]
    deactivate("PH1", "BI1")
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)) == ["AN1", "QT1"]


def test_without_any_leader_the_catch_all_is_called_then_administrators_then_anybody(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.withdraw("operations", "leadership", "emergency")
    with transaction() as session:
        session.execute(update(Person).where(Person.code.in_(("AN1", "CH1", "QT1"))).values(active=False))
        session.execute(update(User).where(User.login == "bi1").values(role="admin"))
    monkeypatch.setattr(resolver._Hooks, "catch_all", staticmethod(lambda _unit: [night.ids["PH1"], night.ids["AN1"]]))
    answer = resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)
    assert (answer.rule, codes(answer)) == ("catch_all", ["PH1"])
    monkeypatch.setattr(resolver._Hooks, "catch_all", None)
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)) == ["BI1"]
    deactivate("BI1")
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)) == ["DU1", "EM1", "PH1"]


def test_only_an_enterprise_without_people_has_nobody(night: Night) -> None:
    deactivate(*(code for code, *_rest in enterprise.PEOPLE), "EM1", "PH1")
    with pytest.raises(Unavailable) as raised:
        resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)
    assert raised.value.code == "nobody_reachable"


def test_somebody_who_left_is_not_called_although_still_on_the_list(night: Night) -> None:
    deactivate("BI1")
    answer = resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)
    assert (answer.rule, codes(answer)) == ("standing_chain", ["AN1", "QT1"])


def test_the_number_to_ring_is_a_desks_up_the_tree_before_any_offices_own(night: Night) -> None:
    def answer(unit: str, duty: str) -> tuple[str, bool]:
        found = resolver.who_is_on(night.ids[unit], duty, NIGHT)
        with resolver.asking_once():
            resolver.ask_together([(night.ids[unit], duty)], NIGHT)
            together = resolver.who_is_on(night.ids[unit], duty, NIGHT)
        assert (together.desk_phone, together.is_desk) == (found.desk_phone, found.is_desk)
        return found.desk_phone, found.is_desk

    assert answer("BDA-1", "operations") == ("", False), "nobody wrote one down"
    with transaction() as session:
        session.get_one(Unit, night.ids["BDA"]).phone = "02693111222"
        session.get_one(Unit, night.ids["BDA-1"]).phone = "02693333444"
    assert answer("BDA-1", "operations") == ("02693333444", False), "its own, although BDA's people answer"
    with transaction() as session:
        session.add(DeskPhone(unit_id=night.ids["BDT"], duty="operations", phone="0900000990"))
    assert answer("BDA-1", "operations") == ("0900000990", True), "an ancestor's desk before an office's own"
    with transaction() as session:
        session.add(DeskPhone(unit_id=night.ids["BDA"], duty="operations", phone="0900000991"))
    assert answer("BDA-1", "operations") == ("0900000991", True), "the nearest desk"
    assert answer("BDA", "emergency") == ("02693111222", False), "a desk is one of a duty"


def test_rights_follow_published_duty_and_end_with_it(night: Night) -> None:
    roles = resolver.on_duty_roles(night.ids["BI1"], NIGHT)
    assert roles == [("operations", night.ids["BDA"])]
    assert resolver.on_duty_roles(night.ids["BI1"], NIGHT + timedelta(hours=9)) == []
    night.withdraw("operations")
    assert resolver.on_duty_roles(night.ids["BI1"], NIGHT) == []


# --- rehearsals ----------------------------------------------------------------------------------------------------


def draft_instead(night: Night, duty: str, code: str) -> None:
    """Put somebody else on the only seat of ``duty`` in the draft; what is published stays."""
    with transaction() as session:
        seat = session.query(Seat).join(Shift).filter(Shift.duty == duty).one()
        session.add(
            DraftAssignment(
                seat_id=seat.id, person_id=night.ids[code], source="manual", updated_at=NIGHT, updated_by="x"
            )
        )


def test_a_rehearsal_of_what_is_published_answers_as_if_that_night_were_now(night: Night) -> None:
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="published", now=NOVEMBER, actor=ADMIN)
    answer = resolver.who_is_on(night.ids["BDA"], "operations", NOVEMBER, rehearsal=played)
    assert (answer.rule, codes(answer)) == ("assigned", ["BI1"])
    assert answer.people[0].until == NOVEMBER + timedelta(hours=9)
    assert resolver.who_is_on(night.ids["BDA"], "operations", NOVEMBER).rule == "standing_chain"


def test_a_rehearsal_of_the_draft_does_not_read_what_is_published(night: Night) -> None:
    draft_instead(night, "operations", "PH1")
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="draft", now=NOVEMBER, actor=ADMIN)
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", NOVEMBER, rehearsal=played)) == ["PH1"]
    assert codes(resolver.who_is_on(night.ids["BDA"], "operations", NIGHT)) == ["BI1"]
    other = resolver.who_is_on(night.ids["BDA"], "emergency", NOVEMBER, rehearsal=played)
    assert other.rule == "standing_chain"


def test_a_rehearsal_ignores_duty_that_was_cancelled(night: Night) -> None:
    night.withdraw("operations")
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="published", now=NOVEMBER, actor=ADMIN)
    assert resolver.who_is_on(night.ids["BDA"], "operations", NOVEMBER, rehearsal=played).rule == "standing_chain"


def test_a_rehearsal_ends_by_itself_or_by_hand_and_gives_no_rights(night: Night) -> None:
    played = rehearsals.start(night.campaign, play_at=NIGHT, source="published", minutes=30, now=NOVEMBER, actor=ADMIN)
    last = NOVEMBER + timedelta(minutes=30)
    assert rehearsals.is_running(played, last - timedelta(seconds=1)) and not rehearsals.is_running(played, last)
    assert rehearsals.active_for(night.ids["BDA-1"], now=NOVEMBER) is not None
    assert rehearsals.active_for(night.ids["BDA-1"], now=last) is None
    assert resolver.on_duty_roles(night.ids["BI1"], NOVEMBER) == []
    first = rehearsals.end(played.id, now=NOVEMBER + timedelta(minutes=5), actor=ADMIN).ended_at
    assert rehearsals.end(played.id, now=last, actor=ADMIN).ended_at == first == NOVEMBER + timedelta(minutes=5)
    assert rehearsals.running(now=NOVEMBER + timedelta(minutes=5)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"source": "draft"}, "rehearsal.empty_draft"),
        ({"source": "signed"}, "rehearsal.source"),
        ({"minutes": 0}, "rehearsal.minutes"),
        ({"minutes": 241}, "rehearsal.minutes"),
        ({"step_seconds": 4}, "rehearsal.step_seconds"),
        ({"play_at": NIGHT + timedelta(days=60)}, "rehearsal.outside"),
        ({"play_at": NIGHT - timedelta(hours=3, seconds=1)}, "rehearsal.outside"),
        ({"play_at": NIGHT + timedelta(hours=9)}, "rehearsal.outside"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(night: Night, changed: dict[str, Any], code: str) -> None:
    wanted = {"play_at": NIGHT, "source": "published", "now": NOVEMBER, "actor": ADMIN} | changed
    with pytest.raises(Invalid) as raised:
        rehearsals.start(night.campaign, **wanted)
    assert raised.value.code == code
    assert raised.value.errors
    assert raised.value.message() != code


def test_an_unpublished_campaign_is_not_rehearsed_as_published(night: Night) -> None:
    with transaction() as session:
        session.execute(update(Campaign).values(revision=0, state="draft"))
        session.query(Duty).delete()
    with pytest.raises(Invalid) as raised:
        rehearsals.start(night.campaign, play_at=NIGHT, source="published", now=NOVEMBER, actor=ADMIN)
    assert raised.value.code == "rehearsal.not_published"


def test_one_rehearsal_of_a_campaign_at_a_time_and_only_by_who_may(night: Night) -> None:
    wanted: dict[str, Any] = {"play_at": NIGHT, "source": "published"}
    with pytest.raises(Forbidden):
        rehearsals.start(night.campaign, **wanted, now=NOVEMBER, actor=night.actor("AN1", "manager"))
    played = rehearsals.start(night.campaign, **wanted, now=NOVEMBER, actor=ADMIN)
    with pytest.raises(Conflict):
        rehearsals.start(night.campaign, **wanted, now=NOVEMBER + timedelta(minutes=1), actor=ADMIN)
    with pytest.raises(Forbidden):
        rehearsals.end(played.id, now=NOVEMBER, actor=night.actor("BI1"))
    with pytest.raises(NotFound):
        rehearsals.end(played.id + 1, now=NOVEMBER, actor=ADMIN)


def test_what_does_not_hang_on_the_moment_is_looked_up_once_for_several(night: Night) -> None:
    moments = [NOVEMBER + timedelta(hours=hours) for hours in range(4)]
    alone = [resolver.who_is_on(night.ids["BDA"], "operations", at) for at in moments]
    with resolver.asking_once(), statements() as sent:
        together = [resolver.who_is_on(night.ids["BDA"], "operations", at) for at in moments]
    assert together == alone and {each.rule for each in alone} == {"standing_chain"}
    for table in ("standing_chain", "desk_phones"):
        assert sum(f"FROM {table}" in each for each in sent) == 1, table
