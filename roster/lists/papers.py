"""Photos and PDF of a unit's list on paper: looked at, kept with the list, shown, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.datastructures import FileStorage

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.files import answers, content
from core.files.content import File
from core.security import throttle, tokens
from core.security.throttle import AttemptLimit
from people.attempts import limits as door
from roster.lists import moments
from roster.lists.models import ListFile, UnitList

MOST = 12
"""Files of one list: a sheet for each unit below it, and some to spare."""
MOST_AT_ONCE = 6
LOOKS = AttemptLimit(12, timedelta(minutes=10))
"""Forms with files from one link: to look at pictures is the hardest work that a stranger can ask for."""
PIXELS = AttemptLimit(240, timedelta(minutes=10))
"""Millions of pixels that one address may have unpacked, whatever links it holds."""
MOST_PIXELS = 80_000_000
"""Of one form: six usual photos, two huge drawings."""
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SOMEBODY = Actor(name="?", role="viewer", via="link")


def looked_at(row: UnitList, sent: Sequence[FileStorage], *, address: str, now: datetime) -> list[File]:
    """Return what came, ready to be kept; all of it or none. Before any transaction: decoding takes its time. Raises
    Invalid ``lists.file`` that names the file and what is wrong with it, Conflict ``lists.files_at_once``,
    Throttled."""
    if not sent:
        return []
    if len(sent) > MOST_AT_ONCE:
        raise Conflict("lists.files_at_once", most=MOST_AT_ONCE, n=len(sent))
    from core.files import photos  # the imaging library costs every start what few processes need

    given = [(each.stream.read(content.MOST_BYTES + 1), each.filename or "") for each in sent]
    pixels = sum(photos.cost(data) for data, _name in given)
    if pixels > MOST_PIXELS:
        raise Invalid("lists.pixels", field="paper", most=MOST_PIXELS // 1_000_000)
    with transaction():
        throttle.take({throttle.key_of("unit-list-paper", str(row.id)): LOOKS}, now=now)
        mine = throttle.key_of("unit-list-pixels", door.network(address))
        throttle.take({mine: PIXELS}, now=now, weight=-(-pixels // 1_000_000))
    return [_read_paper(data, name) for data, name in given]


def _read_paper(data: bytes, name: str) -> File:
    try:
        return content.read_file(data, name, of_a_stranger=True)
    except Invalid as fault:
        raise Invalid("lists.file", field="paper", name=name[:60], why=fault.message()) from None


def keep(row: UnitList, files: Sequence[File], *, now: datetime) -> list[str]:
    """Keep them in the caller's transaction, which holds the list; answers the names of those that were there already.
    Raises Conflict ``lists.many_files``."""
    known = set(db.session.scalars(select(ListFile.sent_sha256).where(ListFile.list_id == row.id)))
    again = []
    for file in files:
        if file.sent_sha256 in known:
            again.append(file.name)
            continue
        if len(known) >= MOST:
            raise Conflict("lists.many_files", most=MOST)
        known.add(file.sent_sha256)
        kept = ListFile(
            list_id=row.id,
            key=tokens.new_token(),
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sent_sha256=file.sent_sha256,
            content=file.content,
            sent_at=now,
        )
        db.session.add(kept)
        audit.record(_SOMEBODY, "lists.file", "unit", row.unit_id, now=now, list=row.id, name=file.name, size=kept.size)
    db.session.flush()
    return again


def drop(row: UnitList, key: str, *, now: datetime) -> None:
    """Its bytes are gone. Raises NotFound, Conflict ``lists.already_merged``, ``lists.closed``."""
    with transaction() as session:
        session.refresh(row, with_for_update=True)
        if not row.collection.is_open:
            raise Conflict("lists.closed")
        if moments.after(row.state, "send") is None:
            raise Conflict("lists.already_merged")
        found = one(row, key)
        audit.record(_SOMEBODY, "lists.file_drop", "unit", row.unit_id, now=now, list=row.id, name=found.name)
        session.delete(found)


def one(row: UnitList, key: str) -> ListFile:
    """Return it with its bytes. Raises NotFound."""
    wanted = select(ListFile).options(undefer(ListFile.content)).where(ListFile.list_id == row.id, ListFile.key == key)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound("lists.no_file")
    return found


def shown(found: ListFile) -> Response:
    """A picture was written anew here and is shown beside a form; a PDF is only ever offered to be kept."""
    response = Response(found.content, content_type=found.media_type)
    how = "inline" if found.is_picture else "attachment"
    response.headers["Content-Disposition"] = content.disposition(how, found.name)
    answers.guarded(response, SANDBOX)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
