"""What the route matrix asks: one request per route that is about something of unit BDA.

Names in braces become ids or codes of the fixture: ``{absence}``, ``{contact}``, ``{user:bi1}``, ``{incident}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A request about something of unit BDA; ``mine`` = it concerns Bình, who is then ``self``."""

    path: str
    action: str
    data: dict[str, Any] | None = None
    mine: bool = False
    state: bool = False
    """Whether it may be answered with 404, 409 or 422: allowed, but not in the state of the fixture."""


UNIT_ROUTES: dict[tuple[str, str], Case] = {
    ("GET", "people.edit_person"): Case("/people/person/BI1/edit", "person.write"),
    ("POST", "people.edit_person"): Case(
        "/people/person/BI1/edit",
        "person.write",
        {
            "code": "BI1",
            "full_name": "Trần Thị Bình",
            "unit_code": "BDA",
            "work_pattern": "shift",
            "active": "y",
            "phone": "0900000102",
            "email": "bi1@buudien.example",
        },
    ),
    ("POST", "people.confirm_contact"): Case("/people/contacts/{contact}/confirm", "person.write"),
    ("POST", "people.link_slip"): Case(
        "/people/person/BI1/link", "reach.write", {"proof_password": "hoa-mai-vang-2020"}, mine=True
    ),
    ("POST", "people.end_links"): Case("/people/person/BI1/link/end", "reach.write", {}, mine=True),
    ("GET", "people.reach_of"): Case("/people/person/BI1/reach", "reach.write", mine=True),
    ("POST", "people.save_reach"): Case("/people/person/BI1/reach", "reach.write", {"do": "default"}, mine=True),
    ("POST", "people.send_trial"): Case("/people/person/BI1/reach/trial", "reach.write", {}, mine=True, state=True),
    ("GET", "people.add_address"): Case("/people/person/BI1/reach/address", "reach.write", mine=True),
    ("POST", "people.add_address"): Case(
        "/people/person/BI1/reach/address",
        "reach.write",
        {"channel": "email", "address": "b@buudien.example", "password": "hoa-mai-vang-2020"},
        mine=True,
        state=True,
    ),
    ("GET", "people.edit_address"): Case("/people/person/BI1/reach/address/{contact}", "reach.write", mine=True),
    ("POST", "people.edit_address"): Case(
        "/people/person/BI1/reach/address/{contact}", "reach.write", {"do": "promote"}, mine=True
    ),
    ("POST", "people.send_code"): Case(
        "/people/person/BI1/reach/code", "reach.write", {"way": "sms.contact.{contact}"}, mine=True, state=True
    ),
    ("GET", "people.check_code"): Case("/people/person/BI1/reach/code/{code}", "reach.write", mine=True),
    ("POST", "people.check_code"): Case(
        "/people/person/BI1/reach/code/{code}", "reach.write", {"code": "123456"}, mine=True, state=True
    ),
    ("POST", "people.add_service"): Case(
        "/people/person/BI1/reach/services",
        "reach.write",
        {"password": "hoa-mai-vang-2020", "url": "jsons://chat.example/x"},
        mine=True,
        state=True,
    ),
    ("POST", "people.change_device"): Case(
        "/people/person/BI1/reach/devices/{device}", "reach.write", {"name": "Máy"}, mine=True
    ),
    ("GET", "people_api.get_reach"): Case("/api/v1/people/BI1/reach", "reach.write", mine=True),
    ("PUT", "people_api.put_reach"): Case("/api/v1/people/BI1/reach", "reach.write", {"rungs": []}, mine=True),
    ("POST", "people.add_absence"): Case(
        "/people/person/BI1/absences",
        "absence.write",
        {"from_on": "2020-03-01", "to_on": "2020-03-02", "kind": "sick"},
        mine=True,
    ),
    ("POST", "people.remove_absence"): Case("/people/absences/{absence}/remove", "absence.write", {}, mine=True),
    ("GET", "people.edit_unit"): Case("/people/units/BDA/edit", "unit.write"),
    ("POST", "people.edit_unit"): Case(
        "/people/units/BDA/edit",
        "unit.write",
        {"code": "BDA", "name": "Bưu điện huyện A", "kind": "district", "parent_code": "BDT"},
    ),
    ("GET", "people.account_of"): Case("/people/accounts/{user:bi1}", "account.manage"),
    ("POST", "people.set_role"): Case(
        "/people/accounts/{user:bi1}/role", "account.manage", {"role": "viewer", "unit_code": "BDA"}
    ),
    ("POST", "people.set_account_active"): Case(
        "/people/accounts/{user:bi1}/active", "account.manage", {"active": "no"}
    ),
    ("POST", "people.mark_desk"): Case(
        "/people/accounts/{user:bi1}/desk", "account.manage", {"lock_minutes": "5"}, state=True
    ),
    ("POST", "people.unmark_desk"): Case("/people/accounts/{user:bi1}/desk/end", "account.manage", {}),
    ("POST", "people.clear_pin"): Case("/people/accounts/{user:bi1}/pin/clear", "account.manage", {}),
    ("POST", "calls.ring"): Case("/calls/BI1/ring", "incident.dispatch", {"code": "{incident}"}),
    ("POST", "calls.leave"): Case("/calls/BI1/leave", "incident.dispatch", {"code": "{incident}"}),
    ("POST", "calls.result"): Case(
        "/calls/BI1/result", "incident.dispatch", {"outcome": "no_answer", "code": "{incident}"}
    ),
    ("POST", "calls.undo"): Case("/calls/BI1/undo", "incident.dispatch", {"code": "{incident}"}),
    ("POST", "people.print_slips"): Case(
        "/people/invitations", "account.manage", {"user": "{user:bi1}", "proof_password": "hoa-mai-vang-2020"}
    ),
    ("POST", "people_api.save_unit"): Case(
        "/api/v1/units", "unit.write", {"code": "BDA-9", "name": "A9", "kind": "service_point", "parent_code": "BDA"}
    ),
    ("POST", "people_api.save_person"): Case(
        "/api/v1/people", "person.write", {"code": "BI1", "full_name": "Trần Thị Bình", "unit_code": "BDA"}
    ),
    ("POST", "people_api.add_absence"): Case(
        "/api/v1/absences",
        "absence.write",
        {"person_code": "BI1", "from": "2020-03-01", "to": "2020-03-02", "kind": "sick"},
        mine=True,
    ),
    ("DELETE", "people_api.remove_absence"): Case("/api/v1/absences/{absence}", "absence.write", mine=True),
    ("GET", "incidents.detail"): Case("/incidents/{incident}", "incident.read"),
    ("POST", "incidents.looked"): Case("/incidents/{incident}/looked", "incident.read", {"entry": "1"}),
    ("POST", "incidents.act"): Case("/incidents/{incident}/note", "incident.act", {"note": "Đã gọi điện."}),
    ("GET", "incidents.picked"): Case("/incidents/picked?code={incident}", "incident.read"),
    ("POST", "incidents.take_picked"): Case("/incidents/picked/take", "incident.act", {"code": "{incident}"}),
    ("POST", "incidents.join_picked"): Case(
        "/incidents/picked/join", "incident.dispatch", {"code": "{incident}", "main": "{other}"}
    ),
    ("POST", "incidents.put_off_picked"): Case(
        "/incidents/picked/snooze",
        "incident.dispatch",
        {"code": "{incident}", "until": "04:00", "reason": "Chờ thợ."},
        state=True,
    ),
    ("GET", "incidents.show_figures"): Case("/incidents/figures/?unit=BDA", "incident.read"),
    ("GET", "incidents.export_figures"): Case("/incidents/figures/export.csv?unit=BDA", "incident.read"),
    ("GET", "incidents.share_incident"): Case("/incidents/{incident}/share", "incident.act"),
    ("POST", "incidents.share_incident_now"): Case("/incidents/{incident}/share", "incident.act", {}),
    ("POST", "incidents.unshare_incident"): Case("/incidents/{incident}/share/{shared}/end", "incident.dispatch", {}),
    ("POST", "roster.answer_requests"): Case(
        "/roster/requests", "request.answer", {"do": "accept", "chosen": "{request}.1"}
    ),
    ("GET", "incidents.review_page"): Case("/incidents/{incident}/review", "incident.read"),
    ("GET", "incidents.print_review"): Case("/incidents/{incident}/review/print", "incident.read"),
    ("POST", "incidents.write_review"): Case(
        "/incidents/{incident}/review", "incident.act", {"happened": "Mất điện.", "version": "0"}, state=True
    ),
    ("POST", "incidents.add_review_action"): Case(
        "/incidents/{incident}/review/actions",
        "incident.act",
        {"text": "Thay ắc quy", "owner": "BI1", "due_on": "2099-01-01"},
        state=True,
    ),
    ("POST", "incidents.finish_review_action"): Case(
        "/incidents/{incident}/review/actions/1", "incident.act", {"done": "1"}, state=True
    ),
    ("POST", "incidents.pass_on_review_action"): Case(
        "/incidents/{incident}/review/actions/1/owner", "incident.act", {"owner-1": "BI1"}, state=True
    ),
    ("GET", "incidents.diary_page"): Case("/incidents/diary/BDA", "incident.read"),
    ("GET", "incidents.print_diary"): Case("/incidents/diary/BDA/print", "incident.read"),
    ("POST", "incidents.write_diary"): Case("/incidents/diary/BDA", "incident.log", {"text": "Đã kiểm tra máy nổ."}),
    ("POST", "incidents.sign_diary"): Case("/incidents/diary/BDA/sign", "incident.log", {"do": "sign"}, state=True),
    ("GET", "incidents.policy"): Case("/incidents/policy/BDA", "policy.read"),
    ("GET", "incidents.policy_history"): Case("/incidents/policy/BDA/history", "policy.read"),
    ("GET", "incidents.edit_policy"): Case("/incidents/policy/BDA/edit/0", "policy.write"),
    ("POST", "incidents.edit_policy"): Case(
        "/incidents/policy/BDA/edit/0",
        "policy.write",
        {
            "rows": "1",
            "step-1-duty": "operations",
            "repeat_after": "5",
            "ack_timeout": "30",
            "urgent_most": "5",
            "snooze-1": "15",
            "snooze-2": "30",
            "snooze-3": "60",
            "snooze-4": "60",
        },
        state=True,
    ),
    ("POST", "incidents.move_policy"): Case("/incidents/policy/BDA/1/move/up", "policy.write", {}, state=True),
    ("POST", "incidents.withdraw_policy"): Case("/incidents/policy/BDA/0/withdraw", "policy.write", {}, state=True),
    ("POST", "incidents.apply_policies"): Case("/incidents/policy/BDA/apply", "policy.apply", {}),
    ("GET", "incidents_api.get_incident"): Case("/api/v1/incidents/{incident}", "incident.read"),
    ("POST", "incidents_api.log_incident"): Case(
        "/api/v1/incidents",
        "incident.log",
        {"title": "Xe hỏng ở đèo", "category": "vehicle", "severity": 3, "unit": "BDA"},
    ),
    ("POST", "incidents_api.acknowledge_incident"): Case(
        "/api/v1/incidents/{incident}/acknowledge", "incident.act", {"note": ""}
    ),
    ("POST", "incidents_api.resolve_incident"): Case(
        "/api/v1/incidents/{incident}/resolve", "incident.act", {"note": "Đã thay xe."}, state=True
    ),
    ("POST", "incidents_api.close_incident"): Case(
        "/api/v1/incidents/{incident}/close", "incident.close", {"note": "Xong."}, state=True
    ),
    ("POST", "incidents_api.reopen_incident"): Case(
        "/api/v1/incidents/{incident}/reopen", "incident.act", {"note": "Chưa xong."}, state=True
    ),
    ("POST", "incidents_api.escalate_incident"): Case(
        "/api/v1/incidents/{incident}/escalate", "incident.dispatch", {"note": "Gọi tiếp."}
    ),
    ("POST", "incidents_api.add_incident_note"): Case(
        "/api/v1/incidents/{incident}/notes", "incident.act", {"note": "Đang chờ."}
    ),
    ("GET", "incidents_api.get_policy"): Case("/api/v1/escalation-policies/BDA", "policy.read"),
    ("PUT", "incidents_api.put_policy"): Case(
        "/api/v1/escalation-policies/BDA",
        "policy.write",
        {
            "steps": [{"duty": "operations", "after_seconds": 0}],
            "repeat_after_seconds": 300,
            "ack_timeout_seconds": 1800,
        },
    ),
    ("POST", "intakes.create"): Case(
        "/incidents/sources/", "intake.manage", {"name": "Zabbix", "kind": "generic", "unit": "BDA", "category": ""}
    ),
    ("POST", "intakes_api.create_intake"): Case(
        "/api/v1/intakes", "intake.manage", {"name": "Zabbix", "kind": "generic", "unit": "BDA"}
    ),
    ("POST", "report_codes.rotate"): Case("/incidents/qr/BDA/rotate", "report.manage", {}),
    ("POST", "report_codes.rotate_counter"): Case("/incidents/qr/BDA/counter/rotate", "report.manage", {}),
    ("POST", "report_codes.revoke"): Case("/incidents/qr/BDA/revoke", "report.manage", {}),
    ("GET", "report_codes.sheets"): Case("/incidents/qr/print?unit=BDA", "report.manage"),
    ("GET", "intakes.detail"): Case("/incidents/sources/{intake}", "intake.manage"),
    ("POST", "intakes.try_body"): Case("/incidents/sources/{intake}/try", "intake.manage", {"body": "{}"}, state=True),
    ("GET", "intakes.edit_rules"): Case("/incidents/sources/{intake}/rules", "intake.manage"),
    ("POST", "intakes.edit_rules"): Case(
        "/incidents/sources/{intake}/rules", "intake.manage", {"do": "add"}, state=True
    ),
    ("GET", "intakes.mailbox"): Case("/incidents/sources/{intake}/mailbox", "settings.write"),
    ("POST", "intakes.mailbox"): Case(
        "/incidents/sources/{intake}/mailbox", "settings.write", {"host": ""}, state=True
    ),
    ("POST", "intakes.try_mailbox"): Case("/incidents/sources/{intake}/mailbox/try", "settings.write", {}, state=True),
    ("POST", "intakes.remove_mailbox"): Case(
        "/incidents/sources/{intake}/mailbox/remove", "settings.write", {}, state=True
    ),
    ("POST", "intakes.revoke"): Case("/incidents/sources/{intake}/revoke", "intake.manage", {}),
    ("POST", "grouping.change"): Case("/incidents/sources/{intake}/grouping", "intake.manage", {"minutes": "10"}),
    ("PUT", "grouping_api.set_grouping"): Case(
        "/api/v1/intakes/{intake}/grouping", "intake.manage", {"minutes": 10}, state=True
    ),
    ("POST", "maintenance.create"): Case(
        "/incidents/maintenance/",
        "maintenance.plan",
        {"unit": "BDA", "ends_at": "03/02/2020 10:00", "reason": "Sửa"},
        state=True,
    ),
    ("POST", "maintenance.silence"): Case(
        "/incidents/maintenance/silence", "maintenance.plan", {"source": "{intake}", "hours": "1", "reason": "Sửa"}
    ),
    ("POST", "maintenance.confirm"): Case(
        "/incidents/maintenance/{window}/confirm", "maintenance.confirm", {}, state=True
    ),
    ("POST", "maintenance.end"): Case("/incidents/maintenance/{window}/end", "maintenance.plan", {}, state=True),
    ("POST", "maintenance_api.plan_window"): Case(
        "/api/v1/maintenance-windows",
        "maintenance.plan",
        {"unit": "BDA", "ends_at": "2020-02-03T10:00:00+07:00", "reason": "Sửa"},
        state=True,
    ),
    ("POST", "maintenance_api.confirm_window"): Case(
        "/api/v1/maintenance-windows/{window}/confirm", "maintenance.confirm", {}, state=True
    ),
    ("POST", "maintenance_api.end_window"): Case(
        "/api/v1/maintenance-windows/{window}/end", "maintenance.plan", {}, state=True
    ),
    ("DELETE", "intakes_api.revoke_intake"): Case("/api/v1/intakes/{intake}", "intake.manage"),
    ("POST", "roster.delete_campaign"): Case("/roster/campaigns/{campaign}/delete", "campaign.write", {}),
    ("POST", "roster.change_shift"): Case("/roster/shifts/{shift}", "campaign.write", {"person": "BI1"}, state=True),
    ("POST", "roster.pin_shift"): Case("/roster/shifts/{shift}/pin", "campaign.write", {}, state=True),
    ("POST", "roster.edit_seats"): Case(
        "/roster/campaigns/{campaign}/edits", "campaign.write", {"seat": "1", "person": "BI1"}, state=True
    ),
    ("POST", "roster.looked_again"): Case("/roster/campaigns/{campaign}/looked", "campaign.write", {}),
    ("GET", "roster.demand_table"): Case("/roster/demand/table?unit=BDA", "campaign.write"),
    ("POST", "roster.save_demand_table"): Case(
        "/roster/demand/table", "campaign.write", {"unit": "BDA", "preview": "1"}
    ),
    ("GET", "roster.patterns"): Case("/roster/campaigns/{campaign}/patterns?unit=BDA", "campaign.write"),
    ("POST", "roster.use_pattern"): Case(
        "/roster/campaigns/{campaign}/patterns",
        "campaign.write",
        {"unit": "BDA", "pattern": "rotate", "order.BI1": "1", "preview": "1"},
        state=True,
    ),
    ("POST", "roster_api.use_pattern"): Case(
        "/api/v1/campaigns/{campaign}/patterns",
        "campaign.write",
        {"pattern": "rotate", "unit": "BDA", "people": ["BI1"], "dry_run": True},
        state=True,
    ),
    ("GET", "roster.offers_of_shift"): Case("/roster/campaigns/{campaign}/offers/shift?shift=1", "campaign.write"),
    ("GET", "roster.offers_of_crew"): Case(
        "/roster/campaigns/{campaign}/offers/crew?crew={crew}&on=2020-01-24", "campaign.write", state=True
    ),
    ("GET", "roster.crew_cell"): Case(
        "/roster/campaigns/{campaign}/crew-cell?crew={crew}&on=2020-01-24", "campaign.write", state=True
    ),
    ("POST", "roster.change_crew_cell"): Case(
        "/roster/campaigns/{campaign}/crew-cell?crew={crew}&on=2020-01-24", "campaign.write", {"text": ""}, state=True
    ),
    ("GET", "roster.crews"): Case("/roster/campaigns/{campaign}/crews?unit=BDA", "campaign.write"),
    ("POST", "roster.divide_into_crews"): Case(
        "/roster/campaigns/{campaign}/crews", "campaign.write", {"unit": "BDA", "number": "2"}
    ),
    ("GET", "roster.new_crew"): Case("/roster/campaigns/{campaign}/crews/new?unit=BDA", "campaign.write"),
    ("GET", "roster.crew"): Case("/roster/campaigns/{campaign}/crews/{crew}", "campaign.write", state=True),
    ("POST", "roster.save_crew"): Case(
        "/roster/campaigns/{campaign}/crews/save", "campaign.write", {"unit": "BDA", "name": "Kíp 1", "order.BI1": "1"}
    ),
    ("POST", "roster.delete_crew"): Case(
        "/roster/campaigns/{campaign}/crews/{crew}/delete", "campaign.write", {}, state=True
    ),
    ("GET", "roster.rotation"): Case("/roster/campaigns/{campaign}/rotation?unit=BDA", "campaign.write"),
    ("POST", "roster.rotate"): Case(
        "/roster/campaigns/{campaign}/rotation", "campaign.write", {"unit": "BDA", "preview": "1"}, state=True
    ),
    ("GET", "roster_api.list_crews"): Case("/api/v1/crews", "campaign.read"),
    ("GET", "roster_api.get_crew"): Case("/api/v1/crews/{crew}", "campaign.read", state=True),
    ("POST", "roster_api.make_crew"): Case("/api/v1/crews", "campaign.write", {"unit": "BDA", "name": "Kíp 1"}),
    ("PUT", "roster_api.change_crew"): Case("/api/v1/crews/{crew}", "campaign.write", {"name": "Kíp 1"}, state=True),
    ("DELETE", "roster_api.delete_crew"): Case("/api/v1/crews/{crew}", "campaign.write", state=True),
    ("POST", "roster_api.rotate_crews"): Case(
        "/api/v1/campaigns/{campaign}/rotation",
        "campaign.write",
        {"unit": "BDA", "crews": [1], "cycle": ["Ngày"], "first": "2020-01-24", "dry_run": True},
        state=True,
    ),
    ("POST", "roster.undo_edits"): Case("/roster/campaigns/{campaign}/edits/undo", "campaign.write", {}, state=True),
    ("POST", "roster.redo_edits"): Case("/roster/campaigns/{campaign}/edits/redo", "campaign.write", {}, state=True),
    ("GET", "roster.edits_since"): Case("/roster/campaigns/{campaign}/edits/since", "campaign.write"),
    ("GET", "roster.around_edits"): Case("/roster/campaigns/{campaign}/edits/around", "campaign.write"),
    ("GET", "roster.offers_of_day"): Case(
        "/roster/campaigns/{campaign}/offers?person=BI1&on=2020-01-24", "campaign.write"
    ),
    ("GET", "roster.solve_range_beside"): Case(
        "/roster/campaigns/{campaign}/range?people=BI1&from=2020-01-24&to=2020-01-25", "campaign.solve"
    ),
    ("GET", "roster.solve_range"): Case("/roster/campaigns/{campaign}/solve/range", "campaign.solve"),
    ("GET", "roster.take_in_hand"): Case("/roster/campaigns/{campaign}/hand?seat=1", "campaign.write", state=True),
    ("POST", "roster.undo"): Case("/roster/campaigns/{campaign}/undo", "campaign.write", {}, state=True),
    ("POST", "roster.redo"): Case("/roster/campaigns/{campaign}/redo", "campaign.write", {}, state=True),
    ("POST", "roster_api.edit_seats"): Case(
        "/api/v1/campaigns/{campaign}/edits",
        "campaign.write",
        {"edits": [{"seat": 1, "person": "BI1", "was": None}]},
        state=True,
    ),
    ("POST", "roster_api.undo_edit"): Case("/api/v1/campaigns/{campaign}/undo", "campaign.write", {}, state=True),
    ("POST", "roster_api.redo_edit"): Case("/api/v1/campaigns/{campaign}/redo", "campaign.write", {}, state=True),
    ("GET", "roster.rules"): Case("/roster/campaigns/{campaign}/rules", "campaign.read"),
    ("POST", "roster.save_rules"): Case("/roster/campaigns/{campaign}/rules", "campaign.write", {"reset": "all"}),
    ("GET", "roster.hours_of"): Case("/roster/campaigns/{campaign}/hours/people/BI1", "hours.read", mine=True),
    ("POST", "roster.note_served"): Case(
        "/roster/campaigns/{campaign}/hours/people/BI1", "duty.correct", {}, state=True
    ),
    ("GET", "roster.hours_closing"): Case("/roster/campaigns/{campaign}/hours/close?unit=BDA", "hours.close"),
    ("POST", "roster.close_hours"): Case(
        "/roster/campaigns/{campaign}/hours/close?unit=BDA", "hours.close", {}, state=True
    ),
    ("GET", "roster.hours_xlsx"): Case("/roster/campaigns/{campaign}/hours.xlsx?unit=BDA", "hours.close", state=True),
    ("GET", "roster_api.list_hours"): Case("/api/v1/campaigns/{campaign}/hours?unit=BDA", "hours.read"),
    ("POST", "roster.close_campaign"): Case("/roster/campaigns/{campaign}/close", "campaign.publish", {}, state=True),
    ("POST", "roster.save_person_pair"): Case(
        "/roster/people/BI1/pairs", "person.write", {"other_code": "AN1", "kind": "apart"}
    ),
    ("POST", "roster.delete_person_pair"): Case(
        "/roster/people/BI1/pairs/{pair}/delete", "person.write", {}, state=True
    ),
    ("GET", "roster.why"): Case("/roster/shifts/{shift}/why", "campaign.write"),
    ("GET", "roster.covers"): Case("/roster/shifts/{shift}/covers?for=BI1", "campaign.write", state=True),
    ("POST", "roster.cover"): Case(
        "/roster/shifts/{shift}/cover", "campaign.write", {"moves": "1>BI1>AN1"}, state=True
    ),
    ("GET", "roster.explanation"): Case("/roster/campaigns/{campaign}/solve/{run}/explanation", "campaign.write"),
    ("POST", "roster.conflict"): Case(
        "/roster/campaigns/{campaign}/solve/{run}/conflict", "campaign.write", {}, state=True
    ),
    ("POST", "roster.solve"): Case("/roster/campaigns/{campaign}/solve", "campaign.solve", {}, state=True),
    ("POST", "roster.release_pins"): Case("/roster/campaigns/{campaign}/unpin", "campaign.solve", {}, state=True),
    ("POST", "roster.cancel_solve"): Case(
        "/roster/campaigns/{campaign}/solve/{run}/cancel", "campaign.solve", {}, state=True
    ),
    ("POST", "roster.take_fairer"): Case(
        "/roster/campaigns/{campaign}/solve/{run}/fairer", "campaign.solve", {}, state=True
    ),
    ("POST", "roster.apply_remedies"): Case(
        "/roster/campaigns/{campaign}/solve/{run}/remedies", "campaign.write", {}, state=True
    ),
    ("POST", "roster_api.take_fairer"): Case("/api/v1/solve-runs/{run}/fairer", "campaign.solve", {}, state=True),
    ("GET", "roster.solve_certificate"): Case(
        "/roster/campaigns/{campaign}/solve/{run}/certificate.json", "roster.read", state=True
    ),
    ("POST", "roster.verify_solve"): Case(
        "/roster/campaigns/{campaign}/solve/{run}/verify", "campaign.solve", {}, state=True
    ),
    ("POST", "roster_api.verify_solve_run"): Case("/api/v1/solve-runs/{run}/verify", "campaign.solve", state=True),
    ("GET", "roster_api.list_solve_runs"): Case("/api/v1/campaigns/{campaign}/solve-runs", "campaign.read"),
    ("GET", "roster.sheet"): Case("/roster/campaigns/{campaign}/sheet", "campaign.write"),
    ("POST", "roster.send_sheet"): Case(
        "/roster/campaigns/{campaign}/sheet", "campaign.write", {"cells": "Tên\t24/1\nBình\tx"}
    ),
    ("GET", "roster.sheet_preview"): Case(
        "/roster/campaigns/{campaign}/sheet/aaaaaaaaaaaaaaaaaaaaaaaa", "campaign.write", state=True
    ),
    ("POST", "roster.sheet_chosen"): Case(
        "/roster/campaigns/{campaign}/sheet/aaaaaaaaaaaaaaaaaaaaaaaa", "campaign.write", {"act": "take"}, state=True
    ),
    ("GET", "roster.unit_lists"): Case("/roster/campaigns/{campaign}/lists", "campaign.write"),
    ("POST", "roster.collect_lists"): Case(
        "/roster/campaigns/{campaign}/lists", "campaign.write", {"due": ""}, state=True
    ),
    ("GET", "roster.unit_list"): Case("/roster/campaigns/{campaign}/lists/{unit_list}", "campaign.write"),
    ("GET", "roster.list_file"): Case(
        "/roster/campaigns/{campaign}/lists/{unit_list}/files/{list_paper}", "campaign.write"
    ),
    ("GET", "roster.type_list"): Case("/roster/campaigns/{campaign}/lists/{unit_list}/type", "campaign.write"),
    ("POST", "roster.save_typed_list"): Case(
        "/roster/campaigns/{campaign}/lists/{unit_list}/type", "campaign.write", {"seen": ""}, state=True
    ),
    ("POST", "roster.answer_list"): Case(
        "/roster/campaigns/{campaign}/lists/{unit_list}", "campaign.write", {"act": "return", "remark": "x"}, state=True
    ),
    ("POST", "roster.close_lists"): Case("/roster/campaigns/{campaign}/lists/close", "campaign.write", {}, state=True),
    ("GET", "roster.approval_page"): Case("/roster/campaigns/{campaign}/approval", "campaign.publish"),
    ("POST", "roster.submit_draft"): Case("/roster/campaigns/{campaign}/approval", "campaign.publish", {}, state=True),
    ("POST", "roster.set_approval"): Case(
        "/roster/campaigns/{campaign}/approval/needed", "campaign.publish", {"needed": "1"}
    ),
    ("GET", "roster_api.show_approval"): Case("/api/v1/campaigns/{campaign}/approval", "campaign.publish"),
    ("PUT", "roster_api.put_approval"): Case(
        "/api/v1/campaigns/{campaign}/approval", "approval.waive", {"needed": False}
    ),
    ("POST", "roster_api.submit"): Case(
        "/api/v1/campaigns/{campaign}/submit", "campaign.publish", {"approver": "AN1"}, state=True
    ),
    ("GET", "roster.withdraw"): Case("/roster/campaigns/{campaign}/withdraw", "campaign.publish", state=True),
    ("POST", "roster.withdraw_now"): Case(
        "/roster/campaigns/{campaign}/withdraw", "campaign.publish", {"reason": "Nhầm"}, state=True
    ),
    ("POST", "roster_api.withdraw"): Case(
        "/api/v1/campaigns/{campaign}/withdraw", "campaign.publish", {"reason": "Nhầm"}, state=True
    ),
    ("GET", "roster.paper"): Case("/roster/campaigns/{campaign}/revisions/1/paper", "campaign.publish", state=True),
    ("POST", "roster.enter_paper"): Case(
        "/roster/campaigns/{campaign}/revisions/1/paper", "campaign.publish", {"document_number": "1"}, state=True
    ),
    ("POST", "roster.attach_paper"): Case(
        "/roster/campaigns/{campaign}/revisions/1/scans", "campaign.publish", {}, state=True
    ),
    ("POST", "roster_api.enter_paper"): Case(
        "/api/v1/campaigns/{campaign}/revisions/1/paper", "campaign.publish", {"document_number": "1"}, state=True
    ),
    ("GET", "roster.supplements"): Case("/roster/campaigns/{campaign}/supplements", "campaign.publish"),
    ("POST", "roster.supplement"): Case("/roster/campaigns/{campaign}/supplements", "campaign.publish", {}, state=True),
    ("POST", "roster_api.supplement"): Case(
        "/api/v1/campaigns/{campaign}/supplements",
        "campaign.publish",
        {"served": 1, "person": "BI1", "attested_by": {"name": "An", "position": "Trưởng"}, "reason": "Sót"},
        state=True,
    ),
    ("POST", "roster.publish_now"): Case("/roster/campaigns/{campaign}/publish", "campaign.publish", {}, state=True),
    ("POST", "roster.tell_untold"): Case(
        "/roster/campaigns/{campaign}/confirmations/tell", "campaign.publish", {}, state=True
    ),
    ("POST", "roster.delete_demand"): Case("/roster/demand/{demand}/delete", "campaign.write", {}, state=True),
    ("POST", "roster.save_chain"): Case("/roster/duty-kinds/BDA/chain", "policy.write", {"people": "AN1"}, state=True),
    ("POST", "roster_api.create_campaign"): Case(
        "/api/v1/campaigns",
        "campaign.write",
        {"name": "Tết", "tet_year": 2020, "unit": "BDA", "starts_on": "2020-01-23", "ends_on": "2020-01-24"},
    ),
    ("DELETE", "roster_api.delete_campaign"): Case("/api/v1/campaigns/{campaign}", "campaign.write"),
    ("POST", "roster_api.solve"): Case(
        "/api/v1/campaigns/{campaign}/solve", "campaign.solve", {"seconds": 1, "seed": 1}, state=True
    ),
    ("DELETE", "roster_api.cancel_solve_run"): Case("/api/v1/solve-runs/{run}", "campaign.solve", state=True),
    ("POST", "roster_api.stop_solve_run"): Case("/api/v1/solve-runs/{run}/cancel", "campaign.solve", {}, state=True),
    ("PUT", "roster_api.put_people"): Case(
        "/api/v1/shifts/{shift}/people", "campaign.write", {"people": ["BI1"]}, state=True
    ),
    ("POST", "roster_api.publish"): Case("/api/v1/campaigns/{campaign}/publish", "campaign.publish", {}, state=True),
    ("GET", "roster_api.list_rules"): Case("/api/v1/campaigns/{campaign}/rules", "campaign.read"),
    ("PUT", "roster_api.put_rules"): Case(
        "/api/v1/campaigns/{campaign}/rules", "campaign.write", {"rules": {"hours.day": {"on": False}}}
    ),
    ("POST", "roster_api.close_campaign"): Case("/api/v1/campaigns/{campaign}/close", "campaign.publish", state=True),
    ("POST", "roster_api.save_pair"): Case(
        "/api/v1/pairs", "person.write", {"person_code": "BI1", "other_code": "AN1", "kind": "apart"}
    ),
    ("DELETE", "roster_api.delete_pair"): Case("/api/v1/pairs/{pair}", "person.write", state=True),
    # Reasons name who is away and who is protected: they are for those who edit the campaign.
    ("GET", "roster_api.candidates"): Case("/api/v1/shifts/{shift}/candidates", "campaign.write"),
    ("GET", "roster_api.list_covers"): Case("/api/v1/shifts/{shift}/covers?for=BI1", "campaign.write", state=True),
    ("POST", "roster_api.apply_cover"): Case(
        "/api/v1/shifts/{shift}/cover",
        "campaign.write",
        {"moves": [{"shift": 1, "out": "BI1", "in": "AN1"}]},
        state=True,
    ),
    ("GET", "roster_api.explanation"): Case("/api/v1/solve-runs/{run}/explanation", "campaign.write"),
    ("POST", "roster_api.apply_remedies"): Case(
        "/api/v1/solve-runs/{run}/remedies", "campaign.solve", {"remedies": ["no~such~key"]}, state=True
    ),
    ("POST", "roster_api.minimal_conflict"): Case(
        "/api/v1/solve-runs/{run}/conflict", "campaign.write", {}, state=True
    ),
    # Gateways are the enterprise's: whoever may not write settings has no business there, wherever they work.
    ("GET", "gateways.index"): Case("/gateways/", "settings.write"),
    ("GET", "gateways.new"): Case("/gateways/new?recipe=json_sms", "settings.write"),
    ("POST", "gateways.new"): Case("/gateways/new?recipe=json_sms", "settings.write", {"name": "Cổng"}, state=True),
    ("GET", "gateways.edit"): Case("/gateways/{gateway}", "settings.write"),
    ("POST", "gateways.edit"): Case("/gateways/{gateway}", "settings.write", {"name": "Cổng"}, state=True),
    ("POST", "gateways.trial"): Case("/gateways/{gateway}/trial", "settings.write", {}),
    ("POST", "gateways.write_prices"): Case("/gateways/prices", "settings.write", {"sms": "350", "voice": ""}),
    ("POST", "gateways.remove"): Case("/gateways/{gateway}/remove", "settings.write", {}),
    ("PUT", "roster_api.put_standing_chain"): Case(
        "/api/v1/units/BDA/standing-chain", "policy.write", {"people": ["AN1"]}
    ),
}

