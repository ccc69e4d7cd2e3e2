"""What the route matrix asks of letters: requests about how unit BDA stands to a requirement."""

from __future__ import annotations

from tests.support.route_cases import Case

_POINT = "/letter/requirements/{requirement}/units/BDA"
LETTER_ROUTES: dict[tuple[str, str], Case] = {
    ("GET", "compliance.unit_requirements"): Case("/letter/{letter}/units/BDA", "directive.read"),
    ("GET", "compliance.requirement_point"): Case(_POINT, "directive.read"),
    ("POST", "compliance.set_point_state"): Case(f"{_POINT}/state", "requirement.report", {"state": "doing"}),
    ("POST", "compliance.add_evidence"): Case(
        f"{_POINT}/evidence", "requirement.report", {"url": "https://a.example/anh"}
    ),
    ("POST", "compliance.remark_point"): Case(f"{_POINT}/remark", "requirement.accept", {"remark": "Chụp rõ hơn"}),
    ("POST", "compliance.accept_point"): Case(f"{_POINT}/accept", "requirement.accept", {}, state=True),
    ("POST", "compliance.judge_point"): Case(f"{_POINT}/judge", "requirement.report", {}),
    ("POST", "compliance.withdraw_evidence"): Case(
        "/letter/evidence/{evidence}/withdraw", "requirement.report", {"why": "Nhầm"}
    ),
    ("POST", "compliance.remind_units"): Case("/letter/{letter}/units/BDA/remind", "requirement.accept", {}),
    ("POST", "compliance.end_inspector_link"): Case("/letter/inspectors/{inspector}/end", "inspector.manage", {}),
    ("POST", "compliance.take_over_inspector_link"): Case(
        "/letter/inspectors/{inspector}/take-over", "inspector.manage", {}, state=True
    ),
    ("GET", "compliance_api.get_point"): Case("/api/v1/requirements/{requirement}/units/BDA", "directive.read"),
    ("PUT", "compliance_api.put_point"): Case(
        "/api/v1/requirements/{requirement}/units/BDA", "requirement.report", {"state": "doing"}
    ),
}
