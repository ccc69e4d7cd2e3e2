"""PURE a mail as an alarm, or why it is none. What is answered, returned or sent by ourselves never raises anything, so
that two machines cannot keep each other writing.

Nothing of a mail is opened: attachments are named, HTML is reduced to its words. How long ``read_mail`` takes is up
to whoever wrote the mail, so it runs in a process of its own (``incidents.mailboxes.parsing``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import cast

from core.text import fold
from incidents.intake.cleaning import clean, description_of, details_of, first_line, title_of
from incidents.intake.formats import Alarm
from incidents.mailboxes.scan import LONGEST_HEADER, is_allowed
from incidents.record import secrecy

LARGEST = 1_048_576
"""Bytes; what is larger is refused unread."""
LONGEST_LIST_OF_IDS = 20_000
"""Characters of headers that are looked through and never parsed."""
_KEPT = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "X-Priority", "Importance")
_OURS = re.compile(r"<[0-9a-f]{32}@([^<>@\s]+)>")
"""As ``notify.outbox`` makes Message-IDs."""
_IDS = re.compile(r"<[^<>\s]+>")
_OVER = frozenset({"recovery", "recovered", "resolved", "solved", "cleared", "ok", "up", "khoi phuc", "da khoi phuc"})
_STATE_WORDS = _OVER | {"problem", "down", "critical", "warning", "error", "alert", "alarm", "firing", "unreachable"}
_FAILED = re.compile(r"\b(?:dmarc|spf|dkim)=\w+", re.I)
_BEFORE = re.compile(r"^(?:(?:re|fw|fwd|tr)\s*:\s*)+")


class Refused(Exception):
    """``code``: sender, loop, reply, auto, bounce, too_large, broken or forged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Marks:
    """What tells whether a mail is answered, returned or sent by ourselves."""

    return_path: str
    type: str
    message_id: str
    answers: str
    """In-Reply-To and References."""
    automatic: str
    precedence: str
    is_by_a_list: bool
    senders: int
    """How many it says it is from."""
    is_forged: bool
    """The mail server found that it is not from whom it says."""


@dataclass(frozen=True)
class Mail:
    """What was read of one mail. ``digest``: of its Message-ID, date, sender and subject, or of all of it where it has
    no Message-ID. ``kept``: the few headers and the words that are kept as it came."""

    digest: str
    sender: str
    subject: str
    alarm: Alarm
    kept: bytes
    marks: Marks


