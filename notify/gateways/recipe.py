"""PURE how a provider is asked over HTTP and how its answer is read, as data instead of a program for each.

Placeholders are fixed: {to} {text} {id} {callback} {report} {sender} {jwt} and {secret.NAME}. They are filled after
JSON was taken apart, into encoded forms, and escaped in XML: no value can break out of its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

ENCODINGS = ("json", "form", "query", "raw")
METHODS = ("POST", "GET", "PUT")
NUMBERS = ("84", "0", "+84")
PLACES = frozenset({"to", "text", "id", "callback", "report", "sender", "jwt"})
_PLACE = re.compile(r"\{(secret\.\w+|\w+)\}")
_READ = 4000
"""Characters of an answer that patterns look at."""
_REFUSED = frozenset({400, 422})
"""Without a word of the provider: this message is not to be had. Any other failure is the gateway's own."""


@dataclass(frozen=True)
class Recipe:
    """``body``: nested for json, flat for form and query, text for raw. Patterns are regular expressions."""

    url: str
    method: str = "POST"
    encoding: str = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default_factory=dict)
    number: str = "84"
    """How the number is written: 84912…, 0912… or +84912…"""
    sender: str = ""
    jwt: str = ""
    """``stringee``: {jwt} is made of the secrets ``sid`` and ``key`` for each request."""
    at: str = ""
    """Where the answer tells how it went: a JSON pointer (/CodeResult); empty: the whole text."""
    success: str = ""
    permanent: str = ""
    """What ``at`` says when trying this number again cannot help."""
    id_at: str = ""
    """The provider's number for the message: a JSON pointer, or a pattern with one group."""
    report_id: str = ""
    report_at: str = ""
    delivered: str = ""
    undelivered: str = ""
    in_from: str = ""
    """Where a report of an incoming text or call has the sender's number; empty: it reports none (``incoming``)."""
    in_words: str = ""
    in_id: str = ""
    in_at: str = ""
    in_text: str = ""
    """What ``in_at`` says of a text, and ``in_call`` of a missed call."""
    in_call: str = ""
    text: str = ""
    """The registered wording of one call; empty: the usual one (``notify.sms_text``)."""
    text_several: str = ""
    limit: int = 160


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Verdict:
    """``fault``: the gateway's own trouble: another gateway or another time may do better."""

    kind: Literal["accepted", "refused", "fault"]
    words: str
    provider_id: str = ""


class Nonsense(ValueError):
    """The recipe cannot be used; ``field`` says where."""

    def __init__(self, field_name: str, words: str) -> None:
        super().__init__(words)
        self.field = field_name


def from_json(stored: Mapping[str, Any]) -> Recipe:
    """A recipe as it was stored; unknown names are left out. Raises Nonsense."""
    known = {name: stored[name] for name in Recipe.__dataclass_fields__ if name in stored}
    if not known.get("url"):
        raise Nonsense("url", "no address")
    recipe = Recipe(**known)
    check(recipe)
    return recipe


def check(recipe: Recipe) -> None:
    """Raise Nonsense for what could never be sent or read."""
    if not _is_web_address(recipe.url):
        raise Nonsense("url", "an http or https address is expected")
    for name, value, choices in (
        ("method", recipe.method, METHODS),
        ("encoding", recipe.encoding, ENCODINGS),
        ("number", recipe.number, NUMBERS),
    ):
        if value not in choices:
            raise Nonsense(name, f"one of {', '.join(choices)} is expected")
    for name in ("success", "permanent", "delivered", "undelivered", "in_text", "in_call"):
        _pattern(name, getattr(recipe, name))
    for name in ("id_at", "report_id", "in_from", "in_words", "in_id", "in_at"):
        if getattr(recipe, name) and not getattr(recipe, name).startswith("/"):
            _pattern(name, getattr(recipe, name))
    if recipe.in_from and not (recipe.in_text or recipe.in_call):
        raise Nonsense("in_text", "what tells a text or a missed call is expected")
    if recipe.in_text and not (recipe.in_from and recipe.in_words):
        raise Nonsense("in_words", "where sender and words stand is expected")
    if recipe.encoding in ("form", "query") and not _is_flat(recipe.body):
        raise Nonsense("body", "names and texts are expected")
    if recipe.encoding == "raw" and not isinstance(recipe.body, str):
        raise Nonsense("body", "a text is expected")
    unknown = [name for name in places(recipe) if not name.startswith("secret.") and name not in PLACES]
    if unknown:
        raise Nonsense("body", "{" + unknown[0] + "}")


