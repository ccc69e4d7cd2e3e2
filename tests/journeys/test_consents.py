"""Chờ đồng ý: An, who manages the district A, wants Dũng of the district C on a shift, and Chi by name in a policy.

Until Dũng, or Chi who manages him, agrees, the seat counts as empty and the step calls the duty of its unit.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import targets
from incidents.policies import selection
from incidents.policies.drafts import StepSpec
from incidents.policies.rules import Target
from incidents.record.models import Incident
from notify.models import Message
from people.access import guard
from people.accounts import queries as account_queries
from roster.campaigns.models import Campaign
from roster.consents import queries as consent_queries, services as consents
from roster.consents.models import Consent
from roster.covers import services as covering
from roster.draft import grid, judging, services as drafts
from roster.models import Duty
from roster.publishing import revisions, services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot import snapshot
from tests.support.beside import beside
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.isolation import IsolatedClient
from tests.support.policies import set_policy

LATER = NOW + timedelta(days=3, minutes=1)


def actor(planned: dict[str, int], login: str) -> Actor:
    return guard.actor_of(account_queries.user_by_id(planned[f"user:{login}"]))


def put(planned: dict[str, int], code: str, login: str = "an1", now: datetime = NOW) -> None:
    drafts.set_people(planned["shift"], [code], override_reason="Thiếu người", actor=actor(planned, login), now=now)


def asked() -> Consent:
    return db.session.scalars(select(Consent).order_by(Consent.id.desc())).first()  # type: ignore[return-value]


def links(recipient: str) -> list[str]:
    bodies = db.session.scalars(select(Message.body).where(Message.recipient == recipient).order_by(Message.id))
    return [found for body in bodies for found in re.findall(r"(/a/s\.[\w-]+)", body)]


def published(planned: dict[str, int]) -> list[int]:
    wanted = select(Duty.person_id).where(Duty.shift_id == planned["shift"], Duty.cancelled_at.is_(None))
    return list(db.session.scalars(wanted))


def publish(planned: dict[str, int], now: datetime = NOW) -> None:
    publishing.publish(
        planned["campaign"], PublishTerms(accept_gaps="Tỉnh trực thay"), actor=actor(planned, "an1"), now=now
    )


def test_a_seat_is_not_theirs_until_they_agree(planned: dict[str, int]) -> None:
    put(planned, "DU1")
    before = judging.judge_draft(snapshot.take(planned["campaign"], now=NOW), now=NOW)
    assert any(planned["shift"] in gap.shift_ids and gap.kind == "empty" for gap in before.proof.gaps)
    chip = next(
        chip for row in grid.load(planned["campaign"], now=NOW).rows for cell in row.cells for chip in cell.chips
    )
    assert (chip.shift.id, chip.waits) == (planned["shift"], "asked")
    campaign = db.session.get_one(Campaign, planned["campaign"])
    assert revisions.concerned(campaign, now=NOW) == []
    publish(planned)
    assert published(planned) == []
    assert drafts.get_shift(planned["shift"]).seats[0].draft.person_id == planned["DU1"]  # type: ignore[union-attr]
    consents.answer(asked().id, True, actor=actor(planned, "du1"), now=NOW)
    publish(planned)
    assert published(planned) == [planned["DU1"]]


def test_both_the_person_and_their_manager_are_asked_by_a_link(app: Flask, planned: dict[str, int]) -> None:
    """No sign-in: reading changes nothing, the manager's tap counts, the person then reads who answered."""
    put(planned, "DU1")
    of_dung, of_chi = links("Hoàng Văn Dũng"), links("Phạm Thị Chi")
    assert (len(of_dung), len(of_chi)) == (1, 1)
    client = app.test_client()
    for _time in range(3):
        assert "Trần" not in client.get(of_chi[0]).text
    assert asked().state == "asked"
    page = client.get(of_chi[0]).text
    assert "Hoàng Văn Dũng" in page and "Bưu điện huyện A" in page and 'value="give"' in page
    answered = client.post(of_chi[0], data={"do": "give"})
    assert answered.status_code == 200
    assert "Phạm Thị Chi đã đồng ý" in answered.text
    again = client.post(of_dung[0], data={"do": "refuse"})
    assert again.status_code == 409
    assert "Đã được trả lời rồi (Phạm Thị Chi)" in again.text
    assert asked().state == "given"
    assert client.get("/a/s.khong-co").status_code == 404
    told = db.session.scalars(select(Message).where(Message.recipient == "Nguyễn Văn An")).all()
    assert [each.subject for each in told] == ["Hoàng Văn Dũng: đã đồng ý"]


