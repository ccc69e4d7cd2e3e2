"""What the route matrix asks about what is told to authorities and the public: reports, coordination, inspections."""

from __future__ import annotations

from tests.support.route_cases import Case

_TOLD = {"day": "2020-01-20", "recipient": "Phòng BCVT", "way": "phone", "heard_by": "Ông Tám"}
_VISIT = {
    "unit": "BDA",
    "body": "Sở",
    "announced": False,
    "subject": "Niêm yết",
    "began_at": "2020-01-19T08:00:00+07:00",
}

OTHERS_ROUTES: dict[tuple[str, str], Case] = {
    ("GET", "compliance.report"): Case("/letter/reports/{report}", "reporting.read"),
    ("POST", "compliance.act_on_report"): Case(
        "/letter/reports/{report}", "reporting.write", {"do": "save", "version": "0"}, state=True
    ),
    ("GET", "compliance.report_figure"): Case("/letter/reports/{report}/figures/incidents.all", "reporting.read"),
    ("POST", "compliance.note_receipt"): Case(
        "/letter/reports/sent/{report_sent}/receipt", "reporting.write", {"received_by": ""}, state=True
    ),
    ("GET", "compliance.report_request"): Case("/letter/reports/requests/{report_request}", "reporting.read"),
    ("POST", "compliance.act_on_request"): Case(
        "/letter/reports/requests/{report_request}", "reporting.write", _TOLD, state=True
    ),
    ("GET", "compliance.coordination_entry"): Case("/letter/coordination/{coordination}", "coordination.read"),
    ("POST", "compliance.act_on_coordination"): Case(
        "/letter/coordination/{coordination}", "coordination.write", {"do": "close", "version": "0"}, state=True
    ),
    ("GET", "compliance.coordination_file"): Case(
        "/letter/coordination/{coordination}/files/{coordination_file}", "coordination.read"
    ),
    ("GET", "compliance.visit"): Case("/letter/visits/{visit}", "visit.read"),
    ("POST", "compliance.act_on_visit"): Case(
        "/letter/visits/{visit}", "visit.write", {"do": "recommend", "text": ""}, state=True
    ),
    ("GET", "compliance.visit_file"): Case("/letter/visits/{visit}/files/{visit_file}", "visit.read"),
    ("GET", "compliance_api.get_coordination"): Case("/api/v1/coordination/{coordination}", "coordination.read"),
    ("POST", "compliance_api.step_coordination"): Case(
        "/api/v1/coordination/{coordination}/steps", "coordination.write", {"version": 0, "do": "close"}, state=True
    ),
    ("GET", "compliance_api.get_inspection"): Case("/api/v1/inspections/{visit}", "visit.read"),
    ("PUT", "compliance_api.update_inspection"): Case(
        "/api/v1/inspections/{visit}", "visit.write", {**_VISIT, "version": 0}, state=True
    ),
    ("POST", "compliance_api.add_recommendation"): Case(
        "/api/v1/inspections/{visit}/recommendations", "visit.write", {"text": "Niêm yết lại."}
    ),
    ("POST", "compliance_api.follow_recommendation"): Case(
        "/api/v1/inspections/{visit}/recommendations/{recommendation}/result", "visit.write", {"result": "Đã làm."}
    ),
    ("GET", "compliance_api.list_report_days"): Case("/api/v1/report-requests/{report_request}/days", "reporting.read"),
    ("POST", "compliance_api.tell_report"): Case(
        "/api/v1/report-requests/{report_request}/told",
        "reporting.write",
        {**_TOLD, "at": "2020-01-19T08:00:00+07:00"},
        state=True,
    ),
    ("GET", "compliance_api.get_report"): Case("/api/v1/reports/{report}", "reporting.read"),
    ("PUT", "compliance_api.word_report"): Case(
        "/api/v1/reports/{report}/texts", "reporting.write", {"version": 0, "texts": {}}, state=True
    ),
    ("POST", "compliance_api.redraw_report"): Case(
        "/api/v1/reports/{report}/redraw", "reporting.write", {}, state=True
    ),
    ("POST", "compliance_api.approve_report"): Case(
        "/api/v1/reports/{report}/approve", "reporting.approve", {"version": 0}, state=True
    ),
    ("POST", "compliance_api.issue_report"): Case(
        "/api/v1/reports/{report}/issue", "reporting.approve", {}, state=True
    ),
    ("POST", "compliance_api.send_report"): Case("/api/v1/reports/{report}/send", "reporting.approve", {}, state=True),
    ("POST", "compliance_api.note_report_receipt"): Case(
        "/api/v1/reports/sent/{report_sent}/receipt",
        "reporting.write",
        {"received_by": "Hoa", "received_at": "2020-01-19T08:00:00+07:00"},
        state=True,
    ),
}
