"""A draft: what the kind tells, put under the agency that issues it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from flask_babel import force_locale

from core.actor import Actor
from core.clock import local_date
from core.db import db
from core.errors import Conflict, Forbidden, Invalid, NotFound
from documents import kinds, page_layouts
from documents.agencies import faces
from documents.agencies.faces import AgencyFace, Signing
from documents.drafting import wording
from documents.kinds import Content, DocumentKind, DocumentOptions
from documents.models import Document
from documents.paper import Agency, Paper, Paragraph, Signature, as_json, paragraph
from people.access import guard

FRESH = timedelta(hours=1)


@dataclass(frozen=True)
class DraftRequest:
    """What somebody asks for, as a form or a call says it. ``signatory``: an id, 0 for nobody, None for the usual one.
    ``recipients``: None for the agency's usual ones."""

    about: str
    kind: str
    options: Mapping[str, str]
    language: str = "vi"
    signatory: int | None = None
    recipients: tuple[str, ...] | None = None
    replaces: int | None = None
    """Id of the issued document that it stands in place of."""
    at: datetime | None = None
    """When the draft was shown: for ``FRESH`` what is made of it tells of that moment."""
    shown: str = ""
    """``digest`` of what was shown; empty: nobody looked first."""


@dataclass(frozen=True)
class Replaced:
    """What is said of the document that is replaced."""

    id: int
    title: str
    code: str
    dated_on: date


@dataclass(frozen=True)
class DocumentDraft:
    """Everything that a document needs but its number. ``on``: the day it would be dated."""

    kind: DocumentKind
    wanted: DraftRequest
    options: Mapping[str, str]
    content: Content
    face: AgencyFace
    signing: Signing | None
    signatories: tuple[Signing, ...]
    recipients: tuple[str, ...]
    replaced: Replaced | None
    told_at: datetime
    """The moment of which its content tells."""
    on: date
    exercise: bool = False

    @property
    def numbered(self) -> bool:
        """An exercise leaves no gap in the register."""
        return self.kind.numbered and not self.exercise

    @property
    def series(self) -> str:
        return faces.series(self.face, self.content.symbol)

    def code(self, number: int | None) -> str:
        """Return it as on paper, with room for the number before there is one; empty for what takes none."""
        if not self.numbered:
            return ""
        return faces.written(self.face, self.content.symbol, number, self.on.year)


def make(wanted: DraftRequest, *, actor: Actor, now: datetime) -> DocumentDraft:
    """Raises ``NotFound``, ``Forbidden`` (the thing, or what its document tells, is not the actor's to read),
    ``Conflict`` (nothing to tell yet), ``Invalid`` at an option, ``language`` or ``signatory``."""
    kind, sort = kinds.one(wanted.about, wanted.kind), kinds.sort_of(wanted.about)
    _name, unit_id = sort.owner(wanted.about, actor, now)
    guard.ensure(actor, kind.draft, unit_id, now=now)
    if wanted.language not in kind.languages:
        raise Invalid("documents.language", field="language", languages=", ".join(kind.languages))
    options = kinds.chosen(kind, wanted.options, wanted.about, actor, now=now)
    told_at = _told_at(wanted.at, now)
    content = compose(kind, DocumentOptions(wanted.about, options, actor, told_at, wanted.language), now=now)
    on = local_date(now)
    able = tuple(faces.signatories(content.unit_id, on)) if content.form != "plain" else ()
    face = faces.face(content.unit_id, on)
    usual = face.recipients if content.signed else ()
    recipients = usual if wanted.recipients is None else wanted.recipients
    # Where the parties sign among the blocks, nobody else does unless that is asked for.
    signatory = 0 if wanted.signatory is None and not content.signed else wanted.signatory
    signing, replaced = _signing(able, signatory), _replaced(wanted)
    exercise = sort.exercise(wanted.about)
    return DocumentDraft(
        kind, wanted, options, content, face, signing, able, recipients, replaced, told_at, on, exercise
    )


