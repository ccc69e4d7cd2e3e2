"""JSON API: attachments, legal steps, joined incidents (contract: /api/v1)."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Annotated, Any, Literal

from flask import Response, request
from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, When, api_blueprint, api_call
from core.errors import Invalid
from incidents.attachments import services as attachments
from incidents.attachments.files import File
from incidents.attachments.views import as_download
from incidents.legal import services as legal, steps as rules, words
from incidents.legal.models import Attachment
from incidents.merging import services as joining
from incidents.record import access, queries
from incidents.record.models import Incident
from incidents.schemas import IncidentDetail, IncidentOut, detail, summary
from people.access import guard

bp = api_blueprint("legal_api")
ATTACHMENTS, LEGAL, INCIDENTS = ["attachments"], ["legal steps"], ["incidents"]
UPLOADS = ("multipart/form-data", "application/octet-stream")
Short = Annotated[str, Field(max_length=rules.LONGEST_LINE, pattern=r"^[^\x00-\x1f\x7f]*$")]


class AttachmentQuery(ApiModel):
    name: Short = ""
    """How the bytes of the body are called."""


class AttachmentOut(ApiModel):
    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: When
    added_by: str
    withdrawn_at: When | None
    erased_at: When | None


class AttachmentsOut(ApiModel):
    items: list[AttachmentOut]


class PartyIn(ApiModel):
    name: Short
    role: Short = ""
    organisation: Short = ""


class StepIn(ApiModel):
    """The whole step; fields of other steps must be left out, a field that is left out is emptied."""

    at: When | None = None
    by: Short | None = None
    found_at: Short | None = None
    sent_from: Short | None = None
    item: Short | None = None
    kept_at: Short | None = None
    seal_number: Short | None = None
    person: Short | None = None
    how: Literal["phone", "in_person", "letter", "email"] | None = None
    authority: Short | None = None
    contact: Short | None = None
    document: Short | None = None
    place: Short | None = None
    parties: Annotated[list[PartyIn], Field(max_length=rules.MOST_PARTIES)] | None = None
    outside: Text | None = None
    copies: Annotated[int, Field(ge=1, le=rules.MOST_COPIES)] | None = None
    signed_at: When | None = None
    scan: Short | None = None
    """Key of an attachment of the incident."""
    no_scan: Short | None = None
    request_number: Short | None = None
    request_on: date | None = None
    request_by: Short | None = None
    received_by: Short | None = None
    items: Short | None = None
    to: Short | None = None
    number: Short | None = None


class StepOut(ApiModel):
    step: str
    number: int
    name: str
    state: Literal["none", "begun", "done"]
    needed_to_close: bool
    missing: list[str]
    values: dict[str, Any]
    recorded_at: When | None
    recorded_by: str | None


class LegalOut(ApiModel):
    applies: bool
    """Whether the incident's category follows these steps."""
    following: str | None
    missing_to_close: dict[str, list[str]]
    warnings: list[str]
    steps: list[StepOut]


class JoinIn(ApiModel):
    main: Code
    """The incident that it is the same as."""
    note: Text = ""


class SplitIn(ApiModel):
    note: Text = ""


class AlikeOut(ApiModel):
    items: list[IncidentOut]


@api_call(
    bp,
    "POST",
    "/incidents/<code>/attachments",
    query=AttachmentQuery,
    returns={201: AttachmentOut},
    action="incident.log",
    uploads=UPLOADS,
    idempotent=True,
    tags=ATTACHMENTS,
    refused=409,
    summary="Attach a photo or a PDF",
)
def add_attachment(code: str, *, query: AttachmentQuery, actor: Actor, now: datetime) -> Any:
    """The bytes as body (`?name=` says how it is called), or one file in `multipart/form-data`. JPEG, PNG, WebP (kept
    anew without place and device) and PDF, told by content; at most 10 MB. The same file again: the same answer."""
    incident = _readable(code, actor, now)
    return attachments.add_file(incident.id, file=_sent(query.name), actor=actor, now=now), 201


@api_call(
    bp,
    "GET",
    "/incidents/<code>/attachments",
    returns={200: AttachmentsOut},
    action="incident.read",
    tags=ATTACHMENTS,
    summary="What is attached, the oldest first",
)
def list_attachments(code: str, *, actor: Actor, now: datetime) -> Any:
    """Withdrawn ones are listed for whoever may close the incident."""
    return {"items": attachments.listed(_readable(code, actor, now), actor=actor, now=now)}


@api_call(
    bp,
    "GET",
    "/incidents/<code>/attachments/<key>",
    returns={200: None},
    action="incident.read",
    tags=ATTACHMENTS,
    summary="The bytes of an attachment",
)
def get_attachment(code: str, key: str, *, actor: Actor, now: datetime) -> Response:
    """As a download, with the media type that its content has."""
    return as_download(attachments.one(_readable(code, actor, now), key, actor=actor, now=now))


