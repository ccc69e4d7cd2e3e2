"""Whether the holder of a seat is sure to serve: THE answer, for published seats and for drafts alike.

A seat is in doubt when its holder is recorded absent for some minute of it, has said that they cannot, has left, or may
not take that duty there any more. Of shifts that are over only absences are said, which know when they were noted: when
somebody left is not kept, and what was true then is not written anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from core.db import batched, db
from people import queries as people
from people.absences import spans
from people.absences.effects import EligibleDuties
from people.models import Person, PersonDuty
from roster.confirmations import queries as confirmations
from roster.models import DraftAssignment, Duty, Revision, Seat
from roster.resolver.absent import here, still
from roster.rulebook.models import CampaignRule

Cause = Literal["absent", "refused", "left", "unlisted", "moved"]
"""``refused``: said that they cannot serve it as it is published; ``unlisted``: not on the list of that duty any more;
``moved``: of another unit than those that serve there."""
Answered = Collection[tuple[int, int]]
"""(shift id, person id) of seats that carry a reason: somebody put that person there although a rule says no."""


@dataclass(frozen=True)
class HeldSeat:
    """A seat that somebody has: where, for what, and when (aware UTC, half-open)."""

    shift_id: int
    campaign_id: int
    unit_id: int
    duty: str
    starts_at: datetime
    ends_at: datetime
    person_id: int

    @classmethod
    def from_row(cls, row: Any) -> HeldSeat:
        """Return the seat of a published duty, or of a row with the columns of one."""
        return cls(
            shift_id=row.shift_id,
            campaign_id=row.campaign_id,
            unit_id=row.unit_id,
            duty=row.duty,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            person_id=row.person_id,
        )


@dataclass(frozen=True)
class Doubt:
    """``away_from``, ``away_until``: of an absence; those that follow each other are one. None for other causes."""

    cause: Cause
    away_from: datetime | None = None
    away_until: datetime | None = None


def find_doubts(
    held: Collection[HeldSeat], *, now: datetime, answered: Answered | None = None
) -> dict[HeldSeat, Doubt]:
    """Return those of ``held`` that are in doubt. ``answered``: known to the caller of a draft that is not written yet.

    Somebody who has left has left, ill or not; of those who are here an absence is said before anything else, and
    what they said themselves before what a list says.
    """
    if not held:
        return {}
    first, last = min(each.starts_at for each in held), max(each.ends_at for each in held)
    aways = spans.during({each.person_id for each in held}, first, last + spans.CHAIN)
    found = {each: why for each in held if (why := absence(each, aways.get(each.person_id, ()))) is not None}
    ahead = [each for each in held if each.ends_at > now]
    gone = barred(ahead, _standings({each.person_id for each in ahead}), answered=answered)
    refused = confirmations.refused_pairs({each.shift_id for each in ahead})
    said = {each: Doubt("refused") for each in ahead if (each.shift_id, each.person_id) in refused}
    for each, at in _there(found.keys() | said.keys()).items():  # whoever has come serves, whatever was said before
        said.pop(each, None)
        found.pop(each, None)
        if (why := absence(each, still(aways, each.person_id, at)[each.person_id])) is not None:
            found[each] = why
    return said | found | {each: Doubt(why) for each, why in gone.items() if why == "left" or each not in said | found}


def _there(held: Collection[HeldSeat]) -> dict[HeldSeat, datetime]:
    """Return those of ``held`` who have come and not left, and when that was said."""
    if not held:
        return {}
    found = here(Duty.shift_id.in_(sorted({each.shift_id for each in held})))
    came = {(each.shift_id, each.person_id): each.said_at for each in found}
    return {each: came[key] for each in held if (key := (each.shift_id, each.person_id)) in came}


def absence(held: HeldSeat, aways: Collection[spans.Away]) -> Doubt | None:
    """The first absence of its holder that touches the seat."""
    cause = spans.hit(aways, held.starts_at, held.ends_at)
    if cause is None:
        return None
    back = spans.until(aways, max(cause.starts_at, held.starts_at)) or cause.ends_at
    return Doubt("absent", cause.starts_at, back)


def barred(
    held: Iterable[HeldSeat], standings: Mapping[int, EligibleDuties], *, answered: Answered | None = None
) -> dict[HeldSeat, Cause]:
    """Return those whose holder (person id → how they stand) may not serve them."""
    above = people.ancestors_of({each.unit_id for each in standings.values()})
    found: dict[HeldSeat, Cause] = {}
    for each in held:
        who = standings[each.person_id]
        if not who.is_here:
            found[each] = "left"
        elif each.duty not in who.duties:
            found[each] = "unlisted"
        elif each.unit_id not in above[who.unit_id]:
            found[each] = "moved"
    return _unanswered(found, answered)


def _unanswered(found: Mapping[HeldSeat, Cause], answered: Answered | None) -> dict[HeldSeat, Cause]:
    """Without those whom somebody put there knowing it: by a reason, or by a rule that lets other units help."""
    known = [each for each, cause in found.items() if cause != "left"]
    if not known:
        return dict(found)
    reasons = {*(_reasons(known) if answered is None else answered), *_signed(known)}
    helped = _helped({each.campaign_id for each in known})
    return {
        each: cause
        for each, cause in found.items()
        if cause == "left"
        or ((each.shift_id, each.person_id) not in reasons and not (cause == "moved" and each.campaign_id in helped))
    }


def _standings(person_ids: Collection[int]) -> dict[int, EligibleDuties]:
    found: dict[int, EligibleDuties] = {}
    for some in batched(sorted(person_ids)):
        duties = defaultdict[tuple[int, bool, int], set[str]](set)
        wanted = select(Person.id, Person.active, Person.unit_id, PersonDuty.duty)
        wanted = wanted.outerjoin(PersonDuty, PersonDuty.person_id == Person.id).where(Person.id.in_(some))
        for person_id, active, unit_id, duty in db.session.execute(wanted).tuples():
            duties[person_id, active, unit_id] |= {duty} - {None}
        found |= {who: EligibleDuties(active, unit, frozenset(own)) for (who, active, unit), own in duties.items()}
    return found


def _reasons(held: Iterable[HeldSeat]) -> Answered:
    draft = select(Seat.shift_id, DraftAssignment.person_id).join(Seat, Seat.id == DraftAssignment.seat_id)
    draft = draft.where(DraftAssignment.override_reason.is_not(None), DraftAssignment.override_reason != "")
    return {
        row
        for some in batched(sorted({each.shift_id for each in held}))
        for row in db.session.execute(draft.where(Seat.shift_id.in_(some))).tuples()
    }


def _signed(held: Collection[HeldSeat]) -> Answered:
    """As revisions keep them: a reason that was signed holds for the published seat whatever became of the draft."""
    proofs = select(Revision.proof).where(Revision.campaign_id.in_({each.campaign_id for each in held}))
    told = [
        breach
        for proof in db.session.scalars(proofs)
        for breach in proof.get("overridden", ())
        if breach["rule"].startswith("eligibility.") and breach.get("reason")
    ]
    if not told:
        return set()
    codes = dict(
        db.session.execute(select(Person.code, Person.id).where(Person.id.in_({each.person_id for each in held})))
        .tuples()
        .all()
    )
    return {
        (shift_id, codes[breach["person"]])
        for breach in told
        for shift_id in breach["shifts"]
        if breach["person"] in codes
    }


def _helped(campaign_ids: Collection[int]) -> set[int]:
    """Campaigns in which people of other units may help, because that rule is a wish there."""
    soft = select(CampaignRule.campaign_id).where(
        CampaignRule.code == "eligibility.unit", CampaignRule.is_hard.is_(False)
    )
    return set(db.session.scalars(soft.where(CampaignRule.campaign_id.in_(campaign_ids))))
