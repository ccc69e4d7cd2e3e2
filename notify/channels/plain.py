"""The words of a call whose own words may be what kills whoever carries it: nothing that anybody wrote is in them.

No title, no name, no page in HTML: what it is about the link shows, in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import force_locale, gettext as _

from notify.channels.base import CarriedLetter

_CODE = re.compile(r"[A-Z]{2}-\d{4}-\d{1,9}")
_LINK = re.compile(r"https?://[\x21-\x7e]{1,500}")
_LANGUAGE = re.compile(r"vi|en")
MOST_CODES = 20
"""Links to more would be no short text."""


def letter(calls: Sequence[CarriedLetter], message_id: str) -> CarriedLetter:
    """One letter for ``calls``, to one person by one way."""
    first = calls[0]
    language = _text(first, "language")
    with force_locale(language if _LANGUAGE.fullmatch(language) else "vi"):
        subject = _("[Trực Tết] Có việc gọi đồng chí")
        lines = [_line(each) for each in calls[:MOST_CODES]]
        body = "\n".join([_("Có việc đang gọi đồng chí. Xem và trả lời:"), *lines])
    link = first.link if _LINK.fullmatch(first.link) else ""
    return replace(first, recipient="", subject=subject, body=body, link=link, message_id=message_id, facts={})


def _line(call: CarriedLetter) -> str:
    code = _text(call, "code")
    # Never a link by itself on its line: it would be made a page in HTML.
    name = code if _CODE.fullmatch(code) else "-"
    return f"{name} {call.link}" if _LINK.fullmatch(call.link) else name


def _text(call: CarriedLetter, name: str) -> str:
    found = call.facts.get(name)
    return found if isinstance(found, str) else ""
