"""JSON API of overtime consent: whose published duty is overtime, and whether they agree to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, When, api_call
from duty.overtime_consent import queries, services
from duty.overtime_consent.queries import ConsentLine
from people.access import guard
from roster.api_blueprint import bp
from roster.campaigns.queries import get_campaign

TAGS = ["confirmations"]


class OvertimeAnswerIn(ApiModel, title="OvertimeAnswerIn"):
    agrees: bool
    """Whether they agree to the overtime; the duty itself is not touched by it."""
    person: Code | None = None
    """Whom it is noted for; null: whoever holds the seat."""
    how: Literal["phone", "paper"] = "phone"
    """Of what is noted for somebody else: heard, or signed on paper."""
    note: Annotated[Text, Field(max_length=services.LONGEST_NOTE)] | None = None
    """Of what is noted for somebody else: how one heard it, or where the paper is kept."""


class OvertimeAskOut(ApiModel, title="OvertimeAskOut"):
    seat: int
    duty: str
    unit: str
    person: str
    starts_at: When
    ends_at: When
    overtime_minutes: int
    """What the duty adds to the overtime of the duties before it."""
    state: Literal["waiting", "agreed", "refused"]
    via: Literal["page", "link", "phone", "paper", "api"] | None
    answered_by: str
    answered_at: When | None
    note: str


class OvertimeAsksOut(ApiModel, title="OvertimeAsksOut"):
    campaign: int
    items: list[OvertimeAskOut]


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/overtime-consents",
    operation_id="list_overtime",
    returns={200: OvertimeAsksOut},
    action="duty.confirm",
    tags=TAGS,
    summary="Whose duty is overtime, and who agrees",
)
def list_overtime(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Duties that are not over, by start, of the units that the asker answers for."""
    get_campaign(campaign_id)
    units = guard.reach(actor, "duty.confirm", now=now)
    found = queries.asks(campaign_id, units=units, now=now)
    return {"campaign": campaign_id, "items": [_out(line) for line in queries.lines(found)]}


@api_call(
    bp,
    "POST",
    "/seats/<int:seat_id>/overtime-consent",
    operation_id="answer_overtime",
    body=OvertimeAnswerIn,
    returns={200: OvertimeAskOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The holder of a published seat agrees to its overtime, or does not",
)
def answer_overtime(seat_id: int, *, body: OvertimeAnswerIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """A no leaves the duty as it is; the managers are told. 409 when there is no overtime, or the duty is over."""
    found = services.note_for(
        seat_id,
        services.GivenAnswer("agreed" if body.agrees else "refused", note=body.note or "", how=body.how),
        person=body.person or "",
        actor=actor,
        now=now,
    )
    [line] = queries.lines([found])
    return _out(line)


def _out(line: ConsentLine) -> dict[str, Any]:
    duty, said = line.duty, line.said
    return {
        "seat": duty.seat_id,
        "duty": duty.duty,
        "unit": duty.unit.code,
        "person": duty.person.code,
        "starts_at": duty.starts_at,
        "ends_at": duty.ends_at,
        "overtime_minutes": line.minutes,
        "state": line.state,
        "via": said.via if said else None,
        "answered_by": said.answered_by if said else "",
        "answered_at": said.answered_at if said else None,
        "note": said.note if said else "",
    }
