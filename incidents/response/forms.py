"""What is typed about putting off: times of the coming hours, "02:40" is the next twenty to three; and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import request
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid
from core.form_values import fitting, local_minute

LONGEST_REASON = 500


def coming(typed: str, now: datetime, field: str) -> datetime:
    """The next moment at which local clocks show ``typed``. Raises ``Invalid``."""
    try:
        minute = local_minute(typed.strip())
    except ValueError:
        raise Invalid("incident.hour", field=field) from None
    today = clock.local_date(now)
    at = clock.at_local(today, minute // 60, minute % 60)
    return at if at > now else clock.at_local(today + timedelta(days=1), minute // 60, minute % 60)


def reason_sent() -> str:
    """Raises ``Invalid`` when it is too long."""
    return fitting(request.form.get("reason", ""), LONGEST_REASON, "reason", _("Lý do"))
