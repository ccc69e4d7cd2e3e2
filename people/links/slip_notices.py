"""Whose slip somebody else has printed hears of it, by every way of their own that words take."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from flask_babel import force_locale, gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from core import clock
from core.actor import Actor
from core.db import batched, db
from core.i18n import dm, t
from notify import outbox
from people.accounts import queries as accounts
from people.links import services as links
from people.models import ContactMethod, Person, Unit
from people.notification_rules import ladders, rules
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung


def tell(persons: Collection[Person], *, actor: Actor, now: datetime) -> set[int]:
    """Tell them in the caller's transaction. Answers the ids of those to whom a message goes; not of those whose
    message is held, who have no address, or only one that others read too.

    Of the same printer once a day, because the slip is the same.
    """
    of_everybody = _own_ways([each.id for each in persons])
    locales, carriers = accounts.locales_of(list(of_everybody)), outbox.Carriers()
    letters, told = [], set()
    for turn in zip_longest(*of_everybody.values()):
        ways = dict(zip(of_everybody, turn, strict=True))
        own = links.drafted(ways, now=now)
        links.add(own)
        for person in persons:
            rung = ways[person.id]
            if rung is None:
                continue
            with force_locale(locales.get(person.id, "vi")):
                letter = _letter(person, rung, own.urls[person.id], carriers, actor=actor, now=now)
            letters.append(letter)
            if letter["state"] != "held":
                told.add(person.id)
    outbox.add(letters)
    return told


def _own_ways(person_ids: Collection[int]) -> dict[int, list[Rung]]:
    """Once is not enough: whoever answers as somebody else may have given them an address as well."""
    others = _addresses_of_others(person_ids)
    return {
        person_id: [each.rung for each in found if each.takes_words and each.rung.contact_id not in others]
        for person_id, found in ladders.standings_of(person_ids).items()
    }


def _addresses_of_others(person_ids: Collection[int]) -> set[int]:
    """Ids of addresses that say nothing to these people alone: an office's that somebody else really has too, and what
    another gave them after they stood in a list. To say that an address is an office's is not enough: then whoever
    prints a slip would choose that nobody hears of it."""
    beside, holder = aliased(ContactMethod), aliased(Person)
    too = beside.address == ContactMethod.address, beside.person_id != ContactMethod.person_id, holder.active
    colleagues = exists().where(*too, holder.id == beside.person_id)
    counter = exists().where(Unit.phone == ContactMethod.address)
    shared = ContactMethod.unit_id.is_not(None) & (colleagues | counter)
    wanted = select(ContactMethod.id).where(shared | (ContactMethod.given_ref != ""))
    return {
        contact_id
        for some in batched(sorted(person_ids))
        for contact_id in db.session.scalars(wanted.where(ContactMethod.person_id.in_(some)))
    }


def _letter(
    person: Person, rung: Rung, url: str, carriers: outbox.Carriers, *, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    subject = _("%(by)s đã in phiếu trả lời mang tên đồng chí", by=actor.name)
    what = _(
        "%(by)s đã in phiếu trả lời lịch trực của %(name)s lúc %(time)s ngày %(day)s.",
        by=actor.name,
        name=person.full_name,
        time=t(now),
        day=dm(now),
    )
    after = _("Ai cầm phiếu đều trả lời thay được. Xem đã trả lời gì, thu hồi phiếu:")
    return outbox.composed(
        carriers,
        topic=f"slip/{person.id}",
        key=f"slip/{person.id}/{actor.ref}/{clock.local_date(now)}/{rules.way(rung)}",
        **addressed(person, rung.channel, rung.address),
        subject=subject,
        body=f"{what} {after} {url}",
        now=now,
    )
