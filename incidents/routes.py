"""What incidents add to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.jobs import Job
from core.registration import register as add
from incidents import api, messages, panels, views, views_detail
from incidents.attachments import views as views_attachments
from incidents.catalogue import api as api_catalogue, views as views_catalogue, views_directory
from incidents.coverage import gaps, seats_at_risk
from incidents.creation import quick_log, views as views_log, views_offline, views_questions
from incidents.diary import views as views_diary
from incidents.escalation import arrivals, engine, gone_since, handover, requests
from incidents.figures import morning, views as views_figures
from incidents.intake import api as api_intakes, endpoints, heartbeats, sources, views as views_intakes
from incidents.legal import api as api_legal, views as views_legal
from incidents.merging import views as views_joining
from incidents.paging import bundle, views_ack, views_bundle, voice
from incidents.policies import api as api_policies, selection, views as views_policy, views_editor
from incidents.public_reports import panel, views as views_reports, views_codes
from incidents.record import access, holders
from incidents.response import api as api_moving, views as views_moving
from incidents.reviews import views as views_reviews
from incidents.triage import views as views_following
from notify import composing
from roster.onduty import call_outs
from roster.resolver import resolver

PAGES = (
    views,
    views_attachments,
    views_detail,
    views_diary,
    views_figures,
    views_legal,
    views_log,
    views_policy,
    views_editor,
    views_questions,
    views_reviews,
    views_catalogue,
    views_directory,
    views_intakes,
    endpoints,
    views_ack,
    views_bundle,
    voice,
    views_reports,
    views_codes,
    views_offline,
)
"""Modules with a ``bp``; those of one blueprint share it."""

PANELS = (
    *views_legal.PANELS,
    *views_moving.PANELS,
    *views_attachments.PANELS,
    *views_following.PANELS,
    *views_joining.PANELS,
    *views_reviews.PANELS,
    *panel.PANELS,
)
"""What parts of the incident desk add to the page of one incident, in the order of the page."""

APIS = (api, api_moving, api_policies, api_intakes, api_catalogue, api_legal)
CHECKS = {"incidents": access.ensure_place, "escalation-policies": access.ensure_policy_place}
JOBS = (
    Job("calling", "silence", heartbeats.raise_silent),
    Job("calling", "escalate", engine.escalate_due),
    Job("calling", "ask", requests.ask_due),
    Job("tick", "handover", handover.look),
    Job("tick", "gone since", gone_since.look),
    Job("tick", "arrivals", arrivals.look),
    Job("tick", "coverage", gaps.look),
    Job("tick", "at risk", seats_at_risk.look),
    Job("housekeeping", "intake events", lambda now: sources.forget_before(now - sources.KEPT_FOR)),
    Job("housekeeping", "quick log", quick_log.forget_before),
    Job("morning", "morning", morning.tell),
)
"""In the order in which they run."""


def register(app: Flask) -> None:
    _serve_other_packages()
    panels.show(PANELS)
    add(app, views=(*PAGES, *APIS), messages=(messages.MESSAGES,), checks=CHECKS)


def _serve_other_packages() -> None:
    """What packages below ask without knowing incidents."""
    resolver.set_catch_all_source(selection.catch_all)
    call_outs.set_source(holders.of_people)
    composing.set_composer(bundle.compose)
