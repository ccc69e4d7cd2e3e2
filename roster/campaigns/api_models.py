"""Bodies, queries and answers of the campaign calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.api.call import ApiModel, Code, Day, ItemPage, Line, ListQuery, When


class CampaignIn(ApiModel, title="CampaignIn"):
    name: Line
    tet_year: Annotated[int, Field(ge=1, le=9999)]
    unit: Code
    starts_on: Day
    ends_on: Day
    copy_from: int | None = None
    """Id of the campaign to do as: shifts by phase and distance from Mùng 1, and rules. null = by today's demand."""


class CampaignOut(ApiModel, title="CampaignOut"):
    id: int
    name: str
    tet_year: int
    unit: str
    starts_on: Day
    ends_on: Day
    state: Literal["draft", "published", "closed"]
    revision: int
    draft_version: int
    created_at: When


class LeftOutOut(ApiModel, title="LeftOutOut"):
    code: Literal[
        "unit.gone",
        "unit.new",
        "duty.new",
        "day.unused",
        "day.no_model",
        "shift.put_together",
        "shift.ground",
        "rule.gone",
    ]
    what: list[str]
    """Names, or dates as YYYY-MM-DD."""
    text: str


class CampaignMade(CampaignOut, title="CampaignMade"):
    left_out: list[LeftOutOut]
    """What of the campaign that was copied does not fit, and what nothing of it fits."""


class CampaignQuery(ListQuery):
    unit: Code | None = None


class CampaignSeatOut(ApiModel, title="roster__campaigns__api_models__SeatOut"):
    id: int
    person: str | None


class ShiftOut(ApiModel, title="ShiftOut"):
    id: int
    duty: str
    unit: str
    shift: str
    form: Literal["onsite", "standby", "command"]
    starts_at: When
    ends_at: When
    phase: Literal["before", "during", "after"]
    lunar: str
    required: int
    wanted: int | None
    """How many it would like to have, more than ``required``; null = exactly that many."""
    skills: dict[str, int]
    points: float
    legal_ground: str
    """The employer's statement for more than twelve hours on site; empty: none."""
    people: list[str]
    pinned: list[str]
    seats: list[CampaignSeatOut]


class ShiftQuery(ListQuery):
    state: Literal["draft", "published"] | None = None
    """Left out: the draft, or for those who edit none of it what is published."""


class ShiftPage(ItemPage[ShiftOut], title="ShiftPage"):
    state: Literal["draft", "published"]
    """Of which the list is."""
