"""The published roster as an official notice or decision, the list in an appendix that lies down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from core.text import format_phone
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions
from documents.paper import Appendix, Block, PaperTable, TableCell, paragraph
from roster.papers import by_days, by_people, choosing, fitting, notice_body, published, things, wording
from roster.papers.fitting import ColumnHead
from roster.papers.published import Published
from roster.publishing import print_sheet, sheet
from roster.publishing.sheet import SheetShift
from roster.shadows import queries as shadows

MANY = 3
"""Units from which on the list is one of people: of each unit by days it would be a book."""


def options(about: str, _actor: Actor, _now: datetime) -> Sequence[DocumentOption]:
    units = choosing.unit_option(about, whole=True)
    layouts = [("days", _("Theo ngày")), ("people", _("Theo người × ngày, ký hiệu"))]
    if len(units.choices) > MANY:
        layouts.reverse()
    return (
        choosing.fixed("form", _("Hình thức"), [("notice", _("Thông báo")), ("decision", _("Quyết định"))]),
        choosing.fixed(
            "copy",
            _("Bản"),
            [
                ("authority", _("Bản gửi Sở: có điện thoại của người trực")),
                ("wall", _("Bản niêm yết: chỉ điện thoại bàn trực")),
                ("internal", _("Nội bộ")),
            ],
        ),
        units,
        choosing.fixed("layout", _("Cách trình bày"), layouts),
    )


def compose(asked: DocumentOptions) -> Content:
    told = published.read_published(things.campaign_of(asked.about), asked.options["unit"], now=asked.now)
    copy = asked.options["copy"]
    entries = sheet.entries_of(told.rows, phones=copy == "authority")
    decision = asked.options["form"] == "decision"
    return Content(
        kind="Quyết định" if decision else "Thông báo",
        abstract=_abstract(told, decision=decision),
        unit_id=told.unit.id,
        symbol="QĐ" if decision else "TB",
        blocks=tuple(notice_body.blocks(told, asked, decision=decision)),
        appendices=(_appendix(told, entries, copy, asked.options["layout"]),),
        needs=("person.contact",) if copy == "authority" else (),
    )


def _abstract(told: Published, *, decision: bool) -> str:
    said = f"lịch trực {wording.tet(told.campaign)}"
    if told.unit.id != told.campaign.unit_id:
        said += f" của {told.unit.name}"
    return f"Về việc ban hành {said}" if decision else said[0].upper() + said[1:]


def _appendix(told: Published, entries: Sequence[SheetShift], copy: str, layout: str) -> Appendix:
    if layout == "people":
        blocks = by_people.blocks(entries, told.days, told.kinds, phones=copy == "authority")
        blocks += [] if copy == "authority" else _desks(told)
    else:
        blocks = _by_days(told, entries, copy)
    blocks += notice_body.below(told, entries, internal=copy == "internal")
    return Appendix(f"Lịch trực {wording.tet(told.campaign)}", tuple(blocks), landscape=True)


def _by_days(told: Published, entries: Sequence[SheetShift], copy: str) -> list[Block]:
    with_phones = copy == "authority"
    beside = shadows.names_by_shift(told.campaign.id) if copy == "internal" else {}
    phones = {} if with_phones else published.desk_phones(told)
    found = by_days.unit_blocks(entries, told.days, told.kinds, phones=phones, beside=beside)
    return [*found, paragraph(_("Người trực:"), indent=False), people_table(entries)] if with_phones else found


def people_table(entries: Sequence[SheetShift]) -> PaperTable:
    """Who serves, with position and number; two beside each other."""
    listed, names = print_sheet.people_of(entries)
    lines = [(names[who.code], who.position, format_phone(who.phone) if who.phone else "") for who in listed]
    half = -(-len(lines) // 2)
    rows = [
        [*left, *(lines[half + at] if half + at < len(lines) else ("", "", ""))] for at, left in enumerate(lines[:half])
    ]
    heads = [ColumnHead(_("Họ và tên")), ColumnHead(_("Chức vụ")), ColumnHead(_("Điện thoại"), "center")] * 2
    return fitting.fitted(_("Người trực"), heads, rows, sizes=(10.0, 9.0, 8.0))


def _desks(told: Published) -> list[Block]:
    """The numbers of which a table by people has no place for."""
    names = {row["unit"]: row["unit_name"] for row in told.rows}
    found = published.desk_phones(told)
    rows = [
        [TableCell(names[unit]), TableCell(told.kinds[duty].name_vi), TableCell(phone)]
        for unit, own in sorted(found.items())
        for duty, phone in sorted(own.items(), key=lambda each: list(told.kinds).index(each[0]))
        if duty in told.kinds
    ]
    heads = [ColumnHead(_("Đơn vị")), ColumnHead(_("Loại trực")), ColumnHead(_("Điện thoại trực"), "center")]
    table = fitting.fitted(_("Điện thoại trực"), heads, rows, sizes=(9.0, 8.0))
    return [paragraph(_("Điện thoại trực:"), indent=False), table] if rows else []


NOTICE = DocumentKind(
    code="roster.notice",
    name=_l("Lịch trực: thông báo hoặc quyết định"),
    tells=_l("Lịch đã ban hành kèm phụ lục, gửi Sở, niêm yết hoặc dùng nội bộ."),
    compose=compose,
    draft="roster.read",
    options=options,
    fit=choosing.is_published,
)
