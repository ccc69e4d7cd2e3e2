"""A cover that holds at once: somebody else on a published seat of today or tomorrow, told to all whom it concerns.

For those who may publish, and for leadership and operations on duty, who edit nothing else of the draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden, NotFound
from core.i18n import named, span
from notify import outbox
from people import queries as people
from people.access import guard
from people.models import DutyKind, Person
from people.notification_rules import reading
from people.notification_rules.addressed import addressed
from roster.campaigns.models import Campaign
from roster.consents import services as consents
from roster.covers import moving, notices as kept
from roster.covers.moving import MoveChange, Moves
from roster.dividing.parting import SplitSpan
from roster.draft.services import get_shift
from roster.models import Revision, Shift
from roster.publishing import notices, parts


def may_cover(actor: Actor, shift: Shift, *, now: datetime) -> bool:
    """Whether pages offer a cover that holds at once: it is the actor's to make on this shift."""
    is_open = shift.campaign.revision > 0 and shift.campaign.state != "closed" and parts.is_of_the_day(shift, now)
    return is_open and bool(guard.allowed(actor, "roster.cover", shift.unit_id, now=now))


def cover_now(
    shift_id: int, moves: Moves, *, override_reason: str | None = None, actor: Actor, now: datetime
) -> Revision:
    """Carry out the moves on the published roster and publish just them; the draft follows where it said the same. Of
    a shift that runs, what is left of it.

    Raises Forbidden, NotFound; Conflict when a shift is not of the day, somebody is not on it (any more), a hard rule
    would be broken without a reason, or something would be left open.
    """
    guard.refuse_unless(actor, "roster.cover", get_shift(shift_id).unit_id, now=now)
    if not moves or moves[0][0] != shift_id:
        raise Conflict("shift.wrong_moves")
    shifts = [get_shift(each) for each, _leaves, _comes in moves]
    campaign_id = shifts[0].campaign_id
    for shift in shifts:
        if shift.campaign_id != campaign_id:
            raise NotFound("shift.unknown", id=shift.id)
        _ensure(actor, shift, now, use=False)
    leavers = [people.person_by_code(leaves) for _shift, leaves, _comes in moves]
    comers = [people.person_by_code(comes) for _shift, _leaves, comes in moves]
    refuse_outsiders(actor, list(zip(shifts, comers, strict=True)), now=now)
    reason = (override_reason or "").strip() or None

    def before() -> None:
        for shift, leaves in zip(shifts, leavers, strict=True):
            row = get_shift(shift.id)
            if row.ends_at <= now:  # somebody else has just taken over what was left of it
                raise Conflict("shift.not_on_it", person=leaves.full_name)
            _ensure(actor, row, now, use=True)

    def after(changes: Sequence[MoveChange], revision: Revision) -> None:
        for each in changes:
            audit.record(
                actor,
                "shift.cover",
                "shift",
                each.shift_id,
                now=now,
                seat=each.seat,
                leaves=each.leaves.code,
                comes=each.comes.code,
                reason=reason,
                revision=revision.number,
            )
            tell_managers(campaign_id, get_shift(each.shift_id), each, revision.number, actor=actor, now=now)

    return moving.publish(
        campaign_id,
        moves,
        moving.MoveHooks(note=_note, before=before, after=after),
        reason=reason,
        actor=actor,
        now=now,
    )


def _ensure(actor: Actor, shift: Shift, now: datetime, *, use: bool) -> None:
    if use or not guard.allowed(actor, "roster.cover", shift.unit_id, now=now):
        guard.ensure(actor, "roster.cover", shift.unit_id, now=now)
    if not parts.is_of_the_day(shift, now):
        raise Forbidden("amend.not_of_the_day")


def refuse_outsiders(actor: Actor, comers: Sequence[tuple[Shift, Person]], *, now: datetime) -> None:
    """A night's need goes before consent; a manager who is not on duty asks first, in the draft.

    Raises Conflict ``cover.needs_consent``.
    """
    for shift, person in comers:
        if not guard.lent(actor, "roster.cover", shift.unit_id, now=now) and consents.needed(actor, person, now=now):
            raise Conflict("cover.needs_consent", person=person.full_name)


def _note(changes: Sequence[MoveChange]) -> str:
    pairs = "; ".join(f"{each.comes.full_name} ← {each.leaves.full_name}" for each in changes)
    return f"Thay người trong ngày: {pairs}"


def tell_managers(
    campaign_id: int, shift: Shift, change: MoveChange, number: int, *, actor: Actor, now: datetime
) -> None:
    """The nearest managers of the unit hear of it; who leaves and who comes hear with the revision. In the transaction
    that publishes it (``number``)."""
    told = kept.managers(shift.unit_id, actor)
    ways = reading.ways([person.id for _user, person in told])
    part = change.span or SplitSpan(shift.starts_at, shift.ends_at)
    kind = db.session.scalar(select(DutyKind).where(DutyKind.code == shift.duty))
    campaign = db.session.get_one(Campaign, campaign_id)
    for user, person in told:
        rung = ways[person.id]
        if rung is None:
            continue
        with force_locale(user.locale):
            facts = {
                "came": change.comes.full_name,
                "left": change.leaves.full_name,
                "duty": named(kind) if kind else "",
                "unit": shift.unit.name,
                "span": span(part.start, part.end),
            }
            subject = _("Thay người trực: %(came)s thay %(left)s", came=facts["came"], left=facts["left"])
            body = _("%(came)s trực thay %(left)s: %(duty)s, %(unit)s, %(span)s.", **facts)
            by = _(
                "Người quyết định: %(name)s. Bản số %(n)s của %(campaign)s.",
                name=actor.name,
                n=number,
                campaign=campaign.name,
            )
            link = f"{current_app.config['PUBLIC_URL']}/roster/shifts/{shift.id}"
            key = f"{notices.topic(campaign_id)}/r{number}/cover/{change.seat}{notices.TO_MANAGERS}{user.id}"
            outbox.enqueue(
                topic=notices.topic(campaign_id),
                key=key,
                **addressed(person, rung.channel, rung.address),
                subject=subject,
                body=f"{body}\n{by}\n{link}",
                now=now,
            )
