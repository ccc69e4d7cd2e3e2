"""PURE how a provider is asked over HTTP, as data instead of a program for each (its answers: ``answers``).

Placeholders are fixed: {to} {text} {id} {callback} {report} {sender} {jwt} and {secret.NAME}. They are filled after
JSON was taken apart, into encoded forms, and escaped in XML: no value can break out of its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

from notify.gateways import template_words

OAUTHS = ("", "zalo")
SIGNINGS = ("", "android")
SIGNING_KEY = "signing_key"
ENCODINGS = ("json", "form", "query", "raw")
RINGS = ("", "always", "never")
METHODS = ("POST", "GET", "PUT")
NUMBERS = ("84", "0", "+84")
ADDRESSES = ("url", "balance_url", "token_url")
"""Fields to which secrets go."""
PLACES = frozenset({"to", "text", "id", "callback", "report", "sender", "jwt", "access"})
_PLACE = re.compile(r"\{(secret\.\w+|\w+)\}")


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
    oauth: str = ""
    """``zalo``: {access} is fetched with the secrets ``app_id``, ``app_secret`` and ``refresh_token`` at ``token_url``
    and renewed before it ends."""
    token_url: str = ""
    templates: Mapping[str, Any] = field(default_factory=dict)
    """In place of ``body``: one for each kind of approved template (``template_words``). Other letters go by another
    gateway."""
    ring_again: str = ""
    """Whether calls that nobody answers are repeated once (``notify.redial.rules``)."""
    at: str = ""
    """Where the answer tells how it went: a JSON pointer (/CodeResult); empty: the whole text."""
    success: str = ""
    permanent: str = ""
    """What ``at`` says when trying this number again cannot help."""
    elsewhere: str = ""
    """… when nothing is wrong with the gateway, but only another one can carry this message."""
    ended: str = ""
    """… when the access token has ended."""
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
    signing: str = ""
    """``android``: what it reports is signed with the secret ``signing_key`` (``signature``); the rest is refused."""
    answers_daily: int = 300
    """Texts a day that go back to whoever texted or rang; 0: as many as there are."""
    balance_url: str = ""
    """Where what is left (money, texts of today) can be read, with the same headers; empty: the provider tells nobody.
    """
    balance_at: str = ""
    """Where in that answer the number stands."""
    balance_low: int = 0
    """Below this administrators are warned; 0: never."""
    daily_limit: int = 0
    """Messages a day by contract, counted here; 0: unknown or none."""
    text: str = ""
    """The registered wording of one call; empty: the usual one (``notify.sms_text``)."""
    text_several: str = ""
    limit: int = 160


@dataclass(frozen=True)
class RecipeRequest:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class InvalidRecipe(ValueError):
    """The recipe cannot be used; ``field`` says where."""

    def __init__(self, field_name: str, words: str) -> None:
        super().__init__(words)
        self.field = field_name


def from_json(stored: Mapping[str, Any]) -> Recipe:
    """A recipe as it was stored; unknown names are left out. Raises InvalidRecipe."""
    known = {name: stored[name] for name in Recipe.__dataclass_fields__ if name in stored}
    if not known.get("url"):
        raise InvalidRecipe("url", "no address")
    recipe = Recipe(**known)
    check(recipe)
    return recipe


def check(recipe: Recipe) -> None:
    """Raise InvalidRecipe for what could never be sent or read."""
    if not _is_web_address(recipe.url):
        raise InvalidRecipe("url", "an http or https address is expected")
    for name, value, choices in (
        ("method", recipe.method, METHODS),
        ("encoding", recipe.encoding, ENCODINGS),
        ("number", recipe.number, NUMBERS),
        ("ring_again", recipe.ring_again, RINGS),
        ("signing", recipe.signing, SIGNINGS),
    ):
        if value not in choices:
            raise InvalidRecipe(name, f"one of {', '.join(choices)} is expected")
    _check_templates(recipe)
    for name in ("success", "permanent", "elsewhere", "ended", "delivered", "undelivered", "in_text", "in_call"):
        _pattern(name, getattr(recipe, name))
    if recipe.balance_url and not _is_web_address(recipe.balance_url):
        raise InvalidRecipe("balance_url", "an http or https address is expected")
    if recipe.balance_url and not recipe.balance_at:
        raise InvalidRecipe("balance_at", "where the number stands is expected")
    for name in ("id_at", "balance_at", "report_id", "in_from", "in_words", "in_id", "in_at"):
        if getattr(recipe, name) and not getattr(recipe, name).startswith("/"):
            _pattern(name, getattr(recipe, name))
    if recipe.in_from and not (recipe.in_text or recipe.in_call):
        raise InvalidRecipe("in_text", "what tells a text or a missed call is expected")
    if recipe.in_text and not (recipe.in_from and recipe.in_words):
        raise InvalidRecipe("in_words", "where sender and words stand is expected")
    if recipe.encoding in ("form", "query") and not _is_flat(recipe.body):
        raise InvalidRecipe("body", "names and texts are expected")
    if recipe.encoding == "raw" and not isinstance(recipe.body, str):
        raise InvalidRecipe("body", "a text is expected")
    unknown = [name for name in places(recipe) if not name.startswith("secret.") and name not in PLACES]
    if unknown:
        raise InvalidRecipe("body", "{" + unknown[0] + "}")


def _check_templates(recipe: Recipe) -> None:
    if recipe.oauth not in OAUTHS:
        raise InvalidRecipe("oauth", f"one of {', '.join(OAUTHS)} is expected")
    if recipe.oauth and not _is_web_address(recipe.token_url):
        raise InvalidRecipe("token_url", "an http or https address is expected")
    if recipe.templates and recipe.encoding != "json":
        raise InvalidRecipe("encoding", "json is expected")
    for kind, body in recipe.templates.items():
        if kind not in template_words.KINDS or not isinstance(body, dict):
            raise InvalidRecipe("templates", f"one of {', '.join(template_words.KINDS)} is expected")
        named = _PLACE.findall(json.dumps(body, ensure_ascii=False))
        allowed = PLACES | template_words.PLACES[kind]
        unknown = [name for name in named if not name.startswith("secret.") and name not in allowed]
        if unknown:
            raise InvalidRecipe("templates", "{" + unknown[0] + "}")


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
    body += "".join(name for name in _secrets_of(recipe.templates))
    return _PLACE.findall(" ".join([recipe.url, recipe.balance_url, *recipe.headers.values(), body]))


def _secrets_of(templates: Mapping[str, Any]) -> list[str]:
    """Their secrets, as places; the other places are checked by kind."""
    return re.findall(r"\{secret\.\w+\}", json.dumps(dict(templates), ensure_ascii=False))


def secret_names(recipe: Recipe) -> list[str]:
    """Names of the secrets that it needs, sorted."""
    named = {name.removeprefix("secret.") for name in places(recipe) if name.startswith("secret.")}
    named |= {"sid", "key"} if recipe.jwt == "stringee" else set()
    named |= {SIGNING_KEY} if recipe.signing else set()
    return sorted(named | ({"app_id", "app_secret", "refresh_token"} if recipe.oauth else set()))


def number(local: str, form: str) -> str:
    """0912345678 as the provider wants it; what does not start with 0 (1900…) stays as it is."""
    return form + local[1:] if local.startswith("0") and form != "0" else local


def build(recipe: Recipe, values: Mapping[str, str], secrets: Mapping[str, str], template: str = "") -> RecipeRequest:
    """The request for one message. ``values``: to (as dialled in Viet Nam), text, id, callback, report, jwt, access;
    with the kind of a ``template`` also what stands in its places."""
    known = {**values, "sender": recipe.sender, "to": number(values.get("to", ""), recipe.number)}
    known |= {f"secret.{name}": value for name, value in secrets.items()}
    headers = {name: one_line(_fill(value, known)) for name, value in recipe.headers.items()}
    url = _filled_url(recipe.url, known)
    body = recipe.templates.get(template, recipe.body)
    if recipe.encoding == "query":
        return RecipeRequest(recipe.method, _with_query(url, _filled(recipe.body, known)), headers, b"")
    if recipe.encoding == "form":
        content, kind = urlencode(_filled(recipe.body, known)), "application/x-www-form-urlencoded"
    elif recipe.encoding == "json":
        content, kind = json.dumps(_filled(body, known), ensure_ascii=False), "application/json"
    else:
        content = _PLACE.sub(lambda match: escape(known.get(match[1], ""), {'"': "&quot;"}), recipe.body)
        kind = "text/xml; charset=utf-8"
    return RecipeRequest(recipe.method, url, {"Content-Type": kind, **headers}, content.encode())


def build_balance(recipe: Recipe, secrets: Mapping[str, str], access: str = "") -> RecipeRequest:
    """The question what is left: a GET with the headers of a message."""
    known = {"sender": recipe.sender, "access": access} | {f"secret.{name}": value for name, value in secrets.items()}
    headers = {name: one_line(_fill(value, known)) for name, value in recipe.headers.items()}
    return RecipeRequest("GET", _filled_url(recipe.balance_url, known), headers, b"")


def _pattern(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as fault:
        raise InvalidRecipe(name, str(fault)) from fault


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


def _filled_url(url: str, known: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: urlencode({"": known.get(match[1], "")})[1:], url)


def _with_query(url: str, fields: Mapping[str, Any]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"


def one_line(text: str) -> str:
    """``text`` without what a header or a page cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
