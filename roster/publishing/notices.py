"""Tell people what a new revision means for them: one message a person, in the transaction that publishes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale, gettext as _
from sqlalchemy import ColumnElement, select

from core.db import db
from core.i18n import named
from notify import outbox, queries as outbox_queries
from notify.gateways import services as gateways
from notify.models import Message
from people import queries as people
from people.accounts import queries as account_queries
from people.accounts.mails import BRIEF
from people.links import services as links
from people.links.services import DraftedLinks
from people.models import DutyKind, Person
from people.notification_rules import reading
from people.notification_rules.rules import Rung
from roster.campaigns.models import Campaign
from roster.models import Duty
from roster.publishing import notice_words
from roster.publishing.notice_words import News, NoticeTurn, Turn

TO_EACH = "/person/"
"""In the keys of letters that say a person's whole roster: a newer one says all that an older one said."""
TO_MANAGERS = "/manager/"
"""In the keys of what managers read about other people's shifts under the same topic."""


def topic(campaign_id: int) -> str:
    """The outbox topic of a campaign's notices."""
    return f"roster/{campaign_id}"


def about_own_shifts() -> ColumnElement[bool]:
    """Select those messages under a campaign's topic that tell their receivers of shifts of their own."""
    return Message.idempotency_key.not_like(f"%{TO_MANAGERS}%")


def letters(campaign_id: int, number: int) -> list[Message]:
    """Return what was written to people about that revision."""
    about = f"{topic(campaign_id)}/r{number}/"
    return [each for each in outbox_queries.by_topic(topic(campaign_id)) if each.idempotency_key.startswith(about)]


def untold(why: str) -> dict[str, Any]:
    """Return what the audit keeps of it."""
    return {"tell": False, "tell_reason": why} if why else {}


@dataclass(frozen=True)
class Consequences:
    """What a revision means. By person: the shifts ahead, which of those are new, and which were taken from them;
    ``on``: shift id → who serves it."""

    coming: Mapping[int, Sequence[Turn]]
    gained: Mapping[int, Sequence[Turn]]
    lost: Mapping[int, Sequence[Turn]]
    on: Mapping[int, Collection[int]]


@dataclass(frozen=True)
class Withdrawal:
    """Which revision (number) is taken back, and why, as the letters say it."""

    number: int
    reason: str


def announce(campaign: Campaign, person_ids: Collection[int], *, now: datetime) -> int:
    """One message to each of these people with what changed for them; answers how many. In the caller's transaction."""
    meant = consequences(campaign, person_ids, [campaign.revision], now)
    letters = composed(campaign, campaign.revision, person_ids, meant, now=now)
    put(letters)
    return len(letters.messages)


@dataclass(frozen=True)
class Letters:
    """What a revision says to people, and the personal addresses that it names."""

    messages: Sequence[Mapping[str, Any]]
    links: DraftedLinks


def put(letters: Letters) -> None:
    """Put them into the outbox, in the caller's transaction."""
    links.add(letters.links)
    outbox.add(letters.messages)


def composed(
    campaign: Campaign,
    number: int,
    person_ids: Collection[int],
    meant: Consequences,
    *,
    withdrawal: Withdrawal | None = None,
    now: datetime,
) -> Letters:
    """The message to each of these people about revision ``number``: what it changes for them. Writes nothing.

    By mail where mail works, else by what they can read; people who have nothing of the kind see it on the roster page
    and in their feed. To change seats on the same shift is no news.
    """
    news = {person_id: found for person_id in person_ids if (found := _changed(meant, person_id))}
    rows = people.people_by_ids({*news, *_mates_of(meant, news)})
    locales = account_queries.locales_of(rows)
    ways, writer, carriers = reading.ways(news), _Writer(campaign, number, withdrawal), outbox.Carriers()
    own = links.drafted(ways, now=now)
    messages = []
    for person in sorted((rows[person_id] for person_id in news), key=lambda row: row.code):
        rung = ways[person.id]
        if rung is not None:
            with force_locale(locales.get(person.id, "vi")):
                told = _news(meant, news[person.id], person.id, rows)
                letter = writer.letter(person, rung, told, own.urls[person.id])
            messages.append(outbox.composed(carriers, **letter, now=now))
    return Letters(messages, own)


def texts(campaign: Campaign, urls: Mapping[int, str], *, now: datetime) -> dict[int, str]:
    """Return person id → the words that tell each of ``urls`` (person id → their own address) what is ahead of them, as
    published now, and what was taken from them, in their language: for somebody who hands them over."""
    meant = consequences(campaign, urls, range(1, campaign.revision + 1), now)
    rows = people.people_by_ids({*urls, *_mates_of(meant, urls)})
    locales, writer, found = account_queries.locales_of(rows), _Writer(campaign, campaign.revision, None), {}
    for person_id, url in urls.items():
        with force_locale(locales.get(person_id, "vi")):
            told = _news(meant, _changed(meant, person_id) or ([], []), person_id, rows)
            found[person_id] = writer.full(rows[person_id], told, url)
    return found


