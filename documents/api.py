"""JSON API of documents (contract: ``/api/v1/documents``)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Any, Literal

from flask import request
from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, ItemPage, Line, ListQuery, When, api_call, paginate
from core.files import answers
from documents import files, kinds
from documents.blueprint import api_bp as bp
from documents.drafting import wording
from documents.drafting.services import DraftRequest
from documents.issued import queries, services as issued
from documents.issued.queries import Filter
from documents.models import Document
from people import queries as people

DOCUMENTS = ["documents"]


class DocumentsQuery(ListQuery):
    about: Line | None = None
    kind: Line | None = None
    state: Literal["issued", "withdrawn", "replaced"] | None = None
    year: int | None = Field(default=None, ge=1900, le=9999)


class FileQuery(ApiModel):
    format: Literal["pdf", "docx"] | None = None
    """The file itself, as it was issued."""


class DocumentIn(ApiModel, title="DocumentIn"):
    about: Line
    """What it tells of: ``campaign:3``, ``incident:SC-…``."""
    kind: Line
    options: dict[str, Line] = Field(default_factory=dict, max_length=20)
    language: Literal["vi", "en"] = "vi"
    signatory: int | None = Field(default=None, ge=0, le=2_147_483_647)
    """Id of who signs, 0: nobody; without it the usual one."""
    recipients: list[Line] | None = Field(default=None, max_length=20)
    replaces: int | None = Field(default=None, ge=1, le=2_147_483_647)


class WithdrawDocumentIn(ApiModel, title="documents__api__WithdrawIn"):
    reason: Line


class DocumentOut(ApiModel, title="DocumentOut"):
    id: int
    kind: str
    about: str
    unit: str
    code: str
    number: int | None
    dated_on: date
    title: str
    abstract: str
    agency: str
    signed_by: str
    language: str
    state: str
    issued_at: When
    issued_by: str
    pdf_sha256: str
    docx_sha256: str
    ended_at: When | None
    ended_by: str
    end_reason: str
    replaces: int | None


class KindOut(ApiModel, title="KindOut"):
    kind: str
    name: str
    options: dict[str, list[str]]
    languages: list[str]
    numbered: bool


class KindsOut(ApiModel, title="KindsOut"):
    items: list[KindOut]


@api_call(
    bp,
    "GET",
    "/documents",
    operation_id="list_documents",
    query=DocumentsQuery,
    returns={200: ItemPage[DocumentOut]},
    action="document.read",
    tags=DOCUMENTS,
    summary="What was issued, the newest first",
)
def list_documents(*, query: DocumentsQuery, actor: Actor, now: datetime) -> Any:
    """Those that the key may see: a page can have fewer than asked for, and others after it."""
    wanted = queries.matching(Filter(query.about or "", query.kind or "", query.state or "", query.year))
    rows, following = paginate(wanted, [Document.id.desc()], limit=query.limit, cursor=query.cursor)
    return {"items": _told(queries.seen(rows, actor, now)), "next": following}


@api_call(
    bp,
    "GET",
    "/documents/<int:document_id>",
    operation_id="get_document",
    query=FileQuery,
    returns={200: DocumentOut},
    action="document.read",
    tags=DOCUMENTS,
    summary="An issued document, or its file",
)
def get_document(document_id: int, *, query: FileQuery, actor: Actor, now: datetime) -> Any:
    """With `format=pdf` or `docx`: the file as it was issued, to the byte; its hash is in the record."""
    row = queries.readable(document_id, actor, now, files=query.format is not None)
    if query.format is None:
        return _told([row])[0]
    stem = wording.file_stem(row.title, row.code, row.abstract)
    content = row.pdf if query.format == "pdf" else row.docx
    return answers.download(content, files.TYPES[query.format], f"{stem}.{query.format}")


@api_call(
    bp,
    "GET",
    "/documents/kinds/<about>",
    operation_id="list_document_kinds",
    returns={200: KindsOut},
    action="document.read",
    tags=DOCUMENTS,
    summary="Which documents can be made of a thing",
)
def list_document_kinds(about: str, *, actor: Actor, now: datetime) -> Any:
    """With the choices of each option, the usual one first."""
    sort = kinds.sort_of(about)
    _name, unit_id = sort.owner(about, actor, now)
    return {"items": [_kind(kind, about, actor, now) for kind in kinds.offered(about, unit_id, actor, now)]}


@api_call(
    bp,
    "POST",
    "/documents",
    operation_id="issue_document",
    body=DocumentIn,
    returns={201: DocumentOut},
    action="document.issue",
    idempotent=True,
    tags=DOCUMENTS,
    refused=409,
    summary="Issue a document",
)
def issue_document(*, body: DocumentIn, actor: Actor, now: datetime) -> Any:
    """It takes the next number of its agency, today's date, and is never made again."""
    recipients = None if body.recipients is None else tuple(body.recipients)
    wanted = DraftRequest(body.about, body.kind, body.options, body.language, body.signatory, recipients, body.replaces)
    row = issued.issue(wanted, once=_once(body, actor), actor=actor, now=now)
    return _told([row])[0], 201


@api_call(
    bp,
    "POST",
    "/documents/<int:document_id>/withdraw",
    operation_id="withdraw_document",
    body=WithdrawDocumentIn,
    returns={200: DocumentOut},
    action="document.issue",
    tags=DOCUMENTS,
    refused=409,
    summary="Withdraw a document",
)
def withdraw_document(document_id: int, *, body: WithdrawDocumentIn, actor: Actor, now: datetime) -> Any:
    """It holds no more, and stays readable with who withdrew it, when and why."""
    return _told([issued.withdraw(document_id, body.reason, actor=actor, now=now)])[0]


def _once(body: DocumentIn, actor: Actor) -> str:
    """Return the mark of this call: the same when it is begun again to think outside its transaction, and when it is
    sent again."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return secrets.token_urlsafe(16)
    return hashlib.sha256(f"{actor.ref}\n{key}\n{body.model_dump_json()}".encode()).hexdigest()


def _kind(kind: kinds.DocumentKind, about: str, actor: Actor, now: datetime) -> dict[str, Any]:
    exercise = kinds.sort_of(about).exercise(about)
    options = kind.options(about, actor, now)
    return {
        "kind": kind.code,
        "name": str(kind.name),
        "options": {each.code: [choice.code for choice in each.choices] for each in options},
        "languages": list(kind.languages),
        "numbered": kind.numbered and not exercise,
    }


def _told(rows: list[Document]) -> list[dict[str, Any]]:
    codes = {unit_id: code for code, unit_id in people.unit_ids().items()}
    fields = [name for name in DocumentOut.model_fields if name not in ("unit", "replaces")]
    return [
        {
            **{name: getattr(row, name) for name in fields},
            "unit": codes.get(row.unit_id, ""),
            "replaces": row.replaces_id,
        }
        for row in rows
    ]
