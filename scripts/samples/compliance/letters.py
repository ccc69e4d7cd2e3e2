"""Letter 77 as a unit's people and an inspector see it: handed out, with evidence, a remark and a look from outside."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select

from compliance.followup import proofs, rechecking
from compliance.inspector import services as inspector
from compliance.register import letters, points, queries, requirements
from compliance.register.models import Directive
from compliance.register.requirements import RequirementIn
from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.files import content as files
from people import queries as people
from people.models import Unit


def prepare(unit_id: int, *, actor: Actor) -> dict[str, str]:
    """A letter that was copied from 77 stands beside it, to be compared."""
    now = clock.now()
    today = clock.local_date(now)
    with transaction() as session:
        row = session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        row.season_from, row.season_to = today - timedelta(days=6), today + timedelta(days=16)
    letters.receive(row.id, today, "Văn thư", actor=actor, now=now)
    if row.acknowledged_at is None:  # the demo may have told of it
        letters.acknowledge(row.id, actor=actor, now=now)
    by_key = {each.key: each for each in queries.requirements(row.id)}
    asked = by_key["post-list"]
    wanted = RequirementIn(asked.text, asked.excerpt, asked.who, ("photo",), "", today - timedelta(days=1), "before")
    requirements.change(asked.id, wanted, actor=actor, now=now)
    letters.spread(row.id, actor=actor, now=now)
    rechecking.recheck_letter(row, now)
    point = _point_below(unit_id)
    shot = files.read_file(_counter(), "niem-yet.jpg")
    proof = proofs.add_file(asked.id, point.code, shot, note="Bảng cạnh quầy 1", internal=False, actor=actor, now=now)
    points.set_state(asked.id, point.code, "done", actor=actor, now=now)
    points.accept(asked.id, point.code, actor=actor, now=now)
    closed = "Điểm đang sửa chữa, mở lại sau Tết"
    points.set_state(by_key["parcels"].id, point.code, "not_applicable", closed, actor=actor, now=now)
    points.remark(by_key["parcels"].id, point.code, "Ghi rõ ngày mở lại", back=True, actor=actor, now=now)
    link = inspector.make(row.id, people.unit_by_id(unit_id).code, "Đoàn kiểm tra Sở KH&CN", 7, actor=actor, now=now)
    token = inspector.url(link).rpartition("/")[2]
    visitor = inspector.visit(link, inspector.enter(token, "Nguyễn Thanh Tra", now=now))
    if visitor is not None:
        inspector.look(visitor, "unit", point.code, now=now)
    return {
        "letter": str(row.id),
        "letter_file": str(letters.add_file(row.id, shot, actor=actor, now=now).id),
        "requirement": str(asked.id),
        "computed": str(by_key["duty"].id),
        "point": point.code,
        "proof": str(proof.id),
        "inspector": token,
    }


def _point_below(unit_id: int) -> Unit:
    """The last unit below, or the unit itself."""
    below = people.subtree_ids(unit_id)
    return db.session.get_one(Unit, max(below))


def _counter() -> bytes:
    """A picture that could be of a notice board."""
    picture = Image.new("RGB", (960, 720), "#d9c7a8")
    draw = ImageDraw.Draw(picture)
    for left in (120, 500):
        draw.rectangle((left, 110, left + 320, 560), fill="white", outline="#7a5c2e", width=6)
        for top in range(170, 520, 34):
            draw.line((left + 30, top, left + 290, top), fill="#555", width=5)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