def _is_web_address(url: str) -> bool:
    # What no request line can hold would be told in an error, with the secrets that stand beside it.
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "{" not in parts.netloc and parts.port != 0
        )
    except ValueError:  # a port or an IPv6 address that is none
        return False


def places(recipe: Recipe) -> list[str]:
    """Placeholders in address, headers and body."""
    body = recipe.body if isinstance(recipe.body, str) else json.dumps(recipe.body, ensure_ascii=False)
    return _PLACE.findall(" ".join([recipe.url, *recipe.headers.values(), body]))


def secret_names(recipe: Recipe) -> list[str]:
    """Names of the secrets that it needs, sorted."""
    named = {name.removeprefix("secret.") for name in places(recipe) if name.startswith("secret.")}
    return sorted(named | ({"sid", "key"} if recipe.jwt == "stringee" else set()))


def number(local: str, form: str) -> str:
    """0912345678 as the provider wants it; what does not start with 0 (1900…) stays as it is."""
    return form + local[1:] if local.startswith("0") and form != "0" else local


def build(recipe: Recipe, values: Mapping[str, str], secrets: Mapping[str, str]) -> Request:
    """The request for one message. ``values``: to (as dialled in Viet Nam), text, id, callback, report, jwt."""
    known = {**values, "sender": recipe.sender, "to": number(values.get("to", ""), recipe.number)}
    known |= {f"secret.{name}": value for name, value in secrets.items()}
    headers = {name: _one_line(_fill(value, known)) for name, value in recipe.headers.items()}
    url = _PLACE.sub(lambda match: urlencode({"": known.get(match[1], "")})[1:], recipe.url)
    if recipe.encoding == "query":
        return Request(recipe.method, _with_query(url, _filled(recipe.body, known)), headers, b"")
    if recipe.encoding == "form":
        content, kind = urlencode(_filled(recipe.body, known)), "application/x-www-form-urlencoded"
    elif recipe.encoding == "json":
        content, kind = json.dumps(_filled(recipe.body, known), ensure_ascii=False), "application/json"
    else:
        content = _PLACE.sub(lambda match: escape(known.get(match[1], ""), {'"': "&quot;"}), recipe.body)
        kind = "text/xml; charset=utf-8"
    return Request(recipe.method, url, {"Content-Type": kind, **headers}, content.encode())


def read(recipe: Recipe, status: int, text: str) -> Verdict:
    """What the provider's answer means."""
    said, words = said_at(recipe.at, text), _one_line(f"{status} {text}")[:300]
    if 200 <= status < 300 and (not recipe.success or matches(recipe.success, said)):
        return Verdict("accepted", words, said_at(recipe.id_at, text)[:200] if recipe.id_at else "")
    if recipe.permanent and matches(recipe.permanent, said):
        return Verdict("refused", words)
    if status in _REFUSED and not recipe.permanent:
        return Verdict("refused", words)
    return Verdict("fault", words)


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
    """What stands at ``at`` of a text: a JSON pointer (of several with a blank between them the first that says
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
    return re.search(pattern, said) is not None


def _pattern(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as fault:
        raise Nonsense(name, str(fault)) from fault


def _is_flat(body: Any) -> bool:
    return isinstance(body, dict) and all(isinstance(value, str | int) for value in body.values())


def _filled(body: Any, known: Mapping[str, str]) -> Any:
    if isinstance(body, str):
        return _fill(body, known)
    if isinstance(body, dict):
        return {name: _filled(value, known) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, known) for value in body]
    return body


def _fill(text: str, known: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: known.get(match[1], ""), text)


def _with_query(url: str, fields: Mapping[str, Any]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
