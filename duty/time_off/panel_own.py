"""On one's own pages: days on which I cannot come, days that I would rather have off, or on, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core import clock
from core.actor import Actor
from core.calendar import dates
from core.db import transaction
from core.errors import Conflict, Invalid
from core.form_values import whole_number
from duty.illness import notices
from duty.on_duty import my_duty
from duty.on_duty.own_sections import Form, OwnSection
from duty.time_off import answerers, contradictions, queries, services as requests, words
from duty.time_off.models import OPEN, DayRequest
from duty.time_off.services import Key
from people.absences import queries as absence_queries, services as absence_services
from people.models import Absence, Person
from roster.covers import affected
from roster.models import Duty
from roster.sources.columns import ANY
from roster.sources.models import Wish


@dataclass(frozen=True)
class OwnDays:
    """``absences`` and ``wishes`` from today on; ``shifts``: published ones to come; ``asked``: what was asked of days
    to come, by what it is about.

    A wish changes nothing that is published, and one for a day on which one is away is no wish: the page says so.
    """

    absences: Sequence[Absence]
    wishes: Sequence[Wish]
    shifts: Sequence[Duty]
    asked: Mapping[tuple[Any, ...], DayRequest]
    today: date
    now: datetime
    stands_alone: bool
    """Nobody else answers for them: days off hold at once, and the page says so."""
    words: Any = words
    facts: Sequence[str] = requests.FACTS

    def absence_request(self, absence: Absence) -> DayRequest | None:
        return self._said_of(requests.absence_key(absence))

    def wish_request(self, wish: Wish) -> DayRequest | None:
        return self._said_of(requests.wish_key(wish))

    def _said_of(self, key: Key) -> DayRequest | None:
        """Return the request behind an absence or wish that stands; None if it does not come from one.

        What was refused, or withdrawn, and is there again was entered by somebody else.
        """
        row = self.asked.get(_tuple(key))
        stands = row is not None and (
            row.state in (*OPEN, "accepted") or (row.state == "refused" and row.is_withdrawal)
        )
        return row if stands else None

    @property
    def open(self) -> int:
        return sum(each.is_open for each in self.asked.values())

    @property
    def refused(self) -> list[DayRequest]:
        """Return the refused requests whose absence or wish does not stand."""
        stand = {_tuple(requests.absence_key(each)) for each in self.absences}
        stand |= {_tuple(requests.wish_key(each)) for each in self.wishes}
        return [
            row
            for key, row in self.asked.items()
            if row.state == "refused" and not row.is_withdrawal and key not in stand
        ]

    def hit_by(self, absence: Absence) -> int:
        """How many published shifts to come the absence makes unsure."""
        return len(self._hit(absence))

    def may_swap(self, absence: Absence) -> bool:
        """Whether one of them has not begun: colleagues can be asked for it."""
        return any(each.starts_at > self.now for each in self._hit(absence))

    def _hit(self, absence: Absence) -> list[Duty]:
        start, end = clock.at_local(absence.from_on), clock.at_local(absence.to_on + timedelta(days=1))
        return [each for each in self.shifts if each.starts_at < end and each.ends_at > start]

    def serves_on(self, on: date) -> bool:
        return any(clock.local_date(each.starts_at) == on for each in self.shifts)

    def is_away(self, on: date) -> bool:
        return any(each.from_on <= on <= each.to_on for each in self.absences)


@dataclass(frozen=True)
class Questions:
    """What they are asked back."""

    rows: Sequence[DayRequest]
    words: Any = words


def _days(person: Person, now: datetime) -> OwnDays:
    mine, today = my_duty.shifts_of(person.id, now=now), clock.local_date(now)
    shifts = [each.duty for each in (*mine.current, *mine.coming)]
    absences = [each for each in reversed(absence_queries.list_for_person(person.id)) if each.to_on >= today]
    asked = {_tuple(_key_of(each)): each for each in queries.list_for_person(person.id, now=now)}
    wishes, alone = my_duty.wishes_of(person.id, now_on=today), answerers.stands_alone(person)
    return OwnDays(absences, wishes, shifts, asked, today, now, alone)


def _questions(person: Person, now: datetime) -> Questions | None:
    rows = [each for each in queries.list_for_person(person.id, now=now) if each.state == "returned"]
    return Questions(rows) if rows else None


def _absent(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    from_on, to_on, kind = _day(form, "absent_from"), _day(form, "absent_to"), form.get("kind", "sick")
    note, today = requests.note_of(form.get("note", ""), "note"), clock.local_date(now)
    hit = affected.hit_by_absence(person, from_on, to_on, covers=False, actor=actor, now=now)
    with transaction():
        requests.hold(person.id)
        stand = [(each.from_on, each.to_on, each.kind) for each in absence_queries.list_for_person(person.id)]
        _refuse(contradictions.check_absence(from_on, to_on, kind, stand=stand, today=today))
        absence_services.add_absence(person.code, from_on, to_on, kind, note=note, actor=actor, now=now)
        if hit:
            notices.tell_managers(person, from_on, to_on, len(hit), now=now)


def _wish(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    on, want = _day(form, "wish_on"), form.get("want", "")
    if want not in ("on", "off"):
        raise Invalid("request.want", field="want")
    with transaction():
        requests.hold(person.id)
        days = _days(person, now)
        wrong = contradictions.check_wish(
            on,
            want,
            wishes={(each.on_date, each.want) for each in days.wishes},
            away=[(each.from_on, each.to_on, each.kind) for each in days.absences],
            serves={clock.local_date(each.starts_at) for each in days.shifts},
            today=days.today,
        )
        _refuse(wrong)
        values = {"person_code": person.code, "date": on, "shift": ANY, "want": want, "weight": 1}
        requests.save_wish(values, actor=actor, now=now)


def _take_back(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    absence, wish = whole_number(form.get("absence")), whole_number(form.get("wish"))
    if absence is not None:
        requests.take_back_absence(person, absence, actor=actor, now=now)
    elif wish is not None:
        requests.take_back_wish(person, wish, actor=actor, now=now)
    else:
        raise Conflict("request.changed")


def _reply(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    row, sequence = whole_number(form.get("request")), whole_number(form.get("sequence"))
    if row is None or sequence is None:
        raise Conflict("request.changed")
    requests.reply(person, row, sequence, form.get("reply", ""), actor=actor, now=now)


def _refuse(wrong: str | None) -> None:
    if wrong:
        raise Conflict(wrong)


def _day(form: Form, name: str) -> date:
    found = dates.day(form.get(name, ""))
    if found is None:
        raise Invalid("request.day", field=name)
    return found


def _key_of(row: DayRequest) -> Key:
    return {
        "person_id": row.person_id,
        "about": row.about,
        "from_on": row.from_on,
        "to_on": row.to_on,
        "template": row.template,
    }


def _tuple(key: Key) -> tuple[Any, ...]:
    return tuple(key.values())


SECTIONS = (
    OwnSection("duty/time_off/_question.html", _questions, {"reply": _reply}, is_ask=True),
    OwnSection("duty/time_off/_own.html", _days, {"absent": _absent, "wish": _wish, "take_back": _take_back}),
)
