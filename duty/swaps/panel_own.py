"""On one's own pages: what others ask of me, and what I ask of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.errors import Invalid
from core.form_values import whole_number
from duty.on_duty import my_duty
from duty.on_duty.own_sections import Form, OwnSection
from duty.swaps import deciding, queries, services as swaps, swap_deadlines, words
from duty.swaps.lines.line import SwapLine
from duty.swaps.workload_delta import queries as carried, words as carried_words
from duty.swaps.workload_delta.queries import WorkloadDelta
from people.models import Person
from roster.models import Duty


@dataclass(frozen=True)
class OwnSwapRequests:
    """The asks to the reader: those that wait for their answer, and those that they have said yes to."""

    waiting: Sequence[SwapLine]
    agreed: Sequence[SwapLine]
    carried: Mapping[int, Sequence[WorkloadDelta]]
    """Swap id → what it would mean for both."""
    reader: int
    words = words
    carried_words = carried_words


@dataclass(frozen=True)
class Asking:
    """What the reader asks of others. ``lines``: asks and what became of them; ``free``: coming shifts that they could
    ask for."""

    lines: Sequence[SwapLine]
    free: Sequence[Duty]
    words = words


def _asked(person: Person, now: datetime) -> OwnSwapRequests | None:
    lines = queries.asked_of(person.id, now=now)
    waiting = [each for each in lines if each.mine is not None and each.mine.answer is None]
    if not lines:
        return None
    both = {each.swap.id: carried.deltas_of_line(each, person) for each in waiting}
    return OwnSwapRequests(waiting, [each for each in lines if each not in waiting], both, person.id)


def _asking(person: Person, now: datetime) -> Asking | None:
    lines = queries.asked_by(person.id, now=now)
    busy = {each.swap.seat_id for each in lines if each.is_open}
    coming = [each.duty for each in my_duty.shifts_of(person.id, now=now).coming]
    free = [each for each in coming if each.seat_id not in busy and each.starts_at >= now + swap_deadlines.LEAST_AHEAD]
    return Asking(lines, free) if lines or free else None


def _yes(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    deciding.accept(_number(form), person=person.code, actor=actor, now=now)


def _no(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    deciding.decline(_number(form), person=person.code, note=form.get("note", ""), actor=actor, now=now)


def _take_back(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    swaps.cancel(_number(form), actor=actor, now=now)


def _number(form: Form) -> int:
    found = whole_number(form.get("swap"))
    if found is None:
        raise Invalid("swap.unknown", field="swap", id=form.get("swap", ""))
    return found


SECTIONS = (
    OwnSection("duty/swaps/_asked.html", _asked, {"swap_yes": _yes, "swap_no": _no}, is_ask=True),
    OwnSection("duty/swaps/_asking.html", _asking, {"swap_back": _take_back}),
)
