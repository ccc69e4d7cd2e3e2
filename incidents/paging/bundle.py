"""Several calls to one person at once: one letter that lists them, one secret link to them all.

The link is an HMAC of person and hour of expiry: a letter that goes again after a crash carries the same one. What
a call carries is another one, that also says what waited when it was put: its key takes that and nothing that came
since (docs/decisions/0087).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.form_values import whole_number
from core.security import signatures
from incidents.escalation import requests
from incidents.paging import voice_words, ways
from incidents.record import naming, queries
from incidents.record.models import Incident, Page
from incidents.together import services as together
from people.models import Person

LIVES_HOURS = 25
"""The last call that a link leads to is answered within 24 hours of its making; the hour is rounded up."""
PURPOSE, CALL_PURPOSE = "several", "several-call"


@dataclass(frozen=True)
class CallOfSeveral:
    """A telephone call about several. ``last_page``: the id of the newest page that waited when it was put."""

    person: Person
    ends_at: datetime
    last_page: int


def token_for(person_id: int, now: datetime) -> str:
    """The same for an hour, so that the same letter is the same whenever it is put together again."""
    hour = _last_hour(now)
    return f"{person_id}.{hour}.{signatures.sign(PURPOSE, person_id, hour)}"


def call_token_for(person: Person, now: datetime) -> str:
    """Return the token of a call that is put now."""
    hour, last_page = _last_hour(now), max((page.id for page in calls(person, now)), default=0)
    return f"{person.id}.{hour}.{last_page}.{signatures.sign(CALL_PURPOSE, person.id, hour, last_page)}"


def _last_hour(now: datetime) -> int:
    return int(now.timestamp()) // 3600 + LIVES_HOURS


def person_behind(token: str) -> tuple[Person, datetime] | None:
    """(person, end of the link), or ``None`` when the token is not ours or its person has left; whether the link
    has ended, the caller decides."""
    found = _signed(PURPOSE, token, numbers=2)
    return (found[0], found[1]) if found is not None else None


def call_behind(token: str) -> CallOfSeveral | None:
    """The same of the token that a call carries; the link of a letter is none."""
    found = _signed(CALL_PURPOSE, token, numbers=3)
    return CallOfSeveral(found[0], found[1], found[2][0]) if found is not None else None


def _signed(purpose: str, token: str, *, numbers: int) -> tuple[Person, datetime, list[int]] | None:
    """Whose it is, its end, and the other numbers that were signed with them."""
    *told, mac = token.split(".")
    read = [number for each in told if (number := whole_number(each, digits=19)) is not None]
    if len(read) != len(told) or len(read) != numbers or not signatures.is_signed(mac, purpose, *read):
        return None
    person = db.session.get(Person, read[0])
    active = person is not None and person.active
    return (person, datetime.fromtimestamp(read[1] * 3600, UTC), read[2:]) if person is not None and active else None


def calls(person: Person, now: datetime, *, upto: int | None = None) -> list[Page]:
    """The latest unanswered call of each open incident whose own link to this person would still work; worst first.
    ``upto``: of those with no higher id."""
    made = (
        select(Page)
        .join(Incident, Incident.id == Page.incident_id)
        .where(
            Page.person_id == person.id,
            Page.link_expires_at > now,
            Page.purpose == "call",
            Page.answer.is_(None),
            Incident.status == "open",
        )
        .order_by(Page.id.desc())
    )
    if upto is not None:
        made = made.where(Page.id <= upto)
    latest: dict[int, Page] = {}
    for page in db.session.scalars(made.options(joinedload(Page.person))):
        latest.setdefault(page.incident_id, page)
    incidents = {each.id: each for each in queries.needing(person.id)}
    return sorted(
        (page for page in latest.values() if page.incident_id in incidents),
        key=lambda page: (incidents[page.incident_id].severity, page.id),
    )


def incidents(person: Person, now: datetime, *, upto: int | None = None) -> list[Incident]:
    """Return what ``calls`` are about, in that order."""
    asked = [page.incident_id for page in calls(person, now, upto=upto)]
    found = {each.id: each for each in db.session.scalars(select(Incident).where(Incident.id.in_(asked)))}
    return [found[each] for each in asked]


def take(person: Person, incident_ids: Sequence[int], *, now: datetime, note: str = "") -> list[str]:
    """Take each that is still open and not taken singly; the codes of those taken. One that somebody else has meanwhile
    stays theirs. ``note``: of a key that was pressed; without one it is the letter's link that answers."""
    return together.take(incident_ids, actor=_actor(person, note, now), now=now, note=note).codes


def take_one(person: Person, incident_id: int, *, now: datetime, note: str = "") -> list[str]:
    """The same for one that was read, or read to them, by itself."""
    return together.take_one(incident_id, actor=_actor(person, note, now), now=now, note=note).codes


def came_late(call: CallOfSeveral, *, now: datetime, only: int | None = None) -> None:
    """A key said yes to what others have by now, or what is over (``only``: to that incident): its person knows of it,
    and the same report takes nothing if it comes back. What is taken singly they have not heard of by that key."""
    wanted = (
        select(Page, Incident)
        .join(Incident, Incident.id == Page.incident_id)
        .where(
            Page.person_id == call.person.id,
            Page.id <= call.last_page,
            Page.link_expires_at > now,
            Page.purpose == "call",
            Page.answer.is_(None),
            Incident.status != "open",
        )
    )
    found = db.session.execute(wanted.where(Incident.id == only) if only else wanted).tuples().all()
    heard = [page.id for page, incident in found if only or not naming.is_taken_singly(incident)]
    if heard:
        with transaction() as session:
            unsaid = Page.id.in_(heard), Page.answer.is_(None)
            session.execute(update(Page).where(*unsaid).values(answer="confirmed", answered_at=now))


