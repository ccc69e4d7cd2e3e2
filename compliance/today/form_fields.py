"""What the forms of a point's page send, as services want it."""

from __future__ import annotations

import re
from datetime import date, datetime

from flask import request
from flask_babel import gettext as _

from compliance.parcel_checks.findings import SaidFinding
from compliance.posting.services import PostingReport
from compliance.today.services import CounterReport
from core.calendar import dates
from core.calendar.moments import parse_moment
from core.errors import Invalid
from core.files.content import File
from core.form_values import fitting, whole_number
from core.text import nfc

LONGEST_NAME = 100
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
_EDITION = re.compile(r"[0-9a-f]{12}")


def told(day: date) -> CounterReport:
    typed = request.form.get("checked", "").strip().replace(".", "")
    checked = whole_number(typed) if typed else None
    if typed and checked is None:
        raise Invalid("point.checked", field="checked")
    return CounterReport(
        key=_key(),
        day=day,
        checked=checked,
        counter=request.form.get("counter", ""),
        hours_note=request.form.get("hours_note", ""),
        posting_note=request.form.get("posting_note", ""),
        normal=request.form.get("do") != "differs",
        said_at=said_at(),
        device=_device(),
    )


def _device() -> str:
    """A kind of telephone, which tells a counter's own from a stranger's; no more is kept of it."""
    agent = request.user_agent.string
    return next((name for name in DEVICES if name in agent), "")


def found(day: date) -> SaidFinding:
    category = request.form.get("category", "")
    after = request.form.get("moment") == "after"
    return SaidFinding(
        key=_key(),
        day=day,
        moment=request.form.get("moment", ""),
        goods=request.form.get("goods", ""),
        category=whole_number(category) if category else None,
        parcels=whole_number(request.form.get("parcels", "1").strip() or "1") or 0,
        informed="" if after else request.form.get("informed", ""),
        stopped=request.form.get("stopped", "") if after else "",
        item=request.form.get("item", "") if after else "",
        counter=request.form.get("counter", ""),
        said_at=said_at(),
    )


def posted(photo: File | None) -> PostingReport:
    name = fitting(" ".join(nfc(request.form.get("name", "")).split()), LONGEST_NAME, "name", _("Người treo"))
    day = request.form.get("posted_on", "").strip()
    on = dates.day(day) if day else None
    if day and on is None:
        raise Invalid("hours.day", field="posted_on")
    what = request.form.get("what", "")
    seen = request.form.get(f"edition-{what}", "")
    edition = seen if _EDITION.fullmatch(seen) else ""
    return PostingReport(_key(), what, on, photo, f"{name} (mã QR)" if name else "", said_at(), edition)


def day(today: date) -> date:
    """The day that the page is about, today unless another one is asked for."""
    typed = request.values.get("day", "").strip()
    if not typed:
        return today
    read = dates.day(typed)
    if read is None:
        raise Invalid("point.day", field="day")
    return read


def said_at() -> datetime | None:
    """Return when the phone took it down; a clock that is wrong says nothing."""
    typed = request.form.get("at", "")
    try:
        return parse_moment(typed) if typed else None
    except ValueError:
        return None


def _key() -> str:
    return request.form.get("form_key", "")
