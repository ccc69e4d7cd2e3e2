"""Do to the draft what a rotation proposes, as one edit that undo takes back by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.actor import Actor
from core.errors import Conflict
from roster.campaigns.queries import get_campaign
from roster.crews.proposing import Proposal, Wanted, propose
from roster.draft import proposed
from roster.draft.edits import SeatsEdited


def apply(
    campaign_id: int, wanted: Wanted, *, stamp: str | None = None, actor: Actor, now: datetime
) -> tuple[Proposal, SeatsEdited]:
    """``stamp``: of the proposal that was looked at; Conflict ``rotation.moved`` where it is another by now.

    Raises as ``propose`` and ``proposed.write`` do.
    """
    wanted = replace(wanted, reason=wanted.reason.strip())
    found = propose(get_campaign(campaign_id), wanted, actor=actor, now=now)
    if stamp is not None and stamp != found.stamp:
        raise Conflict("rotation.moved", state={"stamp": found.stamp})
    about = {"crews": ", ".join(each.name for each in found.teams), "unit": found.unit.code}
    return found, proposed.write(campaign_id, found, reason=wanted.reason, about=about, actor=actor, now=now)
