"""What the roster says of one unit and all below it, as a sheet for that unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from documents.kinds import Content, DocumentKind, DocumentOption, DocumentOptions
from documents.paper import paragraph
from roster.papers import by_days, choosing, published, things, wording
from roster.publishing import sheet

HEAD = 130.0
"""Points above the table."""


def options(about: str, _actor: Actor, _now: datetime) -> Sequence[DocumentOption]:
    return (choosing.unit_option(about, whole=False),)


def compose(asked: DocumentOptions) -> Content:
    choosing.ensure_chosen(asked.options["unit"])
    told = published.read_published(things.campaign_of(asked.about), asked.options["unit"], now=asked.now)
    entries = sheet.entries_of(told.rows, phones=False)
    days = by_days.unit_blocks(
        entries, told.days, told.kinds, phones=published.desk_phones(told), beside={}, taken=HEAD
    )
    return Content(
        kind=_("Trích lịch trực"),
        abstract=f"{told.unit.name}\n{wording.tet(told.campaign)}",
        unit_id=told.unit.id,
        form="plain",
        blocks=(paragraph(wording.extract_of(told), indent=False), *days),
        landscape=True,
    )


EXTRACT_UNIT = DocumentKind(
    code="roster.extract_unit",
    name=_l("Trích lịch trực của đơn vị"),
    tells=_l("Ca trực của một đơn vị và cấp dưới theo lịch đã ban hành."),
    compose=compose,
    draft="roster.read",
    options=options,
    numbered=False,
    languages=("vi", "en"),
    fit=choosing.is_published,
)
