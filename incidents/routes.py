"""What incidents add to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from core.server import busy
from documents import kinds as documents
from duty.on_duty import own_sections
from duty.pending_actions import registry as pending_actions
from incidents import messages
from incidents.api import api_grouping, api_incidents, api_merging, api_policies, api_response, api_triage
from incidents.attachments import api as api_attachments, views as views_attachments
from incidents.board import views as views_picks, watching
from incidents.catalogue import api as api_catalogue, queries as catalogue, views as views_catalogue, views_directory
from incidents.coverage import gaps, no_shows, seats_at_risk
from incidents.creation import quick_log, services as creation
from incidents.endings import judging as endings
from incidents.escalation import engine, gone_since, requests
from incidents.figures import morning, views as views_figures
from incidents.front import views as views_front
from incidents.grouping import settings as grouping
from incidents.handovers import (
    answerable as minutes,
    api as api_handovers,
    late,
    own as own_handovers,
    views as views_handovers,
)
from incidents.intake import api as api_intake, endpoints, heartbeats, sources
from incidents.legal import api as api_legal, views as views_legal
from incidents.mailboxes import polling as mail, services as mailboxes
from incidents.maintenance import (
    api as api_maintenance,
    held_alarms,
    judging,
    services as maintenance,
    sweeping,
    views as views_maintenance,
)
from incidents.pages import (
    views_ack,
    views_board,
    views_bundle,
    views_detail,
    views_diary,
    views_grouping,
    views_log_questions,
    views_mailboxes,
    views_offline_log,
    views_policies,
    views_policy_editor,
    views_quick_log,
    views_source_rules,
    views_sources,
)
from incidents.paging import answerable as calls, bundle, voice
from incidents.papers import registry
from incidents.policies import selection
from incidents.public_reports import views as views_public_reports, views_codes
from incidents.record import access, holders
from incidents.response import arrivals, handover
from incidents.reviews import views as views_reviews
from incidents.sharing import views as views_sharing
from incidents.together import views as views_together, views_singly
from notify.bundles import composing
from notify.last_look import services as last_look
from roster.call_outs import queries as call_outs
from roster.resolver import resolver

ROOMS = (
    Room(
        "pages",
        (
            views_board,
            views_detail,
            views_quick_log,
            views_offline_log,
            views_ack,
            views_bundle,
            views_sources,
            views_source_rules,
            views_mailboxes,
            views_policies,
            views_policy_editor,
            views_grouping,
            views_diary,
            views_log_questions,
        ),
    ),
    Room("api", (api_incidents, api_response, api_policies, api_grouping, api_triage, api_merging)),
    Room("record", checks={"incidents": access.ensure_place, "escalation-policies": access.ensure_policy_place}),
    Room("creation", jobs=(Job("housekeeping", "quick log", quick_log.forget_before),)),
    Room(
        "board",
        (views_picks,),
        jobs=(Job("housekeeping", "watches", lambda now: watching.forget_before(now - watching.KEPT)),),
    ),
    Room("front", (views_front,)),
    Room(
        "intake",
        (endpoints, api_intake),
        jobs=(
            Job("calling", "silence", heartbeats.raise_silent),
            Job("housekeeping", "intake events", lambda now: sources.forget_before(now - sources.KEPT_FOR)),
        ),
    ),
    Room("paging", (voice,)),
    Room(
        "maintenance",
        (views_maintenance, api_maintenance),
        checks={"maintenance-windows": maintenance.ensure_place},
        jobs=(
            Job("tick", "maintenance", held_alarms.release_due),
            Job("housekeeping", "maintenance hours", judging.judge_anew),
            Job("housekeeping", "held alarms", lambda now: sweeping.forget_before(now - sweeping.KEPT_FOR)),
        ),
    ),
    Room("handovers", (views_handovers, api_handovers), jobs=(Job("tick", "late handover", late.look),)),
    # In this order: incidents go to whom they were handed, who is gone is passed over, late arrivals are asked for.
    Room("response", jobs=(Job("tick", "handover", handover.look),)),
    Room(
        "escalation",
        jobs=(
            Job("calling", "escalate", engine.escalate_due),
            Job("calling", "ask", requests.ask_due),
            Job("tick", "gone since", gone_since.look),
        ),
    ),
    Room("response", jobs=(Job("tick", "arrivals", arrivals.look),)),
    Room(
        "coverage",
        jobs=(
            Job("tick", "coverage", gaps.look),
            Job("tick", "at risk", seats_at_risk.look),
            Job("tick", "no shows", no_shows.look),
        ),
    ),
    Room(
        "mailboxes",
        jobs=(
            Job("mail", "mail", mail.look),
            Job("housekeeping", "mails", lambda now: mailboxes.forget_before(now - mailboxes.KEPT_FOR)),
        ),
    ),
    Room("figures", (views_figures,), jobs=(Job("morning", "morning", morning.tell),)),
    Room("grouping", checks={"intakes": grouping.ensure_place}),
    Room("attachments", (views_attachments, api_attachments)),
    Room("legal", (views_legal, api_legal)),
    Room("reviews", (views_reviews,)),
    Room("sharing", (views_sharing,)),
    Room("catalogue", (views_catalogue, views_directory, api_catalogue)),
    Room("together", (views_together, views_singly)),
    Room("public_reports", (views_public_reports, views_codes)),
)
JOBS = jobs_of(ROOMS)


ANSWERED_FIRST = ("/intake/", "/v2/enqueue$", "/a/", "/b/", "/v/")
"""Alarms, signs of life, and what those who are called answer by link or key (``core.server.busy``)."""
WRITTEN_FIRST = (
    "/incidents/new$",
    "/incidents/offline/send$",
    "/incidents/[^/]+/(?:acknowledge|take)$",
    "/incidents/take-(?:all|singly)$",
    "/bao/",
    r"/api/v1/incidents(?:/[^/]+/acknowledge)?$",
)
"""Reports of people, and taking incidents."""


def register(app: Flask) -> None:
    busy.go_first(app, ANSWERED_FIRST, WRITTEN_FIRST)
    _serve_other_packages()
    for each in (catalogue, creation, selection, maintenance):
        each.watch()
    add(app, ROOMS, messages.MESSAGES)


def _serve_other_packages() -> None:
    """What packages below ask without knowing incidents, each with its reason."""
    # Where a unit has nobody on duty its policy says who catches all; the resolver knows no policies.
    resolver.set_catch_all_source(selection.catch_all)
    # Hours of a call-out are those of the incidents that people had.
    call_outs.set_source(holders.holdings_of_people)
    # Papers are numbered and kept in one place, whatever they tell of.
    documents.register(registry.SORTS)
    # One's own page, and what one may answer by key, text or ringing back, show minutes and calls too.
    own_sections.show("incidents", (own_handovers.SECTION,))
    pending_actions.offer("incidents", (*calls.SOURCES, *minutes.SOURCES))
    # Several calls in one letter, and the last look before one leaves, are of notify; what they say is ours.
    composing.set_composer(bundle.compose)
    last_look.set_judge(endings.judge)
