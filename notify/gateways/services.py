"""Gateways of SMS and calls: read, changed and asked about. Their secrets go in and never come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import audit
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound, Throttled
from core.models import AuditEntry
from core.security import sealing, signatures, throttle, tokens
from core.security.throttle import AttemptLimit
from notify import sms_text
from notify.addresses import EVERYWHERE, Network, is_loopback
from notify.gateways import breakers, incoming, recipe as http_recipe, signature, standings
from notify.gateways.incoming import IncomingText
from notify.gateways.models import GATEWAY_CHANNELS, Gateway, GatewayToken
from notify.gateways.recipe import InvalidRecipe, Recipe

REPORT = "gateway-report"
UNSIGNED = "gateway.unsigned"


@dataclass(frozen=True)
class Ready:
    """A gateway that can be asked."""

    id: int
    name: str
    """As breakers know it: ``sms/<name>``."""
    recipe: Recipe
    secrets: Mapping[str, str]
    allowed: tuple[Network, ...]
    report: str
    """Where it reports what became of a message."""

    @property
    def is_local(self) -> bool:
        return is_loopback(urlsplit(self.recipe.url).hostname or "")


def ready(channel: str) -> tuple[Ready, ...]:
    """The active gateways of ``channel`` in the order of trying; those set up wrongly are left out."""
    if channel not in GATEWAY_CHANNELS:
        return ()
    rows = db.session.scalars(
        select(Gateway).where(Gateway.channel == channel, Gateway.active).order_by(Gateway.position, Gateway.id)
    )
    return tuple(found for found in map(_ready, rows) if found is not None)


def ready_channels() -> set[str]:
    """Return the channels that have a gateway which is active and set up rightly."""
    rows = db.session.scalars(select(Gateway).where(Gateway.active, Gateway.channel.in_(GATEWAY_CHANNELS)))
    return {row.channel for row in rows if _ready(row) is not None}


def refused_tokens() -> dict[str, str]:
    """Gateways whose provider gives no new access token → what it says: somebody has to act."""
    found = select(Gateway, GatewayToken.error).join(GatewayToken, GatewayToken.gateway_id == Gateway.id)
    return {name_of(row): error for row, error in db.session.execute(found.where(GatewayToken.error != ""))}


def hears_texts() -> bool:
    """Whether the number that texts come from can be answered: that of the first gateway of free words."""
    first = next((each for each in ready("sms") if not each.recipe.templates), None)
    return first is not None and bool(first.recipe.in_text)


def only_templates() -> bool:
    """Whether texts can be sent as approved templates alone: a code to prove a number, a notice, and whoever is not at
    that provider have no way."""
    texts = ready("sms")
    return bool(texts) and all(each.recipe.templates for each in texts)


def listed() -> Sequence[Gateway]:
    """All of them, for the page of settings."""
    order = (Gateway.channel, Gateway.position, Gateway.id)
    return db.session.scalars(select(Gateway).order_by(*order)).all()


def by_id(gateway_id: int) -> Gateway:
    """Raises ``NotFound("gateway.unknown")``."""
    found = db.session.get(Gateway, gateway_id)
    if found is None:
        raise NotFound("gateway.unknown")
    return found


def name_of(row: Gateway) -> str:
    """Return it as breakers and outbox know it."""
    return f"{row.channel}/{row.name}"


@dataclass(frozen=True)
class GatewayInput:
    """A gateway as somebody described it. Secrets left empty stay as they were."""

    channel: str
    name: str
    position: int
    active: bool
    allow_private: bool
    recipe: Recipe
    secrets: Mapping[str, str]


def save(gateway_id: int | None, given: GatewayInput, *, actor: Actor, now: datetime) -> Gateway:
    """Add or change one. Secrets left empty stay as they were, unless they would go to another place from now on: then
    they must be given again. Raises Invalid (with the field) and Conflict.

    Whether ``actor`` may is asked by the caller.
    """
    channel, name, recipe, secrets = given.channel, given.name, given.recipe, given.secrets
    checked(recipe)
    if not name.strip() or "/" in name:
        raise Invalid("gateway.name", field="name")
    if channel not in GATEWAY_CHANNELS:
        raise Invalid("gateway.channel", field="channel")
    with transaction() as session:
        same_name = select(Gateway.id).where(Gateway.channel == channel, Gateway.name == name.strip())
        if any(other != gateway_id for other in session.scalars(same_name)):
            raise Conflict("gateway.name_taken", field="name")
        row = by_id(gateway_id) if gateway_id is not None else Gateway()
        values = _secrets(row, recipe, secrets)
        if gateway_id is not None:
            standings.forget(name_of(row))
        row.channel, row.name, row.position, row.active = channel, name.strip(), given.position, given.active
        standings.forget(name_of(row))  # one that was removed while the worker asked it may have left some
        row.settings, row.allow_private = asdict(recipe), given.allow_private
        row.secrets = sealing.seal(values)
        row.changed_at, row.changed_by = now, actor.name
        session.add(row)
        session.flush()
        if secrets.get("refresh_token"):
            session.execute(delete(GatewayToken).where(GatewayToken.gateway_id == row.id))
        breakers.forget(name_of(row), now=now)
        audit.record(
            actor,
            "gateway.save",
            "gateway",
            row.id,
            now=now,
            channel=channel,
            name=row.name,
            active=given.active,
            host=urlsplit(recipe.url).hostname,
            allow_private=given.allow_private,
        )
        return row


def _secrets(row: Gateway, recipe: Recipe, given: Mapping[str, str]) -> dict[str, str]:
    """All that ``recipe`` asks for: given now, or kept while it goes where it went before."""
    stays = _places(asdict(recipe)) <= _places(row.settings or {})
    kept = (sealing.unseal(row.secrets or "") if stays else None) or {}
    wanted = http_recipe.secret_names(recipe)
    values = {each: given.get(each) or kept.get(each, "") for each in wanted}
    missing = [each for each in wanted if not values[each]]
    if missing:
        raise Invalid("gateway.secret_missing", field=f"secret_{missing[0]}", name=missing[0])
    return values


def _places(settings: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Wherever secrets are sent."""
    urls = [urlsplit(str(settings.get(name, ""))) for name in http_recipe.ADDRESSES]
    return {(parts.scheme, parts.netloc.lower()) for parts in urls if parts.netloc}


