"""A unit's own sheet of people × days on its way into a draft: with titles above, codes of its own, and what does not
fit."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import current_app
from openpyxl import Workbook
from sqlalchemy import select

from core import clock
from core.db import db
from people.imports import drawn
from people.models import User
from roster.campaigns.models import Campaign
from roster.sheets import codes, kept, reading
from roster.sheets.choices import SheetChoices

PEOPLE = 12


def prepare(campaign: Campaign, login: str) -> dict[str, str]:
    """Kept for the manager who looks at it; the token of its preview."""
    now = clock.now()
    user = db.session.scalars(select(User).filter_by(login=login)).one()
    content = _workbook(campaign)
    token = kept.keep(
        Path(current_app.config["DATA_DIR"]),
        campaign.id,
        "lich-truc-tet.xlsx",
        drawn.file("lich-truc-tet.xlsx", content),
        choices=SheetChoices(blank="shift"),
        owner=f"user:{user.id}",
        now=now,
    )
    return {"sheet_kept": token}


def _workbook(campaign: Campaign) -> bytes:
    """The first people of the campaign in turns, written as offices write it."""
    against = reading.ground(campaign, units=None, now=clock.now())
    everybody = against.taken.problem.staff
    own = ([each for each in everybody if each.unit == campaign.unit.code] or list(everybody))[:PEOPLE]
    days = against.days[:14]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Trực Tết"
    sheet.append([campaign.unit.name.upper()])
    sheet.append(["BẢNG PHÂN CÔNG TRỰC TẾT"])
    sheet.append([])
    sheet.append(["STT", "Họ và tên", "Chức vụ", *(f"{day.day}/{day.month}" for day in days)])
    for number, person in enumerate(own, start=1):
        mine = [
            code for pair, code in codes.written(against.pairs, against.kinds).items() if pair.duty in person.duties
        ]
        cells = [mine[(number + place) % len(mine)] if (place + number) % 4 == 0 else "" for place in range(len(days))]
        cells[-1] = "TC" if number % 5 == 1 else cells[-1]
        name = person.name if number != 3 else f"{person.name} Anh"
        sheet.append([number, name, "", *cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
