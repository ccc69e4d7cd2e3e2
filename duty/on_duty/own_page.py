"""What the page of one person shows who came by a personal link: what is asked of them first, then their shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actor import Actor
from duty.on_duty import my_duty
from duty.on_duty.my_duty import MyDuty, MyShift
from people.links.services import LinkVisit
from people.models import Person
from roster.confirmations import disowning, queries as confirmations
from roster.confirmations.models import Confirmation
from roster.coverage import words
from roster.feeds import services as subscriptions
from roster.feeds.facts import Options, Subject

ASKED_BEFORE = timedelta(hours=72)
"""Before a shift begins its holder should have confirmed it: later somebody has to ring them."""


@dataclass(frozen=True)
class OwnPage:
    """``answers``: duty id → what its holder said of it as it is now; ``before``, ``after``: of the next shift;
    ``unsure``: seat id → why nobody can be sure of it, as the desk says it too, but for what they said themselves."""

    mine: MyDuty
    answers: Mapping[int, Confirmation]
    before: Sequence[Person]
    after: Sequence[Person]
    answer_by: datetime | None
    unsure: Mapping[int, str]

    @property
    def ahead(self) -> tuple[MyShift, ...]:
        return (*self.mine.current, *self.mine.coming)

    @property
    def waiting(self) -> list[MyShift]:
        """Those that wait for an answer, by time."""
        return [each for each in self.ahead if each.duty.id not in self.answers]

    @property
    def refused(self) -> list[MyShift]:
        return [each for each in self.ahead if self.state_of(each) == "refused"]

    @property
    def confirmed(self) -> list[MyShift]:
        return [each for each in self.ahead if self.state_of(each) == "confirmed"]

    @property
    def said(self) -> list[MyShift]:
        """Those that were answered, however: also on a screen that was found open."""
        return [each for each in self.ahead if each.duty.id in self.answers]

    def state_of(self, shift: MyShift) -> str:
        """confirmed, refused or nothing."""
        said = self.answers.get(shift.duty.id)
        return said.state if said is not None else ""


def read_own_page(person: Person, *, now: datetime) -> OwnPage:
    mine = my_duty.shifts_of(person.id, now=now)
    ahead = (*mine.current, *mine.coming)
    answers = confirmations.answers_for(each.duty for each in ahead)
    first = next(iter(ahead), None)
    before, after = my_duty.neighbours(first.duty) if first else ((), ())
    unsure = {
        seat: why for seat, (cause, why) in words.reasons_for_person(person.id, now).items() if cause != "refused"
    }
    return OwnPage(mine, answers, before, after, _answer_by(ahead, answers, now), unsure)


def _answer_by(ahead: Sequence[MyShift], answers: Mapping[int, Confirmation], now: datetime) -> datetime | None:
    """Three days before the first shift that waits for an answer and is further away; from then on somebody rings."""
    waiting = [each.duty.starts_at - ASKED_BEFORE for each in ahead if each.duty.id not in answers]
    return next((due for due in waiting if due > now), None)


def calendar(visit: LinkVisit, *, now: datetime) -> str:
    """The address of their own calendar, made when it is first asked for; the same each time. A new one where the old
    cannot be read any more (another SECRET_KEY)."""
    mine = Subject("person", person_id=visit.person.id)
    feed = subscriptions.subscribe(mine, Options("vi", phones=False, busy=False), now=now, actor=visit.actor)
    if not subscriptions.url_of(feed):
        feed = subscriptions.rotate(feed.id, now=now, actor=visit.actor)
    return subscriptions.url_of(feed)


def shown(values: Sequence[str]) -> dict[int, int]:
    """Return duty id → the sequence that the page showed, from the values of a form ("id.sequence").

    A value that is not two numbers is left out.
    """
    pairs = (value.split(".") for value in values)
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(_is_number, pair))}


def disown(person: Person, actor: Actor, form: Mapping[str, str], now: datetime) -> None:
    """A form's ``duty`` ("id.sequence"): that answer was not theirs."""
    [(duty_id, sequence)] = shown([form.get("duty", "")]).items() or [(0, 0)]
    disowning.disown(duty_id, sequence, person=person, actor=actor, now=now)


def ids(values: Sequence[str]) -> set[int]:
    """Return the duty ids among the values of a form."""
    return {int(value) for value in values if _is_number(value)}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 19
