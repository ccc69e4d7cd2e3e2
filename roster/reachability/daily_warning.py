"""Once a day, one message to each manager: who serves in the coming week and cannot surely be called, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core import clock
from core.actor import SYSTEM
from core.audit import record
from core.db import db, transaction
from core.i18n import LOCALES, dm, t
from core.models import Setting
from notify import outbox
from people.access import guard
from people.accounts import mails
from people.models import Person, User
from people.notification_rules import ladders
from people.notification_rules.rules import Rung, for_reading
from roster.coverage import unsure, words as wording_unsure
from roster.coverage.unsure import Unsure
from roster.models import Campaign
from roster.reachability import report
from roster.reachability.report import Lacking, Short

FROM_HOUR = 7
"""Local; earlier would wake people for what can wait until they are up."""
SETTING = "reach.warned_on"
LINES = 30
"""Names in one message; the page has them all."""


@dataclass(frozen=True)
class Findings:
    people: Sequence[Lacking]
    shifts: Sequence[Short]
    unsure: Sequence[Unsure]
    campaigns: Sequence[Campaign]

    def __bool__(self) -> bool:
        return bool(self.people or self.shifts or self.unsure or self.campaigns)

    def of(self, units: report.Units) -> Findings:
        """What of it belongs to ``units``."""
        if units is None:
            return self
        return Findings(
            [each for each in self.people if not each.unit_ids.isdisjoint(units)],
            [each for each in self.shifts if each.shift.unit_id in units],
            [each for each in self.unsure if each.unit_id in units],
            [each for each in self.campaigns if each.unit_id in units],
        )


def warn(now: datetime) -> int:
    """Write today's messages, once a day however often it is called; how many were written.

    Several workers may call it at once: the day is taken by a row, and each message has a key of its own.
    """
    local = clock.local(now)
    today = str(local.date())
    if local.hour < FROM_HOUR or _warned_on() == today:
        return 0
    # Read once and outside the transaction: a writer that takes seconds would hold up the calling of people.
    whole = findings(None, now=now)
    letters = [letter for user in _managers() if (letter := _letter(user, whole, now)) is not None]
    with transaction() as session:
        taken = session.get(Setting, SETTING, with_for_update=True)
        if taken is not None and taken.value == today:
            return 0
        for letter in letters:
            _send(letter, today, now)
        if taken is None:
            session.add(Setting(key=SETTING, value=today))
        else:
            taken.value = today
        record(SYSTEM, "reach.warned", "setting", SETTING, now=now, told=len(letters))
    return len(letters)


def findings(units: report.Units, *, now: datetime) -> Findings:
    return Findings(
        report.lacking(units, now=now),
        report.short(units, now=now),
        unsure.coming(units, now=now, days=report.DAYS),
        report.unpublished(units, now=now),
    )


def _warned_on() -> object:
    return db.session.scalar(select(Setting.value).where(Setting.key == SETTING))


def _managers() -> Sequence[User]:
    """Accounts of people who may see the report, and can do something about it."""
    wanted = select(User).join(Person, Person.id == User.person_id)
    wanted = wanted.where(User.active, Person.active, User.role.in_(("manager", "admin"))).order_by(User.id)
    return db.session.scalars(wanted).all()


@dataclass(frozen=True)
class Letter:
    person: Person
    rung: Rung
    subject: str
    body: str


def _letter(user: User, whole: Findings, now: datetime) -> Letter | None:
    """What this manager is to hear; ``None`` when all is well in their units, or they have no address."""
    found = whole.of(report.seen_by(guard.actor_of(user), now=now))
    person = user.person
    rung = for_reading(ladders.ladder(person)) if person is not None and found else None
    if person is None or rung is None:
        return None
    with force_locale(user.locale if user.locale in LOCALES else "vi"):
        return Letter(person, rung, *_words(person, found, rung.channel))


def _send(letter: Letter, today: str, now: datetime) -> None:
    person, rung = letter.person, letter.rung
    outbox.enqueue(
        topic=f"reach/{today}",
        key=f"reach/{today}/{person.id}",
        channel=rung.channel,
        address=rung.address,
        recipient=person.full_name,
        subject=letter.subject,
        body=letter.body,
        now=now,
        local_only=person.is_demo,
        person_id=person.id,
    )


def _words(person: Person, found: Findings, channel: str) -> tuple[str, str]:
    days = report.DAYS
    link = f"{current_app.config['PUBLIC_URL']}/roster/unreachable"
    counts = report.counts(found.people)
    subject = _(
        "Liên lạc %(n)s ngày tới: %(none)s không gọi được, %(failing)s bị từ chối, %(open)s chưa xác nhận",
        n=days,
        none=counts["none"],
        failing=counts["failing"],
        open=counts["unverified"],
    )
    if found.shifts:
        subject += "; " + _("%(n)s ca thiếu người", n=len(found.shifts))
    if found.unsure:
        subject += "; " + _("%(n)s lượt không chắc", n=len(found.unsure))
    if channel in mails.BRIEF:
        return subject, f"{subject}. {link}"
    parts = [_("Kính gửi %(name)s,", name=person.full_name), *_sections(found), _("Xem và xử lý: %(link)s", link=link)]
    return subject, "\n\n".join(parts) + "\n"


def _sections(found: Findings) -> list[str]:
    titles = {
        "none": _("Có ca mà hệ thống không gọi được:"),
        "failing": _("Có ca mà tin gần nhất bị từ chối:"),
        "unverified": _("Có ca mà chưa xác nhận cách liên lạc nào:"),
    }
    sections = []
    for fault in report.ORDER:
        lines = [_person_line(each) for each in found.people if each.fault == fault]
        if lines:
            sections.append(_list(titles[fault], lines))
    if found.shifts:
        sections.append(_list(_("Ca đã ban hành còn thiếu người:"), [_shift_line(each) for each in found.shifts]))
    if found.unsure:
        sections.append(
            _list(
                _("Ca đã ban hành không chắc, vì người trực vắng hoặc không còn trực:"),
                [wording_unsure.line(each) for each in found.unsure],
            )
        )
    if found.campaigns:
        names = [f"{each.name} ({each.unit.name})" for each in found.campaigns]
        sections.append(_list(_("Đợt trực sắp bắt đầu mà chưa ban hành:"), names))
    return sections


def _list(title: str, lines: Sequence[str]) -> str:
    more = [_("và %(n)s dòng khác", n=len(lines) - LINES)] if len(lines) > LINES else []
    return "\n".join([title, *(f"- {line}" for line in [*lines[:LINES], *more])])


def _person_line(each: Lacking) -> str:
    return _(
        "%(name)s, %(unit)s: ca đầu %(time)s %(day)s",
        name=each.person.full_name,
        unit=each.person.unit.name,
        time=t(each.first_at),
        day=dm(each.first_at),
    )


def _shift_line(each: Short) -> str:
    return _(
        "%(unit)s, ca %(shift)s %(time)s %(day)s: thiếu %(n)s người",
        unit=each.shift.unit.name,
        shift=each.shift.template,
        time=t(each.shift.starts_at),
        day=dm(each.shift.starts_at),
        n=each.missing,
    )
