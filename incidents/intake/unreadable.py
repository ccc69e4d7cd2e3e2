"""What came with a valid key, or from an allowed sender, and cannot be read: an alarm all the same.

Tools drop what is refused, and whoever pressed a button thinks that somebody is called. So it is an incident of the
source, one that is open at a time: what comes after it is counted there.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale, gettext as _

from incidents.intake.cleaning import as_it_came, description_of, legible, title_of
from incidents.intake.formats import UNREADABLE, Alarm, MalformedAlarm
from incidents.intake.models import Intake
from incidents.record import secrecy

KEY = "unreadable "
"""Of the one incident of each source. No key of a tool ends with a space (``cleaning.key_of``): none can end it."""
MOST_SHOWN = 1_500
"""Characters of the body in the incident: whoever is called may be no reader of the source's page."""


def read_as(intake: Intake, raw: bytes, fault: MalformedAlarm) -> Alarm:
    """Return what the body is taken for: good news that names no incident ends nothing and calls nobody (``drop``)."""
    return Alarm("drop", None, form=UNREADABLE) if fault.is_over else alarm(intake, raw, fault.errors)


def alarm(intake: Intake, raw: bytes, faults: Iterable[str] = ()) -> Alarm:
    """Return it in the language of the desk: a source has no reader. ``faults``: what is wrong with it, for who
    configures it."""
    with force_locale("vi"):
        title = title_of(_("%(name)s: tin không đọc được", name=intake.name))
        told = [*_body(raw), *faults]
    return Alarm("trigger", KEY, title, description_of(title, told), form=UNREADABLE)


def _body(raw: bytes) -> list[str]:
    """Its beginning; nothing of it where words would be withheld, for in what cannot be read they are not found."""
    if any(secrecy.speaks_of_state(each) for each in legible(as_it_came(raw))):
        return [_("Không ghi lại nội dung vì có thể nói về bưu gửi Đảng, Nhà nước: hỏi nơi gửi.")]
    said = raw[: 4 * MOST_SHOWN].decode("utf-8", "replace")[:MOST_SHOWN].strip()
    return [_("Nguồn này gửi một tin mà hệ thống không đọc được:"), said] if said else []
