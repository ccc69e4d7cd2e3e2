"""Calling whoever has not come, and those who could stand in, by every way that they are reached: the first that works
rings. One message a person, however many seats it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale, gettext as _, ngettext

from core import text
from core.i18n import named, span
from duty.attendance.calling_off import deputy_topic, topic
from duty.voice_prompts import services as voice_prompts
from notify import outbox, precedence
from people import queries as people
from people.accounts import queries as accounts
from people.links import services as links
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import Rung
from roster.models import Duty

NAMED = 3
"""Of many missing, those whom one message names."""


@dataclass(frozen=True)
class AttendanceCall:
    """``key``: the same call is made once; ``about``: the duties; ``own``: the one called is missing there."""

    person: Person
    key: str
    about: Sequence[Duty]
    own: bool


def make(calls: Sequence[AttendanceCall], *, now: datetime) -> None:
    """Make them in the caller's transaction."""
    ids = sorted({each.person.id for each in calls})
    ways, locales, carriers = ladders.ladders_of(ids), accounts.locales_of(ids), outbox.Carriers()
    held: set[int] = set()
    for place in range(max((len(each) for each in ways.values()), default=0)):
        rungs = {person_id: found[place] for person_id, found in ways.items() if place < len(found)}
        own = links.drafted(rungs, now=now)
        links.add(own)
        letters = []
        for call in (each for each in calls if each.person.id in rungs):
            who = call.person.id
            # Nothing leaves that way: the next way does not wait for it.
            rung = replace(rungs[who], delay=timedelta(0)) if who in held else rungs[who]
            with force_locale(locales.get(who, "vi")):
                said = _words(call, rung.channel, own.urls[who])
                letter = _letter(call, rung, place, said, url=own.urls[who], now=now)
                if rung.channel == "voice" and call.own:
                    letter["body"], letter["link"], letter["facts"] = _with_key(call, said[1], now)
            letters.append(outbox.composed(carriers, **letter))
        held = {each["person_id"] for each in letters if each["state"] == "held"}
        outbox.add(letters)


def _letter(
    call: AttendanceCall, rung: Rung, place: int, said: tuple[str, str], *, url: str, now: datetime
) -> outbox.Letter:
    person = call.person
    return {
        "topic": topic(call.about[0].id) if len(call.about) == 1 else deputy_topic(person.id),
        "key": f"{call.key}/{person.id}/{place}/{rung.channel}",
        "channel": rung.channel,
        "address": rung.address,
        "recipient": person.full_name,
        "subject": said[0],
        "body": said[1],
        "now": now,
        "urgent": True,
        "rank": precedence.FIRST,
        "local_only": person.is_demo,
        "link": "" if rung.channel == "voice" else url,
        "delay": rung.delay,
        "ladder": f"{call.key}/{person.id}",
        "rung": place,
        "person_id": person.id,
    }


def _with_key(call: AttendanceCall, body: str, now: datetime) -> tuple[str, str, dict[str, Any]]:
    """(words, link, facts). One key says that they are there; what is read where no key is heard says nothing of it."""
    [duty] = call.about
    link = voice_prompts.key_link(call.person, "check_in", f"{duty.id}.{duty.sequence}", now=now)
    return f"{body}\n" + _("Bấm phím 1 nếu đã có mặt."), link, {"spoken": body, "alone": True}


def _words(call: AttendanceCall, channel: str, url: str) -> tuple[str, str]:
    """Subject and body; what is read aloud names no address."""
    subject = _own_subject(call) if call.own else _deputy_subject(call)
    lines = [subject + "."]
    if call.own:
        lines.append(_("Đề nghị đồng chí điểm danh nếu đã có mặt, hoặc báo ngay nếu không đến được."))
    else:
        lines += [_missing(duty, channel) for duty in call.about[:NAMED]]
        if len(call.about) > NAMED:
            lines.append(_("Và %(n)s ca nữa.", n=len(call.about) - NAMED))
        lines.append(_("Đề nghị đồng chí ở lại hoặc trực thay cho tới khi có người."))
    if channel != "voice":
        lines.append(url)
    return subject, "\n".join(lines)


def _own_subject(call: AttendanceCall) -> str:
    return _("Chưa thấy đồng chí ở ca: %(what)s", what=_what(call.about[0]))


def _deputy_subject(call: AttendanceCall) -> str:
    return ngettext("%(num)s người chưa có mặt ở ca trực", "%(num)s người chưa có mặt ở ca trực", len(call.about))


def _missing(duty: Duty, channel: str) -> str:
    phone = text.format_phone(duty.person.phone) if duty.person.phone and channel != "voice" else ""
    who = _("%(name)s (%(phone)s)", name=duty.person.full_name, phone=phone) if phone else duty.person.full_name
    return _("%(who)s: %(what)s.", who=who, what=_what(duty))


def _what(duty: Duty) -> str:
    kind = next((each for each in people.duty_kinds() if each.code == duty.duty), None)
    name = named(kind) if kind else duty.duty
    return _("%(duty)s, %(unit)s, %(span)s", duty=name, unit=duty.unit.name, span=span(duty.starts_at, duty.ends_at))