def _changed(meant: Consequences, person_id: int) -> tuple[list[Turn], list[Turn]] | None:
    """Return what the person loses and gets; ``None`` when that comes to nothing."""
    lost = {_shift_id(turn): turn for turn in meant.lost.get(person_id, ())}
    gained = {_shift_id(turn): turn for turn in meant.gained.get(person_id, ())}
    stays = lost.keys() & gained.keys()
    found = [[turn for shift, turn in each.items() if shift not in stays] for each in (lost, gained)]
    return (found[0], found[1]) if any(found) else None


def _mates_of(meant: Consequences, person_ids: Iterable[int]) -> set[int]:
    shifts = {_shift_id(turn) for person_id in person_ids for turn in meant.coming.get(person_id, ())}
    return {mate for shift in shifts for mate in meant.on.get(shift, ())}


def _news(
    meant: Consequences, changed: tuple[list[Turn], list[Turn]], person_id: int, rows: Mapping[int, Person]
) -> News:
    def mine(turns: Iterable[Turn]) -> tuple[NoticeTurn, ...]:
        return notice_words.ordered(NoticeTurn(turn, _mates(meant, turn, person_id, rows)) for turn in turns)

    lost, gained = changed
    return News(notice_words.ordered(map(NoticeTurn, lost)), mine(gained), mine(meant.coming.get(person_id, ())))


def _mates(meant: Consequences, turn: Turn, person_id: int, rows: Mapping[int, Person]) -> tuple[str, ...]:
    others = [rows[each] for each in meant.on.get(_shift_id(turn), ()) if each != person_id and each in rows]
    return tuple(row.full_name for row in sorted(others, key=lambda row: row.sort_key))


def _shift_id(turn: Turn) -> int:
    return turn.shift_id if isinstance(turn, Duty) else turn.id


class _Writer:
    """Writes what a revision says to each person; what is the same for all of them is read once."""

    def __init__(self, campaign: Campaign, number: int, withdrawal: Withdrawal | None) -> None:
        self._campaign, self._number, self._withdrawal = campaign, number, withdrawal
        self._kinds = list(db.session.scalars(select(DutyKind)))
        self._hears_texts = gateways.hears_texts()

    def letter(self, person: Person, rung: Rung, news: News, link: str) -> dict[str, Any]:
        subject = _("Lịch trực %(name)s: bản số %(revision)s", name=self._campaign.name, revision=self._number)
        counted = notice_words.counted(news)
        about = topic(self._campaign.id)
        return {
            "topic": about,
            "key": f"{about}/r{self._number}{TO_EACH}{person.id}/{rung.channel}",
            "channel": rung.channel,
            "address": rung.address,
            "recipient": person.full_name,
            "subject": f"{subject} ({counted})" if counted else subject,
            "body": self._brief(news, link, rung.channel) if rung.channel in BRIEF else self.full(person, news, link),
            "local_only": person.is_demo,
            "person_id": person.id,
        }

    def full(self, person: Person, news: News, link: str) -> str:
        return render_template(
            "messages/roster_published.txt",
            campaign=self._campaign,
            revision=self._number,
            withdrawal=self._withdrawal,
            person=person,
            news=news,
            words=notice_words,
            link=link,
            kinds={kind.code: named(kind) for kind in self._kinds},
        )

    def _brief(self, news: News, link: str, channel: str) -> str:
        by_text = channel == "sms" and self._hears_texts
        return notice_words.brief(self._campaign.name, self._number, news, link, by_text=by_text)


def consequences(
    campaign: Campaign, person_ids: Collection[int], numbers: Collection[int], now: datetime
) -> Consequences:
    """Return what the campaign's revisions of these numbers, already written, mean for these people."""
    mine = select(Duty).where(Duty.campaign_id == campaign.id, Duty.ends_at > now).order_by(Duty.starts_at, Duty.id)
    coming, gained, lost = (defaultdict[int, list[Turn]](list) for _ in range(3))
    for duty in db.session.scalars(mine.where(Duty.person_id.in_(person_ids))):
        is_new = duty.sequence in numbers
        if duty.cancelled_at is None:
            coming[duty.person_id].append(duty)
        if is_new:
            (gained if duty.cancelled_at is None else lost)[duty.person_id].append(duty)
    on = defaultdict[int, list[int]](list)
    shifts = {_shift_id(turn) for turns in coming.values() for turn in turns}
    held = select(Duty.shift_id, Duty.person_id).where(Duty.shift_id.in_(shifts), Duty.cancelled_at.is_(None))
    for shift, person_id in db.session.execute(held).tuples():
        on[shift].append(person_id)
    return Consequences(coming, gained, lost, on)
