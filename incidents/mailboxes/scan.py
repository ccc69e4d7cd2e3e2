"""PURE the head of a mail looked over without parsing it: who may have sent it, what it calls itself.

Whoever may write to a mailbox is anybody; a parser of mails needs a time that grows with the square of what they
write. So who sent it is asked first, in a time that does not, and only mail of those who are allowed is parsed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header

from incidents.intake.cleaning import clean, title_of

LONGEST_HEAD = 262_144
"""Bytes of headers that are looked at."""
LONGEST_HEADER = 2_000
"""Characters of each header that a parser gets."""
_LOOKED_THROUGH = 8_192
"""Characters of a header that may hold an address, from its beginning and from its end."""
_LONGEST_NAME, _LONGEST_DOMAIN = 64, 255
_IN_NAMES = frozenset(".!#$%&'*+/=?^_`{|}~-")
_KNOWN_BY = ("message-id", "date", "from", "subject")


@dataclass(frozen=True)
class Scan:
    """``senders``: all that look like addresses in From; ``digest``: as ``reading.Mail`` has it; empty where the mail
    has no Message-ID. ``is_cut``: From is longer than what a parser gets."""

    senders: tuple[str, ...]
    subject: str
    digest: str
    is_cut: bool

    @property
    def sender(self) -> str:
        return self.senders[0] if self.senders else ""

    def may_be_of(self, senders: Collection[str]) -> bool:
        """Whether one of them may have sent it; who really did says the parser."""
        return any(is_allowed(each, senders) for each in self.senders)


def look_over(raw: bytes) -> Scan:
    """A mail, or its head."""
    head = raw[:LONGEST_HEAD]
    values = _values(head)
    own = " ".join([values.get("from", ""), _decoded(values.get("from", ""))])
    given = "\n".join(_plain(values.get(name, "")) for name in _KNOWN_BY) if values.get("message-id") else ""
    return Scan(
        senders=tuple(dict.fromkeys(_addresses(own))),
        subject=title_of(_decoded(values.get("subject", ""))),
        digest=hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()[:32] if given else "",
        is_cut=len(values.get("from", "")) > LONGEST_HEADER,
    )


def is_allowed(sender: str, senders: Collection[str]) -> bool:
    """Whether it is one of the addresses, or of one of the domains."""
    known = {each.strip().lower() for each in senders}
    return bool(sender) and (sender in known or f"@{sender.rpartition('@')[2]}" in known)


def _values(head: bytes) -> dict[str, str]:
    """The first header of each name, with the lines that continue it."""
    found, name = dict[str, list[bytes]](), ""
    for line in head.splitlines():
        if not line:
            break
        if line[:1] in (b" ", b"\t"):
            if name:
                found[name].append(line)
            continue
        before, colon, after = line[:100].partition(b":")
        name = before.strip().lower().decode("ascii", "replace") if colon else ""
        if name in found:  # a second From says nothing
            name = ""
        elif name:
            found[name] = [line[len(before) + 1 :]]
    return {each: b"\n".join(lines).decode("ascii", "surrogateescape") for each, lines in found.items()}


def _plain(value: str) -> str:
    return " ".join(clean(value).split())


def _addresses(text: str) -> Iterator[str]:
    """Each @ with the letters around it, in lower case; a mark of quoting ends them."""
    if len(text) > 2 * _LOOKED_THROUGH:
        text = f"{text[:_LOOKED_THROUGH]} {text[-_LOOKED_THROUGH:]}"
    at = text.find("@")
    while at >= 0:
        begins, ends = at, at + 1
        while begins > max(0, at - _LONGEST_NAME) and _is_in(text[begins - 1], _IN_NAMES):
            begins -= 1
        while ends < min(len(text), at + _LONGEST_DOMAIN) and _is_in(text[ends], frozenset(".-")):
            ends += 1
        if begins < at and ends > at + 1:
            yield text[begins:ends].strip(".").lower()
        at = text.find("@", at + 1)


def _is_in(letter: str, marks: frozenset[str]) -> bool:
    return letter.isalnum() or letter in marks


def _decoded(value: str) -> str:
    """Words in an encoding of their own, as far as a short look goes."""
    value = " ".join(value[:LONGEST_HEADER].split())
    try:
        parts = decode_header(value)
        said = "".join(
            part if isinstance(part, str) else part.decode(charset or "utf-8", "replace") for part, charset in parts
        )
    except (LookupError, ValueError, MessageError):
        said = value
    return clean(said.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
