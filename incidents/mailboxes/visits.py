"""A visit to one mailbox: what is known meanwhile, what was made of a mail, and the thread that it has to itself."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask

from core import clock
from incidents.mailboxes.imap import Account
from incidents.mailboxes.reading import Mail
from incidents.mailboxes.scan import Scan

log = logging.getLogger(__name__)


class Elsewhere(Exception):
    """Somebody changed, took away or revoked what is being read, or reads it at this moment."""


@dataclass(frozen=True)
class MailboxVisit:
    """What is known of a mailbox while the line to it is open; no transaction is."""

    source_id: int
    account: Account | None
    validity: int | None
    last_uid: int
    senders: tuple[str, ...]
    own: str
    now: datetime
    began: float = field(default_factory=clock.monotonic)

    def lasts(self) -> float:
        """Seconds."""
        return clock.monotonic() - self.began

    def moment(self) -> datetime:
        return self.now + timedelta(seconds=self.lasts())


@dataclass(frozen=True)
class JudgedMail:
    """A mail and what is to become of it. ``refused``: why it raises nothing, or ""; without ``mail`` nobody could read
    it."""

    seen: Scan
    raw: bytes
    mail: Mail | None = None
    refused: str = ""

    @property
    def sender(self) -> str:
        return self.mail.sender if self.mail else self.seen.sender

    @property
    def subject(self) -> str:
        return self.mail.subject if self.mail else self.seen.subject

    @property
    def digest(self) -> str:
        known = self.mail.digest if self.mail else self.seen.digest
        return known or hashlib.sha256(self.raw).hexdigest()[:32]


class Visiting(threading.Thread):
    """Looks into one mailbox. While it lasts no other of this process goes there."""

    def __init__(self, app: Flask, source_id: int, look: Callable[[], int]) -> None:
        super().__init__(name=f"mailbox {source_id}", daemon=True)
        self._app, self._source_id, self._look = app, source_id, look
        self.done = 0
        self.fault: BaseException | None = None

    def start(self) -> None:
        """Raises RuntimeError where no thread is left; then the mailbox is free for the next turn."""
        busy(self._app).add(self._source_id)
        try:
            super().start()
        except RuntimeError:
            busy(self._app).discard(self._source_id)
            raise

    def run(self) -> None:
        try:
            with self._app.app_context():
                self.done = self._look()
        except BaseException as fault:  # told to whoever waits; whoever comes next tries again
            log.exception("the visit to the mailbox of source %s did not reach its end", self._source_id)
            self.fault = fault
        finally:
            busy(self._app).discard(self._source_id)


def busy(app: Flask) -> set[int]:
    """The sources whose mailboxes this process looks into at this moment."""
    found: set[int] = app.extensions.setdefault("mailboxes.busy", set())
    return found
