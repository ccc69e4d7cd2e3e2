"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compliance import messages
from compliance.parcel_checks import api as api_parcels, messages as messages_parcels
from compliance.posting import api as api_posting, messages as messages_posting, views as views_posting
from compliance.service_hours import api as api_hours, messages as messages_hours, views as views_hours
from compliance.today import messages as messages_today, papers, views as views_today, views_desk as views_points
from core.program.jobs import Job
from core.program.registration import register as add
from documents import kinds
from incidents.public_reports import beside

PAGES: tuple[Any, ...] = (views_today, views_points, views_posting, views_hours)
"""Modules with a ``bp``; those of one blueprint share it."""
APIS: tuple[Any, ...] = (api_posting, api_parcels, api_hours)
JOBS: tuple[Job, ...] = ()
MESSAGES = (
    messages.MESSAGES,
    messages_today.MESSAGES,
    messages_parcels.MESSAGES,
    messages_posting.MESSAGES,
    messages_hours.MESSAGES,
)


def register(app: Flask) -> None:
    kinds.register(papers.SORTS)
    beside.show((views_today.sheet_link,))
    add(app, views=(*PAGES, *APIS), messages=MESSAGES)
