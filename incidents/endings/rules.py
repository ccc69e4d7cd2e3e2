"""PURE who is told how an incident that called people goes on without them, and when.

Whoever was called, assigned or asked, and may still think that they are needed; never who did it. At once only those
who are awake by all that is known; the others read of it in the morning. Nobody is ever rung for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Event = Literal["taken", "done", "called_off", "reopened", "asked_no_more"]
"""Somebody else has it · it is done · it is over without having been done (it went away, was another one, the exercise
ended, nobody had taken it) · nobody has it again · the question to this person has lost its sense."""
When = Literal["on_the_way", "awake", "morning"]

OVER: tuple[Event, ...] = ("taken", "done", "called_off")
"""Who is told one of these need not wait any longer."""
TOOK_PART = ("taken", "confirmed")
LEADERS_UP_TO = 2
"""Levels of which leaders hear that it is done."""
AWAKE = timedelta(minutes=30)
SETTLED = timedelta(seconds=15)
"""What was tapped by mistake is taken back by then, and many that are taken at once are all taken."""
UNTIL_MORNING = 25 * 3600
"""Seconds that a message of the morning may lie ahead: one number for all, for the guard against clocks that jump, and
what such a message is known by."""
APART = timedelta(minutes=10)
"""Between two such messages to one person."""


@dataclass(frozen=True)
class Involved:
    """What is known of somebody whom the incident called, assigned or asked. Times are None where it never happened."""

    person_id: int
    reached: bool = True
    """A call left for them, or they were rung by hand, or have answered."""
    answer: str = ""
    """Their last one, as ``Page.answer`` has it."""
    answered_at: datetime | None = None
    opened_at: datetime | None = None
    rung_at: datetime | None = None
    holds: bool = False
    """They had it until this moment."""
    held: bool = False
    """They had it once."""
    helps: bool = False
    """They said that they come and help."""
    waited_for: bool = False
    """They are still asked something about it."""
    leads: bool = False
    told: str = ""
    """The last event that they were told, since they were called last; empty: none."""

    @property
    def took_part(self) -> bool:
        return self.holds or self.held or self.helps or self.answer in TOOK_PART

    @property
    def knows_it_is_over(self) -> bool:
        return self.told in OVER

    def is_awake(self, now: datetime) -> bool:
        heard = (self.answered_at, self.opened_at, self.rung_at)
        return any(at is not None and at > now - AWAKE for at in heard)


def decide(
    event: Event, involved: Iterable[Involved], *, level: int, by: Collection[int | None], now: datetime
) -> dict[int, When]:
    """Person id → when they are told; nobody else is. ``by``: who did it, and whoever hears of it by that."""
    return {
        each.person_id: _when(event, each, now)
        for each in involved
        if each.reached and each.person_id not in by and _hears(event, each, level)
    }


def _hears(event: Event, person: Involved, level: int) -> bool:
    if event == "asked_no_more":
        return not person.waited_for
    if event == "reopened":
        return not person.waited_for and (person.knows_it_is_over or person.took_part)
    if event == "taken":
        goes_on = person.waited_for or (person.helps and not person.holds)
        return not goes_on and (person.holds or _waits(person))
    return person.took_part or (person.leads and level <= LEADERS_UP_TO) or _waits(person)


def _waits(person: Involved) -> bool:
    """Whether they may still think that it waits for them: whoever said that they cannot go does not."""
    return person.answer != "passed" and not person.knows_it_is_over


def _when(event: Event, person: Involved, now: datetime) -> When:
    if event != "reopened" and (person.holds or person.helps):
        return "on_the_way"
    return "awake" if person.is_awake(now) else "morning"


def due_at(when: When, *, told_at: datetime | None, morning: datetime, now: datetime) -> datetime:
    """Return when the message may leave. ``told_at``: when this person had the last one of this kind, about
    whatever."""
    if when == "morning":
        return morning
    soon = now + SETTLED
    if when == "on_the_way" or told_at is None:
        return soon
    return max(soon, min(told_at, now) + APART)
