"""PURE which step fires now, whom it calls, and when to look again. It never answers "be silent".

A step whose duty resolves only by the standing chain or the catch-all is *empty*: recorded and skipped at once.
When every step is empty the chain is called. A turn in which nobody has an address also calls the last resort.
After the last step it starts over, for ever, until a human acts; after some turns each waits longer, up to a cap.
Who is recorded absent is nobody to wait for: a step of such people alone is passed over like an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incidents.policies.rules import Policy, StepRule

EMPTY_RULES = ("standing_chain", "catch_all")
PERSON_RULE, HEAD_RULE = "person", "head"


@dataclass(frozen=True)
class StepCallees:
    """Who of a step is there at this moment (without those recorded absent), and by which rule of the resolver
    (``person``, ``head`` for named ones)."""

    rule: str
    person_ids: tuple[int, ...]
    reachable: bool = True
    """Whether any of them has an address that a message can be carried to."""

    @property
    def empty(self) -> bool:
        return self.rule in EMPTY_RULES or not self.person_ids


def together(answers: Sequence[StepCallees]) -> tuple[int, ...]:
    """Return which of a step's targets are called: those that name somebody; when none does, the first with a chain."""
    live = tuple(index for index, answer in enumerate(answers) if not answer.empty)
    return live or (next((index for index, answer in enumerate(answers) if answer.person_ids), 0),)


def combine(answers: Sequence[StepCallees]) -> StepCallees:
    """Return what a step with several targets answers: each person once."""
    called = [answers[index] for index in together(answers)]
    people = tuple(dict.fromkeys(person for answer in called for person in answer.person_ids))
    return StepCallees(called[0].rule, people, reachable=any(answer.reachable for answer in called))


@dataclass(frozen=True)
class EscalationDecision:
    """``fired`` is the step that calls ``answer``'s people (``None``: nothing this time, see ``skipped``)."""

    fired: int | None
    cycle: int
    answer: StepCallees | None
    skipped: tuple[int, ...]
    next_step: int
    next_cycle: int
    next_at: datetime
    last_resort: bool = False
    """Nobody of this whole turn has an address: call those who have one of the chain, the
    catch-all and the administrators."""


Who = Callable[[StepRule], StepCallees]


@dataclass(frozen=True)
class EscalationPosition:
    """Where an open incident stands in its policy: which step is due, in which turn (``cycle``).

    ``fired_at``: the last call; ``since``: the cycle with which its turns began (back-off counts from there).
    """

    step: int
    cycle: int
    fired_at: datetime | None = None
    since: int = 1

    def pause(self, policy: Policy) -> timedelta:
        """Return how long its turn waits after the last call."""
        return policy.pause(self.cycle - self.since + 1)


def decide(policy: Policy, position: EscalationPosition, who: Who, *, now: datetime) -> EscalationDecision:
    """Return what happens at ``now`` to an open incident whose step is due."""
    start = position.step if position.step < len(policy.steps) else 0
    skipped: list[int] = []
    for index in range(start, len(policy.steps)):
        answer = who(policy.steps[index])
        if not answer.empty:
            fired = _fire(policy, index, position, answer, skipped=tuple(skipped), now=now)
            return replace(fired, last_resort=_unheard(policy, index, who))
        skipped.append(index)
    return _nobody_left(policy, replace(position, step=start), who, skipped=tuple(skipped), now=now)


def _unheard(policy: Policy, index: int, who: Who) -> bool:
    """``index`` is the last call of the turn, and no call of the turn reaches anybody by itself."""
    answers = [who(step) for step in policy.steps]
    return all(answer.empty for answer in answers[index + 1 :]) and not any(
        answer.reachable and not answer.empty for answer in answers
    )


def _fire(
    policy: Policy,
    index: int,
    position: EscalationPosition,
    answer: StepCallees,
    *,
    skipped: tuple[int, ...],
    now: datetime,
) -> EscalationDecision:
    cycle, last = position.cycle, index + 1 >= len(policy.steps)
    wait = position.pause(policy) if last else policy.steps[index + 1].after
    # Nobody there has an address: a wait would be silence, so the next step follows at once.
    pause = wait if answer.reachable or last else timedelta(0)
    following, turn = (0, cycle + 1) if last else (index + 1, cycle)
    return EscalationDecision(index, cycle, answer, skipped, following, turn, now + pause)


def _nobody_left(
    policy: Policy, position: EscalationPosition, who: Who, *, skipped: tuple[int, ...], now: datetime
) -> EscalationDecision:
    """Every step from its own on is empty: the turn is over, and its last call is the one before them."""
    following, pause, fired_at = position.cycle + 1, position.pause(policy), position.fired_at
    for index, step in enumerate(policy.steps[: position.step]):
        answer = who(step)
        if not answer.empty:
            # Waits count from the last call, never from an empty step.
            again = max(now, fired_at + pause) if fired_at else now
            if again > now:
                return EscalationDecision(None, position.cycle, None, skipped, 0, following, again)
            turn = replace(position, cycle=following)
            fired = _fire(policy, index, turn, answer, skipped=(*skipped, *range(index)), now=now)
            return replace(fired, last_resort=_unheard(policy, index, who))
    chain = who(policy.steps[position.step])
    unheard = not (chain.reachable and chain.person_ids)
    return EscalationDecision(
        position.step, position.cycle, chain, skipped, 0, following, now + pause, last_resort=unheard
    )


@dataclass(frozen=True)
class Forecast:
    """One line of "who is called when"; ``skipped``: the steps that were passed over since the line before it."""

    step: int
    cycle: int
    at: datetime
    answer: StepCallees
    skipped: tuple[int, ...] = ()
    last_resort: bool = False


def forecast(
    policy: Policy,
    position: EscalationPosition,
    next_at: datetime,
    *,
    who_at: Callable[[datetime], Who],
    lines: int = 4,
) -> Sequence[Forecast]:
    """The next calls if nobody acts and the roster stays: each with the people who will be on duty then."""
    found: list[Forecast] = []
    skipped: tuple[int, ...] = ()
    fired_at, at = position.fired_at, next_at
    for _ in range(lines * (len(policy.steps) + 1)):
        if len(found) == lines:
            break
        decision = decide(policy, position, who_at(at), now=at)
        skipped = tuple(dict.fromkeys((*skipped, *decision.skipped)))
        if decision.fired is not None and decision.answer is not None:
            found.append(Forecast(decision.fired, decision.cycle, at, decision.answer, skipped, decision.last_resort))
            fired_at, skipped = at, ()
        position = EscalationPosition(decision.next_step, decision.next_cycle, fired_at, position.since)
        at = decision.next_at
    return found
