"""At seven in the morning each manager hears what is left to do in their units, once, and nothing on days when that is
what they heard last.

What everybody heard is one row (``SETTING``), written in the transaction that writes the letters: a worker that is
killed has told everybody or nobody, and two at once tell once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core import clock
from core.actor import SYSTEM
from core.audit import record
from core.db import db, insert_into, transaction
from core.i18n import LOCALES, dm
from core.models import Setting
from desk.readiness import judging, names, reading, words
from desk.readiness.judging import Readiness, ReadinessFacts, ReadinessItem
from desk.readiness.names import ReadinessNames
from notify import outbox
from people.access import guard
from people.accounts import mails
from people.models import Person, User
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung, for_reading
from roster.reachability import report

FROM_HOUR, UNTIL_HOUR = 7, 21
"""Local; earlier and later would wake people for what can wait until they are up."""
SETTING = "readiness.told"
CLEAR = ""
"""The fingerprint of those who were never told of anything."""
LINES = 12
"""Items in one letter; the page has them all."""


@dataclass(frozen=True)
class MorningScore:
    """What somebody's units came to on a morning; ``score`` also on those on which nothing was written."""

    on: date
    score: int


@dataclass(frozen=True)
class MorningLetter:
    person: Person
    rung: Rung
    subject: str
    body: str


def tell(now: datetime) -> int:
    """Write this morning's letters, once a day however often it is called; how many were written."""
    local = clock.local(now)
    today = local.date()
    if not FROM_HOUR <= local.hour < UNTIL_HOUR or _kept().get("on") == today.isoformat():
        return 0
    # Read once and outside the transaction: a writer that takes seconds would hold up the calling of people.
    letters, heard = _letters(_kept().get("of", {}), now)
    with transaction() as session:
        session.execute(insert_into(Setting).values(key=SETTING, value={}).on_conflict_do_nothing())
        row = session.scalar(
            select(Setting).where(Setting.key == SETTING).with_for_update().execution_options(populate_existing=True)
        )
        if row is None or row.value.get("on") == today.isoformat():
            return 0
        for letter in letters:
            _send(letter, today, now)
        row.value = {"on": today.isoformat(), "of": heard}
        record(SYSTEM, "readiness.told", "setting", SETTING, now=now, told=len(letters))
    return len(letters)


def last_of(person_id: int | None) -> MorningScore | None:
    """Return what ``person_id`` was last reckoned at in the morning; None for who gets no letters."""
    kept = _kept()
    mine = kept.get("of", {}).get(str(person_id))
    return MorningScore(date.fromisoformat(kept["on"]), int(mine["score"])) if mine else None


def _kept() -> Mapping[str, Any]:
    return db.session.scalar(select(Setting.value).where(Setting.key == SETTING)) or {}


def _letters(before: Mapping[str, Any], now: datetime) -> tuple[list[MorningLetter], dict[str, Any]]:
    """Return those to be written, and by person id what everybody's units come to."""
    facts = reading.facts(None, now=now)
    known = names.read_names(facts.troubles)
    letters: list[MorningLetter] = []
    heard: dict[str, Any] = {}
    for user in _managers():
        person, units = user.person, report.seen_by(guard.actor_of(user), now=now)
        rung = for_reading(ladders.ladder(person)) if person is not None else None
        if person is None or rung is None:
            continue
        found = judging.judge(facts, units, whole=reading.is_whole(units))
        print_ = found.fingerprint if found.items else CLEAR
        if print_ != before.get(str(person.id), {}).get("print", CLEAR):
            letters.append(_letter(user, person, rung, found, facts=facts, known=known))
        heard[str(person.id)] = {"print": print_, "score": found.score}
    return letters, heard


def _managers() -> Sequence[User]:
    """Accounts of people who may see the page, and can do something about it."""
    wanted = select(User).join(Person, Person.id == User.person_id)
    wanted = wanted.where(User.active, Person.active, User.role.in_(("manager", "admin"))).order_by(User.id)
    return db.session.scalars(wanted).all()


def _letter(
    user: User, person: Person, rung: Rung, found: Readiness, *, facts: ReadinessFacts, known: ReadinessNames
) -> MorningLetter:
    with force_locale(user.locale if user.locale in LOCALES else "vi"):
        return MorningLetter(person, rung, *_words(person, found, facts, known, brief=rung.channel in mails.BRIEF))


def _words(
    person: Person, found: Readiness, facts: ReadinessFacts, known: ReadinessNames, *, brief: bool
) -> tuple[str, str]:
    link = f"{current_app.config['PUBLIC_URL']}/readiness/"
    subject = _("Sẵn sàng bảy ngày tới: %(score)s/100", score=found.score)
    subject += f". {words.left(found)}"
    if brief:
        return subject, f"{subject}. {link}"
    first, last = facts.days[0], facts.days[-1]
    counted = _(
        "Từ %(first)s đến hết %(last)s, tính trên %(n)s đơn vị có nhu cầu.",
        first=dm(first),
        last=dm(last),
        n=found.wanting,
    )
    lines = [_line(item, known, facts.now) for item in found.items[:LINES]]
    if len(found.items) > LINES:
        lines.append(_("và %(n)s việc khác", n=len(found.items) - LINES))
    unjudged = [f"{each}." for each in words.unjudged(found)]
    parts = [
        _("Kính gửi %(name)s,", name=person.full_name),
        counted,
        "\n".join(lines) or words.left(found) + ".",
        "\n".join(unjudged),
        _("Xem và xử lý: %(link)s", link=link),
        _("Thư này chỉ gửi khi có thay đổi so với thư trước."),
    ]
    return subject, "\n\n".join(part for part in parts if part) + "\n"


def _line(item: ReadinessItem, known: ReadinessNames, now: datetime) -> str:
    """ "−6 · 9 lượt chưa có người (trước 19:30 03/02): Điểm VHX Ia Lâu"."""
    moment, whose = words.when(item, now), words.detail(item, known)
    said = words.title(item, known, now)
    said += f" ({moment})" if moment else ""
    said += f": {whose}" if whose else ""
    return f"−{item.points} · {said}"


def _send(letter: MorningLetter, today: date, now: datetime) -> None:
    person, rung = letter.person, letter.rung
    outbox.enqueue(
        topic=f"readiness/{today}",
        key=f"readiness/{today}/{person.id}",
        **addressed(person, rung.channel, rung.address),
        subject=letter.subject,
        body=letter.body,
        now=now,
    )
