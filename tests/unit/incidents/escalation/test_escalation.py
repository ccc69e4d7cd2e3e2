"""Which step fires, whom it calls, when to look again. Above all: never silent, and no step waits when it is empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from incidents.escalation.decide import (
    EscalationDecision,
    EscalationPosition,
    StepCallees,
    combine,
    decide,
    forecast,
    together,
)
from incidents.policies.rules import Policy, StepRule, Target, band

T0 = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)
SEC = timedelta(seconds=1)
ASSIGNED = StepCallees("assigned", (1,))
CHAIN = StepCallees("standing_chain", (9,))


def duty_step(duty: str, after: timedelta) -> StepRule:
    return StepRule((Target(duty=duty),), after)


POLICY = Policy(
    (duty_step("operations", 0 * SEC), duty_step("emergency", 300 * SEC), duty_step("leadership", 300 * SEC)),
    repeat_after=300 * SEC,
    ack_timeout=1800 * SEC,
)


def roster(**duties: StepCallees) -> Callable[[StepRule], StepCallees]:
    """What the resolver answers; a duty that is not named falls to the chain."""
    return lambda step: duties.get(step.duty or "", CHAIN)


def test_the_first_step_calls_and_the_second_waits_its_time() -> None:
    decision = decide(POLICY, EscalationPosition(0, 1), roster(operations=ASSIGNED), now=T0)
    assert (decision.fired, decision.answer, decision.skipped) == (0, ASSIGNED, ())
    assert (decision.next_step, decision.next_cycle, decision.next_at) == (1, 1, T0 + 300 * SEC)


def test_each_step_waits_its_own_time_and_the_turn_the_policys() -> None:
    steps = (duty_step("operations", 0 * SEC), duty_step("emergency", 60 * SEC), duty_step("leadership", 120 * SEC))
    policy, who = Policy(steps, 900 * SEC, 1800 * SEC), lambda step: ASSIGNED
    waits = [(decide(policy, EscalationPosition(step, 1), who, now=T0).next_at - T0) // SEC for step in range(3)]
    assert waits == [60, 120, 900]


def test_after_the_last_step_it_starts_over() -> None:
    decision = decide(POLICY, EscalationPosition(2, 1), roster(leadership=ASSIGNED), now=T0)
    assert (decision.next_step, decision.next_cycle, decision.next_at) == (0, 2, T0 + 300 * SEC)


def test_an_empty_step_is_skipped_at_once() -> None:
    decision = decide(POLICY, EscalationPosition(0, 1), roster(leadership=ASSIGNED), now=T0)
    assert (decision.fired, decision.skipped, decision.next_at) == (2, (0, 1), T0 + 300 * SEC)


def test_when_every_step_is_empty_the_chain_is_called_and_called_again() -> None:
    decision = decide(POLICY, EscalationPosition(0, 1), roster(), now=T0)
    assert (decision.fired, decision.cycle, decision.answer, decision.skipped) == (0, 1, CHAIN, (0, 1, 2))
    assert (decision.next_step, decision.next_cycle, decision.next_at) == (0, 2, T0 + POLICY.repeat_after)


def test_empty_last_steps_add_no_wait_to_the_next_turn() -> None:
    who = roster(operations=ASSIGNED)
    late = decide(POLICY, EscalationPosition(1, 1, fired_at=T0), who, now=T0 + 300 * SEC)
    assert (late.fired, late.cycle, late.skipped) == (0, 2, (1, 2)), "operations were last called 300 s ago"
    patient = Policy(POLICY.steps, 500 * SEC, POLICY.ack_timeout)
    early = decide(patient, EscalationPosition(1, 1, fired_at=T0), who, now=T0 + 300 * SEC)
    assert (early.fired, early.skipped, early.next_step, early.next_at) == (None, (1, 2), 0, T0 + 500 * SEC)


def test_people_without_an_address_cost_no_time() -> None:
    unreachable = StepCallees("assigned", (1,), reachable=False)
    assert decide(POLICY, EscalationPosition(0, 1), roster(operations=unreachable), now=T0).next_at == T0
    everybody = roster(operations=unreachable, emergency=unreachable, leadership=unreachable)
    assert decide(POLICY, EscalationPosition(2, 1), everybody, now=T0).next_at == T0 + POLICY.repeat_after, (
        "or it would spin"
    )


def test_a_turn_that_reaches_nobody_calls_the_last_resort_at_its_last_call() -> None:
    unreachable = StepCallees("assigned", (1,), reachable=False)
    phones = roster(operations=unreachable, emergency=unreachable)
    assert [decide(POLICY, EscalationPosition(step, 1), phones, now=T0).last_resort for step in (0, 1)] == [False, True]
    mixed = roster(operations=ASSIGNED, emergency=unreachable)
    assert not any(decide(POLICY, EscalationPosition(step, 1), mixed, now=T0).last_resort for step in (0, 1))
    mute_chain = StepCallees("standing_chain", (9,), reachable=False)
    assert decide(POLICY, EscalationPosition(0, 1), lambda step: mute_chain, now=T0).last_resort
    assert not decide(POLICY, EscalationPosition(0, 1), roster(), now=T0).last_resort


def test_a_step_number_from_a_longer_policy_starts_over() -> None:
    assert decide(POLICY, EscalationPosition(7, 3), roster(operations=ASSIGNED), now=T0).fired == 0
    for step in (3, 7):
        begun = decide(POLICY, EscalationPosition(step, 3, fired_at=T0), roster(operations=ASSIGNED), now=T0)
        assert (begun.fired, begun.cycle, begun.skipped, begun.next_step) == (0, 3, (), 1)


def test_the_forecast_says_who_is_called_when() -> None:
    leader = StepCallees("assigned", (3,))
    who = roster(operations=ASSIGNED, leadership=leader)
    lines = forecast(POLICY, EscalationPosition(0, 1), T0, who_at=lambda at: who, lines=4)
    assert [(line.step, line.cycle, (line.at - T0) // SEC) for line in lines] == [
        (0, 1, 0),
        (2, 1, 300),
        (0, 2, 600),
        (2, 2, 900),
    ]
    assert lines[1].answer is leader


def test_the_forecast_says_what_was_passed_over_and_who_is_the_last_resort() -> None:
    mute = StepCallees("assigned", (3,), reachable=False)
    who = roster(emergency=mute)
    lines = forecast(POLICY, EscalationPosition(0, 1), T0, who_at=lambda at: who)
    assert [(line.step, line.cycle, line.skipped, line.last_resort) for line in lines] == [
        (1, 1, (0,), True),
        (1, 2, (2, 0), True),
        (1, 3, (2, 0), True),
        (1, 4, (2, 0), True),
    ]
    assert [(line.at - T0) // SEC for line in lines] == [0, 300, 600, 900]


def test_the_forecast_goes_on_from_the_last_call() -> None:
    patient = Policy(POLICY.steps, 500 * SEC, POLICY.ack_timeout)
    who = roster(operations=ASSIGNED)
    lines = forecast(patient, EscalationPosition(1, 1, fired_at=T0), T0 + 300 * SEC, who_at=lambda at: who, lines=2)
    assert [(line.step, line.cycle, (line.at - T0) // SEC) for line in lines] == [(0, 2, 500), (0, 3, 1000)]
    assert [line.skipped for line in lines] == [(1, 2), (1, 2)]


def test_the_forecast_asks_who_is_on_duty_at_each_moment() -> None:
    relief, lone = StepCallees("assigned", (2,)), Policy(POLICY.steps[:1], 300 * SEC, POLICY.ack_timeout)
    lines = forecast(
        lone,
        EscalationPosition(0, 1),
        T0,
        who_at=lambda at: roster(operations=ASSIGNED if at < T0 + 300 * SEC else relief),
        lines=3,
    )
    assert [line.answer for line in lines] == [ASSIGNED, relief, relief]


def test_the_forecast_waits_longer_turn_by_turn_since_the_turns_began() -> None:
    lone = Policy(POLICY.steps[:1], 100 * SEC, POLICY.ack_timeout, repeat_most=1000 * SEC)
    who = roster(operations=ASSIGNED)
    fresh = forecast(lone, EscalationPosition(0, 1), T0, who_at=lambda at: who, lines=6)
    assert [(line.at - T0) // SEC for line in fresh] == [0, 100, 200, 300, 450, 675]
    later = forecast(lone, EscalationPosition(0, 4, since=4), T0, who_at=lambda at: who, lines=6)
    assert [(line.at - T0) // SEC for line in later] == [0, 100, 200, 300, 450, 675]
    assert [line.cycle for line in later] == [4, 5, 6, 7, 8, 9]


def test_turns_wait_longer_since_they_began_wherever_the_turn_ends() -> None:
    growing = Policy(POLICY.steps, 100 * SEC, POLICY.ack_timeout, repeat_most=1000 * SEC)
    at_the_end = roster(leadership=ASSIGNED)
    assert decide(growing, EscalationPosition(2, 4), at_the_end, now=T0).next_at == T0 + 150 * SEC
    assert decide(growing, EscalationPosition(2, 4, since=2), at_the_end, now=T0).next_at == T0 + 100 * SEC
    assert decide(growing, EscalationPosition(0, 4), roster(), now=T0).next_at == T0 + 150 * SEC
    assert decide(growing, EscalationPosition(0, 4, since=2), roster(), now=T0).next_at == T0 + 100 * SEC
    at_the_start = roster(operations=ASSIGNED)
    early = decide(growing, EscalationPosition(1, 4, fired_at=T0, since=1), at_the_start, now=T0)
    assert (early.fired, early.cycle, early.next_cycle, early.next_at) == (None, 4, 5, T0 + 150 * SEC)


def test_a_last_call_before_empty_steps_is_made_again_at_once_where_none_is_known() -> None:
    lone_first = decide(
        POLICY, EscalationPosition(1, 1), roster(operations=StepCallees("assigned", (1,), reachable=False)), now=T0
    )
    assert (lone_first.fired, lone_first.cycle, lone_first.skipped, lone_first.last_resort) == (0, 2, (1, 2), True)
    middle = decide(POLICY, EscalationPosition(2, 1, fired_at=T0 - 300 * SEC), roster(emergency=ASSIGNED), now=T0)
    assert (middle.fired, middle.cycle, middle.skipped, middle.next_step) == (1, 2, (2, 0), 2)
    assert (middle.next_at, middle.last_resort) == (T0 + 300 * SEC, False)


def test_a_chain_without_anybody_is_the_last_resort_even_if_it_says_it_can_be_reached() -> None:
    assert decide(POLICY, EscalationPosition(0, 1), roster(), now=T0).last_resort is False
    assert (
        decide(POLICY, EscalationPosition(0, 1), lambda step: StepCallees("catch_all", ()), now=T0).last_resort is True
    )


def test_of_several_targets_those_are_called_that_name_somebody() -> None:
    nobody, head = StepCallees("assigned", ()), StepCallees("head", (4,))
    assert together([CHAIN, ASSIGNED, nobody, head]) == (1, 3)
    assert together([nobody, CHAIN, StepCallees("catch_all", (5,))]) == (1,), (
        "none names anybody: the first with a chain"
    )
    assert together([nobody, nobody]) == (0,)


def test_several_targets_are_one_answer_with_each_person_once() -> None:
    mute, head = StepCallees("assigned", (1, 2), reachable=False), StepCallees("head", (2, 3))
    assert combine([CHAIN, mute, head]) == StepCallees("assigned", (1, 2, 3), reachable=True)
    assert combine([mute, StepCallees("head", (2,), reachable=False)]) == StepCallees(
        "assigned", (1, 2), reachable=False
    )
    assert combine([StepCallees("assigned", ()), CHAIN]) == CHAIN


rules = st.sampled_from(["assigned", "substitute", "standing_chain", "catch_all", "person"])
answers = st.builds(StepCallees, rules, st.lists(st.integers(1, 9), max_size=3).map(tuple), st.booleans())
waits = st.integers(0, 900).map(lambda n: n * SEC)
steps = st.lists(st.tuples(waits, answers), min_size=1, max_size=6)


def play(
    wanted: list[tuple[timedelta, StepCallees]], repeat: timedelta, turns: int
) -> list[tuple[datetime, EscalationDecision]]:
    """The decisions of an incident on which nobody ever acts."""
    policy = Policy(tuple(duty_step(str(n), wait) for n, (wait, _) in enumerate(wanted)), repeat, 60 * SEC)
    answer = {str(n): each for n, (_, each) in enumerate(wanted)}
    step, cycle, at, fired_at, story = 0, 1, T0, None, []
    for _ in range(turns):
        decision = decide(
            policy, EscalationPosition(step, cycle, fired_at=fired_at), lambda each: answer[each.duty or ""], now=at
        )
        story.append((at, decision))
        fired_at = at if decision.fired is not None else fired_at
        step, cycle, at = decision.next_step, decision.next_cycle, decision.next_at
    return story


@given(steps, st.integers(1, 900))
def test_it_is_never_silent(wanted: list[tuple[timedelta, StepCallees]], repeat: int) -> None:
    story = play(wanted, repeat * SEC, 4 * len(wanted) + 4)
    calls = [at for at, decision in story if decision.fired is not None]
    assert calls[0] == T0, "somebody is called at once"
    longest = max([repeat * SEC, *(wait for wait, _ in wanted)])
    gaps = [later - earlier for earlier, later in zip(calls, calls[1:], strict=False)]
    assert gaps and max(gaps) <= max(longest, repeat * SEC)
    called = {decision.fired for _, decision in story if decision.fired is not None}
    manned = {n for n, (_, answer) in enumerate(wanted) if not answer.empty}
    assert called == (manned or {0}), "every step that has people is called, again and again"


@given(steps, st.integers(1, 900))
def test_no_step_waits_when_it_is_empty(wanted: list[tuple[timedelta, StepCallees]], repeat: int) -> None:
    """With people somewhere, the wait before a call is one step's own wait since the call before it."""
    if all(answer.empty for _, answer in wanted):
        return
    story = play(wanted, repeat * SEC, 4 * len(wanted) + 4)
    fired = [(at, decision) for at, decision in story if decision.fired is not None]
    for (earlier, before), (later, call) in zip(fired, fired[1:], strict=False):
        first_after = (before.fired or 0) + 1
        allowed = {timedelta(0), repeat * SEC}
        if first_after < len(wanted):
            allowed |= {wanted[first_after][0], max(wanted[first_after][0], repeat * SEC)}
        assert later - earlier in allowed, (before.fired, call.fired)


@given(steps, st.integers(1, 900))
def test_it_never_spins(wanted: list[tuple[timedelta, StepCallees]], repeat: int) -> None:
    story = play(wanted, repeat * SEC, 200)
    assert story[-1][0] >= T0 + (200 // (2 * len(wanted) + 2) - 1) * SEC


@given(steps, st.integers(1, 900))
def test_a_call_always_names_the_people_of_its_own_step(
    wanted: list[tuple[timedelta, StepCallees]], repeat: int
) -> None:
    for _, decision in play(wanted, repeat * SEC, 20):
        if decision.fired is not None:
            assert decision.answer == wanted[decision.fired][1]
            assert decision.next_at >= T0


def test_levels_one_and_two_are_urgent() -> None:
    assert [band(level) for level in (1, 2, 3, 4)] == ["urgent", "urgent", "normal", "normal"]
