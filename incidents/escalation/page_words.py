"""The words that call somebody, in that person's language, as each channel has room for them.

Texts: templates/messages/incident_*.txt. What stands in facts is for texts made at the gateway
(``notify.bundles.composing``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _, lazy_gettext as _l
from sqlalchemy import select

from core import clock, i18n, text
from core.calendar import lunar
from core.db import db
from incidents.alarms import queries as alarms
from incidents.catalogue.models import IncidentCategory
from incidents.record import naming
from incidents.record.models import Incident, Page
from incidents.words import step_name
from people import reference
from people.models import DutyKind, Person, User
from roster.resolver.numbers import DialNumber

BODIES = {"email": "incident_page_body.txt", "voice": "incident_page_voice.txt"}
"""Everything else gets the short one."""
LATE = timedelta(seconds=60)
"""From here on a call says that it comes late."""


@dataclass(frozen=True)
class NamedCallee:
    """Who else is called: ``target`` a duty kind, ``head:`` and a level, or None for somebody named; ``rule`` as the
    resolver says it."""

    person_id: int
    name: str
    target: str | None
    rule: str


@dataclass(frozen=True)
class SameStepCallees:
    """Who is called at the same step, and (step from 0, aware UTC) who comes next if nobody answers."""

    same: tuple[NamedCallee, ...] = ()
    then: tuple[NamedCallee, ...] = ()
    then_step: int = 0
    then_at: datetime | None = None


@dataclass(frozen=True)
class PageText:
    """One call by one channel. The subject is one line; the link is for this person and this call alone."""

    subject: str
    body: str
    link: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class PageContext:
    """What a page says besides the incident: the secret of its link, the language, the hour.

    ``projected``: the holiday on which its phase rests is not decided yet. ``everybody``: each person of this
    step has to answer. ``number``: what is to be rung about this incident. ``beside``: who else is called.
    """

    token: str
    number: DialNumber
    now: datetime
    late: timedelta
    language: str
    projected: bool
    everybody: bool = False
    beside: SameStepCallees | None = None


def text_for(channel: str, incident: Incident, page: Page, person: Person, *, context: PageContext) -> PageText:
    """Return what ``channel`` carries: a whole letter by mail, a few lines elsewhere, a text to be read aloud by
    voice."""
    language, late = context.language, context.late
    link = f"{current_app.config['PUBLIC_URL']}/{'v' if channel == 'voice' else 'a'}/{context.token}"
    day = clock.local_date(incident.detected_at)
    facts: dict[str, Any] = {
        "incident": incident,
        "page": page,
        "person": person,
        "unit": incident.unit,
        "category": _named(db.session.get(IncidentCategory, incident.category), language),
        "duty": _named(db.session.get(DutyKind, page.duty), language) if page.duty else "",
        "lunar": lunar.long_name(lunar.to_lunar(day), lang="en" if language == "en" else "vi"),
        "link": link,
        "tapped": channel == "push",
        "number": context.number,
        "late": late if late >= LATE else None,
        "now": context.now,
        "projected": context.projected,
        "everybody": context.everybody,
    }
    with force_locale(language):
        facts |= _as_a_group(incident)
        facts["reporter"] = _without_numbers(incident.reporter or incident.created_by)
        if context.beside is not None:
            facts |= _beside(context.beside, person.id)
        asks = {"call": "away", "alive": "away_held"}.get(page.purpose, page.purpose) if page.away else page.purpose
        short = _short(incident, page, person, context.number, title=facts["title"], language=language)
        facts["head"] = short["title"]
        facts["lead"] = LEADS.get(asks, LEADS["call"])
        facts["purpose"] = PURPOSES.get(page.purpose, "") if page.purpose != "call" else ""
        subject = " ".join(_render("incident_page_subject.txt", facts).split())
        body = _render(BODIES.get(channel, "incident_page_short.txt"), facts).strip()
    if page.purpose != "call":
        short["alone"] = True  # a question of its own never shares a letter
    if channel == "voice":
        body = " ".join(body.split())
        with force_locale(language):
            short["spoken"] = " ".join(_render(BODIES["voice"], facts | {"keyless": True}).split())
    return PageText(subject, body + "\n", link, short)


def _short(
    incident: Incident, page: Page, person: Person, number: DialNumber, *, title: str, language: str
) -> dict[str, Any]:
    """Return what texts made at the gateway, and the letter in HTML, are made of."""
    return {
        "code": incident.code,
        "severity": incident.severity,
        "step": page.step + 1,
        "title": _("DIỄN TẬP") + f": {title}" if incident.rehearsal_id else title,
        "unit": incident.unit.name,
        "language": language,
        "person": person.id,
        "asks": str(PURPOSES.get(page.purpose, PURPOSES["call"])),
        "phones": [text.format_phone(number.phone)] if number.phone else [],
        "button": _("Xem, xác nhận đã nắm") if page.purpose == "confirm" else _("Xem và trả lời"),
    }


def _as_a_group(incident: Incident) -> dict[str, Any]:
    """Return what it is called, and the alarms of a source that became one incident; without titles where it has
    none."""
    several = alarms.list_for_incident(incident)
    found = alarms.tally(several)
    title = alarms.title(naming.outside(incident), found)
    return {"title": title, "alarms": alarms.in_a_letter(several, named=not naming.wants_reading(incident))}


def _beside(beside: SameStepCallees, reader: int) -> dict[str, Any]:
    """Names and what they are called as, without the reader."""
    kinds = {kind.code: i18n.named(kind) for kind in reference.duty_kinds()}

    def listed(callees: tuple[NamedCallee, ...]) -> list[tuple[str, str]]:
        others = (each for each in callees if each.person_id != reader)
        return [(each.name, kinds.get(each.target or "") or step_name(each.target, {}, each.rule)) for each in others]

    then = {"then": listed(beside.then), "then_step": beside.then_step + 1, "then_at": beside.then_at}
    return {"same": listed(beside.same), **then}


def _without_numbers(reporter: str) -> str:
    """Who reports by the sheet leaves a number for those who open the page, not for everybody who gets a letter."""
    return ", ".join(part for part in reporter.split(", ") if not text.dialled(part))


def language_of(person_id: int) -> str:
    """The language of the person's account, Vietnamese when there is none."""
    return languages_of([person_id])[person_id]


