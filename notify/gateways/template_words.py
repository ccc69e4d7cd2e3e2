"""PURE what stands in the places of an approved message template: values without links and telephone numbers.

Providers of template messages (Zalo) approve the words once; only values change, and the one button leads to the
recipient's own page. They refuse a value that is empty, too long or holds a link or a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

KINDS = ("incident", "several", "shift")
"""One call, several calls in one message, a shift to be confirmed."""
PLACES: Mapping[str, frozenset[str]] = {
    "incident": frozenset({"code", "severity", "step", "title", "unit", "asks", "token"}),
    "several": frozenset({"count", "codes", "token"}),
    "shift": frozenset({"shift", "when", "unit", "token"}),
}
MOST = {"code": 30, "severity": 20, "step": 20, "count": 20, "asks": 30, "unit": 100, "when": 100}
"""Characters by place; the kinds of parameters that they are registered as."""
MOST_ELSE = 200
EMPTY = "–"
_LINK = re.compile(r"(?:\w+://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|info|me)\b(?:/\S*)?", re.I)
_NUMBER = re.compile(r"\+?\d(?:[\s.()-]?\d){7,}")


def words_for_letter(facts: Mapping[str, Any], link: str) -> tuple[str, dict[str, str]] | None:
    """Return which template carries a letter and what stands in its places; None: none of them says what it says."""
    token = token_in(link)
    if not token:
        return None
    if calls := facts.get("calls"):
        return "several", {"token": token, "count": str(len(calls)), "codes": _codes(calls)}
    kind = "incident" if "code" in facts else "shift" if "shift" in facts else ""
    if not kind:
        return None
    return kind, {"token": token} | {
        name: value(str(facts.get(name, "")), name) for name in PLACES[kind] if name != "token"
    }


def token_in(link: str) -> str:
    """The secret at the end of a recipient's own address."""
    return urlsplit(link).path.rpartition("/")[2]


def value(words: str, name: str) -> str:
    """``words`` as they may stand in the place ``name``."""
    # First what is not seen: between two digits or letters it would hide a number or a link.
    tidy = " ".join("".join(each if each.isprintable() else " " for each in words).split())
    # A code is long and full of digits, and no number.
    tidy = tidy if name in ("code", "when") else _NUMBER.sub(EMPTY, _LINK.sub(EMPTY, tidy))
    most = MOST.get(name, MOST_ELSE)
    return tidy if 0 < len(tidy) <= most else f"{tidy[: most - 1].rstrip()}…" if tidy else EMPTY


def _codes(calls: Sequence[Mapping[str, Any]]) -> str:
    """As many codes as fit, then how many more."""
    named = [str(call.get("code", "")) for call in calls]
    for shown in range(len(named), 0, -1):
        more = [f"+{len(named) - shown}"] if shown < len(named) else []
        text = ", ".join(named[:shown] + more)
        if len(text) <= MOST_ELSE:
            return text
    return f"+{len(named)}"
