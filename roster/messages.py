"""Sentences for the error codes of roster, collected from the rooms that raise them."""

from __future__ import annotations

from typing import Any

from roster.approvals import messages as approvals
from roster.campaigns import messages as campaigns
from roster.confirmations import messages as confirmations
from roster.consents import messages as consents
from roster.covers import messages as covers
from roster.crews import messages as crews
from roster.days import messages as days
from roster.draft import messages as draft
from roster.fairness import messages as fairness
from roster.feeds import messages as feeds
from roster.lists import messages as lists
from roster.papers import messages as papers
from roster.patterns import messages as patterns
from roster.publishing import messages as publishing
from roster.reasons import messages as reasons
from roster.refit import messages as refit
from roster.revisions import messages as revisions
from roster.rulebook import messages as rulebook
from roster.setting_up import messages as setting_up
from roster.shadows import messages as shadows
from roster.sheets import messages as sheets
from roster.solving import messages as solving
from roster.sources import messages as sources
from roster.telling import messages as telling

ROOMS = (
    approvals,
    campaigns,
    confirmations,
    consents,
    covers,
    crews,
    days,
    draft,
    fairness,
    feeds,
    lists,
    papers,
    patterns,
    setting_up,
    publishing,
    reasons,
    refit,
    revisions,
    rulebook,
    shadows,
    sheets,
    solving,
    sources,
    telling,
)

MESSAGES: dict[str, Any] = {code: text for room in ROOMS for code, text in room.MESSAGES.items()}
