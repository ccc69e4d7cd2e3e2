"""The red banner of those who may act: people whom no message reaches, and the channels that carry nothing.

It says the same as ``/readyz`` (``untold``), only sooner: as soon as a call has no way left, not after a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy import select

from core import clock, i18n
from core.actor import Actor
from core.db import db
from desk.audit import shut_channels, untold
from desk.audit.shut_channels import ORDER, capital, name_of
from incidents.paging import manual_calls
from incidents.paging.manual_calls import IncidentToRing
from incidents.record import access, queries
from incidents.record.models import Incident
from people.access import guard

AFTER = timedelta(seconds=60)
"""As ``desk.audit.findings``: so long may nobody have heard of an incident."""


@dataclass(frozen=True)
class UnreachedAudit:
    """``listed``: people on the list *gọi tay*; ``people``: of those, whom a message was to reach. ``own``: codes of
    what the reader is called about and nothing told them; ``untold``: codes of which nobody has heard.
    ``shut``: (channel, since when it carries nothing); ``unconnected``: there is no channel at all."""

    listed: int = 0
    people: int = 0
    own: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    shut: tuple[tuple[str, datetime], ...] = ()
    since: datetime | None = None
    unconnected: bool = False
    keys: str = ""
    """What may sound, in words that tell nothing (``sound.js``)."""

    @property
    def is_red(self) -> bool:
        return bool(self.people or self.own or self.untold)

    @property
    def address(self) -> str:
        """Return where to act: the list, or the one incident that calls the reader."""
        return f"/incidents/{self.own[0]}" if self.own and not self.people else "/calls/"


CALM = UnreachedAudit()


def current() -> UnreachedAudit:
    """Return who is not reached, for the frame of every page: nothing for those who may not ring."""
    if "unreached" not in g:
        may = current_user.is_authenticated and guard.can("incident.dispatch")
        g.unreached = unreached_for(guard.current_actor(), now=clock.now()) if may else CALM
    found: UnreachedAudit = g.unreached
    return found


def is_calm() -> bool:
    """Whether the sign that all is well may stand on this page, for any reader."""
    if current().is_red or shut_channels.current():
        return False
    if "anybody_untold" not in g:
        g.anybody_untold = bool(untold.untold(now=clock.now(), after=AFTER))
    return not g.anybody_untold


def unreached_for(actor: Actor, *, now: datetime) -> UnreachedAudit:
    """Return what ``actor`` has to know at ``now``."""
    return _from(manual_calls.waiting(actor, now=now), _untold(actor, now), actor.person_id)


def in_units(unit_ids: Sequence[int], actor: Actor, *, now: datetime) -> UnreachedAudit:
    """The same for a shared desk that nobody has opened, of these units: how many, and nothing restricted."""
    return _from(manual_calls.waiting(actor, now=now, units=unit_ids), (), None)


def _from(lines: Sequence[IncidentToRing], untold_codes: Sequence[str], reader: int | None) -> UnreachedAudit:
    reaches = untold.is_meant_to_reach()
    meant = [line for line in lines if _was_meant(line, reaches)]
    others = [line for line in meant if line.person.id != reader]
    since: dict[str, datetime] = {}
    for line in meant:
        for channel, at in line.shut.items():
            since[channel] = min(at, since.get(channel, at))
    return UnreachedAudit(
        listed=len({line.person.id for line in lines if line.person.id != reader}),
        people=len({line.person.id for line in others}),
        own=tuple(dict.fromkeys(line.incident.code for line in meant if line.person.id == reader)),
        untold=tuple(untold_codes),
        shut=tuple(sorted(since.items(), key=lambda each: ORDER.index(each[0]))),
        since=min((line.since for line in meant), default=None),
        unconnected=shut_channels.current().unconnected,
        keys=" ".join(
            sorted({_key(f"{line.key}/{line.since.isoformat()}") for line in meant} | set(map(_key, untold_codes)))
        ),
    )


def _was_meant(line: IncidentToRing, reaches: bool) -> bool:
    """Not in a copy without any gateway, and not for people of the demo: nothing was to leave there."""
    return line.why in ("stuck", "failed") or (reaches and not line.for_show)


def _untold(actor: Actor, now: datetime) -> tuple[str, ...]:
    """Codes of which nobody has heard for a minute, as far as ``actor`` may act on them."""
    ids = [incident_id for incident_id, _code in untold.untold(now=now, after=AFTER)]
    if not ids:
        return ()
    wanted = select(Incident.code).where(Incident.id.in_(ids), access.visible_to(actor, now=now))
    units = guard.reach(actor, "incident.dispatch", now=now)
    if units is not None:
        wanted = wanted.where(Incident.unit_id.in_(units))
    return tuple(db.session.scalars(wanted.order_by(Incident.severity, queries.kt1_first(), Incident.code)))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def headline(found: UnreachedAudit) -> str:
    """ "Thư và SMS đang hỏng: gọi tay 4 người"."""
    return _("%(what)s: %(todo)s", what=cause(found), todo=_todo(found))


def cause(found: UnreachedAudit) -> str:
    """Return what is wrong, without names or numbers of people."""
    if found.unconnected:
        return shut_channels.none_connected()
    channels = [channel for channel, _at in found.shut]
    return shut_channels.cause(channels) if channels else _("Tin không tới người trực")


def details(found: UnreachedAudit) -> str:
    """Since when, and whether the machine goes on trying."""
    parts = []
    if found.shut:
        said = ", ".join(
            _("%(channel)s từ %(time)s", channel=name_of(each), time=i18n.t(at)) for each, at in found.shut
        )
        parts.append(_("%(since)s; máy đang thử lại", since=capital(said)))
    elif found.since is not None:
        parts.append(_("Từ %(time)s", time=i18n.t(found.since)))
    if found.own and found.people:
        parts.append(_("đồng chí cũng đang được gọi: %(codes)s", codes=", ".join(found.own)))
    return " · ".join(parts)


def _todo(found: UnreachedAudit) -> str:
    if found.people:
        return ngettext("gọi tay %(num)s người", "gọi tay %(num)s người", found.people)
    if found.own:
        return _("đồng chí đang được gọi về %(codes)s", codes=", ".join(found.own))
    return ngettext(
        "%(num)s sự cố chưa ai hay, gọi người trực ngay",
        "%(num)s sự cố chưa ai hay, gọi người trực ngay",
        len(found.untold),
    )


def channel_word(name: str) -> str:
    """At the head of a sentence."""
    return capital(name_of(name))
