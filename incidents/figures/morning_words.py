"""The words of the message of the morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from core.i18n import d, dm, t
from incidents.figures.night import Night
from incidents.record import naming
from incidents.record.models import Incident
from incidents.triage import words as triage_words
from incidents.words import severity_word
from people.models import Person
from roster.coverage import words as coverage_words

LINES = 15


def words(person: Person, night: Night, now: datetime, *, brief: bool) -> tuple[str, str]:
    """(subject, body) in the present language; a morning without incidents is said too."""
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
        _("Xem trên bàn trực: %(link)s", link=link),
    ]
    return subject, "\n\n".join(parts) + "\n"


def _sections(night: Night) -> list[str]:
    if not night.logged:
        sections = [_("Trong đêm không có sự cố.")]
    else:
        sections = [_listed(_("Trong đêm ghi nhận %(n)s sự cố:", n=len(night.logged)), night.logged, night.overdue)]
    if night.older:
        sections.append(_listed(_("Còn dở từ trước:"), night.older, night.overdue))
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


def _listed(title: str, found: Sequence[Incident], overdue: Mapping[int, str]) -> str:
    return _list(title, [_line(each, late=overdue.get(each.id, "")) for each in found])


def _line(incident: Incident, *, late: str) -> str:
    state = {
        "open": _("chưa ai nhận"),
        "acknowledged": _("%(name)s đang xử lý", name=incident.acknowledged_by),
        "resolved": _("đã xử lý xong"),
        "closed": _("đã đóng"),
    }[incident.status]
    said = _(
        "%(code)s · mức %(level)s (%(word)s) · %(title)s · %(unit)s · %(state)s",
        code=incident.code,
        level=incident.severity,
        word=severity_word(incident.severity),
        title=naming.outside(incident),
        unit=incident.unit.name,
        state=state,
    )
    return f"{said} · {triage_words.LATE[late]}" if late else said


def _list(title: str, lines: Sequence[str]) -> str:
    more = [_("và %(n)s dòng khác", n=len(lines) - LINES)] if len(lines) > LINES else []
    return "\n".join([title, *(f"- {line}" for line in [*lines[:LINES], *more])])
