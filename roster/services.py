"""Every use-case of the roster in one list; each lives in the module named after what it is about."""

from __future__ import annotations

from roster.campaigns import create_campaign, delete_campaign, get_campaign
from roster.drafts import set_people, set_pinned
from roster.edits import Edited
from roster.inputs import save_demand, save_holiday, save_wish, set_standing_chain
from roster.publishing import Readiness, gap_facts, publish, readiness
from roster.solving import cancel_solve, get_run, request_solve
from roster.undoing import redo, undo

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
