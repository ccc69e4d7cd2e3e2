"""What the roster says of one unit and all below it, as a sheet for that unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.actor import Actor
from documents.kinds import Asked, Content, Kind, Option
from documents.paper import Block, Heading, text
from roster.papers import by_days, choosing, desks, published, things, wording
from roster.publishing import print_sheet, sheet

HEAD = 130.0
"""Points above the table."""


def options(about: str, _actor: Actor, _now: datetime) -> Sequence[Option]:
    return (choosing.of_units(about, whole=False),)


def compose(asked: Asked) -> Content:
    choosing.ensure_chosen(asked.options["unit"])
    told = published.of(things.campaign_of(asked.about), asked.options["unit"], now=asked.now)
    entries = sheet.entries_of(told.rows, phones=False)
    _listed, names = print_sheet.people_of(entries)
    phones = desks.of(told)
    blocks: list[Block] = [text(wording.extract_of(told), indent=False)]
    for number, code in enumerate(sorted(told.units), 1):
        own = [entry for entry in entries if entry.unit == code]
        if len(told.units) > 1:
            blocks.append(Heading(f"{number}. {own[-1].unit_name}"))
        days = sheet.of_entries(own, told.days)
        blocks.append(by_days.table(days, told.kinds, names, phones=phones.get(code, {}), beside={}, taken=HEAD))
    return Content(
        kind=_("Trích lịch trực"),
        abstract=f"{told.unit.name}\n{wording.tet(told.campaign)}",
        unit_id=told.unit.id,
        form="plain",
        blocks=tuple(blocks),
        landscape=True,
    )


EXTRACT_UNIT = Kind(
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
