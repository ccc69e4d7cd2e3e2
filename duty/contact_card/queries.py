"""Which numbers call and text people, and which they may ring back."""

from __future__ import annotations

from flask import current_app

from core import text
from core.errors import NotFound
from duty.contact_card.vcard import TelephoneLine
from notify.gateways import services as gateways
from people import queries as people, reference
from roster.resolver import numbers

KINDS = {"voice": "voice", "sms": "text"}


def lines(unit_code: str = "") -> list[TelephoneLine]:
    """The desk's number first, then those of the gateways; each once. ``unit_code``: whose desk; unknown or empty: that
    of the enterprise."""
    found = [TelephoneLine(phone, "desk") for phone in (_desk(unit_code),) if phone]
    for channel, kind in KINDS.items():
        found += [
            TelephoneLine(phone, kind) for each in gateways.ready(channel) if (phone := _dialled(each.recipe.sender))
        ]
    return list({line.phone: line for line in reversed(found)}.values())[::-1]


def brand_names() -> list[str]:
    """Names in place of a number that texts come from: no contact can hold them."""
    senders = [each.recipe.sender for each in gateways.ready("sms")]
    return sorted({each for each in senders if each and not _dialled(each)})


def organization() -> str:
    """The enterprise, as its top unit is called; empty while there is none."""
    root = reference.first_root()
    return root.name if root is not None else ""


def address(unit_code: str = "") -> str:
    """Return the address of the page, for messages."""
    return f"{current_app.config['PUBLIC_URL']}/contact" + (f"?unit={unit_code}" if unit_code else "")


def _desk(unit_code: str) -> str:
    try:
        return text.dialled(numbers.number_for_incidents(people.unit_by_code(unit_code).id).phone)
    except NotFound:
        root = reference.first_root()
        return text.dialled(numbers.number_for_incidents(root.id).phone) if root is not None else ""


def _dialled(sender: str) -> str:
    try:
        return text.normalize_phone(sender)
    except ValueError:
        return ""
