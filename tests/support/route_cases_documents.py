"""What the route matrix asks about documents: drafts of the incident, the one that was issued, and the agency."""

from __future__ import annotations

from tests.support.route_cases import Case

_ABOUT = "/documents/about/incident:{incident}"
_RECORD = f"{_ABOUT}/incidents.record"

DOCUMENT_ROUTES: dict[tuple[str, str], Case] = {
    ("GET", "documents.about_thing"): Case(_ABOUT, "incident.read"),
    ("GET", "documents.draft"): Case(_RECORD, "incident.read"),
    ("POST", "documents.issue"): Case(_RECORD, "document.issue", {"once": "route-matrix"}),
    ("GET", "documents.preview"): Case(f"{_RECORD}/preview", "incident.read"),
    ("GET", "documents.preview_page"): Case(f"{_RECORD}/pages/1.png", "incident.read"),
    ("GET", "documents.draft_file"): Case(f"{_RECORD}/draft.docx", "incident.read"),
    ("POST", "documents.begin_batch"): Case(f"{_RECORD}/batch", "incident.read", {"each": "none"}, state=True),
    ("POST", "documents.withdraw_document"): Case(
        "/documents/{document}/withdraw", "document.issue", {"reason": "Sai ngày"}
    ),
    ("POST", "documents.attach_scan"): Case("/documents/{document}/scans", "document.issue", {}, state=True),
    ("GET", "documents.agency_home"): Case("/documents/agencies/?unit=BDA", "document.settle"),
    ("POST", "documents.save_agency"): Case(
        "/documents/agencies/BDA", "document.settle", {"act": "first", "series": "QĐ", "first": "9"}
    ),
    ("GET", "documents_api.list_document_kinds"): Case("/api/v1/documents/kinds/incident:{incident}", "incident.read"),
    ("POST", "documents_api.issue_document"): Case(
        "/api/v1/documents", "document.issue", {"about": "incident:{incident}", "kind": "incidents.record"}
    ),
    ("POST", "documents_api.withdraw_document"): Case(
        "/api/v1/documents/{document}/withdraw", "document.issue", {"reason": "Sai ngày"}
    ),
}
