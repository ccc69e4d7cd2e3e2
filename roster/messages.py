"""Sentences for the error codes of roster, collected from the rooms that raise them."""

from __future__ import annotations

from typing import Any

from roster.approvals import messages as approvals
from roster.asks import messages as asks
from roster.campaigns import messages as campaigns
from roster.confirmations import messages as confirmations
from roster.consents import messages as consents
from roster.covers import messages as covers
from roster.crews import messages as crews
from roster.days import messages as days
from roster.draft import messages as draft
from roster.duty_checks import messages as duty_checks
from roster.duty_hours import messages as duty_hours
from roster.fairness import messages as fairness
from roster.feeds import messages as feeds
from roster.illness import messages as illness
from roster.lists import messages as lists
from roster.onduty import messages as onduty
from roster.overtime_consent import messages as overtime_consent
from roster.papers import messages as papers
from roster.patterns import messages as patterns
from roster.presence import messages as presence
from roster.publishing import messages as publishing
from roster.reasons import messages as reasons
from roster.refit import messages as refit
from roster.replies import messages as replies
from roster.requests import messages as requests
from roster.revisions import messages as revisions
from roster.rulebook import messages as rulebook
from roster.setting_up import messages as setting_up
from roster.shadows import messages as shadows
from roster.sharing import messages as sharing
from roster.sheets import messages as sheets
from roster.solving import messages as solving
from roster.sources import messages as sources
from roster.stand_ins import messages as stand_ins
from roster.swaps import messages as swaps
from roster.telling import messages as telling

ROOMS = (
    approvals,
    asks,
    campaigns,
    confirmations,
    consents,
    covers,
    crews,
    days,
    draft,
    duty_hours,
    fairness,
    duty_checks,
    feeds,
    illness,
    lists,
    onduty,
    papers,
    patterns,
    presence,
    stand_ins,
    overtime_consent,
    setting_up,
    publishing,
    reasons,
    refit,
    replies,
    requests,
    revisions,
    rulebook,
    sharing,
    shadows,
    sheets,
    solving,
    sources,
    swaps,
    telling,
)

MESSAGES: dict[str, Any] = {code: text for room in ROOMS for code, text in room.MESSAGES.items()}