def remove(gateway_id: int, *, actor: Actor, now: datetime) -> None:
    """Take it away with its secrets. Raises NotFound."""
    with transaction() as session:
        row = by_id(gateway_id)
        audit.record(actor, "gateway.remove", "gateway", row.id, now=now, channel=row.channel, name=row.name)
        standings.forget(name_of(row))
        session.execute(delete(GatewayToken).where(GatewayToken.gateway_id == row.id))
        session.delete(row)


def checked(recipe: Recipe) -> None:
    """Raise Invalid at the field that makes no sense."""
    try:
        http_recipe.check(recipe)
    except InvalidRecipe as fault:
        raise Invalid("gateway.bad_field", field=fault.field, why=str(fault)) from fault
    for field, places in (("text", sms_text.PLACES), ("text_several", sms_text.PLACES_SEVERAL)):
        template = getattr(recipe, field)
        unknown = sms_text.faults(template, places)
        if unknown:
            raise Invalid("gateway.unknown_place", field=field, name=unknown[0])
        if template and "{link}" not in template:
            raise Invalid("gateway.no_link", field=field)


def report_url(row: Gateway) -> str:
    """Return where its provider says later what became of a message; the secret in it is the row's own."""
    token = signatures.sign(REPORT, row.id, row.salt)
    return f"{current_app.config['PUBLIC_URL']}/gateways/{row.id}/report/{token}"


def is_report_token(row: Gateway, token: str) -> bool:
    """Whether we gave it to the provider of ``row``, today or under an earlier key."""
    if signatures.is_signed(token, REPORT, row.id, row.salt):
        return True
    kept = signatures.kept(REPORT, token)
    return kept is not None and kept.thing_id == row.id


def answers_daily(row: Gateway) -> int:
    """How many texts a day may go back to whoever texted it; 0: as many as there are."""
    return int(row.settings.get("answers_daily", Recipe.answers_daily))


def signs(row: Gateway) -> bool:
    """Whether its provider signs what it reports."""
    return bool(row.settings.get("signing"))


def is_signed(row: Gateway, body: bytes, headers: Mapping[str, str], *, now: datetime) -> bool:
    """Whether its provider sent it, where it signs what it reports.

    A refusal is noted once an hour: a wrong key silences everybody who answers.
    """
    if not signs(row):
        return True
    key = (sealing.unseal(row.secrets) or {}).get(http_recipe.SIGNING_KEY, "")
    if signature.is_right(body, headers, key, now):
        return True
    with suppress(Throttled), transaction():
        throttle.take({throttle.key_of(UNSIGNED, str(row.id)): AttemptLimit(1, timedelta(hours=1))}, now=now)
        audit.record(SYSTEM, UNSIGNED, "gateway", row.id, now=now, name=row.name)
    return False


def refused_report_at(row: Gateway) -> datetime | None:
    """Return when a report without the right signature was noted last, since the gateway was saved."""
    of_row = (AuditEntry.thing == "gateway", AuditEntry.thing_id == str(row.id), AuditEntry.action == UNSIGNED)
    noted = select(AuditEntry.at).where(*of_row, AuditEntry.at >= row.changed_at)
    return db.session.scalar(noted.order_by(AuditEntry.id.desc()).limit(1))


def came_in(row: Gateway, fields: Mapping[str, Any]) -> IncomingText | None:
    """The text or missed call that its provider reports; None: it reports something else."""
    try:
        return incoming.read_incoming(http_recipe.from_json(row.settings), fields)
    except (InvalidRecipe, TypeError):
        return None


def sign_anew(session: Session, row: Gateway) -> None:
    """Another salt, and today's key; providers go on reporting where they were told to."""
    for token in signatures.signed_by_each(REPORT, row.id, row.salt):
        signatures.keep(session, REPORT, token, row.id)
    row.salt = tokens.new_salt()


def seal_anew(row: Gateway) -> bool:
    """Its secrets with today's key, in the caller's transaction; False when none of ours opens them."""
    # Held until then: a sender that keeps a new pair meanwhile would see the spent one written over it.
    renewed = db.session.get(GatewayToken, row.id, with_for_update=True, populate_existing=True)
    values, tokens_kept = sealing.unseal(row.secrets), sealing.unseal(renewed.sealed if renewed else "")
    if values:
        row.secrets = sealing.seal(values)
    if renewed is not None and tokens_kept:
        renewed.sealed = sealing.seal(tokens_kept)
    return values is not None and tokens_kept is not None


def _ready(row: Gateway) -> Ready | None:
    secrets = sealing.unseal(row.secrets)
    try:
        recipe = http_recipe.from_json(row.settings)
    except (InvalidRecipe, TypeError):
        return None
    if secrets is None:
        return None
    allowed = EVERYWHERE if row.allow_private else ()
    return Ready(row.id, name_of(row), recipe, secrets, allowed, report_url(row))
