"""*Không phải tôi trả lời*: the holder of a seat says that an answer in their name is not theirs.

It is open again, and who stands above whoever printed the slip or noted the answer hears of it: never that one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from people import queries as people
from people.accounts import queries as accounts
from people.links import slips
from people.models import Person, User
from people.notification_rules import reading
from roster.confirmations import notices, queries, services as confirmations, words
from roster.confirmations.models import Confirmation
from roster.models import Duty


def disown(duty_id: int, sequence: int, *, person: Person, actor: Actor, now: datetime) -> int:
    """The answer to the duty as it was shown (``sequence``) is taken back and asked for anew; how many hear of it.

    Slips of whoever printed the one that it was given by end with it, unless it is said by a slip: nothing else may be
    left to its owner. Raises Conflict ``confirmation.changed`` when there is no such answer of this person any more.
    """
    with transaction():
        confirmations.one_at_a_time(person.id)
        duty = db.session.get(Duty, duty_id)
        if duty is None or duty.person_id != person.id or duty.cancelled_at is not None or duty.ends_at <= now:
            raise Conflict("confirmation.changed")
        said = queries.of_duties([duty]).get(duty.id)
        if said is None or duty.sequence != sequence:
            raise Conflict("confirmation.changed")
        if said.slip_by is None:
            slips.ensure_none(actor)  # a slip takes back what a slip said, and no word of the owner's own
        facts = {"person": person.id, "state": said.state, "via": said.how, "by": said.by_ref}
        audit.record(actor, "duty.disown", "seat", duty.seat_id, now=now, **facts)
        told = _tell(duty, said, actor, now)
        if said.state == "refused":
            shared_cache.changes(shared_cache.GROUND, shared_cache.PLAN)
        if said.slip_by is not None and actor.via != "slip":
            slips.end_printed_by(said.by_ref, person, actor=actor, now=now)
        db.session.delete(said)
        db.session.flush()
        db.session.expire(duty)
        return told


def above(unit_id: int, person_id: int, ref: str) -> list[User]:
    """The managers next above whoever is ``ref``, of a unit and those above it; administrators where none is left.
    Neither that one nor the person (id)."""
    units: Sequence[int] = people.ancestor_ids(unit_id)
    hand = next((each for each in accounts.managers_of_all(units) if f"user:{each.id}" == ref), None)
    if hand is not None and hand.unit_id is not None:
        units = units[units.index(hand.unit_id) + 1 :]
    for each in units:
        found = _others(accounts.managers_of([each]), person_id, ref)
        if found:
            return found
    rows = [accounts.user_of_person(each) for each in accounts.administrator_person_ids()]
    return _others([each for each in rows if each is not None], person_id, ref)


def _others(users: Collection[User], person_id: int, ref: str) -> list[User]:
    return [each for each in users if each.person_id != person_id and f"user:{each.id}" != ref]


def _tell(duty: Duty, said: Confirmation, actor: Actor, now: datetime) -> int:
    told = 0
    for user in above(duty.unit_id, duty.person_id, actor.slip_ref or said.by_ref):
        with force_locale(user.locale):
            name = duty.person.full_name
            subject = _("%(name)s: không phải tôi trả lời", name=name)
            body = _(
                "%(name)s báo câu trả lời sau không phải của mình, ca đã về “chưa trả lời”: %(what)s, %(how)s. "
                "Hỏi lại %(name)s và người đã in phiếu hoặc ghi: %(link)s",
                name=name,
                what=notices.line_of(duty),
                how=words.how(said),
                link=f"{current_app.config['PUBLIC_URL']}/roster/campaigns/{duty.campaign_id}/confirmations",
            )
        receiver = people.person_by_id(user.person_id or 0)
        key = f"disown/{duty.id}.{duty.sequence}/{said.answered_at.isoformat()}/{user.id}"
        topic = f"disown/{duty.person_id}"
        told += reading.write(receiver, topic=topic, key=key, subject=subject, body=body, now=now)
    return told
