"""A letter as an RFC 5322 message whose headers nobody can break out of."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from notify.channels.base import Letter

# One mailbox, ASCII, without quoting, comments, lists or line breaks.
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def single_address(text: str) -> str | None:
    """The one bare address in ``text`` (a name before ``<…>`` is dropped), or ``None`` when it is not exactly one."""
    if _MAILBOX.fullmatch(text):
        return text
    if _CONTROL.search(text) or text.count("@") != 1:
        return None
    _name, bare = parseaddr(text)
    return bare if _MAILBOX.fullmatch(bare) else None


def one_line(text: str) -> str:
    """``text`` without control characters and line breaks: fit for a header."""
    return " ".join(_CONTROL.sub(" ", text).split())


def as_bytes(letter: Letter, address: str, sender: str) -> bytes:
    """The message, CRLF, UTF-8, in lines that any server takes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _mailbox(parseaddr(sender)[0], single_address(sender) or sender)
    mail["To"] = _mailbox(letter.recipient, address)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    if letter.urgent:
        mail["Importance"], mail["X-Priority"] = "high", "1"
    mail.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


def _mailbox(name: str, address: str) -> Address:
    return Address(display_name=one_line(name), addr_spec=address)
