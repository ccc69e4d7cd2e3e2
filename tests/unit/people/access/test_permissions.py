"""The permissions table: complete, monotonous, and saying what the house rules say."""

from __future__ import annotations

import pytest

from people.access.permissions import (
    LENT_BY_DUTY,
    ROLE_ORDER,
    TABLE,
    at_desk,
    lesser_role,
    may,
    may_anywhere,
    may_give_role,
)

REACH = ("none", "self", "own", "any")
RELATIONS = ("self", "own", "other")

REACHES = {
    "any any any any": """
        campaign.read directive.read document.read onduty.read person.read roster.read unit.read
    """,
    "none any any any": """
        incident.log
    """,
    "none none any any": """
        sending.resume system.read
    """,
    "none none none any": """
        approval.waive demo.clear key.manage settings.write
    """,
    "none none own any": """
        account.manage audit.read campaign.publish campaign.solve campaign.write catalogue.write check.run
        directive.write directory.write duty.correct dutykind.write handover.settle holiday.write hours.close import.run
        incident.close incident.dispatch inspector.manage intake.manage maintenance.confirm outbox.read outbox.send
        person.write points.write policy.apply policy.write reach.report rehearsal.run report.manage request.answer
        requirement.accept roster.amend roster.cover unit.write
        coordination.read coordination.write document.issue document.settle notice.write plan.decide point.settle
        reporting.approve reporting.read reporting.write
    """,
    "none own own any": """
        incident.act list.share maintenance.plan plan.write point.tell requirement.report visit.read visit.write
    """,
    "none self own any": """
        absence.now absence.write wish.write
    """,
    "own any any any": """
        feed.create incident.read point.read policy.read
    """,
    "self any any any": """
        person.contact
    """,
    "self own own any": """
        person.directory
    """,
    "self self own any": """
        duty.attend duty.confirm hours.read reach.write
    """,
}
"""How far viewer, staff, manager and admin reach → the actions. Written a second time on purpose: nobody may more, or
less, because one word of the table slipped."""


def test_each_action_reaches_as_far_as_it_is_meant_to() -> None:
    meant = {action: reaches for reaches, actions in REACHES.items() for action in actions.split()}
    assert {action: " ".join(TABLE[action][role] for role in ROLE_ORDER) for action in TABLE} == meant


@pytest.mark.parametrize("action", sorted(TABLE))
def test_every_cell_is_known_and_a_higher_role_never_reaches_less(action: str) -> None:
    reaches = [REACH.index(TABLE[action][role]) for role in ROLE_ORDER]
    assert reaches == sorted(reaches)
    assert TABLE[action]["admin"] == "any"


@pytest.mark.parametrize("action", sorted(TABLE))
def test_what_is_allowed_elsewhere_is_allowed_at_home(action: str) -> None:
    for role in ROLE_ORDER:
        allowed = [may(role, action, relation) for relation in RELATIONS]
        assert allowed == sorted(allowed, reverse=True)
        assert may_anywhere(role, action) == any(allowed)


@pytest.mark.parametrize(
    ("role", "action", "relation", "expected"),
    [
        ("manager", "campaign.publish", "own", True),
        ("manager", "campaign.publish", "other", False),
        ("staff", "campaign.write", "own", False),
        ("staff", "campaign.publish", "own", False),
        ("staff", "account.manage", "own", False),
        ("staff", "absence.write", "self", True),
        ("staff", "absence.write", "own", False),
        ("staff", "incident.log", "other", True),
        ("staff", "incident.act", "other", False),
        ("staff", "incident.dispatch", "own", False),
        ("staff", "person.directory", "other", False),
        ("viewer", "person.contact", "own", False),
        ("viewer", "incident.log", "own", False),
        ("manager", "key.manage", "own", False),
        ("manager", "audit.read", "own", True),
        ("admin", "audit.read", "other", True),
        ("nobody", "unit.read", "own", False),
    ],
)
def test_house_rules(role: str, action: str, relation: str, expected: bool) -> None:
    assert may(role, action, relation) is expected  # type: ignore[arg-type]


def test_a_misspelt_action_never_passes_silently() -> None:
    with pytest.raises(KeyError):
        may("admin", "unit.raed", "own")


def test_nobody_gives_more_than_they_have() -> None:
    assert may_give_role("manager", "manager")
    assert not may_give_role("manager", "admin")
    assert may_give_role("admin", "admin")


def test_a_shift_lends_actions_of_the_table_and_none_that_makes_a_way_in() -> None:
    assert TABLE.keys() >= LENT_BY_DUTY
    assert not LENT_BY_DUTY & {"account.manage", "key.manage", "person.write", "import.run", "campaign.publish"}


def test_a_pin_at_a_shared_desk_reads_does_what_incidents_need_and_says_who_has_come() -> None:
    beyond_reading = {action for action in TABLE if at_desk(action) and not action.endswith(".read")}
    incidents = {"incident.act", "incident.close", "incident.dispatch", "incident.log"}
    assert beyond_reading == {"person.contact", "duty.attend"} | incidents
    reading = {action for action in TABLE if action.endswith(".read")}
    assert {action for action in reading if not at_desk(action)} == {"audit.read", "outbox.read"}


@pytest.mark.parametrize("one", ROLE_ORDER)
@pytest.mark.parametrize("other", ROLE_ORDER)
def test_of_two_roles_the_lesser_one_may_do_less(one: str, other: str) -> None:
    assert lesser_role(one, other) == ROLE_ORDER[min(ROLE_ORDER.index(one), ROLE_ORDER.index(other))]


def test_a_role_that_nobody_gave_may_do_nothing_anywhere() -> None:
    assert not any(may_anywhere("nobody", action) for action in TABLE)
