"""Photos that came with a form, looked at before any transaction begins."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import FileStorage

from core.errors import Invalid
from incidents import attachments
from incidents.attachment_files import File

FIELD = "photos"
MOST = 6
"""Of one form; what is beyond is left out."""


def sent() -> list[FileStorage]:
    """The files that came, unread."""
    return [each for each in request.files.getlist(FIELD) if each.filename]


def photos() -> tuple[list[File], list[Invalid]]:
    """What can be kept, and what is wrong with the rest (each fault names ``file``)."""
    kept: list[File] = []
    faults: list[Invalid] = []
    for each in sent()[:MOST]:
        try:
            kept.append(attachments.read(each.stream, each.filename or ""))
        except Invalid as fault:
            faults.append(fault)
    return kept, faults
