"""Whether this is a copy to try things on: said on its pages, and the one excuse for having no way to call anybody."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from core.db import db
from people.models import Unit


def is_trial() -> bool:
    """Return whether it holds the invented province and is not set up for production."""
    return current_app.config["APP_ENV"] != "production" and has_invented_people()


def has_invented_people() -> bool:
    """Whether the invented province is in the database."""
    return db.session.scalar(select(Unit.id).where(Unit.is_demo).limit(1)) is not None
