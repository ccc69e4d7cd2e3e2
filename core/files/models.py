"""The columns that every table has in which files are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime


class StoredFile:
    """Columns of a file, as ``core.files.content.File`` has read it, and of who kept it when."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    """Of ``content``, as it is kept."""
    sent_sha256: Mapped[str] = mapped_column(Text)
    """Of the bytes as they came."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[str] = mapped_column(Text)
