"""What is said at a check: to those on duty that they are asked, to who asked that it is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext

from core.i18n import t
from duty.duty_checks import queries
from duty.duty_checks.models import DutyCheck
from duty.voice_prompts import services as voice_prompts
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.links import letters
from people.models import Person
from people.notification_rules import reading


def ask(check: DutyCheck, receivers: Collection[Person], *, now: datetime) -> dict[int, str]:
    """One message each, with their own address; person id → channel."""

    def words(_person: Person, url: str) -> tuple[str, str]:
        subject = _("Kiểm tra trực đột xuất: đề nghị đồng chí trả lời trước %(time)s", time=t(check.closes_at))
        if check.exercise:
            subject = _("DIỄN TẬP. %(subject)s", subject=subject)
        return subject, _("%(subject)s. Bấm “Tôi đang trực”: %(url)s", subject=subject, url=url)

    about = queries.topic(check.id)
    channels = letters.write(receivers, words, topic=about, key=about, soon=True, now=now)
    for person in receivers:
        # Whom no words reach hears it, and one key answers.
        once = f"{about}/{person.id}"
        if person.id not in channels and voice_prompts.ring(
            person, "check", str(check.id), topic=about, key=once, now=now
        ):
            channels[person.id] = "voice"
    return channels


def take_back(check_id: int, *, now: datetime, person_id: int | None = None) -> None:
    """What has not left of its questions (to that person): it was answered, or is over, and nobody is woken for it."""
    outbox.cancel(queries.topic(check_id), now=now, person_id=person_id)


def tell_result(check: DutyCheck, *, now: datetime) -> None:
    """Tell the person who asked; a key of nobody reads it by the API."""
    if check.asked_by_person_id is None:
        return
    receiver = people.person_by_id(check.asked_by_person_id)
    found = queries.counted(check)
    silent = [each.unit.name for each in queries.sheet(check) if each.is_silent(found.unasked)]
    with force_locale(accounts.locales_of([receiver.id]).get(receiver.id, "vi")):
        subject = ngettext(
            "Kết quả kiểm tra trực: %(answered)s trên %(num)s người trả lời",
            "Kết quả kiểm tra trực: %(answered)s trên %(num)s người trả lời",
            found.asked,
            answered=found.answered,
        )
        if check.exercise:
            subject = _("DIỄN TẬP. %(subject)s", subject=subject)
        lines = [subject]
        if silent:
            lines.append(_("Không ai trả lời: %(units)s", units=", ".join(silent)))
        if found.unasked:
            lines.append(_("Chưa hỏi được %(n)s người.", n=len(found.unasked)))
        lines.append(f"{current_app.config['PUBLIC_URL']}/roster/duty-checks/{check.id}")
    key, body = f"{queries.topic(check.id)}/result", "\n".join(lines)
    reading.write(receiver, topic=queries.topic(check.id), key=key, subject=subject, body=body, now=now)
