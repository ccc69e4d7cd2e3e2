"""JSON API of drafts: put people on a shift, edit any seats at once; undo and redo one's own changes since it was last
published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, api_call
from core.errors import Conflict
from roster.api_blueprint import bp
from roster.api_models import UncheckedOut, ViolationOut
from roster.consents import queries as consents
from roster.draft import services as drafts, undoing
from roster.draft.editor import seated_codes
from roster.draft.edits import SeatEdit, refuse_same_seat, seat_facts
from roster.draft.undoing import Clash, Turned

_OLD_CODES = {"seats.break_rules": "shift.breaks_rules", "seats.past": "shift.past"}
"""Where people of a shift are named instead of seats; they go with the next release."""


@contextmanager
def old_codes(shift_id: int) -> Iterator[None]:
    """Raise conflicts of seats by the code that clients of this call know, with ``people`` on the shift as it is; the
    code that remains once the old one goes is ``new_code``."""
    try:
        yield
    except Conflict as error:
        old = _OLD_CODES.get(error.code)
        if old is None:
            raise
        on = seated_codes(drafts.get_shift(shift_id))
        state = {**error.state, "people": list(on), "new_code": error.code}
        raise Conflict(old, state=state, **error.params) from error


class PeopleIn(ApiModel, title="PeopleIn"):
    people: Annotated[list[Code], Field(max_length=200)]
    pin: bool = True
    override_reason: Text | None = None
    draft_version: Annotated[int, Field(ge=0, le=2_147_483_647)] | None = None


class EditedOut(ApiModel, title="EditedOut"):
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


class SeatEditIn(ApiModel, title="SeatEditIn"):
    """Who shall sit on a seat (null: nobody), and who was seen there."""

    seat: Annotated[int, Field(ge=1, le=2_147_483_647)]
    person: Code | None
    was: Code | None
    pin: bool = True


class EditsIn(ApiModel, title="EditsIn"):
    edits: Annotated[list[SeatEditIn], Field(min_length=1, max_length=2000)]
    reason: Text | None = None


class ChangedSeatOut(ApiModel, title="ChangedSeatOut"):
    seat: int
    shift: int
    person: str | None
    pinned: bool


class CoveredShiftOut(ApiModel, title="CoveredShiftOut"):
    """How many of its seats somebody has now; who has not agreed yet counts."""

    shift: int
    seats: int
    filled: int


class EditsOut(ApiModel, title="EditsOut"):
    """``edit``: its number in the list of changes, null where nothing was to be changed. ``violations`` and
    ``coverage``: of the shifts that were edited, as they are now."""

    edit: int | None
    draft_version: int
    changed: list[ChangedSeatOut]
    violations: list[ViolationOut]
    coverage: list[CoveredShiftOut]


class TurnIn(ApiModel, title="TurnIn"):
    """``edit``: one of one's own changes (null: the last). ``clash``: what shall be where it was changed once more
    since: ``refuse`` tells both versions, ``keep`` leaves what stands and turns the rest, ``put_back`` overwrites it by
    a change of its own."""

    edit: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None
    clash: Clash = "refuse"


class TurnedOut(ApiModel, title="TurnedOut"):
    """What was undone or done again: ``text`` names it, ``shifts`` are those that it touched."""

    edit: int
    text: str
    shifts: list[int]
    draft_version: int


@api_call(
    bp,
    "PUT",
    "/shifts/<int:shift_id>/people",
    operation_id="put_people",
    body=PeopleIn,
    returns={200: EditedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Put people on a shift of the draft",
)
def put_people(shift_id: int, *, body: PeopleIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Resolver, feeds and documents change at the next publish. A hard violation without a reason: 409."""
    with old_codes(shift_id):
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
    "/campaigns/<int:campaign_id>/edits",
    operation_id="edit_seats",
    body=EditsIn,
    returns={200: EditsOut},
    action="campaign.write",
    tags=["campaigns"],
    refused=409,
    summary="Edit any seats of the draft at once",
)
def edit_seats(campaign_id: int, *, body: EditsIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """All of them or none, judged by what all of them leave. 409 with ``seats`` that others changed meanwhile (``was``
    differs), with the ``violations`` that need a ``reason``, or where a seat is named twice."""
    wanted = [SeatEdit(each.seat, each.person, each.was, each.pin) for each in body.edits]
    refuse_same_seat(wanted)
    done = drafts.edit_seats(campaign_id, wanted, reason=body.reason, actor=actor, now=now)
    broken = [each for edited in done.edited for each in edited.verdict["violations"]]
    return {
        "edit": done.edit,
        "draft_version": done.draft_version,
        "changed": seat_facts(done),
        "violations": [each for n, each in enumerate(broken) if each not in broken[:n]],
        "coverage": [
            {"shift": step.shift_id, "seats": len(step.seats), "filled": len(step.target)} for step in done.steps
        ],
    }


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/undo",
    operation_id="undo_edit",
    body=TurnIn,
    returns={200: TurnedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Take back one's last change of the draft",
)
def undo_edit(campaign_id: int, *, body: TurnIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Since the last publish. 409 when nothing is left, and with ``seats`` that were changed once more since: who sits
    there now (``person``), put there ``by`` whom, and who would ``then``; ``rest`` counts those left as they were."""
    return _turned(undoing.undo(campaign_id, edit=body.edit, clash=body.clash, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/redo",
    operation_id="redo_edit",
    body=TurnIn,
    returns={200: TurnedOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Do again what was taken back last",
)
def redo_edit(campaign_id: int, *, body: TurnIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Until the same account or key changes something else. 409 as for undo."""
    return _turned(undoing.redo(campaign_id, edit=body.edit, clash=body.clash, actor=actor, now=now))


def _turned(done: Turned) -> dict[str, Any]:
    return {"edit": done.edit, "text": done.text, "shifts": list(done.shifts), "draft_version": done.draft_version}
