"""Whom to ring about an incident: who has it, the desk, who reported it; never the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from core import text
from core.db import db
from incidents.escalation import targets
from incidents.public_reports import services as reports
from incidents.record.models import Incident
from people.models import Person, User
from roster.resolver import numbers


@dataclass(frozen=True)
class Ring:
    """One line: ``phone`` as written down, ``role`` in the reader's words. ``is_person``: a name, not a place.
    ``spoken``: what the buttons call whom no directory knows."""

    name: str
    role: str
    phone: str
    is_person: bool = True
    spoken: str = ""

    @property
    def zalo(self) -> str:
        """An address that opens a talk by Zalo; empty for what is no mobile number."""
        return text.zalo(self.phone)


def holder(incident: Incident, *, reader: int | None) -> Ring | None:
    """Who has it, when that is somebody else and can be rung."""
    person = incident.acknowledged_person
    if incident.status != "acknowledged" or person is None or person.id == reader or not person.phone:
        return None
    return Ring(person.full_name, _("Người giữ"), person.phone)


def whom(
    incident: Incident, *, reader: int | None, with_phones: bool, with_reporter: bool, now: datetime
) -> list[Ring]:
    """Return them in the order in which to ring; each number once. ``with_phones``: numbers of people are shown to the
    reader (person id, None for nobody in particular), ``with_reporter``: that of whoever reported it by the sheet as
    well; a desk's and an office's may be rung by everybody."""
    has_it = holder(incident, reader=reader) if with_phones else None
    found = [each for each in (has_it, *_desk(incident, reader, with_phones, now)) if each]
    if with_reporter:
        found += _by_the_sheet(incident)
    if with_phones:
        found += _who_logged(incident, reader)
    by_number = {text.dialled(each.phone): each for each in reversed(found)}
    themselves = db.session.get(Person, reader) if reader is not None else None
    if themselves is not None and themselves.phone:
        by_number.pop(text.dialled(themselves.phone), None)  # also where it was written down as the office's
    return list(by_number.values())[::-1]


def _desk(incident: Incident, reader: int | None, with_phones: bool, now: datetime) -> list[Ring]:
    number, lines = numbers.number_for_incidents(incident.unit_id), []
    if not number.is_desk and with_phones:
        person = targets.on_duty_to_ring(incident, now, reader=reader or 0)
        if person is not None:
            lines.append(Ring(person.name, _("Điều hành"), person.phone))
    if number.phone:
        what = _("Bàn trực") if number.is_desk else _("Bưu điện")
        lines.append(Ring(what, _("Máy bàn"), number.phone, is_person=False))
    return lines


def _by_the_sheet(incident: Incident) -> list[Ring]:
    """Who reported it without an account and left a number."""
    if incident.source != reports.SOURCE:
        return []
    sent = reports.list_for_incident(incident.id)
    return [
        Ring(each.name or _("Không nêu tên"), _("Người báo"), each.phone, bool(each.name), _("người báo"))
        for each in sent
        if each.phone
    ]


def _who_logged(incident: Incident, reader: int | None) -> list[Ring]:
    account = db.session.get(User, incident.logged_by_id) if incident.logged_by_id is not None else None
    person = db.session.get(Person, account.person_id) if account and account.person_id else None
    if person is None or person.id == reader or not person.phone:
        return []
    return [Ring(person.full_name, _("Người ghi nhận"), person.phone)]
