"""What is handed over by people: a text with the reader's own address, a slip; each showing of an address is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.actor import Actor
from core.db import transaction
from people.links import slips
from people.models import Person
from roster.by_hand.queries import UnreachedPerson
from roster.campaigns.models import Campaign
from roster.publishing import notices

GROUP_NAMES = 40
"""Names that the text for a group holds; of more it says how many."""


@dataclass(frozen=True)
class ByHand:
    """What to hand over to one person: their own address, and the words that bring it.

    ``told``: a message says so to them."""

    person: Person
    url: str
    text: str
    told: bool


def made(
    campaign: Campaign, found: Sequence[UnreachedPerson], *, texts: bool, actor: Actor, now: datetime
) -> list[ByHand]:
    """Return it for each of ``found``, without words unless ``texts``. Writes who was shown whose address: whoever has
    one can answer with it, and says so to them. Raises Forbidden, ``ProofNeeded``."""
    persons = [each.person for each in found]
    with transaction():
        printed = slips.print_each(persons, actor=actor, now=now)
        what = "texts" if texts else "slips"
        audit.record(actor, "campaign.by_hand", "campaign", campaign.id, now=now, what=what, people=len(persons))
    words = notices.texts(campaign, printed.urls, now=now) if texts else {}
    return [ByHand(each, printed.urls[each.id], words.get(each.id, ""), each.id in printed.told) for each in persons]


def group_text(campaign: Campaign, found: Sequence[UnreachedPerson], *, actor: Actor) -> str:
    """Return the words for a group chat: no address in it is anybody's own."""
    names = [each.person.full_name for each in found]
    said = ", ".join(names[:GROUP_NAMES])
    if len(names) > GROUP_NAMES:
        said = _("%(names)s và %(n)s người nữa", names=said, n=len(names) - GROUP_NAMES)
    return _(
        "Lịch trực “%(campaign)s”, bản số %(n)s, đã ban hành. Mỗi đồng chí sau nhận tin riêng hoặc phiếu từ %(by)s và "
        "xác nhận ca của mình: %(names)s.",
        campaign=campaign.name,
        n=campaign.revision,
        by=actor.name,
        names=said,
    )
