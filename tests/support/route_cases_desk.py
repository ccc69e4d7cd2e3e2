"""What the route matrix asks about incidents that run: their files, legal steps, facts, directories and moves."""

from __future__ import annotations

from tests.support.route_cases import Case

DESK_ROUTES: dict[tuple[str, str], Case] = {
    ("POST", "roster.change_shadows"): Case(
        "/roster/shifts/{shift}/shadows", "campaign.write", {"do": "add", "seat": "1", "person": "BI1"}, state=True
    ),
    ("GET", "readiness.index"): Case("/readiness/?unit=BDA", "reach.report"),
    ("GET", "readiness_api.show_readiness"): Case("/api/v1/readiness?unit=BDA", "reach.report"),
    ("GET", "incidents.handover_page"): Case("/incidents/handovers/{handover}", "incident.read"),
    ("POST", "incidents.act_on_handover"): Case(
        "/incidents/handovers/{handover}", "incident.dispatch", {"do": "note", "text": "Đính chính"}, state=True
    ),
    ("GET", "incidents.print_handover"): Case("/incidents/handovers/{handover}/print", "incident.read"),
    ("POST", "incidents.follow_handover_place"): Case(
        "/incidents/handovers/places/BDA/follow", "handover.settle", {"do": "follow"}
    ),
    ("GET", "incidents.handover_place"): Case("/incidents/handovers/places/BDA", "handover.settle"),
    ("POST", "incidents.settle_handover_place"): Case(
        "/incidents/handovers/places/BDA", "handover.settle", {"duty": "operations", "items": "Xe"}
    ),
    ("GET", "incidents_api.get_handover"): Case("/api/v1/handovers/{handover}", "incident.read"),
    ("GET", "roster.duty_check"): Case("/roster/duty-checks/{check}", "duty.confirm"),
    ("POST", "roster.note_check_answer"): Case(
        "/roster/duty-checks/{check}", "duty.confirm", {"person": "BI1", "note": "gọi"}, state=True
    ),
    ("GET", "roster.print_duty_check"): Case("/roster/duty-checks/{check}/print", "duty.confirm"),
    ("GET", "roster_api.get_duty_check"): Case("/api/v1/duty-checks/{check}", "duty.confirm"),
    ("POST", "roster_api.start_duty_check"): Case(
        "/api/v1/duty-checks", "check.run", {"unit": "BDA", "note": ""}, state=True
    ),
    ("GET", "incidents.attachment"): Case("/incidents/{incident}/attachments/{attachment}", "incident.read"),
    ("GET", "incidents.thumbnail"): Case("/incidents/{incident}/attachments/{attachment}/thumbnail", "incident.read"),
    ("GET", "incidents.legal_page"): Case("/incidents/{incident}/legal", "incident.read"),
    ("GET", "incidents.print_record"): Case("/incidents/{incident}/legal/record", "incident.read"),
    ("GET", "incidents.print_notice"): Case("/incidents/{incident}/legal/notice", "incident.read"),
    ("POST", "incidents.record_legal_step"): Case(
        "/incidents/{incident}/legal/suspend", "incident.act", {"by": "Bình", "found_at": "Kho"}, state=True
    ),
    ("POST", "incidents_api.add_attachment"): Case(
        "/api/v1/incidents/{incident}/attachments", "incident.log", state=True
    ),
    ("GET", "incidents_api.list_attachments"): Case("/api/v1/incidents/{incident}/attachments", "incident.read"),
    ("GET", "incidents_api.get_attachment"): Case(
        "/api/v1/incidents/{incident}/attachments/{attachment}", "incident.read"
    ),
    # Whose it is may withdraw it too; this one is somebody else's.
    ("DELETE", "incidents_api.withdraw_attachment"): Case(
        "/api/v1/incidents/{incident}/attachments/{attachment}", "incident.dispatch"
    ),
    ("GET", "legal_api.get_legal"): Case("/api/v1/incidents/{incident}/legal", "incident.read"),
    ("PUT", "legal_api.put_legal_step"): Case(
        "/api/v1/incidents/{incident}/legal/suspend", "incident.act", {"by": "Bình"}, state=True
    ),
    ("GET", "incidents_api.incident_alarms"): Case("/api/v1/incidents/{incident}/alarms", "incident.read"),
    ("GET", "incidents_api.alike_incidents"): Case("/api/v1/incidents/{incident}/alike", "incident.read"),
    ("POST", "incidents_api.join_incident"): Case(
        "/api/v1/incidents/{incident}/join", "incident.dispatch", {"main": "{other}"}
    ),
    ("POST", "incidents_api.split_incident"): Case("/api/v1/incidents/{joined}/split", "incident.dispatch", {}),
    ("PUT", "catalogue_api.put_facts"): Case(
        "/api/v1/incidents/{incident}/facts", "incident.act", {"facts": {"plate": "81C12345"}}
    ),
    ("POST", "catalogue_api.classify_incident"): Case(
        "/api/v1/incidents/{incident}/classify", "incident.act", {"category": "vehicle", "answers": {"kt1": "yes"}}
    ),
    ("POST", "catalogue_api.restrict_incident"): Case(
        "/api/v1/incidents/{incident}/restrict", "incident.close", {"restricted": True, "reason": "Cần kín."}
    ),
    ("POST", "catalogue_api.check_item"): Case(
        "/api/v1/incidents/{incident}/checklist", "incident.act", {"item": "khong-co"}, state=True
    ),
    ("POST", "catalogue_api.tell_leadership"): Case(
        "/api/v1/incidents/{incident}/leadership-told", "incident.act", {"whom": "Nguyễn Văn An"}
    ),
    ("POST", "directory.save_route"): Case(
        "/incidents/directory/routes",
        "directory.write",
        {"code": "DT-9", "name": "Huyện A – Tỉnh", "level": "2", "unit": "BDA"},
    ),
    ("POST", "directory.save_vehicle"): Case(
        "/incidents/directory/vehicles", "directory.write", {"plate": "81C-543.21", "kind": "truck", "unit": "BDA"}
    ),
    ("POST", "directory.save_authority"): Case(
        "/incidents/directory/authorities",
        "directory.write",
        {"name": "Công an huyện A", "role": "police", "phone": "113", "unit": "BDA"},
    ),
    ("POST", "incidents_api.reassign_incident"): Case(
        "/api/v1/incidents/{incident}/reassign", "incident.dispatch", {"to": "BI1"}, state=True
    ),
    ("POST", "incidents_api.call_more_people"): Case(
        "/api/v1/incidents/{incident}/call-more", "incident.dispatch", {"people": ["BI1"]}, state=True
    ),
    ("POST", "incidents_api.expect_arrival"): Case(
        "/api/v1/incidents/{incident}/arrival", "incident.dispatch", {"at": "2099-01-01T00:00:00Z"}, state=True
    ),
    ("POST", "incidents_api.arrived"): Case(
        "/api/v1/incidents/{incident}/arrived", "incident.dispatch", {}, state=True
    ),
    ("POST", "incidents_api.still_on_it"): Case(
        "/api/v1/incidents/{incident}/alive", "incident.dispatch", {}, state=True
    ),
    ("POST", "incidents_api.snooze_incident"): Case(
        "/api/v1/incidents/{incident}/snooze",
        "incident.dispatch",
        {"until": "2099-01-01T00:00:00Z", "reason": "Chờ xe."},
        state=True,
    ),
    ("POST", "incidents_api.unsnooze_incident"): Case(
        "/api/v1/incidents/{incident}/unsnooze", "incident.dispatch", {}, state=True
    ),
    ("POST", "incidents_api.apply_policies"): Case("/api/v1/escalation-policies/BDA/apply", "policy.apply"),
    ("GET", "incidents_api.list_conditional"): Case("/api/v1/escalation-policies/BDA/conditional", "policy.read"),
    ("POST", "incidents_api.add_conditional"): Case(
        "/api/v1/escalation-policies/BDA/conditional",
        "policy.write",
        {
            "name": "Ban đêm",
            "conditions": {"severities": [1]},
            "repeat_after_seconds": 300,
            "ack_timeout_seconds": 1800,
            "steps": [{"duty": "operations", "after_seconds": 0}],
        },
    ),
    ("PUT", "incidents_api.put_conditional"): Case(
        "/api/v1/escalation-policies/BDA/conditional/1",
        "policy.write",
        {
            "name": "Ban đêm",
            "conditions": {"severities": [1]},
            "repeat_after_seconds": 300,
            "ack_timeout_seconds": 1800,
            "steps": [{"duty": "operations", "after_seconds": 0}],
        },
        state=True,
    ),
    ("DELETE", "incidents_api.delete_conditional"): Case(
        "/api/v1/escalation-policies/BDA/conditional/1", "policy.write", state=True
    ),
}
