"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compliance import messages, places
from compliance.coordination import api as api_coordination, messages as coordination, views as views_coordination
from compliance.public_pages import messages as notices, views as views_public, views_notices
from compliance.reports import (
    api as api_reports,
    api_requests,
    late,
    messages as reports,
    papers,
    views as views_reports,
    views_requests,
)
from compliance.visits import api as api_visits, messages as visits, views as views_visits
from core.program.jobs import Job
from core.program.registration import register as add
from documents import kinds as documents

PAGES: tuple[Any, ...] = (
    views_public,
    views_notices,
    views_coordination,
    views_visits,
    views_requests,
    views_reports,
)
"""Modules with a ``bp``; those of one blueprint share it."""
APIS: tuple[Any, ...] = (api_coordination, api_visits, api_requests, api_reports)
JOBS: tuple[Job, ...] = (Job("tick", "late reports", late.tell),)


def register(app: Flask) -> None:
    told = (each.MESSAGES for each in (messages, coordination, visits, notices, reports))
    add(app, views=(*PAGES, *APIS), messages=tuple(told), checks=places.CHECKS)
    documents.register((papers.SORT,))