WITHOUT_UNIT = {
    # Letters are the whole enterprise's: who reaches all of it writes them
    # (tests/web/compliance/letters/test_letter_pages.py).
    "compliance.letter_list",
    "compliance.letter",
    "compliance.letter_file",
    "compliance.new_letter",
    "compliance.enter_letter",
    "compliance.edit_letter",
    "compliance.change_letter",
    "compliance.compare_letters",
    "compliance.receive_letter",
    "compliance.acknowledge_letter",
    "compliance.relate_letter",
    "compliance.add_letter_file",
    "compliance.spread_letter",
    "compliance.new_requirement",
    "compliance.add_requirement",
    "compliance.edit_requirement",
    "compliance.change_requirement",
    "compliance.remove_requirement",
    "compliance_api.list_directives",
    "compliance_api.enter_directive",
    "compliance_api.list_requirements",
    "compliance_api.add_requirement",
    "compliance.matrix",
    "compliance.requirement_units",
    "compliance.evidence_file",
    "compliance.evidence_thumbnail",
    "compliance_api.list_evidence",  # reading: how units stand is open to every account
    "compliance_api.add_evidence",  # its unit stands in the query: tests/web/compliance/letters/test_letter_api.py
    "compliance.inspectors",  # what lies in the reader's reach
    "compliance.make_inspector_link",  # its unit stands in the form: tests/journeys/test_letter_register.py
    "maintenance.overview",
    "maintenance_api.list_windows",  # reading: what one may read incidents of
    "people.directory",
    "people.person",
    "people.absences",
    "people.units",  # reading: open to every account
    "people.new_person",
    "people.new_unit",  # choices are limited to the actor's units; services refuse others
    "people.invitations",
    "people.make_accounts",
    "people.account_list",  # show and touch only what is in reach
    "people.new_desk",  # a form whose choices are limited to the actor's units
    "people.my_reach",
    "people.push_key",  # one's own, whoever asks
    "people.add_device",  # the person alone, whatever the role: tests/web/people/contact/test_reach_pages.py
    "roster.requests",
    "roster.unreachable",  # a list of what lies in the reader's reach
    "people.key_list",
    "people.create_key",
    "people.revoke_key",  # admin alone
    "people_api.list_units",
    "people_api.list_people",
    "people_api.list_absences",
    "people_api.list_duty_kinds",
    "people_api.save_duty_kind",  # of the whole enterprise
    "incidents.board",
    "incidents.handover_list",
    "incidents.write_handover_page",
    "incidents.write_handover",  # of one's own seat, whatever the role: tests/journeys/test_hand_over_minutes.py
    "incidents_api.list_handovers",
    "incidents_api.list_incidents",
    "roster.duty_checks",
    "roster.start_duty_check",
    "roster_api.list_duty_checks",  # show and offer what lies in the reader's reach
    "incidents.new",  # lists of what one may read; a form
    "incidents.alike",
    "offline.index",
    "offline.send",  # hints of what one may read; one's own phone; a form
    "report_codes.overview",
    "report_codes.printed",  # show and touch only what is in reach
    "tonight.index",
    "tonight.kept_list",  # of one's own unit
    "roster.phone_tree",  # everybody reads who serves; numbers: tests/journeys/test_phone_tree.py
    "finding.index",
    "finding.hits",  # open to every account; numbers as far as the reader may see them: tests/journeys/test_finding.py
    "desk.open_now",  # of one's own unit: tests/journeys/test_number_of_open_incidents.py
    "incidents.take_all",
    "incidents.take_shown",  # what lies in the reader's reach: tests/journeys/test_storm.py
    "incidents.take_singly",
    "incidents.take_this_one",  # the same: tests/journeys/test_taken_one_by_one.py
    "incidents.set_morning",  # of the enterprise
    "incidents.questions",  # parts of the form for logging
    # Of the whole enterprise; only who reaches all of it may write it: tests/journeys/test_catalogue.py
    "catalogue.overview",
    "catalogue.category",
    "catalogue.questions",
    "catalogue.save_question",
    "catalogue.targets",
    "catalogue.save_targets",
    "catalogue_api.list_categories",
    "directory.authorities",
    "directory.routes",
    "directory.vehicles",  # reading: whoever may report
    # To the person whom it was put to, whatever the role, and to who may dispatch: test_moving_incidents.py
    "incidents_api.answer_ask",
    # lists of what lies in the reader's reach
    "calls.index",
    "calls.banner",
    "intakes.overview",
    "intakes_api.list_intakes",
    "incidents.all_reviews",
    "incidents.own_diary",
    "documents.document",
    "documents.document_file",
    "documents.document_page",
    "documents.document_scan",
    "roster.signed_paper",  # who signed it is told to all: tests/journeys/test_withdrawn_revisions.py
    "documents_api.get_document",  # not there for who may not see it: tests/services/documents/issued/test_issuing.py
    "documents.register",
    "documents_api.list_documents",  # what the reader may see: tests/services/documents/issued/test_issuing.py
    "documents.batches",
    "documents.cancel_batch",
    "documents.batch_file",  # one's own: tests/services/documents/batches/test_batches.py
    "incidents.own_policy",  # leads to the policy of one's own unit
}
"""Routes that are not about one unit's thing, and why that is right."""
