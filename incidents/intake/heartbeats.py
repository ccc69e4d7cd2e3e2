"""Sources that must be heard of: one that stays silent past a deadline becomes an incident, once a deadline."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.i18n import duration
from incidents.intake import ingest, sources
from incidents.intake.cleaning import description_of, title_of
from incidents.intake.formats import Alarm
from incidents.intake.models import Intake

log = logging.getLogger(__name__)


def missed(intake: Intake, now: datetime) -> datetime | None:
    """The latest deadline (aware UTC) that has passed without a word, or None. Local days are those of Việt Nam."""
    if intake.every_minutes is not None:
        due = (intake.heard_at or intake.created_at) + timedelta(minutes=intake.every_minutes)
        return due if due <= now else None
    hour, minute = map(int, (intake.due_by or "00:00").split(":"))
    today = clock.local_date(now)
    due = datetime.combine(today, time(hour, minute), clock.VN)
    since = datetime.combine(today, time(), clock.VN)
    is_heard = intake.heard_at is not None and intake.heard_at >= since
    return due if due <= now and intake.created_at <= due and not is_heard else None


def failure(intake: Intake, note: bytes) -> Alarm:
    """It says itself that something went wrong: as its silence would be, at once; its next ordinary sign ends it."""
    with force_locale("vi"):
        title = title_of(_("%(name)s báo không làm xong", name=intake.name))
    return Alarm("trigger", ingest.SILENCE, title, description_of(title, [note.decode("utf-8", "replace")]))


def raise_silent(now: datetime) -> int:
    """An incident for every deadline that was missed since the last look; how many. Safe beside other workers."""
    rows = db.session.scalars(select(Intake).where(Intake.kind == "heartbeat", Intake.revoked_at.is_(None))).all()
    late = [(each.id, due) for each in rows if (due := missed(each, now)) is not None and each.alarmed_for != due]
    raised, faults = 0, list[Exception]()
    for intake_id, due in late:
        try:
            raised += _raise(intake_id, due, now)
        except Exception as fault:  # one source's fault must not hide the silence of another
            log.exception("the silence of source %s could not be raised", intake_id)
            faults.append(fault)
    if faults:
        raise faults[0]  # no heartbeat of the worker: pages turn red
    return raised


def _raise(intake_id: int, due: datetime, now: datetime) -> bool:
    with transaction():
        intake = sources.exclusively(intake_id)
        # It may have been heard of, or another worker may have raised it, since the look.
        if missed(intake, now) != due or intake.alarmed_for == due:
            return False
        intake.alarmed_for = due
        ingest.raise_silence(intake, title(intake), now=now)
        return True


def title(intake: Intake) -> str:
    """Return it in the language of the desk: a worker has no reader."""
    with force_locale("vi"):
        if intake.due_by:
            return _("%(name)s chưa báo trước %(time)s", name=intake.name, time=intake.due_by)
        return _("%(name)s im lặng quá %(time)s", name=intake.name, time=duration(60 * (intake.every_minutes or 0)))
