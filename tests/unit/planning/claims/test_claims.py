"""What is believed has one account: what a known roster belies is refused and told of, and nobody writes past it."""

from __future__ import annotations

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning import claims as module
from planning.claims import Claim, Claims
from planning.engines.mip import solver
from planning.engines.mip.model import Model
from planning.engines.mip.solver import MipListener, minimise
from planning.engines.portfolio import inside_child
from planning.engines.portfolio.prover import Prover
from planning.score.score import Score

ROOT = Path(module.__file__).parent
FIVE = Score(cost=5_00)


def test_what_costs_as_much_as_is_believed_to_be_the_least_is_proven() -> None:
    account = Claims(FIVE)
    assert account.claim("tree", Claim(4_00)) and account.bound == 4_00 and not account.is_proven
    assert not account.claim("relaxation", Claim(3_00)), "it says no more than was known"
    assert account.know(Score(cost=4_00)) and account.is_proven
    assert not account.take_faults()


def test_a_claim_of_more_than_a_known_roster_costs_is_refused_and_told_of(caplog: pytest.LogCaptureFixture) -> None:
    account = Claims(FIVE, Claim(1_00))
    account.claim("relaxation", Claim(2_00))
    with caplog.at_level(logging.ERROR, "planning.claims"):
        assert not account.claim("tree", Claim(6_00))
    assert (account.bound, account.is_proven) == (2_00, False)
    (fault,) = account.take_faults()
    assert "tree" in fault and "600" in fault and "500" in fault and "not believed: tree" in caplog.text
    assert not account.claim("tree", Claim(5_00)) and account.bound == 2_00, "nor is it heard again"


def test_a_claim_that_a_later_roster_belies_is_taken_back() -> None:
    account = Claims(FIVE, Claim(1_00))
    account.claim("relaxation", Claim(2_00))
    assert account.claim("tree", Claim(5_00)) and account.is_proven
    assert account.know(Score(cost=4_10))
    assert (account.bound, account.is_proven, len(account.take_faults())) == (2_00, False, 1)


@pytest.mark.parametrize(
    ("score", "claim", "is_belied"),
    [
        (Score(missing=1, cost=5_00), Claim(0, 2), True),
        (Score(missing=1, cost=5_00), Claim(6_00, 0), False),  # of those with no seat empty
        (Score(missing=1, cost=5_00), Claim(6_00, 1), True),
        (Score(broken=1, cost=5_00), Claim(6_00, 3), False),  # what breaks rules may cost less
        (Score(lacking=10, cost=5_00), Claim(6_00), False),
        (Score(lacking=10, cost=5_00), Claim(6_00, 0, 10), True),
    ],
)
def test_a_claim_is_belied_by_rosters_of_which_it_speaks(score: Score, claim: Claim, is_belied: bool) -> None:
    assert claim.is_belied_by(score) == is_belied


def test_a_proof_counts_as_the_checker_does() -> None:
    account = Claims(Score(cost=9_00))
    assert not account.prove("tree", 3_00, Score(cost=4_00), Claim(3_00))
    assert (account.bound, account.is_proven, len(account.take_faults())) == (0, False, 1)
    assert account.prove("tree", 4_00, Score(cost=4_00), Claim(4_00)) and account.is_proven


def one_of_two() -> Model:
    """At least one of two columns, of which the second costs less."""
    model = Model()
    first, second = (model.column(cost, 0, 1, whole=True) for cost in (3, 2))
    model.row([(first, 1), (second, 1)], lower=1)
    return model


def test_what_costs_something_else_than_is_said_is_looked_for_again_and_then_refused(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    end = minimise(one_of_two(), {0: 1.0, 1: 0.0}, listener=MipListener(lambda *news: False), seconds=9, seed=0)
    assert end.is_best and end.bound == 2 and not caplog.records
    begun_with, told = list[bool](), list[int | None]()
    begin = solver._start
    monkeypatch.setattr(solver, "_start", lambda *given: (begun_with.append(given[1] is not None), begin(*given)))
    monkeypatch.setattr(solver, "_cost", lambda model, values: 76.0)
    end = minimise(
        one_of_two(),
        {0: 1.0, 1: 0.0},
        listener=MipListener(lambda values, bound: bool(told.append(bound))),
        seconds=9,
        seed=0,
    )
    assert begun_with == [True, False]
    assert not end.is_best and end.bound is None and told[-1] is None
    assert "something else than it says" in caplog.text


ACCOUNTS = {"bound", "missing_bound", "proved", "is_proved", "is_proven", "is_settled", "is_fairest", "is_best"}


def written(tree: ast.AST) -> Iterator[str]:
    """Names of attributes that are assigned, or items of such attributes."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            for target in targets:
                at = target.value if isinstance(target, ast.Subscript) else target
                if isinstance(at, ast.Attribute):
                    yield at.attr


def test_nobody_writes_a_bound_or_a_proof_past_the_account() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted(ROOT.rglob("*.py"))
        for name in written(ast.parse(path.read_text("utf-8")))
        if name in ACCOUNTS
    }
    # Sums over components whose proofs have each been through an account.
    assert found == {"engines/mip/nearest.py: is_proved", "engines/mip/nearest.py: is_fairest"}


def test_what_a_child_does_not_believe_reaches_its_parent() -> None:
    out = io.StringIO()
    handler = inside_child._Faults(out)
    module.log.addHandler(handler)
    try:
        module.refuse("7 is less than 6")
    finally:
        module.log.removeHandler(handler)
    said = json.loads(out.getvalue())
    prover = Prover()
    for each in (said, {"missing": 0}):
        prover._answers.put((each, ""))
    assert prover._hear(1) == {"missing": 0} and prover.faults == ["not believed: 7 is less than 6"]