class _Bounded(EmailPolicy):
    """Headers as the standard library reads them, cut: on some it needs a time that grows with the square of their
    length."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        is_list = name.lower() in ("references", "in-reply-to")
        return name, value[: LONGEST_LIST_OF_IDS if is_list else LONGEST_HEADER]


_POLICY = _Bounded()


def read_mail(raw: bytes) -> Mail:
    """Whatever it is; whether it may raise anything is asked by ``ensure_welcome``."""
    mail = cast(EmailMessage, message_from_bytes(raw, policy=_POLICY))
    words, subject = _words(mail), _header(mail, "Subject")
    sender = next(iter(_addresses(mail, "From")), "")
    title = first_line(subject, words, sender, "Mail")
    along = [(name.lower(), _header(mail, name)) for name in _KEPT if name not in ("Subject", "Message-ID")]
    along += [(f"attachment.{n}", name) for n, name in enumerate(_attachments(mail), start=1)]
    verdict = _raw(mail, "Authentication-Results")
    if is_forged(verdict):
        along.append(("authentication", verdict))
    alarm = Alarm(
        "resolve" if is_over(subject) else "trigger",
        key_of(sender, title),
        title_of(title),
        description_of(title, [words] if words != title else []),
        form="mail",
        details=details_of(along),
    )
    known = _raw(mail, "Message-ID")
    # Some programs give all their mails one Message-ID.
    same = "\n".join(_raw(mail, name) for name in ("Message-ID", "Date", "From", "Subject")) if known else ""
    digest = hashlib.sha256(same.encode("utf-8", "replace") or raw).hexdigest()[:32]
    head = "\n".join(f"{name}: {said}" for name in _KEPT if (said := _header(mail, name)))
    kept = f"{head}\n\n{words}".encode("utf-8", "replace")
    return Mail(digest, sender, title_of(subject), alarm, kept, _marks(mail))


def _marks(mail: EmailMessage) -> Marks:
    return Marks(
        return_path=_raw(mail, "Return-Path"),
        type=mail.get_content_type(),
        message_id=_raw(mail, "Message-ID"),
        answers=f"{_raw(mail, 'In-Reply-To')} {_raw(mail, 'References')}",
        automatic=_header(mail, "Auto-Submitted").partition(";")[0].strip().lower(),
        precedence=_header(mail, "Precedence").strip().lower(),
        is_by_a_list=any(_header(mail, name) for name in ("X-Autoreply", "X-Autorespond", "List-Id")),
        senders=len(_addresses(mail, "From")),
        is_forged=is_forged(_raw(mail, "Authentication-Results")),
    )


def ensure_welcome(mail: Mail, senders: Collection[str], own: str) -> None:
    """``senders``: addresses or ``@domain`` whose mail is read; ``own``: the address that we write from. Raises
    ``Refused``."""
    marks, domain = mail.marks, own.rpartition("@")[2].lower()
    if marks.return_path == "<>" or marks.type == "multipart/report":
        raise Refused("bounce")
    if mail.sender.partition("@")[0] in ("mailer-daemon", "postmaster"):
        raise Refused("bounce")
    if mail.sender == own.lower() or _ours(marks.message_id, domain):
        raise Refused("loop")
    if _ours(marks.answers, domain):
        raise Refused("reply")
    # "auto-generated" is what monitors are; answers and notices of delivery begin otherwise.
    if marks.automatic not in ("", "no", "auto-generated") or marks.is_by_a_list:
        raise Refused("auto")
    if marks.precedence in ("bulk", "junk", "list", "auto_reply"):
        raise Refused("auto")
    if marks.senders != 1 or not is_allowed(mail.sender, senders):
        raise Refused("sender")


def unknown(validity: int, uid: int) -> str:
    """The digest of a mail that was refused: its own number, by which no other mail is taken for it.

    Else whoever guesses what the next alarm looks like sends that before, marked as a machine's answer, and the alarm
    is known already.
    """
    return f"refused/{validity}/{uid}"


def shown(subject: str) -> str:
    """Return it as the list of mails keeps it: of items of Party and State without what must not be written."""
    return secrecy.without(subject, secrecy.names_in(subject)) if secrecy.speaks_of_state(subject) else subject


def is_forged(verdict: str) -> bool:
    """Return what the receiving server wrote on top of all other headers. What a stranger writes there themselves
    stands below, or can only hurt them: that a mail is genuine is believed from nobody."""
    said = {each.lower() for each in _FAILED.findall(verdict)}
    spf_failed = bool(said & {"spf=fail", "spf=softfail"})
    return "dmarc=fail" in said or (spf_failed and not said & {"dkim=pass", "dmarc=pass"})


def is_over(subject: str) -> bool:
    """Whether it begins with a word by which monitors say that all is well again: "RECOVERY: …", "[OK] …"."""
    plain = _BEFORE.sub("", fold(subject))
    return any(re.match(rf"\W*{word}\b(?!\w)", plain) for word in _OVER)


def key_of(sender: str, subject: str) -> str:
    """The same sender's mails are about one thing when their subjects differ only in words of state and in marks."""
    plain = _BEFORE.sub("", fold(subject))
    for phrase in ("da khoi phuc", "khoi phuc"):
        plain = plain.replace(phrase, " ")
    words = [word for word in re.findall(r"\w+", plain) if word not in _STATE_WORDS]
    return "mail/" + hashlib.sha256(f"{sender} {' '.join(words)}".encode()).hexdigest()[:32]


def _ours(ids: str, domain: str) -> bool:
    return bool(domain) and any(found.lower() == domain for found in _OURS.findall(" ".join(_IDS.findall(ids))))


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return " ".join(clean(str(mail.get(name, ""))).split())
    except Exception:  # a header that cannot be parsed says nothing
        return ""


def _raw(mail: EmailMessage, name: str) -> str:
    """As it stands there: the parser leaves out what is no proper Message-ID, and many are none."""
    found = next((value for known, value in mail.raw_items() if known.lower() == name.lower()), "")
    return " ".join(clean(str(found)).split())


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    return [address.lower() for _name, address in getaddresses([_header(mail, name)]) if "@" in address]


def _attachments(mail: EmailMessage) -> list[str]:
    parts = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    return [_file_name(part) for part in parts]


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or part.get_content_type()
    except Exception:  # named in a way that cannot be parsed
        return part.get_content_type()


def _words(mail: EmailMessage) -> str:
    """The text of the mail, of its HTML where it has no other."""
    try:
        part = mail.get_body(("plain", "html"))
    except Exception:  # parts that are not what they say
        part = None
    if part is None:
        return ""
    said = _decoded(cast(EmailMessage, part))
    if part.get_content_subtype() == "html":
        said = text_of(said)
    return clean(said.replace("\r\n", "\n")).strip()


def _decoded(part: EmailMessage) -> str:
    """In the charset that it names, else as UTF-8; what fits neither is shown as a mark."""
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("utf-8", "replace")


class _Text(HTMLParser):
    """Words of HTML, a line a block; nothing of scripts and styles."""

    _SILENT = frozenset({"script", "style", "head", "title", "template"})
    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "pre"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self.silent += 1
        elif tag in self._BLOCKS:
            self.said.append("\n")
        elif tag in ("td", "th"):
            self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in self._BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """The words of HTML."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).splitlines())
    return "\n".join(line for line in lines if line)
