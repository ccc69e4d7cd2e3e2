"""PURE: which step fires now, whom it calls, and when to look again. It never answers "be silent".

A step whose duty resolves only by the standing chain or the catch-all is *empty*: recorded and skipped at once.
When every step is empty the chain is called. A turn in which nobody has an address also calls the last resort.
After the last step it starts over, for ever, until a human acts.
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
    cycle: int
    answer: Answer | None
    skipped: tuple[int, ...]
    next_step: int
    next_cycle: int
    next_at: datetime
    last_resort: bool = False
    """Nobody of this whole turn has an address: call whoever of the chain, the catch-all or the administrators has."""


def decide(
    policy: Policy,
    step: int,
    cycle: int,
    who: Callable[[Step], Answer],
    now: datetime,
    fired_at: datetime | None = None,
) -> Decision:
    """What happens at ``now`` to an open incident whose step ``step`` is due; ``fired_at``: the last call."""
    start = step if step < len(policy.steps) else 0
    skipped: list[int] = []
    for index in range(start, len(policy.steps)):
        answer = who(policy.steps[index])
        if not answer.empty:
            fired = _fire(policy, index, cycle, answer, tuple(skipped), now)
            return replace(fired, last_resort=_unheard(policy, index, who))
        skipped.append(index)
    return _nobody_left(policy, start, cycle, who, tuple(skipped), now, fired_at)


def _unheard(policy: Policy, index: int, who: Callable[[Step], Answer]) -> bool:
    """``index`` is the last call of the turn, and no call of the turn reaches anybody by itself."""
    answers = [who(step) for step in policy.steps]
    return all(answer.empty for answer in answers[index + 1 :]) and not any(
        answer.reachable and not answer.empty for answer in answers
    )


def _fire(policy: Policy, index: int, cycle: int, answer: Answer, skipped: tuple[int, ...], now: datetime) -> Decision:
    last = index + 1 >= len(policy.steps)
    wait = policy.repeat_after if last else policy.steps[index + 1].after
    # Nobody there has an address: a wait would be silence, so the next step follows at once.
    pause = wait if answer.reachable or last else timedelta(0)
    following, turn = (0, cycle + 1) if last else (index + 1, cycle)
    return Decision(index, cycle, answer, skipped, following, turn, now + pause)


def _nobody_left(
    policy: Policy,
    start: int,
    cycle: int,
    who: Callable[[Step], Answer],
    skipped: tuple[int, ...],
    now: datetime,
    fired_at: datetime | None,
) -> Decision:
    """Every step from ``start`` on is empty: the turn is over, and its last call is the one before them."""
    for index, step in enumerate(policy.steps[:start]):
        answer = who(step)
        if not answer.empty:
            # Waits count from the last call, never from an empty step.
            again = max(now, fired_at + policy.repeat_after) if fired_at else now
            if again > now:
                return Decision(None, cycle, None, skipped, 0, cycle + 1, again)
            fired = _fire(policy, index, cycle + 1, answer, (*skipped, *range(index)), now)
            return replace(fired, last_resort=_unheard(policy, index, who))
    chain = who(policy.steps[start])
    unheard = not (chain.reachable and chain.person_ids)
    return Decision(start, cycle, chain, skipped, 0, cycle + 1, now + policy.repeat_after, last_resort=unheard)


@dataclass(frozen=True)
class Forecast:
    """One line of "who is called when"."""

    step: int
    cycle: int
    at: datetime
    answer: Answer


def forecast(
    policy: Policy,
    step: int,
    cycle: int,
    next_at: datetime,
    who: Callable[[Step], Answer],
    *,
    fired_at: datetime | None = None,
    lines: int = 4,
) -> Sequence[Forecast]:
    """The next calls if nobody acts, with the people whom the roster names now."""
    found: list[Forecast] = []
    at = next_at
    for _ in range(lines * (len(policy.steps) + 1)):
        if len(found) == lines:
            break
        decision = decide(policy, step, cycle, who, at, fired_at)
        if decision.fired is not None and decision.answer is not None:
            found.append(Forecast(decision.fired, decision.cycle, at, decision.answer))
            fired_at = at
        step, cycle, at = decision.next_step, decision.next_cycle, decision.next_at
    return found
