"""Those who owe something are reminded: one message for each receiver, with all that their units owe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from compliance.register import matrix, queries
from compliance.register.models import Directive, Requirement
from compliance.sources import reach
from core import audit, clock
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from core.i18n import d
from notify import queries as outbox
from people import queries as people
from people.access import guard
from people.accounts import queries as accounts
from people.models import Person, Unit
from people.notification_rules import reading
from roster.lists.queries import receivers

MOST_UNITS = 20
"""That a message names; it says how many more there are."""
Owed = Mapping[int, Sequence[tuple[Requirement, bool]]]


@dataclass(frozen=True)
class RemindedPeople:
    """``people``: who were written to; ``already``: who had been today; ``units``: whose debts nobody could hear of."""

    people: int
    already: int
    units: int


def remind(directive_id: int, top_code: str, *, actor: Actor, now: datetime) -> RemindedPeople:
    """Whoever answers for a unit, else for the nearest one above, hears of all that is open, once a day.

    Raises NotFound, Forbidden, Conflict.
    """
    top = people.unit_by_code(top_code)
    with transaction():
        guard.ensure(actor, "requirement.accept", top.id, now=now)
        letter = queries.letter(directive_id)
        if letter.spread_at is None:
            raise Conflict("register.not_spread")
        owed = defaultdict[int, list[tuple[Requirement, bool]]](list)
        for unit_id, requirement, late in matrix.owing(letter, top.id, clock.local_date(now)):
            owed[unit_id].append((requirement, late))
        told = _write(letter, owed, now)
        letter.reminded_at, letter.reminded_by = now, actor.name
        audit.record(actor, "directive.remind", "directive", letter.id, now=now, unit=top.code, people=told.people)
        return told


def _write(letter: Directive, owed: Owed, now: datetime) -> RemindedPeople:
    above, units = reach.chains(), {each.id: each for each in people.units()}
    known = receivers(list(units.values()))
    mine = defaultdict[int, list[int]](list)
    persons: dict[int, Person] = {}
    lost = 0
    for unit_id in owed:
        who = next((known[each] for each in above[unit_id] if each in known), None)
        if who is None:
            lost += 1
            continue
        persons[who.id] = who
        mine[who.id].append(unit_id)
    locales = accounts.locales_of(list(persons))
    topic = f"register/{letter.id}/{clock.local_date(now).isoformat()}"
    heard = {each.person_id for each in outbox.by_topic(topic) if each.state != "held"} & mine.keys()
    told = 0
    for person_id in mine.keys() - heard:
        unit_ids = mine[person_id]
        with force_locale(locales.get(person_id, "vi")):
            subject, body = _words(letter, [(units[each], owed[each]) for each in unit_ids])
        key = f"{topic}/{person_id}"
        leaves = reading.write(persons[person_id], topic=topic, key=key, subject=subject, body=body, now=now)
        told += leaves
        lost += 0 if leaves else len(unit_ids)
    return RemindedPeople(told, len(heard), lost)


def _words(letter: Directive, owed: Sequence[tuple[Unit, Sequence[tuple[Requirement, bool]]]]) -> tuple[str, str]:
    subject = _("Còn việc phải làm theo công văn %(number)s", number=letter.number)
    lines = [subject]
    for unit, rows in owed[:MOST_UNITS]:
        lines += ["", f"{unit.name}:", *(_line(row, late) for row, late in rows)]
    if len(owed) > MOST_UNITS:
        more = len(owed) - MOST_UNITS
        lines += ["", ngettext("Và %(num)s đơn vị nữa.", "Và %(num)s đơn vị nữa.", more)]
    address = f"{current_app.config['PUBLIC_URL']}/letter/{letter.id}/matrix?unit={owed[0][0].code}"
    return subject, "\n".join([*lines, "", address])


def _line(row: Requirement, late: bool) -> str:
    if row.due_on is None:
        return f"- {row.text}"
    due = _("quá hạn %(day)s", day=d(row.due_on)) if late else _("hạn %(day)s", day=d(row.due_on))
    return f"- {row.text} ({due})"
