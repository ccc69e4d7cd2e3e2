"""What a person sets up before anybody can be called: accounts, ways to people, a roster that holds."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import d
from desk.questions.machine import TABLES
from desk.questions.question import QuestionFinding, ReadinessQuestion, Unseen, several
from people.accounts import key_ends, queries as accounts
from people.models import Person
from people.notification_rules import ladders
from roster.publishing import overview
from roster.reachability import report


def _no_account(_now: datetime) -> QuestionFinding | None:
    """Without an administrator nobody is told of a fault, and nobody can mend what stands on pages."""
    return None if accounts.active_admins() else QuestionFinding("account_none", 1)


def _nobody_reachable(_now: datetime) -> QuestionFinding | Unseen | None:
    """Not one of all who are here can be called by a machine."""
    if not ladders.carried():
        return Unseen(why=_("chưa nối kênh nào, không ai được gọi"))
    ids = list(db.session.scalars(select(Person.id).where(Person.active)))
    return None if ladders.reachable_ids(ids) else QuestionFinding("nobody_reachable", len(ids) or 1)


def _nothing_published(now: datetime) -> QuestionFinding | None:
    """Nothing ever, or nothing of a campaign that begins within a week: whoever is called is called because of their
    office. Between campaigns there is nothing to publish."""
    if not overview.is_published(None):
        return QuestionFinding("nothing_published", 1)
    return several("nothing_published", [each.name for each in report.unpublished(None, now=now)])


def _keys_ending(now: datetime) -> QuestionFinding | None:
    """Return what a program still asks with, and soon in vain: a monitor that is refused reports nothing any more."""
    return several("keys_ending", [f"{key.name} {d(key.ends_at)}" for key in key_ends.ending(now) if key.ends_at])


QUESTIONS = (
    ReadinessQuestion("account_none", "people", "set_up", "unsafe", "dear", _no_account, (TABLES,)),
    ReadinessQuestion(
        "nobody_reachable",
        "people",
        "set_up",
        "unsafe",
        "dear",
        _nobody_reachable,
        ("account_none", "channels_unconnected"),
    ),
    ReadinessQuestion("keys_ending", "keys", "set_up", "note", "dear", _keys_ending, (TABLES,)),
    ReadinessQuestion("nothing_published", "roster", "set_up", "unsafe", "dear", _nothing_published, ("account_none",)),
)