def test_a_no_empties_the_cell_and_tells_who_asked(app: Flask, planned: dict[str, int]) -> None:
    put(planned, "DU1")
    assert app.test_client().post(links("Hoàng Văn Dũng")[0], data={"do": "refuse"}).status_code == 200
    assert drafts.get_shift(planned["shift"]).seats[0].draft is None
    told = db.session.scalars(select(Message).where(Message.recipient == "Nguyễn Văn An")).all()
    assert [each.subject for each in told] == ["Hoàng Văn Dũng: không đồng ý"]
    put(planned, "DU1")  # asked anew
    assert asked().state == "asked"


def test_who_says_no_while_the_roster_is_published_and_who_publishes_wait_in_one_line(
    app: Flask, planned: dict[str, int]
) -> None:
    """Each changes what plans rest on and the campaign: whoever took them the other way round would wait for ever."""
    put(planned, "DU1")
    consent, dung = asked().id, actor(planned, "du1")

    def signed() -> str:
        publish(planned)
        return "published"

    assert beside(app, lambda: consents.answer(consent, False, actor=dung, now=NOW), signed) == ["published"]
    assert asked().state == "refused" and published(planned) == []
    assert drafts.get_shift(planned["shift"]).seats[0].draft is None


def test_after_three_days_it_is_void(app: Flask, planned: dict[str, int]) -> None:
    put(planned, "DU1")
    with clock.travel(LATER):
        with pytest.raises(Conflict, match="consent.expired"):
            consents.answer(asked().id, True, actor=actor(planned, "du1"), now=LATER)
        page = app.test_client().post(links("Hoàng Văn Dũng")[0], data={"do": "give"})
        assert page.status_code == 409
        assert "quá ba ngày" in page.text
        publish(planned, now=LATER)
    assert published(planned) == []


def test_nobody_else_answers(app: Flask, planned: dict[str, int]) -> None:
    """Not An, who asked; not Bình, leader on duty or not; not a stranger."""
    put(planned, "DU1")
    for login in ("an1", "bi1"):
        with pytest.raises(Forbidden):
            consents.answer(asked().id, True, actor=actor(planned, login), now=NOW)
    client = IsolatedClient(app)
    sign_in(client, "an1")
    assert client.post(f"/consents/{asked().id}", data={"do": "give"}).status_code == 403
    assert "chờ đồng ý" in client.get("/consents/").text
    chi = IsolatedClient(app)
    sign_in(chi, "ch1")
    assert f"/consents/{asked().id}" in chi.get("/consents/").text
    assert "đề nghị đang chờ trả lời" in chi.get("/me/").text
    long = chi.post(f"/consents/{asked().id}", data={"do": "give", "note": "gọi " * 200})
    assert long.status_code == 422 and "Ghi chú không quá 500 chữ" in long.text and "gọi gọi" in long.text
    said = {"do": "give", "note": "gọi 19:40, đồng ý"}
    assert chi.post(f"/consents/{asked().id}", data=said).status_code == 303
    assert "“gọi 19:40, đồng ý”" in chi.get("/consents/").text
    assert asked().state == "given"


def test_who_manages_both_units_asks_nobody(planned: dict[str, int]) -> None:
    put(planned, "DU1", "qt1")
    assert db.session.scalars(select(Consent)).all() == []
    put(planned, "BI1", "an1")
    assert db.session.scalars(select(Consent)).all() == []
    publish(planned)
    assert published(planned) == [planned["BI1"]]


def test_taken_off_the_shift_the_ask_is_withdrawn_and_an_admin_settles_it(app: Flask, planned: dict[str, int]) -> None:
    put(planned, "DU1")
    put(planned, "BI1")
    assert asked().state == "withdrawn"
    with pytest.raises(Conflict, match="consent.withdrawn"):
        consents.answer(asked().id, True, actor=actor(planned, "du1"), now=NOW)
    put(planned, "DU1")
    put(planned, "BI1", "qt1")
    put(planned, "DU1", "qt1")
    assert consent_queries.waiting_seats(planned["campaign"]) == set()


