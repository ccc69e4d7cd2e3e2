"""The notice of a roster as a file for the command line: for use inside, marked as a draft: it is not issued."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from documents.drafting import services as drafting
from documents.drafting.services import DraftRequest
from documents.rendering import docx, pdf
from roster.papers import notice, things

FORMATS = ("docx", "pdf")


def render(campaign_id: int, form: str, *, actor: Actor, now: datetime) -> bytes:
    """The latest published revision in ``form`` ("docx", "pdf"). Raises NotFound, Conflict when unpublished or busy."""
    wanted = DraftRequest(f"{things.WORD}:{campaign_id}", notice.NOTICE.code, {"copy": "internal"})
    paper = drafting.paper(drafting.make(wanted, actor=actor, now=now))
    return pdf.pdf(paper) if form == "pdf" else docx.docx(paper)
