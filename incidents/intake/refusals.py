"""What is refused at the door is counted: by source, and what came with a key that nobody knows by itself.

Too large and a wrong key are all that is refused. Whoever manages a source sees it, because the tool on the other side
keeps it to itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from core import clock, tried_again
from core.db import db, insert_into, transaction
from core.fast_path.group_commit import Gathering
from core.security import tokens
from incidents.intake.models import OF_NOBODY, Intake, IntakeRefusal

Refusal = tuple[int | None, str]
"""The source, or None, and why: one of ``models.REFUSALS``."""


def why(key: str, kind: str) -> Refusal:
    """Why something is refused at the door of ``kind``: its key, or, where that is right, its size."""
    wanted = select(Intake.id, Intake.kind, Intake.revoked_at).where(Intake.digest == tokens.digest(key))
    found = db.session.execute(wanted).one_or_none()
    db.session.rollback()
    if found is None:
        return None, "key"
    if found.revoked_at is not None:
        return found.id, "revoked"
    return found.id, "size" if found.kind == kind else "door"


def count(refusal: Refusal) -> None:
    """It is written when this returns; those who knock side by side share a commit."""
    door: Gathering[Refusal, None] = current_app.extensions.setdefault("intake.refusals", Gathering(_count))
    tried_again.patiently(lambda: door.ask(refusal))


def _count(refused: Sequence[Refusal]) -> Sequence[None]:
    now = clock.now()
    with transaction() as session:
        for (intake_id, reason), times in sorted(Counter(refused).items(), key=str):
            fresh = {"intake_id": intake_id, "why": reason, "times": times, "first_at": now, "last_at": now}
            whose: dict[str, Any] = {"index_elements": ["intake_id", "why"]}
            if intake_id is None:
                whose = {"index_elements": ["why"], "index_where": OF_NOBODY}
            counted = {"times": IntakeRefusal.times + times, "last_at": now}
            session.execute(insert_into(IntakeRefusal).values(fresh).on_conflict_do_update(**whose, set_=counted))
    return [None] * len(refused)


def list_refusals(intake_id: int | None) -> Sequence[IntakeRefusal]:
    """Return what a source was refused; None: what came with a key that nobody knows."""
    wanted = select(IntakeRefusal).where(_is_of(intake_id)).order_by(IntakeRefusal.last_at.desc(), IntakeRefusal.id)
    return db.session.scalars(wanted).all()


def _is_of(intake_id: int | None) -> Any:
    return IntakeRefusal.intake_id.is_(None) if intake_id is None else IntakeRefusal.intake_id == intake_id
