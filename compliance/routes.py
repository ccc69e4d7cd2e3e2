"""What compliance adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compliance import computed, messages
from compliance.dossier import kind as dossier, messages as dossier_messages
from compliance.followup import rechecking
from compliance.inspector import messages as inspector_messages, views as views_inspector, views_link
from compliance.register import (
    api,
    api_evidence,
    messages as register_messages,
    points,
    views,
    views_matrix,
    views_points,
    views_requirements,
)
from compliance.sources import duty, incidents
from core.program.jobs import Job
from core.program.registration import register as add
from documents import kinds

PAGES: tuple[Any, ...] = (
    views,
    views_requirements,
    views_matrix,
    views_points,
    views_inspector,
)
"""Modules with a ``bp``; those of one blueprint share it."""
APIS: tuple[Any, ...] = (api, api_evidence)
MESSAGES = (
    messages.MESSAGES,
    register_messages.MESSAGES,
    inspector_messages.MESSAGES,
    dossier_messages.MESSAGES,
)
COMPUTED = (
    *duty.SOURCES,
    *incidents.SOURCES,
)
"""What proves by itself that something is done; a requirement names one by its code."""
CHECKS = {"requirements": points.ensure_place}
JOBS: tuple[Job, ...] = (Job("housekeeping", "requirements", rechecking.recheck),)


def register(app: Flask) -> None:
    computed.register(COMPUTED)
    kinds.register((dossier.SORT,))
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, checks=CHECKS)
    app.register_blueprint(views_link.link_bp)
