"""The sample data that makes the screens worth looking at: what is logged, published, subscribed to and asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor, Role
from core.calendar import lunar
from core.db import db
from core.security import tokens
from desk.demo import clearing, seed
from duty.on_duty import rehearsals
from duty.sharing import services as sharing
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.intake import ingest, sources
from incidents.intake.formats import Alarm
from incidents.policies import drafts, versions
from incidents.public_reports import codes, links, services as reports
from incidents.record.models import Incident
from incidents.response import lifecycle
from incidents.sharing import services as shared_incidents
from notify.models import Message
from people import queries as people
from people.accounts import services as accounts
from people.links import services as personal, slips
from people.links.models import PersonalLink
from people.models import Person, User
from roster.approvals.models import Approval
from roster.campaigns.models import Campaign
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject
from roster.models import Duty, Shift
from roster.resolver import resolver
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from scripts.samples import (
    alarms,
    approvals,
    catalogue,
    consents,
    crews,
    documents,
    handovers,
    legal,
    lists,
    own_links,
    presence,
    reach,
    replies,
    requests,
    sheets,
    storms,
    swaps,
)
from scripts.samples.compliance import authorities, letters, points

STEPS = (("operations", 0), ("emergency", 1200), ("leadership", 1200))
EVERYBODY = (drafts.TargetSpec(duty="operations"), drafts.TargetSpec(duty="emergency"))
UP_THE_TREE = (drafts.TargetSpec(head="each"),)
ACTOR = Actor(name="Bàn trực", role="admin", via="cli")


def prepare(app: Flask) -> dict[str, str]:
    """Log incidents, start a rehearsal, make an invitation and a feed in the demo; the facts that paths name."""
    with app.app_context():
        rosters = _rosters()
        giao_thua = clock.at_local(lunar.tet(2020)) + timedelta(hours=2)
        return rosters | things(clearing.UNIT, int(rosters["tet_2020"]), play_at=giao_thua)


def things(unit_code: str, campaign_id: int, *, play_at: datetime) -> dict[str, str]:
    """One of everything in a unit that has somebody on duty and a published campaign; the facts that paths name."""
    now = clock.now()
    unit = people.unit_by_code(unit_code)
    facts = _incidents(unit.id)
    presence.prepare(actor=ACTOR)
    on_duty = _login_on_duty(unit.id)
    newcomer = db.session.scalars(select(User).where(User.person_id.is_not(None)).order_by(User.id.desc())).first()
    person = db.session.get(Person, newcomer.person_id) if newcomer else None
    if newcomer is None or person is None:
        raise RuntimeError("nobody has an account")
    requests.prepare(people.person_by_id(on_duty.person_id or 0), actor=ACTOR)
    feed = subscriptions.subscribe(Subject("person", person_id=on_duty.person_id), now=now, actor=_as_user(on_duty))
    rehearsal = rehearsals.start(campaign_id, play_at=play_at, source="published", minutes=120, now=now, actor=ACTOR)
    own = _own(people.person_by_id(on_duty.person_id or 0))
    [slip] = accounts.invite([newcomer.id], now=now, actor=ACTOR)
    return {
        **facts,
        "unit": unit_code,
        "person": person.code,
        "account": str(newcomer.id),
        "invitation": slip.token,
        "duty": on_duty.login,
        "feed": str(feed.id),
        "rehearsal": str(rehearsal.id),
        "source": _source(unit.id),
        "shared_incident": shared_incidents.url(
            shared_incidents.share(facts["open"], None, actor=ACTOR, now=now)
        ).rpartition("/")[2],
        "shared": sharing.url(sharing.share(unit_code, 3, actor=ACTOR, now=now)).rpartition("/")[2],
        **_reported(unit.id),
        **own,
        **swaps.prepare(people.person_by_id(on_duty.person_id or 0)),
        **handovers.prepare(unit.id, _pictured(own, on_duty.person_id or 0), actor=ACTOR),
        **replies.prepare(people.person_by_id(on_duty.person_id or 0)),
        **consents.prepare(unit.id, people.person_by_id(on_duty.person_id or 0)),
        **reach.prepare(person, people.person_by_id(on_duty.person_id or 0), actor=ACTOR),
        **alarms.prepare(unit.id, actor=ACTOR),
        **storms.prepare(unit.id, actor=ACTOR),
        **documents.prepare(unit_code, facts["taken"], actor=ACTOR),
        **letters.prepare(unit.id, actor=ACTOR),
        **points.prepare(unit.id, actor=ACTOR),
        **authorities.prepare(unit_code, now=clock.now(), actor=ACTOR),
    }


def _pictured(own: Mapping[str, str], on_duty: int) -> set[int]:
    """Whose own pages are shown already."""
    shown = PersonalLink.digest.in_([tokens.digest(each) for each in own.values()])
    return {on_duty, *db.session.scalars(select(PersonalLink.person_id).where(shown))}


def _own(on_duty: Person) -> dict[str, str]:
    """The personal links of two people with shifts ahead, of whom the second has used theirs elsewhere, and of who is
    asked to approve a draft, if anybody is."""
    now = clock.now()
    ahead = select(Duty).where(Duty.ends_at > now, Duty.cancelled_at.is_(None)).order_by(Duty.starts_at)
    duty = db.session.scalars(ahead.where(Duty.person_id != on_duty.id)).first()
    if duty is None:
        raise RuntimeError("nobody serves any more")
    first, second = (own_links.sent(each, now=now) for each in (duty.person, on_duty))
    personal.is_me(personal.visit(second, ""), "Chrome", now=now)
    asked = db.session.scalars(select(Person).join(Approval, Approval.approver_id == Person.id)).first()
    third = own_links.sent(asked or duty.person, now=now)
    slip = slips.print_each([duty.person], actor=ACTOR, now=now).urls[duty.person.id].rpartition("/")[2]
    return {"own_slip": slip, "own": first, "own_used": second, "own_asked": third, "running": str(duty.campaign_id)}


def _reported(unit_id: int) -> dict[str, str]:
    """A sheet of the unit, and what somebody without an account sent by it."""
    told = reports.WrittenReport("screens", "vehicle", "Xe thư không nổ máy", "Siu Thảo", "0900000199", {"kt1": "yes"})
    made, _created = reports.report(told, unit_id=unit_id, generation=1, address="192.0.2.1", now=clock.now())
    incident = db.session.get_one(Incident, made.incident_id)
    sheet = codes.token_of(incident.unit, 1)
    return {"sheet": sheet, "report": links.link_of(made), "reported": incident.code}


def _source(unit_id: int) -> str:
    """A monitoring tool that reported something and took it back, and a post office that must be heard of."""
    now = clock.now()
    sources.create(sources.NewSource("Bưu cục Đồi Gió", "heartbeat", unit_id, due_by="23:59"), now=now, actor=ACTOR)
    tool, _key = sources.create(sources.NewSource("Giám sát mạng", "alertmanager", unit_id), now=now, actor=ACTOR)
    raw = b'{"status": "firing", "groupKey": "mat-mang", "alerts": []}'
    ingest.receive(tool.id, Alarm("trigger", "mat-mang", "Mất đường truyền (2)", severity=3), raw, now=now)
    ingest.receive(tool.id, Alarm("resolve", "mat-mang"), raw, now=clock.now())
    return str(tool.id)


def _rosters() -> dict[str, str]:
    """The published roster of 2020, and the draft of the coming Tết, solved, with one of its shifts."""
    past, coming = db.session.scalars(select(Campaign).order_by(Campaign.id)).all()[:2]
    jobs.solve_now(coming.id, SolveRequest(seconds=seed.SOLVE_SECONDS, seed=1), actor=ACTOR, now=clock.now())
    shift = db.session.scalars(select(Shift).filter_by(campaign_id=coming.id).order_by(Shift.starts_at)).first()
    run = db.session.scalars(select(SolveRun).filter_by(campaign_id=coming.id)).first()
    seated = next((seat.draft for seat in shift.seats if seat.draft), None) if shift else None
    if shift is None or run is None or seated is None:
        raise RuntimeError("the demo has no roster")
    approvals.prepare(coming, actor=ACTOR)
    return {
        **sheets.prepare(coming, seed.MANAGER),
        **lists.prepare(coming, actor=ACTOR),
        **crews.prepare(coming, actor=ACTOR, now=clock.now()),
        "tet_2020": str(past.id),
        "coming": str(coming.id),
        "shift": str(shift.id),
        "run": str(run.id),
        "seated": seated.person.code,
    }


def _login_on_duty(unit_id: int) -> User:
    person_id = resolver.who_is_on(unit_id, "operations", clock.now()).people[0].person_id
    return db.session.scalars(select(User).filter_by(person_id=person_id)).one()


def _as_user(user: User) -> Actor:
    return Actor(name=user.name, role=cast(Role, user.role), via="session", user_id=user.id, person_id=user.person_id)


def _incidents(unit_id: int) -> dict[str, str]:
    """One that is calling, one taken, one resolved; waits long enough not to change while pictures are taken."""
    now = clock.now()
    steps = [drafts.StepSpec(duty=duty, after_seconds=wait) for duty, wait in STEPS]
    main = drafts.PolicySpec(steps, repeat_after_seconds=1800, ack_timeout_seconds=1800)
    versions.write(unit_id, main, now=now, actor=ACTOR)
    fire = drafts.PolicySpec(
        [drafts.StepSpec(0, targets=EVERYBODY, all_must=True), drafts.StepSpec(90, targets=UP_THE_TREE)],
        repeat_after_seconds=300,
        repeat_most_seconds=1200,
        ack_timeout_seconds=1800,
        name="Cháy ban đêm",
        conditions={"categories": ["fire"], "hours": ["22:00", "06:00"]},
    )
    at_night = versions.write(unit_id, fire, slot=None, now=now, actor=ACTOR)
    made = {
        key: creation.log(
            IncidentReport(title=title, category=category, unit_id=unit_id, severity=severity, actor=ACTOR), now=now
        )[0]
        for key, title, category, severity in (
            ("resolved", "Ùn ứ hàng tại trung tâm khai thác", "overload", 3),
            ("taken", "Xe đường thư Cao Nguyên – Đồi Gió hỏng ở đèo", "vehicle", 2),
            ("open", "Mất điện tại trung tâm khai thác, máy phát không khởi động", "power", 2),
        )
    }
    taker = _taker(unit_id, now)
    for key in ("resolved", "taken"):
        lifecycle.acknowledge(made[key].id, person_id=taker, now=clock.now(), actor=ACTOR)
    lifecycle.resolve(made["resolved"].id, note="Đã tăng cường một xe, hết tồn đọng", now=clock.now(), actor=ACTOR)
    more = catalogue.prepare(unit_id, made["taken"], now=clock.now(), actor=ACTOR)
    more |= legal.prepare(unit_id, taker, now=clock.now(), actor=ACTOR)
    return {key: incident.code for key, incident in made.items()} | more | {"slot": str(at_night.slot)}


def _taker(unit_id: int, now: datetime) -> int | None:
    """The first of those who do not lead now: by a leader's answer the leadership would know, and be told twice."""
    leading = {person.person_id for person in resolver.who_is_on(unit_id, "leadership", now).people}
    return db.session.scalars(select(Person.id).where(Person.id.not_in(leading)).order_by(Person.code)).first()


def called(app: Flask, facts: dict[str, str]) -> dict[str, str] | None:
    """The message and one-tap address of the open incident, once the worker has made them."""
    with app.app_context():
        incident = db.session.scalars(select(Incident).filter_by(code=facts["open"])).one()
        with_link = select(Message).filter_by(topic=f"incident/{incident.id}").where(Message.body.contains("/a/"))
        message = db.session.scalars(with_link).first()
        link = re.search(r"/a/([\w-]+)", message.body) if message else None
        return {"message": str(message.id), "one_tap": link[1]} if message and link else None
