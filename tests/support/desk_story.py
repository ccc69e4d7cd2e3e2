"""A night at the incident desk: the enterprise, a mail server, a hand on the clock and the worker's jobs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

import worker
from core.db import db as database, transaction
from incidents.escalation.models import Ask
from incidents.record.models import Escalation
from notify import delivery
from people.accounts import keys
from people.models import ContactMethod, Person
from roster.models import Duty
from tests.support.clock_hand import ClockHand
from tests.support.smtp_sink import SmtpSink
from tests.support.tet_night import ADMIN, NIGHT, Night


class DeskStory(ClockHand):
    """Minutes count from ten past two on Mùng 1. ``pulse`` does what the worker does every second."""

    def __init__(self, app: Flask, client: FlaskClient, sink: SmtpSink) -> None:
        self.app, self.client, self.sink, self.night, self.now = app, client, sink, Night(), NIGHT
        self._key = keys.create_api_key(keys.NewApiKey("Bàn trực", "admin"), now=NIGHT, actor=ADMIN)[1]
        self.at(0)

    def pulse(self) -> None:
        database.session.rollback()
        # What a tick makes due (an incident about a gap) is called at the pulse that its commit brings.
        calling = worker.jobs("calling")
        for job in (*calling, *worker.jobs("tick"), *calling[:3]):
            job.run(self.now)
            database.session.rollback()
        delivery.deliver_due(owner="story")
        database.session.rollback()

    def until(self, minutes: float) -> None:
        """Let the time pass: a pulse now, at every moment at which something is due, and at the end."""
        end = NIGHT + timedelta(minutes=minutes)
        self.pulse()
        while self.now < end:
            self.at((self._next(end) - NIGHT) / timedelta(minutes=1))
            self.pulse()

    def _next(self, end: datetime) -> datetime:
        moments = (Escalation.next_at, Escalation.arrives_at, Ask.next_at, Duty.starts_at, Duty.ends_at)
        found = [database.session.scalar(select(func.min(each)).where(each > self.now)) for each in moments]
        database.session.rollback()
        return min([end, *(each for each in found if each is not None)])

    def woken(self) -> list[str]:
        """The codes of everybody whose mailbox got something, in order."""
        return [arrival.recipient.partition("@")[0].upper() for arrival in self.sink.arrivals]

    def link(self, number: int = -1) -> str:
        """Of the letters that ask something: what only tells has none."""
        return [found.group() for each in self.sink.arrivals if (found := re.search(r"/a/[\w-]+", each.body))][number]

    def press(self, link: str, button: str, **more: str) -> str:
        answer = self.client.post(link, data={"do": button} | more)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def api(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        bearer = {"Authorization": f"Bearer {self._key}"}
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=bearer)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json() if answer.data else None

    def report(self, **more: Any) -> str:
        body = {"title": "Mất điện trung tâm khai thác", "category": "power", "severity": 3, "unit": "BDA"} | more
        return str(self.api("POST", "/incidents", body, 201)["code"])

    def incident(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api("GET", f"/incidents/{code}")
        return found

    def told(self, code: str) -> list[str]:
        """The kinds of its timeline, in order."""
        return [entry["kind"] for entry in self.incident(code)["timeline"]]

    def takes(self, code: str, person: str) -> None:
        self.api("POST", f"/incidents/{code}/acknowledge", {"person": person})

    def mail_of(self, person: str) -> None:
        """Give somebody a mailbox who has none."""

        def add(found: Person) -> None:
            found.contacts.append(
                ContactMethod(channel="email", address=f"{person.lower()}@buudien.example", position=2)
            )

        self.change(person, add)

    def change(self, person: str, how: Callable[[Person], None]) -> None:
        with transaction() as session:
            how(session.get_one(Person, self.night.ids[person]))
