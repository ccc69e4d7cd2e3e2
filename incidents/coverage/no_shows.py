"""Somebody who serves on site has not come, has been called, and so have those who could stand in: an incident a seat,
or one with a list when more than ten are missing at once. It says when they arrive, and resolves itself where nobody
took it.

Who is missing, and what was done before, is written down by ``duty.attendance.no_show_job``.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import i18n
from core.actor import SYSTEM
from core.db import db, transaction
from duty.attendance import no_show_job
from incidents.coverage.models import NoShowIncident
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record import states, timeline, transitions
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import pause
from people import queries as people
from people.models import Person
from roster.models import Duty
from roster.presence import moments
from roster.presence.models import NoShow, Presence

log = logging.getLogger(__name__)
CATEGORY = "staffing"
EVERY = timedelta(seconds=5)
AT_ONCE = timedelta(minutes=30)
"""Missing within this are missing at once."""
MOST_LINES = 40
ENDS = "Số máy ở trang “Ai đang có mặt”. Người đó điểm danh thì sự cố này tự kết thúc."
LIST = "no-shows/"
"""How the key of an incident begins that stands for many."""


@dataclass(frozen=True)
class Missing:
    """``stand_in``: who was asked to, by name."""

    row: NoShow
    duty: Duty
    person: Person
    stand_in: Sequence[str]

    @property
    def key(self) -> tuple[int, datetime]:
        return self.row.duty_id, self.row.called_at


def look(now: datetime) -> int:
    """Raise what there is to, and say of what was raised how it ended; how many incidents were raised."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    current_app.extensions[__name__] = now
    waiting = db.session.scalar(select(NoShow.duty_id).where(NoShow.ended_at.is_(None)).limit(1))
    untold = db.session.scalars(_untold()).all()
    if (waiting is None and not untold) or pause.current() is not None:
        return 0
    for incident_id in sorted(set(untold)):
        try:
            _tell(incident_id, now)
        except Exception:
            db.session.rollback()
            log.exception("incident %s could not be told who came", incident_id)
    return _raise(now) if waiting is not None else 0


def _raise(now: datetime) -> int:
    with transaction() as session:
        due = _due(session, now)
        if not due:
            return 0
        recent = select(NoShowIncident).where(
            NoShowIncident.told_at.is_(None), NoShowIncident.raised_at > now - AT_ONCE
        )
        others = Counter(each.incident_id for each in session.scalars(recent))
        if len(due) + others.total() <= moments.TOGETHER:
            return sum(_raise_alone(session, each, now) for each in due)
        return _raise_list(session, due, others, now)


