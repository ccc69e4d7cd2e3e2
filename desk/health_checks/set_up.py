"""What a person sets up before anybody can be called: accounts, ways to people, a roster that holds."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import d
from desk.health_checks.check import CheckFinding, CheckSkipped, HealthCheck, several
from desk.health_checks.machine import TABLES
from people.accounts import key_ends, queries as accounts
from people.models import Person
from people.notification_rules import ladders
from roster.publishing import overview
from roster.reachability import report


def _no_account(_now: datetime) -> CheckFinding | None:
    """Without an administrator nobody is told of a fault, and nobody can mend what stands on pages."""
    return None if accounts.active_admins() else CheckFinding("account_none", 1)


def _nobody_reachable(_now: datetime) -> CheckFinding | CheckSkipped | None:
    """Not one of all who are here can be called by a machine."""
    if not ladders.carried():
        return CheckSkipped(why=_("chưa nối kênh nào, không ai được gọi"))
    ids = list(db.session.scalars(select(Person.id).where(Person.active)))
    return None if ladders.reachable_ids(ids) else CheckFinding("nobody_reachable", len(ids) or 1)


def _nothing_published(now: datetime) -> CheckFinding | None:
    """Nothing ever, or nothing of a campaign that begins within a week: whoever is called is called because of their
    office. Between campaigns there is nothing to publish."""
    if not overview.is_published(None):
        return CheckFinding("nothing_published", 1)
    return several("nothing_published", [each.name for each in report.unpublished(None, now=now)])


def _keys_ending(now: datetime) -> CheckFinding | None:
    """Return what a program still asks with, and soon in vain: a monitor that is refused reports nothing any more."""
    return several("keys_ending", [f"{key.name} {d(key.ends_at)}" for key in key_ends.ending(now) if key.ends_at])


CHECKS = (
    HealthCheck("account_none", "people", "set_up", "unsafe", "expensive", _no_account, (TABLES,)),
    HealthCheck(
        "nobody_reachable",
        "people",
        "set_up",
        "unsafe",
        "expensive",
        _nobody_reachable,
        ("account_none", "channels_unconnected"),
    ),
    HealthCheck("keys_ending", "keys", "set_up", "note", "expensive", _keys_ending, (TABLES,)),
    HealthCheck("nothing_published", "roster", "set_up", "unsafe", "expensive", _nothing_published, ("account_none",)),
)
