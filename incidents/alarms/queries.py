"""Reading the alarms of an incident, and what messages say of them. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.db import db
from incidents.alarms import along
from incidents.alarms.models import IncidentAlarm, IncidentDetails
from incidents.alarms.tally import AlarmTally, count
from incidents.record.models import Incident

IN_A_LETTER = 5
OF_A_SOURCE = "intake/"
"""How the keys of incidents begin that a source raised: no other has alarms."""


def list_for_incident(incident: Incident) -> Sequence[IncidentAlarm]:
    """Return those that still fire first, then those that went away last; none for what is no group."""
    if not (incident.dedup_key or "").startswith(OF_A_SOURCE):
        return ()
    mine = select(IncidentAlarm).where(IncidentAlarm.incident_id == incident.id)
    gone = IncidentAlarm.cleared_at
    in_order = (gone.is_not(None), IncidentAlarm.severity, gone.desc(), IncidentAlarm.id)
    return db.session.scalars(mine.options(joinedload(IncidentAlarm.unit)).order_by(*in_order)).all()


def came_along(incident: Incident) -> IncidentDetails | None:
    """Return what came along with the alarm that it was made of, as far as all who see the incident may read it."""
    if not (incident.dedup_key or "").startswith(OF_A_SOURCE) or not along.may_be_read(incident):
        return None
    return db.session.get(IncidentDetails, incident.id)


def tally(alarms: Sequence[IncidentAlarm]) -> AlarmTally:
    return count((each.unit_id, each.cleared_at is not None) for each in alarms)


def shown(incident: Incident) -> dict[str, Any] | None:
    """Return what templates/incidents/grouping/_panel_alarms.html reads; None for what is no group."""
    found = list_for_incident(incident)
    return {"alarms": found, "said": words(tally(found))} if found else None


def tallies(incidents: Iterable[Incident]) -> dict[int, AlarmTally]:
    """Incident → how its alarms stand, of those that have some; in one question."""
    ids = [each.id for each in incidents if (each.dedup_key or "").startswith(OF_A_SOURCE)]
    places = func.count(IncidentAlarm.unit_id.distinct())
    counted = select(IncidentAlarm.incident_id, func.count(), places, func.count(IncidentAlarm.cleared_at))
    counted = counted.where(IncidentAlarm.incident_id.in_(ids)).group_by(IncidentAlarm.incident_id)
    return {each: AlarmTally(*numbers) for each, *numbers in db.session.execute(counted)} if ids else {}


def words(found: AlarmTally) -> str:
    """How they stand, in the reader's language: "12 cảnh báo ở 5 nơi, 9 đã tự hết"."""
    said = ngettext("%(num)s cảnh báo", "%(num)s cảnh báo", found.alarms)
    if found.places > 1:
        said = _("%(alarms)s ở %(n)s nơi", alarms=said, n=found.places)
    return said + ", " + _("%(n)s đã tự hết", n=found.cleared) if found.cleared else said


def title(named: str, found: AlarmTally) -> str:
    """``named``, the first of several, as the name of them all."""
    others = found.alarms - 1
    if others < 1:
        return named
    return ngettext("%(title)s và %(num)s cảnh báo khác", "%(title)s và %(num)s cảnh báo khác", others, title=named)


def in_a_letter(alarms: Sequence[IncidentAlarm], *, named: bool = True) -> list[str]:
    """Return what a letter says of a group, line by line; nothing of a single alarm. ``named``: with titles of the
    first."""
    if len(alarms) < 2:
        return []
    firing = [each for each in alarms if each.cleared_at is None]
    lines = [_("Gộp từ một nguồn: %(alarms)s.", alarms=words(tally(alarms)))]
    if not named:
        return lines
    lines += [f"- {each.title} · {each.unit.name}" for each in firing[:IN_A_LETTER]]
    left = len(firing) - IN_A_LETTER
    return lines + ["- " + _("và %(n)s cảnh báo khác còn báo", n=left)] if left > 0 else lines
