"""JSON API of evidence (contract: Letter)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from flask import request
from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.followup import proofs
from compliance.letters.api import LETTER, Number
from compliance.register import queries
from compliance.register.models import Evidence
from core.actor import Actor
from core.api.call import ApiModel, Code, ItemPage, ListQuery, When, api_call, paginate
from core.errors import Invalid
from core.files import content as files
from core.files.content import File
from people import queries as people
from people.access import guard

UPLOADS = ("multipart/form-data", "application/octet-stream")


class EvidenceQuery(ListQuery):
    requirement: Number | None = None
    unit: Code | None = None


class EvidenceUpload(ApiModel):
    requirement: Number
    unit: Code
    name: Annotated[str, Field(max_length=200)] = ""
    """How the bytes of the body are called."""
    url: Annotated[str, Field(max_length=2000)] = ""
    """A link instead of bytes."""
    note: Annotated[str, Field(max_length=500)] = ""
    internal: bool = False


class EvidenceOut(ApiModel, title="EvidenceOut"):
    id: int
    requirement: int
    unit: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    url: str
    note: str
    numbers: dict[str, Any]
    internal: bool
    added_at: When
    added_by: str
    accepted_at: When | None
    withdrawn_at: When | None
    withdrawn_why: str


@api_call(
    bp,
    "GET",
    "/evidence",
    operation_id="list_evidence",
    query=EvidenceQuery,
    returns={200: ItemPage[EvidenceOut]},
    action="directive.read",
    tags=LETTER,
    summary="Evidence, the newest first",
)
def list_evidence(*, query: EvidenceQuery, actor: Actor, now: datetime) -> Any:
    """Withdrawn evidence is listed with why; its bytes are gone unless it had been accepted. Where what is internal
    leads, and its note, are for those who answer for the unit."""
    within = guard.reach(actor, "requirement.report", now=now)
    unit = people.unit_by_code(query.unit) if query.unit else None
    wanted = queries.evidence_statement(query.requirement, unit.id if unit else None)
    items, following = paginate(wanted, [Evidence.id.desc()], limit=query.limit, cursor=query.cursor)
    return {"items": [_evidence(each, within is None or each.unit_id in within) for each in items], "next": following}


@api_call(
    bp,
    "POST",
    "/evidence",
    operation_id="add_evidence",
    query=EvidenceUpload,
    returns={201: EvidenceOut},
    action="requirement.report",
    uploads=UPLOADS,
    tags=LETTER,
    idempotent=True,
    refused=409,
    summary="Add a photo, a PDF or a link",
)
def add_evidence(*, query: EvidenceUpload, actor: Actor, now: datetime) -> Any:
    """The bytes as body, or one file in `multipart/form-data`; with `url` a link instead. The same again: the same
    answer."""
    about = {"note": query.note, "internal": query.internal, "actor": actor, "now": now}
    if query.url:
        return _evidence(proofs.add_link(query.requirement, query.unit, query.url, **about)), 201  # type: ignore[arg-type]
    file = _sent(query.name)
    return _evidence(proofs.add_file(query.requirement, query.unit, file, **about)), 201  # type: ignore[arg-type]


def _sent(name: str) -> File:
    if request.mimetype != "multipart/form-data":
        return files.read_file(request.get_data(), name)
    given = [each for part in request.files for each in request.files.getlist(part)]
    if len(given) != 1:
        raise Invalid("attachment.empty", field="file")
    return files.read_file(given[0].stream.read(files.MOST_BYTES + 1), given[0].filename or "")


def _evidence(row: Evidence, may_see: bool = True) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in EvidenceOut.model_fields if name not in ("requirement", "unit")}
    if row.internal and not may_see:
        own |= {"name": row.outside_name, "url": "", "note": ""}
    return {**own, "requirement": row.requirement_id, "unit": row.unit.code}
