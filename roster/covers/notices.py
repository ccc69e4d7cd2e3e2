"""What people hear of seats that change hands, besides the revision: managers, and whoever gives a part away."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import force_locale, gettext as _

from core.actor import Actor
from core.i18n import span
from people import queries as people
from people.accounts import queries as accounts
from people.links import letters
from people.models import Person, User
from roster.dividing.parting import Span
from roster.publishing import notices

NEAR = timedelta(hours=24)


def managers(unit_id: int, actor: Actor) -> list[tuple[User, Person]]:
    """The nearest of the unit, but for whoever does it: pages that say beforehand who hears of it ask here too."""
    found = accounts.managers_of(people.ancestor_ids(unit_id))
    return [
        (user, people.person_by_id(user.person_id))
        for user in found
        if user.person_id is not None and user.person_id != actor.person_id
    ]


def tell_kept(
    campaign_id: int, number: int, seat_id: int, leaves: Person, comes: Person, given: Span, now: datetime
) -> None:
    """Of whoever keeps the rest: the revision tells only who gets something. In the transaction that publishes it
    (``number``)."""
    with force_locale(accounts.locales_of([leaves.id]).get(leaves.id, "vi")):
        subject = _("Ca của đồng chí đã chia")
        text = _(
            "%(name)s trực %(span)s. Phần còn lại của ca vẫn là của đồng chí.",
            name=comes.full_name,
            span=span(given.start, given.end),
        )
    topic = notices.topic(campaign_id)
    letters.write(
        [leaves],
        lambda _person, url: (subject, f"{subject}: {text}\n{url}"),
        topic=topic,
        key=f"{topic}/r{number}/kept/{seat_id}",
        soon=given.start - now <= NEAR,
        now=now,
    )
