"""Attach the signed paper to the document it belongs to; it is never taken off again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, NotFound
from core.files.content import File
from documents.issued import queries
from documents.models import Document, DocumentScan
from documents.signed import signatures

MOST = 10


def attach(document_id: int, file: File, *, actor: Actor, now: datetime) -> DocumentScan:
    """The same file again is the same scan. A document that holds no more takes its paper, too: it was signed before.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` beyond ``MOST``.
    """
    queries.ensure_issuer(document_id, actor, now)
    row = queries.readable(document_id, actor, now, files=True)
    continues = file.content.startswith(row.pdf)
    db.session.rollback()
    said = read_signatures(file)
    with transaction() as session:
        session.scalars(select(Document.id).where(Document.id == document_id).with_for_update()).one()
        known = session.scalar(select(DocumentScan).filter_by(document_id=document_id, sent_sha256=file.sent_sha256))
        if known is not None:
            return known
        count = select(func.count()).select_from(DocumentScan).filter_by(document_id=document_id)
        if (session.scalar(count) or 0) >= MOST:
            raise Conflict("documents.scan_many", state={"most": MOST}, most=MOST)
        scan = DocumentScan(document_id=document_id, continues=continues, **columns(file, said, actor=actor, now=now))
        session.add(scan)
        session.flush()
        audit.record(actor, "document.scan", "document", document_id, now=now, sha256=scan.sha256, signatures=len(said))
        return scan


def read_signatures(file: File) -> list[dict[str, Any]]:
    """Return what its signatures say, as ``signatures.parse_signatures`` has them; a photo has none.

    It takes long: not in a transaction.
    """
    return signatures.parse_signatures(file.content) if file.media_type == "application/pdf" else []


def columns(file: File, said: list[dict[str, Any]], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return those of ``documents.models.SignedFile``, for a new row."""
    return {**file.columns(), "signatures": said, "added_at": now, "added_by": actor.name}


def one(document_id: int, scan_id: int, *, actor: Actor, now: datetime) -> DocumentScan:
    """Return it with its bytes. Raises ``NotFound``."""
    queries.readable(document_id, actor, now)
    scan = db.session.scalar(
        select(DocumentScan)
        .options(undefer(DocumentScan.content))
        .where(DocumentScan.document_id == document_id, DocumentScan.id == scan_id)
    )
    if scan is None:
        raise NotFound("documents.unknown")
    return scan
