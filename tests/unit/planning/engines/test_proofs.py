"""Small proofs in a child process: right, killed when late, given up when the child keeps dying."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planning.engines.portfolio import prover as proofs
from planning.engines.portfolio.prover import Prover
from planning.problem import Problem
from tests.unit.planning import brute
from tests.unit.planning.tiny import away, person, shift

NIGHTS = Problem(
    (shift(1, 0, 22), shift(2, 1, 6), shift(3, 1, 22), shift(4, 3)),
    (person(1), person(2, no_night=True)),
    absences=(away(1, 3), away(2, 3)),
)
ENOUGH = Problem((shift(1, 0), shift(2, 1)), (person(1), person(2)))


@pytest.fixture
def prover() -> Iterator[Prover]:
    with Prover() as made:
        yield made


def test_one_child_answers_question_after_question(prover: Prover) -> None:
    assert prover.fewest_missing(NIGHTS, 20) == brute.fewest_missing(NIGHTS)
    child = prover._child
    assert child is not None
    assert prover.fewest_missing(ENOUGH, 20) == (0, True)
    missing, _rules = prover.binding_rules(NIGHTS, 20)
    assert 0 < missing <= brute.fewest_missing(NIGHTS)[0]
    assert prover.binding_rules(ENOUGH, 20) == (0, {})
    assert prover._child is child
    prover.stop()
    assert not child.is_alive


def test_a_child_that_takes_too_long_is_killed(prover: Prover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "GRACE_SECONDS", 0.0)
    assert prover.fewest_missing(NIGHTS, 0.0) == (-1, False)
    assert prover.binding_rules(NIGHTS, 0.0) == (0, {})
    assert prover._child is None
    monkeypatch.setattr(proofs, "GRACE_SECONDS", 1.0)
    assert prover.fewest_missing(ENOUGH, 20) == (0, True), "nobody died: the next question is asked"


def test_a_child_that_is_slow_to_start_takes_no_time_from_the_question(
    prover: Prover, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(proofs, "START_SECONDS", 0.0)
    assert prover.fewest_missing(ENOUGH, 20) == (-1, False)
    assert prover._child is None and "did not start" in caplog.text
    monkeypatch.setattr(proofs, "START_SECONDS", 30.0)
    assert prover.fewest_missing(ENOUGH, 2) == (0, True), "another is tried"


def test_a_child_that_keeps_dying_is_not_started_for_ever(prover: Prover, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(proofs.MOST_DEATHS):
        assert prover._ask({"ask": "fewest", "problem": "no problem", "seconds": 5}, 5) is None
    assert "died" in caplog.text
    assert prover.fewest_missing(ENOUGH, 20) == (-1, False)
    assert prover._child is None
