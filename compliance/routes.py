"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compliance import messages
from compliance.parcel_checks import api as api_parcels, messages as messages_parcels, views as views_parcels
from compliance.plans import api as api_plans, messages as messages_plans, views as views_plans
from compliance.posting import (
    api as api_posting,
    messages as messages_posting,
    reminding,
    services as posting,
    views as views_posting,
)
from compliance.service_hours import api as api_hours, messages as messages_hours, views as views_hours
from compliance.today import messages as messages_today, papers, views as views_today, views_desk as views_points
from core.program.jobs import Job
from core.program.registration import register as add
from documents import kinds
from incidents.public_reports import beside

PAGES: tuple[Any, ...] = (views_today, views_points, views_posting, views_parcels, views_hours, views_plans)
"""Modules with a ``bp``; those of one blueprint share it."""
APIS: tuple[Any, ...] = (api_posting, api_parcels, api_hours, api_plans)
JOBS: tuple[Job, ...] = (Job("morning", "posting", reminding.remind),)
MESSAGES = (
    messages.MESSAGES,
    messages_today.MESSAGES,
    messages_parcels.MESSAGES,
    messages_posting.MESSAGES,
    messages_hours.MESSAGES,
    messages_plans.MESSAGES,
)


def register(app: Flask) -> None:
    kinds.register(papers.SORTS)
    beside.show((views_today.sheet_link,), (views_points.points_link,))
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, checks={"postings": posting.ensure_place})
