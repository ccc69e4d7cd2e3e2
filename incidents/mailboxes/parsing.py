"""Mails are parsed by a process of their own (``incidents.mailboxes.child``): the worker, which reads all mailboxes,
and the web server outlive whatever a mail does to its parser."""

from __future__ import annotations

import re
from typing import Any

from core.files import apart
from core.files.apart import ChildDied
from incidents.intake.formats import Alarm, MalformedAlarm
from incidents.mailboxes.reading import Mail, Marks

CHILD = "incidents.mailboxes.child"
WITHIN = 30.0
"""Seconds of the clock for one mail; of processor time its process has five."""
_LOOKS_LIKE_MAIL = re.compile(r"\A\s*[A-Za-z][A-Za-z-]*:[ \t]")


def parse_mail(raw: bytes) -> Mail:
    """Raises ``ChildDied`` when the process did not come to an end, ``MalformedAlarm`` when the parser gives up."""
    told: dict[str, Any] | None = apart.ask(CHILD, raw, within=WITHIN)
    if told is None:
        raise MalformedAlarm("the mail cannot be read")
    alarm = dict(told["alarm"])
    alarm["details"] = tuple((name, value) for name, value in alarm["details"])
    marks = Marks(**told["marks"])
    return Mail(told["digest"], told["sender"], told["subject"], Alarm(**alarm), told["kept"].encode("utf-8"), marks)


def read_pasted(body: str) -> Alarm:
    """A mail that somebody pasted, headers first. Raises ``MalformedAlarm``."""
    try:
        return parse_mail(body.lstrip().encode("utf-8", "replace")).alarm
    except ChildDied:
        raise MalformedAlarm("the mail cannot be read") from None


def is_mail(body: str) -> bool:
    """Whether what was pasted begins as a mail does."""
    return _LOOKS_LIKE_MAIL.match(body) is not None
