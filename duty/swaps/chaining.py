"""Ask two people at once where nobody could take a seat alone: one takes it, the other takes the seat of that one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from duty.swaps import finding, notices, queries, rights, services as swaps, swap_deadlines
from duty.swaps.finding import Passed
from duty.swaps.models import Swap, SwapChain
from duty.swaps.services import DraftSwap, SwapWanted
from people.models import Person
from roster.models import Duty


@dataclass(frozen=True)
class Chain:
    """``held``: the duty that somebody is to take; ``passed``: the duty that ``taker`` has and gives to ``heir``.
    ``read``: the sequences of both when it was found (``services.Meant``)."""

    held: Duty
    taker: Person
    passed: Duty
    heir: Person
    read: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.read:
            object.__setattr__(self, "read", (self.held.sequence, self.passed.sequence))


def ensure_askable(chain: Chain, *, actor: Actor, now: datetime) -> None:
    """Raises Forbidden where the actor may not ask for both seats; Conflict ``confirmation.changed`` where the second
    is the taker's no more, ``swap.too_late``, ``swap.breaks_rules``."""
    for duty in (chain.held, chain.passed):
        rights.ensure_may_ask_for(duty, actor=actor, now=now)
        if duty.starts_at < now + swap_deadlines.LEAST_AHEAD:
            raise Conflict("swap.too_late", state={"starts_at": duty.starts_at.isoformat()})
    if chain.passed.person_id != chain.taker.id:
        raise Conflict("confirmation.changed")
    passed = Passed(chain.passed, chain.heir)
    finding.refuse_broken(finding.weighed(chain.held, chain.taker, None, None, passed=passed, now=now), None)


def write(chain: Chain, *, note: str, actor: Actor, now: datetime) -> Swap:
    """Put both asks down and ask both people; answers the first. They end together, before the first of the two shifts.

    ``ensure_askable`` was asked before. Raises Conflict as ``swaps.write``.
    """
    ends = swap_deadlines.expires_at(min(chain.held.starts_at, chain.passed.starts_at), now)
    passes = rights.passes(chain.held, chain.passed, actor, now)
    meant = (
        DraftSwap(chain.held, None, {chain.taker.id: now}, (chain.read[0], None)),
        DraftSwap(chain.passed, None, {chain.heir.id: now}, (chain.read[1], None)),
    )
    with transaction():
        swaps.one_at_a_time(chain.held.campaign_id)
        legs = [swaps.put(each, SwapWanted("cover", note=note), passes=passes, actor=actor, now=now) for each in meant]
        db.session.add(SwapChain(first_id=legs[0].id, second_id=legs[1].id))
        for leg in legs:
            leg.expires_at = ends
        db.session.flush()
        for leg in legs:
            notices.ask_those_due(queries.line(leg, now=now), now=now)
        return legs[0]
