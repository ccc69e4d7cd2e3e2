"""What has become of what a document tells since it was issued."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from core.errors import Conflict, DomainError
from documents import kinds
from documents.drafting import services as drafting
from documents.kinds import DocumentOptions
from documents.models import Document


def differs(row: Document, actor: Actor, now: datetime) -> bool:
    """Whether the actor, who makes it again of the same moment, would get another one. What they may not make, or what
    is gone, says nothing."""
    kind = kinds.by_code().get(row.kind)
    if kind is None or row.state != "issued":
        return False
    asked = DocumentOptions(row.about, dict(row.options), actor, row.told_at, row.language)
    try:
        return drafting.content_digest(drafting.compose(kind, asked, now=now)) != row.content_sha256
    except Conflict:  # there is nothing of it to tell any more
        return True
    except DomainError:
        return False
