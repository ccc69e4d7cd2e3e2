"""Texts that are posted, version after version; saying that one hangs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.posting import editions, parts, sighting
from compliance.posting.models import POSTED, Posting, PostingText
from compliance.service_hours import points
from core import audit
from core.actor import Actor
from core.clock import local_date
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.files.content import File
from core.text import nfc
from people import queries as people
from people.access import guard

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class PostingReport:
    """``key`` names one sending; ``posted_on`` None: today."""

    key: str
    what: str
    posted_on: date | None = None
    photo: File | None = None
    by: str = ""
    said_at: datetime | None = None
    """When the phone took it down, if it could not send it at once."""
    edition: str = ""
    """The mark that was in force when the form was opened; empty: the one in force now."""
    sheet: str = ""
    """By which sheet; empty: somebody who is signed in."""
    codes: Sequence[str] | None = None
    """Read in the photo; None: it could not be looked at."""


def save(unit_id: int, what: str, texts: Texts, *, upon: int, actor: Actor, now: datetime) -> PostingText:
    """The next version of a unit's text; ``upon``: the version that was read before (0: none).

    Raises ``Invalid`` at ``<part>-<language>``, ``Conflict`` when nothing changed or somebody was faster.
    """
    wanted = _checked(what, texts)
    try:
        with transaction() as session:
            guard.ensure(actor, "point.settle", unit_id, now=now)
            known = select(func.max(PostingText.version)).where(
                PostingText.unit_id == unit_id, PostingText.what == what
            )
            version = session.scalar(known) or 0
            if version != upon:
                raise Conflict("posting.changed", state={"version": version}, version=version)
            before = own(unit_id, what)
            if before is not None and before.parts == wanted:
                raise Conflict("posting.unchanged", state={"version": version})
            row = PostingText(
                unit_id=unit_id, what=what, version=version + 1, parts=wanted, saved_at=now, saved_by=actor.name
            )
            session.add(row)
            audit.record(actor, "posting_text.save", "unit", unit_id, now=now, what=what, version=row.version)
            session.flush()
            return row
    except IntegrityError:  # two people saved at the same moment
        raise Conflict("posting.changed", state={"version": upon + 1}, version=upon + 1) from None


def own(unit_id: int, what: str) -> PostingText | None:
    """The newest that the unit itself wrote."""
    wanted = select(PostingText).where(PostingText.unit_id == unit_id, PostingText.what == what)
    return db.session.scalar(wanted.order_by(PostingText.version.desc()).limit(1))


def versions(unit_id: int, what: str) -> list[PostingText]:
    wanted = select(PostingText).where(PostingText.unit_id == unit_id, PostingText.what == what)
    return list(db.session.scalars(wanted.order_by(PostingText.version.desc())))


def _checked(what: str, texts: Texts) -> dict[str, dict[str, str]]:
    if what not in parts.PARTS or not parts.PARTS[what]:
        raise Invalid("posting.what", field="what")
    read: dict[str, dict[str, str]] = {}
    for part, said in texts.items():
        if part not in parts.PARTS[what]:
            raise Invalid("posting.part", field=part)
        kept = {language: nfc(said.get(language, "")).strip() for language in parts.LANGUAGES}
        for language, text in kept.items():
            if len(text) > parts.LONGEST:
                raise Invalid("posting.long", field=f"{part}-{language}", most=parts.LONGEST)
        if any(kept.values()):
            read[part] = kept
    return read


def post(unit_id: int, said: PostingReport, *, actor: Actor, now: datetime) -> tuple[Posting, bool]:
    """It hangs, as it is in force now; ``(row, whether this call wrote it)``. Sent again it is the same. A photo waits
    until somebody accepts it, but for that of somebody who may.

    Raises ``Invalid`` at ``what``, ``posted_on`` or ``key``, ``Conflict`` when there is no text to post.
    """
    if said.what not in POSTED:
        raise Invalid("posting.what", field="what")
    if not said.key or len(said.key) > 64:
        raise Invalid("posting.key", field="key")
    key = f"{unit_id}/{said.key}"
    today = local_date(now)
    posted_on = said.posted_on or local_date(min(said.said_at or now, now))  # telephones run ahead
    if posted_on > today:
        raise Invalid("posting.day", field="posted_on")
    try:
        with transaction() as session:
            known = session.scalar(select(Posting).where(Posting.key == key))
            if known is not None:
                return known, False
            points.ensure_tell(actor, unit_id, now=now)
            points.ensure_there(unit_id, today)
            edition = editions.editions_for([unit_id], today)[unit_id, said.what]
            if not edition.exists:
                raise Conflict("posting.text_missing")
            # A photo that waited for a line shows what hung then, not what was written in between.
            row = _row(unit_id, key, said.edition or edition.mark, posted_on, said=said, actor=actor, now=now)
            _accept_own(row, actor, now)
            session.add(row)
            audit.record(actor, "posting.post", "unit", unit_id, now=now, what=said.what, edition=row.edition)
            session.flush()
            return row, True
    except IntegrityError:  # sent side by side
        known = db.session.scalar(select(Posting).where(Posting.key == key))
        if known is None:
            raise
        return known, False


def _row(
    unit_id: int, key: str, mark: str, posted_on: date, *, said: PostingReport, actor: Actor, now: datetime
) -> Posting:
    photo = said.photo
    return Posting(
        unit_id=unit_id,
        what=said.what,
        edition=mark,
        posted_on=posted_on,
        key=key,
        photo=photo.content if photo else None,
        thumbnail=photo.thumbnail if photo else None,
        photo_type=photo.media_type if photo else "",
        photo_sha256=photo.sha256 if photo else "",
        sheet=said.sheet or ("counter" if actor.via == "report" else ""),
        code_read=sighting.judge(said.codes, people.unit_by_id(unit_id).code, said.what, mark) if photo else "",
        said_at=min(said.said_at or now, now),
        said_by=said.by or actor.name,
    )


def _accept_own(row: Posting, actor: Actor, now: datetime) -> None:
    """Whoever answers for the point has looked at what they send themselves. The holder of a sheet never does, and a
    program has no eyes."""
    is_somebody = not row.sheet and actor.via != "report" and not actor.is_machine
    if row.photo_sha256 and is_somebody and guard.allowed(actor, "point.settle", row.unit_id, now=now):
        row.accepted_at, row.accepted_by = now, actor.name


def is_known(unit_id: int, key: str) -> bool:
    return db.session.scalar(select(Posting.id).where(Posting.key == f"{unit_id}/{key}")) is not None


def accept(posting_ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """These photos show what they should: they prove from now on; how many were still waiting. All of them or, where
    one is out of the actor's reach, none."""
    with transaction() as session:
        waiting = [row for row in _held(session, posting_ids, actor, now) if row.waits]
        for row in waiting:
            row.accepted_at, row.accepted_by = now, actor.name
            audit.record(actor, "posting.accept", "unit", row.unit_id, now=now, posting=row.id, what=row.what)
        return len(waiting)


