"""GET /api/v1/campaigns/{id}/coverage: what is covered now, and what is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, api_call
from core.api.types import When
from people.access import guard
from roster.api_blueprint import bp
from roster.campaigns import rights
from roster.campaigns.queries import get_campaign
from roster.coverage import covered


class AnswersOut(ApiModel, title="AnswersOut"):
    """Who answers although no shift of the kind runs; ``unit``: whose duty that is, null for a chain."""

    rule: Literal["assigned", "substitute", "standing_chain", "catch_all"]
    unit: str | None
    people: list[str]


class CoverageGapOut(ApiModel, title="CoverageGapOut"):
    """``empty``: nobody sits there; who does is recorded absent for some minute of it (``at_risk``), has ``refused``
    it, has ``left``, is not on the list of that duty any more (``unlisted``), or of another unit now (``moved``);
    ``unreachable``: who does cannot be called; ``open``: the demand asks for nobody. ``answers`` only before the first
    shift of a kind and after its last: such minutes block no publishing.
    """

    unit: str
    starts_at: When
    ends_at: When
    why: Literal["empty", "at_risk", "refused", "left", "unlisted", "moved", "unreachable", "open"]
    blocks: bool
    shift: int | None
    missing: int
    people: list[str]
    answers: list[AnswersOut]


class CoveredKindOut(ApiModel, title="CoveredKindOut"):
    """``from``, ``to``: from the first shift of the kind to the end of its last; null without one."""

    duty: str
    obligatory: bool
    since: When | None = Field(alias="from")
    to: When | None
    gaps: list[CoverageGapOut]


class CoverageOut(ApiModel, title="CoverageOut"):
    """``of``: ``published`` once something is, before that the draft; ``revision`` is then null."""

    campaign: int
    of: Literal["published", "draft"]
    revision: int | None
    at: When
    kinds: list[CoveredKindOut]


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/coverage",
    operation_id="show_coverage",
    returns={200: CoverageOut},
    action="roster.read",
    tags=["campaigns"],
    summary="What is covered now, and what is not",
)
def show_coverage(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Of what is published, or of the draft before anything is; people, absences and addresses as of this moment.
    Nobody is named to those who may not read what it is of."""
    campaign = get_campaign(campaign_id)
    guard.ensure(actor, "roster.read", campaign.unit_id, now=now)
    found = covered.covered_time(campaign, now=now)
    reads = found.source == "published" or rights.sees_draft(actor, campaign, now=now)
    named = reads and bool(guard.allowed(actor, "person.read", campaign.unit_id, now=now))
    return {
        "campaign": campaign_id,
        "of": found.source,
        "revision": campaign.revision if found.source == "published" else None,
        "at": now,
        "kinds": covered.as_facts(found, with_people=named),
    }
