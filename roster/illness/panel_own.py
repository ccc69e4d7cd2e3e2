"""On one's own pages: days on which I cannot come, and days that I would rather have off, or on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from core.actor import Actor
from core.calendar import dates
from core.db import transaction
from core.errors import Invalid
from people import queries as people, services as people_services
from people.models import Absence, Person
from roster.covers import affected
from roster.illness import notices
from roster.models import Duty, Wish
from roster.onduty import my_duty
from roster.onduty.own_sections import Form, Section
from roster.sources import services as sources


@dataclass(frozen=True)
class Days:
    """``absences`` and ``wishes`` from today on; ``shifts``: published ones to come.

    A wish changes nothing that is published, and one for a day on which one is away is no wish: the page says so.
    """

    absences: Sequence[Absence]
    wishes: Sequence[Wish]
    shifts: Sequence[Duty]
    today: date

    def hit_by(self, absence: Absence) -> int:
        """How many published shifts to come the absence makes unsure."""
        start, end = clock.at_local(absence.from_on), clock.at_local(absence.to_on + timedelta(days=1))
        return sum(each.starts_at < end and each.ends_at > start for each in self.shifts)

    def serves_on(self, on: date) -> bool:
        return any(clock.local_date(each.starts_at) == on for each in self.shifts)

    def is_away(self, on: date) -> bool:
        return any(each.from_on <= on <= each.to_on for each in self.absences)


def _days(person: Person, now: datetime) -> Days:
    mine, today = my_duty.shifts_of(person.id, now=now), clock.local_date(now)
    shifts = [each.duty for each in (*mine.current, *mine.coming)]
    absences = [each for each in people.absences_of(person.id) if each.to_on >= today]
    return Days(absences, my_duty.wishes_of(person.id, now_on=today), shifts, today)


def _absent(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    from_on, to_on = _day(form, "absent_from"), _day(form, "absent_to")
    kind = form.get("kind", "sick")
    hit = affected.of_absence(person, from_on, to_on, covers=False, actor=actor, now=now)
    with transaction():
        people_services.add_absence(person.code, from_on, to_on, kind, form.get("note", ""), actor=actor, now=now)
        if hit:
            notices.tell_managers(person, from_on, to_on, len(hit), now=now)


def _wish(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    on, want = _day(form, "wish_on"), form.get("want", "")
    if want not in ("on", "off"):
        raise Invalid("illness.want", field="want")
    values = {"person_code": person.code, "date": on, "shift": "any", "want": want, "weight": 1}
    sources.save_wish(values, actor=actor, now=now)


def _day(form: Form, name: str) -> date:
    found = dates.day(form.get(name, ""))
    if found is None:
        raise Invalid("illness.day", field=name)
    return found


SECTIONS = (Section("roster/illness/_own.html", _days, {"absent": _absent, "wish": _wish}),)