def test_a_manager_may_not_cover_at_once_with_an_outsider(planned: dict[str, int]) -> None:
    put(planned, "BI1")
    publish(planned)
    at = drafts.get_shift(planned["shift"]).starts_at
    moves = [(planned["shift"], "BI1", "DU1")]
    with pytest.raises(Conflict, match="cover.needs_consent"):
        covering.cover_now(planned["shift"], moves, override_reason="Ốm", actor=actor(planned, "an1"), now=at)
    covering.cover_now(planned["shift"], moves, override_reason="Ốm", actor=actor(planned, "qt1"), now=at)
    assert published(planned) == [planned["DU1"]]


def test_the_solver_takes_nobody_from_outside(planned: dict[str, int]) -> None:
    """Whom it may choose from is of the unit and below; who came by hand from outside stays the manager's doing."""
    problem = snapshot.take(planned["campaign"], now=NOW, also=[planned["DU1"], planned["CH1"]]).problem
    where = {person.code: person.eligible_units for person in problem.staff}
    assert "BDA" in where["BI1"]
    assert "BDA" not in where["DU1"] | where["CH1"]


# --- by name into a policy -------------------------------------------------------------------------------------------


def write_policy(planned: dict[str, int], login: str, *codes: str, catch_all: tuple[str, ...] = ()) -> None:
    steps = [StepSpec(0, person=code) for code in codes] or [StepSpec(0, duty="operations")]
    set_policy(
        planned["BDA"],
        steps,
        repeat_after_seconds=120,
        ack_timeout_seconds=600,
        catch_all=catch_all,
        actor=actor(planned, login),
        now=NOW,
    )


def meant(planned: dict[str, int], code: str) -> tuple[str, list[str]]:
    incident, _made = creation.log(
        IncidentReport(title="Xe hỏng", category="vehicle", unit_id=planned["BDA"], actor=ROOT), now=NOW
    )
    found = targets.TargetDirectory(db.session.get_one(Incident, incident.id), NOW).meant(
        Target(person_id=planned[code])
    )
    return found.rule, [person.code for person in found.people]


def test_until_they_agree_the_step_calls_the_duty_of_its_unit(planned: dict[str, int]) -> None:
    write_policy(planned, "an1", "CH1", "BI1")
    rule, called = meant(planned, "CH1")
    assert rule == "standing_chain"
    assert "CH1" not in called and called[0] == "AN1"
    assert meant(planned, "BI1") == ("person", ["BI1"])
    consents.answer(asked().id, True, actor=actor(planned, "ch1"), now=NOW)
    assert meant(planned, "CH1") == ("person", ["CH1"])


def test_written_again_nobody_is_asked_twice_and_a_no_stays(planned: dict[str, int]) -> None:
    write_policy(planned, "an1", "CH1")
    consents.answer(asked().id, False, actor=actor(planned, "ch1"), now=NOW)
    write_policy(planned, "an1", "CH1", "BI1")
    assert len(db.session.scalars(select(Consent)).all()) == 1
    assert "CH1" not in meant(planned, "CH1")[1]


def test_whom_an_administrator_named_goes_on_being_called(planned: dict[str, int]) -> None:
    write_policy(planned, "qt1", "CH1")
    write_policy(planned, "an1", "CH1", "BI1")
    assert db.session.scalars(select(Consent)).all() == []
    assert meant(planned, "CH1") == ("person", ["CH1"])


def test_the_last_resort_is_asked_too(app: Flask, planned: dict[str, int]) -> None:
    write_policy(planned, "an1", catch_all=("DU1", "BI1"))
    assert selection.catch_all(planned["BDA"]) == [planned["BI1"]]
    an: Any = IsolatedClient(app)
    sign_in(an, "an1")
    assert "chờ đồng ý" in an.get("/incidents/policy/BDA").text
    consents.answer(asked().id, True, actor=actor(planned, "du1"), now=NOW)
    assert selection.catch_all(planned["BDA"]) == [planned["DU1"], planned["BI1"]]
