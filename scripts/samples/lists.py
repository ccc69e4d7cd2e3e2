"""Lists that units send for a campaign: one that came with its paper, one that went back, and the link of one that is
still owed."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image, ImageDraw

from core import clock
from core.actor import Actor
from core.files import content
from core.files.content import File
from roster.campaigns.models import Campaign
from roster.lists import filling, queries, services as lists
from roster.lists.models import UnitList


def prepare(campaign: Campaign, *, actor: Actor) -> dict[str, str]:
    now = clock.now()
    collection, _told = lists.collect(
        campaign.id,
        units=[unit.id for unit in queries.wanting(campaign)],
        due_at=now + timedelta(days=3),
        message="Ghi đủ ca đêm Giao thừa và Mùng 1. Ai nghỉ phép thì ghi ở phần ghi chú.",
        actor=actor,
        now=now,
    )
    rows = queries.lists(collection)
    for row in rows[:2]:
        _send(row, [_paper()] if row is rows[0] else [])
    if len(rows) > 2:
        lists.send_back(campaign.id, rows[1].id, "Đêm 30 Tết chưa có ai", actor=actor, now=now)
    paper = rows[0].files[0].key
    return {"list_paper": paper, "unit_list": str(rows[0].id), "unit_link": queries.url(rows[-1]).rpartition("/")[2]}


def _paper() -> File:
    """A page with a table that somebody drew by hand."""
    page = Image.new("RGB", (1240, 1754), "#fbf8f1")
    pen = ImageDraw.Draw(page)
    for n in range(16):
        pen.line((90, 180 + n * 90, 1150, 184 + n * 90), fill="#345", width=3)
    for n, x in enumerate((90, 330, 600, 880, 1150)):
        pen.line((x, 180, x + 4, 1530), fill="#345", width=3)
        for line in range(15 if n < 4 else 0):
            pen.text((x + 20, 205 + line * 90), f"{line + 1}.{n}", fill="#26c", font_size=40)
    out = io.BytesIO()
    page.save(out, "JPEG")
    return content.read_file(out.getvalue(), "bang-giay.jpg")


def _send(row: UnitList, files: list[File]) -> None:
    """As the draft has it, but for a few seats that go to somebody else who can serve them."""
    now = clock.now()
    against = filling.ground(row, now=now)
    picks = dict(against.draft.sitting)
    for number, day in enumerate(filling.days(row, against, filling.FilledList(picks))):
        asked = day.shifts[number % len(day.shifts)]
        others = [each.id for each in asked.able if asked.shift.duty in each.duties and each.id not in asked.held]
        if number % 5 == 0 and others and not asked.is_past:
            picks[asked.places[0].seat] = others[0]
    own = filling.chosen(
        against, {f"seat-{seat}": against.taken.problem.person[who].code for seat, who in picks.items()}
    )
    lists.send(row, against, own, lists.SenderWords("Văn thư đơn vị", "Chị Lan nghỉ từ Mùng 3"), files=files, now=now)
