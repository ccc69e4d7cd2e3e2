"""What is believed of a question: the best score that the checker gave a roster, and bounds that no roster belies.

Whatever an engine claims passes through here, and nobody else says that anything is proven. An engine says what rosters
cost at least; only where a known roster costs just that, by the checker's account and not by the engine's, is it the
best. A claim of more than any known roster costs is refused and told of, and whoever made it is not heard again.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from planning.score.score import Score

log = logging.getLogger(__name__)
"""Whoever runs engines in a child process passes on what is logged here (`portfolio.inside_child`)."""


class Claim(NamedTuple):
    """No roster has fewer empty seats than `missing`; none that keeps the rules, with as few, costs less than `bound`.

    `lacking`: it speaks of rosters, too, that lack so much of what rules ask for at least (see `Score`).
    """

    bound: int = 0
    missing: int = 0
    lacking: int = 0

    def is_belied_by(self, score: Score, fewest: int = 0) -> bool:
        """Whether a roster with this score cannot be, if the claim is true; `fewest` empty seats there must be anyhow.

        A roster that breaks rules may cost less than all that keep them.
        """
        if score.broken:
            return False
        is_meant = score.lacking <= self.lacking and score.missing <= max(self.missing, fewest)
        return score.missing < self.missing or (is_meant and score.cost < self.bound)


class Claims:
    """The account of one question: of a whole problem, of a subproblem, or of a component of shifts."""

    def __init__(self, score: Score, plain: Claim = Claim()) -> None:  # noqa: B008 - a tuple
        self._score, self._plain, self._best = score, plain, plain
        self._told: dict[str, Claim] = {}
        self._distrusted: set[str] = set()
        self.faults: list[str] = []

    @property
    def score(self) -> Score:
        """The score of the best roster known."""
        return self._score

    @property
    def bound(self) -> int:
        """What is believed that rosters with as few empty seats as can be cost at least."""
        return self._best.bound

    @property
    def missing(self) -> int:
        """What is believed that stays empty at least."""
        return self._best.missing

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to find, as far as what the roster lacks is known to be lacking in every roster."""
        return not self._score.broken and self.missing >= self._score.missing and self.bound >= self._score.cost

    @property
    def is_proven(self) -> bool:
        """Whether the best roster known keeps every rule and none is better."""
        return self.is_settled and not self._score.lacking

    def know(self, score: Score) -> bool:
        """A roster with this score, as the checker has it; True when it is better than what was known."""
        if score >= self._score:
            return False
        self._score = score
        for by in [by for by, claim in self._told.items() if self._belies(claim)]:
            self._distrust(by, self._told.pop(by))
        return True

    def claim(self, by: str, claim: Claim) -> bool:
        """An engine's word; True when it is believed and says more than was known."""
        if by in self._distrusted:
            return False
        if self._belies(claim):
            self._told.pop(by, None)
            self._distrust(by, claim)
            return False
        before, known = self._told.get(by, self._plain), self._best
        meant = claim if claim.bound >= before.bound else before
        self._told[by] = Claim(meant.bound, max(before.missing, claim.missing), meant.lacking)
        self._add_up()
        return self._best[:2] != known[:2]

    def prove(self, by: str, said: int, judged: Score, claim: Claim) -> bool:
        """An engine's word that a roster of its own is the best, which costs as much as it `said`: believed only if
        the checker has ``judged`` the same. What ``said`` stands for it says as a claim.
        """
        if judged.elastic_cost != said:
            self.refuse(f"{by} proved best what costs {judged.elastic_cost}, and said {said}")
            return False
        self.know(judged)
        return self.claim(by, claim)

    def refuse(self, words: str) -> None:
        """Keep and log why something was not believed."""
        self.faults.append(f"engine.bound: {words}")
        refuse(words)

    def take_faults(self) -> list[str]:
        """Return what has been refused since the last call."""
        taken, self.faults = self.faults, []
        return taken

    def _belies(self, claim: Claim) -> bool:
        return claim.is_belied_by(self._score, self._plain.missing)

    def _distrust(self, by: str, claim: Claim) -> None:
        self._distrusted.add(by)
        self._add_up()
        score = self._score
        self.refuse(
            f"{by} claimed a cost of {claim.bound} and {claim.missing} empty seats at least; a lawful roster has "
            f"{score.cost} and {score.missing}"
        )

    def _add_up(self) -> None:
        known = [self._plain, *self._told.values()]
        self._best = Claim(max(each.bound for each in known), max(each.missing for each in known))


def refuse(words: str) -> None:
    """Log why something was not believed, where there is no account to keep it in."""
    log.error("not believed: %s", words)
