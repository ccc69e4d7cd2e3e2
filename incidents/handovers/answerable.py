"""Signed minutes that wait for somebody, as a telephone answers them: in one sentence, accepted as they were signed."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _, ngettext

from core.actor import Actor
from core.i18n import t
from duty.pending_actions.registry import SOON, ActionAnswer, ActionSource, PendingAction
from incidents.handovers import acceptance, content, notices, queries
from incidents.handovers.models import Handover
from incidents.record import naming
from people.models import Person


def _waiting(person: Person, now: datetime) -> list[PendingAction]:
    return [ask_of(each) for each in queries.awaiting(person.id, now=now)]


def ask_of(row: Handover) -> PendingAction:
    """Return the question that signed minutes put."""
    does = _("nhận ca, biên bản %(number)s", number=row.label)
    topics = (notices.topic(row.seat_id),)
    return PendingAction("minutes", notices.ask_ref(row), SOON, does, _spoken(row), topics, refusable=True)


def _spoken(row: Handover) -> str:
    said = [
        _(
            "%(name)s đã ký biên bản bàn giao số %(number)s, ca %(time)s, %(unit)s.",
            name=row.outgoing_name,
            number=row.label,
            time=t(row.changes_at),
            unit=row.unit.name,
        )
    ]
    incidents = content.incidents_of(row.content)
    along, worst = len(incidents), sum(each.severity == naming.WORST for each in incidents)
    attention = len(content.summed_up(content.items_of(row.content)).attention)
    if along:
        said.append(ngettext("%(num)s sự cố chuyển theo.", "%(num)s sự cố chuyển theo.", along))
    if worst:
        said.append(ngettext("Trong đó %(num)s sự cố mức 1.", "Trong đó %(num)s sự cố mức 1.", worst))
    if attention:
        said.append(ngettext("%(num)s mục cần chú ý.", "%(num)s mục cần chú ý.", attention))
    return " ".join(said)


def _take(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    """What comes along is what is left of what was signed for; a link shows it, here nothing is to be compared. A no
    leaves it all with who signed, and tells them."""
    row = queries.by_id(int(ask.ref.partition(".")[0]))
    if not said.yes:
        acceptance.decline(row.id, reason=said.note, actor=actor, now=now, person=person.code)
        return
    how = "" if actor.person_id == person.id else said.note
    acceptance.accept(row.id, actor=actor, now=now, person=person.code, how=how)


SOURCES = (ActionSource("minutes", _waiting, _take),)
