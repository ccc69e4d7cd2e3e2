"""That a personal link reached somebody else is told to who manages the person: wrong numbers show before the night."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _

from core import clock
from people import queries as people
from people.accounts import queries as account_queries
from people.links.models import PersonalLink
from people.notification_rules import reading


def not_mine(link: PersonalLink, *, now: datetime) -> None:
    """Tell the nearest managers, once a day for each link, however often somebody presses that button."""
    person = link.person
    for user in account_queries.managers_of(people.ancestor_ids(person.unit_id)):
        if user.person_id in (None, person.id):
            continue
        with force_locale(user.locale):
            subject = _("Kiểm tra địa chỉ của %(name)s", name=person.full_name)
            where = link.address if link.channel in ("email", "phone") else ""
            body = _(
                "Người mở đường dẫn gửi cho %(name)s (%(where)s) bấm “Không phải tôi”. Có thể số hoặc địa chỉ này "
                "không phải của %(name)s, hoặc đường dẫn đã bị chuyển vào nhóm. Kiểm tra, thu hồi đường dẫn ở: "
                "%(link)s",
                name=person.full_name,
                where=where or _("bản in"),
                link=f"{current_app.config['PUBLIC_URL']}/people/person/{person.code}",
            )
        receiver = people.person_by_id(user.person_id or 0)
        key = f"link/{link.id}/not-me/{clock.local_date(now)}/{user.id}"
        reading.write(receiver, topic=f"link/{link.id}", key=key, subject=subject, body=body, now=now)
