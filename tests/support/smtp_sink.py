"""A real SMTP server that keeps what it is sent and can misbehave on demand.

``sink.script`` says what to answer to the next letters, first to last; when it is empty, letters are accepted:

- ``"451 try later"``, ``"550 no such person"``: refuse after DATA.
- ``"rcpt 550 no such person"``: refuse the recipient.
- ``"drop"``: cut the line instead of answering; nothing was taken.
- ``"take, drop"``: keep the letter, then cut the line before saying so.
- ``"slow"``: take the letter, and say so two seconds later; ``"held"``: when ``let`` is set.
- ``"hang"``: say nothing until the line is cut from the other side.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tests.support.live import free_port

HANG = 30.0


@dataclass(frozen=True)
class Arrival:
    """One accepted letter: the envelope's recipient, the parsed letter, when it came (monotonic seconds)."""

    recipient: str
    mail: EmailMessage
    at: float

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])

    @property
    def body(self) -> str:
        """The plain words; a letter with a link says them a second time as a page (:attr:`page`)."""
        return str(self.mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]

    @property
    def page(self) -> str:
        part = self.mail.get_body(("html",))
        return str(part.get_content()) if part is not None else ""


@dataclass
class SmtpSink:
    port: int
    arrivals: list[Arrival] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    connections: int = 0
    waited_out: int = 0
    """Hangs that somebody stayed for until their end."""
    delay: float = 0.0
    """Seconds until a letter is taken, and as many again until that is said: a gateway that is far away or busy."""
    let: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: Any = None

    def open(self) -> None:
        """Listen; after ``close`` on the same port, as a server that comes back."""
        from aiosmtpd.controller import Controller

        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def close(self) -> None:
        """Nobody listens any more. What arrived stays."""
        self.let.set()
        self._server.stop(no_assert=True)

    @property
    def url(self) -> str:
        """A MAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def subjects(self) -> list[str]:
        return [str(arrival.mail["Subject"]) for arrival in self.arrivals]

    def wait_for(self, count: int, *, seconds: float = 120) -> list[Arrival]:
        """The arrivals once there are ``count`` of them; fails when they do not come."""
        wait_until(lambda: len(self.arrivals) >= count, seconds=seconds, what=f"{count} mails")
        return self.arrivals

    def _next(self, *, for_recipient: bool) -> str:
        with self._lock:
            if self.script and self.script[0].startswith("rcpt ") == for_recipient:
                return self.script.pop(0)
        return ""

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        refusal = self._next(for_recipient=True)
        if refusal:
            return refusal.removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._next(for_recipient=False)
        await asyncio.sleep(self.delay)
        if answer == "hang":
            await asyncio.sleep(HANG)
            self.waited_out += 1
        if answer in ("", "take, drop", "slow", "held"):
            self._keep(envelope)
        if answer == "slow":
            await asyncio.sleep(2)
        while answer == "held" and not self.let.is_set():
            await asyncio.sleep(0.01)
        await asyncio.sleep(self.delay)
        if answer in ("drop", "take, drop"):
            server.transport.abort()
        return answer if answer[:1].isdigit() else "250 2.0.0 OK"

    def _keep(self, envelope: Any) -> None:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        for recipient in envelope.rcpt_tos:
            self.arrivals.append(Arrival(recipient, mail, time.monotonic()))


@contextmanager
def smtp_sink(port: int | None = None) -> Iterator[SmtpSink]:
    """Serve on loopback (``port``: the same as before, to come back after an outage)."""
    sink = SmtpSink(port or free_port())
    sink.open()
    try:
        yield sink
    finally:
        sink.close()


def wait_until(check: Callable[[], Any], *, seconds: float = 120, what: str = "it") -> None:
    """Wait until ``check()`` is true; the limit only ends a test that has failed already."""
    ends = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < ends, f"{what} did not come within {seconds:.0f} s"
        time.sleep(0.02)
