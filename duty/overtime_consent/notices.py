"""That somebody does not agree to overtime, or does after all, is told to the managers of the unit. The duty stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from core.actor import Actor
from core.i18n import duration
from core.security import tokens
from duty.overtime_consent import queries
from duty.overtime_consent.queries import ConsentLine, OvertimeRequest
from people import queries as people
from people.accounts import queries as account_queries
from people.models import User
from people.notification_rules import reading
from roster.confirmations.notices import NAMED, line_of


def tell_managers(asks: Sequence[OvertimeRequest], state: str, note: str, *, actor: Actor, now: datetime) -> None:
    """One message to each manager of a unit about all of one person's duties there; not to who noted it.

    Said once an hour, however often somebody changes it.
    """
    lines = queries.lines(asks)
    for unit_id, person_id in dict.fromkeys((each.unit_id, each.person_id) for each in asks):
        mine = [line for line in lines if (line.duty.unit_id, line.duty.person_id) == (unit_id, person_id)]
        for user in account_queries.managers_of(people.ancestor_ids(unit_id)):
            if user.person_id is not None and user.person_id not in (actor.person_id, person_id):
                _tell(user, mine, state, note, now=now)


def _tell(user: User, lines: Sequence[ConsentLine], state: str, note: str, *, now: datetime) -> None:
    receiver, first = people.person_by_id(user.person_id or 0), lines[0].duty
    with force_locale(user.locale):
        subject = _subject(state, first.person.full_name, len(lines))
        told = [f"{line_of(line.duty)}: {duration(line.minutes * 60)}" for line in lines[:NAMED]]
        if len(lines) > NAMED:
            told.append(_("và %(n)s ca nữa", n=len(lines) - NAMED))
        if state == "refused":
            told.append(_("Ca trực vẫn giữ nguyên. Cảnh báo: giờ làm thêm trong ca cần sự đồng ý của người làm."))
        if note:
            told.append(_("Ghi chú: %(note)s", note=note))
        told.append(f"{current_app.config['PUBLIC_URL']}/roster/campaigns/{first.campaign_id}/overtime?state={state}")
    which = ",".join(f"{line.duty.id}.{line.duty.sequence}.{line.minutes}" for line in lines)
    about = tokens.digest(f"{which}/{state}/{now:%Y%m%d%H}")[:16]
    key, text = f"overtime/{about}/{user.id}", "\n".join([subject, *told])
    reading.write(receiver, topic=topic(first.person_id), key=key, subject=subject, body=text, now=now)


def topic(person_id: int) -> str:
    """Return the topic of what managers are told of this person's answers."""
    return f"overtime/{person_id}"


def _subject(state: str, name: str, duties: int) -> str:
    if state == "refused":
        return ngettext(
            "%(name)s không đồng ý làm thêm giờ trong %(num)s ca",
            "%(name)s không đồng ý làm thêm giờ trong %(num)s ca",
            duties,
            name=name,
        )
    return ngettext(
        "%(name)s đồng ý làm thêm giờ trong %(num)s ca",
        "%(name)s đồng ý làm thêm giờ trong %(num)s ca",
        duties,
        name=name,
    )
