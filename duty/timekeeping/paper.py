"""Duty hours of a month, by unit and person, with who signs for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions
from documents.paper import Block, Heading, PaperTable, Party, Signatures, TableCell, paragraph
from duty.timekeeping import books, sums, timesheet, words
from duty.timekeeping.books import ClosedMonths
from people import queries as people
from people.access import guard
from roster.campaigns.models import Campaign
from roster.papers import choosing, fitting, things, wording
from roster.papers.fitting import ColumnHead

ACTION = "hours.read"


def options(about: str, actor: Actor, now: datetime) -> Sequence[DocumentOption]:
    months = [(f"{first:%Y-%m}", words.month(first)) for first in _months(things.campaign_of(about))]
    return (choosing.home_option(about, ACTION, actor, now), choosing.fixed("month", _("Tháng"), months))


def _months(campaign: Campaign) -> Sequence[date]:
    first, found = campaign.starts_on.replace(day=1), []
    while first <= campaign.ends_on:
        found.append(first)
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def compose(asked: DocumentOptions) -> Content:
    campaign = things.campaign_of(asked.about)
    unit = people.unit_by_code(choosing.ensure_chosen(asked.options["unit"]))
    guard.refuse_unless(asked.actor, ACTION, unit.id, now=asked.now)
    month = date.fromisoformat(f"{asked.options['month']}-01")
    found = books.books(campaign, people.subtree_ids(unit.id), month, now=asked.now)
    choosing.ensure_something(found, _("chưa có giờ trực nào trong tháng %(month)s.", month=words.month(month)))
    blocks = [block for number, book in enumerate(found, 1) for block in _book(number, book, several=len(found) > 1)]
    return Content(
        kind=_("Bảng giờ trực"),
        abstract=_("Tháng %(month)s – %(unit)s", month=words.month(month), unit=unit.name)
        + f"\n{wording.tet(campaign)}",
        unit_id=unit.id,
        form="plain",
        blocks=(*blocks, paragraph(_note(), indent=False), _signing()),
        landscape=True,
        needs=(ACTION,),
    )


def _book(number: int, book: ClosedMonths, *, several: bool) -> Iterable[Block]:
    if several:
        yield Heading(f"{number}. {book.unit.name}")
    yield paragraph(timesheet.state(timesheet.from_open_months([book])[0]), indent=False, italic=True)
    yield _table(book)


def _table(book: ClosedMonths) -> PaperTable:
    heads = [
        ColumnHead(_("STT"), "center"),
        ColumnHead(_("Họ và tên")),
        ColumnHead(_("Mã"), whole=True),
        ColumnHead(_("Giờ tại chỗ"), "right"),
        ColumnHead(_("Giờ bị gọi"), "right"),
        ColumnHead(_("Trong giờ bình thường"), "right"),
        ColumnHead(_("Làm thêm ngày làm việc"), "right"),
        ColumnHead(_("Làm thêm ngày nghỉ"), "right"),
        ColumnHead(_("Làm thêm ngày lễ, Tết"), "right"),
        ColumnHead(_("Trong đó ban đêm"), "right"),
        ColumnHead(_("Giờ quy đổi"), "right"),
        ColumnHead(_("Ký nhận"), whole=True, least=7.0),
    ]
    rows = [
        [
            TableCell(str(number)),
            TableCell(str(each["name"])),
            TableCell(str(each["code"])),
            *_figures(_sums(each["lines"])),
            TableCell(""),
        ]
        for number, each in enumerate(book.figures, 1)
    ]
    total = [TableCell(_("Cộng"), columns=3, bold=True), *_figures(book.sums), TableCell("")]
    return fitting.fitted(
        _("Giờ trực của %(unit)s", unit=book.unit.name), heads, [*rows, total], sizes=(11.0, 10.0, 9.0, 8.0)
    )


def _sums(lines: Iterable[Sequence[object]]) -> sums.Sums:
    return sums.Sums(sums.parse_lines(lines))


def _figures(of: sums.Sums) -> list[TableCell]:
    by_class = [of.overtime_by_day(day) for day in ("ordinary", "rest", "holiday")]
    minutes = [of.on_site, of.called, of.normal, *by_class, of.night]
    return [*(TableCell(words.hours(each) if each else "") for each in minutes), TableCell(words.worth(of.worth))]


def _note() -> str:
    return _("Giờ quy đổi: giờ trực nhân tỷ lệ tối thiểu theo luật; ô trống là không có giờ.")


def _signing() -> Signatures:
    said = _("(Ký, ghi rõ họ tên)")
    return Signatures(
        (
            Party(_("NGƯỜI CHẤM CÔNG"), "", said),
            Party(_("PHỤ TRÁCH ĐƠN VỊ"), "", said),
            Party(_("NGƯỜI DUYỆT"), "", said),
        )
    )


DUTY_HOURS = DocumentKind(
    code="roster.duty_hours",
    name=_l("Bảng giờ trực tháng"),
    tells=_l("Giờ trực, giờ làm thêm của từng người trong tháng, có chỗ ký."),
    compose=compose,
    draft=ACTION,
    options=options,
    numbered=False,
    languages=("vi", "en"),
    fit=choosing.is_published,
)
