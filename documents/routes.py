"""What documents add to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from core.actor import Actor
from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from documents import api, kinds, messages
from documents.batches import making, services as batching, views as views_batches
from documents.issued import queries
from documents.pages import views_agencies, views_drafts, views_issued
from people.access import guard


def _ensure_place(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """Who may do something to the document, or the thing, that an address of the API names."""
    if "document_id" in parts:
        row = queries.readable(int(parts["document_id"]), actor, now)
        guard.ensure(actor, action, row.unit_id, now=now)
    elif "about" in parts:
        kinds.sort_of(str(parts["about"])).owner(str(parts["about"]), actor, now)


ROOMS = (
    Room("pages", (views_drafts, views_issued, views_agencies)),
    Room("api", (api,), checks={"documents": _ensure_place}),
    Room(
        "batches",
        (views_batches,),
        jobs=(
            Job("papers", "batches", making.run_waiting),
            Job("housekeeping", "batches of documents", batching.forget_old),
        ),
    ),
)
JOBS = jobs_of(ROOMS)


def register(app: Flask) -> None:
    add(app, ROOMS, messages.MESSAGES)
