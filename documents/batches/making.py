"""The worker's part: take a batch under a lease, make its files one after the other, write the ZIP once.

Between two files the lease is renewed and the count told, and a cancelled batch is left. Nothing is kept of a half one.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, DomainError
from core.storage.failpoints import hit
from core.text import fold
from documents import kinds
from documents.batches.services import each_of
from documents.drafting import services as drafting, wording
from documents.drafting.services import DraftRequest
from documents.models import DocumentBatch
from documents.rendering import pdf
from people.access import guard
from people.models import User

LEASE = timedelta(minutes=2)
"""Longer than one file can take, with its wait for others."""
MOST_ATTEMPTS = 3
"""A batch whose maker died so often may well be what kills it."""
MOST_BYTES = 200_000_000
PATIENT = pdf.Patience(wait=80.0)
"""Within the lease: people who look at drafts come between two files."""
log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def run_waiting(now: datetime, *, read_clock: Clock = clock.now) -> int:
    """Make what waits, one after the other; answers how many were looked at."""
    done = 0
    while (batch_id := _claim(now if not done else read_clock())) is not None:
        hit("batch.claimed")
        done += 1
        try:
            _make(batch_id, read_clock)
        except DomainError as error:
            _fail(batch_id, error.message(), read_clock())
    return done


def _claim(now: datetime) -> int | None:
    """The oldest that waits, or whose maker died."""
    free = or_(
        DocumentBatch.state == "waiting",
        (DocumentBatch.state == "running") & (DocumentBatch.lease_until < now),
    )
    wanted = select(DocumentBatch.id).where(free).order_by(DocumentBatch.id).limit(1)
    if db.session.scalar(wanted) is None:  # looking costs no writer's turn
        db.session.rollback()
        return None
    with transaction() as session:
        row = session.scalar(
            select(DocumentBatch).where(free).order_by(DocumentBatch.id).limit(1).with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.attempts, row.made, row.left_out = row.attempts + 1, 0, []
        over = row.attempts > MOST_ATTEMPTS
        row.state, row.lease_until = ("failed", None) if over else ("running", now + LEASE)
        row.ended_at = now if over else None
        return row.id


def _make(batch_id: int, read_clock: Clock) -> None:
    row = db.session.get_one(DocumentBatch, batch_id)
    actor = _actor(row)
    if actor is None:
        return _fail(batch_id, "", read_clock())
    about, kind_code, each, options, language = row.about, row.kind, row.each, dict(row.options), row.language
    kind = kinds.one(about, kind_code)
    option = each_of(kind, each, about, actor, now=read_clock())
    out, left_out, taken = io.BytesIO(), [], set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, choice in enumerate(option.choices, 1):
            wanted = DraftRequest(about, kind_code, {**options, each: choice.code}, language)
            try:
                archive.writestr(_named(choice.name, choice.code, taken), _file(wanted, actor, read_clock()))
            except DomainError as error:  # of this one nothing can be made; the others are wanted all the same
                left_out.append({"name": choice.name, "why": error.message()})
            if out.tell() > MOST_BYTES:
                raise Conflict("documents.batch_large", most=MOST_BYTES // 1_000_000)
            hit("batch.file")
            if not _tell(batch_id, number, len(option.choices), left_out, now=read_clock()):
                return None
    _end(batch_id, out.getvalue(), read_clock())
    return None


def _file(wanted: DraftRequest, actor: Actor, now: datetime) -> bytes:
    db.session.rollback()
    draft = drafting.make(wanted, actor=actor, now=now)
    paper = drafting.paper(draft)
    db.session.rollback()  # drawing holds no transaction open
    return pdf.pdf(paper, PATIENT)


def _actor(row: DocumentBatch) -> Actor | None:
    """With the rights that the account has now; None when it may do nothing any more."""
    user = db.session.get(User, row.user_id)
    return guard.actor_of(user) if user is not None and user.active else None


def _named(name: str, code: str, taken: set[str]) -> str:
    stem = wording.file_stem(name, code, "")
    named = f"{stem}.pdf" if fold(stem) not in taken else f"{stem}-{len(taken)}.pdf"
    taken.add(fold(stem))
    return named


def _tell(batch_id: int, made: int, total: int, left_out: list[dict[str, str]], *, now: datetime) -> bool:
    """False when it is not ours to go on with: cancelled, or taken over."""
    values = {"made": made, "total": total, "left_out": left_out, "lease_until": now + LEASE}
    return _change(batch_id, values)


def _end(batch_id: int, content: bytes, now: datetime) -> None:
    _change(batch_id, {"state": "done", "content": content, "ended_at": now, "lease_until": None})


def _fail(batch_id: int, why: str, now: datetime) -> None:
    values = {"state": "failed", "ended_at": now, "lease_until": None, "left_out": [{"name": "", "why": why}]}
    _change(batch_id, values)


def _change(batch_id: int, values: dict[str, object]) -> bool:
    with transaction() as session:
        mine = update(DocumentBatch).where(DocumentBatch.id == batch_id, DocumentBatch.state == "running")
        return bool(session.execute(mine.values(values)).rowcount)  # type: ignore[attr-defined]
