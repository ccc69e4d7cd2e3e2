"""Campaigns that follow a demand which is written by others: each chosen by whoever saw what that changes in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import prepared
from core.actor import Actor
from core.errors import Conflict, NotFound
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import locked_campaign
from roster.refit import writing
from roster.refit.of_demand import FollowingCampaign
from roster.refit.seats import Refit


@dataclass(frozen=True)
class RefitOffer(FollowingCampaign):
    """``stamp``: of what would change and of the ``version`` of the draft in which; ``is_theirs``: whoever asks may
    have it follow, and something would change."""

    campaign_id: int
    version: int
    stamp: str
    is_theirs: bool


def offers(found: Iterable[FollowingCampaign], *, actor: Actor, now: datetime) -> tuple[RefitOffer, ...]:
    """Return what may be chosen of them."""
    return tuple(_offer(each, actor, now) for each in found)


def _offer(met: FollowingCampaign, actor: Actor, now: datetime) -> RefitOffer:
    campaign, fit = met.campaign, met.refit
    told = repr((campaign.id, campaign.draft_version, fit))
    may = all(rights.may(actor, "campaign.write", campaign, each, now=now) for each in _units(fit))
    stamp = hashlib.sha256(told.encode()).hexdigest()[:16]
    return RefitOffer(campaign, fit, campaign.id, campaign.draft_version, stamp, may and not fit.is_nothing)


def _units(fit: Refit) -> set[int]:
    shifts = {each.key[0] for each in fit.dropped} | {each.shift.key[0] for each in fit.changed}
    return shifts | {each["unit_id"] for each in fit.new}


def follow(
    offered: Sequence[RefitOffer], chosen: Mapping[int, str], *, actor: Actor, now: datetime
) -> list[RefitOffer]:
    """Return those of ``chosen`` (campaign id → stamp of what was looked at), in the caller's transaction, which writes
    the demand itself. Of what is published nobody is told; seats that are added are gaps of it at once. Drafts are
    marked for another look.

    Raises Stale where a draft has moved since it was worked out, Conflict ``refit.moved`` where something else was
    looked at, Forbidden.
    """
    by_id = {each.campaign_id: each for each in offered}
    done = list[RefitOffer]()
    for campaign_id, stamp in sorted(chosen.items()):
        offer = by_id.get(campaign_id)
        campaign = _held(campaign_id, offer)
        if campaign is None or offer is None or offer.stamp != stamp or campaign.state == "closed":
            raise Conflict("refit.moved", state={"campaign": campaign_id})
        rights.ensure(actor, "campaign.write", campaign, _units(offer.refit), now=now)
        writing.follow(campaign, offer.refit, "demand", offer.seats, actor=actor, now=now)
        done.append(offer)
    return done


def _held(campaign_id: int, offer: RefitOffer | None) -> Campaign | None:
    """None where it was deleted. Raises Stale where its draft has moved since the offer was worked out."""
    try:
        campaign = locked_campaign(campaign_id)
    except NotFound:
        return None
    if offer is not None and campaign.draft_version != offer.version:
        raise prepared.Stale
    return campaign
