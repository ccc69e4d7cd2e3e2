"""Duty hours of a month, by unit and person, with who signs for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from documents.kinds import Asked, Content, Kind, Option
from documents.paper import Block, Cell, Heading, Party, Signatures, Table, paragraph
from duty.timekeeping import books, sums, timesheet, words
from duty.timekeeping.books import Book
from people import queries as people
from people.access import guard
from roster.campaigns.models import Campaign
from roster.papers import choosing, fitting, things, wording
from roster.papers.fitting import Head

ACTION = "hours.read"


def options(about: str, actor: Actor, now: datetime) -> Sequence[Option]:
    months = [(f"{first:%Y-%m}", words.month(first)) for first in _months(things.campaign_of(about))]
    return (choosing.of_homes(about, ACTION, actor, now), choosing.fixed("month", _("Tháng"), months))


def _months(campaign: Campaign) -> Sequence[date]:
    first, found = campaign.starts_on.replace(day=1), []
    while first <= campaign.ends_on:
        found.append(first)
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def compose(asked: Asked) -> Content:
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


def _book(number: int, book: Book, *, several: bool) -> Iterable[Block]:
    if several:
        yield Heading(f"{number}. {book.unit.name}")
    yield paragraph(timesheet.state(timesheet.of_books([book])[0]), indent=False, italic=True)
    yield _table(book)


def _table(book: Book) -> Table:
    heads = [
        Head(_("STT"), "center"),
        Head(_("Họ và tên")),
        Head(_("Mã"), whole=True),
        Head(_("Giờ tại chỗ"), "right"),
        Head(_("Giờ bị gọi"), "right"),
        Head(_("Trong giờ bình thường"), "right"),
        Head(_("Làm thêm ngày làm việc"), "right"),
        Head(_("Làm thêm ngày nghỉ"), "right"),
        Head(_("Làm thêm ngày lễ, Tết"), "right"),
        Head(_("Trong đó ban đêm"), "right"),
        Head(_("Giờ quy đổi"), "right"),
        Head(_("Ký nhận"), whole=True, least=7.0),
    ]
    rows = [
        [Cell(str(number)), Cell(str(each["name"])), Cell(str(each["code"])), *_figures(_sums(each["lines"])), Cell("")]
        for number, each in enumerate(book.figures, 1)
    ]
    total = [Cell(_("Cộng"), columns=3, bold=True), *_figures(book.sums), Cell("")]
    return fitting.fitted(
        _("Giờ trực của %(unit)s", unit=book.unit.name), heads, [*rows, total], sizes=(11.0, 10.0, 9.0, 8.0)
    )


def _sums(lines: Iterable[Sequence[object]]) -> sums.Sums:
    return sums.Sums(sums.read(lines))


def _figures(of: sums.Sums) -> list[Cell]:
    by_class = [of.overtime_by_day(day) for day in ("ordinary", "rest", "holiday")]
    minutes = [of.on_site, of.called, of.normal, *by_class, of.night]
    return [*(Cell(words.hours(each) if each else "") for each in minutes), Cell(words.worth(of.worth))]


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


DUTY_HOURS = Kind(
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
