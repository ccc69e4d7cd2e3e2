"""By when: taken, told, followed up, resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from incidents.catalogue.clocks import SHIFT, Moments, Targets, clocks

BEGAN = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)
MIN = timedelta(minutes=1)
SERIOUS = Targets(10 * MIN, 30 * MIN, 60 * MIN, 240 * MIN)
LIGHT = Targets(60 * MIN, None, None, 48 * 60 * MIN)
MOMENTS = st.none() | st.integers(0, 600).map(lambda minutes: BEGAN + minutes * MIN)


def states(facts: Moments, targets: Targets, minutes: float) -> dict[str, str]:
    return {each.kind: each.state for each in clocks(facts, targets, BEGAN + minutes * MIN)}


def test_a_serious_one_that_nobody_takes() -> None:
    facts = Moments(BEGAN)
    assert set(states(facts, SERIOUS, 0).values()) == {"running"}
    assert states(facts, SERIOUS, 10)["acknowledge"] == "running", "on the minute is in time"
    late = states(facts, SERIOUS, 31)
    assert (late["acknowledge"], late["leadership"], late["update"]) == ("overdue", "overdue", "running")


def test_each_sign_of_life_starts_the_wait_for_the_next_one() -> None:
    heard = Moments(BEGAN, updated_at=BEGAN + 50 * MIN)
    assert states(heard, SERIOUS, 109)["update"] == "running"
    assert states(heard, SERIOUS, 111)["update"] == "overdue"


def test_by_the_end_of_the_shift() -> None:
    ends = BEGAN + 290 * MIN
    facts = Moments(BEGAN, shift_ends_at=ends)
    due = {each.kind: each.due_at for each in clocks(facts, LIGHT, BEGAN)}
    assert due["leadership"] == due["update"] == ends
    assert clocks(Moments(BEGAN), LIGHT, BEGAN)[1].due_at == BEGAN + SHIFT, "where the roster knows no end"
    assert states(replace(facts, updated_at=BEGAN + MIN), LIGHT, 300)["update"] == "met", "once in the shift is enough"


def test_when_it_is_over_nothing_waits() -> None:
    done = Moments(BEGAN, acknowledged_at=BEGAN + 12 * MIN, finished_at=BEGAN + 25 * MIN)
    assert states(done, SERIOUS, 900) == {
        "acknowledge": "missed",
        "leadership": "ended",
        "update": "ended",
        "resolve": "met",
    }


def test_a_message_that_left_tells_nobody_anything_and_is_late_all_the_same() -> None:
    sent = Moments(BEGAN, leadership_sent_at=BEGAN + MIN)
    assert [states(sent, SERIOUS, at)["leadership"] for at in (0, 30, 31)] == ["sent", "sent", "overdue"]
    assert clocks(sent, SERIOUS, BEGAN + 31 * MIN)[1].sent_at == BEGAN + MIN
    opened = replace(sent, leadership_told_at=BEGAN + 20 * MIN)
    assert states(opened, SERIOUS, 31)["leadership"] == "met"


def test_let_go_it_waits_to_be_taken_again_and_was_first_taken_in_time() -> None:
    facts = Moments(BEGAN, acknowledged_at=BEGAN + MIN, let_go_at=BEGAN + 20 * MIN)
    assert [states(facts, SERIOUS, at)["acknowledge"] for at in (20, 30, 31)] == ["again", "again", "again_overdue"]
    assert clocks(facts, SERIOUS, BEGAN + 25 * MIN)[0].done_at == BEGAN + MIN
    assert all(clocks(facts, SERIOUS, BEGAN + at * MIN)[0].waits for at in (20, 31))
    assert states(replace(facts, let_go_at=None), SERIOUS, 31)["acknowledge"] == "met", "taken again"
    assert states(replace(facts, finished_at=BEGAN + 60 * MIN), SERIOUS, 90)["acknowledge"] == "met", "over"


@given(MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.integers(0, 900), st.sampled_from([SERIOUS, LIGHT]))
def test_every_clock_always_says_one_true_thing(
    taken: datetime | None, told: datetime | None, heard: datetime | None, over: datetime | None, at: int, t: Targets
) -> None:
    now = BEGAN + at * MIN
    found = clocks(Moments(BEGAN, taken, told, heard, over), t, now)
    assert [each.kind for each in found] == ["acknowledge", "leadership", "update", "resolve"]
    for each in found:
        assert each.due_at > BEGAN
        assert each.waits == (each.state in ("running", "sent", "overdue", "again", "again_overdue"))
        assert not each.waits or each.is_overdue == (now > each.due_at)
        assert over is None or not each.waits
        assert each.state != "met" or (each.done_at is not None and each.done_at <= each.due_at)
