"""Who is on duty as plain facts and as lines of text: the shape shared by API and command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from core import clock, text
from core.i18n import dt, named
from people import queries as people, reference
from people.models import DutyKind, Unit
from people.reference import KindFact, UnitFact
from roster.coverage.words import away_words
from roster.models import Rehearsal
from roster.presence import words as presence
from roster.presence.words import PresenceMark
from roster.resolver import resolver
from roster.resolver.resolution import DutyPerson, OnDuty


@dataclass(frozen=True)
class DutyReport:
    """The answer of the resolver for each kind, for ``unit`` at ``at`` (aware)."""

    unit: Unit | UnitFact
    at: datetime
    answers: tuple[tuple[DutyKind | KindFact, OnDuty], ...]
    until: datetime | None = None
    """The first moment after ``at`` at which a shift behind it, or an absence, begins or ends; None: not known."""


def at(
    unit: Unit | UnitFact,
    moment: datetime,
    *,
    kinds: Sequence[DutyKind | KindFact] | None = None,
    rehearsal: Rehearsal | None = None,
) -> DutyReport:
    """Ask the resolver for every duty kind (or ``kinds``). Raises Unavailable in an empty enterprise."""
    asked: Sequence[DutyKind | KindFact] = people.duty_kinds() if kinds is None else kinds
    until = None
    with resolver.asking_once():
        if rehearsal is None:
            until = resolver.ask_together({(unit.id, kind.code) for kind in asked}, moment, with_chains=True)
        answers = tuple((kind, resolver.who_is_on(unit.id, kind.code, moment, rehearsal=rehearsal)) for kind in asked)
    return DutyReport(unit, moment, answers, _until(answers, moment, until))


def _until(answers: Sequence[tuple[Any, OnDuty]], moment: datetime, edge: datetime | None) -> datetime | None:
    """People who are away for a part of their shift leave, or are back, at midnight."""
    if edge is None or not any(
        person.at_risk for _kind, answer in answers for person in (*answer.people, *answer.next)
    ):
        return edge
    return min(edge, clock.at_local(clock.local_date(moment) + timedelta(days=1)))


def lasts_until(report: DutyReport) -> datetime | None:
    """Return until when what the report of this moment shows holds, if nothing that it shows is written; None: not
    known.

    Chains depend on more than the stamps say: known is it of rosters only.
    """
    return report.until if all(answer.is_assigned for _kind, answer in report.answers) else None


def there(report: DutyReport) -> dict[int, PresenceMark]:
    """Seat id → whether its holder is there, of those named whom anybody asks; it changes with every word."""
    return presence.marks_for_answers([answer for _kind, answer in report.answers], report.at)


def as_dict(
    report: DutyReport, *, with_phones: bool = True, marks: Mapping[int, PresenceMark] | None = None
) -> dict[str, Any]:
    """The contract's shape of ``GET /on-duty``; times stay aware datetimes. ``marks``: what ``there`` says."""
    marks = there(report) if marks is None else marks
    return {
        "at": report.at,
        "unit": report.unit.code,
        "duties": [_duty(answer, with_phones, marks) for _kind, answer in report.answers],
    }


def lines(report: DutyReport) -> list[str]:
    """One line a duty kind, for a terminal."""
    found, marks = [f"{report.unit.name} · {dt(report.at)}"], there(report)
    for kind, answer in report.answers:
        told = "; ".join(_line(person, report.at, marks) for person in answer.people)
        found.append(f"{named(kind)} [{answer.rule}]: {told}")
    return found


def _line(person: DutyPerson, now: datetime, marks: Mapping[int, PresenceMark]) -> str:
    phone = f" {text.format_phone(person.phone)}" if person.phone else ""
    until = " " + _("đến %(time)s", time=dt(person.until)) if person.until else ""
    unsure = " [? " + _("không chắc") + f": {away_words(*person.absence, now)}]" if person.absence else ""
    mark = marks.get(person.seat_id or 0)
    return f"{person.name} ({person.code}){phone}{until}{unsure}" + (f" [{mark.text}]" if mark else "")


def _duty(answer: OnDuty, with_phones: bool, marks: Mapping[int, PresenceMark]) -> dict[str, Any]:
    return {
        "duty": answer.duty,
        "unit": reference.unit_by_id(answer.unit_id).code,
        "desk_phone": answer.desk_phone,
        "rule": answer.rule,
        "people": [_person(each, with_phones, marks) for each in answer.people],
        "next": [_person(each, with_phones, {}) for each in answer.next],
    }


def _person(person: DutyPerson, with_phone: bool, marks: Mapping[int, PresenceMark]) -> dict[str, Any]:
    phone, mark = person.phone if with_phone else "", marks.get(person.seat_id or 0)
    return {
        "code": person.code,
        "name": person.name,
        "phone": phone,
        "position": person.position,
        "until": person.until,
        "at_risk": person.at_risk,
        "away_until": person.away_until,
        "presence": mark.state if mark else None,
    }
