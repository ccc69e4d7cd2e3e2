"""Reading issued documents: lists as far as the actor may see, one with its files, the number that comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from core.actor import Actor
from core.db import db
from core.errors import Forbidden, NotFound
from documents import kinds
from documents.drafting import services as drafting
from documents.drafting.services import DocumentDraft
from documents.models import Document, DocumentCounter
from people.access import guard


@dataclass(frozen=True)
class Filter:
    """Empty: all. ``about``: a reference; ``state``: issued, withdrawn, replaced; ``q``: part of number or abstract."""

    about: str = ""
    kind: str = ""
    state: str = ""
    year: int | None = None
    q: str = ""


LOOKED_AT = 500
"""Newest documents that a list looks through for those that the actor may see."""


def get(document_id: int) -> Document:
    """Raises ``NotFound``; says nothing of who may read it."""
    row = db.session.get(Document, document_id)
    if row is None:
        raise NotFound("documents.unknown")
    return row


def by_key(once: str) -> Document | None:
    return db.session.scalar(select(Document).where(Document.once == once))


def readable(document_id: int, actor: Actor, now: datetime, *, files: bool = False) -> Document:
    """``files``: with the bytes. Raises ``NotFound``: to those who may not see it, it is not there."""
    wanted = select(Document).where(Document.id == document_id)
    if files:
        wanted = wanted.options(undefer(Document.pdf), undefer(Document.docx))
    row = db.session.scalar(wanted)
    if row is None:
        raise NotFound("documents.unknown")
    ensure_readable(row, actor, now)
    return row


def ensure_readable(row: Document, actor: Actor, now: datetime) -> None:
    """Raises ``NotFound``."""
    if not seen([row], actor, now):
        raise NotFound("documents.unknown")


def ensure_issuer(document_id: int, actor: Actor, now: datetime) -> Document:
    """Return an issued document to whoever may do something to it. Raises ``NotFound``, ``Forbidden``."""
    row = readable(document_id, actor, now)
    guard.ensure(actor, "document.issue", row.unit_id, now=now)
    return row


def listed(wanted: Filter, actor: Actor, now: datetime) -> list[Document]:
    """The newest first, of the ``LOOKED_AT`` newest that fit."""
    newest = matching(wanted).order_by(Document.id.desc()).limit(LOOKED_AT)
    return seen(list(db.session.scalars(newest)), actor, now)


def matching(wanted: Filter) -> Select[tuple[Document]]:
    """Return whoever may see it; in no order."""
    statement = select(Document)
    for column, value in (
        (Document.about, wanted.about),
        (Document.kind, wanted.kind),
        (Document.state, wanted.state),
        (Document.year, wanted.year),
    ):
        if value:
            statement = statement.where(column == value)
    if wanted.q.strip():
        part = f"%{_literal(wanted.q.strip())}%"
        statement = statement.where(Document.code.ilike(part, escape="\\") | Document.abstract.ilike(part, escape="\\"))
    return statement


def replaced_by(row: Document) -> Document | None:
    return db.session.scalar(select(Document).where(Document.replaces_id == row.id))


def next_number(unit_id: int, year: int, series: str) -> int:
    found = db.session.scalar(select(DocumentCounter.next_number).filter_by(unit_id=unit_id, year=year, series=series))
    return 1 if found is None else found


def number_for(draft: DocumentDraft) -> int | None:
    """The number that comes next; None for what takes none. What is on paper already is passed over: another run of the
    same year has written it, before somebody changed which kinds count together."""
    if not draft.numbered:
        return None
    unit_id, year = draft.face.unit_id, draft.on.year
    number = next_number(unit_id, year, draft.series)
    given = select(Document.code).filter_by(agency_unit_id=unit_id, year=year)
    if db.session.scalar(given.filter_by(code=draft.code(number)).limit(1)) is not None:
        known = set(db.session.scalars(given))
        while draft.code(number) in known:
            number += 1
    return number


def seen(rows: Sequence[Document], actor: Actor, now: datetime) -> list[Document]:
    """What tells of something that is gone is seen by those alone who may issue for its unit."""
    visible = kinds.visible({row.about for row in rows}, actor, now)
    known: dict[tuple[int, tuple[str, ...]], bool] = {}
    return [row for row in rows if _mine(row, visible, known, actor, now=now)]


def _mine(
    row: Document, visible: set[str], known: dict[tuple[int, tuple[str, ...]], bool], actor: Actor, *, now: datetime
) -> bool:
    needs = tuple(row.needs) if row.about in visible else (*row.needs, "document.issue")
    key = (row.unit_id, needs)
    if key not in known:
        try:
            drafting.ensure_readable(needs, row.unit_id, actor, now)
            known[key] = True
        except Forbidden:
            known[key] = False
    return known[key]


def _literal(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def series_of(unit_id: int, year: int) -> list[DocumentCounter]:
    """The runs of numbers that a unit has begun in a year."""
    return list(
        db.session.scalars(
            select(DocumentCounter).filter_by(unit_id=unit_id, year=year).order_by(DocumentCounter.series)
        )
    )
