"""The five calls that are followed through the code, as they come in the world of ``benchmarks.web.world``.

Pages are asked for in this process. What the worker does is called as its jobs do; carrying the message of a call is a
sender's affair, and no part of the first call.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks.web import edits
from benchmarks.web.world.making import ACTOR, NOW, PASSWORD, Facts
from core.db import db
from incidents.escalation import engine
from notify.models import Message
from people.models import Unit
from planning.part import Part
from roster.models import Duty
from roster.solving import jobs as solving, services as solves
from roster.solving.services import SolveRequest
from roster.sources.models import Demand

Prepared = Callable[[], Callable[[], bool]]
"""Makes everything ready; what it answers is the call, which says whether it did what it is for."""
MAIL = "smtp://127.0.0.1:9"
"""There is a gateway, so that calls have a way; without a worker nothing is sent."""


class Calls:
    """Each call of a walk is one of its own: another place, another person, the next edit."""

    def __init__(self, app: Flask, facts: Facts) -> None:
        app.config["MAIL_URL"] = MAIL
        self._app, self._facts = app, facts
        self._edit = next(edits.edits(app, facts))
        with app.app_context():
            self._quiet, self._letters = _quiet_units(), iter(list(_letters()))
        self._manager, self._writer = self._signed_in("manager"), self._signed_in("duty")

    def all(self) -> dict[str, Prepared]:
        return {
            "quick-log": self.quick_log,
            "first-call": self.first_call,
            "grid-edit": self.grid_edit,
            "confirm": self.confirm,
            "solve": self.solve,
        }

    def quick_log(self) -> Callable[[], bool]:
        """Somebody on duty sends the page of an incident that nobody else has reported."""
        unit, key = next(self._quiet), secrets.token_urlsafe(16)
        sent = {"form_key": key, "title": "Mất đường truyền", "category": "connectivity", "unit": unit}
        return lambda: _moved_on(self._writer.post("/incidents/new", data=sent))

    def first_call(self) -> Callable[[], bool]:
        """The worker's job finds the first step of that incident due, and calls whoever is on duty."""
        with self._app.app_context():
            while engine.escalate_due(NOW):  # what was logged before and waits
                pass
        if not self.quick_log()():
            raise RuntimeError("nothing was logged")
        return self._by_worker(lambda: engine.escalate_due(NOW))

    def grid_edit(self) -> Callable[[], bool]:
        """One seat of a unit's grid gets somebody else, as the script of the grid sends it."""
        assert self._edit.sends is not None
        sent = self._edit.sends()
        return lambda: self._manager.post(self._edit.path, json=sent).status_code == 200

    def confirm(self) -> Callable[[], bool]:
        """Somebody opens the link of their message, and presses the button under their shifts."""
        phone, path = self._app.test_client(), next(self._letters)
        seen = re.findall(r'name="seen" value="(\d+\.\d+)"', phone.get(path).text)
        return lambda: _moved_on(phone.post(path, data={"do": "confirm", "seen": seen}))

    def solve(self) -> Callable[[], bool]:
        """The worker finds a solve of one unit in the queue. It has no time for more than a first roster: engines that
        go on search in processes of their own, and what they find when is chance."""
        with self._app.app_context():
            part = Part(unit=edits.UNIT)
            solves.request_solve(int(self._facts["coming"]), SolveRequest(seconds=0, part=part), actor=ACTOR, now=NOW)
        return self._by_worker(lambda: solving.run_queued_solves(NOW))

    def _by_worker(self, job: Callable[[], int]) -> Callable[[], bool]:
        """``job`` answers how much it did, which is one."""

        def call() -> bool:
            with self._app.app_context():
                return job() == 1

        return call

    def _signed_in(self, who: str) -> FlaskClient:
        client = self._app.test_client()
        answer = client.post("/login", data={"identifier": self._facts[who], "password": PASSWORD})
        if not _moved_on(answer):
            raise RuntimeError(f"{who} could not sign in")
        return client


def _moved_on(answer: Any) -> bool:
    return bool(answer.status_code == 303)


def _quiet_units() -> Iterator[str]:
    """Codes of post offices with a roster of their own: none is above another, so that no report is like one before."""
    kind = select(Unit.kind).where(Unit.code == edits.UNIT).scalar_subquery()
    wanted = select(Unit.code).where(Unit.id.in_(select(Demand.unit_id)), Unit.kind == kind)
    return iter(db.session.scalars(wanted.order_by(Unit.code)).all())


def _letters() -> Iterator[str]:
    """Addresses of their own pages, from the messages to people with shifts to come; one for each."""
    coming = select(Duty.person_id).where(Duty.cancelled_at.is_(None), Duty.starts_at > NOW)
    wanted = select(Message.body).where(Message.topic.startswith("roster/"), Message.person_id.in_(coming))
    for body in db.session.scalars(wanted.order_by(Message.person_id)).all():
        if found := re.search(r"/p/me/[\w-]+", body):
            yield found[0]
