"""What speaks against somebody who stood in: said to who notes it, and no reason to refuse. They were there, whoever
they are, and whoever hears of it can send somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from core.errors import Conflict
from duty.swaps import finding
from people.absences import spans
from people.models import Person
from roster.dividing.parting import SplitSpan
from roster.models import Duty
from roster.words import violations


@dataclass(frozen=True)
class Warned:
    """``rules``: codes, for the audit; ``texts``: sentences in the reader's language."""

    rules: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def check_fitness(duty: Duty, person: Person, from_at: datetime, until_at: datetime | None, *, now: datetime) -> Warned:
    """Check them by every rule of the campaign over their whole plan, as for a swap: unit, kind of duty, skills, rest,
    hours."""
    span = SplitSpan(from_at, until_at or duty.ends_at)
    found = [*_gone(person), *_away(person, span), *_broken(duty, person, span, now)]
    return Warned(tuple(rule for rule, _text in found), tuple(text for _rule, text in found))


def _gone(person: Person) -> Sequence[tuple[str, str]]:
    return [] if person.active else [("left", _("%(name)s không còn làm việc ở đây.", name=person.full_name))]


def _away(person: Person, span: SplitSpan) -> Sequence[tuple[str, str]]:
    """Return what is noted of absence now, also where rules do not look at it."""
    aways = spans.during({person.id}, span.start, span.end).get(person.id, ())
    if spans.hit(aways, span.start, span.end) is None:
        return []
    return [("away", _("%(name)s đang ghi là vắng mặt lúc đó.", name=person.full_name))]


def _broken(duty: Duty, person: Person, span: SplitSpan, now: datetime) -> Sequence[tuple[str, str]]:
    whole = span == SplitSpan(duty.starts_at, duty.ends_at)
    try:
        found = finding.weighed(duty, person, None, None if whole else span, now=now)
    except Conflict as fault:  # they hold another seat of this very shift
        return [(fault.code, fault.message())]
    theirs = [each for each in found.effect.breaks if each.staff_id == person.id]
    return [(each["rule"], each["text"]) for each in violations.listed(theirs, found.names)]
