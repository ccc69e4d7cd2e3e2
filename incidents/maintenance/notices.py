"""Who may confirm a window hears that it waits: until then alarms call as ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale

from incidents.maintenance import words
from incidents.maintenance.models import MaintenanceWindow
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.links import letters
from people.models import Person
from people.notification_rules.addressed import addressed
from roster.resolver import resolver

NEAR = timedelta(hours=12)
"""What begins sooner is told where calls begin, else where people read some time."""


def tell_who_may_confirm(window: MaintenanceWindow, *, but: int | None, now: datetime) -> int:
    """One message to each, in the caller's transaction; to how many. ``but``: the person who planned it."""
    receivers = {each.id: each for each in _who_may(window, now) if each.id != but}
    ways = letters.ways(list(receivers), soon=window.starts_at - now <= NEAR)
    locales, carriers, told = accounts.locales_of(list(receivers)), outbox.Carriers(), []
    link = f"{current_app.config['PUBLIC_URL']}/incidents/maintenance/"
    for person_id, rung in ways.items():
        if rung is None:
            continue
        person = receivers[person_id]
        with force_locale(locales.get(person_id, "vi")):
            subject, body = words.asked(window, link)
        told.append(
            outbox.composed(
                carriers,
                topic=topic(window.id),
                key=f"{topic(window.id)}/{person_id}",
                **addressed(person, rung.channel, rung.address),
                subject=subject,
                body=body,
                now=now,
            )
        )
    outbox.add(told)
    return len(told)


def topic(window_id: int) -> str:
    return f"maintenance/{window_id}/confirm"


def take_back(window_id: int, *, now: datetime) -> None:
    """It is confirmed, or over: what has not left has lost its sense."""
    outbox.cancel(topic(window_id), now=now)


def _who_may(window: MaintenanceWindow, now: datetime) -> list[Person]:
    """Leadership on duty there now and when it begins, the nearest managers; where there is nobody, administrators."""
    serving = [resolver.who_is_on(window.unit_id, "leadership", at) for at in (now, max(now, window.starts_at))]
    ids = [each.person_id for found in serving if found.is_assigned for each in found.people]
    managers = accounts.managers_of(people.ancestor_ids(window.unit_id))
    ids += [user.person_id for user in managers if user.person_id is not None]
    rows = people.people_by_ids(ids or accounts.administrator_person_ids())
    return [each for each in rows.values() if each.active]
