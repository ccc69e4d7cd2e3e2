"""What the grid's script sends: seats, people's days, shifts or crews' days as they were typed; as edits of seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import Conflict, Invalid
from people.access import guard
from roster.campaigns.models import Campaign
from roster.crews import typed as typed_crews
from roster.crews.typed import CrewCell, LaidCrews
from roster.draft.edits import SeatEdit, refuse_same_seat
from roster.hands import edit_scope, typed, typed_shifts
from roster.hands.typed import TypedDay
from roster.hands.typed_shifts import ShiftCell

MOST = 2000
"""Seats or cells of one edit: a province's week."""
Number = Annotated[int, Field(ge=1, le=2_147_483_647)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Seats = Annotated[list[Number], Field(max_length=100)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SeatIn(_Sent):
    seat: Number
    person: Code | None = None
    was: Code | None = None
    pin: bool = True


class CellIn(_Sent):
    person: Code
    on: date
    text: Annotated[str, Field(max_length=200)] = ""
    seats: Annotated[list[Number], Field(max_length=20)] = []


class ShiftIn(_Sent):
    shift: Number
    text: Annotated[str, Field(max_length=2000)] = ""
    seats: Seats = []


class SentCrew(_Sent):
    crew: Number
    on: date
    text: Annotated[str, Field(max_length=200)] = ""
    seats: Seats = []


class SentSeats(_Sent):
    """Seats, or cells as they were typed; ``reason`` answers for the rules that they break."""

    edits: Annotated[list[SeatIn], Field(max_length=MOST)] = []
    cells: Annotated[list[CellIn], Field(max_length=MOST)] = []
    shifts: Annotated[list[ShiftIn], Field(max_length=MOST)] = []
    crews: Annotated[list[SentCrew], Field(max_length=MOST)] = []
    reason: Annotated[str, Field(max_length=500)] | None = None

    @property
    def size(self) -> int:
        return len(self.edits) + len(self.cells) + len(self.shifts) + len(self.crews)


@dataclass(frozen=True)
class SentEdits:
    """``about``: what undo names it by, where that is not its seats; ``laid``: what becomes of crews."""

    edits: Sequence[SeatEdit]
    about: Mapping[str, str] | None = None
    laid: LaidCrews | None = None


def sent() -> SentSeats:
    """The JSON of the script; or a form with parallel lists ``seat``, ``person``, ``was``. Raises Invalid."""
    try:
        if request.is_json:
            return SentSeats.model_validate_json(request.get_data())
        seats = request.form.getlist("seat")
        columns = [request.form.getlist(name) for name in ("person", "was")]
        rows = zip(seats, *([*column, *[""] * len(seats)] for column in columns), strict=False)
        edits = [{"seat": seat, "person": person or None, "was": was or None} for seat, person, was in rows]
        return SentSeats.model_validate({"edits": edits, "reason": request.form.get("reason")})
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "too_long" and len(first["loc"]) == 1:
            raise Invalid("edits.too_many", most=MOST, n=first["ctx"]["actual_length"]) from error
        raise Invalid("edits.unreadable", where=".".join(map(str, first["loc"])), why=first["msg"]) from error


def asked(campaign: Campaign, sent: SentSeats, now: datetime) -> SentEdits:
    """Raises Conflict ``seats.misfit`` with all that is out of reach, so that the rest can be asked for alone."""
    cells = [TypedDay(each.person, each.on, each.text, tuple(each.seats)) for each in sent.cells]
    wanted = [SeatEdit(each.seat, each.person, each.was, each.pin) for each in sent.edits]
    refuse_same_seat(wanted)
    units = edit_scope.units_of(guard.current_actor(), campaign, now=now)
    if barred := edit_scope.barred(campaign, wanted, units, now=now):
        raise Conflict("seats.misfit", state={"misfits": barred}, n=len(barred))
    edits = [*wanted, *(typed.laid_out(campaign, cells, units=units, now=now) if cells else ())]
    if sent.shifts:
        shifts = [ShiftCell(each.shift, each.text, tuple(each.seats)) for each in sent.shifts]
        edits += typed_shifts.laid_out(campaign, shifts, units=units, now=now)
    if not sent.crews:
        return SentEdits(edits)
    days = [CrewCell(each.crew, each.on, each.text, tuple(each.seats)) for each in sent.crews]
    laid = lay_crews(campaign, days, sent.reason, now)
    refuse_same_seat([*edits, *laid.edits])
    return SentEdits([*edits, *laid.edits], None if edits else laid.about, laid)


def lay_crews(campaign: Campaign, days: Sequence[CrewCell], reason: str | None, now: datetime) -> LaidCrews:
    units = edit_scope.units_of(guard.current_actor(), campaign, now=now)
    return typed_crews.laid_out(
        campaign, days, bars=lambda taken, shift_id: edit_scope.why_not(taken, shift_id, units), reason=reason, now=now
    )
