"""Reports without an account: take one down, add to it, say that it was a mistake.

Nothing that burns is ever refused for being too much. Beyond a limit a report joins the open one of its kind in that
post office, so that nobody on duty is called once per tap; what was written is kept, and the page says to telephone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _, ngettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, text, tried_again
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound, Throttled
from core.files.content import File
from core.form_values import fitting
from core.security import throttle
from core.security.throttle import AttemptLimit
from incidents.attachments import services as attachments
from incidents.catalogue import queries as catalogue
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.merging import services as merging
from incidents.paging import notices
from incidents.public_reports.models import PublicReport
from incidents.record import naming, states, timeline, transitions
from incidents.record.models import Incident
from incidents.triage import classification
from incidents.triage.classification import Classification
from people.attempts import limits as door

ONE_PLACE = AttemptLimit(6, timedelta(minutes=10))
"""Reports from one sheet and one address that each call somebody. An office shares an address."""
ONE_SHEET = AttemptLimit(30, timedelta(hours=1))
"""Reports from one sheet that each call somebody."""
FLOOD = AttemptLimit(300, timedelta(hours=1))
"""Of one sheet: what is written down at all. Beyond it there is no emergency but a machine that types."""
FLOOD_PLACE = AttemptLimit(100, timedelta(hours=1))
"""Of one sheet and one address: a machine somewhere must not close the door for everybody else."""
ADDITIONS = AttemptLimit(30, timedelta(hours=1))
PIXELS = AttemptLimit(240, timedelta(minutes=10))
"""Millions of pixels that one address may have unpacked: a few seconds of a processor."""
PICTURES, PICTURES_SHEET = AttemptLimit(12, timedelta(minutes=10)), AttemptLimit(60, timedelta(hours=1))
"""Forms with pictures, from one sheet and one address and from one sheet: to look at pictures is the hardest work that
a stranger can ask for."""
LONGEST_NAME = 100
LONGEST_NOTE = 2000
SOURCE = "qr"


@dataclass(frozen=True)
class WrittenReport:
    """What the form sends, as typed."""

    form_key: str
    category: str
    title: str = ""
    name: str = ""
    phone: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Of the questions that tell how bad it is."""
    photos: Sequence[File] = ()


def report(
    told: WrittenReport, *, unit_id: int, generation: int, address: str, now: datetime
) -> tuple[PublicReport, bool]:
    """Write it down as an incident of that unit; ``(report, whether this call made it)``.

    The same form sent again is the same report. Raises ``Invalid`` with the fields, ``Throttled`` beyond ``FLOOD``.
    """
    key = f"{unit_id}/{told.form_key}"
    known = _known(key)
    if known is not None:
        return known, False
    _check(told)
    many = tried_again.once(key, lambda: _counted(unit_id, address, now))
    try:
        with transaction() as session:
            return _write(session, told, key, unit_id, generation=generation, many=many, now=now)
    except IntegrityError:  # the same form, sent side by side: the other one was faster
        known = _known(key)
        if known is None:
            raise
        return known, False


def _counted(unit_id: int, address: str, now: datetime) -> bool:
    """Whether it may call nobody new. Raises ``Throttled`` beyond ``FLOOD``."""
    sheet = str(unit_id)
    place = throttle.key_of("report-flood", sheet, door.network(address))
    throttle.take({throttle.key_of("report-flood", sheet): FLOOD, place: FLOOD_PLACE}, now=now)
    return is_crowded(unit_id, address, now)


def _check(told: WrittenReport) -> None:
    if not told.form_key or len(told.form_key) > 64:
        raise Invalid("report.form_old", field="form_key")
    if catalogue.category(told.category) is None:
        raise Invalid("report.category", field="category")
    if told.phone.strip():
        try:
            text.normalize_phone(told.phone)
        except ValueError:
            raise Invalid("report.phone", field="phone") from None


def take_pictures(unit_id: int, millions: int, *, address: str, now: datetime) -> None:
    """Asked before pictures of a form (so many million pixels) are unpacked. Raises ``Throttled``: words are taken."""
    sheet, place = str(unit_id), door.network(address)
    limits = {
        throttle.key_of("report-pictures", sheet, place): PICTURES,
        throttle.key_of("report-pictures", sheet): PICTURES_SHEET,
    }

    def count() -> None:
        with transaction(aside=True):
            throttle.take(limits, now=now)
            # Of an address, whatever sheets it holds.
            throttle.take({throttle.key_of("report-pixels", place): PIXELS}, now=now, weight=millions)

    tried_again.once("report-pictures", count)


def is_crowded(unit_id: int, address: str, now: datetime) -> bool:
    """Whether one more that comes by the sheet may call nobody new: so many came, and an open one of its kind is being
    called for already. It counts this one."""
    sheet = str(unit_id)
    limits = {
        throttle.key_of("report", sheet, door.network(address)): ONE_PLACE,
        throttle.key_of("report-sheet", sheet): ONE_SHEET,
    }
    try:
        throttle.take(limits, now=now)
    except Throttled:
        return True
    return False


