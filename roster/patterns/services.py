"""Do to the draft what a pattern proposes, as one edit that undo takes back by its name."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from roster.campaigns.queries import get_campaign
from roster.draft import proposed
from roster.draft.edits import SeatsEdited
from roster.patterns.proposing import PatternProposal, PatternWanted, propose


def apply(
    campaign_id: int, wanted: PatternWanted, *, stamp: str | None = None, actor: Actor, now: datetime
) -> tuple[PatternProposal, SeatsEdited]:
    """``stamp``: of the proposal that was looked at; Conflict ``pattern_of.moved`` where it is another by now.

    Raises as ``propose`` and ``proposed.write`` do.
    """
    found = propose(get_campaign(campaign_id), wanted, actor=actor, now=now)
    about = {"pattern": wanted.pattern, "unit": found.unit.code}
    proposed.refuse_moved(found, stamp, "pattern_of.moved")
    done = proposed.write(campaign_id, found, reason=wanted.reason, about=about, actor=actor, now=now)
    return found, done
