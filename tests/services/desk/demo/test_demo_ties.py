"""Clearing the demo where people of it were tried in earnest: promises are named, history keeps their names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.actor import Actor
from core.db import db as database, transaction
from core.errors import Conflict, Forbidden
from desk.demo import clearing
from incidents.escalation import engine
from incidents.policies import drafts, selection, versions
from incidents.policies.models import PolicyStep, PolicyTarget, PolicyVersion
from incidents.record.models import Incident, Page
from incidents.response import lifecycle as incidents
from incidents.reviews import services as reviews
from incidents.reviews.models import Review, ReviewAction
from incidents.triage import classification
from notify import queries
from people.models import Person, User
from tests.support.demo_rows import demo_person, demo_unit
from tests.support.enterprise import sign_in
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night

LATER = NIGHT + timedelta(hours=1)


def log(night: Night, title: str = "Mất điện", *, unit_id: int | None = None, category: str = "power") -> Incident:
    return night.log(title, category, severity=1, unit_id=unit_id or night.ids["BDA"])


def promise(incident: Incident, owner_id: int, text: str = "Thay ổ cắm") -> ReviewAction:
    due = clock.local_date(NIGHT) + timedelta(days=7)
    return reviews.add_action(incident.id, text=text, owner_id=owner_id, due_on=due, actor=ADMIN, now=NIGHT)


def refused() -> str:
    """What the removal says; nothing is gone then."""
    with pytest.raises(Conflict) as error:
        clearing.clear(now=NIGHT, actor=ADMIN)
    assert database.session.scalar(select(func.count()).select_from(Person).where(Person.is_demo)) == 1
    return str(error.value.params["things"])


def cleared() -> None:
    clearing.clear(now=LATER, actor=ADMIN)
    database.session.expire_all()
    assert database.session.scalar(select(func.count()).select_from(Person).where(Person.is_demo)) == 0


@pytest.mark.both_dbs
def test_what_somebody_of_the_demo_still_has_to_do_is_named_until_somebody_real_does_it(night: Night) -> None:
    person = demo_person(demo_unit())
    real, tried = log(night), log(night, "Thử", unit_id=person.unit_id)
    open_one, kept = promise(real, person.id, "Thay ổ cắm " * 20), promise(real, night.ids["BI1"], "Đo lại")
    promise(tried, person.id)
    said = refused()
    assert f"việc “{'Thay ổ cắm ' * 5}Thay…” Người Mẫu còn phải làm sau sự cố {real.code}" in said
    assert "giao người khác hoặc ghi đã làm xong" in said and tried.code not in said, "it goes with the demo"
    assert database.session.get_one(ReviewAction, open_one.id).owner_id == person.id

    reviews.pass_on(real.id, open_one.id, owner_id=night.ids["EM1"], actor=ADMIN, now=LATER)
    assert queries.by_topic(f"incident/{real.id}/told")[-1].recipient == "Rơ Châm Em"
    cleared()
    left = database.session.scalars(select(ReviewAction).order_by(ReviewAction.id)).all()
    assert [(each.id, each.owner_said) for each in left] == [(open_one.id, "Rơ Châm Em"), (kept.id, "Trần Thị Bình")]


@pytest.mark.both_dbs
def test_what_somebody_of_the_demo_has_done_stays_done_under_that_name(night: Night, client: FlaskClient) -> None:
    person, incident = demo_person(demo_unit()), log(night)
    action = promise(incident, person.id)
    reviews.finish_action(incident.id, action.id, actor=ADMIN, now=NIGHT)
    cleared()
    left = database.session.get_one(ReviewAction, action.id)
    assert (left.owner_id, left.owner_said, left.done_by) == (None, "Người Mẫu", ADMIN.name)
    sign_in(client, "an1")
    for path in ("review", "review/print"):
        page = client.get(f"/incidents/{incident.code}/{path}").text
        assert "Thay ổ cắm" in page and "Người Mẫu" in page

    # Whoever has no person of their own is not taken for the owner who is gone.
    account = Actor(name="Khách", role="viewer", via="session", user_id=901, unit_id=night.ids["BDA"])
    with pytest.raises(Forbidden):
        reviews.finish_action(incident.id, action.id, done=False, actor=account, now=LATER)
    reviews.finish_action(incident.id, action.id, done=False, actor=ADMIN, now=LATER)
    incidents.resolve(incident.id, actor=ADMIN, now=LATER)
    assert "Người Mẫu" in client.get("/incidents/reviews/").text, "open again, and still his"
    reviews.pass_on(incident.id, action.id, owner_id=night.ids["EM1"], actor=ADMIN, now=LATER)
    assert (left.owner_id, left.owner_name, left.owner_said) == (night.ids["EM1"], "", "Rơ Châm Em")


def test_of_a_restricted_incident_only_the_number_is_said(night: Night) -> None:
    person, incident = demo_person(demo_unit()), log(night)
    promise(incident, person.id, "Đổi khóa két")
    classification.restrict(incident.id, restricted=True, reason="Có bưu gửi KT1", actor=ADMIN, now=NIGHT)
    said = refused()
    assert incident.code in said and "Đổi khóa két" not in said


@pytest.mark.both_dbs
def test_a_real_incident_loses_the_tried_account_and_the_tried_incident_it_was_joined_to(night: Night) -> None:
    person = demo_person(demo_unit())
    incident, tried = log(night), log(night, "Thử", unit_id=person.unit_id)
    with transaction() as session:
        account = User(login="mau", name="Mẫu", role="staff", is_demo=True, created_at=NIGHT)
        session.add(account)
        session.flush()
        incident.logged_by_id, incident.joined_to_id = account.id, tried.id
    reviews.save(incident.id, {"cause": "Ổ cắm"}, version=0, actor=ADMIN, now=NIGHT)
    cleared()
    kept = database.session.get_one(Incident, incident.id)
    assert (kept.logged_by_id, kept.joined_to_id) == (None, None)
    assert database.session.get_one(Review, kept.id).cause == "Ổ cắm"


def write(night: Night, *codes: str, last: tuple[str, ...] = (), **more: Any) -> PolicyVersion:
    """A version of BDA's policy that calls these people in one step, and ``last`` as its last resort."""
    called = tuple(drafts.TargetSpec(person=code) for code in codes)
    steps = [drafts.StepSpec(0, targets=called)]
    waits = {"repeat_after_seconds": 60, "ack_timeout_seconds": 600}
    return set_policy(night.ids["BDA"], steps, catch_all=last, actor=ADMIN, now=NIGHT, **waits, **more)


