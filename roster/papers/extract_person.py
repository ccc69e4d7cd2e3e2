"""One person's shifts, for them to keep: when, where, with whom, and which desk to ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core import clock
from core.actor import Actor
from core.i18n import named
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions
from documents.paper import Block, LabelledFacts, paragraph
from people import queries as people
from roster.papers import choosing, fitting, published, things, wording
from roster.papers.by_days import Phones
from roster.papers.fitting import ColumnHead
from roster.papers.published import Published
from roster.publishing import sheet
from roster.publishing.sheet import SheetShift

ACTION = "duty.confirm"
"""Whoever answers for people, and each for oneself."""


def options(about: str, actor: Actor, now: datetime) -> Sequence[DocumentOption]:
    return (choosing.people_option(about, ACTION, actor, now),)


def compose(asked: DocumentOptions) -> Content:
    code = choosing.ensure_chosen(asked.options["person"])
    person = people.person_by_code(code)
    choosing.ensure_person(asked.actor, ACTION, person, asked.now)
    told = published.read_published(things.campaign_of(asked.about), now=asked.now)
    own = [each for each in sheet.entries_of(told.rows, phones=False) if code in {who.code for who in each.people}]
    choosing.ensure_something(own, _("%(name)s không có ca nào trong lịch này.", name=person.full_name))
    facts = [(_("Họ và tên"), person.full_name), (_("Chức vụ"), person.position), (_("Đơn vị"), person.unit.name)]
    blocks: list[Block] = [
        LabelledFacts(tuple((label, value) for label, value in facts if value)),
        paragraph(wording.extract_of(told), indent=False),
        _table(own, code, told, published.desk_phones(told)),
    ]
    return Content(
        kind=_("Trích lịch trực"),
        abstract=f"{person.full_name}\n{wording.tet(told.campaign)}",
        unit_id=person.unit_id,
        form="plain",
        blocks=tuple(blocks),
    )


def _table(own: Sequence[SheetShift], code: str, told: Published, phones: Mapping[str, Phones]) -> Block:
    heads = [
        ColumnHead(_("STT"), "center"),
        ColumnHead(_("Thứ, ngày dương lịch")),
        ColumnHead(_("Ngày âm lịch")),
        ColumnHead(_("Ca trực (giờ)"), whole=True),
        ColumnHead(_("Loại trực")),
        ColumnHead(_("Nơi trực, điện thoại bàn")),
        ColumnHead(_("Cùng ca")),
        ColumnHead(_("Ghi chú")),
    ]
    days = {day.on: day for day in told.days}
    rows = []
    for number, entry in enumerate(sorted(own, key=lambda each: each.starts_at), 1):
        on = clock.local_date(entry.starts_at)
        kind = told.kinds.get(entry.duty)
        rows.append(
            [
                str(number),
                wording.weekday_and_date(on),
                wording.lunar_day(on),
                f"{entry.template} {wording.hours(entry.starts_at, entry.ends_at)}",
                named(kind) if kind else entry.duty,
                "\n".join(filter(None, (entry.unit_name, phones.get(entry.unit, {}).get(entry.duty, "")))),
                ", ".join(who.name for who in entry.people if who.code != code),
                wording.remarks(on, days.get(on)),
            ]
        )
    return fitting.fitted(_("Ca trực"), heads, rows, landscape=False, sizes=(11.0, 10.0, 9.0, 8.0))


EXTRACT_PERSON = DocumentKind(
    code="roster.extract_person",
    name=_l("Trích lịch trực của một người"),
    tells=_l("Ca trực của từng người để cầm tay: giờ, nơi trực, điện thoại bàn trực."),
    compose=compose,
    draft="roster.read",
    options=options,
    numbered=False,
    languages=("vi", "en"),
    fit=choosing.is_published,
)
