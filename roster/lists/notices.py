"""Who is asked for a unit's list gets its link; who has to mend it hears why; who owes is reminded once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from flask_babel import force_locale, gettext as _
from sqlalchemy import select, update

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from core.i18n import dt
from people.accounts import queries as accounts
from people.models import Person
from people.notification_rules import reading
from roster.lists import moments, queries
from roster.lists.models import ListCollection, UnitList


def ask(collection: ListCollection, rows: Sequence[UnitList], *, now: datetime, again: str = "") -> int:
    """Ask in the transaction that makes the links; answers to how many people. ``again``: of a link made anew."""
    campaign = collection.campaign

    def words(mine: Sequence[UnitList]) -> tuple[str, list[str]]:
        subject = _("Nộp lịch trực %(name)s", name=campaign.name)
        lines = [subject, _("Hạn: %(time)s.", time=dt(collection.due_at))]
        if collection.message:
            lines.append(collection.message)
        return subject, [*lines, *_links(mine), _("Mở đường dẫn để điền, không cần đăng nhập.")]

    return _write(rows, words, f"lists/{collection.id}", f"ask{again}", now=now)


def moved(collection: ListCollection, known: Collection[int], *, now: datetime) -> int:
    """Tell who owes of these units, in the transaction that sets another deadline, or opens it again."""
    with_seats = queries.seats(collection.campaign_id)
    owing = [each for each in queries.lists(collection) if each.unit_id in known and each.unit_id in with_seats]

    def words(mine: Sequence[UnitList]) -> tuple[str, list[str]]:
        subject = _("Hạn nộp lịch trực %(name)s đã đổi", name=collection.campaign.name)
        return subject, [subject, _("Hạn mới: %(time)s.", time=dt(collection.due_at)), *_links(mine)]

    key = f"moved/{collection.due_at.isoformat(timespec='minutes')}/{now.isoformat(timespec='seconds')}"
    return _write([each for each in owing if moments.owes(each.state)], words, f"lists/{collection.id}", key, now=now)


def returned(row: UnitList, *, now: datetime) -> int:
    """Tell the unit in the transaction that sends it back."""
    collection = row.collection

    def words(mine: Sequence[UnitList]) -> tuple[str, list[str]]:
        subject = _("Lịch trực của %(unit)s cần sửa", unit=row.unit.name)
        return subject, [subject, _("Cần sửa: %(text)s", text=row.remark), *_links(mine)]

    return _write([row], words, f"lists/{collection.id}", f"returned/{now.isoformat(timespec='seconds')}", now=now)


def remind(now: datetime) -> int:
    """The worker: of each open collection those who owe, once before its deadline; how many were written to."""
    wanted = select(ListCollection).join(ListCollection.campaign)
    wanted = wanted.where(queries.is_open(), ListCollection.reminded_at.is_(None), ListCollection.due_at > now)
    due = [each for each in db.session.scalars(wanted) if moments.reminds_at(each.opened_at, each.due_at) <= now]
    told = 0
    for each in due:
        with transaction() as session:
            claim = update(ListCollection).where(ListCollection.id == each.id, ListCollection.reminded_at.is_(None))
            if session.execute(claim.values(reminded_at=now)).rowcount == 1:  # type: ignore[attr-defined]
                told += _remind(each, now)
    return told


def _remind(collection: ListCollection, now: datetime) -> int:
    with_seats = queries.seats(collection.campaign_id)
    owing = [row for row in queries.lists(collection) if moments.owes(row.state) and row.unit_id in with_seats]

    def words(mine: Sequence[UnitList]) -> tuple[str, list[str]]:
        subject = _("Nhắc nộp lịch trực %(name)s", name=collection.campaign.name)
        return subject, [subject, _("Hạn: %(time)s.", time=dt(collection.due_at)), *_links(mine)]

    audit.record(SYSTEM, "lists.remind", "campaign", collection.campaign_id, now=now, units=len(owing))
    key = f"remind/{collection.due_at.isoformat(timespec='minutes')}"
    return _write(owing, words, f"lists/{collection.id}", key, now=now)


def link_name(row: UnitList) -> str:
    """Return the name of a link in the keys of messages, which stay when their words are erased: who was sent which
    link."""
    return f"{row.id}.{row.digest[:12]}"


def _links(rows: Sequence[UnitList]) -> list[str]:
    return [f"{row.unit.name}: {queries.url(row)}" for row in rows if queries.url(row)]


def _write(
    rows: Sequence[UnitList],
    words: Callable[[Sequence[UnitList]], tuple[str, list[str]]],
    topic: str,
    key: str,
    *,
    now: datetime,
) -> int:
    """One message for each receiver, whose units are in it together."""
    receivers = queries.receivers([row.unit for row in rows])
    people: dict[int, Person] = {person.id: person for person in receivers.values()}
    mine = defaultdict[int, list[UnitList]](list)
    for row in rows:
        if row.unit_id in receivers:
            mine[receivers[row.unit_id].id].append(row)
    locales = accounts.locales_of(list(people))
    told = 0
    for person_id, some in mine.items():
        with force_locale(locales.get(person_id, "vi")):
            subject, lines = words(some)
        links = ",".join(link_name(row) for row in some)
        written = reading.write(
            people[person_id],
            topic=topic,
            key=f"{topic}/{key}/{links}/{person_id}",
            subject=subject,
            body="\n".join(lines),
            now=now,
        )
        told += written
    return told
