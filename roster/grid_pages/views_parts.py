"""The parts of the campaign page that a change makes anew, for the script of the grid to put in place.

An edit answers with the rows that it changed and the foot. What stands around the table is asked for apart, once it is
looked at: of ten edits in a row one look.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask import render_template, request

from core.fast_path import shared_cache
from people.access import guard
from roster.campaigns.models import Campaign
from roster.draft import edit_log
from roster.grid_pages.campaign_page import CampaignPage, campaign_page
from roster.grid_pages.grid_part import RowsAlone, grid_part, version_of
from roster.snapshot.snapshot import Snapshot
from roster.solving import proof_validity
from roster.words.names import names_of

ROWS = {
    "people": "roster/draft/_rows.html",
    "duties": "roster/draft/_duty_rows.html",
    "crews": "roster/crews/_rows.html",
}
"""By view; shifts and crews are few, so all rows of the page go."""


def changed(
    campaign: Campaign,
    ids: Collection[int] | None,
    said: str,
    now: datetime,
    *,
    shifts: Collection[int] | None = None,
) -> dict[str, Any]:
    """Return the rows of these people and the foot of the days of these shifts, as the grid that was looked at shows
    them; ``None``: all of the page. ``order``: of the people of the page, for a row that was not on it before."""
    with shared_cache.within_a_block():  # all is written: what follows is a look
        only = RowsAlone(None if ids is None else frozenset(ids))
        part = grid_part(campaign, request.args, actor=guard.current_actor(), now=now, only=only)
        view, shift_of = part.look.view, part.grid.taken.problem.shift_of
        dates = None if shifts is None else {shift_of[each].local_date for each in shifts if each in shift_of}
        return {
            "said": said,
            "rows": render_template(ROWS.get(view, ROWS["people"]), only=only.people, foot_of=dates, **part.facts()),
            "order": part.grid.listed if view == "people" else [],
            "undo": _next_to_undo(campaign, part.grid.taken) if part.may.may_write else "",
        }


def changed_days(campaign: Campaign, dates: Collection[date] | None, said: str, now: datetime) -> dict[str, Any]:
    """Return the same where a phone shows days instead of the grid: these of them, or the whole list (``None``)."""
    with shared_cache.within_a_block():
        page = campaign_page(campaign, request.args, actor=guard.current_actor(), now=now)
        facts = page.facts_with_agenda(dates)
        days = "roster/draft/_agenda.html" if dates is None else "roster/draft/_agenda_days.html"
        return _around(page, facts) | {
            "said": said,
            "days": render_template(days, **facts),
            "whole": dates is None,
            "last": render_template("roster/draft/_undo_last.html", **facts),
        }


def around(campaign: Campaign, now: datetime) -> dict[str, Any]:
    """Return the head and what stands beside, as they are now."""
    page = campaign_page(campaign, request.args, actor=guard.current_actor(), now=now)
    return _around(page, page.facts())


def _around(page: CampaignPage, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": render_template("roster/draft/_campaign_title.html", **facts),
        "acts": render_template("roster/draft/_campaign_acts.html", **facts),
        "side": render_template("roster/draft/_side.html", **facts),
        "undo": page.steps.undo.text if page.steps.undo else "",
    }


def _next_to_undo(campaign: Campaign, taken: Snapshot) -> str:
    """Return what the key takes back, in words."""
    edit = edit_log.next_to_undo(campaign, guard.current_actor().ref)
    if edit is None:
        return ""
    names, (shifts, persons) = names_of(taken.problem), edit_log.named_in(edit)
    is_known = set(shifts) <= names.shifts.keys() and set(persons) <= names.people.keys()
    return edit_log.described(edit, names if is_known else None)


def version(campaign: Campaign, draft: int | None = None) -> str:
    """Return the version of what an open grid shows now; ``draft``: that version of the draft."""
    return version_of(campaign, campaign.draft_version if draft is None else draft, proof_validity.stamp())


def versions(campaign: Campaign, since: int) -> dict[str, str]:
    """Between which two a change was made: who had seen the first has missed nothing."""
    return {"since": version(campaign, since), "version": version(campaign)}
