"""The worker mails the list after each revision: to heads of units that it touches, and to those on duty there.

By mail alone: it is long, and nobody is woken for it. Who has no mail prints it, or has it on their phone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app, render_template
from flask_babel import force_locale, gettext as _
from sqlalchemy import or_, select

from core import audit
from core.actor import SYSTEM
from core.db import batched, db, transaction
from duty.phone_tree import book, sheet
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person, User
from people.notification_rules import reading
from roster.campaigns.models import Campaign
from roster.campaigns.queries import locked_campaign
from roster.models import Duty, Revision

EVERY = timedelta(minutes=1)
QUIET, LONGEST = timedelta(minutes=10), timedelta(hours=1)
"""Several revisions in one go are one letter: after ``QUIET``, and however they go on, after ``LONGEST``."""
KEPT = timedelta(days=1)
"""What is older is no news; a worker that was down for so long mails nothing of it."""
MAIL = "email"


@dataclass(frozen=True)
class _Recipient:
    """``unit_id``: whose list they get, the highest of those that they have to do with."""

    person: Person
    unit_id: int
    address: str
    locale: str


def tell(now: datetime) -> int:
    """Write what is due; how many letters. Safe beside another worker: the campaign is held, and what is told is marked
    in the same commit. Letters are composed before, because those of a province take longer than others may wait."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    told = sum(_tell(campaign_id, now) for campaign_id in _due(now))
    current_app.extensions[__name__] = now
    return told


def _untold(now: datetime) -> Sequence[Any]:
    return (
        Revision.numbers_mailed_at.is_(None),
        Revision.published_at > now - KEPT,
        Revision.kind != "supplement",  # of what was served already
        or_(Revision.tell_reason == "", Revision.told_at.is_not(None)),
    )


def _due(now: datetime) -> list[int]:
    published: dict[int, list[datetime]] = {}
    for campaign_id, at in db.session.execute(select(Revision.campaign_id, Revision.published_at).where(*_untold(now))):
        published.setdefault(campaign_id, []).append(at)
    return [each for each, times in published.items() if now - max(times) >= QUIET or now - min(times) >= LONGEST]


def _tell(campaign_id: int, now: datetime) -> int:
    known = _news(campaign_id, now)
    if not known:
        return 0
    campaign, told = db.session.get_one(Campaign, campaign_id), [each.id for each in known]
    touched = _touched(campaign_id, known[0].published_at, now)
    letters = _letters(campaign, known[-1].number, touched, now) if touched else []
    with transaction():
        locked_campaign(campaign_id)
        news = _news(campaign_id, now)
        if [each.id for each in news] != told:  # another worker was faster, or there is more: the next turn tells it
            return 0
        for revision in news:
            revision.numbers_mailed_at = now
        outbox.add(letters)
        if letters:
            audit.record(SYSTEM, "phone_tree.mail", "campaign", campaign_id, now=now, letters=len(letters))
        return len(letters)


def _news(campaign_id: int, now: datetime) -> Sequence[Revision]:
    wanted = select(Revision).where(Revision.campaign_id == campaign_id, *_untold(now)).order_by(Revision.number)
    return db.session.scalars(wanted).all()


def _touched(campaign_id: int, since: datetime, now: datetime) -> set[int]:
    changed = Duty.campaign_id == campaign_id, Duty.ends_at > now, Duty.changed_at >= since
    return set(db.session.scalars(select(Duty.unit_id).where(*changed).distinct()))


def _letters(campaign: Campaign, number: int, touched: Collection[int], now: datetime) -> list[Any]:
    listed = book.read_book(campaign.unit_id, now, with_phones=True, hours=sheet.DAYS * 24)
    carriers, bodies = outbox.Carriers(), dict[tuple[int, str], tuple[str, str]]()
    letters = []
    for reader in _readers(listed, touched):
        wanted = reader.unit_id, reader.locale
        if wanted not in bodies:
            with force_locale(reader.locale):
                bodies[wanted] = _words(listed, reader.unit_id, campaign, number)
        subject, body = bodies[wanted]
        letter = outbox.composed(
            carriers,
            topic=f"phone-tree/{campaign.id}",
            key=f"phone-tree/{campaign.id}/r{number}/person/{reader.person.id}",
            channel=MAIL,
            address=reader.address,
            recipient=reader.person.full_name,
            subject=subject,
            body=body,
            local_only=reader.person.is_demo,
            person_id=reader.person.id,
            now=now,
        )
        letters.append(letter)
    return letters


def _words(listed: book.PhoneBook, unit_id: int, campaign: Campaign, number: int) -> tuple[str, str]:
    branches = sheet.branches(listed.narrowed(unit_id))
    url = f"{current_app.config['PUBLIC_URL']}/roster/phone-tree?{urlencode({'unit': branches[0].unit.code})}"
    body = render_template("messages/phone_tree.txt", branches=branches, campaign=campaign, number=number, url=url)
    return _("Cây điện thoại %(unit)s, bản lịch số %(n)s", unit=branches[0].unit.name, n=number), body


def _readers(listed: book.PhoneBook, touched: Collection[int]) -> list[_Recipient]:
    """Heads of what is touched, of what stands above and below it, and those on duty there, if they have mail."""
    places = {each.id: place for place, each in enumerate(listed.units)}
    within = {each.id for each in listed.units if any(one.id in touched for one in listed.above(each.id))}
    within |= {each.id for unit_id in touched for each in listed.above(unit_id)}
    theirs = [(head.id, unit_id) for unit_id, head in people.heads_by_unit(sorted(within)).items()]
    theirs += [(turn.person_id, turn.unit_id) for turn in listed.turns if turn.unit_id in within]
    highest: dict[int, int] = {}
    for person_id, unit_id in theirs:
        place = max(places[unit_id], listed.top)  # what stands above gets the list of the roster's own unit
        highest[person_id] = min(place, highest.get(person_id, place))
    barred = _who_only_look_on(highest)
    rungs = {each: rung for each, rung in reading.ways(sorted(highest.keys() - barred)).items() if rung is not None}
    rows, locales = people.people_by_ids(rungs), accounts.locales_of(rungs)
    return [
        _Recipient(rows[who], listed.units[highest[who]].id, rung.address, locales.get(who, "vi"))
        for who, rung in sorted(rungs.items())
        if rung.channel == MAIL and rows[who].active
    ]


def _who_only_look_on(person_ids: Collection[int]) -> set[int]:
    """Return those whose account shows them nobody's number."""
    wanted = select(User.person_id).where(User.role == "viewer")
    rows = (db.session.scalars(wanted.where(User.person_id.in_(some))) for some in batched(sorted(person_ids)))
    return {person_id for some in rows for person_id in some if person_id is not None}
