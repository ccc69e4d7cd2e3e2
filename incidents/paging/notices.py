"""Telling one person something about an incident that asks nothing of them: no call, no ladder, no repetition.

In the caller's transaction. Who has no way to be written to is not told; the pages say it anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import force_locale

from incidents.record.models import Incident
from notify import outbox
from people.accounts import mails
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import for_reading

Wording = Callable[[], tuple[str, str]]
"""Subject and one sentence, made while the reader's language is in force."""


def tell(
    incident: Incident, person: Person, words: Wording, *, occasion: str, path: str, now: datetime, soon: bool = False
) -> bool:
    """Write to ``person`` the way that suits reading, or (``soon``) the first that does not ring; whether there is one.

    ``occasion`` makes it once for ever; ``path`` is the page to look at. Its topic is its own: taking the incident
    takes this back not.
    """
    ladder = ladders.ladder(person)
    quiet = next((rung for rung in ladder if rung.channel != "voice"), None)
    rung = quiet if soon else for_reading(ladder)
    if rung is None:
        return False
    link = f"{current_app.config['PUBLIC_URL']}{path}"
    with force_locale(mails.language_of(person)):
        subject, line = words()
    outbox.enqueue(
        topic=f"incident/{incident.id}/told",
        key=f"incident/{incident.id}/told/{occasion}/{person.id}",
        **addressed(person, rung.channel, rung.address),
        subject=subject,
        body=f"{line} {link}" if rung.channel in mails.BRIEF else f"{line}\n\n{link}\n",
        now=now,
    )
    return True