@pytest.mark.both_dbs
def test_an_earlier_version_names_who_is_gone_and_holds_nothing_back(night: Night, client: FlaskClient) -> None:
    demo_person(demo_unit())
    first = write(night, "MAU1", "BI1", last=("MAU1", "EM1"))
    assert refused() == "Bưu điện huyện A", "it holds"
    write(night, "BI1")
    severe = {"slot": None, "name": "Nặng", "conditions": {"severities": [1]}}
    withdrawn = write(night, "MAU1", **severe)
    assert refused() == "Bưu điện huyện A"
    versions.withdraw(night.ids["BDA"], withdrawn.slot, actor=ADMIN, now=NIGHT)
    cleared()
    old = database.session.get_one(PolicyVersion, first.id)
    assert selection.named_in(old) == [night.ids["BI1"]] and old.catch_all == [night.ids["EM1"]]

    sign_in(client, "an1")
    history = client.get("/incidents/policy/BDA/history").text
    assert history.count("Người Mẫu – đã xóa cùng dữ liệu mẫu") == 3
    assert "Trần Thị Bình (BI1)" in history and "Rơ Châm Em (EM1); Người Mẫu" in history
    form = client.get(f"/incidents/policy/BDA/edit/0?version={first.number}")
    assert form.status_code == 200 and "BI1 · Trần Thị Bình" in form.text and "Người Mẫu" not in form.text
    client.post("/language", data={"language": "en", "next": "/"})
    assert client.get("/incidents/policy/BDA/history").text.count("Người Mẫu – removed with the sample data") == 3


@pytest.mark.both_dbs
def test_a_version_by_which_a_real_incident_runs_is_no_history_yet(night: Night) -> None:
    demo_person(demo_unit())
    write(night, "MAU1", last=("MAU1",))
    incident = log(night)
    write(night, "BI1")
    assert refused() == "Bưu điện huyện A"
    incidents.resolve(incident.id, actor=ADMIN, now=NIGHT)
    cleared()
    # Not over after all: its version calls nobody whom it named, so whoever is left is called.
    incidents.reopen(incident.id, actor=ADMIN, now=LATER)
    assert engine.escalate_due(LATER) == 1
    called = select(Person.code).join(Page, Page.person_id == Person.id).where(Page.incident_id == incident.id)
    assert database.session.scalars(called).first() is not None


def test_a_version_by_which_only_an_incident_of_the_demo_runs_is_history(night: Night) -> None:
    person = demo_person(demo_unit())
    write(night, "MAU1")
    tried = log(night)
    with transaction():
        tried.is_demo = True
    write(night, "BI1")
    assert person.is_demo
    cleared()
    assert database.session.scalars(select(PolicyTarget.gone).where(PolicyTarget.gone.is_not(None))).all() == [
        "Người Mẫu"
    ]


@pytest.mark.both_dbs
def test_the_last_resort_of_a_policy_that_holds_is_real_too(night: Night) -> None:
    demo_person(demo_unit())
    write(night, "BI1", last=("MAU1",))
    assert refused() == "Bưu điện huyện A", "named once, also when the last resort alone names somebody"


@pytest.mark.both_dbs
def test_the_defaults_of_the_enterprise_are_named_as_such(night: Night) -> None:
    person = demo_person(demo_unit())
    with transaction():
        holding = selection.default_for(1)
        last = PolicyStep(position=len(holding.steps), after_seconds=60)
        last.targets = [PolicyTarget(place=0, person_id=person.id)]
        holding.steps.append(last)
    assert refused() == "Quy trình mặc định"
