"""What is typed about times of the coming hours: "02:40" is the next twenty to three."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock
from core.errors import Invalid
from core.form_values import local_minute


def coming(typed: str, now: datetime, field: str) -> datetime:
    """The next moment at which local clocks show ``typed``. Raises ``Invalid``."""
    try:
        minute = local_minute(typed.strip())
    except ValueError:
        raise Invalid("incident.hour", field=field) from None
    today = clock.local_date(now)
    at = clock.at_local(today, minute // 60, minute % 60)
    return at if at > now else clock.at_local(today + timedelta(days=1), minute // 60, minute % 60)
