"""A report that is late: whoever leads there hears of it once, by their own addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from compliance.reports import due, queries
from compliance.reports.due import DueReport
from compliance.reports.models import ReportAlarm, ReportRequest
from core import clock
from core.actor import SYSTEM
from core.audit import record
from core.db import transaction
from core.i18n import LOCALES, d, t
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person, Unit
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import for_reading
from roster.resolver import resolver

LOOKED_BACK = timedelta(days=1)
"""What has been late for longer is on the page; nobody is called about it any more."""


def tell(now: datetime) -> int:
    """Call about what is late and was not called about; how many days of requests."""
    since, until = clock.local_date(now - LOOKED_BACK), clock.local_date(now)
    requests = queries.running(since, until)
    if not requests:
        return 0
    wanted = [each for each in due.late(queries.dues(requests, since, until, now)) if each.due_at > now - LOOKED_BACK]
    by_id = {each.id: each for each in requests}
    with transaction() as session:
        known = set(session.execute(select(ReportAlarm.request_id, ReportAlarm.day)).tuples()) if wanted else set()
        fresh = [each for each in wanted if (each.request_id, each.day) not in known]
        for each in fresh:
            _call(by_id[each.request_id], each, now)
            session.add(ReportAlarm(request_id=each.request_id, day=each.day, told_at=now))
        return len(fresh)


def _call(request: ReportRequest, late: DueReport, now: datetime) -> None:
    readers = _readers(request.unit, now)
    for person in readers:
        _write(person, request, late, now)
    record(SYSTEM, "report.late", "report_request", request.id, now=now, day=str(late.day), told=len(readers))


def _readers(unit: Unit, now: datetime) -> Sequence[Person]:
    """Leadership on duty, and who leads the unit."""
    serving = [each.person_id for each in resolver.who_is_on(unit.id, "leadership", now).people]
    heads = [each.id for each in people.heads_of([unit.id])]
    return [each for each in people.people_by_ids(list(dict.fromkeys([*serving, *heads]))).values() if each.active]


def _write(person: Person, request: ReportRequest, late: DueReport, now: datetime) -> None:
    rung = for_reading(ladders.ladder(person))
    if rung is None:
        return
    account = accounts.user_of_person(person.id)
    with force_locale(account.locale if account is not None and account.locale in LOCALES else "vi"):
        subject = _("Báo cáo quá hạn: %(who)s, ngày %(day)s", who=request.asked_by, day=d(late.day))
        body = _(
            "%(unit)s chưa báo cáo %(who)s ngày %(day)s, hạn %(hour)s. Chưa nhận được: %(names)s.",
            unit=request.unit.name,
            who=request.asked_by,
            day=d(late.day),
            hour=t(late.due_at),
            names=", ".join(late.lacking),
        )
    outbox.enqueue(
        topic=f"report-late/{request.id}",
        key=f"report-late/{request.id}/{late.day}/{person.id}",
        **addressed(person, rung.channel, rung.address),
        subject=subject,
        body=f"{body}\n{current_app.config['PUBLIC_URL']}/letter/reports/\n",
        now=now,
    )