def compose(kind: DocumentKind, asked: DocumentOptions, *, now: datetime) -> Content:
    """Return it in the language of the document. Raises what the kind raises, and ``Forbidden`` where it tells more
    than the actor may read."""
    with force_locale(asked.language):
        content = kind.compose(asked)
    ensure_readable(content.needs, content.unit_id, asked.actor, now)
    return content


def content_digest(content: Content) -> str:
    """Return a digest, to know whether the same document, made again, would tell something else."""
    said = json.dumps(asdict(content), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def _told_at(shown_at: datetime | None, now: datetime) -> datetime:
    """Papers say up to which moment they tell: as long as a draft is fresh, the moment at which it was shown."""
    return shown_at if shown_at is not None and now - FRESH <= shown_at <= now else now


def digest(draft: DocumentDraft) -> str:
    """Return a digest of all that a draft says, to know whether what is issued is what was seen."""
    said = json.dumps(as_json(paper(draft)), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def ensure_readable(needs: tuple[str, ...] | list[str], unit_id: int, actor: Actor, now: datetime) -> None:
    """Raises ``Forbidden`` unless the actor has each right that the document's content asks for."""
    if not all(guard.allowed(actor, need, unit_id, now=now) for need in needs):
        raise Forbidden("documents.more_than_yours")


def paper(draft: DocumentDraft, number: int | None = None, *, issued: bool = False) -> Paper:
    """``issued``: with its number and date, ready to leave; else marked as a draft, with room for both."""
    content, face = draft.content, draft.face
    formal = content.form != "plain"
    code = draft.code(number)
    on = draft.on if issued else None
    return Paper(
        layout=page_layouts.on(draft.on).code,
        name=content.abstract,
        form=content.form,
        agency=Agency(face.name, face.superior),
        kind=content.kind,
        abstract=content.abstract,
        language=draft.wanted.language,
        number=f"Số: {code}" if code and formal else "",
        place_and_date=wording.place_and_date(face.place, on) if formal else "",
        addressed_to=content.addressed_to,
        blocks=content.blocks + _in_place_of(draft.replaced),
        signature=Signature(draft.signing.lines, draft.signing.name) if draft.signing and formal else None,
        recipients=draft.recipients if formal else (),
        appendices=tuple(
            replace(each, attached=each.attached or wording.attached(content.kind, code, on, face.name))
            if draft.numbered
            else each
            for each in content.appendices
        ),
        landscape=content.landscape,
        sheet=content.sheet,
        scale=content.scale,
        mark="exercise" if draft.exercise else "draft" if draft.numbered and not issued else "",
    )


def file_name(draft: DocumentDraft, ending: str) -> str:
    return f"{wording.file_stem(draft.content.kind, '', draft.content.abstract)}.{ending}"


def _signing(able: tuple[Signing, ...], wanted: int | None) -> Signing | None:
    if wanted == 0:
        return None
    if wanted is None:
        return able[0] if able else None
    found = next((each for each in able if each.id == wanted), None)
    if found is None:
        raise Invalid("documents.signatory", field="signatory")
    return found


def _in_place_of(replaced: Replaced | None) -> tuple[Paragraph, ...]:
    if replaced is None:
        return ()
    return (paragraph(wording.in_place_of(replaced.title, replaced.code, replaced.dated_on)),)


def _replaced(wanted: DraftRequest) -> Replaced | None:
    """Return what it replaces: of the same kind about the same thing, and holding. Raises ``NotFound``,
    ``Conflict``."""
    if wanted.replaces is None:
        return None
    row = db.session.get(Document, wanted.replaces)
    if row is None or (row.about, row.kind) != (wanted.about, wanted.kind):
        raise NotFound("documents.unknown", field="replaces")
    ensure_holds(row)
    return Replaced(row.id, row.title, row.code, row.dated_on)


def ensure_holds(row: Document) -> None:
    """Raises ``Conflict`` when it was withdrawn or replaced."""
    if row.state != "issued":
        raise Conflict("documents.ended", state={"state": row.state, "by": row.ended_by}, by=row.ended_by)