def _write(
    session: Session, told: WrittenReport, key: str, unit_id: int, *, generation: int, many: bool, now: datetime
) -> tuple[PublicReport, bool]:
    known = _known(key)
    if known is not None:
        return known, False
    name = text.shortened(" ".join(told.name.split()), LONGEST_NAME)
    phone = text.format_phone(told.phone) if told.phone else ""
    actor = reporter(unit_id, name)
    running = _running(session, unit_id, told.category) if many else None
    if running is not None:
        classification.learn(session, running, Classification(told.category, told.answers), actor=actor, now=now)
        note = " · ".join(part for part in (told.title.strip(), phone) if part)
        timeline.write(session, running, "reported_again", actor, now=now, note=note, source=SOURCE)
        audit.record(actor, "report.joined", "incident", running.code, now=now, unit=unit_id)
    incident = running or _log(told, unit_id, actor, ", ".join(part for part in (name, phone) if part), now=now)
    _attach(incident, told.photos, actor, now)
    row = PublicReport(
        incident_id=incident.id,
        form_key=key,
        at=now,
        generation=generation,
        name=name,
        phone=phone,
        joined=running is not None,
    )
    session.add(row)
    session.flush()
    return row, True


def _log(told: WrittenReport, unit_id: int, actor: Actor, who: str, *, now: datetime) -> Incident:
    kind = catalogue.category(told.category)
    title = told.title.strip() or (kind.name_vi if kind else told.category)
    incident, _created = creation.log(
        IncidentReport(
            title=title, category=told.category, unit_id=unit_id, actor=actor, reporter=who, answers=told.answers
        ),
        now=now,
    )
    incident.source = SOURCE
    return incident


def _attach(incident: Incident, photos: Sequence[File], actor: Actor, now: datetime) -> None:
    """As many as there is room for: a picture too many must not keep a report from being written."""
    with suppress(Conflict):
        for photo in photos:
            attachments.add_file(incident.id, file=photo, actor=actor, now=now)


def _running(session: Session, unit_id: int, category: str) -> Incident | None:
    """The newest open report of that kind from that unit, exclusively."""
    found = session.scalar(
        select(Incident.id)
        .where(
            Incident.unit_id == unit_id,
            Incident.category == category,
            Incident.source == SOURCE,
            Incident.status.in_(states.UNFINISHED),
            Incident.rehearsal_id.is_(None),
        )
        .order_by(Incident.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    incident = transitions.exclusively(session, found)
    return incident if incident.status in states.UNFINISHED else None


def _known(key: str) -> PublicReport | None:
    return db.session.scalar(select(PublicReport).where(PublicReport.form_key == key))


def reporter(unit_id: int, name: str = "") -> Actor:
    """Somebody who scanned the sheet: may report about that unit, and nothing else."""
    return Actor(name=f"{name} (mã QR)" if name else "Mã QR", role="viewer", via="report", unit_id=unit_id)


def add_more(report_id: int, note: str, *, photos: Sequence[File] = (), now: datetime) -> PublicReport:
    """A line from the reporter for the timeline; no sign of life of the holder."""
    said = fitting(note.strip(), LONGEST_NOTE, "note", _("Nói thêm cho người trực"))
    if not said and not photos:
        raise Invalid("report.note_missing", field="note")
    with _answering(report_id, now) as (session, row, incident):
        actor = reporter(incident.unit_id, row.name)
        for photo in photos:
            attachments.add_file(incident.id, file=photo, actor=actor, now=now)
        if said:
            said = timeline.write(session, incident, "reporter_added", actor, now=now, note=said).note
        _tell_holder(incident, row, said, len(photos), now=now)
        return row


def _tell_holder(incident: Incident, row: PublicReport, note: str, photos: int, *, now: datetime) -> None:
    """Who has taken it may be on the road and look at no page. Nobody has it: calls are going out anyway."""
    holder = incident.acknowledged_person
    if incident.status != "acknowledged" or holder is None:
        return

    def words() -> tuple[str, str]:
        said = "" if incident.restricted else " ".join(part for part in (note, _photos(photos)) if part)
        return _("Người báo nói thêm về %(code)s", code=incident.code), _(
            "Người báo nói thêm về %(code)s · %(title)s: %(said)s",
            code=incident.code,
            title=naming.outside(incident),
            said=said or "…",
        )

    occasion, path = f"report/{row.id}/{now.isoformat()}", f"/incidents/{incident.code}"
    notices.tell(incident, holder, words, occasion=occasion, path=path, soon=True, now=now)


def _photos(count: int) -> str:
    return ngettext("%(num)s ảnh", "%(num)s ảnh", count) if count else ""


def say_mistaken(report_id: int, *, now: datetime) -> PublicReport:
    """The reporter takes it back. Recorded for those on duty; nothing is closed and no call is stopped by it."""
    with _answering(report_id, now) as (session, row, incident):
        if row.mistaken_at is None:
            row.mistaken_at = now
            timeline.write(session, incident, "reporter_mistaken", reporter(incident.unit_id, row.name), now=now)
        return row


@contextmanager
def _answering(report_id: int, now: datetime) -> Iterator[tuple[Session, PublicReport, Incident]]:
    row = db.session.get(PublicReport, report_id)
    if row is None:
        raise NotFound("report.unknown")
    key = throttle.key_of("report-more", str(report_id))
    throttle.take({key: ADDITIONS}, now=now)
    with transaction() as session:
        # What turned out to be another incident is worked on there: that is where the word is needed.
        incident = transitions.exclusively(session, merging.target(row.incident_id))
        row = session.get_one(PublicReport, report_id)
        if incident.status == "closed":
            raise Conflict("report.closed")
        yield session, row, incident
        audit.record(
            reporter(incident.unit_id, row.name), "report.answer", "incident", incident.code, now=now, report=row.id
        )


def list_for_incident(incident_id: int) -> list[PublicReport]:
    """The oldest first."""
    sent = select(PublicReport).where(PublicReport.incident_id == incident_id).order_by(PublicReport.id)
    return list(db.session.scalars(sent))
