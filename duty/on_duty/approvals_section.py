"""What waits for a leader's signature on their own page: by link with their PIN, signed in without."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from core.errors import Conflict, Invalid, Throttled
from duty.on_duty.own_sections import Form, OwnSection
from people.accounts import queries as accounts
from people.models import Person
from people.sign_in import pins
from roster.approvals import queries, services as approvals


def _waiting_approvals(person: Person, now: datetime) -> list[queries.ApprovalView]:
    return queries.asked_of(person, now=now)


def _approve(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    campaign_id, approval_id = _meant(form)
    approvals.ensure_waiting(campaign_id, approval_id, unchanged=True, actor=actor, now=now)
    _ensure_pin(person, approval_id, actor, form, now=now)
    approvals.approve(campaign_id, approval_id=approval_id, actor=actor, now=now)


def _return(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    campaign_id, approval_id = _meant(form)
    reason = form.get("reason", "")
    if not reason.strip():  # before a try of the PIN is used up
        raise Invalid("approval.reason", field="reason")
    approvals.ensure_waiting(campaign_id, approval_id, unchanged=False, actor=actor, now=now)
    _ensure_pin(person, approval_id, actor, form, now=now)
    approvals.send_back(campaign_id, reason=reason, approval_id=approval_id, actor=actor, now=now)


def _meant(form: Form) -> tuple[int, int]:
    campaign_id, approval_id = form.get("campaign", type=int), form.get("approval", type=int)
    if not campaign_id or not approval_id:
        raise Conflict("approval.none")
    return campaign_id, approval_id


def _ensure_pin(person: Person, approval_id: int, actor: Actor, form: Form, *, now: datetime) -> None:
    """Who holds the link may not be its owner. Tried before anything is written, so that a wrong one stays counted."""
    if actor.via != "link":
        return
    user = next(iter(accounts.users_with_pins([person.id])), None)
    if user is None:
        raise Conflict("approval.no_pin")
    try:
        is_theirs = pins.matches(user, form.get("pin", ""), name=person.code, place=f"approval/{approval_id}", now=now)
    except Throttled as fault:
        raise Throttled("approval.throttled", **fault.params) from None
    if not is_theirs:
        raise Invalid("approval.pin", field="pin")


SECTION = OwnSection(
    "roster/approvals/own.html", _waiting_approvals, {"approve": _approve, "return_approval": _return}, is_ask=True
)
