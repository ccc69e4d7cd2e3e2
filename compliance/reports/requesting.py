"""What somebody asked to be reported: written down as it was asked, ended with a reason. None is invented."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from compliance.reports import queries
from compliance.reports.models import FORMS, REPORT_KINDS, ReportRequest
from core import audit
from core.actor import Actor
from core.calendar import dates
from core.db import transaction
from core.errors import Conflict, FieldError, Invalid, ensure_none
from core.text import is_email, nfc, normalize_phone
from people import queries as people
from people.access import guard

LONGEST, LONGEST_CONTENT, MOST_RECIPIENTS, MOST_DAYS = 200, 2000, 10, 120
_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class ReportRequestIn:
    """As a form or a call says it. ``recipients``: ``{"name", "mail", "phone"}`` each."""

    unit: str
    form: str
    kind: str
    asked_by: str
    number: str
    asked_on: date | None
    content: str
    starts_on: date | None
    ends_on: date | None
    opens: str
    until: str
    recipients: Sequence[Mapping[str, str]]


def add(given: ReportRequestIn, *, actor: Actor, now: datetime) -> ReportRequest:
    """Raises ``NotFound``, ``Forbidden``, ``Invalid`` at each field that cannot be used."""
    unit = people.unit_by_code(given.unit)
    with transaction() as session:
        guard.ensure(actor, "reporting.approve", unit.id, now=now)
        ensure_none([*_faults(given), *_recipient_faults(given.recipients)])
        row = ReportRequest(
            unit_id=unit.id,
            form=given.form,
            kind=given.kind if given.form == "report" else "",
            asked_by=_line(given.asked_by),
            number=_line(given.number),
            asked_on=given.asked_on,
            content=nfc(given.content).strip(),
            starts_on=given.starts_on,
            ends_on=given.ends_on,
            opens=given.opens,
            until=given.until,
            recipients=[_recipient(each) for each in given.recipients],
            written_at=now,
            written_by=actor.name,
        )
        session.add(row)
        session.flush()
        audit.record(actor, "report_request.add", "report_request", row.id, now=now, unit=unit.code, form=row.form)
        return row


def end(request_id: int, reason: str, *, actor: Actor, now: datetime) -> ReportRequest:
    """It asks nothing more from now on; what was late before stays late. Raises ``Invalid``, ``Conflict``."""
    said = nfc(reason).strip()
    if not said or len(said) > LONGEST_CONTENT:
        raise Invalid("reports.reason", field="reason", most=LONGEST_CONTENT)
    with transaction() as session:
        seen = queries.request_by_id(request_id)
        guard.ensure(actor, "reporting.approve", seen.unit_id, now=now)
        row = session.scalars(select(ReportRequest).where(ReportRequest.id == request_id).with_for_update()).one()
        if row.ended_at is not None:
            raise Conflict("reports.request_ended", by=row.ended_by)
        row.ended_at, row.ended_by, row.end_reason = now, actor.name, said
        audit.record(actor, "report_request.end", "report_request", row.id, now=now, reason=said)
        return row


def _faults(given: ReportRequestIn) -> list[FieldError]:
    faults = [] if given.form in FORMS else [FieldError("form", "reports.form")]
    if given.form == "report" and given.kind not in REPORT_KINDS:
        faults.append(FieldError("kind", "reports.kind"))
    faults += [] if _line(given.asked_by) else [FieldError("asked_by", "reports.missing")]
    for name in ("asked_by", "number"):
        if len(_line(getattr(given, name))) > LONGEST:
            faults.append(FieldError(name, "reports.long", {"most": LONGEST}))
    if len(given.content) > LONGEST_CONTENT:
        faults.append(FieldError("content", "reports.long", {"most": LONGEST_CONTENT}))
    faults += [FieldError(at, "reports.day") for at in ("asked_on", "starts_on", "ends_on") if not getattr(given, at)]
    faults += [
        FieldError(at, "reports.long_ago")
        for at in ("asked_on", "starts_on", "ends_on")
        if (day := getattr(given, at)) and not dates.FIRST <= day <= dates.LAST
    ]
    if given.starts_on and given.ends_on:
        over = given.ends_on - given.starts_on
        if not timedelta(0) <= over <= timedelta(days=MOST_DAYS):
            faults.append(FieldError("ends_on", "reports.days", {"most": MOST_DAYS}))
    hours = [FieldError(at, "reports.hour") for at in ("opens", "until") if not _HOUR.fullmatch(getattr(given, at))]
    if not hours and given.opens >= given.until:
        hours.append(FieldError("until", "reports.hours_in_order"))
    return faults + hours


def _recipient_faults(given: Sequence[Mapping[str, str]]) -> list[FieldError]:
    names = [_line(each.get("name", "")) for each in given]
    if not given or len(given) > MOST_RECIPIENTS or not all(names) or len(set(names)) < len(names):
        return [FieldError("recipients", "reports.recipients", {"most": MOST_RECIPIENTS})]
    if any(each.get("mail") and not is_email(each["mail"].strip()) for each in given):
        return [FieldError("recipients", "reports.mail")]
    if any(each.get("phone") and not _is_phone(each["phone"]) for each in given):
        return [FieldError("recipients", "reports.phone")]
    return [] if max(map(len, names)) <= LONGEST else [FieldError("recipients", "reports.long", {"most": LONGEST})]


def _recipient(given: Mapping[str, str]) -> dict[str, str]:
    phone = given.get("phone", "").strip()
    return {
        "name": _line(given["name"]),
        "mail": given.get("mail", "").strip(),
        "phone": normalize_phone(phone) if phone else "",
    }


def _is_phone(typed: str) -> bool:
    try:
        normalize_phone(typed)
    except ValueError:
        return False
    return True


def _line(typed: str) -> str:
    return " ".join(nfc(typed).split())
