"""Questions to a solver as long as there is time for an answer, so that a whole explanation keeps its limit."""

from __future__ import annotations

from time import monotonic
from typing import Protocol

from planning.engines.portfolio.prover import GRACE_SECONDS
from planning.problem import Problem

LEAST_SECONDS = 0.2  # nothing is asked with less


class Proofs(Protocol):
    """What a solver proves about empty seats; the answers for "not in time" are (-1, False) and (0, {})."""

    def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]: ...

    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]: ...


class InTime:
    """Asks until a moment and no later: a solver that overshoots is killed by then, which is why it is given less.

    A question is not begun when less is left than the longest answer of its kind took.
    """

    def __init__(self, proofs: Proofs, until: float) -> None:
        self.proofs, self.until = proofs, until
        self._took = dict.fromkeys(("fewest", "binding"), LEAST_SECONDS)

    @property
    def left(self) -> float:
        return self.until - GRACE_SECONDS - monotonic()

    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
        left, began = min(seconds, self.left), monotonic()
        if left <= self._took["binding"]:
            return 0, {}
        answer = self.proofs.binding_rules(problem, left)
        self._took["binding"] = max(self._took["binding"], monotonic() - began)
        return answer

    def fewest_missing(self, problem: Problem, seconds: float) -> int | None:
        """None: not proven in time."""
        left, began = min(seconds, self.left), monotonic()
        if left <= self._took["fewest"]:
            return None
        number, is_proven = self.proofs.fewest_missing(problem, left)
        if not is_proven:
            return None
        self._took["fewest"] = max(self._took["fewest"], monotonic() - began)
        return number

    def fills(self, allowed: Problem, least: int, known: int) -> int | None:
        """How many of `least` empty seats could be filled once this is `allowed`; None: no more than `known`, or
        nobody can tell in time. The relaxation is asked first, because it mostly says at once that there is no more.
        """
        at_least, _rules = self.binding_rules(allowed, self.left)
        if least - at_least <= known:
            return None
        number = self.fewest_missing(allowed, self.left)
        return None if number is None or least - number <= known else least - number
