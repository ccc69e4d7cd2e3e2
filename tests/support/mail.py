"""A mail server that is there, for stories in which something has to leave: a real one, and the sender's turn."""

from __future__ import annotations

from flask import Flask

from core.db import db
from notify import delivery
from tests.support.smtp_sink import SmtpSink


class Mail:
    """``goes``: what is due is handed over now."""

    def __init__(self, app: Flask, sink: SmtpSink) -> None:
        self.sink = sink
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@buudien.example", OUTGOING_ALLOW="127.0.0.0/8")

    def goes(self) -> None:
        db.session.rollback()
        delivery.deliver_due(owner="story")
        db.session.rollback()
        db.session.expire_all()
