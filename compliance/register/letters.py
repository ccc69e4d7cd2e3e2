"""A letter is entered from paper, received, acknowledged, related to others, copied, and handed to the units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from compliance.register import queries
from compliance.register.models import (
    RELATIONS,
    Directive,
    DirectiveFile,
    DirectiveRelation,
    Requirement,
    RequirementUnit,
)
from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, FieldError, Invalid, NotFound, ensure_none
from core.files.content import File
from core.security import throttle
from core.text import nfc
from people.access import guard

COPIED = ("key", "position", "excerpt", "text", "who", "wants", "computed", "phase", "scope", "off_kinds")
"""Of a requirement; a deadline belongs to one Tết."""


@dataclass(frozen=True)
class LetterIn:
    """``notes``: (quote, note) each. Days are None where nothing readable was typed and ``unread`` names the field."""

    number: str
    dated_on: date | None
    issuer: str
    abstract: str
    signed_by: str = ""
    body: str = ""
    addressed_to: str = ""
    recipients: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    season_from: date | None = None
    season_to: date | None = None


def enter(wanted: LetterIn, *, actor: Actor, now: datetime) -> Directive:
    """Raises Forbidden, Invalid at each field that is wrong."""
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        ensure_none(_faults(wanted))
        _ensure_new(wanted, None)
        row = Directive(entered_at=now, entered_by=actor.name)
        _fill(row, wanted)
        session.add(row)
        session.flush()
        audit.record(actor, "directive.enter", "directive", row.id, now=now, number=row.number)
        return row


def change(directive_id: int, wanted: LetterIn, *, actor: Actor, now: datetime) -> Directive:
    """Once units are asked, what they were asked stays word for word; missing text may still be added.

    Raises NotFound, Forbidden, Invalid, Conflict.
    """
    with transaction():
        guard.ensure(actor, "directive.write", None, now=now)
        row = queries.letter(directive_id)
        ensure_none(_faults(wanted))
        _ensure_new(wanted, row.id)
        if row.spread_at is not None and wanted.season_from is None:
            raise Conflict("register.no_season", field="season_from")
        if row.spread_at is not None and row.body and _tidy_text(wanted.body) != row.body:
            raise Conflict("register.text_kept", field="body")
        _fill(row, wanted)
        audit.record(actor, "directive.change", "directive", row.id, now=now, number=row.number)
        return row


def _ensure_new(wanted: LetterIn, own_id: int | None) -> None:
    """A letter stands there once: sent twice, or entered although it is there without its text, it is refused."""
    throttle.hold(throttle.key_of("directive", _tidy(wanted.number)))
    alike = select(Directive.id).filter_by(number=_tidy(wanted.number), dated_on=wanted.dated_on)
    if db.session.scalar(alike if own_id is None else alike.where(Directive.id != own_id)) is not None:
        raise Invalid("register.known", field="number", number=_tidy(wanted.number))


def _fill(row: Directive, wanted: LetterIn) -> None:
    row.number, row.issuer, row.abstract = _tidy(wanted.number), _tidy(wanted.issuer), _tidy(wanted.abstract)
    assert wanted.dated_on is not None  # noqa: S101 - said by _faults
    row.dated_on, row.signed_by, row.addressed_to = wanted.dated_on, _tidy(wanted.signed_by), _tidy(wanted.addressed_to)
    row.body = _tidy_text(wanted.body)
    row.recipients = [line for each in wanted.recipients if (line := _tidy(each))]
    row.notes = [{"quote": nfc(quote), "note": _tidy(note)} for quote, note in wanted.notes]
    row.season_from, row.season_to = wanted.season_from, wanted.season_to


def _faults(wanted: LetterIn) -> list[FieldError]:
    found = [
        FieldError(name, f"register.{name}", {})
        for name in ("number", "issuer", "abstract")
        if not _tidy(getattr(wanted, name))
    ]
    if wanted.dated_on is None:
        found.append(FieldError("dated_on", "register.dated_on", {}))
    days = (wanted.season_from, wanted.season_to)
    if (None in days and days != (None, None)) or (days[0] and days[1] and days[0] > days[1]):
        found.append(FieldError("season_from", "register.season", {}))
    body = _tidy_text(wanted.body)
    found += [
        FieldError("notes", "register.note_quote", {"quote": quote})
        for quote, _ in wanted.notes
        if nfc(quote) not in body
    ]
    return found


def _tidy(typed: str) -> str:
    return " ".join(nfc(typed).split())


def _tidy_text(typed: str) -> str:
    """Lines as they are; only what a browser does to line ends is undone."""
    return nfc(typed).replace("\r\n", "\n").strip("\n")


def receive(directive_id: int, on: date | None, by: str, *, actor: Actor, now: datetime) -> Directive:
    """Note when the paper came, and who took it. Raises NotFound, Forbidden, Invalid ``received_on``."""
    with transaction():
        guard.ensure(actor, "directive.write", None, now=now)
        row = queries.letter(directive_id)
        if on is None or not row.dated_on <= on <= clock.local_date(now):
            raise Invalid("register.received_on", field="received_on")
        row.received_on, row.received_by = on, _tidy(by) or actor.name
        audit.record(actor, "directive.receive", "directive", row.id, now=now, on=on.isoformat(), by=row.received_by)
        return row


def acknowledge(directive_id: int, *, actor: Actor, now: datetime) -> Directive:
    """ "Đã nhận văn bản này": once. Raises NotFound, Forbidden, Conflict."""
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        row = session.scalar(select(Directive).where(Directive.id == directive_id).with_for_update())
        if row is None:
            raise NotFound("register.letter_unknown")
        if row.acknowledged_at is not None:
            raise Conflict("register.acknowledged", who=row.acknowledged_by)
        if row.received_on is None:
            row.received_on, row.received_by = clock.local_date(now), actor.name
        row.acknowledged_at, row.acknowledged_by = now, actor.name
        audit.record(actor, "directive.acknowledge", "directive", row.id, now=now)
        return row


def relate(directive_id: int, kind: str, to_id: int, *, actor: Actor, now: datetime) -> None:
    """Doing it twice does no harm. Raises NotFound, Forbidden, Invalid."""
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        row = queries.whole(directive_id)
        if kind not in RELATIONS or to_id == directive_id or session.get(Directive, to_id) is None:
            raise Invalid("register.relation", field="to")
        if all((each.kind, each.to_id) != (kind, to_id) for each in row.relations):
            row.relations.append(DirectiveRelation(kind=kind, to_id=to_id))
            audit.record(actor, "directive.relate", "directive", row.id, now=now, kind=kind, to=to_id)


def add_file(directive_id: int, file: File, *, actor: Actor, now: datetime) -> DirectiveFile:
    """The same bytes again are the same file. Raises NotFound, Forbidden."""
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        queries.letter(directive_id)
        same = select(DirectiveFile).filter_by(directive_id=directive_id, sent_sha256=file.sent_sha256)
        known = session.scalar(same)
        if known is not None:
            return known
        row = DirectiveFile(directive_id=directive_id, **file.columns(), added_at=now, added_by=actor.name)
        session.add(row)
        session.flush()
        audit.record(actor, "directive.file", "directive", directive_id, now=now, sha256=file.sha256)
        return row


def copy(directive_id: int, wanted: LetterIn, *, actor: Actor, now: datetime) -> Directive:
    """A new letter with the requirements of an earlier one, without its deadlines. Raises as ``enter``."""
    with transaction() as session:
        before = queries.letter(directive_id)
        made = enter(wanted, actor=actor, now=now)
        made.copied_from_id = before.id
        for each in queries.requirements(before.id):
            twin = Requirement(directive_id=made.id, **{name: getattr(each, name) for name in COPIED})
            if twin.excerpt not in made.body:
                twin.excerpt = ""
            session.add(twin)
            session.flush()
            for unit_id in session.scalars(
                select(RequirementUnit.unit_id).where(RequirementUnit.requirement_id == each.id)
            ):
                session.add(RequirementUnit(requirement_id=twin.id, unit_id=unit_id))
        audit.record(actor, "directive.copy", "directive", made.id, now=now, copied_from=before.id)
        return made


def spread(directive_id: int, *, actor: Actor, now: datetime) -> Directive:
    """Ask units from now on; twice does no harm. Raises NotFound, Forbidden, Conflict."""
    with transaction():
        guard.ensure(actor, "directive.write", None, now=now)
        row = queries.letter(directive_id)
        if row.season_from is None:
            raise Conflict("register.no_season")
        if not db.session.scalar(select(Requirement.id).where(Requirement.directive_id == row.id).limit(1)):
            raise Conflict("register.no_requirements")
        if row.spread_at is None:
            row.spread_at, row.spread_by = now, actor.name
            audit.record(actor, "directive.spread", "directive", row.id, now=now)
        return row
