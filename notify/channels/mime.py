"""A letter as an RFC 5322 message whose headers nobody can break out of; with its link also as a page in HTML."""

from __future__ import annotations

import hashlib
import re
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, parseaddr

from notify.channels.base import CarriedLetter
from notify.channels.html import as_html

# One mailbox, ASCII, without quoting, comments, lists or line breaks.
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP
_WIRE = compat32.clone(linesep="\r\n")


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


def as_bytes(letter: CarriedLetter, address: str, sender: str) -> bytes:
    """The message, CRLF, UTF-8, in lines that any server takes.

    Headers are encoded by ``Header``: the newer folding of ``EmailMessage`` loses the space between two encoded words
    (seen in Python 3.11), and a title must arrive as typed.
    """
    page = as_html(letter)
    mail: Message = _alternatives(letter, page) if page else _text("plain", letter.body)
    mail["From"] = _mailbox(parseaddr(sender)[0], single_address(sender) or sender)
    mail["To"] = _mailbox(letter.recipient, address)
    mail["Subject"] = _words(letter.subject, "Subject")  # type: ignore[assignment]
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    if letter.urgent:
        mail["Importance"], mail["X-Priority"] = "high", "1"
    return mail.as_bytes(policy=_WIRE)


def _text(kind: str, words: str) -> Message:
    part = MIMENonMultipart("text", kind)
    part.set_payload(words, _QUOTED)
    return part


def _alternatives(letter: CarriedLetter, page: str) -> Message:
    """The same words twice, the richer last (RFC 2046 5.1.4); a letter that is tried again is the same to the byte."""
    boundary = hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]
    return MIMEMultipart("alternative", boundary, [_text("plain", letter.body), _text("html", page)])


def _mailbox(name: str, address: str) -> str:
    name = one_line(name)
    if not name:
        return address
    shown = _quoted(name) if name.isascii() else _words(name, "From").encode(linesep="\r\n")
    return f"{shown} <{address}>"


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "").replace('"', "") + '"'


def _words(text: str, header: str) -> Header:
    return Header(one_line(text), "utf-8" if not text.isascii() else "us-ascii", header_name=header)
