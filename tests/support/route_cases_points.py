"""The same for points of service: what they post, what they say of their days, their plans."""

from __future__ import annotations

from tests.support.route_cases import Case

_PLAN = {"unit": "BDA", "extra_shifts": 2, "vehicles": 1}
POINT_ROUTES: dict[tuple[str, str], Case] = {
    ("GET", "compliance.point"): Case("/letter/points/BDA", "point.read"),
    ("POST", "compliance.add_refusals"): Case(
        "/letter/points/BDA/days/2020-01-20/refusals", "point.settle", {"counter": ""}, state=True
    ),
    ("GET", "compliance.point_day"): Case("/letter/points/BDA/days/2020-01-20", "point.read"),
    ("POST", "compliance.correct_count"): Case(
        "/letter/points/BDA/days/2020-01-20",
        "point.settle",
        {"counter": "office", "checked": "3", "why": "Sổ giấy"},
        state=True,  # a day of then is told no more
    ),
    ("GET", "compliance.posting_text"): Case("/letter/posting/BDA/prohibited", "point.read"),
    ("POST", "compliance.save_posting_text"): Case(
        "/letter/posting/BDA/prohibited", "point.settle", {"examples-vi": "Pháo", "upon": "0"}, state=True
    ),
    ("POST", "compliance.settle_waiting"): Case(
        "/letter/points/waiting", "point.settle", {"do": "accept", "photo": "{posting}"}
    ),
    ("GET", "compliance.posting_photo"): Case("/letter/posting/photos/{posting}", "point.read"),
    ("POST", "compliance.withdraw_posting"): Case("/letter/posting/{posting}/withdraw", "point.settle", {}),
    ("GET", "compliance.finding_rules"): Case("/letter/findings/BDA", "point.read"),
    ("POST", "compliance.save_finding_rules"): Case("/letter/findings/BDA", "point.settle", {"vi-1": "Báo công an"}),
    ("GET", "compliance.service_hours"): Case("/letter/hours/BDA", "point.read"),
    ("POST", "compliance.save_service_hours"): Case(
        "/letter/hours/BDA", "point.settle", {"do": "week", "opens-0": "07:30", "closes-0": "17:00"}
    ),
    ("GET", "compliance.plan"): Case("/letter/plans/BDA", "point.read"),
    ("POST", "compliance.act_on_plan"): Case(
        "/letter/plans/BDA", "plan.write", {"do": "save", "upon": "0"}, state=True
    ),
    ("GET", "compliance_api.list_service_hours"): Case("/api/v1/service-hours?unit=BDA", "point.read"),
    ("POST", "compliance_api.save_service_hours"): Case(
        "/api/v1/service-hours", "point.settle", {"unit": "BDA", "weekday": 6, "closed": True}
    ),
    ("POST", "compliance_api.add_posting"): Case(
        "/api/v1/postings", "point.tell", {"unit": "BDA", "what": "prohibited"}
    ),
    ("PUT", "compliance_api.put_posting_photo"): Case("/api/v1/postings/{posting}/photo", "point.tell", {}, state=True),
    ("POST", "compliance_api.add_parcel_check"): Case(
        "/api/v1/parcel-checks", "point.tell", {"unit": "BDA", "checked": 3}
    ),
    ("POST", "compliance_api.save_plan"): Case("/api/v1/plans", "plan.write", dict(_PLAN)),
    ("POST", "compliance_api.save_volume"): Case("/api/v1/volumes", "plan.write", {"unit": "BDA", "items": 5}),
}
POINTS_WITHOUT_UNIT = {
    "compliance.all_points",
    "compliance.waiting_points",
    "compliance.plans",
    "compliance.plan_template",
    "compliance.plan_sheet",
    "compliance_api.list_postings",
    "compliance_api.list_parcel_checks",
    "compliance_api.list_plans",
    "compliance_api.list_volumes",
}
"""Show and touch only what lies in the reader's reach: tests/journeys/test_today_at_a_point.py, test_point_plans.py."""
