"""A report leaves: issued with a number, mailed to those who asked, told on the telephone; receipts come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.reports import papers, queries, services
from compliance.reports.models import WAYS, Report, ReportRequest, ReportSent
from compliance.reports.requesting import LONGEST, LONGEST_CONTENT, MOST_RECIPIENTS
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict, FieldError, Invalid, NotFound, ensure_none
from core.text import is_email, nfc
from documents.drafting.services import DraftRequest
from documents.issued import services as documents
from documents.models import Document
from notify import outbox
from people.access import guard


def issue(report_id: int, signatory: int | None = None, *, actor: Actor, now: datetime) -> Document:
    """Give it a number and keep it as PDF and DOCX; asked again, or by two at once, it is the same document.

    Raises ``Conflict`` (not approved; nobody signs), ``Forbidden``.
    """
    row = services.readable(report_id, actor, now)
    guard.refuse_unless(actor, "reporting.approve", row.unit_id, now=now)
    done = queries.documents([row.id]).get(row.id)
    if done is not None:
        return done
    wanted = DraftRequest(f"{papers.WORD}:{row.id}", f"compliance.{row.kind}", {}, signatory=signatory)
    once = f"report-{row.id}-{queries.documents_ever(row.id)}"
    return documents.issue(wanted, once=once, actor=actor, now=now)


def send(report_id: int, more: Sequence[Mapping[str, str]] = (), *, actor: Actor, now: datetime) -> list[ReportSent]:
    """Mail the issued report to everybody who asked for it and to ``more`` (``{"name", "mail"}``); sent again, nobody
    gets it twice. Raises ``Conflict``, ``Forbidden``, ``Invalid`` at ``recipients``."""
    row = services.readable(report_id, actor, now)
    names = [{"name": " ".join(nfc(each["name"]).split()), "mail": each["mail"].strip()} for each in more]
    if len(names) > MOST_RECIPIENTS or any(not each["name"] or not is_email(each["mail"]) for each in names):
        raise Invalid("reports.mail", field="recipients")
    with transaction() as session:
        guard.ensure(actor, "reporting.approve", row.unit_id, now=now)
        document = queries.documents([row.id]).get(row.id)
        if document is None:
            raise Conflict("reports.not_issued")
        requests = queries.covering(row.unit_id, row.kind, row.ends_on)
        wanted = [(each, one) for each in requests for one in each.recipients if one["mail"]]
        if not wanted and not names:
            raise Invalid("reports.nobody", field="recipients")
        made = [_mail(session, row, document, request, to=each, actor=actor, now=now) for request, each in wanted]
        made += [_mail(session, row, document, None, to=each, actor=actor, now=now) for each in names]
        audit.record(actor, "report.send", "report", row.id, now=now, code=document.code, to=len(made))
        return made


@dataclass(frozen=True)
class HeardAnswer:
    """That somebody was told a day's report by telephone (``heard_by``: who listened) or another way, and when."""

    recipient: str
    way: str
    heard_by: str
    at: datetime | None
    note: str = ""


def told(request_id: int, day: date, answer: HeardAnswer, *, actor: Actor, now: datetime) -> ReportSent:
    """Note how a day's request was answered. Raises ``Invalid``, ``NotFound``, ``Forbidden``."""
    recipient, way, at = answer.recipient, answer.way, answer.at
    with transaction() as session:
        request = queries.request_by_id(request_id)
        guard.ensure(actor, "reporting.write", request.unit_id, now=now)
        said, heard = nfc(answer.note).strip(), " ".join(nfc(answer.heard_by).split())
        names = [each["name"] for each in request.recipients]
        ensure_none(
            [
                *([] if way in WAYS[1:] else [FieldError("way", "reports.way")]),
                *([] if request.starts_on <= day <= request.ends_on else [FieldError("day", "reports.not_that_day")]),
                *([] if recipient in names else [FieldError("recipient", "reports.recipient")]),
                *([] if heard or way != "phone" else [FieldError("heard_by", "reports.heard_by")]),
                *([] if at is not None and at <= now + timedelta(minutes=1) else [FieldError("at", "reports.at")]),
                *(
                    [FieldError("note", "reports.long", {"most": LONGEST_CONTENT})]
                    if len(said) > LONGEST_CONTENT
                    else []
                ),
                *([FieldError("heard_by", "reports.long", {"most": LONGEST})] if len(heard) > LONGEST else []),
            ]
        )
        kept = _kept(
            session,
            once=f"{way}/{request.id}/{day}/{recipient}",
            request_id=request.id,
            day=day,
            way=way,
            recipient=recipient,
            address=_phone(request, recipient) if way == "phone" else "",
            at=at or now,
            heard_by=heard,
            note=said,
            sent_by=actor.name,
        )
        audit.record(actor, "report.told", "report_request", request.id, now=now, day=str(day), way=way)
        return kept


def unit_of(sent_id: int) -> int:
    """Whose report or request it was. Raises ``NotFound``."""
    reports = select(Report.unit_id).join(ReportSent, ReportSent.report_id == Report.id)
    requests = select(ReportRequest.unit_id).join(ReportSent, ReportSent.request_id == ReportRequest.id)
    for wanted in (reports, requests):
        found = db.session.scalar(wanted.where(ReportSent.id == sent_id))
        if found is not None:
            return found
    raise NotFound("reports.not_sent")


def receipt(sent_id: int, who: str, at: datetime | None, *, actor: Actor, now: datetime) -> ReportSent:
    """That somebody at the other end says that they have it; said again, the first word stands. Raises ``Invalid``."""
    heard = " ".join(nfc(who).split())
    with transaction() as session:
        guard.ensure(actor, "reporting.write", unit_of(sent_id), now=now)
        row = session.scalars(select(ReportSent).where(ReportSent.id == sent_id).with_for_update()).one()
        if not heard or len(heard) > LONGEST:
            raise Invalid("reports.heard_by", field="received_by")
        if at is None or not row.at <= at <= now + timedelta(minutes=1):
            raise Invalid("reports.received_at", field="received_at")
        if row.received_at is None:
            row.received_at, row.received_by = at, heard
            audit.record(actor, "report.receipt", "report_sent", row.id, now=now)
        return row


def _mail(
    session: Session,
    row: Report,
    document: Document,
    request: ReportRequest | None,
    *,
    to: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> ReportSent:
    """One mail for each address of a document, however many requests it answers."""
    subject, body = papers.as_letter(row, document.code)
    message = outbox.enqueue(
        topic=f"report/{row.id}",
        key=f"report/{document.id}/{to['mail']}",
        channel="email",
        address=to["mail"],
        recipient=to["name"],
        subject=subject,
        body=body,
        now=now,
        local_only=row.unit.is_demo,
    )
    day = row.ends_on if request is None or row.kind != "adhoc" else clock.local_date(now)
    return _kept(
        session,
        once=f"mail/{document.id}/{request.id if request else 0}/{to['name']}/{to['mail']}",
        request_id=request.id if request else None,
        report_id=row.id,
        day=day,
        way="mail",
        recipient=to["name"],
        address=to["mail"],
        at=now,
        sent_by=actor.name,
        message_id=message.id,
    )


def _kept(session: Session, **values: Any) -> ReportSent:
    """Return what was kept before under the same key, else this; of two at once the second finds the first one's."""
    session.execute(insert_into(ReportSent).values(values).on_conflict_do_nothing())
    return session.scalars(select(ReportSent).where(ReportSent.once == values["once"])).one()


def _phone(request: ReportRequest, name: str) -> str:
    return next((each["phone"] for each in request.recipients if each["name"] == name), "")
