"""Issue, withdraw, replace. Numbers: one after the other without gaps, whoever comes at the same moment.

The files are made before the number is taken, because that takes a second and others wait for whoever holds a number:
they are made with the number that comes next, and made again when somebody else was quicker.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, prepared
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict, Invalid
from documents import kinds
from documents.drafting import services as drafting
from documents.drafting.services import DocumentDraft, DraftRequest, Replaced
from documents.issued import queries
from documents.models import Document, DocumentCounter
from documents.rendering import allowance, docx, pdf
from people.access import guard

LONGEST_REASON = 500
LONGEST_KEY = 80


@dataclass(frozen=True)
class _Plan:
    draft: DocumentDraft
    number: int | None
    pdf: bytes
    docx: bytes


def issue(wanted: DraftRequest, *, once: str, actor: Actor, now: datetime) -> Document:
    """Give it a number and a date and keep it. ``once`` names the form or call: sent again, the same document; changed
    and sent again, another one.

    Raises what ``drafting.make`` raises, ``Forbidden``, ``Invalid`` at ``once``, ``Conflict``
    (``documents.signatory_missing``; ``documents.changed`` when it would say something else than what was shown;
    ``documents.ended`` when what it is to replace was ended meanwhile), ``Throttled`` and ``Unavailable`` of drawing.
    """
    _name, unit_id = kinds.sort_of(wanted.about).owner(wanted.about, actor, now)
    guard.refuse_unless(actor, "document.issue", unit_id, now=now)
    if not 8 <= len(once) <= LONGEST_KEY:
        raise Invalid("documents.once", field="once")
    once = _key(once, wanted, actor)
    done = queries.by_key(once)
    if done is not None:
        queries.ensure_readable(done, actor, now)
        return done
    tries = count()
    return prepared.write(
        ("document", once),
        lambda: _prepare(wanted, actor, now, again=next(tries) > 0),
        lambda plan: _write(plan, once, actor, now),
    )


def withdraw(document_id: int, reason: str, *, actor: Actor, now: datetime) -> Document:
    """It holds no more; it stays readable, with who withdrew it, when and why. Raises ``NotFound``, ``Forbidden``,
    ``Invalid`` at ``reason``, ``Conflict`` when it was ended already."""
    queries.ensure_issuer(document_id, actor, now)
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid("documents.reason", field="reason", most=LONGEST_REASON)
    with transaction() as session:
        row = _locked(session, document_id)
        drafting.ensure_holds(row)
        _end(row, "withdrawn", said, actor, now=now)
        audit.record(actor, "document.withdraw", "document", row.id, now=now, code=row.code, reason=said)
        return row


def start_from(agency_unit_id: int, year: int, series: str, first: int, *, actor: Actor, now: datetime) -> None:
    """Numbers go on from ``first``, because the paper register has used those before; never back. Raises ``Forbidden``,
    ``Invalid`` at ``first``."""
    with transaction() as session:
        guard.ensure(actor, "document.settle", agency_unit_id, now=now)
        counter = _counter(session, agency_unit_id, year, series)
        if not counter.next_number <= first <= 100_000:
            raise Invalid("documents.first", field="first", least=counter.next_number, most=100_000)
        counter.next_number = first
        audit.record(actor, "document.number", "unit", agency_unit_id, now=now, year=year, series=series, first=first)


def _prepare(wanted: DraftRequest, actor: Actor, now: datetime, *, again: bool) -> _Plan:
    """``again``: somebody else took the number that it was drawn with; that costs this account nothing."""
    draft = drafting.make(wanted, actor=actor, now=now)
    guard.ensure(actor, "document.issue", draft.content.unit_id, now=now)
    if wanted.shown and drafting.digest(draft) != wanted.shown:
        raise Conflict("documents.changed")
    if draft.replaced is not None:  # it ends with this, and may be another unit's
        queries.ensure_issuer(draft.replaced.id, actor, now)
    if draft.numbered and draft.content.signed and draft.signing is None:
        raise Conflict("documents.signatory_missing")
    number = queries.number_for(draft)
    made = drafting.paper(draft, number, issued=True)
    with nullcontext() if again else allowance.spent(made, actor.ref, now):
        return _Plan(draft, number, pdf.pdf(made), docx.docx(made))


def _write(plan: _Plan, once: str, actor: Actor, now: datetime) -> Document:
    session = db.session()
    done = queries.by_key(once)
    if done is not None:
        return done
    draft = plan.draft
    replaced = _replaced(session, draft.replaced)  # before the number, for which others wait
    if plan.number is not None:
        counter = _counter(session, draft.face.unit_id, draft.on.year, draft.series)
        if queries.number_for(draft) != plan.number:
            raise prepared.Stale
        counter.next_number = plan.number + 1
    row = _row(plan, once, actor, now)
    if replaced is not None:
        row.replaces_id = replaced.id
        _end(replaced, "replaced", "", actor, now=now)
    session.add(row)
    session.flush()
    hashes = {"pdf": row.pdf_sha256, "docx": row.docx_sha256}
    said = {"kind": row.kind, "about": row.about, "code": row.code, **hashes, "replaces": row.replaces_id}
    audit.record(actor, "document.issue", "document", row.id, now=now, **said)
    return row


def _key(once: str, wanted: DraftRequest, actor: Actor) -> str:
    """Return the key of one account's form with what it says: nobody is answered with what somebody else, or another
    form, issued."""
    return hashlib.sha256(
        json.dumps([actor.ref, once, asdict(wanted)], sort_keys=True, default=str).encode()
    ).hexdigest()


def _row(plan: _Plan, once: str, actor: Actor, now: datetime) -> Document:
    draft, content = plan.draft, plan.draft.content
    return Document(
        kind=draft.kind.code,
        about=draft.wanted.about,
        unit_id=content.unit_id,
        agency_unit_id=draft.face.unit_id,
        once=once,
        options=dict(draft.options),
        needs=list(content.needs),
        language=draft.wanted.language,
        year=draft.on.year,
        series=draft.series,
        number=plan.number,
        code=draft.code(plan.number),
        dated_on=draft.on,
        title=content.kind,
        abstract=content.abstract,
        agency=draft.face.name,
        signed_by=draft.signing.name if draft.signing else "",
        issued_at=now,
        issued_by=actor.name,
        issued_by_ref=actor.ref,
        pdf=plan.pdf,
        docx=plan.docx,
        pdf_sha256=hashlib.sha256(plan.pdf).hexdigest(),
        docx_sha256=hashlib.sha256(plan.docx).hexdigest(),
        told_at=draft.told_at,
        content_sha256=drafting.content_digest(content),
    )


def _counter(session: Session, unit_id: int, year: int, series: str) -> DocumentCounter:
    """Held until the transaction ends. Two that begin a year at once: the second finds the first one's row."""
    key = {"unit_id": unit_id, "year": year, "series": series}
    session.execute(insert_into(DocumentCounter).values({**key, "next_number": 1}).on_conflict_do_nothing())
    return session.scalars(select(DocumentCounter).filter_by(**key).with_for_update()).one()


def _replaced(session: Session, wanted: Replaced | None) -> Document | None:
    if wanted is None:
        return None
    row = _locked(session, wanted.id)
    drafting.ensure_holds(row)
    return row


def _locked(session: Session, document_id: int) -> Document:
    queries.get(document_id)
    return session.scalars(
        select(Document).where(Document.id == document_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _end(row: Document, state: str, reason: str, actor: Actor, *, now: datetime) -> None:
    row.state, row.end_reason, row.ended_at, row.ended_by = state, reason, now, actor.name
