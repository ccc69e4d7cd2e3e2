"""Reading of what was signed: revisions, who was told of them, and who would be told of the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core import text
from core.calendar.moments import parse_moment
from core.db import db
from core.errors import NotFound
from notify.message_states.delivery_states import DeliveryState, state_of
from notify.models import Message
from people import queries as people
from people.notification_rules import leaving, reading
from people.notification_rules.leaving import Way
from people.notification_rules.rules import Rung
from roster.campaigns.models import Campaign
from roster.coverage import proving
from roster.models import Revision
from roster.publishing import notices


@dataclass(frozen=True)
class Concerned:
    """Somebody whom the next publishing concerns: shifts to come that they get or lose."""

    person: Row[Any]
    """``code``, ``full_name`` …, as ``people.brief`` tells."""
    gets: int
    loses: int
    channel: str
    """By what they will be told; empty: nothing reaches them with something to read."""
    way: Way
    """Whether that would leave now."""

    @property
    def name(self) -> str:
        return str(self.person.full_name)

    @property
    def code(self) -> str:
        return str(self.person.code)


@dataclass(frozen=True)
class ConcernedPerson:
    """Somebody whom a revision concerned when it was published.

    ``state``: what became of the message; ``None`` where it was taken back. No ``channel``: none was written, because
    nothing reached them with something to read.
    """

    name: str
    code: str
    channel: str
    state: DeliveryState | None


def all_of(campaign_id: int) -> Sequence[Revision]:
    """The latest first."""
    wanted = select(Revision).filter_by(campaign_id=campaign_id).order_by(Revision.number.desc())
    return db.session.scalars(wanted).all()


def get(campaign_id: int, number: int) -> Revision:
    found = db.session.scalar(select(Revision).filter_by(campaign_id=campaign_id, number=number))
    if found is None:
        raise NotFound("revision.unknown", number=number)
    return found


def heard(revision: Revision) -> list[ConcernedPerson]:
    """Who was told of the revision and how, by given name; duty that was over then told nobody."""
    before = db.session.scalar(
        select(Revision.content).filter_by(campaign_id=revision.campaign_id, number=revision.number - 1)
    )
    letters = [each for number in _told_with(revision) for each in notices.letters(revision.campaign_id, number)]
    codes = people.codes_of({letter.person_id for letter in letters if letter.person_id is not None})
    sent = {codes[letter.person_id]: letter for letter in letters if letter.person_id in codes}
    names = {code: letter.recipient for code, letter in sent.items()}
    names = _concerned(before or [], revision) | names
    found = [_heard(name, code, sent.get(code)) for code, name in names.items()]
    return sorted(found, key=lambda each: (text.name_sort_key(each.name), each.code))


def unreached(revision: Revision) -> int:
    """Return how many of those whom it concerned were written nothing that can leave."""
    return sum(each.state in ("no_channel", "failed") or not each.channel for each in heard(revision))


def _heard(name: str, code: str, letter: Message | None) -> ConcernedPerson:
    if letter is None:
        return ConcernedPerson(name, code, "", None)
    return ConcernedPerson(name, code, letter.channel, state_of(letter.state, letter.reported))


def _told_with(revision: Revision) -> Sequence[int]:
    """The number, and of a revision that was told later those told in the same messages."""
    if revision.told_at is None:
        return [revision.number]
    same = select(Revision.number).filter_by(campaign_id=revision.campaign_id, told_at=revision.told_at)
    return db.session.scalars(same).all()


def _concerned(before: Sequence[Mapping[str, Any]], revision: Revision) -> dict[str, str]:
    """Code → name of those who got or lost shifts that were not over when it was published."""
    old = {row["shift"]: row for row in before}
    new = {row["shift"]: row for row in revision.content}
    found: dict[str, str] = {}
    for shift_id in old.keys() | new.keys():
        row = new.get(shift_id) or old[shift_id]
        if parse_moment(row["ends_at"]) > revision.published_at:
            was, now_on = _people(old.get(shift_id)), _people(new.get(shift_id))
            found |= {code: name for code, name in (was | now_on).items() if (code in was) != (code in now_on)}
    return found


def concerned(campaign: Campaign, *, now: datetime) -> list[Concerned]:
    """Whom publishing the draft now would concern; duty that is over tells nobody."""
    was = proving.people_on(each for each in proving.prove_published(campaign.id) if each.ends_at > now)
    becomes = proving.people_on(each for each in proving.prove_draft(campaign.id) if each.ends_at > now)
    gets = Counter(who for shift, on in becomes.items() for who in on - was.get(shift, set()))
    loses = Counter(who for shift, on in was.items() for who in on - becomes.get(shift, set()))
    rows = people.brief({*gets, *loses})
    ordered = sorted(rows.values(), key=lambda row: row.sort_key)
    rungs = reading.ways(rows)
    ways = leaving.ways(rungs)
    return [
        Concerned(row, gets.get(row.id, 0), loses.get(row.id, 0), _channel(rungs[row.id]), ways[row.id])
        for row in ordered
    ]


def _channel(rung: Rung | None) -> str:
    return rung.channel if rung is not None else ""


def _people(row: Mapping[str, Any] | None) -> dict[str, str]:
    return {each["code"]: each["name"] for each in row["people"]} if row else {}
