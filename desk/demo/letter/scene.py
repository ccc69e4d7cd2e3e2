"""Who tells the demo's story of the letter, at which counters, and what their photos show."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime

from PIL import Image, ImageDraw
from sqlalchemy import select

from compliance.service_hours import points
from core import clock
from core.actor import Actor
from core.db import db
from core.files import content as files
from core.files.content import File
from people import queries as people
from people.models import Unit, User

WALLS = ("#d9c7a8", "#c8d3c0", "#d8cfd9")


@dataclass(frozen=True)
class Scene:
    """``manager`` answers for the province, ``admin`` decides what the manager handed in; ``counters`` by code."""

    top: Unit
    manager: Actor
    admin: Actor
    counters: tuple[Unit, ...]


def set_scene(unit_code: str, manager: str, admin: str, today: date) -> Scene:
    """``manager``, ``admin``: logins."""
    top = people.unit_by_code(unit_code)
    here = sorted(points.among(people.subtree_ids(top.id), today), key=lambda unit: unit.code)
    return Scene(top, _account(manager), _account(admin), tuple(here))


def _account(login: str) -> Actor:
    user = db.session.scalars(select(User).filter_by(login=login)).one()
    return Actor(
        name=user.name,
        role=user.role,  # type: ignore[arg-type]
        via="session",
        user_id=user.id,
        person_id=user.person_id,
        unit_id=user.unit_id,
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local moment."""
    return clock.at_local(day, hour, minute)


def photo(number: int = 0) -> File:
    """A board beside a counter, as a telephone takes it; other numbers stand before other walls."""
    picture = Image.new("RGB", (640, 480), WALLS[number % len(WALLS)])
    draw = ImageDraw.Draw(picture)
    for left in (80, 340):
        draw.rectangle((left, 70, left + 210, 380), fill="white", outline="#7a5c2e", width=4)
        for top in range(110, 360, 24):
            draw.line((left + 20, top, left + 190, top), fill="#555", width=3)
    draw.text((20, 450), f"{number}", fill="#555")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return files.read_file(out.getvalue(), "niem-yet.jpg")
