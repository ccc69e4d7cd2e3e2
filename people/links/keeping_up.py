"""Letters that come due by the clock: written in one commit with how far they are, so none is lost or said twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import db, transaction
from core.models import Setting
from notify import outbox
from people.links import services as links
from people.links.services import DraftedLinks


def until(setting: str) -> datetime | None:
    """Up to which moment they were written; ``None``: never."""
    kept = db.session.scalar(select(Setting.value).where(Setting.key == setting))
    return datetime.fromisoformat(str(kept)) if kept else None


def write(
    setting: str, since: datetime | None, letters: Sequence[dict[str, Any]], own: DraftedLinks, *, now: datetime
) -> bool:
    """Write what has come due from ``since`` (``until``) to ``now``; False, and nothing, where another was quicker."""
    with transaction() as session:
        kept = session.get(Setting, setting, with_for_update=True, populate_existing=True)
        if (datetime.fromisoformat(kept.value) if kept else None) != since:
            return False
        if kept is None:
            session.add(Setting(key=setting, value=now.isoformat()))
        else:
            kept.value = now.isoformat()
        links.add(own)
        outbox.add(letters)
    return True
