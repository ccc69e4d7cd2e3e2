"""Do to the draft what a rotation proposes, as one edit that undo takes back by its name."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from roster.campaigns.queries import get_campaign
from roster.crews.proposing import CrewProposal, CrewWanted, propose
from roster.draft import proposed
from roster.draft.edits import SeatsEdited


def apply(
    campaign_id: int, wanted: CrewWanted, *, stamp: str | None = None, actor: Actor, now: datetime
) -> tuple[CrewProposal, SeatsEdited]:
    """``stamp``: of the proposal that was looked at; Conflict ``rotation.moved`` where it is another by now.

    Raises as ``propose`` and ``proposed.write`` do.
    """
    found = propose(get_campaign(campaign_id), wanted, actor=actor, now=now)
    about = {"crews": ", ".join(each.name for each in found.teams), "unit": found.unit.code}
    proposed.refuse_moved(found, stamp, "rotation.moved")
    done = proposed.write(campaign_id, found, reason=wanted.reason, about=about, actor=actor, now=now)
    return found, done
