"""A night on which people are reached by every road: the enterprise, a mail server, gateways that are sinks, and a hand
on the clock. Seconds count from ten past two on Mùng 1; ``pulse`` does what the worker does every second."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from flask import Flask

from core.db import db as database, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.paging import delivery_status
from incidents.record import queries
from incidents.record.models import Incident
from notify import delivery
from people.models import Person
from people.notification_rules.models import Endpoint
from tests.support.carriers import set_up
from tests.support.clock_hand import ClockHand
from tests.support.http_sink import HttpSink, http_sink
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night


class ReachStory(ClockHand):
    """One enterprise, its carriers, and a hand on the clock."""

    UNIT = timedelta(seconds=1)

    def __init__(self, app: Flask, stack: ExitStack) -> None:
        self.app, self.night, self.now = app, Night(), NIGHT
        self.stack = stack
        self.mail: SmtpSink = stack.enter_context(smtp_sink())
        app.config.update(MAIL_URL=self.mail.url, MAIL_FROM="truc@vidu.vn", OUTGOING_ALLOW="127.0.0.0/8")
        self.binh = database.session.get_one(Person, self.night.ids["BI1"])
        self.at(0)

    def sink(self, channel: str, **more: Any) -> HttpSink:
        """A gateway of ``channel`` that is there."""
        sink = self.stack.enter_context(http_sink())
        set_up(channel, sink, now=self.now, **more)
        return sink

    def log(self, title: str = "Mất điện bưu cục", **more: Any) -> Incident:
        facts = {"category": "power", "severity": 3, "unit_id": self.night.ids["BDA"], **more}
        return creation.log(IncidentReport(title=title, actor=ADMIN, **facts), now=self.now)[0]

    def pulse(self) -> None:
        """What the worker does every second."""
        database.session.rollback()
        engine.escalate_due(self.now)
        delivery.pass_ladders(now=self.now)
        delivery.deliver_due(owner="story")
        database.session.rollback()

    def states(self, incident: Incident) -> dict[str, str]:
        """channel → state of its calls, as the API and the page tell it."""
        database.session.rollback()
        pages = queries.pages(incident.id)
        return {page.channel: delivery_status.courses_for(pages, self.now)[page.id].state for page in pages}

    def device(self, channel: str, address: str) -> None:
        with transaction() as session:
            session.add(
                Endpoint(
                    person_id=self.binh.id,
                    channel=channel,
                    address=address,
                    digest=address[:60],
                    name="máy",
                    created_at=self.now,
                )
            )


def status(incident: Incident) -> str:
    database.session.rollback()
    return database.session.get_one(Incident, incident.id, populate_existing=True).status
