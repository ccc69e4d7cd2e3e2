"""Pages that no screen shows: which answer GET and need none, and which were forgotten."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask
from werkzeug.exceptions import NotFound

from scripts.screens import SCREENS

NO_SCREENS = {
    # An inspector who has said who they are: tests/browser/test_letter_register.py
    "inspector.matrix",
    "inspector.letter",
    "inspector.unit",
    "inspector.requirement",
    "inspector.evidence",
    "compliance.letter_file",
    "compliance.evidence_file",
    "compliance.evidence_thumbnail",
    "desk.open_now",
    "roster.unit_beside",
    "desk.app_manifest",
    "finding.hits",
    "api_document",
    "static",
    "desk.cover",
    "tonight.kept_list",
    "feed.calendar",
    "health.healthz",
    "intake.deliver",
    "intake.fail",
    "health.readyz",
    "desk.live",
    "desk.who",
    "importing.template",
    "importing.preview",
    "roster.cell",
    "roster.offers_of_day",
    "roster.offers_of_shift",
    "roster.offers_of_crew",
    "roster.edits_since",
    "roster.around_edits",
    "roster.take_in_hand",
    "roster.solve_range_beside",
    "roster.list_file",
    "unit_lists.file",
    "roster.revision_diff",
    "roster.solve_live",
    "roster.illness_live",
    "roster.download",
    "roster.sheet_file",
    "me.numbers_card",
    "roster.solve_certificate",
    "roster.fairness_csv",
    "roster.hours_xlsx",
    "roster.closed_xlsx",
    "roster.ledger_file",
    "audit_log.export",
    "incidents.own_policy",
    "incidents.own_diary",
    "incidents.export_figures",
    "incidents.questions",
    "incidents.alike",
    "offline.worker",
    "offline.account",
    "incidents.attachment",
    "incidents.thumbnail",
    "documents.preview",
    "documents.preview_page",
    "documents.draft_file",
    "documents.document_file",
    "documents.document_page",
    "documents.document_scan",
    "roster.signed_paper",
    "documents.batch_file",
    "compliance.coordination_file",
    "compliance.plan_template",
    "compliance.posting_photo",
    "compliance.visit_file",
    "metrics.metrics",
    "voice.script",
    "voice.script_of_several",
    "voice.script_of_one",
    "spoken.script",
    "gateway_reports.report",
    "contact_card.card",
    "calls.banner",
    "first.link",
}
"""Endpoints that answer GET and are no screens: data, files, parts of pages, what takes an upload first, and
what is gone as soon as there is an administrator."""


def unseen(app: Flask, facts: dict[str, str]) -> list[str]:
    """Addresses of pages that no screen shows."""
    doors, seen = app.url_map.bind("localhost"), set()
    for screen in SCREENS:
        with suppress(NotFound):  # a screen of a page that is gone says so by its 404
            seen.add(doors.match(screen.path.format(**facts).partition("?")[0])[0])
    pages = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = seen | NO_SCREENS
    return [page.rule for page in pages if page.endpoint not in known and not page.rule.startswith("/api/")]
