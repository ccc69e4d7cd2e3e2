"""JSON API of consents: who was asked to serve or to be called outside their unit, and their answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from core.actor import Actor
from core.api.call import ApiModel, When, api_call
from roster.api_blueprint import bp
from roster.consents import notices as consent_notices, queries as consent_queries, services as consents
from roster.consents.models import Consent

TAGS = ["consents"]


class ConsentOut(ApiModel, title="ConsentOut"):
    id: int
    person: str
    unit: str
    """Of the shift, or whose policies name the person."""
    shift: int | None
    """null: to be called by name by the policies of ``unit``."""
    seat: int | None
    text: str
    state: Literal["asked", "given", "refused", "expired", "withdrawn"]
    asked_by: str
    asked_at: When
    expires_at: When
    answered_by: str
    answered_at: When | None


class ConsentsOut(ApiModel, title="ConsentsOut"):
    to_answer: list[ConsentOut]
    """About oneself and about those whom one manages, answered ones too; of the last 30 days."""
    asked: list[ConsentOut]
    """What one has asked."""


@api_call(
    bp,
    "GET",
    "/consents",
    operation_id="list_consents",
    returns={200: ConsentsOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="Who was asked, and what they said",
)
def list_consents(*, actor: Actor, now: datetime) -> dict[str, Any]:
    theirs, asked = consent_queries.listed(actor, now=now)
    return {"to_answer": [_out(each, now) for each in theirs], "asked": [_out(each, now) for each in asked]}


@api_call(
    bp,
    "POST",
    "/consents/<int:consent_id>/accept",
    operation_id="accept",
    returns={200: ConsentOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    refused=409,
    summary="Agree",
)
def accept(consent_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """By the person who was asked, or by somebody who manages them. 409 when it was answered or is void."""
    return _out(consents.answer(consent_id, True, actor=actor, now=now), now)


@api_call(
    bp,
    "POST",
    "/consents/<int:consent_id>/decline",
    operation_id="decline",
    returns={200: ConsentOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    refused=409,
    summary="Do not agree",
)
def decline(consent_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The seat of the draft is empty again."""
    return _out(consents.answer(consent_id, False, actor=actor, now=now), now)


def _out(row: Consent, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person.code,
        "unit": row.unit.code,
        "shift": row.shift_id,
        "seat": row.seat_id,
        "text": consent_notices.what(row),
        "state": row.state_at(now),
        "asked_by": row.asked_by_name,
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "answered_by": row.answered_by,
        "answered_at": row.answered_at,
    }
