"""The words of the message of the morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from core.i18n import d, dm, named, t
from incidents.alarms import queries as alarms
from incidents.catalogue import queries as catalogue
from incidents.figures import alike
from incidents.figures.night import Night
from incidents.maintenance import words as maintenance_words
from incidents.record import naming, states
from incidents.record.models import Incident
from incidents.triage import words as triage_words
from incidents.words import severity_word
from people.models import Person
from roster.coverage import words as coverage_words

LINES = 15


def words(person: Person, night: Night, now: datetime, *, brief: bool, called: Sequence[str] = ()) -> tuple[str, str]:
    """(subject, body) in the present language; a morning without incidents is said too. ``called``: what became of
    that for which the reader was called and which others have done."""
    count = len(night.logged)
    subject = (
        _("Tình hình đêm qua %(day)s: trong đêm không có sự cố", day=dm(now))
        if not count
        else _(
            "Tình hình đêm qua %(day)s: %(n)s sự cố, %(open)s chưa ai nhận, %(done)s đã xử lý xong",
            day=dm(now),
            n=count,
            open=len(night.open),
            done=len(night.done),
        )
    )
    if night.older:
        subject += "; " + _("%(n)s việc cũ còn dở", n=len(night.older))
    link = f"{current_app.config['PUBLIC_URL']}/incidents/"
    if brief:
        return subject, f"{subject}. {link}"
    parts = [
        _("Kính gửi %(name)s,", name=person.full_name),
        _(
            "%(unit)s, từ %(from)s %(before)s đến %(to)s ngày %(day)s.",
            unit=night.unit.name,
            before=dm(night.since),
            day=d(now),
            to=t(now),
            **{"from": t(night.since)},
        ),
        *_sections(night),
        *([_list(_("Việc đồng chí đã được gọi:"), called)] if called else []),
        _("Xem trên bàn trực: %(link)s", link=link),
    ]
    return subject, "\n\n".join(parts) + "\n"


def _sections(night: Night) -> list[str]:
    if not night.logged:
        sections = [_("Trong đêm không có sự cố.")]
    else:
        sections = [_listed(_("Trong đêm ghi nhận %(n)s sự cố:", n=len(night.logged)), night.logged, night)]
    if night.older:
        sections.append(_listed(_("Còn dở từ trước:"), night.older, night))
    if night.windows:
        title = _("Bảo trì trong đêm, tin của máy được giữ lại và đếm:")
        sections.append(_list(title, [maintenance_words.ran(each) for each in night.windows]))
    lacking = [
        _(
            "%(unit)s, ca %(shift)s %(time)s: thiếu %(n)s người",
            unit=each.shift.unit.name,
            shift=each.shift.template,
            time=t(each.shift.starts_at),
            n=each.missing,
        )
        for each in night.shifts
    ]
    if lacking:
        sections.append(_list(_("Ca trong ngày còn thiếu người:"), lacking))
    if night.unsure:
        title = _("Ca trong ngày không chắc, vì người trực vắng hoặc không còn trực:")
        sections.append(_list(title, [coverage_words.line(each) for each in night.unsure]))
    nobody = [each.person.full_name for each in night.people if each.fault == "none"]
    if nobody:
        sections.append(_list(_("Có ca trong ngày mà hệ thống không gọi được:"), nobody))
    return sections


def _listed(title: str, found: Sequence[Incident], night: Night) -> str:
    by_id = {each.id: each for each in found}
    together = alike.lines(_told(each, night) for each in found)
    return _list(title, [_several([by_id[each] for each in ids], night) for ids in together])


def _told(incident: Incident, night: Night) -> alike.SimilarIncident:
    return alike.SimilarIncident(
        incident.id,
        incident.status not in states.UNFINISHED,
        incident.category,
        incident.severity,
        (incident.status, incident.id in night.by_itself, night.overdue.get(incident.id, "")),
        alone=naming.wants_reading(incident),
    )


def _several(some: Sequence[Incident], night: Night) -> str:
    """One as it is; of several that went alike how many, where, and the first and last of their codes."""
    if len(some) == 1:
        return _line(some[0], night)
    places = {each.unit_id: each.unit.name for each in some}
    where = next(iter(places.values())) if len(places) == 1 else _("%(n)s nơi", n=len(places))
    kind = catalogue.category(some[0].category)
    said = _(
        "%(n)s sự cố %(kind)s, mức %(level)s (%(word)s) · %(where)s · %(state)s · %(first)s đến %(last)s",
        n=len(some),
        kind=named(kind).lower() if kind else some[0].category,
        level=some[0].severity,
        word=severity_word(some[0].severity),
        where=where,
        state=_state(some[0], night),
        first=min(each.code for each in some),
        last=max(each.code for each in some),
    )
    return _with_lateness(said, some[0], night)


def _state(incident: Incident, night: Night) -> str:
    if incident.id in night.by_itself:
        return _("đã tự hết")
    return {
        "open": _("chưa ai nhận"),
        "acknowledged": _("%(name)s đang xử lý", name=incident.acknowledged_by),
        "resolved": _("đã xử lý xong"),
        "closed": _("đã đóng"),
    }[incident.status]


def _line(incident: Incident, night: Night) -> str:
    title, several = naming.outside(incident), night.alarms.get(incident.id)
    said = _(
        "%(code)s · mức %(level)s (%(word)s) · %(title)s · %(unit)s · %(state)s",
        code=incident.code,
        level=incident.severity,
        word=severity_word(incident.severity),
        title=alarms.title(title, several) if several else title,
        unit=incident.unit.name,
        state=_state(incident, night),
    )
    return _with_lateness(said, incident, night)


def _with_lateness(said: str, incident: Incident, night: Night) -> str:
    late = night.overdue.get(incident.id, "")
    return f"{said} · {triage_words.LATE[late]}" if late else said


def _list(title: str, lines: Sequence[str]) -> str:
    more = [_("và %(n)s dòng khác", n=len(lines) - LINES)] if len(lines) > LINES else []
    return "\n".join([title, *(f"- {line}" for line in [*lines[:LINES], *more])])
