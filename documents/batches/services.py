"""Ask for a batch, cancel it, fetch it; each is its own asker's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from documents import kinds
from documents.drafting import services as drafting
from documents.drafting.services import DraftRequest
from documents.kinds import DocumentKind, DocumentOption
from documents.models import DocumentBatch
from people.access import guard

KEPT = timedelta(days=7)
MOST_WAITING = 3
"""Of one account: each can take a worker a quarter of an hour."""
OPEN = ("waiting", "running")


def ask(
    about: str,
    kind_code: str,
    each: str,
    options: Mapping[str, str],
    *,
    language: str,
    actor: Actor,
    now: datetime,
) -> DocumentBatch:
    """Raises ``NotFound``, ``Forbidden``, ``Invalid`` at ``each``, an option or ``language``, ``Conflict`` when enough
    of the account's are waiting."""
    sort, kind = kinds.sort_of(about), kinds.one(about, kind_code)
    name, unit_id = sort.owner(about, actor, now)
    guard.ensure(actor, kind.draft, unit_id, now=now)
    if actor.user_id is None:  # the worker makes it with the rights of an account
        raise Forbidden("documents.batch_account")
    if language not in kind.languages:
        raise Invalid("documents.language", field="language", languages=", ".join(kind.languages))
    option = each_of(kind, each, about, actor, now=now)
    wanted = kinds.chosen(kind, {**options, each: option.choices[0].code}, about, actor, now=now)
    with transaction() as session:
        waiting = select(func.count()).where(DocumentBatch.user_id == actor.user_id, DocumentBatch.state.in_(OPEN))
        if (session.scalar(waiting) or 0) >= MOST_WAITING:
            raise Conflict("documents.batch_many", state={"most": MOST_WAITING}, most=MOST_WAITING)
        row = DocumentBatch(
            about=about,
            kind=kind.code,
            each=each,
            options={code: value for code, value in wanted.items() if code != each},
            language=language,
            name=name,
            total=len(option.choices),
            asked_at=now,
            asked_by=actor.name,
            user_id=actor.user_id,
        )
        session.add(row)
        session.flush()
        audit.record(actor, "document.batch", "batch", row.id, now=now, about=about, kind=kind.code, files=row.total)
        return row


def cancel(batch_id: int, *, actor: Actor, now: datetime) -> None:
    """Whoever makes it stops before the next file; cancelling what is over changes nothing. Raises ``NotFound``."""
    with transaction() as session:
        row = session.scalar(select(DocumentBatch).filter_by(id=batch_id, user_id=actor.user_id).with_for_update())
        if row is None:
            raise NotFound("documents.batch_unknown")
        if row.state in OPEN:
            row.state, row.ended_at = "cancelled", now


def mine(actor: Actor, now: datetime) -> list[DocumentBatch]:
    """The newest first, without their bytes; those alone whose thing the account may still see."""
    rows = list(
        db.session.scalars(
            select(DocumentBatch).filter_by(user_id=actor.user_id).order_by(DocumentBatch.id.desc()).limit(50)
        )
    )
    seen = kinds.visible([row.about for row in rows], actor, now) if rows else set()
    return [row for row in rows if row.about in seen]


def file(batch_id: int, actor: Actor, now: datetime) -> DocumentBatch:
    """Return it with its bytes, to whoever could still ask for all of it. Raises ``NotFound``, also while there are
    none; ``Forbidden`` or ``Conflict`` when the account's rights have shrunk since, or there is less to tell."""
    row = db.session.scalar(
        select(DocumentBatch)
        .options(undefer(DocumentBatch.content))
        .filter_by(id=batch_id, user_id=actor.user_id, state="done")
    )
    if row is None or not kinds.visible([row.about], actor, now):
        raise NotFound("documents.batch_unknown")
    sort, kind = kinds.sort_of(row.about), kinds.one(row.about, row.kind)
    _name, unit_id = sort.owner(row.about, actor, now)
    guard.ensure(actor, kind.draft, unit_id, now=now)
    choices = each_of(kind, row.each, row.about, actor, now=now).choices
    if len(choices) < row.total:
        raise Conflict("documents.batch_old")
    left_out = {each["name"] for each in row.left_out}
    made = [each.code for each in choices if each.name not in left_out]
    for code in {
        *made[:1],
        *made[-1:],
    }:  # what it tells may ask for more than the kind does; making all would take long
        wanted = DraftRequest(row.about, row.kind, {**row.options, row.each: code}, row.language)
        drafting.make(wanted, actor=actor, now=now)
    return row


def each_of(kind: DocumentKind, each: str, about: str, actor: Actor, *, now: datetime) -> DocumentOption:
    """The option of which every choice gets a file. Raises ``Invalid`` at ``each``."""
    option = next((one for one in kind.options(about, actor, now) if one.code == each and one.each), None)
    if option is None or not option.choices:
        raise Invalid("documents.choice_unknown", field="each", option=each)
    return option


def forget_old(now: datetime) -> None:
    """Batches are copies: what they were made of is there."""
    with transaction() as session:
        session.execute(delete(DocumentBatch).where(DocumentBatch.asked_at < now - KEPT))
