"""JSON API of drafts: put people on a shift; undo and redo one's own changes since it was last published."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, api_call
from roster.api_blueprint import bp
from roster.api_models import UncheckedOut, ViolationOut
from roster.consents import queries as consents
from roster.draft import services as drafts, undoing
from roster.draft.undoing import Turned


class PeopleIn(ApiModel):
    people: Annotated[list[Code], Field(max_length=200)]
    pin: bool = True
    override_reason: Text | None = None
    draft_version: Annotated[int, Field(ge=0, le=2_147_483_647)] | None = None


class EditedOut(ApiModel):
    id: int
    campaign: int
    draft_version: int
    people: list[str]
    pinned: list[str]
    violations: list[ViolationOut]
    unchecked: list[UncheckedOut]
    """Of the people on the shift; of what is listed here ``violations`` says nothing."""
    waiting: list[str] = []
    """Of other units, and not agreed yet: until then the seat counts as empty."""


class TurnedOut(ApiModel):
    """What was undone or done again: ``text`` names it, ``shifts`` are those that it touched."""

    edit: int
    text: str
    shifts: list[int]
    draft_version: int


@api_call(
    bp,
    "PUT",
    "/shifts/<int:shift_id>/people",
    body=PeopleIn,
    returns={200: EditedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Put people on a shift of the draft",
)
def put_people(shift_id: int, *, body: PeopleIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Resolver, feeds and documents change at the next publish. A hard violation without a reason: 409."""
    edited = drafts.set_people(
        shift_id,
        body.people,
        pin=body.pin,
        override_reason=body.override_reason,
        draft_version=body.draft_version,
        actor=actor,
        now=now,
    )
    return {
        "id": edited.shift_id,
        "campaign": edited.campaign_id,
        "draft_version": edited.draft_version,
        "people": edited.people,
        "pinned": edited.pinned,
        **edited.verdict,
        "waiting": consents.waiting_codes(edited.campaign_id, edited.shift_id),
    }


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
