"""What a policy says: waits that grow, steps that climb, the category's duty first, and rehearsals in haste."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incidents.policies.rules import Policy, StepRule, Target, beginning_with, climbing

SEC = timedelta(seconds=1)
OPERATIONS, EMERGENCY, LEADERSHIP = (Target(duty=duty) for duty in ("operations", "emergency", "leadership"))
POLICY = Policy(
    (
        StepRule((OPERATIONS,), 0 * SEC),
        StepRule((EMERGENCY,), 300 * SEC),
        StepRule((LEADERSHIP,), 120 * SEC, all_must=True),
    ),
    repeat_after=300 * SEC,
    ack_timeout=1800 * SEC,
    repeat_most=900 * SEC,
    alive=3600 * SEC,
)
PLAIN = Policy(POLICY.steps, 300 * SEC, 1800 * SEC)


def test_a_hurried_policy_keeps_its_steps_and_waits_no_longer_than_told() -> None:
    hurried = POLICY.hurried(20 * SEC)
    assert [(step.duty, step.after, step.all_must) for step in hurried.steps] == [
        ("operations", 0 * SEC, False),
        ("emergency", 20 * SEC, False),
        ("leadership", 20 * SEC, True),
    ]
    assert (hurried.repeat_after, hurried.ack_timeout) == (20 * SEC, 200 * SEC)
    assert (hurried.repeat_most, hurried.alive) == (20 * SEC, 200 * SEC)


def test_a_hurried_policy_never_waits_longer_than_before() -> None:
    assert POLICY.hurried(5000 * SEC) == POLICY
    assert (PLAIN.hurried(20 * SEC).repeat_most, PLAIN.hurried(20 * SEC).alive) == (None, None)


def test_the_wait_grows_by_half_after_three_turns_up_to_the_cap() -> None:
    assert [POLICY.pause(turn) // SEC for turn in range(1, 9)] == [300, 300, 300, 450, 675, 900, 900, 900]
    assert {PLAIN.pause(turn) for turn in range(1, 9)} == {300 * SEC}
    shrinking = Policy(POLICY.steps, 300 * SEC, 1800 * SEC, repeat_most=100 * SEC)
    assert {shrinking.pause(turn) for turn in range(1, 9)} == {300 * SEC}, "never shorter than the one before"


def test_steps_that_climb_become_one_a_level_and_keep_the_rest_of_theirs() -> None:
    climbs = StepRule((Target(head="each"), OPERATIONS), 60 * SEC, all_must=True)
    policy = Policy((POLICY.steps[1], climbs, POLICY.steps[2]), 300 * SEC, 1800 * SEC)
    climbed = climbing(policy, 3)
    assert climbed.steps == (
        POLICY.steps[1],
        StepRule((OPERATIONS, Target(head="0")), 60 * SEC, all_must=True),
        StepRule((Target(head="1"),), 60 * SEC, all_must=True),
        StepRule((Target(head="2"),), 60 * SEC, all_must=True),
        POLICY.steps[2],
    )
    assert climbing(POLICY, 3) == POLICY


@pytest.mark.parametrize(
    ("duty", "order"),
    [
        ("leadership", ["leadership", "operations", "emergency"]),
        ("emergency", ["emergency", "operations", "leadership"]),
        ("operations", ["operations", "emergency", "leadership"]),
        ("support", ["operations", "emergency", "leadership"]),
        (None, ["operations", "emergency", "leadership"]),
    ],
)
def test_the_duty_of_the_category_is_called_first_and_the_waits_stay(duty: str | None, order: list[str]) -> None:
    moved = beginning_with(POLICY, duty)
    assert [step.duty for step in moved.steps] == order
    assert [step.after for step in moved.steps] == [0 * SEC, 300 * SEC, 120 * SEC]
    assert [step.all_must for step in moved.steps] == [duty == "leadership" for duty in order]
    assert (moved.repeat_after, moved.repeat_most, moved.alive) == (300 * SEC, 900 * SEC, 3600 * SEC)


def test_no_duty_is_none_of_those_that_name_a_person() -> None:
    named = Policy((POLICY.steps[0], StepRule((Target(person_id=7),), 60 * SEC)), 300 * SEC, 1800 * SEC)
    assert beginning_with(named, None) == named
    both = Policy((POLICY.steps[0], StepRule((Target(person_id=7), EMERGENCY), 60 * SEC)), 300 * SEC, 1800 * SEC)
    assert beginning_with(both, "emergency").steps[0].targets == (Target(person_id=7), EMERGENCY)
