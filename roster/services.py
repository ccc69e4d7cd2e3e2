"""Every use-case of the roster in one list; each lives in the module named after what it is about."""

from __future__ import annotations

from roster.campaigns.services import create_campaign, delete_campaign, get_campaign
from roster.draft.edits import Edited
from roster.draft.services import set_people, set_pinned
from roster.draft.undoing import redo, undo
from roster.publishing.services import Readiness, gap_facts, publish, readiness
from roster.solving.services import cancel_solve, get_run, request_solve
from roster.sources.services import save_demand, save_holiday, save_wish, set_standing_chain

__all__ = [
    "Edited",
    "Readiness",
    "cancel_solve",
    "create_campaign",
    "delete_campaign",
    "gap_facts",
    "get_campaign",
    "get_run",
    "publish",
    "readiness",
    "redo",
    "request_solve",
    "save_demand",
    "save_holiday",
    "save_wish",
    "set_people",
    "set_pinned",
    "set_standing_chain",
    "undo",
]
