"""What has to be chosen before a paper of a roster is made: how it looks, for whom, of which unit or person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Sized
from datetime import datetime

from flask_babel import gettext as _

from core.actor import Actor
from core.errors import Conflict, Forbidden
from documents.kinds import DocumentOption, OptionChoice
from people import queries as people
from people.access import guard
from people.form_values import units_within
from people.models import Person
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.papers import published, things
from roster.presence import serving

NOBODY = OptionChoice("", "—")
"""Where there is nothing to choose; what is composed says why."""


def unit_option(about: str, *, whole: bool, within: Collection[int] | None = None) -> DocumentOption:
    """Return the choice among units that have shifts, or units below that have; ``whole``: the campaign's own is the
    usual one, for all of it. ``within``: ids of those that may be chosen; None: all."""
    campaign = things.campaign_of(about)
    try:
        revision = published.revision_of(campaign)
    except Conflict:
        return DocumentOption("unit", _("Đơn vị"), (NOBODY,), each=True)
    own = {row["unit"] for row in revision.content}
    units = published.units_above(campaign, own)
    choices = [
        OptionChoice(
            each.code, _("Cả đợt trực") if whole and each.id == campaign.unit_id else f"{each.name} ({each.code})"
        )
        for each in units
        if (whole or each.id != campaign.unit_id or each.code in own) and (within is None or each.id in within)
    ]
    return DocumentOption("unit", _("Đơn vị"), tuple(choices) or (NOBODY,), each=True)


def people_option(about: str, action: str, actor: Actor, now: datetime) -> DocumentOption:
    """Return those who serve, as far as the actor may do ``action`` to them; oneself first."""
    campaign = things.campaign_of(about)
    found = theirs(campaign, action, actor, now)
    found = sorted(found, key=lambda who: who.id != actor.person_id)
    choices = tuple(OptionChoice(who.code, f"{who.full_name} ({who.code})") for who in found)
    return DocumentOption("person", _("Người trực"), choices or (NOBODY,), each=True)


def home_option(about: str, action: str, actor: Actor, now: datetime) -> DocumentOption:
    """Return the choice among units whose people serve, or that have such units below them, as far as the actor may do
    ``action``."""
    units = guard.reach(actor, action, now=now)
    homes = {who.unit_id for who in serving.all_people(things.campaign_of(about).id, units, None)}
    above = {each for line in people.ancestors_of(homes).values() for each in line}
    choices = [
        OptionChoice(each.code, f"{each.name} ({each.code})")
        for _depth, each in units_within(actor, action, now)
        if each.id in above
    ]
    return DocumentOption("unit", _("Đơn vị"), tuple(choices) or (NOBODY,), each=True)


def theirs(campaign: Campaign, action: str, actor: Actor, now: datetime) -> Sequence[Person]:
    units = guard.reach(actor, action, now=now)
    own = actor.person_id if guard.allowed(actor, action, None, now=now, person_id=actor.person_id) else None
    return serving.all_people(campaign.id, units, own)


def ensure_person(actor: Actor, action: str, person: Person, now: datetime) -> None:
    """Raises Forbidden; reads only, and uses no lent right up."""
    if not guard.allowed(actor, action, person.unit_id, now=now, person_id=person.id):
        raise Forbidden("forbidden", state={"action": action})


def ensure_chosen(code: str, why: str = "") -> str:
    """Return what was chosen. Raises Conflict ``documents.nothing`` where there was nothing to choose."""
    ensure_something(code, why or _("không có ai hay đơn vị nào để chọn."))
    return code


def ensure_something(found: Sized, why: str) -> None:
    """Raises Conflict ``documents.nothing``."""
    if not len(found):
        raise Conflict("documents.nothing", why=why)


def fixed(code: str, name: str, choices: Iterable[tuple[str, str]]) -> DocumentOption:
    return DocumentOption(code, name, tuple(OptionChoice(*each) for each in choices))


def is_published(about: str, _now: datetime) -> bool:
    """Whether there is anything to tell."""
    campaign = get_campaign(things.number_in(about))
    return campaign.revision > 0 and campaign.state != "draft"
