"""*Gọi tay* in words: what to say on the telephone, so that it can be read aloud as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext

from core import text
from core.i18n import named
from incidents.catalogue import queries as catalogue
from incidents.escalation.page_words import PURPOSES
from incidents.paging.manual_calls import IncidentToRing, PersonToRing
from incidents.record import naming
from incidents.record.models import Incident
from incidents.together import words

KNOWING = ("more", "confirm", "arrival")
"""Calls that are answered by "I know", and take nothing from anybody."""


SAID = 3
"""So many are named on the telephone, the worst; of more nobody remembers anything."""


def say(callee: PersonToRing) -> str:
    """Levels and places; of KT1, Party and State and of what is restricted never the contents."""
    more = callee.lines[SAID:]
    rest = [_more(more)] if more else []
    return " ".join([*(_about(line) for line in callee.lines[:SAID]), *rest, _question(callee)])


def yes(callee: PersonToRing) -> str:
    """Return what the button of a good answer says; empty where each is answered by a button of its own."""
    if all(line.purpose in KNOWING for line in callee.lines):
        return _("Nghe máy, đã nắm")
    if len(callee.lines) == 1:
        return _("Nghe máy và nhận")
    apart = [line.incident for line in singly(callee)]
    count = len(callee.lines) - len(apart)
    if not apart:
        return _("Nhận cả %(num)s việc", num=count)
    said = ngettext("Nhận %(num)s việc, %(but)s", "Nhận cả %(num)s việc, %(but)s", count, but=words.but(apart))
    return said if count else ""


def singly(callee: PersonToRing) -> list[IncidentToRing]:
    """Return those that are taken one by one and are not named in what is said: each has a button of its own."""
    unsaid = callee.lines[SAID:]
    return [line for line in unsaid if line.purpose not in KNOWING and naming.is_taken_singly(line.incident)]


def zalo(callee: PersonToRing) -> str:
    """Return where a tap opens Zalo with them; empty for a landline."""
    phone = callee.person.phone
    return text.zalo(phone)


def _about(line: IncidentToRing) -> str:
    incident = line.incident
    said = _(
        "%(what)s, tại %(place)s, mức %(level)s.",
        what=_what(incident),
        place=incident.unit.name,
        level=incident.severity,
    )
    if line.purpose != "call":
        said = f"{PURPOSES[line.purpose]}: {said}"
    return _("DIỄN TẬP") + f". {said}" if incident.rehearsal_id else said


def _more(lines: Sequence[IncidentToRing]) -> str:
    level = min(line.incident.severity for line in lines)
    return ngettext(
        "Và %(num)s việc khác, mức %(level)s.",
        "Và %(num)s việc khác, nặng nhất mức %(level)s.",
        len(lines),
        level=level,
    )


def _what(incident: Incident) -> str:
    if incident.restricted or not naming.wants_reading(incident):
        return naming.outside(incident).rstrip(" .")
    kind = catalogue.category(incident.category)
    name = named(kind) if kind is not None else incident.category
    if incident.category == "kt1":
        return name
    return _("%(kind)s, có bưu gửi KT1 hoặc của cơ quan Đảng, Nhà nước", kind=name)


def _question(callee: PersonToRing) -> str:
    lines = callee.lines
    if all(line.purpose in KNOWING for line in lines):
        return _("Đồng chí đã nắm chưa?")
    if singly(callee):
        return _("Đồng chí nhận những việc nào?")
    return ngettext("Đồng chí nhận việc này không?", "Đồng chí nhận cả %(num)s việc không?", len(lines))
