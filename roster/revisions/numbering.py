"""Number and date of the signed paper: a roster is published at once, and the paper follows."""

from __future__ import annotations

from datetime import date, datetime

from core import audit, clock
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from people.access import guard
from roster.campaigns import queries as campaigns
from roster.models import Revision

LONGEST_NUMBER = 60


def enter(
    campaign_id: int,
    number: int,
    *,
    document_number: str = "",
    signed_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Enter what the paper of revision ``number`` says, both or one after the other, each once: a number that people
    have cited is not changed. ``signed_on`` is a local date.

    Raises NotFound; Forbidden; Invalid ``paper.number_long``; Conflict ``paper.nothing``, ``paper.to_come``,
    ``paper.has_number``, ``paper.has_date``, ``paper.none`` (what was entered afterwards has no paper of its own).
    """
    guard.refuse_unless(actor, "campaign.publish", campaigns.get_campaign(campaign_id).unit_id, now=now)
    given = " ".join(document_number.split())
    if not given and signed_on is None:
        raise Conflict("paper.nothing", field="document_number")
    if len(given) > LONGEST_NUMBER:
        raise Invalid("paper.number_long", field="document_number", limit=LONGEST_NUMBER)
    if signed_on is not None and signed_on > clock.local_date(now):
        raise Conflict("paper.to_come", field="signed_on", state={"today": clock.local_date(now).isoformat()})
    with transaction():
        campaign = campaigns.locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        row = campaigns.revision(campaign_id, number)
        _refuse(row, given, signed_on)
        row.document_number = given or row.document_number
        row.signed_on = signed_on or row.signed_on
        on = signed_on.isoformat() if signed_on else None
        facts = {"revision": number, "document_number": given or None, "signed_on": on}
        audit.record(actor, "revision.paper", "campaign", campaign_id, now=now, **facts)
        return row


def _refuse(row: Revision, given: str, signed_on: date | None) -> None:
    on = row.signed_on.isoformat() if row.signed_on else None
    state = {"document_number": row.document_number, "signed_on": on}
    if row.kind == "supplement":
        raise Conflict("paper.none", state=state)
    if given and row.document_number:
        raise Conflict("paper.has_number", state=state, number=row.document_number)
    if signed_on is not None and row.signed_on is not None:
        raise Conflict("paper.has_date", state=state, date=row.signed_on)
