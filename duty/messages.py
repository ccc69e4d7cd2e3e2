"""Sentences for the error codes of duty, collected from the rooms that raise them."""

from __future__ import annotations

from typing import Any

from duty.asks import messages as asks
from duty.attendance import messages as presence
from duty.attendance.stand_ins import messages as stand_ins
from duty.duty_checks import messages as duty_checks
from duty.illness import messages as illness
from duty.on_duty import messages as onduty
from duty.overtime_consent import messages as overtime_consent
from duty.replies import messages as replies
from duty.sharing import messages as sharing
from duty.swaps import messages as swaps
from duty.time_off import messages as requests
from duty.timekeeping import messages as duty_hours

ROOMS = (
    asks,
    duty_checks,
    duty_hours,
    illness,
    onduty,
    overtime_consent,
    presence,
    replies,
    requests,
    sharing,
    stand_ins,
    swaps,
)

MESSAGES: dict[str, Any] = {code: text for room in ROOMS for code, text in room.MESSAGES.items()}
