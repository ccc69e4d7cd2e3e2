"""Every address that answers GET, with an example of the world (``benchmarks.web.world``) to ask it for.

Pages are those of ``scripts.screens``; here stands what is no screen, and what else a list is asked for. What is
neither, and not excused in ``UNMEASURED``, is found by ``forgotten``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from benchmarks.web.world.making import Facts
from desk.demo import seed
from scripts.screens import SCREENS

KEY = "key"
WORN = {seed.SHARED_DESK: "desk"}
"""Logins of the sample data → those of the world."""


@dataclass(frozen=True)
class Address:
    """``who`` asks: a login of the world's facts (manager, admin, duty, desk), nobody, or ``key``; ``sends`` makes what
    is posted each time."""

    name: str
    path: str
    who: str
    sends: Callable[[], Any] | None = None

    @property
    def status(self) -> int:
        """What it is answered with in the world."""
        return OTHERWISE.get(self.name, 200)


OTHERWISE = {
    "not-found": 404,
    "policy-own": 303,
    "diary-own": 303,
    "own-swap": 303,
    "solve-live": 286,
    "readyz": 503,
}
"""Unknown; sent on to the unit's own; to the shifts of a link that another browser has taken (``my-swap`` is the same
page, shown); over, so that nobody asks again; and nothing is sent where no worker runs."""
LISTS = {
    "people-2": ("/people/?page=2", "manager"),
    "people-found": ("/people/?q=van 77", "manager"),
    "units-2": ("/people/units?page=2", "manager"),
    "units-found": ("/people/units?q=huyen 3", "manager"),
    "audit-log-manager": ("/system/audit/?kind=roster", "manager"),
    "accounts-2": ("/people/accounts?page=2", "admin"),
    "incidents-closed": ("/incidents/?status=closed", "manager"),
    "incidents-found": ("/incidents/?status=closed&q=mat dien", "manager"),
    "figures-all": ("/incidents/figures/", "manager"),
    "grid-unit": ("/roster/campaigns/{coming}?unit=BDX-H05-2", "manager"),
    "grid-days": ("/roster/campaigns/{coming}?view=days", "manager"),
    "edits-around": ("/roster/campaigns/{coming}/edits/around?unit=BDX-H05-2", "manager"),
    "desk-staff": ("/", "duty"),
}
PARTS = {
    "desk-cover": ("/desk/cover", "manager"),
    "desk-live": ("/desk/live", "manager"),
    "desk-open": ("/desk/open", "manager"),
    "find-answer": ("/find/answer?q=pk", "duty"),
    "desk-who": ("/desk/who", "desk"),
    "calls-banner": ("/calls/banner", "manager"),
    "by-unit-beside": ("/roster/campaigns/{coming}/units/BDX-H05-2", "manager"),
    "cell": ("/roster/campaigns/{coming}/cell?person={seated}&on=2027-02-14", "manager"),
    "solve-live": ("/roster/campaigns/{coming}/solve/{run}/live", "manager"),
    "illness-live": ("/roster/illness/{duty_code}/live", "manager"),
    "incident-questions": ("/incidents/new/questions?category=vehicle", "duty"),
    "incident-alike": ("/incidents/new/alike?category=power&unit=BDX", "duty"),
    "policy-own": ("/incidents/policy/", "manager"),
    "diary-own": ("/incidents/diary/", "manager"),
    "offline-account": ("/incidents/offline/account", "duty"),
    "tonight-list": ("/tonight/list", "duty"),
}
FILES = {
    "calendar": ("/feeds/{calendar}.ics", "nobody"),
    "calendar-campaign": ("/feeds/{campaign_calendar}.ics", "nobody"),
    "import-template": ("/import/template.xlsx", "manager"),
    "roster-xlsx": ("/roster/campaigns/{coming}/export/xlsx", "manager"),
    "roster-csv": ("/roster/campaigns/{coming}/export/csv", "manager"),
    "roster-ics": ("/roster/campaigns/{coming}/export/ics", "manager"),
    "certificate": ("/roster/campaigns/{coming}/solve/{run}/certificate.json", "manager"),
    "fairness-csv": ("/roster/campaigns/{coming}/fairness.csv", "manager"),
    "hours-xlsx": ("/roster/campaigns/{coming}/hours.xlsx", "manager"),
    "ledger-csv": ("/roster/ledger.csv", "manager"),
    "audit-csv": ("/system/audit/export.csv", "admin"),
    "figures-csv": ("/incidents/figures/export.csv", "manager"),
    "photo": ("/incidents/{item}/attachments/{photo}", "manager"),
    "thumbnail": ("/incidents/{item}/attachments/{photo}/thumbnail", "manager"),
    "letter-file": ("/letter/{letter}/files/{letter_file}", "manager"),
    "evidence-file": ("/letter/evidence/{proof}/file", "manager"),
    "evidence-thumbnail": ("/letter/evidence/{proof}/thumbnail", "manager"),
    "numbers-card": ("/me/let-us-through.vcf", "duty"),
    "voice": ("/v/{call}", "nobody"),
    "voice-several": ("/v/b/{several_call}", "nobody"),
    "voice-one-of-several": ("/v/b/{several_call}/1", "nobody"),
    "app-manifest": ("/app.webmanifest", "nobody"),
    "service-worker": ("/sw.js", "nobody"),
    "static": ("/static/css/app.css", "nobody"),
    "healthz": ("/healthz", "nobody"),
    "readyz": ("/readyz", "nobody"),
    "metrics": ("/metrics", KEY),
}
_V1 = "/api/v1"
CALLS = {
    "api-directives": f"{_V1}/directives",
    "api-requirements": f"{_V1}/requirements?directive={{letter}}",
    "api-requirement-unit": f"{_V1}/requirements/{{requirement}}/units/{{point}}",
    "api-evidence": f"{_V1}/evidence?requirement={{requirement}}",
    "api-document": f"{_V1}/openapi.json",
    "api-audit": f"{_V1}/audit",
    "api-absences": f"{_V1}/absences",
    "api-campaigns": f"{_V1}/campaigns",
    "api-readiness": f"{_V1}/readiness",
    "api-crews": f"{_V1}/crews",
    "api-crew": f"{_V1}/crews/{{crew}}",
    "api-campaign": f"{_V1}/campaigns/{{coming}}",
    "api-approval": f"{_V1}/campaigns/{{coming}}/approval",
    "api-difference": f"{_V1}/campaigns/{{coming}}/difference?from=0&to=1",
    "api-coverage": f"{_V1}/campaigns/{{coming}}/coverage",
    "api-fairness": f"{_V1}/campaigns/{{coming}}/fairness",
    "api-hours": f"{_V1}/campaigns/{{coming}}/hours",
    "api-ledger": f"{_V1}/ledger",
    "api-overtime": f"{_V1}/campaigns/{{coming}}/overtime-consents",
    "api-revisions": f"{_V1}/campaigns/{{coming}}/revisions",
    "api-rules": f"{_V1}/campaigns/{{coming}}/rules",
    "api-shifts": f"{_V1}/campaigns/{{coming}}/shifts",
    "api-shifts-published": f"{_V1}/campaigns/{{coming}}/shifts?state=published",
    "api-solve-runs": f"{_V1}/campaigns/{{coming}}/solve-runs",
    "api-consents": f"{_V1}/consents",
    "api-demand": f"{_V1}/demand",
    "api-documents": f"{_V1}/documents",
    "api-document-issued": f"{_V1}/documents/{{document}}",
    "api-document-kinds": f"{_V1}/documents/kinds/incident:{{taken}}",
    "api-duty-checks": f"{_V1}/duty-checks",
    "api-duty-check": f"{_V1}/duty-checks/{{check}}",
    "api-duty-kinds": f"{_V1}/duty-kinds",
    "api-parcel-checks": f"{_V1}/parcel-checks",
    "api-plans": f"{_V1}/plans",
    "api-volumes": f"{_V1}/volumes",
    "api-postings": f"{_V1}/postings",
    "api-service-hours": f"{_V1}/service-hours?unit={{unit}}",
    "api-policy": f"{_V1}/escalation-policies/{{unit}}",
    "api-policy-conditional": f"{_V1}/escalation-policies/{{unit}}/conditional",
    "api-feeds": f"{_V1}/feeds",
    "api-authorities": f"{_V1}/authorities",
    "api-coordination": f"{_V1}/coordination",
    "api-coordination-entry": f"{_V1}/coordination/{{coordination}}",
    "api-inspections": f"{_V1}/inspections",
    "api-inspection": f"{_V1}/inspections/{{visit}}",
    "api-report-requests": f"{_V1}/report-requests",
    "api-report-days": f"{_V1}/report-requests/{{report_request}}/days",
    "api-reports": f"{_V1}/reports",
    "api-report": f"{_V1}/reports/{{authority_report}}",
    "api-handovers": f"{_V1}/handovers",
    "api-handover": f"{_V1}/handovers/{{handover}}",
    "api-holidays": f"{_V1}/holidays",
    "api-categories": f"{_V1}/incident-categories",
    "api-incidents": f"{_V1}/incidents",
    "api-incidents-closed": f"{_V1}/incidents?status=closed&limit=200",
    "api-incidents-found": f"{_V1}/incidents?q=mat dien",
    "api-incident": f"{_V1}/incidents/{{taken}}",
    "api-incident-alike": f"{_V1}/incidents/{{open}}/alike",
    "api-incident-alarms": f"{_V1}/incidents/{{grouped}}/alarms",
    "api-attachments": f"{_V1}/incidents/{{item}}/attachments",
    "api-attachment": f"{_V1}/incidents/{{item}}/attachments/{{photo}}",
    "api-legal": f"{_V1}/incidents/{{item}}/legal",
    "api-intakes": f"{_V1}/intakes",
    "api-maintenance": f"{_V1}/maintenance-windows",
    "api-on-duty": f"{_V1}/on-duty",
    "api-on-duty-unit": f"{_V1}/on-duty?unit=BDX-H05-2",
    "api-pairs": f"{_V1}/pairs",
    "api-people": f"{_V1}/people",
    "api-people-most": f"{_V1}/people?limit=200",
    "api-reach": f"{_V1}/people/{{person}}/reach",
    "api-points": f"{_V1}/points",
    "api-candidates": f"{_V1}/shifts/{{shift}}/candidates",
    "api-covers": f"{_V1}/shifts/{{shift}}/covers?for={{seated}}",
    "api-solve-run": f"{_V1}/solve-runs/{{run}}",
    "api-explanation": f"{_V1}/solve-runs/{{run}}/explanation",
    "api-swaps": f"{_V1}/swaps",
    "api-swap": f"{_V1}/swaps/{{swap}}",
    "api-units": f"{_V1}/units",
    "api-units-most": f"{_V1}/units?limit=200",
    "api-standing-chain": f"{_V1}/units/{{unit}}/standing-chain",
    "api-wishes": f"{_V1}/wishes",
}
UNMEASURED = {
    "compliance.coordination_file": "a kept file as incidents.attachment, of which the world has none",
    "compliance.visit_file": "a kept file as incidents.attachment, of which the world has none",
    "contact_card.card": "a few lines of text, from the facts that contact_card.index shows",
    "intake.deliver": "a sign of life, which writes: docs/benchmarks-latency.md has what an alarm costs",
    "intake.fail": "as intake.deliver",
    "documents.batch_file": "the asker's own file, which a worker makes",
    "documents.document_file": "bytes that were kept: documents.document reads the same row with them",
    "documents.document_page": "PDFium draws it: docs/benchmarks.md has what a page costs",
    "documents.document_scan": "bytes that were kept",
    "roster.signed_paper": "bytes that were kept",
    "documents.draft_file": "typst and python-docx draw it: docs/benchmarks.md has what they cost",
    "documents.preview": "typst draws it once: docs/benchmarks.md has what that costs",
    "documents.preview_page": "PDFium draws it: docs/benchmarks.md has what a page costs",
    "compliance.plan_template": "openpyxl writes an empty table",
    "compliance.posting_photo": "bytes that were kept",
    **{
        f"inspector.{page}": "asks for the inspector's name first, which a GET cannot say"
        for page in ("matrix", "letter", "unit", "requirement", "evidence")
    },
    "first.link": "gone as soon as there is an administrator, and each world has one",
    "gateway_reports.report": "a provider's report: it changes a message, and its address is sealed in a gateway",
    "importing.preview": "shows an upload of the same person, which a GET cannot make",
    "roster.edits_since": "one row of the database where nothing changed; else what an edit answers, which is measured",
    "roster.offers_of_day": "a few lines for the script of the grid, from the draft that roster.cell reads",
    "roster.offers_of_shift": "a few lines for the script of the grid, from the draft that roster.shift reads",
    "roster.offers_of_crew": "a few lines for the script of the grid; the page of roster.crew_cell shows the same",
    "roster.take_in_hand": "a small answer for the script of the grid; which seat has somebody differs by world",
    "roster.sheet_file": "reads what roster.campaign shows; openpyxl writes it as roster.hours_xlsx",
    "roster.closed_xlsx": "the world has closed no hours; roster.hours_xlsx writes the same",
    "roster.revision_diff": "leads on to roster.difference, which is measured",
    "roster.list_file": "bytes that were kept, of a list that a unit has sent as a picture; the world's have none",
    "roster.solve_range_beside": "a few lines for the script of the grid, from the draft that roster.cell reads",
    "unit_lists.file": "bytes that were kept; the world's lists have no pictures",
    "spoken.script": "what a telephone reads, as voice is; its secret is in a message that has left",
    "onduty_api.get_feed": "the owner's own, and an access key owns none; me.feed shows the same",
}
"""Endpoints that are not asked here, each with its reason."""


def addresses(facts: Facts) -> Iterator[Address]:
    """All of them, each name once; the world has one campaign, so what is shown of two in the sample is asked once."""
    shown = {screen.name: (screen.path, WORN.get(screen.who, screen.who)) for screen in SCREENS}
    asked = shown | LISTS | PARTS | FILES | {name: (path, KEY) for name, path in CALLS.items()}
    seen = set[tuple[str, str]]()
    for name, (path, who) in asked.items():
        once = path.replace("{tet_2020}", "{coming}")
        if (once, who) not in seen:
            seen.add((once, who))
            yield Address(name, once.format_map(facts), who)


def forgotten(app: Flask, facts: Facts) -> set[str]:
    """Endpoints that answer GET and are neither asked for nor excused."""
    doors, asked = app.url_map.bind("localhost"), set[str]()
    for address in addresses(facts):
        try:
            asked.add(str(doors.match(address.path.partition("?")[0])[0]))
        except HTTPException:
            continue  # a page that is gone says so by its status
    every = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return every - asked - UNMEASURED.keys()
