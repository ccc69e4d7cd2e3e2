"""*Không phải tôi trả lời*: somebody says that an answer in their name is not theirs.

It is open again, and who stands above whoever printed the slip or noted the answer hears of it: never that one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app
from flask_babel import force_locale, gettext as _

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from people import queries as people
from people.accounts import above
from people.links import slips
from people.models import Person
from people.notification_rules import reading
from roster.confirmations import notices, queries, services as confirmations, words
from roster.models import Duty


class Slipped(Protocol):
    """What was said by a slip, or by none."""

    @property
    def slip_by(self) -> str | None: ...

    @property
    def by_ref(self) -> str: ...


def disown(duty_id: int, sequence: int, *, person: Person, actor: Actor, now: datetime) -> int:
    """The answer to the duty as it was shown (``sequence``) is taken back and asked for anew; how many hear of it.

    However it was given: whoever found their screen open, or had their link, answered as them too. Raises Conflict
    ``confirmation.changed`` when there is no such answer of this person any more, ``slip.not_enough``.
    """
    with transaction():
        confirmations.one_at_a_time(person.id)
        duty = db.session.get(Duty, duty_id)
        if duty is None or duty.person_id != person.id or duty.cancelled_at is not None or duty.ends_at <= now:
            raise Conflict("confirmation.changed")
        said = queries.answers_for([duty]).get(duty.id)
        if said is None or duty.sequence != sequence:
            raise Conflict("confirmation.changed")
        ensure_may(said, actor)
        facts = {"person": person.id, "state": said.state, "via": said.how, "by": said.by_ref}
        audit.record(actor, "duty.disown", "seat", duty.seat_id, now=now, **facts)
        told = tell_above(
            duty.unit_id,
            person,
            actor.slip_ref or said.by_ref,
            DisownedAnswer(
                lambda: notices.line_of(duty),
                lambda: words.how(said),
                where=f"/roster/campaigns/{duty.campaign_id}/confirmations",
                key=f"disown/{duty.id}.{duty.sequence}/{said.answered_at.isoformat()}",
            ),
            now=now,
        )
        if said.state == "refused":
            shared_cache.changes(shared_cache.GROUND, shared_cache.PLAN)
        end_slips(said, person, actor=actor, now=now)
        db.session.delete(said)
        db.session.flush()
        db.session.expire(duty)
        return told


@dataclass(frozen=True)
class DisownedAnswer:
    """An answer that somebody says was not theirs: ``what`` it was and ``how`` it was given, in the reader's language;
    ``where``: the path at which it stands."""

    what: Callable[[], str]
    how: Callable[[], str]
    where: str
    key: str


def tell_above(
    unit_id: int,
    person: Person,
    ref: str,
    disowned: DisownedAnswer,
    *,
    now: datetime,
) -> int:
    """Who stands above ``ref`` (who printed the slip, noted or took it back; empty: nobody is known to have a hand in
    it) hears that a word was not this person's; how many."""
    told = 0
    for user in above.managers_above(unit_id, person.id, ref):
        with force_locale(user.locale):
            name = person.full_name
            subject = _("%(name)s: không phải tôi trả lời", name=name)
            body = _(
                "%(name)s báo câu trả lời sau không phải của mình, nay về “chưa trả lời”: %(what)s, %(how)s. "
                "Hỏi lại %(name)s và người đã in phiếu, thêm địa chỉ, đã ghi, hoặc dùng máy, đường dẫn của %(name)s: "
                "%(link)s",
                name=name,
                what=disowned.what(),
                how=disowned.how(),
                link=f"{current_app.config['PUBLIC_URL']}{disowned.where}",
            )
        receiver = people.person_by_id(user.person_id or 0)
        topic = f"disown/{person.id}"
        told += reading.write(
            receiver, topic=topic, key=f"{disowned.key}/{user.id}", subject=subject, body=body, now=now
        )
    return told


def ensure_may(said: Slipped, actor: Actor) -> None:
    """A slip takes back what was said by slips of the same printer, and no word of the owner's own. Raises Conflict
    ``slip.not_enough``."""
    if said.slip_by is None or said.by_ref != actor.slip_ref:
        slips.ensure_none(actor)


def end_slips(said: Slipped, person: Person, *, actor: Actor, now: datetime) -> None:
    """Slips of whoever printed the one that it was given by end with it, unless a slip says so: nothing else may be
    left to its owner."""
    if said.slip_by is not None and actor.via != "slip":
        slips.end_printed_by(said.by_ref, person, actor=actor, now=now)
