"""Every page and call of incidents, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from incidents import (
    ack,
    api,
    api_catalogue,
    api_intakes,
    api_legal,
    api_moving,
    api_policies,
    intake,
    report_panel,
    views,
    views_attachments,
    views_catalogue,
    views_detail,
    views_diary,
    views_directory,
    views_figures,
    views_following,
    views_intakes,
    views_joining,
    views_legal,
    views_log,
    views_moving,
    views_offline,
    views_policy,
    views_policy_edit,
    views_questions,
    views_report_codes,
    views_reports,
    views_reviews,
    views_several,
    voice,
)

PAGES = (
    views,
    views_attachments,
    views_detail,
    views_diary,
    views_figures,
    views_legal,
    views_log,
    views_policy,
    views_policy_edit,
    views_questions,
    views_reviews,
    views_catalogue,
    views_directory,
    views_intakes,
    intake,
    ack,
    views_several,
    voice,
    views_reports,
    views_report_codes,
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
    *report_panel.PANELS,
)
"""What parts of the incident desk add to the page of one incident, in the order of the page."""

APIS = (api, api_moving, api_policies, api_intakes, api_catalogue, api_legal)
