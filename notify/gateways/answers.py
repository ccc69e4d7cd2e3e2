"""PURE how a provider's answer and its later report are read, as its recipe says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from notify.gateways.recipe import Recipe, one_line

_READ = 4000
"""Characters of an answer that patterns look at."""
_TOLD = 300
_REFUSED = frozenset({400, 422})
"""Without a word of the provider: this message is not to be had. Any other failure is the gateway's own."""


@dataclass(frozen=True)
class AnswerVerdict:
    """``fault``: the gateway's own trouble: another gateway or another time may do better. ``elsewhere``: another
    gateway may, no other time. ``ended``: its access token."""

    kind: Literal["accepted", "refused", "fault", "elsewhere", "ended"]
    words: str
    """All that it said, on one line; ``told`` makes of it what people may read."""
    provider_id: str = ""


def read_answer(recipe: Recipe, status: int, text: str) -> AnswerVerdict:
    """Return what the provider's answer means."""
    said, words = said_at(recipe.at, text), one_line(f"{status} {text}")
    if 200 <= status < 300 and (not recipe.success or matches(recipe.success, said)):
        return AnswerVerdict("accepted", words, said_at(recipe.id_at, text)[:200] if recipe.id_at else "")
    if recipe.permanent and matches(recipe.permanent, said):
        return AnswerVerdict("refused", words)
    if recipe.ended and matches(recipe.ended, said):
        return AnswerVerdict("ended", words)
    if recipe.elsewhere and matches(recipe.elsewhere, said):
        return AnswerVerdict("elsewhere", words)
    if status in _REFUSED and not recipe.permanent:  # what is wrong with a template is not wrong with a text
        return AnswerVerdict("elsewhere" if recipe.templates else "refused", words)
    return AnswerVerdict("fault", words)


def told(words: str, secrets: Iterable[str]) -> str:
    """``words`` as they are kept and shown: a provider that repeats what it was sent shall not print our keys, in none
    of the shapes in which they were sent. Cut afterwards: what is left of a secret at the edge is found by nobody."""
    shapes = {
        shape
        for secret in secrets
        for shape in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], escape(secret))
        if len(secret) >= 4
    }
    for shape in sorted(shapes, key=len, reverse=True):
        words = words.replace(shape, "…")
    return words[:_TOLD]


def read_report(recipe: Recipe, fields: Mapping[str, Any]) -> tuple[str, str, str]:
    """(provider's number, delivered | undelivered | '', words) of a delivery report."""
    text = json.dumps(fields, ensure_ascii=False)
    said = said_at(recipe.report_at, text)
    outcome = ""
    if recipe.delivered and matches(recipe.delivered, said):
        outcome = "delivered"
    elif recipe.undelivered and matches(recipe.undelivered, said):
        outcome = "undelivered"
    return (said_at(recipe.report_id, text) if recipe.report_id else ""), outcome, said[:200]


def said_at(at: str, text: str) -> str:
    """Return what stands at ``at`` of a text: a JSON pointer (of several with a blank between them the first that says
    anything), a pattern's group, or everything."""
    if not at:
        return text[:_READ]
    if not at.startswith("/"):
        found = re.search(at, text[:_READ])
        return (found[1] if found.re.groups else found[0]) if found else ""
    return next((told for pointer in at.split() if (told := _pointed(pointer, text))), "")


def _pointed(pointer: str, text: str) -> str:
    try:
        value = json.loads(text)
        for part in pointer[1:].split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            value = value[int(part)] if isinstance(value, list) else value[part]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def matches(pattern: str, said: str) -> bool:
    """Whether the pattern stands anywhere in it."""
    return re.search(pattern, said[:_READ]) is not None
