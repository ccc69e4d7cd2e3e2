"""Every page and call of incidents, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from incidents import api, views, views_detail
from incidents.attachments import api as api_attachments, views as views_attachments
from incidents.catalogue import api as api_catalogue, views as views_catalogue, views_directory
from incidents.creation import views as views_creation, views_offline, views_questions
from incidents.diary import views as views_diary
from incidents.figures import views as views_figures
from incidents.intake import api as api_intake, endpoints, views as views_intake
from incidents.legal import api as api_legal, views as views_legal
from incidents.merging import api as api_merging, views as views_merging
from incidents.paging import views_ack, views_bundle, voice
from incidents.policies import api as api_policies, views as views_policies, views_editor
from incidents.public_reports import panel, views as views_public_reports, views_codes
from incidents.response import api as api_response, views as views_response
from incidents.reviews import views as views_reviews
from incidents.triage import views as views_triage

PAGES = (
    views,
    views_attachments,
    views_detail,
    views_diary,
    views_figures,
    views_legal,
    views_creation,
    views_policies,
    views_editor,
    views_questions,
    views_reviews,
    views_catalogue,
    views_directory,
    views_intake,
    endpoints,
    views_ack,
    views_bundle,
    voice,
    views_public_reports,
    views_codes,
    views_offline,
)
"""Modules with a ``bp``; those of one blueprint share it."""

PANELS = (
    *views_legal.PANELS,
    *views_response.PANELS,
    *views_attachments.PANELS,
    *views_triage.PANELS,
    *views_merging.PANELS,
    *views_reviews.PANELS,
    *panel.PANELS,
)
"""What parts of the incident desk add to the page of one incident, in the order of the page."""

APIS = (api, api_response, api_policies, api_intake, api_catalogue, api_attachments, api_legal, api_merging)
