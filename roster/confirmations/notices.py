"""That somebody cannot serve, or can after all, is told to who finds another: the managers of the unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from core.actor import Actor
from core.i18n import named, span
from core.security import tokens
from people import queries as people
from people.accounts import above, queries as account_queries
from people.models import User
from people.notification_rules import reading
from roster.confirmations import words
from roster.models import Duty

NAMED = 3
"""Shifts that one message names; of more it says how many."""


def tell_managers(duties: Sequence[Duty], state: str, note: str, *, actor: Actor, now: datetime) -> None:
    """Write one message to each manager of a unit, as far as they are people here, about all of somebody's seats there;
    not to who noted it. Of what a slip
    said also to who stands above its printer: who printed it may be the only one who is near.

    ``state``: refused, or confirmed by somebody who had refused. The same is said once
    within an hour of the clock, however often they change it. Call it inside ``transaction``.
    """
    for unit_id in sorted({duty.unit_id for duty in duties}):
        mine = [duty for duty in duties if duty.unit_id == unit_id]
        near = account_queries.managers_of(people.ancestor_ids(unit_id))
        if actor.via == "slip":
            near += above.managers_above(unit_id, mine[0].person_id, actor.slip_ref)
        for user in {each.id: each for each in near}.values():
            if user.person_id is not None and user.person_id not in (actor.person_id, mine[0].person_id):
                _tell(user, mine, state, note, actor=actor, now=now)


def _tell(user: User, duties: Sequence[Duty], state: str, note: str, *, actor: Actor, now: datetime) -> None:
    receiver, first = people.person_by_id(user.person_id or 0), duties[0]
    with force_locale(user.locale):
        subject = _subject(state, first.person.full_name, len(duties))
        lines = [*(line_of(duty) for duty in duties[:NAMED])]
        if len(duties) > NAMED:
            lines.append(_("và %(n)s ca nữa", n=len(duties) - NAMED))
        if actor.via == "slip":
            lines.append(words.slip(actor.slip_by, given=actor.slip_given))
        if note:
            lines.append(_("Ghi chú: %(note)s", note=note))
        lines.append(f"{current_app.config['PUBLIC_URL']}/roster/shifts/{first.shift_id}")
    which = ",".join(f"{duty.id}.{duty.sequence}" for duty in duties)
    about = tokens.digest(f"{which}/{state}/{now:%Y%m%d%H}")[:16]
    key, text = f"answer/{about}/{user.id}", "\n".join([subject, *lines])
    reading.write(receiver, topic=topic(first.person_id), key=key, subject=subject, body=text, now=now)


def topic(person_id: int) -> str:
    """Return the topic of what managers are told of this person's answers."""
    return f"answer/{person_id}"


def _subject(state: str, name: str, shifts: int) -> str:
    if state == "refused":
        return ngettext(
            "%(name)s báo không trực được %(num)s ca", "%(name)s báo không trực được %(num)s ca", shifts, name=name
        )
    return ngettext("%(name)s nhận lại %(num)s ca", "%(name)s nhận lại %(num)s ca", shifts, name=name)


def line_of(duty: Duty) -> str:
    kind = next((each for each in people.duty_kinds() if each.code == duty.duty), None)
    return _(
        "%(duty)s, %(unit)s, %(span)s",
        duty=named(kind) if kind else duty.duty,
        unit=duty.unit.name,
        span=span(duty.starts_at, duty.ends_at),
    )
