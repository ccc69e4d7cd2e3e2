"""The secret link to the page where a reporter without an account sees what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.db import db
from core.errors import Gone, NotFound
from core.form_values import whole_number
from core.security import signatures, tokens
from incidents.public_reports.models import PublicReport

STATUS = "report-status"
STATUS_LIFE = timedelta(days=30)


def link_of(row: PublicReport) -> str:
    """The secret part of the reporter's page: an HMAC, so that a form sent twice leads to the same page."""
    return f"{row.id}.{signatures.sign(STATUS, row.id, row.salt)}"


def by_link(link: str, *, now: datetime) -> PublicReport:
    """Raises ``NotFound("report.unknown")`` for no link of ours, ``Gone("report.old")`` after ``STATUS_LIFE``."""
    number, _dot, mac = link.partition(".")
    report_id = whole_number(number)
    row = db.session.get(PublicReport, report_id) if report_id is not None else None
    if row is None or not _is_ours(link, mac, row):
        raise NotFound("report.unknown")
    if now >= row.at + STATUS_LIFE:
        raise Gone("report.old")
    return row


def sign_anew(session: Session, row: PublicReport) -> None:
    """Another salt, and today's key; the reporter's page stays where it was."""
    for mac in signatures.signed_by_each(STATUS, row.id, row.salt):
        signatures.keep(session, STATUS, f"{row.id}.{mac}", row.id)
    row.salt = tokens.new_salt()


def _is_ours(link: str, mac: str, row: PublicReport) -> bool:
    if signatures.is_signed(mac, STATUS, row.id, row.salt):
        return True
    kept = signatures.kept(STATUS, link)
    return kept is not None and kept.thing_id == row.id
