"""GET /api/v1/ledger: what everybody carried Tết by Tết, and whose turn Giao thừa is; corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, When, api_call
from roster.fairness import correcting, ledgers, years
from roster.fairness.api import bp
from roster.fairness.models import LedgerEntry
from roster.fairness.years import Year

TAGS = ["campaigns"]


class LedgerQuery(ApiModel):
    unit: Code | None = None
    """With those below it; null: the asker's."""
    duty: Code | None = None
    year: int | None = None
    """One Tết; null: the latest ones."""


class LedgerYearOut(ApiModel, title="LedgerYearOut"):
    person_code: str
    full_name: str
    unit_code: str
    tet_year: int
    points: float
    giao_thua: int
    mung_1: int
    nights: int


class CorrectionOut(ApiModel, title="CorrectionOut"):
    id: int
    person: str
    tet_year: int
    points: float
    giao_thua: int
    mung_1: int
    nights: int
    reason: str
    recorded_at: When
    recorded_by: str


class EveTurnOut(ApiModel, title="roster__fairness__api_ledger__TurnOut"):
    person: str
    last: int | None
    """The Tết at which they last stood Giao thừa; null: at none that is known."""
    points: float
    """Of the latest Tết, by which those of one Tết are put in order."""


class LedgerOut(ApiModel, title="LedgerOut"):
    """``items`` are sums, corrections included; ``turns``: whose turn Giao thừa is, the next first."""

    items: list[LedgerYearOut]
    turns: list[EveTurnOut]
    corrections: list[CorrectionOut]


class CorrectionIn(ApiModel, title="CorrectionIn"):
    person: Code
    tet_year: Annotated[int, Field(ge=correcting.FIRST_YEAR, le=2099, examples=[2020])]
    points: Annotated[float, Field(ge=-1000, le=1000)] = 0
    """What is added to the year; below zero takes away."""
    giao_thua: Annotated[int, Field(ge=-1, le=1)] = 0
    mung_1: Annotated[int, Field(ge=-1, le=1)] = 0
    nights: Annotated[int, Field(ge=-60, le=60)] = 0
    reason: Annotated[Text, Field(min_length=1, max_length=correcting.LONGEST_REASON)]


@api_call(
    bp,
    "GET",
    "/ledger",
    operation_id="show_ledger",
    query=LedgerQuery,
    returns={200: LedgerOut},
    action="roster.read",
    tags=TAGS,
    summary="What everybody carried Tết by Tết, and whose turn Giao thừa is",
)
def show_ledger(*, query: LedgerQuery, actor: Actor) -> dict[str, Any]:
    """Active people of the unit and below. Whose turn it is counts what was carried until ``year``."""
    found = years.sheet(ledgers.group(ledgers.unit_of(query.unit, actor), query.duty), until=query.year)
    rows = [dict(zip(ledgers.COLUMNS, row, strict=True)) for row in ledgers.rows(found)]
    codes = {person.id: person.code for person in found.people}
    return {
        "items": [row for row in rows if query.year is None or row["tet_year"] == query.year],
        "turns": [
            {"person": codes[each.person_id], "last": each.last, "points": each.load / 100} for each in found.turns
        ],
        "corrections": [_correction(row) for row in years.corrections(list(codes), query.year)],
    }


@api_call(
    bp,
    "POST",
    "/ledger/corrections",
    operation_id="correct_ledger",
    body=CorrectionIn,
    returns={201: CorrectionOut},
    action="campaign.publish",
    tags=TAGS,
    idempotent=True,
    summary="Correct what somebody carried at one Tết",
)
def correct_ledger(*, body: CorrectionIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """One more entry; what stands is not rewritten. 409 for one's own ledger, for a year to come, and when nothing
    is corrected or less than nothing would be left."""
    change = Year(round(body.points * 100), body.giao_thua, body.mung_1, body.nights)
    return _correction(correcting.correct(body.person, body.tet_year, change, body.reason, actor=actor, now=now))


def _correction(row: LedgerEntry) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person.code,
        "tet_year": row.tet_year,
        "points": row.points / 100,
        "giao_thua": row.giao_thua,
        "mung_1": row.mung_1,
        "nights": row.nights,
        "reason": row.reason,
        "recorded_at": row.recorded_at,
        "recorded_by": row.recorded_by,
    }
