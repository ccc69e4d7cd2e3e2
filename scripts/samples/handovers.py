"""A shift that is being handed over and a check of who is on duty, for the pictures of both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from duty.duty_checks import queries as checked, services as checks
from duty.duty_checks.services import CheckWanted
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.handovers import places, queries, services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.queries import HandoverTurn
from incidents.response import lifecycle, responders
from people import queries as people
from roster.models import Duty
from scripts.samples import own_links


def prepare(unit_id: int, others: Collection[int], *, actor: Actor) -> dict[str, str]:
    """Minutes that wait to be accepted, a seat whose minutes are not begun, a check that runs; none of them concerns
    ``others`` (person ids), whose pages show something else."""
    now = clock.now()
    first, second = _turns(others)[:2]
    _has_an_incident(first.duty, actor=actor)
    items = [ChecklistItem(each, "fine") for each in places.items_for(first.duty.unit)]
    items[-1] = ChecklistItem(items[-1].what, "attention", "dầu còn 1 phần 3, đã báo hậu cần")
    row = handovers.write_and_sign(
        first.duty.seat_id,
        TypedMinutes(tuple(items), undone="Chờ điện lực đóng điện lúc 09:00"),
        how="gọi điện trước giờ đổi ca",
        actor=actor,
        now=max(now, first.duty.ends_at - timedelta(hours=1)),
    )
    serving = _serving(unit_id, others)
    check = checks.start(
        CheckWanted([unit_id], serving, "đêm Giao thừa", checks.LONGEST, second_yes=True), actor=actor, now=now
    )
    checks.answer(check.id, person=serving[0], note="máy bàn, trả lời ngay", actor=actor, now=clock.now())
    incoming, asked = first.incoming[0], people.person_by_code(serving[-1])
    return {
        "handover": str(row.id),
        "handover_seat": str(second.duty.seat_id),
        "check": str(check.id),
        "own_incoming": own_links.sent(incoming, now=now),
        "own_checked": own_links.sent(asked, now=now),
    }


def _has_an_incident(duty: Duty, *, actor: Actor) -> None:
    """What moves with the shift, with the last words of who leaves."""
    now = clock.now()
    told = IncidentReport(
        title="Cây đổ chắn cổng trung tâm khai thác", category="disaster", unit_id=duty.unit_id, actor=actor
    )
    incident, _created = creation.log(told, now=now)
    lifecycle.acknowledge(incident.id, person_id=duty.person_id, now=now, actor=actor)
    responders.leave_handover_note(incident.id, note="Đã cắt cành, còn chờ xe cẩu lúc 08:30.", now=now, actor=actor)


def _serving(unit_id: int, others: Collection[int]) -> list[str]:
    """Codes of two who are on duty there now, or of fewer."""
    ids = list(dict.fromkeys(person for person, _duty in checked.on_now(clock.now())[unit_id]))
    codes = people.codes_of(ids)
    return [codes[each] for each in sorted(ids, key=lambda each: (each in others, ids.index(each)))][:2]


def _turns(others: Collection[int]) -> list[HandoverTurn]:
    now = clock.now()
    ahead = select(Duty).where(Duty.cancelled_at.is_(None), Duty.ends_at > now).order_by(Duty.ends_at, Duty.seat_id)
    found = [queries.turn(duty) for duty in db.session.scalars(ahead.limit(60))]
    free = [
        each
        for each in found
        if each is not None and not {each.duty.person_id, *(person.id for person in each.incoming)} & set(others)
    ]
    if len(free) < 2:
        raise RuntimeError("no two shifts are handed over to anybody")
    return free
