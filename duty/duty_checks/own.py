"""Tôi đang trực: the answer to an unannounced check, on one's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.calendar.moments import parse_moment
from core.errors import NotFound
from core.form_values import whole_number
from duty.duty_checks import disowning, queries, services
from duty.duty_checks.models import DutyCheckAsk
from duty.on_duty.own_sections import Form, OwnSection
from people.models import Person

"""How long an answer stands on one's own page: whoever was somewhere else sees there that it was not theirs."""


@dataclass(frozen=True)
class Asks:
    waiting: Sequence[DutyCheckAsk]
    said: Sequence[DutyCheckAsk]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.said)


def read_asks(person: Person, now: datetime) -> Asks:
    return Asks(queries.waiting_for(person.id, now=now), queries.said_of(person.id, since=now - queries.SAID_LATELY))


def _on_duty(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    """``device_at``: what the device takes for the time, when its browser runs scripts."""
    check_id = whole_number(form.get("check"))
    if check_id is None:
        raise NotFound("check.unknown", field="check")
    services.answer(check_id, device_at=_moment(form.get("device_at", "")), actor=actor, now=now)


def _disown(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    disowning.disown(whole_number(form.get("check")) or 0, person=person, actor=actor, now=now)


def _moment(typed: str) -> datetime | None:
    try:
        return parse_moment(typed)
    except ValueError:
        return None


VERBS = {"on_duty": _on_duty, "disown_check": _disown}
SECTION = OwnSection("duty/duty_checks/own.html", read_asks, VERBS, is_ask=True, by_slip=True)