def languages_of(person_ids: Collection[int]) -> dict[int, str]:
    """The same for many."""
    found = select(User.person_id, User.locale).where(User.person_id.in_(person_ids))
    chosen = dict(db.session.execute(found).tuples().all())
    return {each: chosen[each] if chosen.get(each) in i18n.LOCALES else "vi" for each in person_ids}


def _render(name: str, facts: dict[str, Any]) -> str:
    # Straight from the environment: a worker has no request whose context processors could run.
    return current_app.jinja_env.get_template(f"messages/{name}").render(facts)


def _named(row: IncidentCategory | DutyKind | None, language: str) -> str:
    if row is None:
        return ""
    return row.name_en if language == "en" else row.name_vi


PURPOSES = {
    "call": _l("Tiếp nhận sự cố"),
    "alive": _l("Còn xử lý không"),
    "handover": _l("Nhận bàn giao"),
    "reassign": _l("Nhận việc được giao"),
    "more": _l("Hỗ trợ thêm"),
    "confirm": _l("Xác nhận đã nắm"),
    "arrival": _l("Đã tới nơi chưa"),
}
"""What a person is called for, in a few words."""


LEADS = {
    "call": _l("Có sự cố cần đồng chí tiếp nhận:"),
    "away": _l(
        "Đồng chí đang được ghi là vắng mặt: tin này để biết, không phải trả lời, hệ thống gọi tiếp người khác. "
        "Nếu xử lý được, đồng chí vẫn nhận như thường lệ:"
    ),
    "away_held": _l(
        "Đồng chí đang giữ sự cố này và đang được ghi là vắng mặt: hệ thống không chờ mà gọi người khác. "
        "Nếu vẫn xử lý được, đề nghị đồng chí nhận lại:"
    ),
    "alive": _l(
        "Đồng chí đang giữ sự cố này. Đề nghị cho biết còn đang xử lý không; nếu không trả lời, hệ thống gọi "
        "lại từ đầu:"
    ),
    "handover": _l("Đồng chí vào ca trực. Sự cố này đang do người ca trước giữ; đề nghị nhận bàn giao:"),
    "reassign": _l("Đồng chí được giao xử lý sự cố này. Đề nghị trả lời nhận hay không:"),
    "more": _l("Đề nghị đồng chí hỗ trợ xử lý sự cố này:"),
    "confirm": _l(
        "Sự cố này đã có người nhận. Bước này cần mọi người được gọi cùng nắm sự việc; đề nghị đồng chí xác "
        "nhận đã nắm:"
    ),
    "arrival": _l("Đã quá giờ dự kiến tới nơi. Đề nghị cho biết đã tới chưa, hoặc báo giờ mới:"),
}
"""The sentence with which a message begins."""
