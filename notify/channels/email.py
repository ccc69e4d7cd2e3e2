"""E-mail over SMTP: one kept connection per sender thread, bounded in time whatever the server does."""

from __future__ import annotations

import contextlib
import ipaddress
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from core import clock
from notify.channels.base import Accepted, CarriedLetter, ChannelError
from notify.channels.mime import as_bytes, single_address

CONNECT_WITHIN = 5.0
SEND_WITHIN = 15.0
"""Seconds for one attempt as a whole; a lease is longer than twice this."""
NAME = "email"
"""The only gateway of mail, as breakers know it."""
FAULTS = (smtplib.SMTPException, OSError, ValueError)
"""ValueError: the ssl module, when the watchdog cuts the line under it."""


@dataclass(frozen=True)
class MailServer:
    """Where mail goes: ``MAIL_URL`` taken apart."""

    host: str
    port: int
    tls_from_start: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def parse_url(url: str) -> MailServer:
    """``smtp://[user:pass@]host[:port]`` or ``smtps://…``. Raises ValueError that says what is wrong."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("MAIL_URL must look like smtp://[user:password@]host:port or smtps://…")
    secure = parts.scheme == "smtps"
    port = parts.port or (465 if secure else 587 if parts.username else 25)
    return MailServer(parts.hostname, port, secure, unquote(parts.username or ""), unquote(parts.password or ""))


def from_settings(settings: Mapping[str, Any]) -> EmailChannel | None:
    """The channel, or ``None`` when no gateway is set. Raises ValueError when MAIL_URL makes no sense."""
    url = settings.get("MAIL_URL")
    return EmailChannel(parse_url(url), settings["MAIL_FROM"]) if url else None


def is_set_up(settings: Mapping[str, Any]) -> bool:
    """Whether a gateway is set, and set rightly."""
    url = settings.get("MAIL_URL")
    if not url:
        return False
    try:
        parse_url(url)
    except ValueError:
        return False
    return True


class EmailChannel:
    """See ``Channel``."""

    def __init__(self, gateway: MailServer, sender: str, *, within: float = SEND_WITHIN) -> None:
        self.gateway, self.sender, self.within = gateway, sender, within
        self._smtp: smtplib.SMTP | None = None
        self._ends = 0.0

    def is_local(self, _address: str) -> bool:
        return self.gateway.is_local

    def gateways(self, _address: str) -> tuple[str, ...]:
        return (NAME,)

    def open(self, _gateway: str = "") -> None:
        self._ends = clock.monotonic() + self.within
        if self._still_up():
            return
        try:
            self._connect()
        except FAULTS as fault:
            # Also a 5xx: a full house or a wrong password is no fault of the person written to.
            self.close()
            raise ChannelError(_words(fault), gateway=True) from fault

    def words(self, letter: CarriedLetter, _gateway: str = "") -> str:
        return f"{letter.subject}\n\n{letter.body}".strip()

    def send(self, letter: CarriedLetter, _gateway: str = "") -> Accepted:
        address = single_address(letter.address)
        if address is None:
            raise ChannelError(f"not a mail address: {letter.address[:200]!r}", permanent=True)
        smtp, content = self._smtp, as_bytes(letter, address, self.sender)
        if smtp is None:
            raise ChannelError("the line is not open")
        try:
            with self._watchdog():
                return Accepted(_hand_over(smtp, single_address(self.sender) or self.sender, address, content))
        except FAULTS as fault:
            self.close()
            code = fault.smtp_code if isinstance(fault, smtplib.SMTPResponseException) else 0
            # An answer such as greylisting is about this letter; 421 is the server's own good-bye.
            raise ChannelError(_words(fault), gateway=code in (0, 421), unsure=not code) from fault

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(*FAULTS):
                smtp.close()

    def _still_up(self) -> bool:
        if self._smtp is None:
            return False
        try:
            self._smtp.sock.settimeout(CONNECT_WITHIN)  # type: ignore[union-attr]
            with self._watchdog():
                up = self._smtp.rset()[0] == 250
            self._smtp.sock.settimeout(self.within)  # type: ignore[union-attr]
        except (*FAULTS, AttributeError):
            up = False
        if not up:
            self.close()
        return up

    def _connect(self) -> None:
        gate, name = self.gateway, socket.gethostname()
        if gate.tls_from_start:
            context = self._tls(proven=not self.gateway.is_local)
            self._smtp = smtplib.SMTP_SSL(
                gate.host, gate.port, local_hostname=name, timeout=CONNECT_WITHIN, context=context
            )
        else:
            self._smtp = smtplib.SMTP(gate.host, gate.port, local_hostname=name, timeout=CONNECT_WITHIN)
        smtp = self._smtp
        with self._watchdog():
            smtp.sock.settimeout(self.within)  # type: ignore[union-attr]
            smtp.ehlo_or_helo_if_needed()
            if not gate.tls_from_start and smtp.has_extn("starttls"):
                smtp.starttls(context=self._tls(proven=bool(gate.user) and not self.gateway.is_local))
                smtp.ehlo_or_helo_if_needed()
            self._login(smtp)

    def _login(self, smtp: smtplib.SMTP) -> None:
        if not self.gateway.user:
            return
        if not (isinstance(smtp.sock, ssl.SSLSocket) or self.gateway.is_local):
            raise smtplib.SMTPException("the server offers no STARTTLS: the password was not sent in the clear")
        smtp.login(self.gateway.user, self.gateway.password)

    @staticmethod
    def _tls(*, proven: bool) -> ssl.SSLContext:
        """A password is shown to a proven server only; when TLS is merely offered, unproven beats plain text."""
        context = ssl.create_default_context()
        if not proven:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    @contextmanager
    def _watchdog(self) -> Iterator[None]:
        """Cut the line when the attempt's time is up: a socket's own time-out starts anew with every byte."""
        timer = threading.Timer(max(0.0, self._ends - clock.monotonic()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        smtp = self._smtp
        with contextlib.suppress(*FAULTS, AttributeError):
            smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _hand_over(smtp: smtplib.SMTP, sender: str, address: str, content: bytes) -> str:
    code, answer = smtp.mail(sender)
    if code != 250:  # our own sender's name is refused: mend the setting, then it is tried again
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = smtp.rcpt(address)
    if code not in (250, 251):
        raise _refused(code, answer)
    try:
        code, answer = smtp.data(content)
    except smtplib.SMTPDataError as fault:
        raise _refused(fault.smtp_code, fault.smtp_error) from fault
    if code != 250:
        raise _refused(code, answer)
    return _line(code, answer)


def _refused(code: int, answer: bytes | str) -> ChannelError:
    return ChannelError(_line(code, answer), permanent=500 <= code < 600)


def _line(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:500]


def _words(fault: BaseException) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        return _line(fault.smtp_code, fault.smtp_error)
    return f"{type(fault).__name__}: {' '.join(str(fault).split())}"[:500]
