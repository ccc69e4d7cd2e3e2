"""PURE Who may do what: one table, read by guards, views, the API and a test that walks every route.

A cell says how far a role reaches: ``self`` (the person behind the account), ``own`` (the actor's unit and everything
below it; includes ``self``), ``any``. What is not in the table is forbidden.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

Relation = Literal["self", "own", "other"]
Reach = Literal["none", "self", "own", "any"]

ROLE_ORDER = ("viewer", "staff", "manager", "admin")
"""From the least to the most powerful."""

_COVERS: dict[str, frozenset[str]] = {
    "none": frozenset(),
    "self": frozenset({"self"}),
    "own": frozenset({"self", "own"}),
    "any": frozenset({"self", "own", "other"}),
}

# action: reach of viewer, staff, manager, admin
_TABLE: dict[str, tuple[Reach, Reach, Reach, Reach]] = {
    "unit.read": ("any", "any", "any", "any"),
    "unit.write": ("none", "none", "own", "any"),
    "person.read": ("any", "any", "any", "any"),
    "person.write": ("none", "none", "own", "any"),
    # Phones and mails of people on duty: everybody who works here must be able to call them, wherever they sit.
    "person.contact": ("self", "any", "any", "any"),
    # Phones and mails of everybody else (directory): colleagues of the same unit and below.
    "person.directory": ("self", "own", "own", "any"),
    # By what and in which order somebody is called, and the addresses themselves: one's own, or one's people's.
    "reach.write": ("self", "self", "own", "any"),
    # Who cannot be called on the days to come.
    "reach.report": ("none", "none", "own", "any"),
    "import.run": ("none", "none", "own", "any"),
    "absence.write": ("none", "self", "own", "any"),
    # That somebody cannot come from now on: today alone.
    "absence.now": ("none", "self", "own", "any"),
    "wish.write": ("none", "self", "own", "any"),
    # Answer what people asked for: days off and wishes, never one's own.
    "request.answer": ("none", "none", "own", "any"),
    "account.manage": ("none", "none", "own", "any"),
    "key.manage": ("none", "none", "none", "any"),
    "campaign.read": ("any", "any", "any", "any"),
    "campaign.write": ("none", "none", "own", "any"),
    "campaign.solve": ("none", "none", "own", "any"),
    "campaign.publish": ("none", "none", "own", "any"),
    # Publish a campaign without the approval that it was to need: whoever is bound by it does not untie it.
    "approval.waive": ("none", "none", "none", "any"),
    # Somebody else on a published seat of today or tomorrow, at once; named seats of these days become a revision.
    "roster.cover": ("none", "none", "own", "any"),
    "roster.amend": ("none", "none", "own", "any"),
    # That somebody will serve a published shift, or cannot: for oneself, or noted for those whom one rang.
    "duty.confirm": ("self", "self", "own", "any"),
    # What people served and what it is worth: one's own, and of those for whom one answers; closing a month of it.
    "hours.read": ("self", "self", "own", "any"),
    "hours.close": ("none", "none", "own", "any"),
    # That somebody has come, left or stands ready: of oneself, or noted for those whom one saw or rang.
    "duty.attend": ("self", "self", "own", "any"),
    # When that really was, afterwards.
    "duty.correct": ("none", "none", "own", "any"),
    # Ask everybody who is on duty in some units, unannounced, whether they are.
    "check.run": ("none", "none", "own", "any"),
    "roster.read": ("any", "any", "any", "any"),
    "onduty.read": ("any", "any", "any", "any"),
    "feed.create": ("own", "any", "any", "any"),
    # A link that shows who serves in a unit to whoever has it.
    "list.share": ("none", "own", "own", "any"),
    # In an emergency any colleague may read and report about any unit; acting stays with unit, page or shift.
    "incident.read": ("own", "any", "any", "any"),
    "incident.log": ("none", "any", "any", "any"),
    "incident.act": ("none", "own", "own", "any"),
    "incident.dispatch": ("none", "none", "own", "any"),
    "incident.close": ("none", "none", "own", "any"),
    "policy.read": ("own", "any", "any", "any"),
    "policy.write": ("none", "none", "own", "any"),
    # Let what runs follow the policies that hold now.
    "policy.apply": ("none", "none", "own", "any"),
    # Categories, questions and targets of the enterprise.
    "catalogue.write": ("none", "none", "own", "any"),
    # Routes, vehicles and authorities of a unit.
    "directory.write": ("none", "none", "own", "any"),
    # Which duty always hands over in writing, and what is looked at then.
    "handover.settle": ("none", "none", "own", "any"),
    "intake.manage": ("none", "none", "own", "any"),
    # Hold back what machines report during maintenance; over hours in which duty is demanded somebody confirms it.
    "maintenance.plan": ("none", "own", "own", "any"),
    "maintenance.confirm": ("none", "none", "own", "any"),
    # QR sheets by which anybody may report: print, replace, withdraw.
    "report.manage": ("none", "none", "own", "any"),
    # Official documents: who may read one also depends on what it tells; a number given is given for good.
    "document.read": ("any", "any", "any", "any"),
    "document.issue": ("none", "none", "own", "any"),
    # Who issues and who signs, and with which number a register goes on.
    "document.settle": ("none", "none", "own", "any"),
    # Letters from above and what they ask: everybody reads them, and how units stand to them.
    "directive.read": ("any", "any", "any", "any"),
    "directive.write": ("none", "none", "own", "any"),
    # What one's own unit has done, with its evidence.
    "requirement.report": ("none", "own", "own", "any"),
    # Whether that is good, and reminding those who owe.
    "requirement.accept": ("none", "none", "own", "any"),
    # Links by which an inspector reads how units stand, without an account.
    "inspector.manage": ("none", "none", "own", "any"),
    # What points of service said of their days, what hangs there, what was found: for all who answer for a unit.
    "point.read": ("own", "any", "any", "any"),
    # Say it for a point without its code: whoever works there, and those above.
    "point.tell": ("none", "own", "own", "any"),
    # Texts that are posted, opening hours, what is done with a refused parcel.
    "point.settle": ("none", "none", "own", "any"),
    # Network and labour of a unit for Tết, its backlog; and whether a plan is accepted.
    "plan.write": ("none", "own", "own", "any"),
    "plan.decide": ("none", "none", "own", "any"),
    # Reports to authorities and what they asked for; whoever reads them may close incidents there, for they count the
    # restricted ones as well. Approving is for those who answer for what leaves.
    "reporting.read": ("none", "none", "own", "any"),
    "reporting.write": ("none", "none", "own", "any"),
    "reporting.approve": ("none", "none", "own", "any"),
    # What authorities ask for in writing, and whether their numbers answer: police business, not everybody's.
    "coordination.read": ("none", "none", "own", "any"),
    "coordination.write": ("none", "none", "own", "any"),
    # An inspection comes to a counter: whoever stands there writes down who came.
    "visit.read": ("none", "own", "own", "any"),
    "visit.write": ("none", "own", "own", "any"),
    # What the public reads of interruptions.
    "notice.write": ("none", "none", "own", "any"),
    "outbox.read": ("none", "none", "own", "any"),
    "outbox.send": ("none", "none", "own", "any"),
    "rehearsal.run": ("none", "none", "own", "any"),
    "holiday.write": ("none", "none", "own", "any"),
    "points.write": ("none", "none", "own", "any"),
    "dutykind.write": ("none", "none", "own", "any"),
    "settings.write": ("none", "none", "none", "any"),
    # Whether the engine itself is well.
    "system.read": ("none", "none", "any", "any"),
    # After a restore: let calls and messages leave again.
    "sending.resume": ("none", "none", "any", "any"),
    "demo.clear": ("none", "none", "none", "any"),
    # Who did what, when and from where: about one's own units; what belongs to none only where all are one's own.
    "audit.read": ("none", "none", "own", "any"),
}

TABLE = MappingProxyType(
    {action: MappingProxyType(dict(zip(ROLE_ORDER, reaches, strict=True))) for action, reaches in _TABLE.items()}
)
"""``TABLE[action][role]`` → reach; read-only."""

LENT_BY_DUTY = frozenset(
    {
        "incident.read",
        "incident.log",
        "incident.act",
        "incident.dispatch",
        "incident.close",
        # Calls by hand, and asking who could cover.
        "person.contact",
        "person.directory",
        "absence.now",
        "roster.cover",
        "roster.amend",
        # What somebody says when they are rung in the night.
        "duty.confirm",
        # Who has come: whoever sits at the desk sees it.
        "duty.attend",
        "policy.read",
        "policy.apply",
        # The day's report is drafted and told on the telephone by the shift; approving and issuing wait for a role.
        "reporting.read",
        "reporting.write",
        # Police at the door at night: what they ask for is written down and answered then.
        "coordination.read",
        "coordination.write",
        "visit.read",
        "visit.write",
        # A counter that closes tonight is said tonight; each word stays in the audit.
        "notice.write",
        # A source that cries all night; over obligatory hours only once leadership has confirmed it.
        "maintenance.plan",
    }
)
"""What a shift lends while it lasts. Whatever goes on working afterwards (accounts, people, keys, settings …) is not
here: a new action is lent only by being written down, with its reason, in docs/decisions."""

LENT_TO_LEADERSHIP = frozenset({"check.run", "maintenance.confirm"})
"""What only serving leadership lends besides: they look whether the night is served; operations is looked at. And they
answer for what nobody is called about."""

_AT_DESK = frozenset(
    {"person.contact", "incident.act", "incident.close", "incident.dispatch", "incident.log", "duty.attend"}
)


def at_desk(action: str) -> bool:
    """Whether it can be done at a shared desk computer at all: reading, what incidents need, and who has come.

    A PIN of four digits must not open accounts, rosters or settings, no matter whose it is.
    """
    return action in _AT_DESK or (action.endswith(".read") and action not in ("audit.read", "outbox.read"))


def lesser_role(one: str, other: str) -> str:
    """The one that may do less."""
    return min(one, other, key=ROLE_ORDER.index)


def may(role: str, action: str, relation: Relation) -> bool:
    """Whether ``role`` may do ``action`` to something that stands in ``relation`` to the actor.

    Raises ``KeyError`` for an action that is not in the table: a misspelt action must never pass silently.
    """
    return relation in _COVERS[TABLE[action].get(role, "none")]


def may_anywhere(role: str, action: str) -> bool:
    """Whether there is any relation at which ``role`` may do ``action``."""
    return TABLE[action].get(role, "none") != "none"


def may_give_role(giver: str, given: str) -> bool:
    """Nobody hands out more than they have."""
    return ROLE_ORDER.index(given) <= ROLE_ORDER.index(giver)
