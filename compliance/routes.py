"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compliance import messages, places
from compliance.coordination import api as api_coordination, views as views_coordination
from compliance.dossier import kind as dossier
from compliance.followup import rechecking
from compliance.inspector import (
    services as inspector,
    views as views_inspector,
    views_link,
)
from compliance.letters import (
    api,
    api_evidence,
    views,
    views_matrix,
    views_points as views_point_requirements,
    views_requirements,
)
from compliance.parcel_checks import api as api_parcels, views as views_parcels
from compliance.plans import api as api_plans, views as views_plans
from compliance.posting import (
    api as api_posting,
    reminding,
    services as posting,
    views as views_posting,
)
from compliance.public_pages import views as views_public, views_notices
from compliance.register import points
from compliance.reports import (
    api as api_reports,
    api_requests,
    late,
    papers as report_papers,
    views as views_reports,
    views_requests,
)
from compliance.service_hours import (
    api as api_hours,
    points as service_points,
    views as views_hours,
)
from compliance.today import (
    papers,
    views as views_today,
    views_day,
    views_desk as views_points,
    views_waiting,
)
from compliance.visits import api as api_visits, views as views_visits
from core.program.jobs import Job
from core.program.registration import register as add
from documents import kinds
from incidents.public_reports import beside
from people.accounts import leftovers

PAGES: tuple[Any, ...] = (
    views,
    views_requirements,
    views_matrix,
    views_point_requirements,
    views_inspector,
    views_today,
    views_points,
    views_waiting,
    views_day,
    views_posting,
    views_parcels,
    views_hours,
    views_plans,
    views_public,
    views_notices,
    views_coordination,
    views_visits,
    views_requests,
    views_reports,
)
"""Modules with a ``bp``; those of one blueprint share it."""
APIS: tuple[Any, ...] = (
    api,
    api_evidence,
    api_posting,
    api_parcels,
    api_hours,
    api_plans,
    api_coordination,
    api_visits,
    api_requests,
    api_reports,
)
MESSAGES = (messages.MESSAGES,)
CHECKS = {**places.CHECKS, "requirements": points.ensure_place, "postings": posting.ensure_place}
JOBS: tuple[Job, ...] = (
    Job("housekeeping", "requirements", rechecking.recheck),
    Job("morning", "posting", reminding.remind),
    Job("tick", "late reports", late.tell),
)


def register(app: Flask) -> None:
    kinds.register((dossier.SORT, *papers.SORTS, report_papers.SORT))
    beside.show((views_today.sheet_link,), (views_points.points_link,), service_points.counters)
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, checks=CHECKS)
    app.register_blueprint(views_link.link_bp)
    leftovers.ask(inspector.left_behind)
