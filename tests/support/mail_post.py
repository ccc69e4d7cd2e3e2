"""A source whose alarms come by mail, in the night: a mailbox in a real Dovecot, and what came of its mails."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from core.db import db as database
from incidents.intake import sources
from incidents.mailboxes import polling, services as mailboxes
from incidents.mailboxes.models import Mailbox, ReceivedMail
from incidents.mailboxes.services import Settings
from incidents.record.models import Incident
from tests.support.dovecot import SECRET, USER, Dovecot
from tests.support.tet_night import ADMIN, NIGHT, Night

MIN = timedelta(minutes=1)
FOLDER, CODED = "Sự cố", "S&HvE- c&HtE-"


class Post:
    """A source with a mailbox in the night; ``look`` is what the worker does, a minute later each time."""

    def __init__(self, night: Night, server: Dovecot) -> None:
        self.server, self.now = server, NIGHT
        source, _key = sources.create(
            sources.NewSource("Nagios", "generic", night.ids["BDA"], category="connectivity"), actor=ADMIN, now=NIGHT
        )
        self.id = source.id
        server.new_folder(CODED)
        self.save()

    def save(self, **changes: Any) -> None:
        given: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.server.port,
            "security": "tls",
            "username": USER,
            "password": SECRET,
            "folder": FOLDER,
            "senders": ("nagios@giamsat.example",),
            "allow_private": True,
        }
        mailboxes.save(self.id, Settings(**(given | changes)), actor=ADMIN, now=self.now)

    def look(self) -> int:
        self.now += MIN
        done = polling.look(self.now)
        database.session.rollback()
        return done

    def send(self, subject: str, text: str = "bc-12 không trả lời", **headers: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "nagios@giamsat.example", "canhbao@buudien.example", subject
        mail["Message-ID"] = f"<{hashlib.sha256(subject.encode()).hexdigest()}@giamsat.example>"
        for name, value in headers.items():
            del mail[name]
            mail[name] = value
        mail.set_content(text)
        self.server.append(mail.as_bytes(), folder=CODED)

    @property
    def row(self) -> Mailbox:
        found = mailboxes.find_mailbox(self.id)
        assert found is not None
        return found


def incidents() -> list[tuple[str, str]]:
    found = database.session.scalars(select(Incident).order_by(Incident.id).execution_options(populate_existing=True))
    return [(each.title, each.status) for each in found]


def outcomes() -> list[str]:
    return list(database.session.scalars(select(ReceivedMail.outcome).order_by(ReceivedMail.id)))
