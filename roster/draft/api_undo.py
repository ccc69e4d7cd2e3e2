"""JSON API of undo and redo: one's own changes of a draft since it was last published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api.call import ApiModel, api_call
from roster.api_blueprint import bp
from roster.draft import undoing
from roster.draft.undoing import Turned


class TurnedOut(ApiModel):
    """What was undone or done again: ``text`` names it, ``shifts`` are those that it touched."""

    edit: int
    text: str
    shifts: list[int]
    draft_version: int


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/undo",
    returns={200: TurnedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Take back one's last change of the draft",
)
def undo_edit(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Since the last publish. 409 when nothing is left, and with ``shifts`` when somebody else changed them since."""
    return _turned(undoing.undo(campaign_id, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/redo",
    returns={200: TurnedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Do again what was taken back last",
)
def redo_edit(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Until the same account or key changes something else. 409 as for undo."""
    return _turned(undoing.redo(campaign_id, actor=actor, now=now))


def _turned(done: Turned) -> dict[str, Any]:
    return {"edit": done.edit, "text": done.text, "shifts": list(done.shifts), "draft_version": done.draft_version}
