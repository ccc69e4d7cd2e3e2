"""The published roster as a file: iCalendar, spreadsheet or CSV."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core import audit, clock, spreadsheets, text
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.i18n import d, lunar_long, named, t, weekday
from people.models import DutyKind, Person
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.days.phases import break_is_projected
from roster.feeds import reading
from roster.models import Duty

FORMATS = ("ics", "xlsx", "csv")


def render(campaign_id: int, form: str) -> bytes:
    """The latest published revision in ``form`` ("ics", "xlsx", "csv"). Raises NotFound, Conflict when unpublished."""
    campaign = get_campaign(campaign_id)
    if campaign.revision == 0:
        raise Conflict("campaign.unpublished", state={"state": campaign.state})
    if form == "ics":
        return gzip.decompress(reading.campaign_calendar(campaign, now=clock.now()).body or b"")
    rows = list(_rows(campaign))
    return _xlsx(campaign, rows) if form == "xlsx" else spreadsheets.csv_file([heading(), *rows])


def heading() -> list[str]:
    return [
        _("Thứ, ngày"),
        _("Ngày âm lịch"),
        _("Ca trực"),
        _("Từ"),
        _("Đến"),
        _("Loại trực"),
        _("Đơn vị"),
        _("Mã"),
        _("Họ và tên"),
        _("Chức vụ"),
        _("Điện thoại"),
        _("Căn cứ do đơn vị nêu cho ca dài"),
    ]


def _rows(campaign: Campaign) -> Iterable[list[str]]:
    kinds = {kind.code: named(kind) for kind in db.session.scalars(select(DutyKind))}
    duties = db.session.scalars(
        select(Duty)
        .options(
            selectinload(Duty.person).selectinload(Person.contacts), selectinload(Duty.unit), selectinload(Duty.shift)
        )
        .where(Duty.campaign_id == campaign.id, Duty.cancelled_at.is_(None))
        .order_by(Duty.starts_at, Duty.duty, Duty.seat_id)
    )
    for duty in duties:
        person = duty.person
        yield [
            f"{weekday(duty.starts_at)}, {d(duty.starts_at)}",
            lunar_long(duty.starts_at),
            duty.template,
            t(duty.starts_at),
            _until(duty.starts_at, duty.ends_at),
            kinds[duty.duty],
            duty.unit.name,
            person.code,
            person.full_name,
            person.position,
            text.format_phone(person.phone) if person.phone else "",
            duty.shift.legal_ground,
        ]


def _until(starts_at: datetime, ends_at: datetime) -> str:
    same_day = clock.local_date(starts_at) == clock.local_date(ends_at)
    return t(ends_at) if same_day else f"{t(ends_at)} {d(ends_at)}"


def note(campaign_id: int, form: str, *, actor: Actor, now: datetime) -> None:
    """Who took a file with people's names along is written down."""
    with transaction():
        audit.record(actor, "campaign.export", "campaign", campaign_id, now=now, form=form)


def _xlsx(campaign: Campaign, rows: Iterable[list[str]]) -> bytes:
    from openpyxl import Workbook  # only here: it costs every process a tenth of its start
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Lịch trực")
    title = [campaign.name, campaign.unit.name, _("bản %(n)s", n=campaign.revision)]
    if break_is_projected(campaign.tet_year):
        title.append(_("kỳ nghỉ dự kiến"))
    spreadsheets.append(sheet, [" · ".join(title)])
    for row in (heading(), *rows):
        spreadsheets.append(sheet, row)
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    for index, width in enumerate((22, 30, 10, 8, 16, 24, 32, 12, 26, 26, 16, 44)):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.freeze_panes = "A3"
    return spreadsheets.saved(book)
