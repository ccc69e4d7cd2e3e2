"""Every screen that `make screenshots` shows, and the sample data that makes it worth looking at."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from core import clock, lunar
from core.actor import Actor, Role
from core.db import db
from desk import demo
from incidents import policies, services
from incidents.models import Incident
from notify.models import Message
from people import accounts, queries as people
from people.models import Person, User
from roster import rehearsals, resolver, subscriptions
from roster.models import Campaign

STEPS = (("operations", 0), ("emergency", 1200), ("leadership", 1200))
ACTOR = Actor(name="Bàn trực", role="admin", via="cli")


@dataclass(frozen=True)
class Screen:
    """``path`` may name facts in braces; ``who`` signs in: manager, admin, duty (operations on duty now) or nobody."""

    name: str
    path: str
    who: str = "manager"


SCREENS = (
    Screen("login", "/login", "nobody"),
    Screen("invitation", "/invite/{invitation}", "nobody"),
    Screen("one-tap", "/a/{one_tap}", "nobody"),
    Screen("not-found", "/people/person/KHONG-CO"),
    Screen("desk", "/"),
    Screen("desk-called", "/", "duty"),
    Screen("start", "/start/", "admin"),
    Screen("campaigns", "/roster/"),
    Screen("campaign-new", "/roster/new"),
    Screen("grid", "/roster/campaigns/{tet_2020}"),
    Screen("grid-draft", "/roster/campaigns/{coming}"),
    Screen("rehearsals", "/roster/rehearsals/"),
    Screen("rehearse", "/roster/campaigns/{coming}/rehearse"),
    Screen("rehearsal-desk", "/roster/rehearsals/{rehearsal}"),
    Screen("my-shifts", "/me/", "duty"),
    Screen("my-feeds", "/me/feeds", "duty"),
    Screen("my-feed", "/me/feeds/{feed}", "duty"),
    Screen("incidents", "/incidents/"),
    Screen("incident-new", "/incidents/new", "duty"),
    Screen("incident-open", "/incidents/{open}"),
    Screen("incident-called", "/incidents/{open}", "duty"),
    Screen("incident-resolved", "/incidents/{resolved}"),
    Screen("policy", "/incidents/policy/{unit}"),
    Screen("directory", "/people/"),
    Screen("person", "/people/person/{person}"),
    Screen("person-new", "/people/new"),
    Screen("person-edit", "/people/person/{person}/edit"),
    Screen("units", "/people/units"),
    Screen("unit-new", "/people/units/new"),
    Screen("unit-edit", "/people/units/{unit}/edit"),
    Screen("absences", "/people/absences"),
    Screen("invitations", "/people/invitations"),
    Screen("accounts", "/people/accounts", "admin"),
    Screen("account-of", "/people/accounts/{account}", "admin"),
    Screen("keys", "/people/keys", "admin"),
    Screen("account", "/account"),
    Screen("import", "/import/"),
    Screen("outbox", "/outbox/", "admin"),
    Screen("message", "/outbox/{message}", "admin"),
)
NOT_PAGES = ("/api/", "/static/", "/feeds/", "/healthz", "/readyz", "/desk/live", "/import/template.xlsx")
"""GET addresses that are no screens: data, files and parts of pages."""


def unseen(app: Flask, facts: dict[str, str]) -> list[str]:
    """Addresses of pages that no screen shows."""
    doors, seen = app.url_map.bind("localhost"), set()
    for screen in SCREENS:
        with suppress(NotFound):  # a screen of a page that is gone says so by its 404
            seen.add(doors.match(screen.path.format(**facts).partition("?")[0])[0])
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NOT_PAGES) and rule.endpoint not in seen
    ]


def prepare(app: Flask) -> dict[str, str]:
    """Log incidents, start a rehearsal, make an invitation and a feed in the demo; the facts that paths name."""
    with app.app_context():
        now = clock.now()
        unit = people.unit_by_code(demo.UNIT)
        campaigns = {
            each.tet_year: each.id for each in db.session.scalars(select(Campaign).order_by(Campaign.id.desc()))
        }
        on_duty = _login_on_duty(unit.id)
        shown = _incidents(unit.id)
        account = db.session.scalars(select(User).where(User.person_id.is_not(None)).order_by(User.id.desc())).first()
        assert account is not None  # noqa: S101  (the demo has accounts)
        feed = subscriptions.subscribe("person", person_id=on_duty.person_id, now=now, actor=_as_user(on_duty))
        rehearsal = rehearsals.start(
            campaigns[2020], play_at=clock.at_local(lunar.tet(2020)) + timedelta(hours=2), source="published",
            minutes=120, now=now, actor=ACTOR,
        )  # fmt: skip
        [slip] = accounts.invite([account.id], now=now, actor=ACTOR)
        return {
            **shown,
            "unit": demo.UNIT, "person": people.people_by_ids([account.person_id or 0])[account.person_id or 0].code,
            "duty": on_duty.login, "account": str(account.id), "invitation": slip.token, "feed": str(feed.id),
            "rehearsal": str(rehearsal.id), "tet_2020": str(campaigns[2020]), "coming": str(max(campaigns.values())),
        }  # fmt: skip


def _login_on_duty(unit_id: int) -> User:
    person_id = resolver.who_is_on(unit_id, "operations", clock.now()).people[0].person_id
    return db.session.scalars(select(User).filter_by(person_id=person_id)).one()


def _as_user(user: User) -> Actor:
    return Actor(name=user.name, role=cast(Role, user.role), via="session", user_id=user.id, person_id=user.person_id)


def _incidents(unit_id: int) -> dict[str, str]:
    """One that is calling, one taken, one resolved; waits long enough not to change while pictures are taken."""
    now = clock.now()
    steps = [policies.StepSpec(duty=duty, after_seconds=wait) for duty, wait in STEPS]
    policies.set_policy(unit_id, steps, repeat_after_seconds=1800, ack_timeout_seconds=1800, now=now, actor=ACTOR)
    made = {
        key: services.log(title=title, category=category, unit_id=unit_id, severity=severity, now=now, actor=ACTOR)[0]
        for key, title, category, severity in (
            ("resolved", "Ùn ứ hàng tại trung tâm khai thác", "overload", 3),
            ("taken", "Xe đường thư Cao Nguyên – Đồi Gió hỏng ở đèo", "vehicle", 2),
            ("open", "Mất điện tại trung tâm khai thác, máy phát không khởi động", "power", 2),
        )
    }
    taker = db.session.scalars(select(Person).order_by(Person.code)).first()
    for key in ("resolved", "taken"):
        services.acknowledge(made[key].id, person_id=taker.id if taker else None, now=clock.now(), actor=ACTOR)
    services.resolve(made["resolved"].id, note="Đã tăng cường một xe, hết tồn đọng", now=clock.now(), actor=ACTOR)
    return {key: incident.code for key, incident in made.items()}


def called(app: Flask, facts: dict[str, str]) -> dict[str, str] | None:
    """The message and one-tap address of the open incident, once the worker has made them."""
    with app.app_context():
        incident = db.session.scalars(select(Incident).filter_by(code=facts["open"])).one()
        message = db.session.scalars(select(Message).filter_by(topic=f"incident/{incident.id}")).first()
        link = re.search(r"/a/([\w-]+)", message.body) if message else None
        return {"message": str(message.id), "one_tap": link[1]} if message and link else None