def refuse(posting_ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """These photos show something else: they prove nothing; the rows stay. How many were still waiting."""
    with transaction() as session:
        waiting = [row for row in _held(session, posting_ids, actor, now) if row.waits]
        for row in waiting:
            row.withdrawn_at, row.withdrawn_by = now, actor.name
            audit.record(actor, "posting.refuse", "unit", row.unit_id, now=now, posting=row.id, what=row.what)
        return len(waiting)


def _held(session: Session, posting_ids: Collection[int], actor: Actor, now: datetime) -> list[Posting]:
    """Always in the same order, so that two who look through the same page do not wait for each other."""
    wanted = select(Posting).where(Posting.id.in_(posting_ids)).order_by(Posting.id)
    rows = list(session.scalars(wanted.with_for_update().execution_options(populate_existing=True)))
    if len(rows) != len(set(posting_ids)):
        raise NotFound("posting.unknown")
    for unit_id in sorted({row.unit_id for row in rows}):
        guard.ensure(actor, "point.settle", unit_id, now=now)
    return rows


def withdraw(posting_id: int, *, actor: Actor, now: datetime) -> Posting:
    """It was wrong, or does not hang any more: what it proved is proved no longer; the row stays."""
    with transaction() as session:
        row = session.get(Posting, posting_id)
        if row is None:
            raise NotFound("posting.unknown")
        guard.ensure(actor, "point.settle", row.unit_id, now=now)
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = now, actor.name
            audit.record(actor, "posting.withdraw", "unit", row.unit_id, now=now, posting=row.id, what=row.what)
        return row


def ensure_place(where: Mapping[str, object], action: str, actor: Actor, now: datetime) -> None:
    """Ensure for the API that the actor may do ``action`` to the posting that an address names at all."""
    row = db.session.get(Posting, where["posting_id"])
    if row is None:
        raise NotFound("posting.unknown")
    guard.ensure(actor, action, row.unit_id, now=now)


def prove(posting_id: int, photo: File, codes: Sequence[str] | None = None, *, actor: Actor, now: datetime) -> Posting:
    """The photo of what was said to hang, and what was read in it.

    Raises ``NotFound``, ``Conflict`` when there is another one already."""
    with transaction() as session:
        row = session.scalar(select(Posting).where(Posting.id == posting_id).with_for_update())
        if row is None:
            raise NotFound("posting.unknown")
        points.ensure_tell(actor, row.unit_id, now=now)
        if row.photo_sha256 and row.photo_sha256 != photo.sha256:
            raise Conflict("posting.proved", state={"photo": True})
        if not row.photo_sha256:
            row.photo, row.thumbnail = photo.content, photo.thumbnail
            row.photo_type, row.photo_sha256 = photo.media_type, photo.sha256
            row.code_read = sighting.judge(codes, people.unit_by_id(row.unit_id).code, row.what, row.edition)
            _accept_own(row, actor, now)
            audit.record(actor, "posting.prove", "unit", row.unit_id, now=now, posting=row.id, what=row.what)
        return row
