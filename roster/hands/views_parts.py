"""The parts of the campaign page that a change makes anew, for the script of the grid to put in place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import render_template, request

from core.fast_path import shared_cache
from roster.campaigns.views import shown
from roster.models import Campaign


def changed(campaign: Campaign, ids: Collection[int] | None, said: str, now: datetime) -> dict[str, Any]:
    """Rows of these people (``None``: of all on the page), the foot, the head and what stands beside, as the grid that
    was looked at shows them."""
    with shared_cache.within_a_block():  # all is written: what follows is a look
        facts = shown(campaign, request.args, now)
        only = {row.person.id for row in facts["grid"].rows} if ids is None else ids
        return {
            "said": said,
            "rows": render_template("roster/draft/_rows.html", only=only, **facts),
            "title": render_template("roster/draft/_campaign_title.html", **facts),
            "acts": render_template("roster/draft/_campaign_acts.html", **facts),
            "side": render_template("roster/draft/_side.html", **facts),
            "undo": facts["undo"].text if facts["undo"] else "",
        }


def version(campaign: Campaign, draft: int | None = None) -> str:
    """Of the draft, and of what is published: either makes an open grid old."""
    return f"{campaign.draft_version if draft is None else draft}.{campaign.revision}"


def versions(campaign: Campaign, since: int) -> dict[str, str]:
    """Between which two a change was made: who had seen the first has missed nothing."""
    return {"since": version(campaign, since), "version": version(campaign)}
