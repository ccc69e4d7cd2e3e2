"""Cây điện thoại of a unit as a paper: who serves in the coming days, whom to ring, with numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from core.i18n import dm, dt, weekday
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions
from documents.paper import Block, Heading, Items, LabelledFacts, TableCell, paragraph
from duty.phone_tree import book, sheet
from duty.phone_tree.sheet import Branch, ListedShift, Reached
from people import queries as people
from roster.papers import choosing, fitting, things, wording
from roster.papers.fitting import ColumnHead

SIZES = (11.0, 10.0, 9.0, 8.0)


def options(about: str, _actor: Actor, _now: datetime) -> Sequence[DocumentOption]:
    return (choosing.unit_option(about, whole=True),)


def compose(asked: DocumentOptions) -> Content:
    campaign = things.campaign_of(asked.about)
    unit = people.unit_by_code(choosing.ensure_chosen(asked.options["unit"]))
    listed = book.read_book(unit.id, asked.now, with_phones=True, hours=sheet.DAYS * 24)
    here, *below = sheet.branches(listed)
    said = _("Lập lúc %(time)s", time=dt(asked.now))
    if listed.revision:
        said += "; " + _("lịch trực bản số %(n)s", n=str(listed.revision))
    return Content(
        kind=_("Cây điện thoại"),
        abstract=f"{unit.name}\n{wording.tet(campaign)}",
        unit_id=unit.id,
        form="plain",
        blocks=(paragraph(f"{said}.", indent=False), *_own(here), *_below(below)),
        needs=("person.contact",),
    )


def _own(here: Branch) -> Iterable[Block]:
    if here.phones:
        yield LabelledFacts(tuple((each.name or _("Điện thoại đơn vị"), each.phone) for each in here.phones))
    yield Heading("1. " + _("Người trực %(n)s ngày tới", n=sheet.DAYS))
    if here.days:
        heads = [
            ColumnHead(_("Ngày")),
            ColumnHead(_("Loại trực")),
            ColumnHead(_("Giờ"), whole=True),
            ColumnHead(_("Người trực, điện thoại")),
        ]
        rows = [row for on, some in here.days for row in _served(on, some)]
        yield fitting.fitted(_("Người trực"), heads, rows, landscape=False, sizes=SIZES)
    else:
        yield paragraph(_("Đơn vị không có ca riêng trong những ngày này: gọi đơn vị cấp trên."), indent=False)
    yield Heading("2. " + _("Không ai nghe máy: gọi lần lượt"))
    if here.chain:
        yield Items(tuple(_one(each) for each in here.chain))
    else:
        yield paragraph(_("Chưa có danh sách thường trực."), indent=False)


def _below(branches: Sequence[Branch]) -> Iterable[Block]:
    if not branches:
        return
    yield Heading("3. " + _("Đơn vị bên dưới"))
    heads = [
        ColumnHead(_("Đơn vị")),
        ColumnHead(_("Điện thoại")),
        ColumnHead(_("Gọi lần lượt")),
        ColumnHead(_("Người trực")),
    ]
    rows = [
        [
            "– " * (each.depth - 1) + each.unit.name,
            "\n".join(_one(phone) for phone in each.phones),
            _whom(each.chain),
            "\n".join(_turn(on, turn) for on, some in each.days for turn in some),
        ]
        for each in branches
    ]
    yield fitting.fitted(_("Đơn vị bên dưới"), heads, rows, landscape=False, sizes=SIZES)


def _turn(on: date, turn: ListedShift) -> str:
    return f"{dm(on)} {turn.duty} {_hours(turn)}: " + ", ".join(_one(each) for each in turn.people)


def _served(on: date, some: Sequence[ListedShift]) -> Iterable[list[TableCell]]:
    for place, each in enumerate(some):
        day = [] if place else [TableCell(f"{weekday(on)} {dm(on)}\n{wording.lunar_day(on)}", rows=len(some))]
        yield [*day, TableCell(each.duty), TableCell(_hours(each)), TableCell(_whom(each.people))]


def _hours(turn: ListedShift) -> str:
    return wording.hours(turn.starts_at, turn.ends_at)


def _whom(some: Iterable[Reached]) -> str:
    return "\n".join(_one(each) for each in some)


def _one(each: Reached) -> str:
    return " ".join(part for part in (each.name, each.phone) if part)


PHONE_TREE = DocumentKind(
    code="roster.phone_tree",
    name=_l("Cây điện thoại"),
    tells=_l("Gọi ai, số nào, trong ba ngày tới, ở một đơn vị và cấp dưới."),
    compose=compose,
    draft="onduty.read",
    options=options,
    numbered=False,
    languages=("vi", "en"),
    fit=choosing.is_published,
)
