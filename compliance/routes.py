"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

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
from compliance.parcel_checks import api as api_parcel_checks, views as views_parcel_checks
from compliance.plans import api as api_plans, views as views_plans
from compliance.posting import (
    api as api_posting,
    reminding,
    services as posting,
    views as views_posting,
)
from compliance.public_pages import views as views_public_pages, views_notices
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
    api as api_service_hours,
    points as service_points,
    views as views_service_hours,
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
from core.program.registration import Room, jobs_of, register as add
from documents import kinds
from incidents.public_reports import beside
from people.accounts import leftovers

ROOMS = (
    Room("letters", (views, views_requirements, views_matrix, views_point_requirements, api, api_evidence)),
    Room("places", checks=places.CHECKS),
    Room("register", checks={"requirements": points.ensure_place}),
    Room("followup", jobs=(Job("housekeeping", "requirements", rechecking.recheck),)),
    Room("inspector", (views_inspector, views_link)),
    Room("today", (views_today, views_points, views_waiting, views_day)),
    Room(
        "posting",
        (views_posting, api_posting),
        checks={"postings": posting.ensure_place},
        jobs=(Job("morning", "posting", reminding.remind),),
    ),
    Room("parcel_checks", (views_parcel_checks, api_parcel_checks)),
    Room("service_hours", (views_service_hours, api_service_hours)),
    Room("plans", (views_plans, api_plans)),
    Room("public_pages", (views_public_pages, views_notices)),
    Room("coordination", (views_coordination, api_coordination)),
    Room("visits", (views_visits, api_visits)),
    Room(
        "reports",
        (views_reports, views_requests, api_reports, api_requests),
        jobs=(Job("tick", "late reports", late.tell),),
    ),
)
JOBS = jobs_of(ROOMS)


def register(app: Flask) -> None:
    _serve_other_packages()
    add(app, ROOMS, messages.MESSAGES)


def _serve_other_packages() -> None:
    """What packages below ask without knowing letters, each with its reason."""
    # Papers are numbered and kept in one place, whatever they tell of.
    kinds.register((dossier.SORT, *papers.SORTS, report_papers.SORT))
    # The QR sheets of reports lead to the pages of a point, too.
    beside.show((views_today.sheet_link,), (views_points.points_link,), service_points.counters)
    # What an account leaves behind when it is closed.
    leftovers.ask(inspector.left_behind)
