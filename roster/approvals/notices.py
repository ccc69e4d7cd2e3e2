"""Who is asked to approve a draft hears of it with their own link; who submitted it hears the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from core.i18n import dt
from people import queries as people
from people.accounts import queries as accounts
from people.links import services as links
from people.models import Person
from people.notification_rules import reading
from roster.approvals.models import Approval
from roster.campaigns.models import Campaign
from roster.revisions import difference, queries as revisions


def tell_approver(asked: Approval, campaign: Campaign, *, now: datetime) -> None:
    """Tell who approves, in the transaction that submits it."""
    before = revisions.content_of(campaign, asked.revision, now=now)
    found, who = difference.between(before, asked.content), asked.approver
    own = links.drafted(reading.ways([who.id]), now=now)
    links.add(own)
    with force_locale(_locale(who)):
        subject = _("Trình ký lịch trực %(name)s", name=campaign.name)
        lines = [
            subject,
            _("%(by)s trình lúc %(time)s.", by=asked.submitted_by, time=dt(asked.submitted_at)),
            ngettext("%(num)s người thay đổi ca.", "%(num)s người thay đổi ca.", len(found.people)),
        ]
        if asked.gaps:
            lines.append(ngettext("%(num)s khoảng hở.", "%(num)s khoảng hở.", len(asked.gaps)))
        if asked.note:
            lines.append(_("Ghi chú: %(note)s", note=asked.note))
        lines.append(_("Xem và ký bằng mã PIN: %(link)s", link=own.urls.get(who.id) or _page("/me/")))
    _write(who, asked, "asked", subject, lines=lines, now=now)


def tell_submitter(answered: Approval, campaign: Campaign, *, now: datetime) -> None:
    """Tell who submitted it, in the transaction of the answer. Where nobody in particular did, the managers of the
    unit."""
    for receiver in _receivers(answered, campaign):
        with force_locale(_locale(receiver)):
            said = {"name": campaign.name, "who": answered.approver.full_name}
            if answered.state == "approved":
                subject = _("%(who)s đã duyệt lịch trực %(name)s", **said)
                lines = [subject, _("Ban hành đúng dự thảo đã duyệt: %(link)s", link=_campaign(campaign, "publish"))]
            else:
                subject = _("%(who)s trả lại lịch trực %(name)s", **said)
                lines = [
                    subject,
                    _("Lý do: %(text)s", text=answered.reason),
                    _("Sửa rồi trình lại: %(link)s", link=_campaign(campaign, "approval")),
                ]
        _write(receiver, answered, answered.state, subject, lines=lines, now=now)


def _receivers(answered: Approval, campaign: Campaign) -> Iterable[Person]:
    if answered.submitter is not None:
        return [answered.submitter]
    managers = accounts.managers_of(people.ancestor_ids(campaign.unit_id))
    return [people.person_by_id(user.person_id) for user in managers if user.person_id is not None]


def _write(receiver: Person, about: Approval, what: str, subject: str, *, lines: list[str], now: datetime) -> None:
    key, topic = f"approval/{about.id}/{what}/{receiver.id}", f"approval/{about.campaign_id}"
    reading.write(receiver, topic=topic, key=key, subject=subject, body="\n".join(lines), now=now)


def _locale(person: Person) -> str:
    return accounts.locales_of([person.id]).get(person.id, "vi")


def _campaign(campaign: Campaign, page: str) -> str:
    return _page(f"/roster/campaigns/{campaign.id}/{page}")


def _page(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"
