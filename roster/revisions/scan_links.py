"""Where the signed papers of a revision are read, for whoever may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from core import clock
from people.access import guard
from roster.campaigns.models import Campaign
from roster.models import Revision, RevisionScan
from roster.publishing import signed


def scan_addresses(campaign: Campaign, revision: Revision, scans: Sequence[RevisionScan]) -> dict[int, str]:
    """Return the addresses of the signed files, for whoever may read them; empty for others."""
    if not signed.may_read(guard.current_actor(), campaign.unit_id, now=clock.now()):
        return {}
    facts: dict[str, Any] = {"campaign_id": campaign.id, "number": revision.number}
    return {each.id: url_for("roster.signed_paper", scan_id=each.id, **facts) for each in scans}
