"""A night on which mail and SMS die: the mail server is closed, the gateway of SMS answers 503."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

from flask import Flask

import worker
from core.db import db as database
from core.observability import heartbeat
from incidents.escalation import upcoming
from incidents.record.models import Incident
from tests.support.http_sink import HttpSink
from tests.support.reach_story import ReachStory
from tests.support.tet_night import NIGHT

SOON = timedelta(seconds=1)
"""After a pulse the next one comes no sooner than a tick."""


class DeadNight(ReachStory):
    """Everything worked until ten past two. An manages the unit; nobody sits at the desk who is called as well."""

    def __init__(self, app: Flask, stack: ExitStack) -> None:
        super().__init__(app, stack)
        self.sms: HttpSink = self.sink("sms")
        self.is_mail_dead = False
        stack.callback(lambda: self.is_mail_dead and self.mail.open())

    def mail_dies(self) -> None:
        self.mail.close()
        self.is_mail_dead = True

    def dies(self) -> None:
        self.mail_dies()
        self.sms.answer = "503 hỏng"

    def mended(self) -> None:
        self.mail.open()
        self.is_mail_dead = False
        self.sms.answer = '200 {"id": "{n}"}'

    def until(self, seconds: float) -> None:
        """The worker's pulse when it comes by itself: as soon as something is due, every five seconds, at the end."""
        end = NIGHT + timedelta(seconds=seconds)
        while self.now < end:
            look = self.now + timedelta(seconds=worker.LOOK_AT_LEAST)
            due = upcoming.next_moment(self.now) or look
            self.at((min(end, look, max(due, self.now + SOON)) - NIGHT).total_seconds())
            heartbeat.beat("worker", now=self.now)
            self.pulse()

    def code(self, incident: Incident) -> Incident:
        database.session.rollback()
        return database.session.get_one(Incident, incident.id, populate_existing=True)
