"""JSON API of attachments (contract: /api/v1)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from flask import Response, request

from core.actor import Actor
from core.api.call import ApiModel, When, api_call
from core.errors import Invalid
from core.files.content import File
from incidents.api_blueprint import Short, bp
from incidents.attachments import services as attachments
from incidents.attachments.models import Attachment
from incidents.attachments.views import as_download
from incidents.record.queries import readable

ATTACHMENTS = ["attachments"]
UPLOADS = ("multipart/form-data", "application/octet-stream")


class AttachmentQuery(ApiModel):
    name: Short = ""
    """How the bytes of the body are called."""


class AttachmentOut(ApiModel, title="AttachmentOut"):
    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: When
    added_by: str
    withdrawn_at: When | None
    erased_at: When | None


class AttachmentsOut(ApiModel, title="AttachmentsOut"):
    items: list[AttachmentOut]


@api_call(
    bp,
    "POST",
    "/incidents/<code>/attachments",
    operation_id="add_attachment",
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
    incident = readable(code, actor, now)
    return attachments.add_file(incident.id, file=_sent(query.name), actor=actor, now=now), 201


@api_call(
    bp,
    "GET",
    "/incidents/<code>/attachments",
    operation_id="list_attachments",
    returns={200: AttachmentsOut},
    action="incident.read",
    tags=ATTACHMENTS,
    summary="What is attached, the oldest first",
)
def list_attachments(code: str, *, actor: Actor, now: datetime) -> Any:
    """Withdrawn ones are listed for people who may close the incident."""
    return {"items": attachments.listed(readable(code, actor, now), actor=actor, now=now)}


@api_call(
    bp,
    "GET",
    "/incidents/<code>/attachments/<key>",
    operation_id="get_attachment",
    returns={200: None},
    action="incident.read",
    tags=ATTACHMENTS,
    summary="The bytes of an attachment",
)
def get_attachment(code: str, key: str, *, actor: Actor, now: datetime) -> Response:
    """As a download, with the media type that its content has."""
    return as_download(attachments.one(readable(code, actor, now), key, actor=actor, now=now))


@api_call(
    bp,
    "DELETE",
    "/incidents/<code>/attachments/<key>",
    operation_id="withdraw_attachment",
    returns={200: AttachmentOut},
    action="incident.log",
    tags=ATTACHMENTS,
    summary="Withdraw an attachment",
)
def withdraw_attachment(code: str, key: str, *, actor: Actor, now: datetime) -> Attachment:
    """It is kept for people who may close the incident. Erasing the bytes is done on the page."""
    return attachments.withdraw(readable(code, actor, now).id, key, actor=actor, now=now)


def _sent(name: str) -> File:
    if request.mimetype != "multipart/form-data":
        return attachments.read_upload(io.BytesIO(request.get_data()), name)
    given = [each for part in request.files for each in request.files.getlist(part)]
    if len(given) != 1:
        raise Invalid("attachment.one", field="file")
    return attachments.read_upload(given[0].stream, given[0].filename or "")
