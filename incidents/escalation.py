"""PURE: which step fires now, whom it calls, and when to look again. It never answers "be silent".

A step whose duty resolves only by the standing chain or the catch-all is *empty*: recorded and skipped at once.
When every step is empty the chain is called. After the last step it starts over, for ever, until a human acts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

EMPTY_RULES = ("standing_chain", "catch_all")
PERSON_RULE = "person"


@dataclass(frozen=True)
class Step:
    """One step: a duty kind or one person, and the wait since the previous step fired (first: since creation)."""

    duty: str | None
    person_id: int | None
    after: timedelta


@dataclass(frozen=True)
class Policy:
    steps: tuple[Step, ...]
    repeat_after: timedelta
    ack_timeout: timedelta

    def hurried(self, pause: timedelta) -> Policy:
        """The same steps with short waits, for rehearsals: no wait longer than ``pause`` (time-out: ten of them)."""
        steps = tuple(replace(step, after=min(step.after, pause)) for step in self.steps)
        return Policy(steps, min(self.repeat_after, pause), min(self.ack_timeout, 10 * pause))


@dataclass(frozen=True)
class Answer:
    """Who a step means at this moment, and by which rule of the resolver (``person`` for a named one)."""

    rule: str
    person_ids: tuple[int, ...]
    reachable: bool = True
    """Whether any of them has an address that a message can be carried to."""

    @property
    def empty(self) -> bool:
        return self.rule in EMPTY_RULES or not self.person_ids


@dataclass(frozen=True)
class Decision:
    """``fired`` is the step that calls ``answer``'s people (``None``: nothing this time, see ``skipped``)."""

    fired: int | None
    answer: Answer | None
    skipped: tuple[int, ...]
    next_step: int
    next_cycle: int
    next_at: datetime


def decide(policy: Policy, step: int, cycle: int, who: Callable[[Step], Answer], now: datetime) -> Decision:
    """What happens at ``now`` to an open incident whose step ``step`` is due."""
    start = step if step < len(policy.steps) else 0
    skipped: list[int] = []
    for index in range(start, len(policy.steps)):
        answer = who(policy.steps[index])
        if not answer.empty:
            return _fire(policy, index, cycle, answer, tuple(skipped), now)
        skipped.append(index)
    return _nobody_left(policy, start, cycle, who, tuple(skipped), now)


def _fire(
    policy: Policy, index: int, cycle: int, answer: Answer, skipped: tuple[int, ...], now: datetime
) -> Decision:
    last = index + 1 >= len(policy.steps)
    wait = policy.repeat_after if last else policy.steps[index + 1].after
    # Nobody there has an address: a wait would be silence, so the next step follows at once.
    pause = wait if answer.reachable or last else timedelta(0)
    following, turn = (0, cycle + 1) if last else (index + 1, cycle)
    return Decision(index, answer, skipped, following, turn, now + pause)


def _nobody_left(
    policy: Policy, start: int, cycle: int, who: Callable[[Step], Answer], skipped: tuple[int, ...], now: datetime
) -> Decision:
    again = now + policy.repeat_after
    earlier = [who(step) for step in policy.steps[:start]]
    if any(not answer.empty for answer in earlier):
        return Decision(None, None, skipped, 0, cycle + 1, again)
    chain = next((who(policy.steps[index]) for index in skipped), None) or next(iter(earlier), None)
    return Decision(skipped[0] if skipped else 0, chain, skipped, 0, cycle + 1, again)


@dataclass(frozen=True)
class Forecast:
    """One line of "who is called when"."""

    step: int
    cycle: int
    at: datetime
    answer: Answer


def forecast(
    policy: Policy, step: int, cycle: int, next_at: datetime, who: Callable[[Step], Answer], lines: int = 4
) -> Sequence[Forecast]:
    """The next calls if nobody acts, with the people whom the roster names now."""
    found: list[Forecast] = []
    at = next_at
    for _ in range(lines * (len(policy.steps) + 1)):
        if len(found) == lines:
            break
        decision = decide(policy, step, cycle, who, at)
        if decision.fired is not None and decision.answer is not None:
            found.append(Forecast(decision.fired, cycle, at, decision.answer))
        step, cycle, at = decision.next_step, decision.next_cycle, decision.next_at
    return found