@api_call(
    bp,
    "DELETE",
    "/incidents/<code>/attachments/<key>",
    returns={200: AttachmentOut},
    action="incident.log",
    tags=ATTACHMENTS,
    summary="Withdraw an attachment",
)
def withdraw_attachment(code: str, key: str, *, actor: Actor, now: datetime) -> Attachment:
    """It is kept for whoever may close the incident. Erasing the bytes is done on the page."""
    return attachments.withdraw(_readable(code, actor, now).id, key, actor=actor, now=now)


@api_call(
    bp,
    "GET",
    "/incidents/<code>/legal",
    returns={200: LegalOut},
    action="incident.read",
    tags=LEGAL,
    summary="The legal steps of an incident",
)
def get_legal(code: str, *, actor: Actor, now: datetime) -> Any:
    """What is done, what is missing before closing, what looks doubtful. A reminder, never a verdict."""
    return _legal(_readable(code, actor, now))


@api_call(
    bp,
    "PUT",
    "/incidents/<code>/legal/<step>",
    body=StepIn,
    returns={200: LegalOut},
    action="incident.act",
    tags=LEGAL,
    refused=409,
    summary="Record or correct a legal step",
)
def put_legal_step(code: str, step: str, *, body: StepIn, actor: Actor, now: datetime) -> Any:
    """`step`: suspend, seal, leadership, authority, record, handover or report. 409 for what must come first; former
    values stay in the timeline."""
    incident, wanted = _readable(code, actor, now), legal.step_of(step)
    given = body.model_dump(exclude_none=True)
    foreign = [key for key in given if wanted.field(key) is None]
    if foreign:
        raise Invalid("legal.foreign", field=foreign[0], step=step)
    legal.record(incident.id, step, given, actor=actor, now=now)
    return _legal(incident)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/join",
    body=JoinIn,
    returns={200: IncidentDetail},
    action="incident.dispatch",
    tags=INCIDENTS,
    refused=409,
    summary="It is the same as another incident",
)
def join_incident(code: str, *, body: JoinIn, actor: Actor, now: datetime) -> Any:
    """Its calls stop and it follows `main`; answers `main`. 409 when one of them is joined or finished already."""
    main = _readable(body.main, actor, now)
    joining.join(_readable(code, actor, now).id, main_id=main.id, actor=actor, now=now, note=body.note)
    return detail(queries.by_code(main.code))


@api_call(
    bp,
    "POST",
    "/incidents/<code>/split",
    body=SplitIn,
    returns={200: IncidentDetail},
    action="incident.dispatch",
    tags=INCIDENTS,
    refused=409,
    summary="It was not the same after all",
)
def split_incident(code: str, *, body: SplitIn, actor: Actor, now: datetime) -> Any:
    """What was open when it was joined is open again and calls from the first step."""
    return detail(joining.split(_readable(code, actor, now).id, actor=actor, now=now, note=body.note))


@api_call(
    bp,
    "GET",
    "/incidents/<code>/alike",
    returns={200: AlikeOut},
    action="incident.read",
    tags=INCIDENTS,
    summary="Open incidents that may be the same",
)
def alike_incidents(code: str, *, actor: Actor, now: datetime) -> Any:
    found = joining.alike_to(_readable(code, actor, now), actor=actor, now=now)
    return {"items": [summary(each) for each in found]}


def _readable(code: str, actor: Actor, now: datetime) -> Incident:
    incident = queries.by_code(code)
    guard.ensure(actor, "incident.read", incident.unit_id, now=now)
    access.ensure_visible(actor, incident, now=now)
    return incident


def _sent(name: str) -> File:
    if request.mimetype != "multipart/form-data":
        return attachments.read(io.BytesIO(request.get_data()), name)
    given = [each for part in request.files for each in request.files.getlist(part)]
    if len(given) != 1:
        raise Invalid("attachment.one", field="file")
    return attachments.read(given[0].stream, given[0].filename or "")


def _legal(incident: Incident) -> dict[str, Any]:
    known, rows = legal.recorded(incident), legal.rows(incident)
    due = rules.following(known) if legal.applies(incident) else None
    return {
        "applies": legal.applies(incident),
        "following": due.key if due else None,
        "missing_to_close": rules.to_close(known) if legal.applies(incident) else {},
        "warnings": [str(words.DOUBTS[code]) for code in rules.doubts(known, incident.detected_at)],
        "steps": [
            {
                "step": step.key,
                "number": rules.NUMBER[step.key],
                "name": str(words.STEPS[step.key]),
                "state": rules.state(step, known.get(step.key)),
                "needed_to_close": step.closing,
                "missing": rules.missing(step, known.get(step.key, {})),
                "values": rows[step.key].values if step.key in rows else {},
                "recorded_at": rows[step.key].recorded_at if step.key in rows else None,
                "recorded_by": rows[step.key].recorded_by if step.key in rows else None,
            }
            for step in rules.STEPS
        ],
    }
