"""The line to a mail server: numbers of new mails, and mails. It marks nothing as read and removes nothing."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from incidents.mailboxes.scan import LONGEST_HEAD
from notify.addresses import EVERYWHERE
from notify.channels.guarded import ForbiddenNetwork, guarded

WAIT = 10.0
"""Seconds for each answer."""
WITHIN = 90.0
"""Seconds for all of a visit; then the line is cut."""
MOST_OF_HEADS = 16_384
"""Bytes of a head when many are looked at together."""
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class UnreadableMailbox(Exception):
    """``problem``: private, connect, tls, login, folder or answer; ``said``: the server's or the system's own words."""

    def __init__(self, problem: str, said: object = "") -> None:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        super().__init__(problem, words)
        self.problem, self.said = problem, " ".join(words.split())[:200]


@dataclass(frozen=True)
class Account:
    """Where and as whom."""

    host: str
    port: int
    security: str
    username: str
    password: str
    folder: str
    allow_private: bool


@dataclass(frozen=True)
class Folder:
    """An open folder. ``validity``: while it stays the same, numbers mean the same mails; ``following``: the number
    that the next mail will get."""

    line: imaplib.IMAP4
    validity: int
    following: int

    def after(self, uid: int) -> list[int]:
        """Numbers of mails after ``uid``, ascending."""
        # "n:*" answers the newest mail even when its number is below n.
        return [found for found in self._search(f"UID {uid + 1}:*") if found > uid]

    def since(self, day: date) -> list[int]:
        """Numbers of mails that came on that day (of the server) or later, ascending."""
        return self._search(f"SINCE {day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}")

    def size(self, uid: int) -> int | None:
        """Bytes; None when the mail is gone."""
        found = self._fetch(uid, "(UID RFC822.SIZE)")
        for part in found:
            said = _SIZE.search(part if isinstance(part, bytes) else part[0])
            if said:
                return int(said.group(1))
        return None

    def head(self, uid: int) -> bytes | None:
        """Its headers, as far as they are looked at; None when the mail is gone."""
        return self._part(uid, f"(UID BODY.PEEK[HEADER]<0.{LONGEST_HEAD}>)")

    def heads(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Number → what its head says of who sent it and what it calls itself, as far as many are looked at together;
        without those that are gone. Of what is longer who sent it is asked for alone, and stands first: no mail is
        written by more than these bytes can name."""
        found = self._fields(uids, "FROM SUBJECT")
        long = [uid for uid, head in found.items() if len(head) >= MOST_OF_HEADS]
        for uid, sent_by in self._fields(long, "FROM").items() if long else ():
            found[uid] = sent_by.rstrip() + b"\r\n" + found[uid]
        return found

    def _fields(self, uids: Sequence[int], names: str) -> dict[int, bytes]:
        what = f"(UID BODY.PEEK[HEADER.FIELDS ({names})]<0.{MOST_OF_HEADS}>)"
        found, answer = dict[int, bytes](), self._fetch(",".join(map(str, uids)), what)
        for place, part in enumerate(answer):
            if not isinstance(part, tuple):
                continue
            after = answer[place + 1] if place + 1 < len(answer) else b""
            said = _UID.search(part[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
            if said:
                found[int(said.group(1))] = part[1]
        return found

    def mail(self, uid: int) -> bytes | None:
        """All of it; None when the mail is gone."""
        return self._part(uid, "(UID BODY.PEEK[])")

    def _part(self, uid: int, what: str) -> bytes | None:
        return next((part[1] for part in self._fetch(uid, what) if isinstance(part, tuple)), None)

    def _search(self, what: str) -> list[int]:
        with _answering("answer"):
            status, found = self.line.uid("SEARCH", None, what)  # type: ignore[arg-type]
        if status != "OK":
            raise UnreadableMailbox("answer", found[0] or b"")
        return sorted(int(each) for part in found if part for each in part.split())

    def _fetch(self, uid: int | str, what: str) -> list[bytes | tuple[bytes, bytes]]:
        with _answering("answer"):
            status, found = self.line.uid("FETCH", str(uid), what)
        if status != "OK":
            raise UnreadableMailbox("answer", found[0] or b"")
        return [part for part in found if part is not None]


@contextmanager
def opened(account: Account) -> Iterator[Folder]:
    """The folder, open to be read, within ``WITHIN`` seconds whatever happens. Raises ``UnreadableMailbox``."""
    with guarded(EVERYWHERE if account.allow_private else (), WITHIN):
        with _answering("connect"):
            line = _line(account)
        try:
            with _answering("login"):
                _sign_in(line, account)
            yield _folder(line, account.folder)
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                line.logout()


def _line(account: Account) -> imaplib.IMAP4:
    trusting = ssl.create_default_context()
    if account.security == "tls":
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=trusting, timeout=WAIT)
    line = imaplib.IMAP4(account.host, account.port, timeout=WAIT)
    if account.security == "starttls":
        line.starttls(trusting)
    return line


def _sign_in(line: imaplib.IMAP4, account: Account) -> None:
    """By SASL where it is offered: the older command takes no letters beyond ASCII."""
    if "AUTH=PLAIN" in line.capabilities:
        line.authenticate("PLAIN", lambda _challenge: f"\0{account.username}\0{account.password}".encode())
    else:
        line.login(_quoted(account.username), account.password)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _folder(line: imaplib.IMAP4, name: str) -> Folder:
    with _answering("folder"):
        status, said = line.select(_quoted(_modified_utf7(name)), readonly=True)
        if status != "OK":
            raise UnreadableMailbox("folder", said[0] or b"")
        validity, following = (line.response(each)[1][0] for each in ("UIDVALIDITY", "UIDNEXT"))
    if not validity or not following:
        raise UnreadableMailbox("answer", "no UIDVALIDITY, no UIDNEXT")
    return Folder(line, int(validity), int(following))


def _modified_utf7(name: str) -> str:
    """Names of folders as IMAP writes them: "Sự cố" is "S&HvE- c&HtE-"."""
    coded = ""
    for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if part.isascii():
            coded += part.replace("&", "&-")
        else:
            coded += "&" + part.encode("utf-7").decode()[1:].rstrip("-").replace("/", ",") + "-"
    return coded


@contextmanager
def _answering(step: str) -> Iterator[None]:
    try:
        yield
    except ForbiddenNetwork as fault:
        raise UnreadableMailbox("private") from fault
    except ssl.SSLError as fault:
        raise UnreadableMailbox("tls", fault.reason or fault) from fault
    except (OSError, EOFError, imaplib.IMAP4.abort) as fault:
        raise UnreadableMailbox("connect" if step == "connect" else "answer", fault) from fault
    except imaplib.IMAP4.error as fault:
        raise UnreadableMailbox(step, fault.args[0] if fault.args else fault) from fault
