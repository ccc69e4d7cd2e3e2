"""Somebody has said themselves that they cannot come: who finds another hears of it."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from core.i18n import d
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person
from people.notification_rules import reading


def tell_managers(person: Person, from_on: date, to_on: date, shifts: int, *, now: datetime) -> None:
    """The nearest managers of the person, where published shifts are hit; once for the same days. In the transaction
    that records it."""
    for user in accounts.managers_of(people.ancestor_ids(person.unit_id)):
        if user.person_id in (None, person.id):
            continue
        with force_locale(user.locale):
            subject = ngettext(
                "%(name)s báo vắng, %(num)s ca không chắc",
                "%(name)s báo vắng, %(num)s ca không chắc",
                shifts,
                name=person.full_name,
            )
            days = _("Từ %(first)s đến hết %(last)s.", first=d(from_on), last=d(to_on))
            link = f"{current_app.config['PUBLIC_URL']}/roster/illness/{person.code}?until={to_on}"
            body = "\n".join([subject, days, link])
        reading.write(
            people.person_by_id(user.person_id or 0),
            topic=f"absence/{person.id}",
            key=f"absence/{person.id}/{from_on}/{to_on}/{user.id}",
            subject=subject,
            body=body,
            now=now,
        )
