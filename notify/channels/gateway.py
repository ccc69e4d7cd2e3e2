"""SMS and calls through HTTP gateways that an administrator described (``http_recipe``); the first one that is well."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from core import clock
from core.text import normalize_phone
from notify import sms_text
from notify.bundles import composing
from notify.channels import oauth
from notify.channels.base import Accepted, CarriedLetter, ChannelError
from notify.channels.http import WITHIN, Lines
from notify.gateways import answers, recipe as http_recipe, services as gateways, template_words
from notify.gateways.services import Ready


def from_settings(kind: str, _settings: Mapping[str, Any]) -> GatewayChannel | None:
    """The channel, or ``None`` while no gateway of this kind is set up."""
    return GatewayChannel(kind) if gateways.ready(kind) else None


class GatewayChannel:
    """See ``Channel``. Gateways are read anew for every letter: a changed one takes effect without a restart."""

    def __init__(self, kind: str, *, within: float = WITHIN) -> None:
        self.kind = kind
        self._lines = Lines(within=within)
        self._ready: dict[str, Ready] = {}

    def is_local(self, _address: str) -> bool:
        ready = gateways.ready(self.kind)
        return bool(ready) and all(each.is_local for each in ready)

    def gateways(self, _address: str) -> tuple[str, ...]:
        self._ready = {each.name: each for each in gateways.ready(self.kind)}
        return tuple(self._ready)

    def open(self, gateway: str) -> None:
        if gateway not in self._ready:
            raise ChannelError(f"{gateway} is gone", gateway=True)

    def words(self, letter: CarriedLetter, gateway: str) -> str:
        """The text of this gateway's wording, or the values that stand in its approved template."""
        ready = self._ready.get(gateway)
        if ready is None:
            return ""
        if not ready.recipe.templates:
            return text_of(letter, ready, self.kind)
        values = (template_words.words_for_letter(letter.facts, letter.link) or ("", {}))[1]
        return "\n".join(f"{name}: {said}" for name, said in values.items() if name != "token")

    def send(self, letter: CarriedLetter, gateway: str) -> Accepted:
        ready = self._ready[gateway]
        number = normalize_phone(letter.address)
        if not number:
            raise ChannelError(f"not a telephone number: {letter.address[:50]!r}", permanent=True)
        template, values = _templated(ready, letter)
        access = oauth.access(ready, self._lines, now=clock.now()) if ready.recipe.oauth else ""
        values |= {**_values(ready, letter, number, self.kind), "access": access}
        request = http_recipe.build(ready.recipe, values, ready.secrets, template)
        answer = self._lines.request(request.method, request.url, request.headers, request.body, allowed=ready.allowed)
        verdict = answers.read_answer(ready.recipe, answer.status, answer.text)
        words = answers.told(verdict.words, [*ready.secrets.values(), access, template_words.token_in(letter.link)])
        if verdict.kind == "accepted":
            return Accepted(words, verdict.provider_id)
        kind = verdict.kind
        if kind == "ended" and not oauth.spoil(ready.id, access, now=clock.now()):
            kind = "fault"
        raise ChannelError(
            words,
            permanent=kind in ("refused", "elsewhere"),
            gateway=kind == "fault",
            elsewhere=kind in ("elsewhere", "ended"),
        )

    def close(self) -> None:
        self._lines.close()


def text_of(letter: CarriedLetter, ready: Ready, kind: str) -> str:
    """Return what is shown or read aloud. Nobody is asked to press a key that the provider does not hear."""
    recipe, calls = ready.recipe, letter.facts.get("calls")
    if kind == "voice":
        if "callback" in http_recipe.places(recipe):
            return letter.body
        return composing.compose("spoken", calls)[1] if calls else str(letter.facts.get("spoken") or letter.body)
    if calls:
        lines = [(str(call["code"]), int(call["step"])) for call in calls]
        return sms_text.several(lines, letter.link, recipe.text_several or sms_text.SEVERAL, recipe.limit)
    if "code" in letter.facts and letter.link:
        return sms_text.fill(recipe.text or sms_text.ONE, {**letter.facts, "link": letter.link}, recipe.limit)
    return sms_text.plain(letter.body, letter.link, recipe.limit)


def _templated(ready: Ready, letter: CarriedLetter) -> tuple[str, dict[str, str]]:
    """The kind of template that carries ``letter`` and its values. Raises ``ChannelError`` when none of this gateway
    does."""
    if not ready.recipe.templates:
        return "", {}
    found = template_words.words_for_letter(letter.facts, letter.link)
    if found is None or found[0] not in ready.recipe.templates:
        raise ChannelError("no approved template says this", permanent=True, elsewhere=True)
    return found


def _values(ready: Ready, letter: CarriedLetter, number: str, kind: str) -> dict[str, str]:
    return {
        "to": number,
        "text": text_of(letter, ready, kind),
        "id": letter.message_id.strip("<>"),
        "callback": letter.link,
        "report": ready.report,
        "jwt": _stringee_jwt(ready.secrets) if ready.recipe.jwt == "stringee" else "",
    }


def _stringee_jwt(secrets: Mapping[str, str]) -> str:
    """The token that Stringee wants with every request: HS256, good for five minutes."""
    now = int(clock.now().timestamp())
    header = {"typ": "JWT", "alg": "HS256", "cty": "stringee-api;v=1"}
    claims = {"jti": f"{secrets['sid']}-{now}", "iss": secrets["sid"], "exp": now + 300, "rest_api": True}
    signed = ".".join(_b64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    mac = hmac.new(secrets["key"].encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_b64(mac)}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