def _due(session: Session, now: datetime) -> list[Missing]:
    """Until commit no other worker's. Only of those who are missing at ``now``: rows were written before a pause, or
    before the worker was away, and are ended by who wrote them."""
    rows = session.scalars(
        select(NoShow)
        .where(NoShow.ended_at.is_(None), NoShow.deputy_at <= now - moments.RAISED_AFTER)
        .order_by(NoShow.duty_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    missing = no_show_job.missing_now(now) if rows else {}
    rows = [row for row in rows if row.duty_id in missing and missing[row.duty_id].sequence == row.sequence]
    ids = [row.duty_id for row in rows]
    known = {
        (each.duty_id, each.called_at)
        for each in session.scalars(select(NoShowIncident).where(NoShowIncident.duty_id.in_(ids)))
    }
    duties = {duty.id: duty for duty in session.scalars(select(Duty).where(Duty.id.in_(ids)))}
    persons = people.people_by_ids({who for row in rows for who in (*row.deputies, duties[row.duty_id].person_id)})
    return [
        Missing(
            row,
            duties[row.duty_id],
            persons[duties[row.duty_id].person_id],
            [persons[who].full_name for who in row.deputies if who in persons],
        )
        for row in rows
        if (row.duty_id, row.called_at) not in known
    ]


def _raise_alone(session: Session, missing: Missing, now: datetime) -> bool:
    duty = missing.duty
    incident, created = creation.log(
        IncidentReport(
            title=f"Chưa có mặt ở ca trực: {missing.person.full_name} · {_what(duty)}",
            category=CATEGORY,
            unit_id=duty.unit_id,
            description="\n".join([_line(missing), ENDS]),
            dedup_key=f"no-show/{duty.seat_id}/{missing.row.called_at.isoformat()}",
            actor=SYSTEM,
            by_source=True,
        ),
        now=now,
    )
    _link(session, [missing], incident.id, now)
    return created


def _raise_list(session: Session, due: Sequence[Missing], others: Mapping[int, int], now: datetime) -> int:
    """``others``: incident id → how many are missing there. Those that come while such a list is open join it."""
    lines = [_line(each) for each in due[:MOST_LINES]]
    if len(due) > MOST_LINES:
        lines.append(f"… và {len(due) - MOST_LINES} người nữa.")
    running = _open_list(session, others)
    if running is not None:
        timeline.write(session, running, "note", SYSTEM, now=now, note="\n".join(["Thêm người chưa có mặt:", *lines]))
        _link(session, due, running.id, now)
        return 0
    unit = people.unit_by_id(_common_unit({each.duty.unit_id for each in due}))
    hint = (
        "Nhiều người cùng lúc: có thể do đường truyền hoặc chưa ai biết cách điểm danh. "
        "Số máy, và chỗ ghi có mặt cho người đã tới, ở trang “Ai đang có mặt”."
    )
    known = [] if not others else [f"{sum(others.values())} người nữa đã có sự cố riêng: {_codes(session, others)}."]
    incident, created = creation.log(
        IncidentReport(
            title=f"{len(due) + sum(others.values())} người chưa có mặt ở ca trực · {unit.name}",
            category=CATEGORY,
            unit_id=unit.id,
            description="\n".join([hint, *lines, *known]),
            dedup_key=f"{LIST}{unit.id}/{now.isoformat()}",
            actor=SYSTEM,
            by_source=True,
        ),
        now=now,
    )
    _link(session, due, incident.id, now)
    return int(created)


def _open_list(session: Session, incident_ids: Collection[int]) -> Incident | None:
    """The incident that is such a list, if it is open; until commit nobody else's to change."""
    lists = select(Incident.id).where(Incident.id.in_(sorted(incident_ids)), Incident.dedup_key.startswith(LIST))
    held = (transitions.exclusively(session, each) for each in session.scalars(lists.order_by(Incident.id)).all())
    return next((each for each in held if each.status in states.UNFINISHED), None)


def _codes(session: Session, incident_ids: Collection[int]) -> str:
    wanted = select(Incident.code).where(Incident.id.in_(sorted(incident_ids))).order_by(Incident.id)
    return ", ".join(session.scalars(wanted))


def _common_unit(unit_ids: Collection[int]) -> int:
    """The nearest unit above all of them; of several enterprises, the top of one."""
    above = people.ancestors_of(sorted(unit_ids))
    first, *rest = above.values()
    return next((each for each in first if all(each in chain for chain in rest)), first[-1])


def _link(session: Session, missing: Sequence[Missing], incident_id: int, now: datetime) -> None:
    session.add_all(
        NoShowIncident(duty_id=each.key[0], called_at=each.key[1], incident_id=incident_id, raised_at=now)
        for each in missing
    )
    session.flush()


def _untold() -> Select[tuple[int]]:
    """Incidents of which somebody is missed no more, and the timeline does not say it yet."""
    return (
        select(NoShowIncident.incident_id)
        .join(NoShow, NoShow.duty_id == NoShowIncident.duty_id, isouter=True)
        .where(
            NoShowIncident.told_at.is_(None),
            NoShow.ended_at.is_not(None) | (NoShow.called_at != NoShowIncident.called_at) | NoShow.duty_id.is_(None),
        )
    )


def _tell(incident_id: int, now: datetime) -> None:
    with transaction() as session:
        incident = transitions.exclusively(session, incident_id)
        theirs = select(NoShowIncident).where(NoShowIncident.incident_id == incident_id)
        links = session.scalars(theirs.order_by(NoShowIncident.duty_id)).all()
        open_links = [each for each in links if each.told_at is None]
        ended = _how_ended(session, open_links)
        for link in open_links:
            if link.duty_id in ended:
                link.told_at = now
        words = " ".join(ended[each.duty_id] for each in open_links if each.duty_id in ended)
        if not words or incident.status not in states.UNFINISHED:
            return
        if len(ended) == len(open_links) and incident.status == "open" and incident.joined_to_id is None:
            lifecycle.resolve(incident_id, actor=SYSTEM, now=now, note=words)
        else:
            timeline.write(session, incident, "note", SYSTEM, now=now, note=words)


def _how_ended(session: Session, links: Sequence[NoShowIncident]) -> dict[int, str]:
    """Duty id → a sentence, of those who are missed no more."""
    ids = [each.duty_id for each in links]
    wanted = select(Duty, NoShow, Presence.at).join(NoShow, NoShow.duty_id == Duty.id, isouter=True)
    came = (Presence.duty_id == Duty.id) & (Presence.kind == "check_in")
    rows = session.execute(wanted.join(Presence, came, isouter=True).where(Duty.id.in_(ids)))
    called = {each.duty_id: each.called_at for each in links}
    found: defaultdict[int, str] = defaultdict(str)
    for duty, row, at in rows:
        if row is not None and row.ended_at is None and row.called_at == called[duty.id]:
            continue
        found[duty.id] = _ended_words(duty, row.ended_as if row is not None else None, at)
    return dict(found)


def _ended_words(duty: Duty, ended_as: str | None, at: datetime | None) -> str:
    name = duty.person.full_name
    if at is not None:
        return f"{name} có mặt lúc {i18n.t(at)}."
    said = {
        "excused": f"{name} được ghi là không trực được, không chờ nữa.",
        "over": f"Ca của {name} đã qua mà không ai ghi có mặt.",
    }
    return said.get(ended_as or "", f"Lịch hoặc cách điểm danh đã đổi: không chờ {name} ở ca này nữa.")


def _line(missing: Missing) -> str:
    """Whose shift, and who was called for it when. No number: not everybody who may read incidents may read those, and
    what is written here stays."""
    asked = ", ".join(missing.stand_in) or "không tìm được ai"
    called, deputy = i18n.t(missing.row.called_at), i18n.t(missing.row.deputy_at or missing.row.called_at)
    return (
        f"{missing.person.full_name}: {_what(missing.duty)}. Đến lượt gọi lúc {called};"
        f" người thay ({asked}) lúc {deputy}; chưa ai điểm danh."
    )


def _what(duty: Duty) -> str:
    kind = next((each.name_vi for each in people.duty_kinds() if each.code == duty.duty), duty.duty)
    return f"{kind} · {duty.unit.name} · {i18n.span(duty.starts_at, duty.ends_at)}"
