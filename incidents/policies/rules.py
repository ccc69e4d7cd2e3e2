"""PURE what a policy says as the rules read it: steps, whom they call, and waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

FULL_TURNS = 3
"""So many turns wait ``repeat_after`` each; from then on the wait grows by half."""


@dataclass(frozen=True)
class Target:
    """One of those whom a step calls: a duty kind, one person, or the heads of units up the tree.

    ``head``: own, parent, all (these and all above, at once), each (one level a step: see :func:`climbing`), or the
    number of levels above the unit where it happened.
    """

    duty: str | None = None
    person_id: int | None = None
    head: str | None = None


@dataclass(frozen=True)
class StepRule:
    """Whom a step calls, and the wait since the previous step fired (first: since creation)."""

    targets: tuple[Target, ...]
    after: timedelta
    all_must: bool = False
    """Everybody goes on being called until each has answered, also when somebody has taken it."""

    @property
    def duty(self) -> str | None:
        """The first duty kind that it calls."""
        return next((target.duty for target in self.targets if target.duty), None)


@dataclass(frozen=True)
class Policy:
    steps: tuple[StepRule, ...]
    repeat_after: timedelta
    ack_timeout: timedelta
    repeat_most: timedelta | None = None
    """Where the back-off ends; ``None``: every turn waits ``repeat_after``."""
    alive: timedelta | None = None
    """How long the holder may be silent after a sign of life; ``None``: as the acknowledge time-out."""

    def hurried(self, pause: timedelta) -> Policy:
        """The same steps with short waits, for rehearsals: no wait longer than ``pause`` (time-out: ten of them)."""
        steps = tuple(replace(step, after=min(step.after, pause)) for step in self.steps)
        most = min(self.repeat_most, pause) if self.repeat_most is not None else None
        alive = min(self.alive, 10 * pause) if self.alive is not None else None
        return Policy(steps, min(self.repeat_after, pause), min(self.ack_timeout, 10 * pause), most, alive)

    def pause(self, turn: int) -> timedelta:
        """The wait after the ``turn``-th turn (from 1): never shorter than the one before, never above the cap."""
        cap, wait = max(self.repeat_most or self.repeat_after, self.repeat_after), self.repeat_after
        for _ in range(turn - FULL_TURNS):
            if wait >= cap:
                break
            wait = min(cap, wait * 3 / 2)
        return wait

    @property
    def grace(self) -> timedelta:
        """How long the holder has to answer a question before it is called from the first step again."""
        return min(self.repeat_after, self.ack_timeout)

    @property
    def longest(self) -> timedelta:
        """No next moment of an incident that nobody has is farther away than this."""
        return max(self.repeat_after, self.repeat_most or self.repeat_after, *(step.after for step in self.steps))


def climbing(policy: Policy, levels: int) -> Policy:
    """Steps that climb the unit tree one level at a time become one step a level (``levels`` ≥ 1)."""
    steps: list[StepRule] = []
    for step in policy.steps:
        if not any(target.head == "each" for target in step.targets):
            steps.append(step)
            continue
        others = tuple(target for target in step.targets if target.head != "each")
        steps += [
            replace(step, targets=(*(others if level == 0 else ()), Target(head=str(level)))) for level in range(levels)
        ]
    return replace(policy, steps=tuple(steps))


def beginning_with(policy: Policy, duty: str | None) -> Policy:
    """The category's duty is called first: its step comes to the front, the waits stay where they are."""
    found = next((n for n, step in enumerate(policy.steps) if any(each.duty == duty for each in step.targets)), 0)
    if duty is None or found == 0:
        return policy
    order = [policy.steps[found], *policy.steps[:found], *policy.steps[found + 1 :]]
    waits = [step.after for step in policy.steps]
    return replace(policy, steps=tuple(replace(s, after=wait) for s, wait in zip(order, waits, strict=True)))


def band(severity: int) -> str:
    """Return which of the enterprise's default policies holds: ``urgent`` for level 1–2, else ``normal``."""
    return "urgent" if severity <= 2 else "normal"
