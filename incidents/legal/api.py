"""JSON API of the legal steps of an incident (contract: /api/v1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Text, When, api_blueprint, api_call
from core.errors import Invalid
from incidents.api_blueprint import Short
from incidents.legal import services as legal, steps as rules, words
from incidents.record.models import Incident
from incidents.record.queries import readable

bp = api_blueprint("legal_api")
LEGAL = ["legal steps"]


class PartyIn(ApiModel, title="PartyIn"):
    name: Short
    role: Short = ""
    organisation: Short = ""


class LegalStepIn(ApiModel, title="StepIn"):
    """The whole step; fields of other steps must be left out, a field that is left out is emptied."""

    at: When | None = None
    by: Short | None = None
    found_at: Short | None = None
    sent_from: Short | None = None
    item: Short | None = None
    kept_at: Short | None = None
    seal_number: Short | None = None
    person: Short | None = None
    how: Literal["phone", "in_person", "letter", "email"] | None = None
    authority: Short | None = None
    contact: Short | None = None
    document: Short | None = None
    place: Short | None = None
    parties: Annotated[list[PartyIn], Field(max_length=rules.MOST_PARTIES)] | None = None
    outside: Text | None = None
    copies: Annotated[int, Field(ge=1, le=rules.MOST_COPIES)] | None = None
    signed_at: When | None = None
    scan: Short | None = None
    """Key of an attachment of the incident."""
    no_scan: Short | None = None
    request_number: Short | None = None
    request_on: date | None = None
    request_by: Short | None = None
    received_by: Short | None = None
    items: Short | None = None
    to: Short | None = None
    number: Short | None = None


class LegalStepOut(ApiModel, title="LegalStepOut"):
    step: str
    number: int
    name: str
    state: Literal["none", "begun", "done"]
    needed_to_close: bool
    missing: list[str]
    values: dict[str, Any]
    recorded_at: When | None
    recorded_by: str | None


class LegalOut(ApiModel, title="LegalOut"):
    applies: bool
    """Whether the incident's category follows these steps."""
    following: str | None
    missing_to_close: dict[str, list[str]]
    warnings: list[str]
    steps: list[LegalStepOut]


@api_call(
    bp,
    "GET",
    "/incidents/<code>/legal",
    operation_id="get_legal",
    returns={200: LegalOut},
    action="incident.read",
    tags=LEGAL,
    summary="The legal steps of an incident",
)
def get_legal(code: str, *, actor: Actor, now: datetime) -> Any:
    """What is done, what is missing before closing, what looks doubtful. A reminder, never a verdict."""
    return _legal(readable(code, actor, now))


@api_call(
    bp,
    "PUT",
    "/incidents/<code>/legal/<step>",
    operation_id="put_legal_step",
    body=LegalStepIn,
    returns={200: LegalOut},
    action="incident.act",
    tags=LEGAL,
    refused=409,
    summary="Record or correct a legal step",
)
def put_legal_step(code: str, step: str, *, body: LegalStepIn, actor: Actor, now: datetime) -> Any:
    """`step`: suspend, seal, leadership, authority, record, handover or report. 409 for what must come first; former
    values stay in the timeline."""
    incident, wanted = readable(code, actor, now), legal.step_of(step)
    given = body.model_dump(exclude_none=True)
    foreign = [key for key in given if wanted.field(key) is None]
    if foreign:
        raise Invalid("legal.foreign", field=foreign[0], step=step)
    legal.record(incident.id, step, given, actor=actor, now=now)
    return _legal(incident)


def _legal(incident: Incident) -> dict[str, Any]:
    known, rows = legal.recorded(incident), legal.rows(incident)
    due = rules.following(known) if legal.applies(incident) else None
    return {
        "applies": legal.applies(incident),
        "following": due.key if due else None,
        "missing_to_close": rules.to_close(known) if legal.applies(incident) else {},
        "warnings": [str(words.DOUBTS[code]) for code in rules.doubts(known, incident.detected_at)],
        "steps": [
            {
                "step": step.key,
                "number": rules.NUMBER[step.key],
                "name": str(words.STEPS[step.key]),
                "state": rules.state(step, known.get(step.key)),
                "needed_to_close": step.closing,
                "missing": rules.missing(step, known.get(step.key, {})),
                "values": rows[step.key].values if step.key in rows else {},
                "recorded_at": rows[step.key].recorded_at if step.key in rows else None,
                "recorded_by": rows[step.key].recorded_by if step.key in rows else None,
            }
            for step in rules.STEPS
        ],
    }
