"""What the screens of reaching people show: gateways, one of them failing; a device; a code on its way; a list link."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.actor import Actor
from core.db import transaction
from incidents.paging import bundle
from notify.gateways import recipe as http_recipe, services as gateways
from notify.gateways.models import Breaker
from notify.gateways.providers import RECIPES
from people.contact import verification
from people.models import Person
from people.notification_rules.models import ContactCode, Endpoint

GATEWAYS = (("esms", 1), ("speedsms", 2), ("stringee", 1))


def prepare(person: Person, on_duty: Person, *, actor: Actor) -> dict[str, str]:
    """The facts that paths name. ``person`` is shown by a manager, ``on_duty`` sees the own pages."""
    contact, now = person.contacts[0], clock.now()
    channel = "sms" if contact.channel == "phone" else "email"
    code = ContactCode(
        person_id=person.id,
        contact_id=contact.id,
        channel=channel,
        address=contact.address,
        digest="-",
        sent_at=now,
        expires_at=now + verification.LIVES,
    )
    failing = Breaker(
        name="sms/SpeedSMS",
        failures=4,
        opened_at=now - timedelta(minutes=3),
        probe_at=now + timedelta(hours=1),
        last_error="503 Service Unavailable",
        changed_at=now,
    )
    phone = Endpoint(
        person_id=on_duty.id,
        channel="push",
        address='{"endpoint": "https://push.example/screens"}',
        digest="screens",
        name="Điện thoại của tôi",
        created_at=now,
        verified_at=now,
    )
    made = [_gateway(recipe, position, actor) for recipe, position in GATEWAYS]
    with transaction() as session:
        session.add_all([code, failing, phone])
    return {
        "contact": str(contact.id),
        "code": str(code.id),
        "gateway": str(made[0]),
        "failing": str(made[1]),
        "several": bundle.token_for(on_duty.id, now),
    }


def _gateway(recipe: str, position: int, actor: Actor) -> int:
    known = RECIPES[recipe]
    made = http_recipe.from_json({**known["settings"], "sender": "BUUDIEN"})
    secrets = dict.fromkeys(http_recipe.secret_names(made), "bi-mat")
    return gateways.save(
        None,
        gateways.GatewayInput(
            known["channel"],
            known["name"],
            position=position,
            active=True,
            allow_private=False,
            recipe=made,
            secrets=secrets,
        ),
        actor=actor,
        now=clock.now(),
    ).id