def _actor(person: Person, note: str, now: datetime) -> Actor:
    actor = ways.answering(person, [] if note else calls(person, now))
    return replace(actor, way="") if note else actor


def gone(person: Person, asked: Collection[str]) -> list[Incident]:
    """Return which of these incidents (ids as text), about which they were called, somebody else has or are over; of
    any other not that it exists."""
    wanted = {number for each in asked if (number := whole_number(each)) is not None}
    called = select(Page.incident_id).where(Page.person_id == person.id, Page.incident_id.in_(wanted))
    over = select(Incident).where(Incident.id.in_(called), Incident.status != "open").order_by(Incident.id)
    rows = db.session.scalars(over.execution_options(populate_existing=True))
    return [each for each in rows if each.status != "acknowledged" or each.acknowledged_by_id != person.id]


def opened(person: Person, shown: Collection[str], *, now: datetime) -> None:
    """They look at a list that shows these incidents (ids as text), and so at every call about them; the first time
    counts. What the list says by its code alone nobody has read by it."""
    calls_of = (Page.person_id == person.id, Page.link_expires_at > now, Page.purpose == "call")
    with transaction(aside=True) as session:
        called = select(Page.incident_id).where(*calls_of, Page.opened_at.is_(None))
        about = session.scalars(select(Incident).where(Incident.id.in_(called)))
        listed = [each for each in about if str(each.id) in set(shown)]
        seen = [each.id for each in listed if not naming.wants_reading(each)]
        looked = update(Page).where(*calls_of, Page.incident_id.in_(seen), Page.opened_at.is_(None))
        session.execute(looked.values(opened_at=now))


def mark_read(person: Person, incident: Incident, *, now: datetime) -> None:
    """They have it before them with its title, after a tap; the first time counts."""
    calls_of = (Page.person_id == person.id, Page.link_expires_at > now, Page.purpose == "call")
    with transaction(aside=True) as session:
        looked = update(Page).where(*calls_of, Page.incident_id == incident.id, Page.opened_at.is_(None))
        session.execute(looked.values(opened_at=now))


def still_called(codes: Sequence[str]) -> list[str]:
    """The names of those who go on being called about these incidents, which somebody has."""
    held = db.session.scalars(select(Incident).where(Incident.code.in_(codes)).order_by(Incident.id)).all()
    return list(dict.fromkeys(ask.person.full_name for each in held for ask in requests.still_called(each)))


def compose(channel: str, several: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    """(subject, body, link) of one letter for ``several`` calls to one person, worst first
    (``notify.bundles.composing``). A voice says as well what waits for them and is taken singly, in this call or not.
    """
    first, now = several[0], clock.now()
    person = db.session.get(Person, int(first["person"]))
    link = f"{current_app.config['PUBLIC_URL']}/b/{token_for(int(first['person']), now)}"
    if channel == "voice" and person is not None:
        link = f"{current_app.config['PUBLIC_URL']}/v/b/{call_token_for(person, now)}"
    ordered = sorted(several, key=lambda call: (call["severity"], call["code"]))
    with force_locale(str(first["language"])):
        count = len(ordered)
        subject = ngettext("%(num)s sự cố đang chờ đồng chí", "%(num)s sự cố đang chờ đồng chí", count)
        if channel in ("voice", "spoken"):
            waiting = incidents(person, now) if person is not None else []
            if channel == "voice" and together.divided(waiting).apart:
                return subject, voice_words.say_several(waiting, together.worst_held(int(first["person"]))), link
            return subject, _voice(ordered, subject, keyless=channel == "spoken"), link
        lines = [
            _("%(code)s · mức %(severity)s · %(title)s · %(unit)s · bước %(step)s", **_named(call)) for call in ordered
        ]
        codes = ", ".join(call["code"] + " (" + _("bước %(n)s", n=call["step"]) + ")" for call in ordered[:3])
        more = f" +{count - 3}" if count > 3 else ""
        parts = [
            _("Nhiều sự cố đến cùng lúc nên được gộp vào một tin:"),
            "\n".join(lines),
            _("Mở danh sách để nhận từng việc, hoặc nhận cùng lúc những việc không phải nhận riêng:") + f"\n{link}",
            _("Đường dẫn này dành riêng cho đồng chí và hết hiệu lực sau 24 giờ. Đề nghị không chuyển tiếp."),
        ]
        return f"{subject}: {codes}{more}", "\n\n".join(parts) + "\n", link


def _named(call: Mapping[str, Any]) -> dict[str, Any]:
    return {name: call[name] for name in ("code", "severity", "title", "unit", "step")}


def _voice(ordered: Sequence[Mapping[str, Any]], subject: str, *, keyless: bool) -> str:
    worst, where = ordered[0], _("Danh sách có trong tin nhắn hoặc thư điện tử.")
    return " ".join(
        [
            f"{subject}.",
            _(
                "Nặng nhất: mức %(severity)s, %(title)s, tại %(unit)s.",
                **{k: worst[k] for k in ("severity", "title", "unit")},
            ),
            where if keyless else _("Bấm phím 1 để nhận tất cả.") + " " + where,
        ]
    )
