"""Where it hangs: the state of each posted text at many points in a few statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from compliance.posting import editions, parts
from compliance.posting.editions import Edition
from compliance.posting.models import POSTED, Posting
from core.clock import local_date
from core.db import db


@dataclass(frozen=True)
class Hanging:
    """What somebody said last of one text at one point."""

    id: int
    edition: str
    posted_on: date
    said_by: str
    said_at: datetime
    has_photo: bool


@dataclass(frozen=True)
class PostingState:
    """``code``: no_text, missing, outdated, unproved (no photo), waiting (a photo of what is in force that nobody has
    accepted), posted."""

    code: str
    edition: Edition
    hanging: Hanging | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody at the point has something to do."""
        return self.code in ("missing", "outdated", "unproved")


@dataclass(frozen=True)
class Completeness:
    """Of both obligatory texts over points: which points do not hang both as they are now, with a photo that was
    accepted."""

    points: int
    missing: tuple[int, ...]
    """Ids of the points where one of them is missing, old or without a photo that was accepted."""
    at: datetime

    @property
    def holds(self) -> bool:
        return self.points > 0 and not self.missing


def states(unit_ids: Collection[int], today: date) -> dict[tuple[int, str], PostingState]:
    """(point, what) → its state, for every text that is posted."""
    wanted, hanging, sent = editions.editions_for(unit_ids, today), last(unit_ids), waiting(unit_ids)
    return {key: _state(edition, hanging.get(key), sent.get(key, ())) for key, edition in wanted.items()}


def waiting(unit_ids: Collection[int]) -> dict[tuple[int, str], set[str]]:
    """(point, what) → the editions of which photos wait."""
    wanted = select(Posting.unit_id, Posting.what, Posting.edition).where(Posting.unit_id.in_(unit_ids), *unseen())
    found: dict[tuple[int, str], set[str]] = {}
    for unit_id, what, edition in db.session.execute(wanted.distinct()):
        found.setdefault((unit_id, what), set()).add(edition)
    return found


def unseen() -> tuple[ColumnElement[bool], ...]:
    """Photos that nobody has accepted or refused."""
    return Posting.photo_sha256 != "", Posting.accepted_at.is_(None), Posting.withdrawn_at.is_(None)


def last(unit_ids: Collection[int]) -> dict[tuple[int, str], Hanging]:
    """A photo that waits says nothing yet, and takes nothing away from what was accepted before it."""
    newest = (
        select(func.max(Posting.id))
        .where(Posting.unit_id.in_(unit_ids), Posting.withdrawn_at.is_(None))
        .where(or_(Posting.photo_sha256 == "", Posting.accepted_at.is_not(None)))
        .group_by(Posting.unit_id, Posting.what)
    )
    columns = (
        Posting.unit_id,
        Posting.what,
        Posting.id,
        Posting.edition,
        Posting.posted_on,
        Posting.said_by,
        Posting.said_at,
        Posting.photo_sha256,
    )
    rows = db.session.execute(select(*columns).where(Posting.id.in_(newest)))
    return {
        (unit_id, what): Hanging(posting_id, edition, posted_on, said_by, said_at, bool(photo))
        for unit_id, what, posting_id, edition, posted_on, said_by, said_at, photo in rows
    }


def _state(edition: Edition, hanging: Hanging | None, sent: Collection[str]) -> PostingState:
    """``sent``: editions of which a photo waits."""
    if not edition.exists:
        code = "no_text"
    elif edition.mark in sent and not (hanging and hanging.has_photo and hanging.edition == edition.mark):
        code = "waiting"
    elif hanging is None:
        code = "missing"
    elif hanging.edition != edition.mark:
        code = "outdated"
    else:
        code = "posted" if hanging.has_photo else "unproved"
    return PostingState(code, edition, hanging)


def posting_complete(unit_ids: Collection[int], now: datetime) -> Completeness:
    """Whether both obligatory texts hang at each of these points, as they are now, with a photo that proves it."""
    found = states(unit_ids, local_date(now))
    missing = [each for each in unit_ids if any(found[each, what].code != "posted" for what in parts.OBLIGATORY)]
    return Completeness(len(unit_ids), tuple(missing), now)


def history(unit_id: int) -> list[Posting]:
    """Everything that was said of one point, the newest first, without the photos."""
    wanted = select(Posting).where(Posting.unit_id == unit_id).order_by(Posting.id.desc()).limit(len(POSTED) * 10)
    return list(db.session.scalars(wanted))
