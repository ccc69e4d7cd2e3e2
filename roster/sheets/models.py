"""What a unit's codes mean, so that nobody has to say it of the next sheet again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class SheetCode(db.Model):
    """``code`` as ``roster.sheets.codes.key`` has it; ``means``: "kind|shift", or "-" where it is no duty."""

    __tablename__ = "sheet_codes"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    means: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    said_by: Mapped[str] = mapped_column(Text)
