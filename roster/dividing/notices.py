"""Whoever keeps the rest of a shift is told of the part that they gave: the revision tells only who gets something."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import force_locale, gettext as _

from core.i18n import span
from people import queries as people
from people.accounts import queries as accounts
from people.links import letters
from roster.dividing.split_preview import Cut
from roster.publishing import notices

NEAR = timedelta(hours=24)


def tell_kept(campaign_id: int, number: int, cut: Cut, now: datetime) -> None:
    """Tell them in the transaction that publishes it (``number``). Of a seat that was nobody's there is nobody to
    tell."""
    if cut.person_id is None:
        return
    leaves = people.person_by_id(cut.person_id)
    with force_locale(accounts.locales_of([leaves.id]).get(leaves.id, "vi")):
        subject = _("Ca của đồng chí đã chia")
        when = span(cut.given.start, cut.given.end)
        if cut.taker_id is None:
            text = _("đồng chí thôi trực %(span)s. Phần còn lại của ca vẫn là của đồng chí.", span=when)
        else:
            name = people.person_by_id(cut.taker_id).full_name
            text = _("%(name)s trực %(span)s. Phần còn lại của ca vẫn là của đồng chí.", name=name, span=when)
    topic = notices.topic(campaign_id)
    letters.write(
        [leaves],
        lambda _person, url: (subject, f"{subject}: {text}\n{url}"),
        topic=topic,
        key=f"{topic}/r{number}/kept/{cut.seat_id}",
        soon=cut.given.start - now <= NEAR,
        now=now,
    )
