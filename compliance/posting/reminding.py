"""A week before Tết: one message to whoever leads points at which an obligatory text has no proof of hanging."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext
from sqlalchemy import select

from compliance.posting import parts, queries
from compliance.posting.words import NAMES, STATES
from compliance.service_hours import points
from core import clock
from core.actor import SYSTEM
from core.audit import record
from core.calendar import lunar
from core.db import db, transaction
from core.models import Setting
from people import queries as people, reference
from people.accounts import mails
from people.models import Person, Unit
from people.notification_rules import ladders, reading
from people.notification_rules.rules import for_reading

BEFORE = timedelta(days=7)
HOUR = 8
TOLD = "posting.told"
LISTED = 20
"""Points named in one letter; the page has them all."""

Owed = Mapping[int, list[tuple[Unit, list[tuple[str, str]]]]]
"""person id → points with what is open there (what, state)."""


def remind(now: datetime) -> int:
    """Once for each Tết, however often and on however many nodes it is called; how many messages."""
    tet = _due(now)
    if tet is None or _told() == str(tet.year):
        return 0
    owed = _owed(clock.local_date(now))  # outside the transaction: a long writer would hold up the calls
    readers = people.people_by_ids(list(owed))
    with transaction() as session:
        taken = session.get(Setting, TOLD, with_for_update=True)
        if taken is not None and taken.value == str(tet.year):
            return 0
        sent = sum(_send(readers[each], owed, tet, now) for each in owed if readers[each].active)
        if taken is None:
            session.add(Setting(key=TOLD, value=str(tet.year)))
        else:
            taken.value = str(tet.year)
        record(SYSTEM, "posting.remind", "setting", TOLD, now=now, told=sent)
    return sent


def _due(now: datetime) -> date | None:
    """Mùng 1, from a week before it on."""
    today = clock.local_date(now)
    tet = lunar.tet(today.year)
    return tet if tet - BEFORE <= today < tet and clock.local(now).hour >= HOUR else None


def _told() -> object:
    return db.session.scalar(select(Setting.value).where(Setting.key == TOLD))


def _owed(today: date) -> Owed:
    here = {unit.id: unit for unit in points.among(None, today)}
    states = queries.states(list(here), today)
    found: dict[int, list[tuple[Unit, list[tuple[str, str]]]]] = {}
    leaders = _leaders(list(here))
    for unit_id, unit in here.items():
        owing = [
            (what, states[unit_id, what].code) for what in parts.OBLIGATORY if states[unit_id, what].code != "posted"
        ]
        if owing and unit_id in leaders:
            found.setdefault(leaders[unit_id], []).append((unit, owing))
    return found


def _leaders(unit_ids: list[int]) -> dict[int, int]:
    """point → who leads it, else the nearest unit above it that has a head."""
    above = reference.ancestors_of(frozenset(unit_ids))
    heads = people.heads_by_unit({each for units in above.values() for each in units})
    found = {each: next((heads[one].id for one in above[each] if one in heads), None) for each in unit_ids}
    return {unit_id: person_id for unit_id, person_id in found.items() if person_id is not None}


def _send(person: Person, owed: Owed, tet: date, now: datetime) -> bool:
    rung = for_reading(ladders.ladder(person))
    if rung is None:
        return False
    with force_locale(mails.language_of(person)):
        subject, body = _words(owed[person.id], tet, brief=rung.channel in mails.BRIEF)
    topic = f"posting/{tet.year}"
    return reading.write_by(rung, person, topic=topic, key=f"{topic}/{person.id}", subject=subject, body=body, now=now)


def _words(owing: list[tuple[Unit, list[tuple[str, str]]]], tet: date, *, brief: bool) -> tuple[str, str]:
    count = len(owing)
    subject = ngettext(
        "%(num)s điểm chưa có bằng chứng niêm yết trước Tết",
        "%(num)s điểm chưa có bằng chứng niêm yết trước Tết",
        count,
    )
    link = f"{current_app.config['PUBLIC_URL']}/letter/points?open=1"
    if brief:
        return subject, f"{subject}. {link}"
    lines = [
        f"- {unit.name}: " + "; ".join(f"{NAMES[what]}: {STATES[code]}" for what, code in states)
        for unit, states in owing[:LISTED]
    ]
    if count > LISTED:
        lines.append(_("… và %(n)s điểm khác.", n=count - LISTED))
    ask = _("Đề nghị treo bản đang dùng và gửi ảnh từ trang “Hôm nay ở điểm” (quét mã QR tại điểm).")
    return subject, "\n".join([ask, "", *lines, "", link, ""])
